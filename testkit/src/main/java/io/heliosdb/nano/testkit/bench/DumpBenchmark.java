package io.heliosdb.nano.testkit.bench;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.persistence.compress.Compression;
import io.heliosdb.nano.persistence.dump.DumpManager;
import io.heliosdb.nano.persistence.dump.DumpOptions;
import io.heliosdb.nano.persistence.dump.DumpReport;
import io.heliosdb.nano.persistence.dump.RestoreOptions;
import io.heliosdb.nano.persistence.dump.RestoreReport;
import io.heliosdb.nano.persistence.transfer.NewDirectory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// Dump with zstd 3 and restore of one table of ten columns, several rounds in one process: time, processor time, megabytes of rows per
/// second.
///
/// `java -cp … io.heliosdb.nano.testkit.bench.DumpBenchmark [rows [rounds]]`; the directory is `java.io.tmpdir`'s.
public final class DumpBenchmark {
  /// A transaction keeps its changes in memory.
  private static final int SLICE_ROWS = 20_000;

  private DumpBenchmark() {}

  public static void main(String[] arguments) throws IOException {
    int rows = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 4;
    Path directory = Files.createTempDirectory("dump-benchmark");
    Path file = directory.resolve("all.heliodump");
    try {
      try (EmbeddedDatabase database = EmbeddedDatabase.open(directory.resolve("data"))) {
        database.execute("CREATE TABLE t (id integer PRIMARY KEY, a text NOT NULL, b text, c bigint, d double precision, e date, f numeric(10,2), g boolean, h timestamp, i varchar(20))");
        for (int from = 1; from <= rows; from += SLICE_ROWS) {
          database.execute(
              "INSERT INTO t SELECT x, 'customer number ' || x, 'city ' || (x % 1000), x * 7::bigint, x / 3.0, date '2020-01-01' + x % 1000, (x % 100000) / 100.0, x % 2 = 1, timestamp '2024-01-01' + x * interval '1 second',"
                  + " 'abc' || (x % 77) FROM generate_series(" + from + ", " + Math.min(rows, from + SLICE_ROWS - 1) + ") x");
        }
        for (int round = 0; round < rounds; round++) {
          long cpu = cpuNanos();
          DumpReport report = new DumpManager(database).dump(DumpOptions.to(file).withCompression(Compression.ZSTD, 3));
          print("dump", report.rawBytes(), report.duration().toNanos(), cpuNanos() - cpu, report.storedBytes());
        }
      }
      for (int round = 0; round < rounds; round++) {
        Path target = directory.resolve("restored");
        long cpu = cpuNanos();
        RestoreReport report = DumpManager.restoreTo(target, RestoreOptions.from(file));
        print("restore", report.rawBytes(), report.duration().toNanos(), cpuNanos() - cpu, Files.size(file));
        NewDirectory.deleteTree(target);
      }
    } finally {
      NewDirectory.deleteTree(directory);
    }
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
  }

  private static void print(String what, long bytes, long nanos, long cpuNanos, long stored) {
    System.out.println(
        String.format(
            Locale.ROOT, "%-8s %.1f MB of rows (%.1f MB stored): %.2f s, %.1f MB/s; %.2f s of processor time, %.1f MB/s per processor",
                what, bytes / 1e6, stored / 1e6, nanos / 1e9, bytes / 1e3 * 1e6 / nanos,
            cpuNanos / 1e9, bytes / 1e3 * 1e6 / cpuNanos));
  }
}
