package io.heliosdb.nano.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// AS OF before the last change of a table's definition, wherever a query can stand: the columns are those of that time.
class PastSchemaTest {
  private final EmbeddedDatabase db = EmbeddedDatabase.newInMemory();
  private long then;

  @BeforeEach
  void change() {
    db.execute("CREATE TABLE t (id int PRIMARY KEY, v text, gone int)");
    db.execute("INSERT INTO t VALUES (1, 'a', 10), (2, 'b', 20)");
    then = db.queryOne("SELECT pg_current_scn()", Long.class);
    db.execute("CREATE TABLE m AS SELECT " + then + "::bigint AS s");
    db.execute("ALTER TABLE t DROP COLUMN gone");
    db.execute("ALTER TABLE t ADD COLUMN extra int DEFAULT 5");
    db.execute("UPDATE t SET v = 'new'");
  }

  @AfterEach
  void close() {
    db.close();
  }

  private String rows(String sql) {
    StringBuilder text = new StringBuilder();
    db.query(sql).forEach(row -> text.append(row));
    return text.toString();
  }

  @Test
  void in_functions_with_the_moment_as_an_argument() {
    String[] functions = {
      "FUNCTION f(s bigint) RETURNS SETOF text LANGUAGE sql AS $$ SELECT v || gone FROM t AS OF SCN s ORDER BY id $$",
      "FUNCTION f(s bigint) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT v || gone FROM t AS OF SCN s ORDER BY id; END $$",
      "FUNCTION f(s bigint) RETURNS SETOF text LANGUAGE plpgsql AS $$ DECLARE r record; BEGIN FOR r IN SELECT * FROM t AS OF SCN s ORDER BY id LOOP "
          + "RETURN NEXT r.v || r.gone; END LOOP; END $$",
      "FUNCTION f(s bigint) RETURNS SETOF text LANGUAGE plpgsql AS $$ DECLARE r record; BEGIN FOR r IN EXECUTE 'SELECT * FROM t AS OF SCN $1 ORDER BY id' "
          + "USING s LOOP RETURN NEXT r.v || r.gone; END LOOP; END $$",
      "FUNCTION f(s bigint) RETURNS SETOF text LANGUAGE plpgsql AS $$ DECLARE c refcursor; r record; BEGIN OPEN c FOR SELECT * FROM t AS OF SCN s ORDER BY id; "
          + "LOOP FETCH c INTO r; EXIT WHEN NOT FOUND; RETURN NEXT r.v || r.gone; END LOOP; END $$",
      "FUNCTION f(s bigint) RETURNS SETOF text LANGUAGE plpgsql AS $$ DECLARE r record; BEGIN SELECT * INTO r FROM t AS OF SCN s WHERE id = 1; "
          + "RETURN NEXT r.v || r.gone; RETURN NEXT (SELECT v || gone FROM t AS OF SCN s WHERE id = 2); END $$",
    };
    for (String function : functions) {
      db.execute("SET check_function_bodies = off");
      db.execute("CREATE OR REPLACE " + function);
      assertEquals("(f=a10)(f=b20)", rows("SELECT f(" + then + ")"), function);
      // The same plan at another moment of the same definition, in one statement.
      assertEquals("(f=a10)(f=b20)(f=a10)(f=b20)", rows("SELECT f(s) FROM (VALUES (" + then + "), (" + then + ")) x(s)"), function);
      assertEquals("42703", assertThrows(SqlException.class, () -> db.query("SELECT f(pg_current_scn())")).state().code(), function);
    }
  }

  @Test
  void a_function_reads_both_definitions_in_turn() {
    db.execute("CREATE FUNCTION g(s bigint) RETURNS SETOF text LANGUAGE plpgsql AS $$ DECLARE r record; BEGIN FOR r IN SELECT * FROM t AS OF SCN s ORDER BY id LOOP "
        + "RETURN NEXT r::text; END LOOP; END $$");
    assertEquals("(g=(1,a,10))(g=(2,b,20))(g=(1,new,5))(g=(2,new,5))", rows("SELECT g(s) FROM (VALUES (" + then + "), (pg_current_scn())) x(s)"));
  }

