package io.heliosdb.nano.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a client must not say, over a socket and embedded: PostgreSQL's error, nothing half applied, and the session goes on where
/// PostgreSQL's does. `-Dwire.port=…` puts the same questions to another server on this machine (user `postgres`, database `heliosdb`).
@Timeout(60)
class BadInputTest {
  private static final String TABLE =
      "CREATE TABLE goods (id int PRIMARY KEY, code smallint, name varchar(5) NOT NULL, price numeric(5,2) CHECK (price > 0), born date, tag uuid)";
  /// Statement, expression or document nests too deeply. PostgreSQL's grammar also says 42601, "memory exhausted".
  private static final String TOO_DEEP = "54001|2201B|22P02" + (Integer.getInteger("wire.port") == null ? "" : "|42601");

  private static EmbeddedDatabase db;
  private static PgServer server;
  private static int port;

  @BeforeAll
  static void start() throws IOException {
    db = EmbeddedDatabase.newInMemory();
    db.execute(TABLE);
    server = PgServer.start(db.engine(), ServerOptions.localTrust(0));
    port = Integer.getInteger("wire.port", server.port());
    try (WireClient c = WireClient.ready(port)) {
      c.query("DROP TABLE IF EXISTS goods; " + TABLE);
      c.query("INSERT INTO goods VALUES (1, 1, 'one', 1.5)");
    }
    db.execute("INSERT INTO goods VALUES (1, 1, 'one', 1.5) ON CONFLICT DO NOTHING");
  }

  @AfterAll
  static void stop() {
    server.close();
    db.close();
  }

  /// @param position 1-based character in the statement, 0 for none
  private record Case(String sql, String state, String message, String detail, int position) {
    Case(String sql, String state, String message, int position) {
      this(sql, state, message, "", position);
    }
  }

