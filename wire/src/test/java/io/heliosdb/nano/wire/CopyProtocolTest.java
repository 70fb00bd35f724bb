package io.heliosdb.nano.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// COPY through the PostgreSQL driver: data both ways, errors as PostgreSQL 15 words and places them, and what is left after them.
/// The expected texts were taken from a PostgreSQL 15 server, those of ON_ERROR from the source of PostgreSQL 17.
class CopyProtocolTest {
  private EmbeddedDatabase db;
  private Connection connection;
  private CopyManager copy;

  @BeforeEach
  void open() throws SQLException {
    db = EmbeddedDatabase.newInMemory();
    connection = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + db.startServer(0).port() + "/heliosdb?user=postgres&sslmode=disable");
    copy = connection.unwrap(PGConnection.class).getCopyAPI();
    run("CREATE TABLE t (id int PRIMARY KEY, name text, price numeric(6,2))");
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
    db.close();
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String one(String sql) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }

  private long in(String sql, String data) throws SQLException, IOException {
    return copy.copyIn(sql, new ByteArrayInputStream(data.getBytes(StandardCharsets.UTF_8)));
  }

  private String out(String sql) throws SQLException, IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    copy.copyOut(sql, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private ServerErrorMessage error(String sql, String data) throws SQLException {
    long before = Long.parseLong(one("SELECT count(*) FROM t"));
    PSQLException e = assertThrows(PSQLException.class, () -> in(sql, data));
    assertEquals(before, Long.parseLong(one("SELECT count(*) FROM t")), "nothing is loaded and the connection goes on");
    return e.getServerErrorMessage();
  }

  private void assertError(String state, String message, String context, String sql, String data) throws SQLException {
    ServerErrorMessage error = error(sql, data);
    assertEquals(state + ": " + message + " | " + context, error.getSQLState() + ": " + error.getMessage() + " | " + error.getWhere());
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "csv", "binary", "json", "jsonl", "sql"})
  void data_goes_out_and_in_again(String format) throws Exception {
    run("INSERT INTO t VALUES (1, 'a', 1.50), (2, NULL, NULL), (3, '', -1)");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertEquals(3, copy.copyOut("COPY t TO STDOUT (FORMAT " + format + ")", out));
    run("DELETE FROM t");
    // Pieces of one byte: nothing may hang on where the messages are cut.
    CopyIn in = copy.copyIn("COPY t FROM STDIN (FORMAT " + format + ")");
    for (byte b : out.toByteArray()) {
      in.writeToCopy(new byte[] {b}, 0, 1);
    }
    assertEquals(3, in.endCopy());
    assertEquals("(1,a,1.50)(2,,)(3,\"\",-1.00)", one("SELECT string_agg(t::text, '' ORDER BY id) FROM t"));
  }

  @Test
  void binary_is_postgresqls_byte_for_byte() throws Exception {
    run("INSERT INTO t VALUES (1, 'x', 2.50), (2, NULL, NULL)");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    copy.copyOut("COPY t TO STDOUT BINARY", out);
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    expected.write(new byte[] {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0});
    expected.write(new byte[] {0, 3, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 1, 'x', 0, 0, 0, 12, 0, 2, 0, 0, 0, 0, 0, 2, 0, 2, 0x13, (byte) 0x88});
    expected.write(new byte[] {0, 3, 0, 0, 0, 4, 0, 0, 0, 2, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1});
    assertArrayEquals(expected.toByteArray(), out.toByteArray());
  }

  @Test
  void conversion_errors_name_line_column_and_value() throws Exception {
    assertError("22P02", "invalid input syntax for type integer: \"x\"", "COPY t, line 2, column id: \"x\"", "COPY t FROM STDIN", "1\ta\t1\nx\tb\t2\n");
    assertError("22003", "numeric field overflow", "COPY t, line 1, column price: \"12345.6\"", "COPY t FROM STDIN (FORMAT csv)", "1,a,12345.6\n");
    assertError("22003", "value \"2147483648\" is out of range for type integer", "COPY t, line 1, column id: \"2147483648\"", "COPY t FROM STDIN CSV",
        "2147483648,a,1\n");
    assertError("22P04", "missing data for column \"price\"", "COPY t, line 2: \"2,b\"", "COPY t FROM STDIN CSV", "1,a,1\n2,b\n");
    assertError("22P04", "extra data after last expected column", "COPY t, line 1: \"1,a,1,\"", "COPY t FROM STDIN CSV", "1,a,1,\n");
    assertError("22P04", "unterminated CSV quoted field", "COPY t, line 4: \"2,\"b\n3,c,3\n\"", "COPY t FROM STDIN CSV", "1,a,1\n2,\"b\n3,c,3\n");
    assertError("22P04", "unquoted carriage return found in data", "COPY t, line 2", "COPY t FROM STDIN CSV", "1,a,1\n2,b\r,2\n");
    assertError("22P04", "literal newline found in data", "COPY t, line 2", "COPY t FROM STDIN", "1\ta\t1\r\n2\tb\t2\n3\tc\t3\n");
  }

  @Test
  void bytes_that_are_no_text_are_refused_at_their_line() throws Exception {
    byte[] data = "1,a,1\n2,b?,2\n".getBytes(StandardCharsets.US_ASCII);
    data[data.length - 4] = (byte) 0xff;
    PSQLException e = assertThrows(PSQLException.class, () -> copy.copyIn("COPY t FROM STDIN CSV", new ByteArrayInputStream(data)));
    assertEquals("22021: invalid byte sequence for encoding \"UTF8\": 0xff | COPY t, line 2",
        e.getSQLState() + ": " + e.getServerErrorMessage().getMessage() + " | " + e.getServerErrorMessage().getWhere());
    assertEquals("0", one("SELECT count(*) FROM t"));
  }

  @Test
  void rules_of_the_table_name_the_row() throws Exception {
    run("INSERT INTO t VALUES (7, 'x', 1)");
    assertError("23505", "duplicate key value violates unique constraint \"t_pkey\"", "COPY t, line 2", "COPY t FROM STDIN CSV", "1,a,1\n7,b,2\n3,c,3\n");
    assertError("23502", "null value in column \"id\" of relation \"t\" violates not-null constraint", "COPY t, line 2: \",b,2\"", "COPY t FROM STDIN CSV",
        "1,a,1\n,b,2\n3,c,3\n");
  }

  @Test
  void on_error_ignore_counts_what_it_leaves_out() throws Exception {
    try (Statement statement = connection.createStatement()) {
      connection.clearWarnings();
      assertEquals(2, in("COPY t FROM STDIN (FORMAT csv, ON_ERROR ignore, LOG_VERBOSITY verbose)", "1,a,1\nx,b,2\n3,c,123456789\n4,d,4\n"));
    }
    List<String> notices = new ArrayList<>();
    for (SQLWarning warning = connection.getWarnings(); warning != null; warning = warning.getNextWarning()) {
      notices.add(((org.postgresql.util.PSQLWarning) warning).getServerErrorMessage().getMessage());
    }
    assertEquals(
        List.of("skipping row due to data type incompatibility at line 2 for column \"id\": \"x\"",
            "skipping row due to data type incompatibility at line 3 for column \"price\": \"123456789\"",
            "2 rows were skipped due to data type incompatibility"),
        notices);
    assertError("22P04", "missing data for column \"price\"", "COPY t, line 1: \"9,z\"", "COPY t FROM STDIN (FORMAT csv, ON_ERROR ignore)", "9,z\n");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
      "FORMAT xml | 22023 | COPY format \"xml\" not recognized",
      "FORMAT binary, DELIMITER ',' | 42601 | cannot specify DELIMITER in BINARY mode",
      "FORMAT binary, NULL '' | 42601 | cannot specify NULL in BINARY mode",
      "FORMAT binary, HEADER | 0A000 | cannot specify HEADER in BINARY mode",
      "FORMAT json, HEADER | 0A000 | cannot specify HEADER in JSON mode",
      "FORMAT json, DELIMITER ';' | 42601 | cannot specify DELIMITER in JSON mode",
      "QUOTE '\"' | 0A000 | COPY quote available only in CSV mode",
      "FORMAT csv, QUOTE 'ab' | 0A000 | COPY quote must be a single one-byte character",
      "FORMAT csv, DELIMITER 'ä' | 0A000 | COPY delimiter must be a single one-byte character",
      "FORMAT csv, DELIMITER '\"' | 22023 | COPY delimiter and quote must be different",
      "DELIMITER 'a' | 22023 | COPY delimiter cannot be \"a\"",
      "DELIMITER ',', NULL 'a,b' | 0A000 | COPY delimiter must not appear in the NULL specification",
      "FORMAT csv, FORCE_QUOTE (name) | 0A000 | COPY force quote only available using COPY TO",
      "FORMAT csv, FORCE_NULL (nobody) | 42703 | column \"nobody\" of relation \"t\" does not exist",
      "HEADER maybe | 42601 | header requires a Boolean value or \"match\"",
      "ENCODING 'nonsense' | 22023 | argument to option \"encoding\" must be a valid encoding name",
      "FREEZE | 55000 | cannot perform COPY FREEZE because the table was not created or truncated in the current subtransaction",
      "ON_ERROR maybe | 22023 | COPY ON_ERROR \"maybe\" not recognized",
      "FORMAT binary, ON_ERROR ignore | 42601 | only ON_ERROR STOP is allowed in BINARY mode",
      "FORMAT csv, FORMAT csv | 42601 | conflicting or redundant options",
      "OIDS | 42601 | option \"oids\" not recognized"})
  void options_that_do_not_go_together(String options, String state, String message) {
    PSQLException e = assertThrows(PSQLException.class, () -> in("COPY t FROM STDIN (" + options + ")", ""));
    assertEquals(state + " " + message, e.getSQLState() + " " + e.getServerErrorMessage().getMessage());
  }

  @Test
  void header_is_matched_skipped_and_written() throws Exception {
    run("INSERT INTO t VALUES (1, 'a', 1)");
    assertEquals("id\tname\tprice\n1\ta\t1.00\n", out("COPY t TO STDOUT (HEADER)"));
    run("DELETE FROM t");
    assertEquals(1, in("COPY t FROM STDIN (FORMAT csv, HEADER match)", "id,name,price\n1,a,1\n"));
    assertError("22P04", "column name mismatch in header line field 2: got \"nome\", expected \"name\"", "COPY t, line 1: \"id,nome,price\"",
        "COPY t FROM STDIN (FORMAT csv, HEADER match)", "id,nome,price\n");
    assertError("22P04", "wrong number of fields in header line: got 2, expected 3", "COPY t, line 1: \"id,name\"", "COPY t FROM STDIN (FORMAT csv, HEADER match)",
        "id,name\n");
  }

  @Test
  void quoting_null_and_escape_rules_of_csv() throws Exception {
    assertEquals(4, in("COPY t FROM STDIN (FORMAT csv, NULL 'nix', FORCE_NOT_NULL (name), FORCE_NULL (price), ESCAPE '\\')",
        "1,nix,\"nix\"\n2,\"a\\\"b\",1\n3,a\"b,c\"d,1\n4,\"x\ny\",nix\n"));
    assertEquals("1|nix|-,2|a\"b|1.00,3|ab,cd|1.00,4|x\ny|-", one("SELECT string_agg(id || '|' || name || '|' || coalesce(price::text, '-'), ',' ORDER BY id) FROM t"));
    assertEquals("1,\"nix\",nix\n2,\"a\\\"b\",1.00\n3,\"ab,cd\",1.00\n4,\"x\ny\",nix\n", out("COPY (SELECT * FROM t ORDER BY id) TO STDOUT (FORMAT csv, NULL 'nix', FORCE_QUOTE (name), ESCAPE '\\')"));
  }

  @Test
  void encodings_are_converted() throws Exception {
    byte[] latin = "1,äöü,1\n".getBytes(StandardCharsets.ISO_8859_1);
    copy.copyIn("COPY t FROM STDIN (FORMAT csv, ENCODING 'latin1')", new ByteArrayInputStream(latin));
    assertEquals("äöü", one("SELECT name FROM t"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    copy.copyOut("COPY (SELECT id, name, 1) TO STDOUT (FORMAT csv, ENCODING 'latin1')".replace("(SELECT id, name, 1)", "(SELECT id, name, 1 FROM t)"), out);
    assertArrayEquals(latin, out.toByteArray());
    run("UPDATE t SET name = '€'");
    PSQLException e = assertThrows(PSQLException.class, () -> copy.copyOut("COPY t TO STDOUT (ENCODING 'latin1')", new ByteArrayOutputStream()));
    assertEquals("22P05 character with byte sequence 0xe2 0x82 0xac in encoding \"UTF8\" has no equivalent in encoding \"LATIN1\"",
        e.getSQLState() + " " + e.getServerErrorMessage().getMessage());
  }

  @Test
  void a_failed_copy_is_answered_at_once_and_the_rest_is_dropped() throws Exception {
    CopyIn in = copy.copyIn("COPY t FROM STDIN CSV");
    byte[] bad = "no number,a,1\n".getBytes(StandardCharsets.US_ASCII);
    PSQLException e = assertThrows(PSQLException.class, () -> {
      for (int i = 0; i < 100_000; i++) {
        in.writeToCopy(bad, 0, bad.length);
      }
      in.endCopy();
    });
    assertEquals("22P02", e.getSQLState());
    assertEquals("0", one("SELECT count(*) FROM t"));
  }

  @Test
  void cancel_in_the_middle_loads_nothing_and_progress_tells_how_far_it_was() throws Exception {
    CopyIn in = copy.copyIn("COPY t FROM STDIN CSV WHERE id % 2 = 0");
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      rows.append(i).append(",a,1\n");
    }
    byte[] bytes = rows.toString().getBytes(StandardCharsets.US_ASCII);
    in.writeToCopy(bytes, 0, bytes.length);
    in.flushCopy();
    int pid = connection.unwrap(PGConnection.class).getBackendPID();
    String progress;
    do {
      progress = db.queryOne(
          "SELECT concat_ws('|', command, type, relid::regclass, bytes_processed, bytes_total, tuples_processed, tuples_excluded) FROM pg_stat_progress_copy WHERE pid = "
              + pid, String.class);
      Thread.onSpinWait();
    } while (!progress.contains("|" + bytes.length + "|"));
    assertEquals("COPY FROM|PIPE|t|" + bytes.length + "|0|500|500", progress);
    assertEquals("active|Client|ClientRead",
        db.queryOne("SELECT concat_ws('|', state, wait_event_type, wait_event) FROM pg_stat_activity WHERE pid = " + pid, String.class));
    assertTrue(db.queryOne("SELECT pg_cancel_backend(" + pid + ")", Boolean.class));
    PSQLException e = assertThrows(PSQLException.class, () -> {
      in.writeToCopy(bytes, 0, bytes.length);
      in.endCopy();
    });
    assertEquals("57014", e.getSQLState());
    assertEquals("COPY t, line 1001", e.getServerErrorMessage().getWhere());
    assertEquals("0", one("SELECT count(*) FROM t"));
    assertEquals(0L, db.queryOne("SELECT count(*) FROM pg_stat_progress_copy", Long.class));
  }

  @Test
  void files_need_a_role_and_errors_name_the_file(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("rows.csv"), "1,a,1\n2,b,x\n");
    SqlException located = assertThrows(SqlException.class, () -> db.execute("COPY t FROM '" + file + "'"));
    assertEquals("COPY t, line 2, column price: \"x\"\nfile \"" + file.toRealPath() + "\"", located.context());
    assertEquals("42501 COPY with PROGRAM is not enabled", error("COPY t TO PROGRAM 'cat'"));
    String outside = "42501 file \"" + file + "\" is not below a directory that COPY may use";
    assertEquals(outside, error("COPY t TO '" + file + "'"));
    assertEquals(outside, error("COPY t FROM '" + file + "'"));
    run("CREATE ROLE plain; GRANT ALL ON t TO plain; SET ROLE plain");
    assertEquals("42501 must be superuser or have privileges of the pg_read_server_files role to COPY from a file", error("COPY t FROM '" + file + "'"));
    assertEquals("42501 must be superuser or have privileges of the pg_write_server_files role to COPY to a file", error("COPY t TO '" + file + "'"));
    run("RESET ROLE; GRANT pg_write_server_files TO plain; SET ROLE plain");
    assertEquals(outside, error("COPY t TO '" + file + "'"));
    assertEquals("42602 relative path not allowed for COPY to file", error("COPY t TO 'relative'"));
  }

  private String error(String sql) {
    ServerErrorMessage error = assertThrows(PSQLException.class, () -> run(sql)).getServerErrorMessage();
    return error.getSQLState() + " " + error.getMessage();
  }

  /// What is wrong with the table is told when the client has been asked for data, so that a script's data is not run.
  @Test
  void errors_before_and_within_the_data_are_those_of_postgresql() throws Exception {
    run("CREATE TABLE g (a int, c int GENERATED ALWAYS AS (a * 2) STORED)");
    run("CREATE VIEW v AS SELECT 1 AS a");
    run("CREATE TABLE p (a int) PARTITION BY RANGE (a)");
    run("CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)");
    assertEquals("42809 cannot copy to view \"v\"", state("COPY v FROM STDIN", "DROP TABLE t\n"));
    assertEquals("55000 cannot perform COPY FREEZE because the table was not created or truncated in the current subtransaction", state("COPY g (a) FROM STDIN (FREEZE)", "1\n"));
    assertEquals("0A000 cannot perform COPY FREEZE on a partitioned table", state("COPY p FROM STDIN (FREEZE)", "1\n"));
    assertEquals("42P10 generated columns are not supported in COPY FROM WHERE conditions", state("COPY g FROM STDIN WHERE c > 1", "1\n"));
    assertEquals("42701 column \"a\" specified more than once", state("COPY g FROM STDIN (FORMAT csv, FORCE_NULL (a, a))", "1\n"));
    assertEquals("42501 permission denied: \"pg_class\" is a system catalog", state("COPY pg_class FROM STDIN", "1\n"));
    assertEquals("COPY p, line 2: \"11\"", error("COPY p FROM STDIN", "1\n11\n").getWhere());
    run("CREATE FUNCTION tf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF new.id = 42 THEN RAISE EXCEPTION ''no''; END IF; RETURN new; END'");
    run("CREATE TRIGGER tt BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION tf()");
    assertEquals("PL/pgSQL function tf() line 1 at RAISE\nCOPY t, line 2: \"42\\N\\N\"".replace("\\N", "\t\\N"), error("COPY t FROM STDIN", "41\t\\N\t\\N\n42\t\\N\t\\N\n").getWhere());
    assertEquals("COPY t, line 2: \"1\\N\\N\"".replace("\\N", "\t\\N"), error("COPY t FROM STDIN", "1\t\\N\t\\N\n1\t\\N\t\\N\n").getWhere());
    // The mark of the end, behind data and in the middle of it.
    assertEquals("22P04 end-of-copy marker corrupt", state("COPY g (a) FROM STDIN", "1\\.2\n"));
    assertEquals("22P04 end-of-copy marker does not match previous newline style", state("COPY g (a) FROM STDIN", "1\r\n2\\.\n"));
    assertEquals(2, in("COPY g (a) FROM STDIN", "1\n2\\.\nnobody reads this\n"));
    assertEquals("0", one("SELECT count(*) FROM t"));
  }

  private String state(String sql, String data) throws Exception {
    ServerErrorMessage error = error(sql, data);
    return error.getSQLState() + " " + error.getMessage();
  }

  @Test
  void sql_of_a_copy_is_read_and_never_run() throws Exception {
    assertEquals(3, in("COPY t FROM STDIN (FORMAT sql)",
        "-- rows; with a comment\nINSERT INTO elsewhere (price, id) VALUES (-1.5, 1), (NULL, 2);\n/* ; */ INSERT INTO t VALUES (3, E'it''s\\n', DATE '2024-01-01');".replace(
            "DATE '2024-01-01'", "'7'")));
    assertEquals("(1,,-1.50)(2,,)(3,\"it's\n\",7.00)", one("SELECT string_agg(t::text, '' ORDER BY id) FROM t"));
    for (String bad : List.of("DELETE FROM t;", "INSERT INTO t SELECT 1;", "INSERT INTO t VALUES (1, pg_sleep(1), 2);", "INSERT INTO t VALUES (9, 'a', 1) RETURNING id;")) {
      assertEquals("0A000", error("COPY t FROM STDIN (FORMAT sql)", bad).getSQLState());
    }
  }
}
