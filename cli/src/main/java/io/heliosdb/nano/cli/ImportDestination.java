package io.heliosdb.nano.cli;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.cli.usage.OptionTable;
import io.heliosdb.nano.cli.usage.Printers;
import io.heliosdb.nano.cli.usage.UsageException;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.persistence.dump.DumpProgress;
import io.heliosdb.nano.persistence.migrate.ImportReport;
import io.heliosdb.nano.persistence.migrate.ImportTarget;
import io.heliosdb.nano.persistence.migrate.ServerTarget;
import io.heliosdb.nano.persistence.migrate.SessionTarget;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Where an import goes, and what is said about it.
final class ImportDestination {
  private final EncryptionKeyOptions encryption = new EncryptionKeyOptions();
  @Nullable Path output;
  @Nullable Path dataDirectory;
  @Nullable String server;
  boolean verbose;

  void declare(OptionTable options) {
    encryption.declare(options);
    options.path("DIR", "New data directory; must not exist, or be empty.", value -> output = value, "--output", "-o");
    options.path("DIR", "Data directory of a database to import into.", value -> dataDirectory = value, "--data-dir", "--data", "-D");
    options.text(
        "URL", "Running server to import into, as postgresql://user:password@host:port/database[@branch].",
        value -> server = value, "--into");
    options.flag("Print progress, and all that was changed on the way.", () -> verbose = true, "--verbose", "-v");
  }

  /// Runs an import and prints what came of it; gives the exit code.
  int run(Printers printers, BiFunction<ImportTarget, DumpProgress, ImportReport> work) {
    PrintWriter out = printers.out();
    PrintWriter err = printers.err();
    if ((output == null ? 0 : 1) + (dataDirectory == null ? 0 : 1) + (server == null ? 0 : 1) != 1) {
      throw new UsageException("one of --output, --data-dir and a server must be given");
    }
    try (ProgressPrinter progress = new ProgressPrinter(err, verbose)) {
      ImportReport report = into(target -> work.apply(target, progress));
      progress.close();
      long lost = report.notes().stream().filter(ImportReport.Note::lost).count();
      report.notes().stream().filter(note -> verbose || note.lost()).forEach(note ->
          err.println((note.lost() ? "WARNING:  " : "NOTICE:  ") + note));
      double seconds = report.duration().toNanos() / 1e9;
      out.println("Imported " + report.tables() + " tables, " + report.rows() + " rows"
          + (output == null ? "" : " to " + output) + (lost == 0 ? "" : "; " + lost + (lost == 1 ? " object" : " objects")
              + " did not carry over"));
      if (verbose) {
        out.println("time: " + String.format(Locale.ROOT, "%.2f s, %,.0f rows/s", seconds, report.rows() / Math.max(seconds, 1e-9)));
      }
      return 0;
    } catch (SqlException e) {
      return TransferErrors.print(e, err);
    }
  }

  private ImportReport into(Function<ImportTarget, ImportReport> work) {
    if (output != null) {
      return SessionTarget.inNewDirectory(output, encryption.databaseConfig(), work);
    }
    if (dataDirectory != null) {
      TransferErrors.checkDataDirectory(dataDirectory);
      EmbeddedDatabase database;
      try {
        database = EmbeddedDatabase.open(dataDirectory, encryption.databaseConfig());
      } catch (SqlException e) {
        return remote(ServerFile.connectionTo(dataDirectory, e), work);
      }
      try (database; SessionTarget target = new SessionTarget(database.engine(), "main")) {
        return work.apply(target);
      }
    }
    return remote(server, work);
  }

  private static ImportReport remote(String url, Function<ImportTarget, ImportReport> work) {
    try (RemoteConnection connection = RemoteConnection.open(url, false); ServerTarget target = new ServerTarget(connection.jdbc())) {
      return work.apply(target);
    }
  }
}