  private static final Case[] CASES = {
    new Case("SELECT * FROM nowhere", "42P01", "relation \"nowhere\" does not exist", 15),
    new Case("SELECT nix FROM goods", "42703", "column \"nix\" does not exist", 8),
    new Case("SELECT goods.nix FROM goods", "42703", "column goods.nix does not exist", 8),
    new Case("SELECT nofunction(1)", "42883", "function nofunction(integer) does not exist", 8),
    new Case("SELECT 1 + 'x'", "22P02", "invalid input syntax for type integer: \"x\"", 12),
    new Case("SELECT 'a'::int", "22P02", "invalid input syntax for type integer: \"a\"", 8),
    new Case("SELECT true + 1", "42883", "operator does not exist: boolean + integer", 13),
    new Case("SELECT 1/0", "22012", "division by zero", 0),
    new Case("SELECT 1.5 % 0", "22012", "division by zero", 0),
    new Case("SELECT 1/(id - 1) FROM goods", "22012", "division by zero", 0),
    new Case("SELEC 1", "42601", "syntax error at or near \"SELEC\"", 1),
    new Case("SELECT 1 FROM", "42601", "syntax error at end of input", 14),
    new Case("SELECT '\u00e4\u00f6\u00fc' FROM WHERE", "42601", "syntax error at or near \"WHERE\"", 19),
    new Case("SELECT 'abc", "42601", "unterminated quoted string at or near \"'abc\"", 8),
    new Case("SELECT \"abc", "42601", "unterminated quoted identifier at or near \"\"abc\"", 8),
    new Case("SELECT /* 1", "42601", "unterminated /* comment at or near \"/* 1\"", 8),
    new Case("SELECT $$abc", "42601", "unterminated dollar-quoted string at or near \"$$abc\"", 8),
    new Case("SELECT \"\"", "42601", "zero-length delimited identifier at or near \"\"\"\"", 8),
    new Case("SELECT 1;;SELECT 2 2", "42601", "syntax error at or near \"2\"", 20),
    new Case("INSERT INTO goods (id, name) VALUES (1, 'one')", "23505", "duplicate key value violates unique constraint \"goods_pkey\"",
        "Key (id)=(1) already exists.", 0),
    new Case("INSERT INTO goods (id, name) VALUES (5, 'a'), (6, 'b'), (5, 'c')", "23505", "duplicate key value violates unique constraint \"goods_pkey\"",
        "Key (id)=(5) already exists.", 0),
    new Case("INSERT INTO goods (id) VALUES (7)", "23502", "null value in column \"name\" of relation \"goods\" violates not-null constraint",
        "Failing row contains (7, null, null, null, null, null).", 0),
    new Case("INSERT INTO goods (id, name, price) VALUES (8, 'x', -1)", "23514", "new row for relation \"goods\" violates check constraint \"goods_price_check\"",
        "Failing row contains (8, null, x, -1.00, null, null).", 0),
    new Case("INSERT INTO goods (id, name) VALUES (9, 'too long')", "22001", "value too long for type character varying(5)", 0),
    new Case("INSERT INTO goods (id, name, price) VALUES (9, 'x', 1000)", "22003", "numeric field overflow",
        "A field with precision 5, scale 2 must round to an absolute value less than 10^3.", 0),
    new Case("INSERT INTO goods (id, name) VALUES (2147483648, 'x')", "22003", "integer out of range", 0),
    new Case("INSERT INTO goods (id, code, name) VALUES (9, 32768, 'x')", "22003", "smallint out of range", 0),
    new Case("INSERT INTO goods (id, name) VALUES ('nine', 'x')", "22P02", "invalid input syntax for type integer: \"nine\"", 38),
    new Case("INSERT INTO goods (id, name, born) VALUES (9, 'x', '2023-02-30')", "22008", "date/time field value out of range: \"2023-02-30\"", 52),
    new Case("INSERT INTO goods (id, name, born) VALUES (9, 'x', 'some day')", "22007", "invalid input syntax for type date: \"some day\"", 52),
    new Case("INSERT INTO goods (id, name, tag) VALUES (9, 'x', 'no-uuid')", "22P02", "invalid input syntax for type uuid: \"no-uuid\"", 51),
    new Case("INSERT INTO goods (id, name, tag) VALUES (9, 'x', 5)", "42804", "column \"tag\" is of type uuid but expression is of type integer", 51),
    new Case("INSERT INTO goods (id, nix) VALUES (9, 'x')", "42703", "column \"nix\" of relation \"goods\" does not exist", 24),
    new Case("INSERT INTO goods (id, id) VALUES (9, 9)", "42701", "column \"id\" specified more than once", 24),
    new Case("INSERT INTO goods VALUES (1, 2, 'x', 4, NULL, NULL, 7)", "42601", "INSERT has more expressions than target columns", 53),
    new Case("INSERT INTO goods (id, name) VALUES (9)", "42601", "INSERT has more target columns than expressions", 24),
    new Case("UPDATE goods SET id = 1 + 2147483647", "22003", "integer out of range", 0),
    new Case("SELECT 9223372036854775807 + 1", "22003", "bigint out of range", 0),
    new Case("SELECT 32767::smallint + 1::smallint", "22003", "smallint out of range", 0),
    new Case("SELECT '1e400'::float8", "22003", "\"1e400\" is out of range for type double precision", 8),
    new Case("SELECT 10::float8 ^ 400", "22003", "value out of range: overflow", 0),
    new Case("SELECT sqrt(-1)", "2201F", "cannot take square root of a negative number", 0),
    new Case("SELECT '{1,2'::int[]", "22P02", "malformed array literal: \"{1,2\"", "Unexpected end of input.", 8),
    new Case("SELECT '{\"a\":}'::jsonb", "22P02", "invalid input syntax for type json", "Expected JSON value, but found \"}\".", 8),
    new Case("SELECT 'abc\\'::bytea", "22P02", "invalid input syntax for type bytea", 8),
    new Case("SELECT id FROM goods GROUP BY name", "42803", "column \"goods.id\" must appear in the GROUP BY clause or be used in an aggregate function", 8),
    new Case("SELECT count(*) FROM goods WHERE count(*) > 1", "42803", "aggregate functions are not allowed in WHERE", 34),
    new Case("SELECT 1 UNION SELECT 1, 2", "42601", "each UNION query must have the same number of columns", 23),
    new Case("SELECT (SELECT id, name FROM goods)", "42601", "subquery must return only one column", 8),
    new Case("SELECT (SELECT g FROM generate_series(1, 2) g)", "21000", "more than one row returned by a subquery used as an expression", 0),
    new Case("SELECT id FROM goods a, goods b", "42702", "column reference \"id\" is ambiguous", 8),
    new Case("SELECT 1 FROM goods, goods", "42712", "table name \"goods\" specified more than once", 0),
    new Case("SELECT $1", "42P02", "there is no parameter $1", 8),
    new Case("CREATE TABLE goods (id int)", "42P07", "relation \"goods\" already exists", 0),
    new Case("CREATE TABLE bad (id nosuchtype)", "42704", "type \"nosuchtype\" does not exist", 22),
    new Case("CREATE TABLE bad (a int, a int)", "42701", "column \"a\" specified more than once", 0),
    new Case("CREATE TABLE bad (a int REFERENCES nowhere)", "42P01", "relation \"nowhere\" does not exist", 0),
    new Case("CREATE TABLE bad (a varchar(0))", "22023", "length for type varchar must be at least 1", 21),
    new Case("CREATE TABLE bad (a numeric(2000))", "22023", "NUMERIC precision 2000 must be between 1 and 1000", 21),
    new Case("DROP TABLE nowhere", "42P01", "table \"nowhere\" does not exist", 0),
    new Case("ALTER TABLE goods ADD COLUMN id int", "42701", "column \"id\" of relation \"goods\" already exists", 0),
    new Case("SET no_such_setting = 1", "42704", "unrecognized configuration parameter \"no_such_setting\"", 0),
    new Case("SET work_mem = 'much'", "22023", "invalid value for parameter \"work_mem\": \"much\"", 0),
    new Case("SELECT 'x' LIKE 'x' ESCAPE 'xx'", "22025", "invalid escape string", 0),
    new Case("SELECT 'x' ~ '('", "2201B", "invalid regular expression: parentheses () not balanced", 0),
    new Case("SELECT chr(0)", "54000", "null character not permitted", 0),
    new Case("SELECT repeat('x', 2000000000)", "54000", "requested length too large", 0),
    new Case("SELECT * FROM goods LIMIT -1", "2201W", "LIMIT must not be negative", 0),
    new Case("EXECUTE nothing", "26000", "prepared statement \"nothing\" does not exist", 0),
    new Case("FETCH nothing", "34000", "cursor \"nothing\" does not exist", 0),
    new Case("ROLLBACK TO SAVEPOINT a", "25P01", "ROLLBACK TO SAVEPOINT can only be used in transaction blocks", 0),
  };

