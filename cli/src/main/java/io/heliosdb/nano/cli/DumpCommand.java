package io.heliosdb.nano.cli;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.cli.usage.Command;
import io.heliosdb.nano.cli.usage.OptionTable;
import io.heliosdb.nano.cli.usage.Printers;
import io.heliosdb.nano.cli.usage.UsageException;
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
import org.jspecify.annotations.Nullable;

/// Writes a database to a file. Exit code 1 when the dump fails, 3 when the database cannot be reached.
final class DumpCommand implements Command.Single {
  private final EncryptionKeyOptions encryption = new EncryptionKeyOptions();
  Path output;
  @Nullable Path dataDirectory;
  @Nullable String connection;
  boolean memory;
  String compression = "zstd";
  @Nullable Integer level;
  List<String> tables = List.of();
  boolean append;
  @Nullable String branch;
  @Nullable String asOf;
  boolean digest;
  boolean verbose;

  @Override
  public void declare(OptionTable options) {
    encryption.declare(options);
    options.path(
        "FILE", "File to write; a name that ends in .sql makes an SQL script.", value -> output = value, "--output", "-o").required();
    options.path(
        "DIR", "Data directory; if a server uses it, the dump goes through the server.",
        value -> dataDirectory = value, "--data-dir", "--data", "-D");
    options.text(
        "URL", "Running server, as postgresql://user:password@host:port/database[@branch].", value -> connection = value, "--connection");
    options.flag("", () -> memory = true, "--memory").hidden();
    options.text("NAME", "none, lz4, zstd, gzip or brotli (default zstd).", value -> compression = value, "--compression", "--compress");
    options.integer(
        "N", "Level of the compression (zstd 1-22, default 3; gzip 1-9; brotli 0-11; lz4 0-17).",
        value -> level = value, "--compression-level");
    options.list("NAME", "Tables to dump, separated by commas (default: everything).", value -> tables = value, "--tables");
    options.flag("Append what changed since the file's last dump.", () -> append = true, "--append");
    options.text("NAME", "Branch to dump (default main).", value -> branch = value, "--branch");
    options.text("MOMENT", "Dump the database as it was: a timestamp, or SCN n.", value -> asOf = value, "--as-of");
    options.flag("Add a SHA-256 to the checksums.", () -> digest = true, "--digest");
    options.flag("Print tables, rows, bytes, ratio and checksum.", () -> verbose = true, "--verbose", "-v");
  }

  @Override
  public int run(Printers printers) {
    PrintWriter out = printers.out();
    PrintWriter err = printers.err();
    if (memory) {
      err.println("heliosdb-nano: Cannot dump from in-memory database without data directory");
      err.println("HINT:  Start the server with --memory --dump-on-shutdown, or dump it while it runs with --connection.");
      return Main.USAGE;
    }
    if (dataDirectory != null && connection != null) {
      throw new UsageException("--data-dir and --connection exclude each other");
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
