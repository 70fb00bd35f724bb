package io.heliosdb.nano.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.DatabaseServer;
import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.wire.InProcessSocket;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.copy.CopyManager;
import org.postgresql.util.PGInterval;
import org.postgresql.util.PGobject;
import org.postgresql.util.PSQLException;

/// JDBC in the same process, as a program uses it. With `-Djdbc.url=jdbc:postgresql://…` the tests of behaviour ask another server
/// the same questions, which is how the expectations were checked against PostgreSQL 15.
@Timeout(60)
class JdbcInProcessTest {
  private static final String URL = System.getProperty("jdbc.url", "jdbc:heliosdb:mem:jdbc-test");

  private static Connection connect(String options) throws SQLException {
    return DriverManager.getConnection(URL + (URL.indexOf('?') < 0 ? "?" : "&") + options);
  }

  private static Connection connect() throws SQLException {
    return connect("");
  }

  // ---- types ----

  /// @param type SQL type of the column
  /// @param value what is bound
  /// @param read class asked of getObject; null for getObject without a class
  /// @param expected what comes back
  private record RoundTrip(String type, Object value, Class<?> read, Object expected) {
    RoundTrip(String type, Object value, Class<?> read) {
      this(type, value, read, value);
    }

    RoundTrip(String type, Object value) {
      this(type, value, null, value);
    }
  }

  private static PGobject other(String type, String value) throws SQLException {
    PGobject object = new PGobject();
    object.setType(type);
    object.setValue(value);
    return object;
  }