  @Test
  void errors_over_the_wire() throws IOException {
    StringBuilder differences = new StringBuilder();
    try (WireClient c = WireClient.ready(port)) {
      for (Case one : CASES) {
        c.send('Q', one.sql());
        WireClient.Reply error = null;
        for (WireClient.Reply reply = c.read(); reply.type() != 'Z'; reply = c.read()) {
          error = reply.type() == 'E' ? reply : error;
        }
        if (error == null) {
          differences.append("no error: ").append(one.sql()).append('\n');
          continue;
        }
        String position = error.field('P');
        Case actual = new Case(one.sql(), error.field('C'), error.field('M'), one.detail().isEmpty() ? "" : error.field('D'), position.isEmpty() ? 0 : Integer.parseInt(position));
        if (!actual.equals(one)) {
          differences.append("expected ").append(one).append("\n     got ").append(actual).append('\n');
        }
      }
      assertEquals("TDCZ", c.query("SELECT 1"));
      // Nothing of all that has left a trace.
      c.send('Q', "SELECT string_agg(g::text, ';') FROM goods g");
      c.read();
      assertEquals("(1,1,one,1.50,,)", c.read().text().substring(6));
      c.readUntilReady();
    }
    assertTrue(differences.isEmpty(), () -> "differences:\n" + differences);
  }

  @Test
  void errors_embedded() {
    for (Case one : CASES) {
      if (one.sql().contains("$1")) {
        continue;
      }
      SqlException e = assertThrows(SqlException.class, () -> db.execute(one.sql()), one.sql());
      assertEquals(one.state(), e.state().code(), one.sql());
      assertEquals(one.message(), e.getMessage(), one.sql());
      assertEquals(one.position(), e.position(), one.sql());
      if (!one.detail().isEmpty()) {
        assertEquals(one.detail(), e.detail());
      }
    }
    assertEquals(1L, db.queryOne("SELECT count(*) FROM goods", Long.class));
  }

