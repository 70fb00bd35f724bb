package io.heliosdb.nano.testkit.copy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heliosdb.nano.EmbeddedDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files between COPY and an outside reader and writer: DuckDB, over JDBC and without its network extensions.
class DuckDbFilesTest {
  private static final String TABLE = """
      CREATE TABLE t (id int, flag boolean, small smallint, big bigint, f real, x double precision, price numeric(9,2), wide numeric(30,5), name text,
        data bytea, day date, tod time, made timestamp, seen timestamptz, key uuid, tags text[], marks int[])""";
  private static final String[] ROWS = {
      "1, true, -32768, 9223372036854775807, 1.5, 0.1, -1234567.89, 1234567890123456789012345.12345, 'plain', '\\x00ff', '2024-02-29', '12:34:56.123456', "
          + "'2024-02-29 12:34:56.123456', '2024-02-29 12:34:56+00', '12345678-1234-5678-1234-567812345678', '{a,\"b c\",NULL}', '{1,2,3}'",
      "2, false, 32767, -9223372036854775808, -0.25, 1e300, 0.01, -0.00001, '', '\\x', '1969-12-31', '00:00:00', '1969-12-31 23:59:59.999999', "
          + "'1900-01-01 00:00:00+00', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '{}', '{}'",
      "3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL",
      "4, true, 0, 0, 0, 0, 0, 0, 'quote \" comma , line\nend ä漢😀', '\\x22', '0001-01-01', '23:59:59', '0001-01-01 00:00:00', '2999-12-31 23:59:59+00', "
          + "'00000000-0000-0000-0000-000000000000', '{\"\"}', '{NULL,-2147483648}'",
  };
  private static final String DUCK = """
      SELECT id, flag, small, big, f, x, price, wide, name, lower(hex(data)) AS data, day, tod, made, seen, key, tags, marks FROM %s ORDER BY id""";

  private EmbeddedDatabase db;
  private Connection duck;

  @TempDir
  Path directory;

  @BeforeEach
  void open() throws SQLException {
    db = EmbeddedDatabase.newInMemory();
    db.execute("SET TimeZone = 'UTC'");
    db.execute(TABLE);
    for (String row : ROWS) {
      db.execute("INSERT INTO t VALUES (" + row + ")");
    }
    duck = DriverManager.getConnection("jdbc:duckdb:");
    duckRun("SET threads = 1");
  }

  @AfterEach
  void close() throws SQLException {
    duck.close();
    db.close();
  }

  private void duckRun(String sql) throws SQLException {
    try (Statement statement = duck.createStatement()) {
      statement.execute(sql);
    }
  }

