package io.heliosdb.nano.persistence.columnar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.DatabaseConfig;
import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.copy.CopyFormat;
import io.heliosdb.nano.copy.CopyFormats;
import io.heliosdb.nano.error.SqlException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What COPY writes in a format it reads again: every type, NULL beside empty, the ends of ranges, text that looks like markup.
/// The seed is in the failure's message; `-Dcopy.seed=n` repeats it.
class CopyRoundTripTest {
  /// A column and literals of its type, in SQL.
  private record Column(String name, String type, String... values) {}

  private static final Column[] COLUMNS = {
      new Column("b", "bool", "true", "false"),
      new Column("i2", "int2", "0", "-32768", "32767"),
      new Column("i4", "int4", "0", "-2147483648", "2147483647"),
      new Column("i8", "int8", "0", "-9223372036854775808", "9223372036854775807"),
      new Column("f4", "float4", "0", "'-0'", "'NaN'", "'Infinity'", "'-Infinity'", "1.17549435e-38", "3.4028235e38", "0.1"),
      new Column("f8", "float8", "0", "'-0'", "'NaN'", "'Infinity'", "'-Infinity'", "5e-324", "1.7976931348623157e308", "0.1"),
      new Column("n", "numeric", "0", "0.00", "'NaN'", "'Infinity'", "'-Infinity'", "123456789012345678901234567890.123456789012345678901234567890", "-1e-50"),
      new Column("n9", "numeric(9,2)", "0", "-9999999.99", "9999999.99", "0.01"),
      new Column("n38", "numeric(38,10)", "0", "-9999999999999999999999999999.9999999999", "1234567890123456789012345678.0123456789"),
      new Column("t", "text", "''", "' '", "'NULL'", "E'\\\\N'", "E'a\\tb\\nc\\r\\nd'", "'\"quoted\", comma'", "E'back\\\\slash'", "'äöü 漢字 😀'", "E'\\\\.'", "'''single'''"),
      new Column("v", "varchar(20)", "''", "'abc'"),
      new Column("c", "char(5)", "'ab'", "''"),
      new Column("bin", "bytea", "''", "'\\x00ff0a0d5c22'"),
      new Column("d", "date", "'2024-02-29'", "'infinity'", "'-infinity'", "'4713-01-01 BC'", "'5874897-12-31'", "'1970-01-01'", "'1969-12-31'"),
      new Column("tm", "time", "'00:00'", "'24:00'", "'12:34:56.123456'"),
      new Column("tz", "timetz", "'00:00+15:59'", "'12:34:56.123456-08'"),
      new Column("ts", "timestamp", "'2024-02-29 12:34:56.000001'", "'infinity'", "'-infinity'", "'4713-01-01 BC'", "'1969-12-31 23:59:59.999999'", "'294246-12-31'"),
      new Column("tsz", "timestamptz", "'2024-02-29 12:34:56.000001+00'", "'infinity'", "'-infinity'", "'4713-01-01 00:00+00 BC'", "'294246-12-31 00:00+00'"),
      new Column("iv", "interval", "'0'", "'-178000000 years'", "'1 mon -1 days +00:00:00.000001'", "'178000000 years'"),
      new Column("u", "uuid", "'00000000-0000-0000-0000-000000000000'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'"),
      new Column("j", "json", "'null'", "'{\"a\" : [1, {\"b\": null}], \"a\": 2}'", "'\"text\"'", "'[]'", "'1.50'"),
      new Column("jb", "jsonb", "'null'", "'{\"a\": [1, {\"b\": null}]}'", "'\"text\"'", "'{}'", "'1.50'"),
      new Column("ai", "int4[]", "'{}'", "'{1,NULL,3}'", "'{-2147483648}'"),
      new Column("atx", "text[]", "'{}'", "'{\"\",NULL,\"NULL\",\"a,b\",\"{}\"}'"),
      new Column("ats", "timestamptz[]", "'{2024-01-01 00:00:00+00,infinity,NULL}'"),
      new Column("e", "mood", "'sad'", "'very happy'"),
      new Column("comp", "pair", "'(1,\"a b\")'", "'(,)'", "'(2,\"\")'"),
      new Column("r", "int4range", "'empty'", "'[1,5)'", "'(,)'"),
      new Column("mr", "int4multirange", "'{}'", "'{[1,2),[5,9)}'"),
      new Column("ip", "inet", "'10.0.0.1/8'", "'::1'"),
      new Column("mac", "macaddr", "'08:00:2b:01:02:03'"),
      new Column("bits", "varbit", "''", "'10110'"),
      new Column("p", "point", "'(1.5,-2)'"),
      new Column("vec", "tsvector", "'a:1 b:2A'"),
      new Column("m", "money", "'-1.23'", "'92233720368547758.07'"),
      new Column("dom", "positive", "1", "2147483647"),
      new Column("o", "oid", "0", "4294967295"),
  };