  @Test
  void duplicate_key_names_its_objects() throws IOException {
    try (WireClient c = WireClient.ready(port)) {
      c.send('Q', "INSERT INTO goods (id, name) VALUES (1, 'one')");
      WireClient.Reply error = c.readError();
      assertEquals("public", error.field('s'));
      assertEquals("goods", error.field('t'));
      assertEquals("goods_pkey", error.field('n'));
      c.readUntilReady();
      c.send('Q', "INSERT INTO goods (id) VALUES (2)");
      assertEquals("name", c.readError().field('c'));
      c.readUntilReady();
    }
  }

  @Test
  void failed_block_goes_on_after_rollback() throws IOException {
    try (WireClient c = WireClient.ready(port)) {
      assertEquals("CZ[T]", c.query("BEGIN"));
      assertEquals("CZ[T]", c.query("INSERT INTO goods (id, name) VALUES (50, 'x')"));
      assertEquals("E[22012]Z[E]", c.query("SELECT 1/0").replace("T", ""));
      assertEquals("E[25P02]Z[E]", c.query("SELECT 1"));
      assertEquals("E[25P02]Z[E]", c.query("INSERT INTO goods (id, name) VALUES (51, 'x')"));
      // A syntax error is still told as such.
      assertEquals("E[42601]Z[E]", c.query("SELEC 1"));
      assertEquals("CZ", c.query("COMMIT"));
      // Several statements in one message are one transaction.
      assertEquals("CE[22012]Z", c.query("INSERT INTO goods (id, name) VALUES (52, 'x'); SELECT 1/0; SELECT 2").replace("T", ""));
      c.send('Q', "SELECT count(*) FROM goods WHERE id >= 50");
      c.read();
      assertEquals("0", c.read().text().substring(6));
      c.readUntilReady();
    }
  }

  private static byte[] bytes(Object... parts) throws IOException {
    return WireClient.body(parts);
  }

