package io.heliosdb.nano.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.QueryResult;
import io.heliosdb.nano.error.SqlException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// MERGE DATABASE BRANCH: what is no conflict, what is, who wins, and that the result obeys all constraints.
class BranchMergeTest {
  private EmbeddedDatabase db;
  private EmbeddedSession main;
  private EmbeddedSession dev;

  @BeforeEach
  void open() {
    db = EmbeddedDatabase.newInMemory();
    main = db.createSession();
    main.execute("CREATE TABLE t (id serial PRIMARY KEY, a text, b int, j jsonb)");
    main.execute("INSERT INTO t (a, b, j) VALUES ('a1', 10, '{\"x\": 1, \"y\": {\"k\": 1}}'), ('a2', 20, '{}'), ('a3', 30, NULL), ('a4', 40, NULL)");
    main.execute("CREATE TABLE nokey (x int)");
    main.execute("INSERT INTO nokey VALUES (1), (2)");
    main.execute("CREATE DATABASE BRANCH dev FROM main");
    dev = db.createSession();
    dev.execute("USE BRANCH dev");
  }

  @AfterEach
  void close() {
    db.close();
  }

  private static String rows(EmbeddedSession session, String sql) {
    StringBuilder text = new StringBuilder();
    session.query(sql).forEach(text::append);
    return text.toString();
  }

  /// Status and the five figures, or the conflicts as `table/key/column base-branch-target`.
  private String merge(String options) {
    QueryResult result = main.query("MERGE DATABASE BRANCH dev INTO main " + options);
    StringBuilder text = new StringBuilder(result.row(0).get("status", String.class));
    result.forEach(row -> {
      if (row.get("table_name", String.class) == null) {
        for (String column : new String[] {"inserted", "updated", "deleted", "conflicts_resolved"}) {
          text.append(' ').append(row.get(column, Long.class));
        }
      } else {
        text.append(' ').append(row.get("table_name", String.class)).append('/').append(row.get("row_key", String.class)).append('/')
            .append(row.get("column_name", String.class)).append(' ').append(row.get("base_value", String.class)).append('-')
            .append(row.get("branch_value", String.class)).append('-').append(row.get("target_value", String.class));
      }
    });
    return text.toString();
  }

  private String error(String sql) {
    return assertThrows(SqlException.class, () -> main.query(sql)).state().code();
  }

  @Test
  void different_columns_paths_and_rows_are_no_conflict() {
    dev.execute("UPDATE t SET a = 'dev', j = '{\"x\": 2, \"y\": {\"k\": 1}}' WHERE id = 1");
    main.execute("UPDATE t SET b = 11, j = '{\"x\": 1, \"y\": {\"k\": 5}}' WHERE id = 1");
    dev.execute("DELETE FROM t WHERE id = 2");
    dev.execute("INSERT INTO t (a) VALUES ('new in dev')");
    main.execute("INSERT INTO t (id, a) VALUES (100, 'new in main')");
    dev.execute("INSERT INTO nokey VALUES (3)");
    dev.execute("DELETE FROM nokey WHERE x = 1");
    main.execute("INSERT INTO nokey VALUES (4)");
    assertEquals("dry run 2 1 2 0", merge("WITH (dry_run = true)"));
    assertEquals("(count=5)", rows(main, "SELECT count(*) FROM t"));
    assertEquals("merged 2 1 2 0", merge(""));
    assertEquals("(id=1, a=dev, b=11, j={\"x\": 2, \"y\": {\"k\": 5}})", rows(main, "SELECT * FROM t WHERE id = 1"));
    assertEquals("(id=1)(id=3)(id=4)(id=5)(id=100)", rows(main, "SELECT id FROM t ORDER BY id"));
    assertEquals("(x=2)(x=3)(x=4)", rows(main, "SELECT x FROM nokey ORDER BY x"));
    assertEquals("(id=6)", rows(main, "INSERT INTO t (a) VALUES ('x') RETURNING id"), "the sequence goes on behind both");
    assertEquals("merged 0 0 0 0", merge(""), "a second merge has nothing new");
  }

