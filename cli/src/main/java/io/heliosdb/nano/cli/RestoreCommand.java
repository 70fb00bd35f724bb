package io.heliosdb.nano.cli;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.cli.usage.Command;
import io.heliosdb.nano.cli.usage.OptionTable;
import io.heliosdb.nano.cli.usage.Printers;
import io.heliosdb.nano.cli.usage.UsageException;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.persistence.dump.DumpManager;
import io.heliosdb.nano.persistence.dump.OnConflict;
import io.heliosdb.nano.persistence.dump.RemoteDump;
import io.heliosdb.nano.persistence.dump.RestoreMode;
import io.heliosdb.nano.persistence.dump.RestoreOptions;
import io.heliosdb.nano.persistence.dump.RestoreReport;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Restores a dump into a new data directory, or into a database that is there. Exit code 1 when the restore fails, 3 when the database
/// cannot be reached.
final class RestoreCommand implements Command.Single {
  private final EncryptionKeyOptions encryption = new EncryptionKeyOptions();
  Path input;
  @Nullable Path target;
  @Nullable Path dataDirectory;
  @Nullable String connection;
  @Nullable Path dumpKeyFile;
  RestoreMode mode = RestoreMode.CLEAN;
  List<String> tables = List.of();
  OnConflict onConflict = OnConflict.ERROR;
  boolean verify = true;
  boolean verbose;

  @Override
  public void declare(OptionTable options) {
    encryption.declare(options);
    options.path("FILE", "Dump file (.heliodump).", value -> input = value, "--input", "-i").required();
    options.path("DIR", "New data directory; must not exist, or be empty.", value -> target = value, "--target");
    options.path("DIR", "Data directory of a database to restore into.", value -> dataDirectory = value, "--data-dir", "--data", "-D");
    options.text(
        "URL", "Running server to restore into, as postgresql://user:password@host:port/database.",
        value -> connection = value, "--connection");
    options.path(
        "FILE", "File with the key of an encrypted dump, if it is not that of the database.",
        value -> dumpKeyFile = value, "--dump-key-file");
    options.choice(
        RestoreMode.class, "clean|append", "In a database that is there: replace the dumped tables (clean, default), or add to them.",
        value -> mode = value, "--mode");
    options.list("NAME", "Tables to restore, separated by commas (default: everything).", value -> tables = value, "--tables");
    options.choice(
        OnConflict.class, "error|skip|update", "With --mode append: what to do with rows whose key is there (default error).",
        value -> onConflict = value, "--on-conflict");
    options.flagOrNot("Check all of the file before anything is touched (default).", value -> verify = value, "--verify");
    options.flag("Print what was restored, and how fast.", () -> verbose = true, "--verbose", "-v");
  }

  @Override
  public int run(Printers printers) {
    PrintWriter out = printers.out();
    PrintWriter err = printers.err();
    int places = (target == null ? 0 : 1) + (dataDirectory == null ? 0 : 1) + (connection == null ? 0 : 1);
    if (places > 1) {
      throw new UsageException("--target, --data-dir and --connection exclude each other");
    }
    try (ProgressPrinter progress = new ProgressPrinter(err, verbose)) {
      RestoreOptions options =
          RestoreOptions.from(input).withMode(mode).withTables(tables).withOnConflict(onConflict).withVerify(verify).withProgress(progress)
              .withKey(dumpKeyFile == null ? null : EncryptionKey.fromFile(dumpKeyFile));
      RestoreReport report = restore(options);
      progress.close();
      if (verbose) {
        report.skipped().forEach(object -> err.println("NOTICE:  " + (object.endsWith("skipping") ? object : object + " exists, skipping")));
      }
      out.println("Restored " + report.tablesRestored() + " tables" + (report.rowsRestored() >= 0 ? ", " + report.rowsRestored() + " rows" : "")
          + (report.segments() > 1 ? " from " + report.segments() + " segments" : "") + (target != null ? " to " + target : ""));
      if (verbose) {
        double seconds = report.duration().toNanos() / 1e9;
        out.println("bytes: " + report.rawBytes());
        out.println("time:  " + String.format(Locale.ROOT, "%.2f s, %.1f MB/s", seconds, report.rawBytes() / 1e6 / Math.max(seconds, 1e-9)));
      }
      return 0;
    } catch (SqlException e) {
      return TransferErrors.print(e, err);
    }
  }

  private RestoreReport restore(RestoreOptions options) {
    if (target != null) {
      return DumpManager.restoreTo(target, options, encryption.databaseConfig());
    }
    if (dataDirectory != null) {
      TransferErrors.checkDataDirectory(dataDirectory);
      try (EmbeddedDatabase database = EmbeddedDatabase.open(dataDirectory, encryption.databaseConfig())) {
        return new DumpManager(database).restore(options);
      } catch (SqlException e) {
        return remote(ServerFile.connectionTo(dataDirectory, e), options);
      }
    }
    return remote(connection != null ? connection : RemoteConnection.DEFAULT_SERVER, options);
  }

  private RestoreReport remote(String url, RestoreOptions options) {
    try (RemoteConnection server = RemoteConnection.open(url, connection == null && dataDirectory == null)) {
      return new RemoteDump(server, encryption.databaseConfig().encryptionKey()).restore(options);
    }
  }
}
