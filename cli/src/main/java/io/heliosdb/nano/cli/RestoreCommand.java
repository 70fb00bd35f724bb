package io.heliosdb.nano.cli;

import io.heliosdb.nano.EmbeddedDatabase;
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
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Restores a dump into a new data directory, or into a database that is there. Exit code 1 when the restore fails, 3 when the database
/// cannot be reached.
@Command(name = "restore", description = "Restore a dump.", mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
  @CommandLine.Spec CommandLine.Model.CommandSpec spec;
  @Mixin EncryptionKeyOptions encryption;

  @Option(names = {"--input", "-i"}, required = true, paramLabel = "FILE", description = "Dump file (.heliodump).")
  Path input;

  @Option(names = "--target", paramLabel = "DIR", description = "New data directory; must not exist, or be empty.")
  @Nullable Path target;

  @Option(names = {"--data-dir", "--data", "-D"}, paramLabel = "DIR", description = "Data directory of a database to restore into.")
  @Nullable Path dataDirectory;

  @Option(names = "--connection", paramLabel = "URL", description = "Running server to restore into, as postgresql://user:password@host:port/database.")
  @Nullable String connection;

  @Option(names = "--dump-key-file", paramLabel = "FILE", description = "File with the key of an encrypted dump, if it is not that of the database.")
  @Nullable Path dumpKeyFile;

  @Option(names = "--mode", paramLabel = "clean|append", description = "In a database that is there: replace the dumped tables (clean, default), or add to them.")
  RestoreMode mode = RestoreMode.CLEAN;

  @Option(names = "--tables", split = ",", paramLabel = "NAME", description = "Tables to restore, separated by commas (default: everything).")
  List<String> tables = List.of();

  @Option(names = "--on-conflict", paramLabel = "error|skip|update", description = "With --mode append: what to do with rows whose key is there (default error).")
  OnConflict onConflict = OnConflict.ERROR;

  @Option(names = "--verify", negatable = true, defaultValue = "true", fallbackValue = "true", description = "Check all of the file before anything is touched (default).")
  boolean verify = true;

  @Option(names = {"--verbose", "-v"}, description = "Print what was restored, and how fast.")
  boolean verbose;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    int places = (target == null ? 0 : 1) + (dataDirectory == null ? 0 : 1) + (connection == null ? 0 : 1);
    if (places > 1) {
      throw new CommandLine.ParameterException(spec.commandLine(), "--target, --data-dir and --connection exclude each other");
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