  private List<String> duckRows(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = duck.createStatement(); ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          values.add(String.valueOf((Object) result.getString(i)));
        }
        rows.add(String.join("|", values));
      }
    }
    return rows;
  }

  private List<String> ourRows(String table) {
    List<String> rows = new ArrayList<>();
    db.query("SELECT " + table + "::text FROM " + table + " ORDER BY id").forEach(row -> rows.add(row.get(0, String.class)));
    return rows;
  }

  /// DuckDB's own table with the same rows, made from SQL text and not from a file of ours.
  private void duckTable() throws SQLException {
    duckRun(TABLE.replace("CREATE TABLE t", "CREATE TABLE d").replace("bytea", "blob"));
    for (String row : ROWS) {
      duckRun("INSERT INTO d VALUES (" + row
          .replaceAll("'\\\\x00ff'", "'\\\\x00\\\\xff'::blob").replaceAll("'\\\\x22'", "'\\\\x22'::blob").replaceAll("'\\\\x'", "''::blob")
          .replace("'{a,\"b c\",NULL}'", "['a','b c',NULL]").replace("'{1,2,3}'", "[1,2,3]").replace("'{\"\"}'", "['']")
          .replace("'{NULL,-2147483648}'", "[NULL,-2147483648]").replace("'{}'", "[]") + ")");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "zstd"})
  void duckdb_reads_our_parquet(String compression) throws SQLException {
    duckTable();
    Path file = directory.resolve("t.parquet");
    db.execute("COPY t TO '" + file + "' (FORMAT parquet, COMPRESSION " + compression + ")");
    assertEquals(duckRows(DUCK.formatted("d")), duckRows(DUCK.formatted("read_parquet('" + file + "')")));
    assertEquals(
        List.of("id|INTEGER", "flag|BOOLEAN", "small|SMALLINT", "big|BIGINT", "f|FLOAT", "x|DOUBLE", "price|DECIMAL(9,2)", "wide|DECIMAL(30,5)", "name|VARCHAR",
            "data|BLOB", "day|DATE", "tod|TIME", "made|TIMESTAMP", "seen|TIMESTAMP WITH TIME ZONE", "key|UUID", "tags|VARCHAR[]", "marks|INTEGER[]"),
        duckRows("SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet('" + file + "'))"));
  }

  @Test
  void statistics_of_our_parquet_let_duckdb_skip_row_groups() throws SQLException {
    db.execute("CREATE TABLE big AS SELECT i AS id FROM generate_series(1, 250000) i");
    Path file = directory.resolve("big.parquet");
    db.execute("COPY big TO '" + file + "'");
    assertEquals(
        List.of("0|1|122880|0", "1|122881|245760|0", "2|245761|250000|0"),
        duckRows("SELECT row_group_id, stats_min_value, stats_max_value, stats_null_count FROM parquet_metadata('" + file + "') ORDER BY 1"));
    assertEquals(List.of("1"), duckRows("SELECT count(*) FROM read_parquet('" + file + "') WHERE id = 200000"));
  }

  @ParameterizedTest
  @ValueSource(strings = {
      "COMPRESSION snappy", "COMPRESSION zstd", "COMPRESSION gzip", "COMPRESSION brotli", "COMPRESSION lz4_raw", "COMPRESSION uncompressed",
      "COMPRESSION zstd, PARQUET_VERSION v2", "COMPRESSION uncompressed, PARQUET_VERSION v2, DICTIONARY_SIZE_LIMIT 1"})
  void we_read_duckdbs_parquet(String options) throws SQLException {
    duckTable();
    Path file = directory.resolve("d.parquet");
    duckRun("COPY d TO '" + file + "' (FORMAT parquet, " + options + ")");
    db.execute(TABLE.replace("CREATE TABLE t", "CREATE TABLE u"));
    db.execute("COPY u FROM '" + file + "'");
    assertEquals(ourRows("t"), ourRows("u"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void we_read_many_values_of_duckdbs_parquet(String version) throws SQLException {
    Path file = directory.resolve("many.parquet");
    duckRun("COPY (SELECT i AS id, CASE WHEN i % 3 = 0 THEN NULL ELSE 'name ' || (i % 100) END AS low, 'row ' || hash(i) AS high, i * 0.25 AS x, "
        + "(i * 7919) % 1000003 AS n, i % 2 = 0 AS even, [i, i + 1] AS pair FROM range(200000) r(i)) TO '" + file + "' (FORMAT parquet, PARQUET_VERSION " + version + ")");
    db.execute("CREATE TABLE many (id bigint, low text, high text, x float8, n bigint, even bool, pair bigint[])");
    db.execute("COPY many FROM '" + file + "'");
    assertEquals(
        duckRows("SELECT count(*), count(low), sum(length(high)), sum(x)::bigint, sum(n), sum(pair[2]), count(*) FILTER (even) FROM read_parquet('" + file + "')")
            .getFirst(),
        db.queryOne("SELECT concat_ws('|', count(*), count(low), sum(length(high)), sum(x)::bigint, sum(n), sum(pair[2]), count(*) FILTER (WHERE even)) FROM many", String.class));
    assertEquals(0L, db.queryOne("SELECT count(*) FROM many WHERE low IS DISTINCT FROM CASE WHEN id % 3 = 0 THEN NULL ELSE 'name ' || (id % 100) END "
        + "OR x <> id * 0.25 OR pair <> ARRAY[id, id + 1] OR n <> (id * 7919) % 1000003", Long.class));
  }

  @Test
  void csv_goes_both_ways() throws SQLException {
    duckTable();
    Path file = directory.resolve("t.csv");
    String columns = "id, flag, small, big, price, wide, name, day, tod, made, key";
    db.execute("COPY t (" + columns + ") TO '" + file + "' (FORMAT csv, HEADER, FORCE_QUOTE (name))");
    assertEquals(
        duckRows("SELECT " + columns + " FROM d ORDER BY id"),
        duckRows("SELECT " + columns + " FROM read_csv('" + file + "', header = true, allow_quoted_nulls = false, columns = {id: 'int', flag: 'boolean', small: 'smallint', "
            + "big: 'bigint', price: 'decimal(9,2)', wide: 'decimal(30,5)', name: 'varchar', day: 'date', tod: 'time', made: 'timestamp', key: 'uuid'}) ORDER BY id"));
    Path back = directory.resolve("d.csv");
    duckRun("COPY (SELECT " + columns + " FROM d) TO '" + back + "' (FORMAT csv, HEADER, FORCE_QUOTE (name))");
    db.execute("CREATE TABLE u AS SELECT " + columns + " FROM t WHERE false");
    db.execute("COPY u FROM '" + back + "' (FORMAT csv, HEADER match)");
    db.execute("CREATE TABLE w AS SELECT " + columns + " FROM t");
    assertEquals(ourRows("w"), ourRows("u"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "jsonl"})
  void json_goes_both_ways(String format) throws SQLException {
    duckTable();
    String columns = "id, flag, small, big, price, name, day, tod, made, key, tags, marks";
    Path file = directory.resolve("t." + format);
    db.execute("COPY t (" + columns + ") TO '" + file + "'");
    assertEquals(
        duckRows("SELECT " + columns + " FROM d ORDER BY id"),
        duckRows("SELECT " + columns + " FROM read_json('" + file + "', columns = {id: 'int', flag: 'boolean', small: 'smallint', big: 'bigint', price: 'decimal(9,2)', "
            + "name: 'varchar', day: 'date', tod: 'time', made: 'timestamp', key: 'uuid', tags: 'varchar[]', marks: 'int[]'}) ORDER BY id"));
    Path back = directory.resolve("d." + format);
    duckRun("COPY (SELECT " + columns + " FROM d) TO '" + back + "' (FORMAT json, ARRAY " + format.equals("json") + ")");
    db.execute("CREATE TABLE u AS SELECT " + columns + " FROM t WHERE false");
    db.execute("COPY u FROM '" + back + "'");
    db.execute("CREATE TABLE w AS SELECT " + columns + " FROM t");
    assertEquals(ourRows("w"), ourRows("u"));
  }
}
