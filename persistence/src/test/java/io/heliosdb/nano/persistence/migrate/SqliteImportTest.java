package io.heliosdb.nano.persistence.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.persistence.migrate.sqlite.SqliteImport;
import io.heliosdb.nano.persistence.migrate.sqlite.SqliteOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteImportTest {
  @TempDir Path directory;

  private Path sqlite(String... statements) throws SQLException {
    Path file = directory.resolve("source.sqlite");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file); Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (String sql : statements) {
        statement.executeUpdate(sql);
      }
      connection.commit();
    }
    return file;
  }

  private Path shop() throws SQLException, IOException {
    try (var in = SqliteImportTest.class.getResourceAsStream("shop.sql")) {
      return sqlite(new String(in.readAllBytes(), StandardCharsets.UTF_8).split(";\n(?!END)"));
    }
  }

  private EmbeddedDatabase imported(Path file, List<String> notes) {
    ImportReport report = SqliteImport.into(directory.resolve("data"), SqliteOptions.of(file));
    report.notes().forEach(note -> notes.add(note.toString()));
    return EmbeddedDatabase.open(directory.resolve("data"));
  }

  private static String types(EmbeddedDatabase database, String table) {
    return database.queryOne(
        "SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0", String.class, table);
  }

  @Test
  void definitions_and_values_of_all_kinds() throws Exception {
    List<String> notes = new ArrayList<>();
    try (EmbeddedDatabase database = imported(shop(), notes)) {
      assertEquals(
          "id bigint, email character varying(40), Display Name text, active boolean, joined timestamp without time zone, birthday date, balance numeric(10,2), settings json, token uuid, photo bytea"
              .toLowerCase(),
          types(database, "customers"));
      assertEquals(
          "number bigint, customer bigint, net double precision, tax double precision, gross double precision, label text, state text, kind smallint, big bigint", types(database, "orders"));
      assertEquals("order_number bigint, position bigint, select text", types(database, "order_items"));
      assertEquals("a bytea, b text, c bytea, d bytea, e double precision, f text, g bigint, h boolean", types(database, "anything"));
      assertEquals("d text, t timestamp without time zone, z timestamp with time zone", types(database, "calendar"));
      assertEquals("i text, m numeric, n bytea, empty double precision", types(database, "widened"));
      assertEquals(
          List.of("9007199254740993|610062", "0.5|706c61696e"),
          database.query("SELECT m || '|' || encode(n, 'hex') FROM widened ORDER BY m DESC").rows().stream().map(row -> row.getString(0)).toList());
      assertEquals(
          "1|Ann 'the' first|t|2024-02-29 12:30:00.123456|12.50|[1, 2]|0001ff;2||f|2024-03-01 00:00:00|-3.00|-|-;3|-|t|-|99999999.99|-|",
          database.queryOne(
              "SELECT string_agg(concat_ws('|', id, coalesce(\"display name\", '-'), active, coalesce(joined::text, '-'), balance, coalesce(settings->>'a', '-'), coalesce(encode(photo, 'hex'), '-')), ';' ORDER BY id) FROM customers",
              String.class));
      assertEquals(10.5 * 1.19, database.queryOne("SELECT gross FROM orders WHERE number = 1", Double.class));
      assertEquals("#7", database.queryOne("SELECT label FROM orders WHERE number = 7", String.class));
      assertEquals("one,1,01", database.queryOne("SELECT convert_from(a, 'UTF8') || ',' || (SELECT convert_from(a, 'UTF8') FROM anything WHERE c = 'three'::bytea) || ',' || (SELECT encode(a, 'hex') FROM anything WHERE b = '2.5') FROM anything WHERE b = 'two'", String.class));
      behaviour(database);
    }
    String all = String.join("\n", notes);
    for (String expected : List.of("trigger tr", "view broken", "index globbed: GLOB", "table docs", "primary key of nullable_key", "foreign key (customer) of orphans: rows refer", "column order_items.select: values of up to 6")) {
      assertTrue(all.contains(expected), expected + " in\n" + all);
    }
    for (String unexpected : List.of("view top", "view totals", "CHECK constraint", "index by_", "index one_kind", "DEFAULT")) {
      assertFalse(all.contains(unexpected), unexpected + " in\n" + all);
    }
  }

  /// Sequences, defaults, keys, checks, foreign keys, views do here what they did there.
  private static void behaviour(EmbeddedDatabase database) {
    database.execute("INSERT INTO customers (email) VALUES ('new@example.org')");
    assertEquals("42|nobody|t|0.00|00ff", database.queryOne("SELECT concat_ws('|', id, \"display name\", active, balance, encode(photo, 'hex')) FROM customers WHERE email LIKE 'new%'", String.class));
    assertTrue(database.queryOne("SELECT abs(extract(epoch FROM (now() AT TIME ZONE 'UTC') - joined)) < 60 FROM customers WHERE id = 42", Boolean.class));
    assertState("23505", database, "INSERT INTO customers (email) VALUES ('NEW@example.org')");
    assertState("23514", database, "INSERT INTO customers (email) VALUES ('none')");
    assertState("22001", database, "INSERT INTO customers (email) VALUES (repeat('x', 41) || '@')");
    database.execute("INSERT INTO orders (customer, net) VALUES (42, 2)");
    assertEquals(10L, database.queryOne("SELECT max(number) FROM orders", Long.class));
    assertState("23514", database, "UPDATE orders SET state = 'other'");
    assertState("23505", database, "INSERT INTO orders (net, kind) VALUES (1, 32767)");
    assertState("23503", database, "INSERT INTO order_items VALUES (77, 1)");
    assertState("23505", database, "INSERT INTO order_items VALUES (1, 1)");
    assertState("23503", database, "INSERT INTO orphans (customer) VALUES (778)");
    assertState("23503", database, "INSERT INTO orders (customer, net) VALUES (99, 2)");
    database.execute("DELETE FROM customers WHERE id = 42");
    assertEquals(3L, database.queryOne("SELECT count(*) FROM orders", Long.class));
    assertEquals("Ann 'the' first", database.queryOne("SELECT name FROM top", String.class));
    assertEquals(1L, database.queryOne("SELECT count(*) FROM pg_indexes WHERE indexname = 'by_state' AND indexdef LIKE '%net DESC%WHERE%'", Long.class));
  }

  private static void assertState(String state, EmbeddedDatabase database, String sql) {
    assertEquals(state, assertThrows(SqlException.class, () -> database.execute(sql), sql).state().code(), sql);
  }

  @Test
  void random_tables_arrive_value_by_value() throws Exception {
    long seed = Long.getLong("seed", 20261121);
    Random random = new Random(seed);
    String[] declared = {"", "INTEGER", "TEXT", "REAL", "NUMERIC", "BLOB", "DECIMAL(8,3)", "VARCHAR(5)", "BOOLEAN", "DATE", "BIGINT", "FOO BAR"};
    List<String> script = new ArrayList<>();
    int tables = Integer.getInteger("tables", 12);
    for (int t = 0; t < tables; t++) {
      int columns = 1 + random.nextInt(5);
      StringBuilder create = new StringBuilder("CREATE TABLE t" + t + " (n INTEGER PRIMARY KEY");
      for (int c = 0; c < columns; c++) {
        create.append(", c").append(c).append(' ').append(declared[random.nextInt(declared.length)]);
      }
      script.add(create.append(")").toString());
      for (int r = random.nextInt(40); r > 0; r--) {
        StringBuilder row = new StringBuilder("INSERT INTO t" + t + " VALUES (NULL");
        for (int c = 0; c < columns; c++) {
          row.append(", ").append(value(random));
        }
        script.add(row.append(")").toString());
      }
    }
    Path file = sqlite(script.toArray(String[]::new));
    try (EmbeddedDatabase database = imported(file, new ArrayList<>());
        Connection source = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = source.createStatement()) {
      for (int t = 0; t < tables; t++) {
        try (ResultSet expected = statement.executeQuery("SELECT * FROM t" + t + " ORDER BY n")) {
          var actual = database.query("SELECT * FROM t" + t + " ORDER BY n").rows();
          int r = 0;
          while (expected.next()) {
            for (int c = 0; c < actual.get(r).size(); c++) {
              assertEquals(canonical(expected.getObject(c + 1)), canonical(actual.get(r).get(c)), "seed " + seed + ", table t" + t + ", row " + r + ", column " + c);
            }
            r++;
          }
          assertEquals(r, actual.size());
        }
      }
    }
  }

  private static String value(Random random) {
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> String.valueOf(random.nextInt(-3, 4));
      case 3 -> String.valueOf(random.nextLong());
      case 4 -> String.valueOf(random.nextInt(1000) / 8.0);
      case 5 -> "'" + "ab'\\\n\tü€😀".substring(0, random.nextInt(6)).replace("'", "''") + "'";
      case 6 -> "'2024-02-0" + (1 + random.nextInt(9)) + "'";
      case 7 -> "x'00ff'";
      case 8 -> "9e999";
      default -> "NULL";
    };
  }

  /// One text for values that are the same to an SQL user: 1, 1.0 and '1'; blobs and texts by their bytes.
  private static String canonical(Object value) {
    if (value instanceof Boolean b) {
      return b ? "1" : "0";
    }
    byte[] bytes = value instanceof byte[] given ? given : String.valueOf(value).getBytes(StandardCharsets.UTF_8);
    String text = new String(bytes, StandardCharsets.ISO_8859_1).replaceFirst("^Infinity$", "Inf");
    if (!text.matches("-?[0-9]+(\\.[0-9]*)?([eE][+-]?\\d+)?")) {
      return text;
    }
    String digits = text.matches("-?\\d+") ? text : Double.toString(Double.parseDouble(text));
    return new java.math.BigDecimal(digits).stripTrailingZeros().toPlainString();
  }

  @Test
  void a_failed_import_leaves_nothing() throws Exception {
    Path file = sqlite("CREATE TABLE a (x INTEGER)", "INSERT INTO a VALUES (1), ('no number')", "CREATE TABLE b (x TEXT)", "INSERT INTO b VALUES (CAST(x'ff41' AS TEXT))");
    Path target = directory.resolve("data");
    assertEquals("42804", assertThrows(SqlException.class, () -> SqliteImport.into(target, SqliteOptions.of(file).withRefuseMismatches(true))).state().code());
    SqlException text = assertThrows(SqlException.class, () -> SqliteImport.into(target, SqliteOptions.of(file)));
    assertEquals("22021", text.state().code());
    assertTrue(String.valueOf(text.context()).contains("\"b\", row 1, column \"x\""), text.context());
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(List.of(file), left.toList());
    }
    Files.createDirectory(target);
    Files.writeString(target.resolve("mine"), "mine");
    assertEquals("58P02", assertThrows(SqlException.class, () -> SqliteImport.into(target, SqliteOptions.of(file))).state().code());
    assertEquals("mine", Files.readString(target.resolve("mine")));
  }

  /// `-Dsqlite.mutations=n` makes it longer.
  @Test
  void a_file_with_some_wrong_bytes_is_imported_or_refused_and_leaves_nothing() throws Exception {
    long seed = Long.getLong("seed", new Random().nextLong());
    Random random = new Random(seed);
    byte[] good = Files.readAllBytes(shop());
    assertFalse(SqliteFileFuzz.isRefused(good));
    int mutations = Integer.getInteger("sqlite.mutations", 12);
    int refused = 0;
    for (int i = 0; i < mutations; i++) {
      byte[] bad = good.clone();
      for (int n = random.nextInt(1, 4); n > 0; n--) {
        // The first page, which has the definitions, as often as all others together.
        int at = random.nextInt(random.nextBoolean() ? 4096 : bad.length);
        bad[at] = random.nextBoolean() ? (byte) random.nextInt() : new byte[] {0, -1, 127, -128, 1}[random.nextInt(5)];
      }
      try {
        refused += SqliteFileFuzz.isRefused(random.nextInt(5) == 0 ? java.util.Arrays.copyOf(bad, random.nextInt(bad.length)) : bad) ? 1 : 0;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ", run " + i, e);
      }
    }
    assertTrue(refused > 0, refused + " of " + mutations + " were refused");
  }

  @Test
  void damaged_foreign_and_locked_sources_are_refused() throws Exception {
    Path target = directory.resolve("data");
    Path none = directory.resolve("none");
    assertEquals("58P01", assertThrows(SqlException.class, () -> SqliteImport.into(target, SqliteOptions.of(none))).state().code());
    Path text = Files.writeString(directory.resolve("text"), "this is no database at all");
    assertEquals("22023", assertThrows(SqlException.class, () -> SqliteImport.into(target, SqliteOptions.of(text))).state().code());
    Path file = sqlite("CREATE TABLE a (x INTEGER PRIMARY KEY, y TEXT)", "CREATE INDEX i ON a (y)", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO a SELECT i, 'text ' || i FROM n");
    try (Connection writer = DriverManager.getConnection("jdbc:sqlite:" + file); Statement statement = writer.createStatement()) {
      statement.execute("BEGIN EXCLUSIVE");
      SqlException locked = assertThrows(SqlException.class, () -> SqliteImport.into(target, SqliteOptions.of(file)));
      assertEquals("55006", locked.state().code());
      assertTrue(locked.getMessage().contains("database is locked"), locked.getMessage());
    }
    try (RandomAccessFile damage = new RandomAccessFile(file.toFile(), "rw")) {
      damage.seek(damage.length() / 2);
      damage.write(new byte[3000]);
    }
    assertEquals("XX001", assertThrows(SqlException.class, () -> SqliteImport.into(target, SqliteOptions.of(file))).state().code());
    assertFalse(Files.exists(target));
  }

  @Test
  void names_keep_their_capitals_when_asked() throws Exception {
    Path file = sqlite("CREATE TABLE Parts (PartNo INTEGER PRIMARY KEY, \"Unit Price\" REAL CHECK (partno > 0))", "INSERT INTO parts VALUES (3, 1.5)", "CREATE VIEW Cheap AS SELECT partno FROM parts WHERE [unit price] < 2");
    ImportReport report = SqliteImport.into(directory.resolve("data"), SqliteOptions.of(file).withKeepCase(true));
    assertEquals(List.of(), report.notes());
    try (EmbeddedDatabase database = EmbeddedDatabase.open(directory.resolve("data"))) {
      assertEquals(3L, database.queryOne("SELECT \"PartNo\" FROM \"Cheap\"", Long.class));
    }
  }
}
