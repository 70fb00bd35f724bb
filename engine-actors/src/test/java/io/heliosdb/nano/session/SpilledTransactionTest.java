package io.heliosdb.nano.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.spill.SpillStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Transactions with far more changes than `work_mem`: keys, indexes, triggers, foreign keys, savepoints and cursors work on what is in the
/// temporary file as on what is in memory, sealed or not.
@Timeout(120)
class SpilledTransactionTest {
  private EmbeddedDatabase db;

  private void open(boolean isSealed) {
    if (isSealed) {
      SpillStore.sealFromNowOn();
    }
    db = EmbeddedDatabase.newInMemory();
    db.execute("""
        SET work_mem = '64kB';
        CREATE TABLE parent (id int PRIMARY KEY);
        INSERT INTO parent SELECT generate_series(0, 9);
        CREATE TABLE log (id int);
        CREATE TABLE t (id int PRIMARY KEY, code text UNIQUE, p int REFERENCES parent, n int DEFAULT 0);
        CREATE INDEX ON t (n);
        CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES (NEW.id); RETURN NEW; END $$;
        CREATE TRIGGER noted AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION note();
        """);
  }

  @AfterEach
  void close() {
    db.close();
  }

  private String value(String query) {
    return String.valueOf(db.query(query).iterator().next().get(0));
  }

  private void assertState(String state, String statement) {
    assertEquals(state, assertThrows(SqlException.class, () -> db.execute(statement)).state().code(), statement);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void one_transaction_sees_checks_undoes_and_commits_its_spilled_changes(boolean isSealed) {
    open(isSealed);
    db.execute("BEGIN; INSERT INTO t SELECT g, md5(g::text), g % 10 FROM generate_series(1, 6000) g");
    assertEquals("6000", value("SELECT count(*) FROM log"));
    assertEquals("4711", value("SELECT id FROM t WHERE code = md5('4711')"));
    assertEquals("5998 5999 6000", value("SELECT string_agg(id::text, ' ' ORDER BY id) FROM t WHERE id > 5997"));
    assertEquals("6000", value("SELECT id FROM t ORDER BY id DESC LIMIT 1"));

    db.execute("SAVEPOINT a");
    assertState("23505", "INSERT INTO t VALUES (17, 'x', 1)");
    db.execute("ROLLBACK TO a");
    assertState("23505", "INSERT INTO t VALUES (7001, md5('18'), 1)");
    db.execute("ROLLBACK TO a");
    assertState("23503", "INSERT INTO t VALUES (7001, 'x', 77)");
    db.execute("ROLLBACK TO a");
    assertState("23503", "DELETE FROM parent WHERE id = 3");
    db.execute("ROLLBACK TO a");

    db.execute("UPDATE t SET n = id % 7, code = 'new ' || code WHERE id % 2 = 0");
    db.execute("DELETE FROM t WHERE id % 3 = 0");
    assertEquals("4000", value("SELECT count(*) FROM t"));
    assertEquals("null", value("SELECT max(id) FROM t WHERE code = md5('4712')"));
    db.execute("SAVEPOINT b");
    db.execute("INSERT INTO t SELECT id, code, p, 100 FROM t ON CONFLICT (id) DO UPDATE SET n = t.n + 100");
    db.execute("INSERT INTO t SELECT g, 'again ' || g, 1 FROM generate_series(3, 6000, 3) g");
    assertEquals("4000 6000", value("SELECT count(*) FILTER (WHERE n >= 100) || ' ' || count(*) FROM t"));
    db.execute("ROLLBACK TO b");
    assertEquals("0 4000", value("SELECT count(*) FILTER (WHERE n >= 100) || ' ' || count(*) FROM t"));
    String sum = value("SELECT sum(hashtext(t::text)) FROM t");
    db.execute("DECLARE c CURSOR FOR SELECT id FROM t WHERE n = 2 ORDER BY id");
    db.execute("UPDATE t SET n = 3 WHERE n = 2");
    assertEquals("2", value("FETCH c"));
    assertEquals("16", value("FETCH c"));
    db.execute("ROLLBACK TO b; COMMIT");

    assertEquals(sum, value("SELECT sum(hashtext(t::text)) FROM t"));
    assertEquals("4000", value("SELECT count(*) FROM t"));
    assertEquals("4712", value("SELECT id FROM t WHERE code = 'new ' || md5('4712')"));
    assertEquals("null", value("SELECT max(id) FROM t WHERE code = md5('4712')"));
    assertEquals("6000", value("SELECT count(*) FROM log"));
    assertEquals(value("SELECT count(*) FROM t WHERE id % 2 = 0 AND id % 7 = 2"), value("SELECT count(*) FROM t WHERE n = 2"));
  }
}