  private static final long SEED = Long.getLong("copy.seed", new Random().nextLong());
  private static final int ROWS = Integer.getInteger("copy.rows", 300);

  static Stream<String> formats() {
    return CopyFormats.all().stream().map(CopyFormat::name);
  }

  private static EmbeddedDatabase database() {
    EmbeddedDatabase db = EmbeddedDatabase.newInMemory();
    db.execute("CREATE TYPE mood AS ENUM ('sad', 'very happy')");
    db.execute("CREATE TYPE pair AS (a int, b text)");
    db.execute("CREATE DOMAIN positive AS int CHECK (value > 0)");
    StringBuilder ddl = new StringBuilder("CREATE TABLE source (id int PRIMARY KEY");
    for (Column column : COLUMNS) {
      ddl.append(", ").append(column.name).append(' ').append(column.type);
    }
    db.execute(ddl + ")");
    db.execute("CREATE TABLE copy (LIKE source)");
    return db;
  }

  private static void fill(EmbeddedDatabase db, Random random) {
    for (int id = 0; id < ROWS; id++) {
      StringBuilder row = new StringBuilder("INSERT INTO source VALUES (" + id);
      for (Column column : COLUMNS) {
        int pick = random.nextInt(column.values.length + 1);
        row.append(", ").append(pick == column.values.length ? "NULL" : column.values[pick]);
      }
      db.execute(row + ")");
    }
  }

  private static List<String> rows(EmbeddedDatabase db, String table) {
    List<String> rows = new ArrayList<>();
    db.query("SELECT t::text FROM " + table + " t ORDER BY id").forEach(row -> rows.add(row.get(0, String.class)));
    return rows;
  }

  @ParameterizedTest
  @MethodSource("formats")
  void every_type_comes_back_as_it_was(String format, @TempDir Path directory) {
    try (EmbeddedDatabase db = database()) {
      fill(db, new Random(SEED));
      List<String> before = rows(db, "source");
      Path file = directory.resolve("rows.data");
      db.execute("COPY source TO '" + file + "' (FORMAT " + format + ")");
      db.execute("COPY copy FROM '" + file + "' (FORMAT " + format + ")");
      List<String> after = rows(db, "copy");
      for (int i = 0; i < before.size(); i++) {
        assertEquals(before.get(i), after.get(i), format + ", seed " + SEED + ", row " + i);
      }
      assertEquals(before.size(), after.size());
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void an_empty_table_makes_a_file_without_rows(String format, @TempDir Path directory) {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      db.execute("CREATE TABLE source (id int, a text[])");
      Path file = directory.resolve("rows.data");
      db.execute("COPY source TO '" + file + "' (FORMAT " + format + ")");
      db.execute("COPY source FROM '" + file + "' (FORMAT " + format + ")");
      assertEquals(0L, db.queryOne("SELECT count(*) FROM source", Long.class));
    }
  }

  @Test
  void extension_decides_where_no_format_is_given(@TempDir Path directory) throws Exception {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      db.execute("CREATE TABLE t (a int, b text)");
      db.execute("INSERT INTO t VALUES (1, 'x,y'), (2, NULL)");
      db.execute("COPY t TO '" + directory.resolve("t.csv") + "'");
      assertEquals("1,\"x,y\"\n2,\n", Files.readString(directory.resolve("t.csv")));
      db.execute("COPY t TO '" + directory.resolve("t.ndjson") + "'");
      assertEquals("{\"a\":1,\"b\":\"x,y\"}\n{\"a\":2,\"b\":null}\n", Files.readString(directory.resolve("t.ndjson")));
      db.execute("COPY t TO '" + directory.resolve("t.pq") + "'");
      assertEquals("PAR1", Files.readString(directory.resolve("t.pq"), java.nio.charset.StandardCharsets.ISO_8859_1).substring(0, 4));
      db.execute("COPY t TO '" + directory.resolve("t") + "'");
      assertEquals("1\tx,y\n2\t\\N\n", Files.readString(directory.resolve("t")));
    }
  }