  @Test
  void invalid_utf8_in_query_parameter_and_copy_data() throws IOException {
    byte[] bad = {'a', (byte) 0xc3, '(', 'b'};
    try (WireClient c = WireClient.ready(port)) {
      c.send('Q', "SELECT '".getBytes(StandardCharsets.UTF_8), bad, "'");
      WireClient.Reply error = c.readError();
      assertEquals("22021", error.field('C'));
      assertEquals("invalid byte sequence for encoding \"UTF8\": 0xc3 0x28", error.field('M'));
      assertEquals("Z", c.readUntilReady());
      for (byte[] sequence : new byte[][] {{(byte) 0xff}, {(byte) 0xc0, (byte) 0x80}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80}, {(byte) 0xe4, (byte) 0xbd}}) {
        c.send('P', "", "SELECT $1::text", (short) 0);
        c.send('B', "", "", (short) 0, (short) 1, sequence.length, sequence, (short) 0);
        c.send('S');
        assertEquals("1E[22021]Z", c.readUntilReady());
      }
      // Binary text parameters are checked as well, and a zero byte is no character.
      c.send('P', "", "SELECT $1::text", (short) 0);
      c.send('B', "", "", (short) 1, (short) 1, (short) 1, bad.length, bad, (short) 0);
      c.send('S');
      assertEquals("1E[22021]Z", c.readUntilReady());
      c.send('B', "", "", (short) 0, (short) 1, 3, new byte[] {'a', 0, 'b'}, (short) 0);
      c.send('S');
      error = c.readError();
      assertEquals("invalid byte sequence for encoding \"UTF8\": 0x00", error.field('M'));
      assertEquals("Z", c.readUntilReady());
      c.query("CREATE TEMP TABLE lines (n int, t text)");
      for (String options : new String[] {"", " WITH (FORMAT csv)"}) {
        c.send('Q', "COPY lines FROM STDIN" + options);
        assertEquals('G', c.read().type());
        byte separator = (byte) (options.isEmpty() ? '\t' : ',');
        c.send('d', new byte[] {'1', separator, 'x', '\n', '2', separator}, bad, new byte[] {'\n'});
        c.send('c');
        error = c.readError();
        assertEquals("22021", error.field('C'));
        assertEquals("COPY lines, line 2", error.field('W'));
        assertEquals("Z", c.readUntilReady());
      }
      c.send('Q', "SELECT count(*) FROM lines");
      c.read();
      assertEquals("0", c.read().text().substring(6));
      c.readUntilReady();
      for (String sql : new String[] {"SELECT E'\\xff'", "SELECT E'\\xc3\\x28'", "SELECT convert_from('\\xff', 'UTF8')", "SELECT E'\\000'"}) {
        assertEquals("E[22021]Z", c.query(sql).replace("T", ""), sql);
      }
      assertEquals("TDCZ", c.query("SELECT 1"));
    }
  }

  @Test
  void impossible_messages_end_their_connection() throws IOException {
    Object[][] messages = {
      {'Q', new byte[] {'S', 'E', 'L'}},
      {'Q', "SELECT 1", "more"},
      {'P', "a", new byte[] {'S'}},
      {'P', "", "SELECT 1", (short) 3, 23},
      {'P', "", "SELECT 1", (short) -1},
      {'P', "", "SELECT 1", (short) 0, 1},
      {'E', "", (short) 1},
      {'D', 'x', ""},
      {'D', 'S', new byte[] {'a'}},
      {'D'},
      {'C', 'y', ""},
    };
    for (Object[] message : messages) {
      try (WireClient c = WireClient.ready(port)) {
        c.send((char) message[0], java.util.Arrays.copyOfRange(message, 1, message.length));
        c.assertFatalAndClosed("08P01");
      }
    }
    Object[][] binds = {
      {"", "s", (short) 0, (short) 1, -2, (short) 0},
      {"", "s", (short) 0, (short) 1, 100, "x"},
      {"", "s", (short) 0, (short) 1, Integer.MAX_VALUE, "x"},
      {"", "s", (short) 9, (short) 1},
      {"", "s", (short) 0, (short) 1, 1, new byte[] {'1'}},
      {"", "s", (short) 0, (short) 1, 1, new byte[] {'1'}, (short) 0, 7},
      {"", "s"},
    };
    for (Object[] bind : binds) {
      try (WireClient c = WireClient.ready(port)) {
        c.send('P', "s", "SELECT $1::int", (short) 0);
        c.send('B', bind);
        assertEquals('1', c.read().type());
        c.assertFatalAndClosed("08P01");
      }
    }
    for (int length : new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE, 0x4000_0000, -1, 0, 3}) {
      try (WireClient c = WireClient.ready(port)) {
        c.out.writeByte('d');
        c.out.writeInt(length);
        assertEquals("invalid message length", c.assertFatalAndClosed("08P01").field('M'));
      }
    }
    for (int length : new int[] {Integer.MAX_VALUE, 10_001, 7, 0, -1}) {
      try (WireClient c = new WireClient(port)) {
        c.out.writeInt(length);
        c.assertFatalAndClosed("08P01");
      }
    }
    for (byte[] parameters : new byte[][] {{'u'}, "user\0postgres".getBytes(StandardCharsets.UTF_8), "user\0".getBytes(StandardCharsets.UTF_8)}) {
      try (WireClient c = new WireClient(port)) {
        c.out.write(bytes(8 + parameters.length, WireClient.PROTOCOL_3_0, parameters));
        c.out.flush();
        c.assertFatalAndClosed("08P01");
      }
    }
    try (WireClient c = WireClient.ready(port)) {
      assertEquals("TDCZ", c.query("SELECT 1"));
    }
  }

  @Test
  void impossible_requests_leave_the_session_usable() throws IOException {
    try (WireClient c = WireClient.ready(port)) {
      c.send('P', "s", "SELECT $1::int, $2::text", (short) 0);
      c.send('S');
      assertEquals("1Z", c.readUntilReady());
      record Request(String expected, Object... message) {}
      Request[] requests = {
        new Request("E[08P01]", 'B', "", "s", (short) 0, (short) 1, -1, (short) 0),
        new Request("E[08P01]", 'B', "", "s", (short) 0, (short) 3, -1, -1, -1, (short) 0),
        new Request("E[08P01]", 'B', "", "s", (short) 3, (short) 0, (short) 0, (short) 0, (short) 2, -1, -1, (short) 0),
        new Request("E[08P01]", 'B', "", "s", (short) 0, (short) 2, -1, -1, (short) 3, (short) 0, (short) 0, (short) 0),
        new Request("E[22023]", 'B', "", "s", (short) 1, (short) 7, (short) 2, 1, new byte[] {'1'}, -1, (short) 0),
        new Request("E[08P01]", 'B', "", "s", (short) 1, (short) 1, (short) 2, 3, new byte[] {0, 0, 1}, -1, (short) 0),
        new Request("E[22P03]", 'B', "", "s", (short) 1, (short) 1, (short) 2, 5, new byte[] {0, 0, 0, 0, 1}, -1, (short) 0),
        new Request("E[22P02]", 'B', "", "s", (short) 0, (short) 2, 1, new byte[] {'x'}, -1, (short) 0),
        new Request("E[26000]", 'B', "", "nothing", (short) 0, (short) 0, (short) 0),
        new Request("E[34000]", 'E', "nothing", 0),
        new Request("E[34000]", 'D', 'P', "nothing"),
        new Request("E[26000]", 'D', 'S', "nothing"),
        new Request("3", 'C', 'S', "nothing"),
        new Request("3", 'C', 'P', "nothing"),
        new Request("E[42P05]", 'P', "s", "SELECT 1", (short) 0),
        new Request("E[42601]", 'P', "", "SELECT 1; SELECT 2", (short) 0),
        new Request("E[42601]", 'P', "", "SELEC", (short) 0),
        new Request("E[42P02]", 'P', "", "SELECT $0", (short) 0),
        new Request("E[42P18]", 'P', "", "SELECT $2::int", (short) 0),
        new Request("E[42704]", 'P', "", "SELECT $1", (short) 1, 999_999),
      };
      for (Request request : requests) {
        Object[] fields = java.util.Arrays.copyOfRange(request.message(), 1, request.message().length);
        c.send((char) request.message()[0], fields);
        c.send('S');
        assertEquals(request.expected() + "Z", c.readUntilReady(), () -> java.util.Arrays.deepToString(request.message()));
        // In a block the same error fails the transaction.
        assertEquals("CZ[T]", c.query("BEGIN"));
        c.send((char) request.message()[0], fields);
        c.send('S');
        assertEquals(request.expected() + (request.expected().equals("3") ? "Z[T]" : "Z[E]"), c.readUntilReady(), () -> "in a block " + java.util.Arrays.deepToString(request.message()));
        assertEquals("CZ", c.query("ROLLBACK"));
      }
      c.send('B', "p", "s", (short) 0, (short) 2, -1, 2, new byte[] {'a', (byte) 0xff}, (short) 0);
      c.send('S');
      assertEquals("portal \"p\" parameter $2", c.readError().field('W'));
      assertEquals("Z", c.readUntilReady());
      c.send('B', "", "s", (short) 0, (short) 2, 3, new byte[] {'o', 'n', 'e'}, -1, (short) 0);
      c.send('S');
      assertEquals("unnamed portal parameter $1 = '...'", c.readError().field('W'));
      assertEquals("Z", c.readUntilReady());
      c.send('P', "", "SELECT count(*) FROM (VALUES ($1::int)" + ", ($1)".repeat(10) + ") v", (short) 0);
      c.send('S');
      assertEquals("1Z", c.readUntilReady());
      // The fast-path call is not supported and says so, without losing step.
      c.send('F', 1, (short) 0, (short) 0, (short) 0);
      assertTrue(c.readUntilReady().matches("E\\[(0A000|42883|08P01)]Z"));
      assertEquals("TDCZ", c.query("SELECT 1"));
    }
  }

  @Test
  void too_many_parameters() throws IOException {
    try (WireClient c = WireClient.ready(port)) {
      // As many as the protocol can number.
      int most = 65_535;
      StringBuilder sql = new StringBuilder("SELECT 1 WHERE $1::int IN ($2::int");
      for (int i = 3; i <= most; i++) {
        sql.append(", $").append(i);
      }
      byte[] nulls = new byte[4 * most];
      java.util.Arrays.fill(nulls, (byte) -1);
      c.send('P', "", sql + ")", (short) 0);
      c.send('B', "", "", (short) 0, (short) most, nulls, (short) 0);
      c.send('E', "", 0);
      c.send('S');
      assertEquals("12CZ", c.readUntilReady());
      c.send('P', "", "SELECT $65536::int", (short) 0);
      c.send('S');
      assertTrue(c.readUntilReady().matches("E\\[(42P02|08P01|42P18|54023)]Z"));
      c.send('P', "", "SELECT $99999999999", (short) 0);
      c.send('S');
      assertTrue(c.readUntilReady().matches("E\\[(42601|42P02)]Z"));
      assertEquals("TDCZ", c.query("SELECT 1"));
    }
  }

  @Test
  void huge_names_and_numbers() throws IOException {
    try (WireClient c = WireClient.ready(port)) {
      String longName = "n".repeat(1000);
      c.send('Q', "CREATE TEMP TABLE " + longName + " (a int)");
      WireClient.Reply notice = c.read();
      assertEquals('N', notice.type());
      assertEquals("42622", notice.field('C'));
      assertEquals("identifier \"" + longName + "\" will be truncated to \"" + "n".repeat(63) + "\"", notice.field('M'));
      assertEquals("CZ", c.readUntilReady());
      assertEquals("TCZ", c.query("SELECT * FROM " + "n".repeat(63)));
      // Cut at a character, not inside one.
      assertEquals("CZ", c.query("CREATE TEMP TABLE " + "\u00e4".repeat(40) + " (a int)"));
      assertEquals("TCZ", c.query("SELECT * FROM " + "\u00e4".repeat(31)));
      assertEquals("E[42703]Z", c.query("SELECT \"" + "x".repeat(1_000_000) + "\""));
      assertEquals("TDCZ", c.query("SELECT " + "9".repeat(10_000)));
      assertEquals("E[22003]Z", c.query("SELECT " + "9".repeat(200_000)).replace("T", ""));
      assertEquals("TDCZ", c.query("SELECT length('" + "x".repeat(3_000_000) + "')"));
      assertEquals("TDCZ", c.query("SELECT 1" + " ".repeat(2_000_000)));
    }
  }

  @Test
  void deep_nesting_is_refused_and_the_session_goes_on() throws IOException {
    int depth = 200_000;
    String[] statements = {
      "SELECT " + "(".repeat(depth) + "1" + ")".repeat(depth),
      "SELECT " + "-".repeat(1) + "(-".repeat(depth) + "1" + ")".repeat(depth),
      "SELECT " + "NOT ".repeat(depth) + "true",
      "SELECT " + "abs(".repeat(depth) + "1" + ")".repeat(depth),
      "SELECT " + "ARRAY[".repeat(depth) + "1" + "]".repeat(depth),
      "SELECT * FROM " + "(SELECT * FROM ".repeat(depth) + "goods" + ") q".repeat(depth),
      "SELECT '" + "[".repeat(depth) + "'::jsonb",
      "SELECT '" + "[".repeat(depth) + "]".repeat(depth) + "'::json",
      "SELECT " + "CASE WHEN true THEN ".repeat(depth) + "1" + " END".repeat(depth),
      "WITH a AS ".repeat(1) + "(SELECT 1) SELECT " + "(SELECT ".repeat(depth) + "1" + ")".repeat(depth),
      "SELECT 'a' ~ '" + "(".repeat(depth) + ")".repeat(depth) + "'",
    };
    try (WireClient c = WireClient.ready(port)) {
      for (String statement : statements) {
        String answer = c.query(statement).replace("T", "");
        assertTrue(answer.matches("E\\[(" + TOO_DEEP + ")]Z"), statement.substring(0, 40) + "... gave " + answer);
        assertEquals("TDCZ", c.query("SELECT 1"));
        c.send('P', "", statement, (short) 0);
        c.bindAndExecute("", 0);
        c.send('S');
        answer = c.readUntilReady();
        assertTrue(answer.matches("1?2?E\\[(" + TOO_DEEP + ")]Z"), statement.substring(0, 40) + "... gave " + answer);
      }
      // Long but not deep: as in PostgreSQL these work.
      assertEquals("TDCZ", c.query("SELECT 1" + " + 1".repeat(2_000)));
      assertEquals("TDCZ", c.query("SELECT count(*) FROM goods WHERE id IN (1" + ", 1".repeat(20_000) + ")"));
      assertEquals("TDCZ", c.query("SELECT 1 WHERE true" + " AND true".repeat(3_000)));
      assertEquals("TDCZ", c.query("SELECT " + "'a' || ".repeat(2_000) + "'a'"));
    }
  }
}