  @Test
  void one_column_changed_on_both_sides_is_a_conflict() {
    dev.execute("UPDATE t SET b = 31, a = 'kept' WHERE id = 3");
    main.execute("UPDATE t SET b = 32 WHERE id = 3");
    dev.execute("DELETE FROM t WHERE id = 4");
    main.execute("UPDATE t SET a = 'changed' WHERE id = 4");
    String all = "column conflict t/3/b 30-31-32 t/4/null id=4, a=a4, b=40, j=null-null-id=4, a=changed, b=40, j=null";
    assertEquals(all, merge(""));
    assertEquals("(a=a3, b=32)", rows(main, "SELECT a, b FROM t WHERE id = 3"), "nothing was changed");
    assertEquals("(count=2)", rows(main, "SELECT count(*) FROM heliosdb_merge_conflicts WHERE source_branch = 'dev'"));
    assertEquals("merged 0 1 0 2", merge("WITH (conflict_resolution = 'target_wins')"));
    assertEquals("(id=3, a=kept, b=32)(id=4, a=changed, b=40)", rows(main, "SELECT id, a, b FROM t WHERE id IN (3, 4) ORDER BY id"));
    assertEquals("(count=0)", rows(main, "SELECT count(*) FROM heliosdb_merge_conflicts"));
    dev.execute("UPDATE t SET b = 99 WHERE id = 3");
    assertEquals("column conflict t/3/b 31-99-32", merge(""), "the base is the branch as of the last merge");
    assertEquals("merged 0 1 0 1", merge("WITH (conflict_resolution = 'branch_wins')"));
    assertEquals("(b=99)", rows(main, "SELECT b FROM t WHERE id = 3"));
  }

  @Test
  void policies_of_columns_and_tables() {
    for (EmbeddedSession session : new EmbeddedSession[] {main, dev}) {
      session.execute("ALTER TABLE t ALTER COLUMN b SET (merge_policy = 'sum')");
      session.execute("ALTER TABLE t SET (merge_policy = 'branch')");
    }
    dev.execute("UPDATE t SET b = b + 5, a = 'dev' WHERE id = 4");
    main.execute("UPDATE t SET b = b + 100, a = 'main' WHERE id = 4");
    assertEquals("merged 0 1 0 2", merge(""));
    assertEquals("(a=dev, b=145)", rows(main, "SELECT a, b FROM t WHERE id = 4"));
    assertEquals("22023", error("ALTER TABLE t SET (merge_policy = 'guess')"));
  }

  @Test
  void generated_columns_follow_from_the_merged_row() {
    main.execute("CREATE TABLE g (id int PRIMARY KEY, a int, b int, s int GENERATED ALWAYS AS (a + b) STORED)");
    main.execute("CREATE INDEX ON g (s)");
    main.execute("INSERT INTO g VALUES (1, 1, 1), (2, 2, 2)");
    main.execute("ALTER TABLE g ALTER COLUMN b SET (merge_policy = 'sum')");
    main.execute("CREATE DATABASE BRANCH gen");
    try (EmbeddedSession gen = db.createSession()) {
      gen.execute("USE BRANCH gen");
      gen.execute("UPDATE g SET b = 100 WHERE id = 1");
      gen.execute("UPDATE g SET b = 5 WHERE id = 2");
      main.execute("UPDATE g SET a = 10 WHERE id = 1");
      main.execute("UPDATE g SET b = 10 WHERE id = 2");
      main.execute("MERGE DATABASE BRANCH gen INTO main");
    }
    assertEquals("(id=1, a=10, b=100, s=110)(id=2, a=2, b=13, s=15)", rows(main, "SELECT * FROM g ORDER BY id"));
    assertEquals("(id=1)", rows(main, "SELECT id FROM g WHERE s = 110"));
    assertEquals("(id=2)", rows(main, "SELECT id FROM g WHERE s = 15"));
  }

  @Test
  void tables_that_were_loaded_at_once_merge_in_both_directions() {
    dev.execute("UPDATE t SET b = 0 WHERE id = 1");
    main.execute("MERGE DATABASE BRANCH dev INTO main");
    dev.execute("CREATE TABLE loaded AS SELECT g AS id FROM generate_series(1, 30000) g");
    dev.execute("BEGIN");
    dev.execute("TRUNCATE nokey");
    dev.execute("INSERT INTO nokey SELECT generate_series(1, 20000)");
    dev.execute("COMMIT");
    main.execute("CREATE TABLE of_main AS SELECT g AS id FROM generate_series(1, 40000) g");
    assertEquals("merged 50000 0 0 0", merge(""));
    assertEquals("(l=30000, n=20000)", rows(main, "SELECT (SELECT count(*) FROM loaded) AS l, (SELECT count(*) FROM nokey) AS n"));
    main.execute("UPDATE of_main SET id = -id WHERE id <= 10");
    main.execute("DELETE FROM of_main WHERE id > 30000");
    QueryResult toDev = main.query("MERGE DATABASE BRANCH main INTO dev");
    assertEquals("merged", toDev.row(0).get("status", String.class));
    assertEquals(30_000L, toDev.row(0).get("inserted", Long.class));
    assertEquals("(n=20000)", rows(dev, "SELECT count(*) AS n FROM nokey"));
    assertEquals("(count=30000, min=-10)", rows(dev, "SELECT count(*), min(id) FROM of_main"));
    dev.execute("DELETE FROM loaded WHERE id % 2 = 0");
    assertEquals("merged 0 0 15000 0", merge(""));
  }

