package io.heliosdb.nano.testkit.bench;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.persistence.transfer.NewDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// Copies a table out and in again, in CSV and Parquet, into a new table and into one in use, to show that memory does not depend on the number of
/// rows: run it with a small heap. Ends with an error when a copy is not equal to what was copied.
///
/// `java -Xmx256m -cp … io.heliosdb.nano.testkit.bench.LargeCopy [rows]`; 20,000,000 rows are 2 GB. The directory is `java.io.tmpdir`'s.
public final class LargeCopy {
  private static final String COLUMNS =
      "(id integer PRIMARY KEY, a text NOT NULL, b text, c bigint, d double precision, e date, f numeric(10,2), g boolean, h timestamp, i varchar(20))";

  private LargeCopy() {}

  public static void main(String[] arguments) throws IOException {
    int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20_000_000;
    Path directory = Files.createTempDirectory("large-copy");
    try (EmbeddedDatabase database = EmbeddedDatabase.open(directory.resolve("data"))) {
      database.execute("CREATE TABLE t AS SELECT x AS id, 'customer number ' || x AS a, 'city ' || (x % 1000) AS b, x * 7::bigint AS c, x / 3.0::float8 AS d,"
          + " date '2020-01-01' + x % 1000 AS e, ((x % 100000) / 100.0)::numeric(10,2) AS f, x % 2 = 1 AS g, timestamp '2024-01-01' + x * interval '1 second' AS h,"
          + " ('abc' || (x % 77))::varchar(20) AS i FROM generate_series(1, " + rows + ") x");
      String sums = sums(database, "t");
      for (String extension : new String[] {"csv", "parquet"}) {
        Path file = directory.resolve("rows." + extension);
        timed(database, "COPY t TO '" + file + "'", rows);
        System.out.println("  " + Files.size(file) / 1_000_000 + " MB");
        database.execute("BEGIN");
        database.execute("CREATE TABLE copied " + COLUMNS);
        timed(database, "COPY copied FROM '" + file + "'", rows);
        database.execute("COMMIT");
        check(sums, sums(database, "copied"));
        database.execute("TRUNCATE copied");
        timed(database, "COPY copied FROM '" + file + "' WHERE id > 0", rows);
        check(sums, sums(database, "copied"));
        database.execute("DROP TABLE copied");
        Files.delete(file);
      }
      System.out.println("all copies are equal");
    } finally {
      NewDirectory.deleteTree(directory);
    }
  }

  private static String sums(EmbeddedDatabase database, String table) {
    return database.queryOne(
        "SELECT concat_ws('|', count(*), sum(id::bigint), sum(length(a)), sum(length(b)), sum(c), sum(f), sum(e - date '2020-01-01'), count(*) FILTER (WHERE g), max(h), max(i)) FROM " + table,
        String.class);
  }

  private static void check(String expected, String found) {
    if (!expected.equals(found)) {
      throw new IllegalStateException("the copy differs:\n" + expected + "\n" + found);
    }
  }

  private static void timed(EmbeddedDatabase database, String sql, int rows) {
    long before = System.nanoTime();
    database.execute(sql);
    double seconds = (System.nanoTime() - before) / 1e9;
    System.out.println(String.format(Locale.ROOT, "%s: %.1f s, %.0f rows/s", sql.replaceAll("'.*/", "'…/"), seconds, rows / seconds));
  }
}
