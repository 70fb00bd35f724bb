package io.heliosdb.nano.cli;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.session.VerificationReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Checks a data directory that no server has open. Exit code 0 when it is sound, 1 when something is wrong with it, 3 when it cannot be
/// opened.
@Command(name = "verify", description = "Check the rows, indexes, constraints and history of a data directory.", mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  static final int DAMAGED = 1;

  @CommandLine.Spec CommandLine.Model.CommandSpec spec;
  @Mixin EncryptionKeyOptions encryption;

  @Option(names = {"--data-dir", "--data"}, paramLabel = "DIR", required = true, description = "Data directory to check.")
  Path dataDirectory;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (!TransferErrors.isDatabase(dataDirectory)) {
      spec.commandLine().getErr().println("no database in " + dataDirectory);
      return Main.UNREACHABLE;
    }
    VerificationReport report;
    try (EmbeddedDatabase db = EmbeddedDatabase.open(dataDirectory, encryption.databaseConfig())) {
      report = db.verify();
    } catch (SqlException e) {
      spec.commandLine().getErr().println("cannot verify " + dataDirectory + ": " + e.getMessage());
      return Main.UNREACHABLE;
    }
    report.problems().forEach(out::println);
    if (report.problemCount() > report.problems().size()) {
      out.println("... and " + (report.problemCount() - report.problems().size()) + " more");
    }
    out.printf(
        "%s: %d problems; %d tables, %d rows, %d index entries, %d superseded versions, %d commits, %d retained relations%n",
        report.isSound() ? "sound" : "DAMAGED", report.problemCount(), report.tables(), report.rows(), report.indexEntries(), report.versions(),
        report.commits(), report.retained());
    return report.isSound() ? 0 : DAMAGED;
  }
}
