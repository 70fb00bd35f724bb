package io.heliosdb.nano.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// COPY into tables that nobody else can see yet, which goes past the write set: as atomic and as exact about errors as any other.
class DirectCopyTest {
  /// More than go through the write set, and more than one slice.
  private static final int ROWS = 150_000;

  @TempDir Path directory;
  private EmbeddedDatabase db;

  @BeforeEach
  void open() {
    db = EmbeddedDatabase.open(directory.resolve("data"));
    db.execute("CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL, n bigint CHECK (n >= 0) DEFAULT 7)");
    db.execute("INSERT INTO t VALUES (-1, 'before')");
  }

  @AfterEach
  void close() {
    db.close();
  }

  private static InputStream lines(int count, IntFunction<String> line) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= count; i++) {
      text.append(line.apply(i)).append('\n');
    }
    return new ByteArrayInputStream(text.toString().getBytes(StandardCharsets.US_ASCII));
  }

  private static String line(int i) {
    return i * 7 % ROWS + ",name of the row with number " + i;
  }

  private long copy(int count, IntFunction<String> line) {
    return db.copyIn("COPY t (id, name) FROM STDIN CSV", lines(count, line));
  }

  private String state() {
    return db.queryOne("SELECT concat_ws('|', count(*), min(id), max(id), sum(n), (SELECT count(*) FROM t WHERE name LIKE '%number 77')) FROM t", String.class);
  }

  @Test
  void rows_are_there_at_once_for_their_transaction_and_after_the_commit_for_all() {
    db.execute("BEGIN");
    db.execute("TRUNCATE t");
    db.execute("CREATE INDEX ON t (name)");
    assertEquals(ROWS, copy(ROWS, DirectCopyTest::line));
    String loaded = ROWS + "|0|" + (ROWS - 1) + "|" + 7L * ROWS + "|1";
    assertEquals(loaded, state());
    // Statements that follow meet the rows: own changes, keys, another COPY.
    db.execute("UPDATE t SET n = 0 WHERE id = 5");
    db.execute("INSERT INTO t VALUES (-5, 'after', 7)");
    db.execute("DELETE FROM t WHERE id = -5");
    db.execute("UPDATE t SET n = 7 WHERE id = 5");
    db.execute("COMMIT");
    assertEquals(loaded, state());
    db.close();
    db = EmbeddedDatabase.open(directory.resolve("data"));
    assertEquals(loaded, state());
    assertEquals(1L, db.queryOne("SELECT count(*) FROM t WHERE name = 'name of the row with number 4711'", Long.class));
    assertEquals(java.util.List.of(), db.verify().problems());
  }

  @Test
  void a_rollback_of_the_transaction_or_to_a_savepoint_leaves_nothing() {
    db.execute("BEGIN");
    db.execute("TRUNCATE t");
    db.execute("SAVEPOINT a");
    copy(ROWS, DirectCopyTest::line);
    db.execute("ROLLBACK TO a");
    assertEquals(0L, db.queryOne("SELECT count(*) FROM t", Long.class));
    assertEquals(5000, copy(5000, i -> i + ",again"));
    assertEquals(5000, copy(5000, i -> -i + ",a second COPY"));
    assertEquals(10_000L, db.queryOne("SELECT count(*) FROM t", Long.class));
    db.execute("ROLLBACK");
    assertEquals("1|-1|-1|7|0", state());
  }

  private String failure(int count, IntFunction<String> line) {
    db.execute("BEGIN");
    db.execute("TRUNCATE t");
    SqlException e = assertThrows(SqlException.class, () -> copy(count, line));
    db.execute("ROLLBACK");
    assertEquals("1|-1|-1|7|0", state());
    return e.state().code() + " " + e.getMessage() + " / " + e.detail() + " / " + e.context();
  }

  @Test
  void the_first_error_in_the_order_of_the_data_is_the_one_reported() {
    String duplicate = "23505 duplicate key value violates unique constraint \"t_pkey\" / Key (id)=(3) already exists. / COPY t, line ";
    // Twice in one slice, twice in distant ones, twice at the very end, and another duplicate behind it.
    assertEquals(duplicate + 20_000, failure(ROWS, i -> (i == 20_000 || i == 20_001 ? "3" : "" + i) + ",x"));
    assertEquals(duplicate + 140_000, failure(ROWS, i -> (i == 140_000 ? 3 : i == 140_007 ? 1 : i) + ",some longer text to fill slices sooner than without"));
    assertEquals(duplicate + ROWS, failure(ROWS, i -> (i == ROWS ? "3" : "" + i) + ",x"));
    // A row that breaks a rule of its own behind a duplicate, and before one.
    assertEquals(duplicate + 100_000, failure(ROWS, i -> (i == 100_000 ? "3" : "" + i) + (i == 100_003 ? "," : ",x")));
    assertEquals("23502 null value in column \"name\" of relation \"t\" violates not-null constraint / Failing row contains (99990, null, 7)."
        + " / COPY t, line 99990: \"99990,\"", failure(ROWS, i -> (i == 100_000 ? "3" : "" + i) + (i == 99_990 ? "," : ",x")));
    assertEquals("22P02 invalid input syntax for type integer: \"x\" / null / COPY t, line 60000, column id: \"x\"",
        failure(ROWS, i -> i == 60_000 ? "x,y" : i + ",x"));
  }

  @Test
  void a_table_without_a_key_and_one_with_large_values() {
    String large = "v".repeat(5000);
    db.execute("BEGIN; CREATE TABLE free (a text, b text)");
    assertEquals(9000, db.copyIn("COPY free FROM STDIN", lines(9000, i -> i + "\t" + (i % 1000 == 0 ? large : "small"))));
    db.execute("COMMIT");
    assertEquals("9000|9|45000", db.queryOne("SELECT concat_ws('|', count(*), count(*) FILTER (WHERE b <> 'small'), sum(length(b)) FILTER (WHERE b <> 'small')) FROM free", String.class));
    assertEquals(java.util.List.of(), db.verify().problems());
  }

  /// What a transaction does to the table after the load.
  @Test
  void definitions_change_behind_a_load() {
    db.execute("BEGIN; CREATE TEMP TABLE gone (id int PRIMARY KEY) ON COMMIT DROP; CREATE TEMP TABLE empty (id int) ON COMMIT DELETE ROWS");
    assertEquals(9000, db.copyIn("COPY gone FROM STDIN", lines(9000, i -> "" + i)));
    assertEquals(9000, db.copyIn("COPY empty FROM STDIN", lines(9000, i -> "" + i)));
    assertEquals(9000L, db.queryOne("SELECT count(*) FROM gone JOIN empty USING (id)", Long.class));
    db.execute("COMMIT");
    assertEquals("42P01", assertThrows(SqlException.class, () -> db.execute("SELECT * FROM gone")).state().code());
    assertEquals(0L, db.queryOne("SELECT count(*) FROM empty", Long.class));
    db.execute("BEGIN; CREATE TABLE parent (id int PRIMARY KEY)");
    db.copyIn("COPY parent FROM STDIN", lines(9000, i -> "" + i));
    db.execute("CREATE TABLE child (id int PRIMARY KEY, p int, u text)");
    db.copyIn("COPY child FROM STDIN", lines(9000, i -> i + "\t" + (i % 100 + 1) + "\tu" + i));
    db.execute("ALTER TABLE child ADD FOREIGN KEY (p) REFERENCES parent, ADD UNIQUE (u), ALTER COLUMN p TYPE bigint, ADD COLUMN n int DEFAULT 5");
    db.execute("DELETE FROM child WHERE id > 8000");
    db.execute("COMMIT");
    assertEquals("8000|40000|1", db.queryOne("SELECT concat_ws('|', count(*), sum(n), (SELECT id FROM child WHERE u = 'u1')) FROM child", String.class));
    assertEquals("23503", assertThrows(SqlException.class, () -> db.execute("INSERT INTO child VALUES (9999, 12345, 'x')")).state().code());
    db.execute("BEGIN; TRUNCATE child");
    db.execute("ALTER TABLE child DROP CONSTRAINT child_p_fkey, DROP CONSTRAINT child_u_key");
    db.copyIn("COPY child FROM STDIN", lines(9000, i -> i + "\t1\tx\t1"));
    db.execute("TRUNCATE child");
    db.copyIn("COPY child FROM STDIN", lines(6000, i -> i + "\t1\ty\t1"));
    db.execute("COMMIT");
    assertEquals("6000|y", db.queryOne("SELECT count(*) || '|' || min(u) FROM child", String.class));
    assertEquals(java.util.List.of(), db.verify().problems());
  }
}