  @Test
  void the_schema_merges_too() {
    dev.execute("ALTER TABLE t ADD COLUMN extra int DEFAULT 9");
    dev.execute("CREATE INDEX t_b ON t (b)");
    dev.execute("CREATE TABLE added (id int PRIMARY KEY, t_id int REFERENCES t (id), v text UNIQUE)");
    dev.execute("INSERT INTO added VALUES (1, 1, 'one')");
    dev.execute("CREATE VIEW w AS SELECT id, extra FROM t");
    dev.execute("DROP TABLE nokey");
    main.execute("UPDATE t SET b = 77 WHERE id = 2");
    assertTrue(merge("").startsWith("merged"));
    assertEquals("(id=2)", rows(main, "SELECT id FROM t WHERE b = 77"));
    assertTrue(rows(main, "EXPLAIN SELECT id FROM t WHERE b = 77").contains("t_b"));
    assertEquals("(extra=9)", rows(main, "SELECT extra FROM w WHERE id = 2"));
    assertEquals("(v=one)", rows(main, "SELECT v FROM added"));
    assertEquals("23503", error("INSERT INTO added VALUES (2, 99, 'two')"));
    assertEquals("23505", error("INSERT INTO added VALUES (2, 1, 'one')"));
    assertEquals("42P01", error("SELECT * FROM nokey"));
    main.execute("INSERT INTO t (a, b) VALUES ('later', 78)");
    assertEquals("(a=later)", rows(main, "SELECT a FROM t WHERE b = 78"), "the new index is kept up");
    dev.execute("ALTER TABLE t ADD COLUMN c1 int");
    main.execute("ALTER TABLE t ADD COLUMN c2 int");
    assertTrue(merge("").startsWith("schema conflict t/null/columns"));
    assertTrue(merge("WITH (conflict_resolution = 'branch_wins')").startsWith("schema conflict"), "rows could not be read by the other's columns");
  }

  @Test
  void a_dropped_table_that_the_target_changed_is_a_conflict() {
    dev.execute("DROP TABLE nokey");
    main.execute("INSERT INTO nokey VALUES (9)");
    assertEquals("schema conflict nokey/null/rows exists-null-changed", merge(""));
  }

  @Test
  void constraints_hold_on_the_result() {
    main.execute("CREATE UNIQUE INDEX ON t (a)");
    dev.execute("UPDATE t SET a = 'same' WHERE id = 1");
    main.execute("UPDATE t SET a = 'same' WHERE id = 2");
    assertEquals("23505", error("MERGE DATABASE BRANCH dev INTO main"));
    main.execute("UPDATE t SET a = 'other' WHERE id = 2");
    main.execute("ALTER TABLE t ADD CHECK (b < 1000)");
    dev.execute("UPDATE t SET b = 5000 WHERE id = 3");
    assertEquals("23514", error("MERGE DATABASE BRANCH dev INTO main"));
    dev.execute("UPDATE t SET b = 500 WHERE id = 3");
    main.execute("CREATE TABLE child (t_id int REFERENCES t (id))");
    main.execute("INSERT INTO child VALUES (4)");
    dev.execute("DELETE FROM t WHERE id = 4");
    assertEquals("23503", error("MERGE DATABASE BRANCH dev INTO main"));
    assertEquals("(a=a1, b=10)", rows(main, "SELECT a, b FROM t WHERE id = 1"), "all or nothing");
    main.execute("DELETE FROM child");
    assertEquals("merged 0 2 1 0", merge(""));
  }

