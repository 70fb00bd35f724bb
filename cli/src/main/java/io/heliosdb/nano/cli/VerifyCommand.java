package io.heliosdb.nano.cli;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.cli.usage.Command;
import io.heliosdb.nano.cli.usage.OptionTable;
import io.heliosdb.nano.cli.usage.Printers;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.session.VerificationReport;
import java.io.PrintWriter;
import java.nio.file.Path;

/// Checks a data directory that no server has open. Exit code 0 when it is sound, 1 when something is wrong with it, 3 when it cannot be
/// opened.
final class VerifyCommand implements Command.Single {
  static final int DAMAGED = 1;
  private final EncryptionKeyOptions encryption = new EncryptionKeyOptions();
  Path dataDirectory;

  @Override
  public void declare(OptionTable options) {
    encryption.declare(options);
    options.path("DIR", "Data directory to check.", value -> dataDirectory = value, "--data-dir", "--data").required();
  }

  @Override
  public int run(Printers printers) {
    PrintWriter out = printers.out();
    if (!TransferErrors.isDatabase(dataDirectory)) {
      printers.err().println("no database in " + dataDirectory);
      return Main.UNREACHABLE;
    }
    VerificationReport report;
    try (EmbeddedDatabase db = EmbeddedDatabase.open(dataDirectory, encryption.databaseConfig())) {
      report = db.verify();
    } catch (SqlException e) {
      printers.err().println("cannot verify " + dataDirectory + ": " + e.getMessage());
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