  @Test
  void in_views_tables_made_from_queries_and_copies() {
    db.execute("CREATE VIEW w AS SELECT * FROM t AS OF SCN (SELECT s FROM m)");
    db.execute("CREATE VIEW now AS SELECT * FROM t AS OF NOW");
    db.execute("CREATE VIEW fixed AS SELECT v FROM t AS OF SCN " + then + " x WHERE x.id = 1");
    db.execute("CREATE TABLE c AS SELECT * FROM t AS OF SCN (SELECT s FROM m)");
    db.execute("SELECT * INTO i FROM t AS OF SCN (SELECT s FROM m)");
    db.execute("CREATE MATERIALIZED VIEW mv AS SELECT * FROM t AS OF SCN (SELECT s FROM m)");
    db.execute("UPDATE t SET v = 'newer'");
    db.execute("REFRESH MATERIALIZED VIEW mv");
    for (String relation : new String[] {"w", "c", "i", "mv"}) {
      assertEquals("(id=1, v=a, gone=10)(id=2, v=b, gone=20)", rows("SELECT * FROM " + relation + " ORDER BY id"), relation);
    }
    assertEquals("(v=a)", rows("SELECT * FROM fixed"));
    assertEquals("(id=1, v=newer, extra=5)", rows("SELECT * FROM now WHERE id = 1"));
    assertEquals("(pg_get_viewdef= SELECT x.v\n   FROM t AS OF SCN (" + then + ") x\n  WHERE (x.id = 1);)", rows("SELECT pg_get_viewdef('fixed')"));
    db.execute("CREATE VIEW h AS SELECT id, v, versions_operation FROM t VERSIONS BETWEEN SCN " + (then + 1) + " AND " + db.queryOne("SELECT pg_current_scn()", Long.class));
    assertEquals("(v=a)(v=new)(v=newer)", rows("SELECT v FROM h WHERE id = 1"));
  }

  @Test
  void both_definitions_in_one_statement() {
    assertEquals("(id=1, v=a, gone=10, id=1, v=new, extra=5)", rows("SELECT * FROM t AS OF SCN (SELECT s FROM m) o JOIN t ON o.id = t.id WHERE t.id = 1"));
    db.execute("UPDATE t SET v = o.v || o.gone FROM t AS OF SCN (SELECT s FROM m) o WHERE o.id = t.id");
    assertEquals("(id=1, v=a10, extra=5)(id=2, v=b20, extra=5)", rows("SELECT * FROM t ORDER BY id"));
    db.execute("INSERT INTO t SELECT id + 10, v, gone FROM t AS OF SCN (SELECT s FROM m) ON CONFLICT (id) DO UPDATE SET v = 'twice'");
    db.execute("MERGE INTO t USING t AS OF SCN (SELECT s FROM m) o ON t.id = o.id WHEN MATCHED THEN UPDATE SET extra = o.gone");
    assertEquals("(id=1, v=a10, extra=10)(id=2, v=b20, extra=20)(id=11, v=a, extra=10)(id=12, v=b, extra=20)", rows("SELECT * FROM t ORDER BY id"));
    assertEquals("(id=11, v=a)(id=12, v=b)",
        rows("DELETE FROM t USING t AS OF SCN (SELECT s FROM m) o WHERE t.id = o.id + 10 RETURNING t.id, o.v"));
    db.execute("RESTORE TABLE t TO SCN " + then);
    assertEquals("(id=1, v=a, extra=5)(id=2, v=b, extra=5)", rows("SELECT * FROM t ORDER BY id"));
    // A table with a foreign key to itself, of which the past had none.
    db.execute("ALTER TABLE t ADD COLUMN parent int REFERENCES t");
    db.execute("UPDATE t SET parent = o.gone / 10 FROM t AS OF SCN (SELECT s FROM m) o WHERE o.id = t.id");
    assertEquals("23503", assertThrows(SqlException.class,
        () -> db.execute("UPDATE t SET parent = o.gone FROM t AS OF SCN (SELECT s FROM m) o WHERE o.id = t.id")).state().code());
    assertEquals("(id=1, parent=1)(id=2, parent=2)", rows("SELECT id, parent FROM t ORDER BY id"));
  }

  @Test
  void making_a_table_from_a_query_needs_the_privileges_of_the_query() {
    db.execute("CREATE ROLE joe");
    db.execute("GRANT CREATE ON SCHEMA public TO joe");
    try (var session = db.createSession()) {
      session.execute("SET ROLE joe");
      for (String sql : new String[] {"CREATE TABLE x AS SELECT * FROM t", "CREATE TABLE x AS SELECT * FROM t AS OF SCN " + then,
          "CREATE MATERIALIZED VIEW x AS SELECT * FROM t", "SELECT * INTO x FROM t", "CREATE TABLE x AS SELECT v FROM t AS OF SCN (SELECT s FROM m)"}) {
        assertEquals("42501", assertThrows(SqlException.class, () -> session.execute(sql)).state().code(), sql);
      }
    }
  }
}
