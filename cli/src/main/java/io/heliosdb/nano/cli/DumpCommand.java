package io.heliosdb.nano.cli;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.persistence.compress.Compression;
import io.heliosdb.nano.persistence.dump.DumpManager;
import io.heliosdb.nano.persistence.dump.DumpOptions;
import io.heliosdb.nano.persistence.dump.DumpReport;
import io.heliosdb.nano.persistence.dump.RemoteDump;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Writes a database to a file. Exit code 1 when the dump fails, 3 when the database cannot be reached.
@Command(name = "dump", description = "Dump a database to a file.", mixinStandardHelpOptions = true)
final class DumpCommand implements Callable<Integer> {
  @CommandLine.Spec CommandLine.Model.CommandSpec spec;
  @Mixin EncryptionKeyOptions encryption;

  @Option(names = {"--output", "-o"}, required = true, paramLabel = "FILE", description = "File to write; a name that ends in .sql makes an SQL script.")
  Path output;

  @Option(names = {"--data-dir", "--data", "-D"}, paramLabel = "DIR", description = "Data directory; if a server uses it, the dump goes through the server.")
  @Nullable Path dataDirectory;

  @Option(names = "--connection", paramLabel = "URL", description = "Running server, as postgresql://user:password@host:port/database[@branch].")
  @Nullable String connection;

  @Option(names = "--memory", hidden = true)
  boolean memory;

  @Option(names = {"--compression", "--compress"}, paramLabel = "NAME", description = "none, lz4, zstd, gzip or brotli (default zstd).")
  String compression = "zstd";

  @Option(names = "--compression-level", paramLabel = "N", description = "Level of the compression (zstd 1-22, default 3; gzip 1-9; brotli 0-11; lz4 0-17).")
  @Nullable Integer level;

  @Option(names = "--tables", split = ",", paramLabel = "NAME", description = "Tables to dump, separated by commas (default: everything).")
  List<String> tables = List.of();

  @Option(names = "--append", description = "Append what changed since the file's last dump.")
  boolean append;

  @Option(names = "--branch", paramLabel = "NAME", description = "Branch to dump (default main).")
  @Nullable String branch;

  @Option(names = "--as-of", paramLabel = "MOMENT", description = "Dump the database as it was: a timestamp, or SCN n.")
  @Nullable String asOf;

  @Option(names = "--digest", description = "Add a SHA-256 to the checksums.")
  boolean digest;

  @Option(names = {"--verbose", "-v"}, description = "Print tables, rows, bytes, ratio and checksum.")
  boolean verbose;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (memory) {
      err.println("heliosdb-nano: Cannot dump from in-memory database without data directory");
      err.println("HINT:  Start the server with --memory --dump-on-shutdown, or dump it while it runs with --connection.");
      return Main.USAGE;
    }
    if (dataDirectory != null && connection != null) {
      throw new CommandLine.ParameterException(spec.commandLine(), "--data-dir and --connection exclude each other");
    }
    try (ProgressPrinter progress = new ProgressPrinter(err, verbose)) {
      DumpOptions options =
          DumpOptions.to(output).withAppend(append).withCompression(Compression.named(compression), level).withTables(tables).withBranch(branch == null ? "main" : branch)
              .withAsOf(asOf).withDigest(digest).withProgress(progress);
      DumpReport report = dump(options);
      progress.close();
      report.notices().forEach(notice -> err.println("NOTICE:  " + notice));
      out.println((report.incremental() ? "Appended to " : "Dumped to ") + report.path() + ": " + report.tablesDumped() + " tables, " + report.rowsDumped() + " rows"
          + (report.rowsDeleted() > 0 ? ", " + report.rowsDeleted() + " deleted rows" : ""));
      if (verbose) {
        print(report, out);
      }
      return 0;
    } catch (SqlException e) {
      return TransferErrors.print(e, err);
    }
  }

  private DumpReport dump(DumpOptions options) {
    if (dataDirectory != null) {
      TransferErrors.checkDataDirectory(dataDirectory);
      try (EmbeddedDatabase database = EmbeddedDatabase.open(dataDirectory, encryption.databaseConfig())) {
        return new DumpManager(database).dump(options);
      } catch (SqlException e) {
        String server = ServerFile.connectionTo(dataDirectory, e);
        return remote(server, options);
      }
    }
    return remote(connection != null ? connection : RemoteConnection.DEFAULT_SERVER, options);
  }

  private DumpReport remote(String url, DumpOptions options) {
    try (RemoteConnection server = RemoteConnection.open(branch == null ? url : RemoteConnection.onBranch(url, branch), connection == null && dataDirectory == null)) {
      return new RemoteDump(server, encryption.databaseConfig().encryptionKey()).dump(options);
    }
  }

  private static void print(DumpReport report, PrintWriter out) {
    out.println("kind:        " + (report.incremental() ? "incremental" : "full"));
    out.println("tables:      " + report.tablesDumped());
    out.println("rows:        " + report.rowsDumped() + (report.rowsDeleted() > 0 ? " (and " + report.rowsDeleted() + " deleted)" : ""));
    out.println("bytes:       " + report.rawBytes() + " (" + report.storedBytes() + " stored)");
    out.println("ratio:       " + String.format(Locale.ROOT, "%.2f", report.compressionRatio()));
    out.println("CRC32:       " + report.checksum());
    out.println("last commit: " + report.scn());
    double seconds = report.duration().toNanos() / 1e9;
    out.println("time:        " + String.format(Locale.ROOT, "%.2f s, %.1f MB/s", seconds, report.rawBytes() / 1e6 / Math.max(seconds, 1e-9)));
  }
}