  @Test
  void many_row_groups_and_pages_of_parquet(@TempDir Path directory) {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      db.execute("CREATE TABLE t AS SELECT i AS id, CASE WHEN i % 7 <> 0 THEN 'row ' || i END AS name, i * 0.5::float8 AS x FROM generate_series(1, 300000) i");
      Path file = directory.resolve("t.parquet");
      db.execute("COPY t TO '" + file + "'");
      db.execute("CREATE TABLE u (x float8, id int8, name text)");
      db.execute("COPY u FROM '" + file + "'");
      assertEquals(0L, db.queryOne("SELECT count(*) FROM (SELECT id, name, x FROM t EXCEPT SELECT id, name, x FROM u) d", Long.class));
      assertEquals(300000L, db.queryOne("SELECT count(*) FROM u", Long.class));
    }
  }

  @Test
  void what_a_columnar_file_cannot_hold_is_an_error_and_leaves_no_file(@TempDir Path directory) throws Exception {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      db.execute("CREATE TABLE t (a int[])");
      db.execute("INSERT INTO t VALUES ('{{1,2},{3,4}}')");
      SqlException e = assertThrows(SqlException.class, () -> db.execute("COPY t TO '" + directory.resolve("t.parquet") + "'"));
      assertEquals("0A000", e.state().code());
      try (Stream<Path> files = Files.list(directory)) {
        assertTrue(files.findAny().isEmpty());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("formats")
  void java_streams_take_and_give_the_data(String format) {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      db.execute("CREATE TABLE t (id int, name text)");
      db.execute("INSERT INTO t VALUES (1, 'a'), (2, NULL)");
      java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
      assertEquals(2, db.copyOut("COPY t TO STDOUT (FORMAT " + format + ")", out));
      assertEquals(2, db.copyIn("COPY t FROM STDIN (FORMAT " + format + ")", new java.io.ByteArrayInputStream(out.toByteArray())));
      assertEquals("aa--", db.queryOne("SELECT string_agg(coalesce(name, '-'), '' ORDER BY name NULLS LAST, id) FROM t", String.class));
      assertEquals("42809", assertThrows(SqlException.class, () -> db.copyIn("SELECT 1", java.io.InputStream.nullInputStream())).state().code());
      java.io.InputStream broken = new java.io.InputStream() {
        @Override
        public int read() throws java.io.IOException {
          throw new java.io.IOException("broken");
        }
      };
      assertEquals("57014", assertThrows(SqlException.class, () -> db.copyIn("COPY t FROM STDIN", broken)).state().code());
      assertEquals(4L, db.queryOne("SELECT count(*) FROM t", Long.class));
    }
  }

  @Test
  void files_lie_below_configured_directories(@TempDir Path directory) throws Exception {
    Path allowed = Files.createDirectories(directory.resolve("in/deep")).getParent();
    Path outside = Files.writeString(directory.resolve("secret.csv"), "1\n");
    Files.createSymbolicLink(allowed.resolve("link.csv"), outside);
    Files.createSymbolicLink(allowed.resolve("door"), directory);
    DatabaseConfig config = DatabaseConfig.DEFAULT.withSetting("heliosdb.copy_directories", allowed.toString());
    try (EmbeddedDatabase db = EmbeddedDatabase.open(directory.resolve("data"), config)) {
      db.execute("CREATE TABLE t (id int)");
      for (String file : List.of("/etc/passwd", outside.toString(), allowed + "/../secret.csv", allowed + "/link.csv", allowed + "/door/secret.csv", allowed + "x/a.csv")) {
        String state = assertThrows(SqlException.class, () -> db.execute("COPY t FROM '" + file + "'"), file).state().code();
        assertTrue(state.equals("42501") || state.equals("58P01"), file + " " + state);
        assertThrows(SqlException.class, () -> db.execute("COPY t TO '" + file + "'"), file);
      }
      assertEquals("1\n", Files.readString(outside));
      db.execute("INSERT INTO t VALUES (7)");
      db.execute("COPY t TO '" + allowed + "/deep/t.csv'");
      db.execute("COPY t FROM '" + allowed + "/deep/t.csv'");
      assertEquals(2L, db.queryOne("SELECT count(*) FROM t WHERE id = 7", Long.class));
    }
  }

  /// Files that Apache Arrow's own library for Java (18.3.0) wrote: two batches, with and without LZ4, types that we do not write.
  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(strings = {"arrow-java.arrow", "arrow-java-lz4.arrow"})
  void files_of_apache_arrow_are_read(String name, @TempDir Path directory) throws Exception {
    Path file = directory.resolve(name);
    try (java.io.InputStream in = CopyRoundTripTest.class.getResourceAsStream(name)) {
      Files.copy(in, file);
    }
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      db.execute("SET TimeZone = 'UTC'");
      db.execute("CREATE TABLE t (id int, name text, x float8, day date, seen timestamptz, price numeric(10,3), tags text[], big text, u bigint, flag bool)");
      db.execute("COPY t FROM '" + file + "'");
      assertEquals("(7,\"näme 7\",3.5,1970-01-03,\"1970-01-01 00:00:07+00\",7.000,\"{t0,t1,t2}\",\"big 7\",4294967288,t)",
          db.queryOne("SELECT t::text FROM t WHERE id = 7 LIMIT 1", String.class));
      assertEquals("(12,,6,1970-01-08,\"1970-01-01 00:00:12+00\",12.000,,\"big 12\",4294967283,f)", db.queryOne("SELECT t::text FROM t WHERE id = 12 LIMIT 1", String.class));
      assertEquals(40L, db.queryOne("SELECT count(*) FROM t", Long.class));
    }
  }
}