  @Test
  void grandchildren_siblings_and_parents_merge() {
    dev.execute("UPDATE t SET a = 'dev' WHERE id = 1");
    dev.execute("CREATE DATABASE BRANCH staging FROM dev");
    EmbeddedSession staging = db.createSession();
    staging.execute("USE BRANCH staging");
    staging.execute("UPDATE t SET a = 'staging' WHERE id = 2");
    main.execute("UPDATE t SET a = 'main' WHERE id = 3");
    main.execute("MERGE DATABASE BRANCH staging INTO main");
    assertEquals("(a=dev)(a=staging)(a=main)(a=a4)", rows(main, "SELECT a FROM t ORDER BY id"));
    main.execute("MERGE DATABASE BRANCH main INTO dev");
    assertEquals("(a=dev)(a=staging)(a=main)(a=a4)", rows(dev, "SELECT a FROM t ORDER BY id"));
    main.execute("UPDATE t SET a = 'main again' WHERE id = 4");
    main.execute("MERGE DATABASE BRANCH main INTO dev");
    assertEquals("(a=main again)", rows(dev, "SELECT a FROM t WHERE id = 4"));
    assertEquals("55006", error("MERGE DATABASE BRANCH dev INTO main WITH (delete_branch_after = true)"));
    dev.execute("USE BRANCH main");
    main.execute("MERGE DATABASE BRANCH dev INTO main WITH (delete_branch_after = true)");
    assertEquals("3D000", error("USE BRANCH dev"));
    assertEquals("22023", error("MERGE DATABASE BRANCH main INTO main"));
    assertEquals("22023", error("MERGE DATABASE BRANCH staging INTO main WITH (conflict_resolution = 'both')"));
    main.execute("BEGIN");
    assertEquals("25001", error("MERGE DATABASE BRANCH staging INTO main"));
  }

  @Test
  void what_one_side_dropped_and_the_other_changed_is_a_conflict() {
    dev.execute("UPDATE t SET b = 11 WHERE id = 1");
    dev.execute("INSERT INTO nokey VALUES (3)");
    main.execute("ALTER TABLE t DROP COLUMN b");
    main.execute("DROP TABLE nokey");
    assertEquals("schema conflict t/1/b 10-11-null nokey/null/rows exists-changed-null",
        merge("").replaceAll("^(schema conflict) nokey/null/rows exists-changed-null (t.*)$", "$1 $2 nokey/null/rows exists-changed-null"));
    assertEquals("merged 0 0 0 1", merge("WITH (conflict_resolution = 'target_wins')"));
    dev.execute("ALTER TABLE t DROP COLUMN a");
    main.execute("UPDATE t SET a = 'changed' WHERE id = 2");
    assertEquals("schema conflict t/2/a a2-null-changed", merge(""));
    assertEquals("merged 0 0 0 0", merge("WITH (conflict_resolution = 'branch_wins')"));
    assertEquals("(id=1, j={\"x\": 1, \"y\": {\"k\": 1}})", rows(main, "SELECT * FROM t WHERE id = 1"));
  }

  @Test
  void unique_values_may_change_places_and_keys_may_change() {
    main.execute("CREATE TABLE u (id int PRIMARY KEY, k int UNIQUE)");
    main.execute("CREATE TABLE c (r int REFERENCES u (k))");
    main.execute("INSERT INTO u VALUES (1, 1), (2, 2), (3, 3)");
    main.execute("INSERT INTO c VALUES (2), (3)");
    main.execute("CREATE DATABASE BRANCH swap");
    try (EmbeddedSession swap = db.createSession()) {
      swap.execute("USE BRANCH swap");
      swap.execute("UPDATE u SET id = 10 WHERE id = 1");
      swap.execute("DELETE FROM c");
      swap.execute("UPDATE u SET k = 9 WHERE id = 2");
      swap.execute("UPDATE u SET k = 2 WHERE id = 3");
      swap.execute("UPDATE u SET k = 3 WHERE id = 2");
      swap.execute("INSERT INTO c VALUES (2), (3)");
      main.execute("MERGE DATABASE BRANCH swap INTO main");
      assertEquals("(id=2, k=3)(id=3, k=2)(id=10, k=1)", rows(main, "SELECT * FROM u ORDER BY id"));
      assertEquals("(id=3)", rows(main, "SELECT id FROM u WHERE k = 2"));
      swap.execute("UPDATE u SET k = 50 WHERE id = 10");
      main.execute("INSERT INTO u VALUES (11, 50)");
      assertEquals("23505", error("MERGE DATABASE BRANCH swap INTO main"));
      assertEquals("(id=10, k=1)", rows(main, "SELECT * FROM u WHERE id = 10"));
    }
  }
}