  private static List<RoundTrip> roundTrips() throws SQLException {
    return List.of(
        new RoundTrip("smallint", Short.MIN_VALUE, Short.class),
        new RoundTrip("smallint", 32767, null, 32767),
        new RoundTrip("int", Integer.MIN_VALUE),
        new RoundTrip("int", Integer.MAX_VALUE),
        new RoundTrip("bigint", Long.MIN_VALUE),
        new RoundTrip("bigint", Long.MAX_VALUE),
        new RoundTrip("real", 1.5e-30f),
        new RoundTrip("real", Float.NEGATIVE_INFINITY),
        new RoundTrip("double precision", 0.1 + 0.2),
        new RoundTrip("double precision", Double.MIN_VALUE),
        new RoundTrip("double precision", Double.NaN),
        new RoundTrip("float", Double.MAX_VALUE),
        new RoundTrip("numeric", new BigDecimal("12345678901234567890.123456789012345678901234567890")),
        new RoundTrip("numeric", new BigDecimal("-0.00000000000000000000000000000000000001")),
        new RoundTrip("numeric", new BigDecimal("0.000")),
        new RoundTrip("numeric(10,2)", new BigDecimal("1.005"), null, new BigDecimal("1.01")),
        new RoundTrip("numeric", new BigDecimal("1" + "0".repeat(300))),
        new RoundTrip("text", "plain"),
        new RoundTrip("text", ""),
        new RoundTrip("text", "quotes ' \" \\ and $1 {a,b}\ttab\r\nline \u00e4\u00f6\u00fc \u4f60\u597d \ud83d\ude00"),
        new RoundTrip("text", "x".repeat(100_000)),
        new RoundTrip("varchar(5)", "\u4f60\u597d"),
        new RoundTrip("char(5)", "ab", null, "ab   "),
        new RoundTrip("bytea", new byte[] {0, 1, -1, 92, 39, 127, -128}, byte[].class),
        new RoundTrip("bytea", new byte[0], byte[].class),
        new RoundTrip("boolean", true),
        new RoundTrip("boolean", false),
        new RoundTrip("date", LocalDate.of(2024, 2, 29), LocalDate.class),
        new RoundTrip("date", LocalDate.of(1, 1, 1), LocalDate.class),
        new RoundTrip("date", LocalDate.of(9999, 12, 31), LocalDate.class),
        new RoundTrip("date", Date.valueOf("1999-12-31")),
        new RoundTrip("time", LocalTime.of(23, 59, 59, 999_999_000), LocalTime.class),
        new RoundTrip("time", Time.valueOf("12:34:56")),
        new RoundTrip("timestamp", LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_999_000), LocalDateTime.class),
        new RoundTrip("timestamp", LocalDateTime.of(2024, 2, 29, 12, 0), LocalDateTime.class),
        new RoundTrip("timestamp", Timestamp.valueOf("2001-02-03 04:05:06.789012")),
        new RoundTrip("timestamptz", OffsetDateTime.of(2024, 6, 1, 12, 0, 0, 1000, ZoneOffset.UTC), OffsetDateTime.class),
        new RoundTrip("timestamptz", OffsetDateTime.of(2024, 6, 1, 12, 0, 0, 0, ZoneOffset.ofHours(-7)), OffsetDateTime.class,
            OffsetDateTime.of(2024, 6, 1, 19, 0, 0, 0, ZoneOffset.UTC)),
        new RoundTrip("interval", new PGInterval(1, 2, -3, 4, 5, 6.789)),
        new RoundTrip("interval", new PGInterval(0, -10, 3, -4, -5, -6.5)),
        new RoundTrip("uuid", UUID.fromString("00112233-4455-6677-8899-aabbccddeeff")),
        new RoundTrip("uuid", new UUID(-1, -1)),
        new RoundTrip("json", other("json", "{\"b\": 1,  \"a\" : [1.50, null]}")),
        new RoundTrip("jsonb", other("jsonb", "{\"b\": 1,  \"a\" : [1.50, null]}"), null, other("jsonb", "{\"a\": [1.50, null], \"b\": 1}")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"binaryTransfer=false", "prepareThreshold=-1", "prepareThreshold=1", "preferQueryMode=simple"})
  void every_type_comes_back_as_it_went(String mode) throws SQLException {
    try (Connection c = connect(mode); Statement s = c.createStatement()) {
      int number = 0;
      for (RoundTrip trip : roundTrips()) {
        String table = "trip_" + number++;
        s.execute("CREATE TEMP TABLE " + table + " (n int, v " + trip.type() + ")");
        try (PreparedStatement insert = c.prepareStatement("INSERT INTO " + table + " VALUES (?, ?)");
            PreparedStatement select = c.prepareStatement("SELECT v, v IS NULL FROM " + table + " ORDER BY n")) {
          insert.setInt(1, 1);
          insert.setObject(2, trip.value());
          assertEquals(1, insert.executeUpdate());
          insert.setInt(1, 2);
          insert.setNull(2, Types.NULL);
          assertEquals(1, insert.executeUpdate());
          // Twice, because the driver may switch formats after the first.
          for (int i = 0; i < 2; i++) {
            try (ResultSet rows = select.executeQuery()) {
              String context = mode + " " + trip;
              assertTrue(rows.next());
              Object actual = trip.read() == null ? rows.getObject(1) : rows.getObject(1, trip.read());
              if (trip.expected() instanceof byte[] bytes) {
                assertArrayEquals(bytes, (byte[]) actual, context);
              } else {
                assertEquals(trip.expected(), actual, context);
              }
              assertFalse(rows.getBoolean(2));
              assertTrue(rows.next());
              assertNull(rows.getObject(1), context);
              assertTrue(rows.wasNull());
              assertTrue(rows.getBoolean(2));
              assertFalse(rows.next());
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"binaryTransfer=false", "prepareThreshold=-1"})
  void arrays(String mode) throws SQLException {
    try (Connection c = connect(mode); Statement s = c.createStatement()) {
      record Case(String element, Object[] values) {}
      List<Case> cases =
          List.of(
              new Case("int4", new Integer[] {1, null, -3}),
              new Case("int8", new Long[] {Long.MAX_VALUE, null}),
              new Case("float8", new Double[] {0.1, Double.NEGATIVE_INFINITY, null}),
              new Case("bool", new Boolean[] {true, false, null}),
              new Case("text", new String[] {"", "NULL", null, "a\"b\\c", "{x,y}", " padded ", "\u00e4"}),
              new Case("varchar", new String[] {"one", null}),
              new Case("numeric", new BigDecimal[] {new BigDecimal("1.50"), null}),
              new Case("uuid", new UUID[] {new UUID(1, 2), null}),
              new Case("text", new String[0]),
              new Case("int4", new Integer[][] {{1, 2}, {3, null}}));
      int number = 0;
      for (Case one : cases) {
        String table = "arrays_" + number++;
        s.execute("CREATE TEMP TABLE " + table + " (v " + one.element() + "[])");
        try (PreparedStatement insert = c.prepareStatement("INSERT INTO " + table + " VALUES (?)")) {
          insert.setArray(1, c.createArrayOf(one.element(), one.values()));
          insert.executeUpdate();
        }
        try (PreparedStatement select = c.prepareStatement("SELECT v FROM " + table);
            ResultSet rows = select.executeQuery()) {
          rows.next();
          Array array = rows.getArray(1);
          assertTrue(Arrays.deepEquals(one.values(), (Object[]) array.getArray()), mode + " " + one.element() + " " + array);
        }
      }
      try (PreparedStatement any = c.prepareStatement("SELECT count(*) FROM generate_series(1, 10) g WHERE g = ANY (?)")) {
        any.setArray(1, c.createArrayOf("int4", new Integer[] {2, 3, 99}));
        assertEquals(2, single(any));
      }
    }
  }

  private static long single(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      assertTrue(row.next());
      return row.getLong(1);
    }
  }

  private static String value(Connection c, String query) throws SQLException {
    try (Statement s = c.createStatement(); ResultSet row = s.executeQuery(query)) {
      assertTrue(row.next());
      return row.getString(1);
    }
  }

  @Test
  void infinite_and_ancient_moments() throws SQLException {
    for (String mode : new String[] {"binaryTransfer=false", "prepareThreshold=-1"}) {
      try (Connection c = connect(mode);
          PreparedStatement s = c.prepareStatement("SELECT 'infinity'::timestamp, '-infinity'::timestamptz, 'infinity'::date, '4713-01-01 BC'::date");
          ResultSet row = s.executeQuery()) {
        row.next();
        assertEquals(LocalDateTime.MAX, row.getObject(1, LocalDateTime.class));
        assertEquals(OffsetDateTime.MIN, row.getObject(2, OffsetDateTime.class));
        assertEquals(LocalDate.MAX, row.getObject(3, LocalDate.class));
        assertEquals(LocalDate.of(-4712, 1, 1), row.getObject(4, LocalDate.class));
      }
    }
  }

  // ---- statements ----

  @Test
  void batches_keys_and_counts() throws SQLException {
    try (Connection c = connect(); Statement s = c.createStatement()) {
      s.execute("CREATE TEMP TABLE item (id serial PRIMARY KEY, code int GENERATED ALWAYS AS IDENTITY (START 100), name text NOT NULL)");
      assertEquals(1, s.executeUpdate("INSERT INTO item (name) VALUES ('first')", Statement.RETURN_GENERATED_KEYS));
      try (ResultSet keys = s.getGeneratedKeys()) {
        assertTrue(keys.next());
        assertEquals(1, keys.getInt("id"));
        assertEquals(100, keys.getInt("code"));
      }
      try (PreparedStatement insert = c.prepareStatement("INSERT INTO item (name) VALUES (?)", new String[] {"id"})) {
        for (int i = 0; i < 500; i++) {
          insert.setString(1, "item " + i);
          insert.addBatch();
        }
        int[] counts = insert.executeBatch();
        assertEquals(500, counts.length);
        assertTrue(Arrays.stream(counts).allMatch(count -> count == 1));
        try (ResultSet keys = insert.getGeneratedKeys()) {
          for (int i = 0; i < 500; i++) {
            assertTrue(keys.next());
            assertEquals(i + 2, keys.getInt(1));
          }
          assertFalse(keys.next());
        }
      }
      try (PreparedStatement insert = c.prepareStatement("INSERT INTO item (name) VALUES (?)")) {
        for (String name : new String[] {"good", null, "never reached"}) {
          insert.setString(1, name);
          insert.addBatch();
        }
        BatchUpdateException e = assertThrows(BatchUpdateException.class, insert::executeBatch);
        assertEquals("23502", e.getSQLState());
      }
      assertEquals("501", value(c, "SELECT count(*) FROM item"));
      assertEquals(501, s.executeUpdate("UPDATE item SET name = upper(name)"));
      assertEquals(0, s.executeUpdate("DELETE FROM item WHERE id < 0"));
      assertTrue(s.execute("SELECT 1; UPDATE item SET name = 'x' WHERE id = 1; SELECT 2"));
      assertFalse(s.getMoreResults());
      assertEquals(1, s.getUpdateCount());
      assertTrue(s.getMoreResults());
      assertFalse(s.getMoreResults());
      assertEquals(-1, s.getUpdateCount());
    }
  }

  @Test
  void batch_rewritten_to_one_insert() throws SQLException {
    try (Connection c = connect("reWriteBatchedInserts=true"); Statement s = c.createStatement()) {
      s.execute("CREATE TEMP TABLE item (id int, name text)");
      try (PreparedStatement insert = c.prepareStatement("INSERT INTO item VALUES (?, ?)")) {
        for (int i = 0; i < 300; i++) {
          insert.setInt(1, i);
          insert.setString(2, "n" + i);
          insert.addBatch();
        }
        insert.executeBatch();
      }
      assertEquals("300/44850", value(c, "SELECT count(*) || '/' || sum(id) FROM item WHERE name = 'n' || id"));
    }
  }

  @Test
  void fetch_size_reads_by_portions_within_a_transaction() throws SQLException {
    try (Connection c = connect(); Statement s = c.createStatement()) {
      c.setAutoCommit(false);
      s.setFetchSize(100);
      try (ResultSet rows = s.executeQuery("SELECT g, repeat('x', 1000) FROM generate_series(1, 5000) g"); Statement other = c.createStatement()) {
        long sum = 0;
        int count = 0;
        while (rows.next()) {
          sum += rows.getInt(1);
          if (++count % 1000 == 0) {
            // Another statement between two portions.
            try (ResultSet row = other.executeQuery("SELECT " + count)) {
              row.next();
              assertEquals(count, row.getInt(1));
            }
          }
        }
        assertEquals(5000, count);
        assertEquals(5000L * 5001 / 2, sum);
      }
      c.commit();
      try (PreparedStatement limited = c.prepareStatement("SELECT g FROM generate_series(1, 1000) g")) {
        limited.setMaxRows(7);
        int count = 0;
        try (ResultSet rows = limited.executeQuery()) {
          while (rows.next()) {
            count++;
          }
        }
        assertEquals(7, count);
      }
      c.rollback();
      try (Statement scroll = c.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY);
          ResultSet rows = scroll.executeQuery("SELECT g FROM generate_series(1, 10) g")) {
        assertTrue(rows.last());
        assertEquals(10, rows.getInt(1));
        assertTrue(rows.absolute(3));
        assertEquals(3, rows.getInt(1));
      }
      c.rollback();
    }
  }

  @Test
  void updatable_result_set() throws SQLException {
    try (Connection c = connect(); Statement s = c.createStatement(ResultSet.TYPE_SCROLL_SENSITIVE, ResultSet.CONCUR_UPDATABLE)) {
      s.execute("CREATE TABLE IF NOT EXISTS editable (id int PRIMARY KEY, name text)");
      s.execute("INSERT INTO editable VALUES (1, 'a'), (2, 'b'), (3, 'c')");
      try (ResultSet rows = s.executeQuery("SELECT id, name FROM editable ORDER BY id")) {
        rows.next();
        rows.updateString(2, "changed");
        rows.updateRow();
        rows.next();
        rows.deleteRow();
        rows.moveToInsertRow();
        rows.updateInt(1, 9);
        rows.updateString(2, "new");
        rows.insertRow();
      }
      assertEquals("1changed,3c,9new", value(c, "SELECT string_agg(id || name, ',' ORDER BY id) FROM editable"));
      s.execute("DROP TABLE editable");
    }
  }

  @Test
  void savepoints_and_failed_transactions() throws SQLException {
    try (Connection c = connect(); Statement s = c.createStatement()) {
      s.execute("CREATE TEMP TABLE t (id int PRIMARY KEY)");
      c.setAutoCommit(false);
      s.execute("INSERT INTO t VALUES (1)");
      Savepoint named = c.setSavepoint("a b");
      s.execute("INSERT INTO t VALUES (2)");
      assertEquals("23505", assertThrows(SQLException.class, () -> s.execute("INSERT INTO t VALUES (1)")).getSQLState());
      assertEquals("25P02", assertThrows(SQLException.class, () -> s.execute("SELECT 1")).getSQLState());
      c.rollback(named);
      s.execute("INSERT INTO t VALUES (3)");
      Savepoint unnamed = c.setSavepoint();
      c.releaseSavepoint(unnamed);
      c.commit();
      assertEquals("1,3", value(c, "SELECT string_agg(id::text, ',' ORDER BY id) FROM t"));
      c.rollback();
      // A value that cannot be read for its parameter fails the transaction, like any error in it.
      try (PreparedStatement bad = c.prepareStatement("INSERT INTO t VALUES (?)")) {
        bad.setObject(1, "seven", Types.OTHER);
        assertEquals("22P02", assertThrows(SQLException.class, bad::execute).getSQLState());
      }
      assertEquals("25P02", assertThrows(SQLException.class, () -> s.execute("SELECT 1")).getSQLState());
      c.rollback();
      c.setReadOnly(true);
      assertEquals("25006", assertThrows(SQLException.class, () -> s.execute("CREATE TABLE never (a int)")).getSQLState());
      c.rollback();
      c.setReadOnly(false);
      for (int level : new int[] {Connection.TRANSACTION_READ_COMMITTED, Connection.TRANSACTION_REPEATABLE_READ, Connection.TRANSACTION_SERIALIZABLE}) {
        c.setTransactionIsolation(level);
        assertEquals(level, c.getTransactionIsolation());
        c.rollback();
      }
    }
  }

  @Test
  void errors_carry_what_the_server_said() throws SQLException {
    try (Connection c = connect(); Statement s = c.createStatement()) {
      s.execute("CREATE TEMP TABLE parent (id int PRIMARY KEY, CONSTRAINT positive CHECK (id > 0))");
      s.execute("INSERT INTO parent VALUES (1)");
      PSQLException duplicate = assertThrows(PSQLException.class, () -> s.execute("INSERT INTO parent VALUES (1)"));
      assertEquals("23505", duplicate.getSQLState());
      assertEquals("duplicate key value violates unique constraint \"parent_pkey\"", duplicate.getServerErrorMessage().getMessage());
      assertEquals("Key (id)=(1) already exists.", duplicate.getServerErrorMessage().getDetail());
      assertEquals("parent_pkey", duplicate.getServerErrorMessage().getConstraint());
      assertEquals("parent", duplicate.getServerErrorMessage().getTable());
      PSQLException check = assertThrows(PSQLException.class, () -> s.execute("INSERT INTO parent VALUES (-1)"));
      assertEquals("positive", check.getServerErrorMessage().getConstraint());
      assertEquals("Failing row contains (-1).", check.getServerErrorMessage().getDetail());
      PSQLException syntax = assertThrows(PSQLException.class, () -> s.execute("SELEKT 1"));
      assertEquals(1, syntax.getServerErrorMessage().getPosition());
      s.execute("DO $$ BEGIN RAISE NOTICE 'hello %', 1; END $$");
      assertEquals("hello 1", s.getWarnings().getMessage());
    }
  }

  @Test
  void query_timeout_and_cancel() throws Exception {
    try (Connection c = connect(); Statement s = c.createStatement()) {
      s.setQueryTimeout(1);
      assertEquals("57014", assertThrows(SQLException.class, () -> s.execute("SELECT pg_sleep(30)")).getSQLState());
      s.setQueryTimeout(0);
      CompletableFuture<String> state =
          CompletableFuture.supplyAsync(() -> assertThrows(SQLException.class, () -> s.execute("SELECT pg_sleep(30)")).getSQLState());
      try (Connection observer = connect()) {
        awaitActive(observer, c);
      }
      s.cancel();
      assertEquals("57014", state.get(10, TimeUnit.SECONDS));
      assertEquals("1", value(c, "SELECT 1"));
    }
  }

  /// Returns when the other connection's statement is under way.
  private static void awaitActive(Connection observer, Connection other) throws SQLException {
    int pid = other.unwrap(PGConnection.class).getBackendPID();
    while (!value(observer, "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep%' AND pid = " + pid).equals("1")) {
      Thread.onSpinWait();
    }
  }

  @Test
  void copy_manager() throws Exception {
    try (Connection c = connect(); Statement s = c.createStatement()) {
      s.execute("CREATE TEMP TABLE t (id int PRIMARY KEY, name text)");
      CopyManager copy = c.unwrap(PGConnection.class).getCopyAPI();
      StringBuilder csv = new StringBuilder("id,name\n");
      for (int i = 0; i < 20_000; i++) {
        csv.append(i).append(",\"name, \"\"").append(i).append("\"\"\"\n");
      }
      assertEquals(20_000, copy.copyIn("COPY t FROM STDIN WITH (FORMAT csv, HEADER)", new StringReader(csv.toString())));
      StringWriter out = new StringWriter();
      assertEquals(20_000, copy.copyOut("COPY (SELECT * FROM t ORDER BY id) TO STDOUT WITH (FORMAT csv, HEADER)", out));
      assertEquals(csv.toString(), out.toString());
      PSQLException bad = assertThrows(PSQLException.class, () -> copy.copyIn("COPY t FROM STDIN", new StringReader("90000\tfine\n90001\tfine\nx\tbad\n")));
      assertEquals("22P02", bad.getSQLState());
      assertEquals("COPY t, line 3, column id: \"x\"", bad.getServerErrorMessage().getWhere());
      assertEquals("20000", value(c, "SELECT count(*) FROM t"));
      var writer = copy.copyIn("COPY t FROM STDIN");
      byte[] line = "90000\tleft\n".getBytes();
      writer.writeToCopy(line, 0, line.length);
      writer.cancelCopy();
      assertEquals("20000", value(c, "SELECT count(*) FROM t"));
    }
  }

  @Test
  void listen_and_notify_between_two_connections() throws Exception {
    try (Connection listener = connect(); Connection sender = connect(); Statement s = sender.createStatement(); Statement l = listener.createStatement()) {
      PGConnection notified = listener.unwrap(PGConnection.class);
      l.execute("LISTEN news");
      s.execute("NOTIFY news, 'one'");
      PGNotification[] first = notified.getNotifications(10_000);
      assertEquals(1, first.length);
      assertEquals("news", first[0].getName());
      assertEquals("one", first[0].getParameter());
      assertEquals(sender.unwrap(PGConnection.class).getBackendPID(), first[0].getPID());
      // Nothing comes before the commit, and the wait ends when it comes.
      sender.setAutoCommit(false);
      s.execute("NOTIFY news, 'two'");
      PGNotification[] none = notified.getNotifications(50);
      assertTrue(none == null || none.length == 0);
      CompletableFuture<PGNotification[]> waiting =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return notified.getNotifications(20_000);
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThrows(java.util.concurrent.TimeoutException.class, () -> waiting.get(100, TimeUnit.MILLISECONDS));
      sender.commit();
      assertEquals("two", waiting.get(10, TimeUnit.SECONDS)[0].getParameter());
      l.execute("UNLISTEN *");
      s.execute("NOTIFY news, 'three'");
      sender.commit();
      PGNotification[] after = notified.getNotifications(50);
      assertTrue(after == null || after.length == 0);
    }
  }

  // ---- metadata ----

  private static List<String> column(ResultSet rows, String... names) throws SQLException {
    List<String> result = new ArrayList<>();
    try (rows) {
      while (rows.next()) {
        List<String> cells = new ArrayList<>();
        for (String name : names) {
          cells.add(rows.getString(name));
        }
        result.add(String.join(" ", cells));
      }
    }
    return result;
  }

  @Test
  void database_metadata() throws SQLException {
    try (Connection c = connect(); Statement s = c.createStatement()) {
      s.execute("DROP SCHEMA IF EXISTS meta CASCADE; CREATE SCHEMA meta; SET search_path = meta");
      s.execute("CREATE TABLE author (id serial PRIMARY KEY, name varchar(40) NOT NULL UNIQUE, born date, fee numeric(8,2) DEFAULT 1.5)");
      s.execute("CREATE TABLE book (isbn char(13), part smallint, author_id int NOT NULL REFERENCES author ON DELETE CASCADE, tags text[], PRIMARY KEY (part, isbn))");
      s.execute("CREATE INDEX book_author ON book (author_id DESC)");
      s.execute("CREATE VIEW author_names AS SELECT name FROM author");
      s.execute("COMMENT ON TABLE author IS 'who writes'");
      s.execute("CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2'");
      DatabaseMetaData meta = c.getMetaData();
      assertEquals("PostgreSQL", meta.getDatabaseProductName());
      assertEquals(15, meta.getDatabaseMajorVersion());
      assertEquals(
          List.of("author TABLE who writes", "book TABLE null", "author_names VIEW null"),
          column(meta.getTables(null, "meta", "%", new String[] {"TABLE", "VIEW"}), "TABLE_NAME", "TABLE_TYPE", "REMARKS"));
      assertEquals(
          List.of("id 4 serial 10 NO nextval('author_id_seq'::regclass) YES", "name 12 varchar 40 NO null NO", "born 91 date 13 YES null NO", "fee 2 numeric 8 YES 1.5 NO"),
          column(meta.getColumns(null, "meta", "author", "%"), "COLUMN_NAME", "DATA_TYPE", "TYPE_NAME", "COLUMN_SIZE", "IS_NULLABLE", "COLUMN_DEF", "IS_AUTOINCREMENT"));
      assertEquals(List.of("isbn 1 bpchar 13", "part 5 int2 5", "author_id 4 int4 10", "tags 2003 _text 2147483647"),
          column(meta.getColumns(null, "meta", "book", "%"), "COLUMN_NAME", "DATA_TYPE", "TYPE_NAME", "COLUMN_SIZE"));
      assertEquals(List.of("part 1 book_pkey", "isbn 2 book_pkey").stream().sorted().toList(),
          column(meta.getPrimaryKeys(null, "meta", "book"), "COLUMN_NAME", "KEY_SEQ", "PK_NAME").stream().sorted().toList());
      String key = "author id book author_id 1 3 0 book_author_id_fkey author_pkey 7";
      String[] keyColumns = {"PKTABLE_NAME", "PKCOLUMN_NAME", "FKTABLE_NAME", "FKCOLUMN_NAME", "KEY_SEQ", "UPDATE_RULE", "DELETE_RULE", "FK_NAME", "PK_NAME", "DEFERRABILITY"};
      assertEquals(List.of(key), column(meta.getImportedKeys(null, "meta", "book"), keyColumns));
      assertEquals(List.of(key), column(meta.getExportedKeys(null, "meta", "author"), keyColumns));
      assertEquals(List.of(key), column(meta.getCrossReference(null, "meta", "author", null, "meta", "book"), keyColumns));
      assertEquals(List.of("book_pkey 1 part A f", "book_pkey 2 isbn A f", "book_author 1 author_id D t"),
          column(meta.getIndexInfo(null, "meta", "book", false, true), "INDEX_NAME", "ORDINAL_POSITION", "COLUMN_NAME", "ASC_OR_DESC", "NON_UNIQUE"));
      assertEquals(List.of("author_name_key name", "author_pkey id"),
          column(meta.getIndexInfo(null, "meta", "author", true, true), "INDEX_NAME", "COLUMN_NAME").stream().sorted().toList());
      assertEquals(List.of("meta"), column(meta.getSchemas(null, "meta"), "TABLE_SCHEM"));
      assertEquals(List.of("twice"), column(meta.getFunctions(null, "meta", "%"), "FUNCTION_NAME"));
      assertEquals(List.of("returnValue 4 4", "n 1 4"), column(meta.getFunctionColumns(null, "meta", "twice", "%"), "COLUMN_NAME", "COLUMN_TYPE", "DATA_TYPE"));
      assertEquals(List.of("id"), column(meta.getBestRowIdentifier(null, "meta", "author", DatabaseMetaData.bestRowSession, true), "COLUMN_NAME"));
      List<String> types = column(meta.getTypeInfo(), "TYPE_NAME", "DATA_TYPE");
      assertTrue(types.containsAll(List.of("int4 4", "text 12", "numeric 2", "timestamptz 93", "bool -7", "bytea -2", "uuid 1111", "_int4 2003")), types.toString());
      assertTrue(column(meta.getTableTypes(), "TABLE_TYPE").containsAll(List.of("TABLE", "VIEW", "INDEX", "SEQUENCE")));
      String user = meta.getUserName();
      assertTrue(column(meta.getTablePrivileges(null, "meta", "author"), "GRANTEE", "PRIVILEGE").contains(user + " SELECT"));
      assertTrue(column(meta.getColumnPrivileges(null, "meta", "author", "name"), "GRANTEE", "PRIVILEGE").contains(user + " UPDATE"));
      assertNotNull(meta.getSQLKeywords());
      assertTrue(meta.getNumericFunctions().contains("abs"));
      try (PreparedStatement select = c.prepareStatement("SELECT id, name AS label, fee FROM author WHERE id = ? AND born > ?")) {
        ResultSetMetaData columns = select.getMetaData();
        assertEquals("author", columns.getTableName(1));
        assertEquals("name", ((org.postgresql.PGResultSetMetaData) columns).getBaseColumnName(2));
        assertEquals("label", columns.getColumnLabel(2));
        assertTrue(columns.isAutoIncrement(1));
        assertEquals(ResultSetMetaData.columnNoNulls, columns.isNullable(1));
        assertEquals(8, columns.getPrecision(3));
        assertEquals(2, columns.getScale(3));
        assertEquals(Types.INTEGER, select.getParameterMetaData().getParameterType(1));
        assertEquals(Types.DATE, select.getParameterMetaData().getParameterType(2));
      }
      s.execute("DROP SCHEMA meta CASCADE");
    }
  }

  // ---- databases and their lives ----

  @Test
  void connections_to_one_name_share_data_until_the_last_is_closed() throws SQLException {
    String url = "jdbc:heliosdb:mem:shared";
    try (Connection a = DriverManager.getConnection(url); Connection other = DriverManager.getConnection("jdbc:heliosdb:mem:different")) {
      a.createStatement().execute("CREATE TABLE t AS SELECT 1 AS v");
      try (Connection b = DriverManager.getConnection(url)) {
        assertEquals("1", value(b, "SELECT v FROM t"));
      }
      assertEquals("1", value(a, "SELECT v FROM t"));
      assertEquals("42P01", assertThrows(SQLException.class, () -> value(other, "SELECT v FROM t")).getSQLState());
    }
    try (Connection again = DriverManager.getConnection(url)) {
      assertEquals("42P01", assertThrows(SQLException.class, () -> value(again, "SELECT v FROM t")).getSQLState());
    }
  }

  @Test
  void file_database_is_released_with_its_last_connection(@TempDir Path directory) throws Exception {
    String url = "jdbc:heliosdb:file:" + directory.resolve("db");
    try (Connection a = DriverManager.getConnection(url); Connection b = DriverManager.getConnection(url)) {
      a.createStatement().execute("CREATE TABLE t (v int)");
      b.createStatement().execute("INSERT INTO t VALUES (7)");
      // The same directory through the embedded API is the same database.
      try (EmbeddedDatabase db = EmbeddedDatabase.open(directory.resolve("db"))) {
        assertEquals(7, db.queryOne("SELECT v FROM t", Integer.class));
      }
      assertEquals("7", value(a, "SELECT v FROM t"));
    }
    // Nothing holds the directory any more: another place can take the files.
    Files.move(directory.resolve("db"), directory.resolve("moved"));
    try (Connection moved = DriverManager.getConnection("jdbc:heliosdb:file:" + directory.resolve("moved"))) {
      assertEquals("7", value(moved, "SELECT v FROM t"));
    }
    SQLException notADirectory = assertThrows(SQLException.class, () -> DriverManager.getConnection("jdbc:heliosdb:file:" + Files.createFile(directory.resolve("file"))));
    assertNotNull(notADirectory.getSQLState());
    assertEquals("08001", assertThrows(SQLException.class, () -> DriverManager.getConnection("jdbc:heliosdb:nowhere")).getSQLState());
  }

  @Test
  void shutdown_ends_open_connections() throws SQLException {
    String url = "jdbc:heliosdb:mem:ending";
    try (Connection c = DriverManager.getConnection(url)) {
      assertTrue(c.isValid(5));
      HeliosDriver.shutdown(url);
      SQLException e = assertThrows(SQLException.class, () -> value(c, "SELECT 1"));
      assertTrue(e.getSQLState().equals("57P01") || e.getSQLState().startsWith("08"), e.getSQLState());
    }
    try (Connection fresh = DriverManager.getConnection(url)) {
      assertEquals("1", value(fresh, "SELECT 1"));
    }
  }

  @Test
  void terminated_session_and_abort() throws Exception {
    try (Connection c = connect(); Connection victim = connect()) {
      int pid = victim.unwrap(PGConnection.class).getBackendPID();
      assertEquals("t", value(c, "SELECT pg_terminate_backend(" + pid + ")"));
      assertEquals("57P01", assertThrows(SQLException.class, () -> value(victim, "SELECT 1")).getSQLState());
      assertFalse(victim.isValid(1));
    }
    try (Connection c = connect(); Connection sleeper = connect()) {
      int pid = sleeper.unwrap(PGConnection.class).getBackendPID();
      CompletableFuture<SQLException> end =
          CompletableFuture.supplyAsync(() -> assertThrows(SQLException.class, () -> value(sleeper, "SELECT pg_sleep(30)")));
      awaitActive(c, sleeper);
      sleeper.abort(Runnable::run);
      assertNotNull(end.get(10, TimeUnit.SECONDS));
      while (!value(c, "SELECT count(*) FROM pg_stat_activity WHERE pid = " + pid).equals("0")) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void live_embedded_database_is_served_at_the_same_time() throws SQLException {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      db.execute("CREATE TABLE t (v int)");
      DatabaseServer server = db.startServer(0);
      assertTrue(server.isRunning());
      String url = "jdbc:postgresql://127.0.0.1:" + server.port() + "/heliosdb?user=postgres&sslmode=disable";
      try (Connection c = DriverManager.getConnection(url); Statement s = c.createStatement()) {
        db.execute("INSERT INTO t VALUES (1)");
        s.execute("INSERT INTO t SELECT v + 1 FROM t");
        assertEquals(3L, db.queryOne("SELECT sum(v) FROM t", Long.class));
        c.setAutoCommit(false);
        s.execute("UPDATE t SET v = v + 10 WHERE v = 1");
        assertEquals(3L, db.queryOne("SELECT sum(v) FROM t", Long.class));
        c.commit();
        assertEquals(13L, db.queryOne("SELECT sum(v) FROM t", Long.class));
        assertEquals(server.port(), db.startServer(0).port(), "a running server is kept");
        server.close();
        assertFalse(server.isRunning());
        assertThrows(SQLException.class, () -> s.execute("SELECT 1"));
      }
      assertThrows(SQLException.class, () -> DriverManager.getConnection(url));
      assertEquals(2L, db.queryOne("SELECT count(*) FROM t", Long.class));
      assertTrue(db.startServer(0).isRunning());
    }
  }

  @Test
  void reading_no_bytes_waits_for_none() throws Exception {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory();
        InProcessSocket socket = new InProcessSocket(db.engine(), () -> {})) {
      assertEquals(0, socket.getInputStream().read(new byte[0], 0, 0));
    }
  }

  // ---- plans shared by texts that differ in their literals ----

  @Test
  void statements_with_literals_are_run_with_their_own_ones() throws SQLException {
    try (Connection connection = connect(); Statement statement = connection.createStatement()) {
      statement.execute("create temp table shared_plan (id int primary key, name varchar(10), price numeric(8,2), day date)");
      for (int i = 0; i < 20; i++) {
        assertEquals(1, statement.executeUpdate("insert into shared_plan values (" + i + ", 'n" + i + "', " + i + ".5, '2024-01-" + (i + 10) + "')"));
      }
      for (int i = 0; i < 20; i++) {
        try (ResultSet row = statement.executeQuery("select name, price * 2, day, 'x" + i + "', " + i + " from shared_plan where id = " + i)) {
          assertTrue(row.next());
          assertEquals("n" + i, row.getString(1));
          assertEquals(0, new BigDecimal(2 * i + 1).compareTo(row.getBigDecimal(2)));
          assertEquals("x" + i, row.getString(4));
          assertEquals("text", row.getMetaData().getColumnTypeName(4));
          assertEquals(i, row.getInt(5));
          assertFalse(row.next());
        }
      }
      SQLException e = assertThrows(SQLException.class, () -> statement.executeQuery("select * from shared_plan where day = '2024-13-01'"));
      assertEquals("22008", e.getSQLState());
      e = assertThrows(SQLException.class, () -> statement.executeQuery("select * from shared_plan where id = 'seven'"));
      assertEquals("22P02", e.getSQLState());
      // The plan of this text is another one after the change, and the columns of it are the new ones.
      assertEquals(1, statement.executeUpdate("update shared_plan set name = 'changed' where id = 3"));
      statement.execute("alter table shared_plan add column late int default 7");
      try (ResultSet row = statement.executeQuery("select * from shared_plan where id = 3")) {
        assertTrue(row.next());
        assertEquals(5, row.getMetaData().getColumnCount());
        assertEquals(7, row.getInt("late"));
      }
      connection.setAutoCommit(false);
      statement.setFetchSize(3);
      int rows = 0;
      try (ResultSet result = statement.executeQuery("select id from shared_plan where id > 4 and price < 100")) {
        while (result.next()) {
          rows++;
        }
      }
      assertEquals(15, rows);
      connection.rollback();
    }
  }
}
