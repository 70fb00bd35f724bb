package io.heliosdb.nano.cli;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/// What `dump` and `restore` say when they fail.
final class TransferErrors {
  private TransferErrors() {}

  /// Prints an error; gives the exit code.
  static int print(SqlException e, PrintWriter err) {
    err.println("heliosdb-nano: " + e.getMessage());
    if (e.detail() != null) {
      err.println("DETAIL:  " + e.detail());
    }
    if (e.hint() != null) {
      err.println("HINT:  " + e.hint());
    }
    if (e.context() != null) {
      err.println("CONTEXT:  " + e.context());
    }
    boolean unreachable = e.state().code().startsWith("08") || e.state().code().startsWith("F0") || e.state().code().startsWith("57P");
    return unreachable ? Main.UNREACHABLE : Main.FAILED;
  }

  /// Whether there is a database, plain or encrypted.
  static boolean isDatabase(Path directory) {
    return Files.exists(directory.resolve("data.mdb")) || Files.exists(directory.resolve("encryption"));
  }

  /// @throws SqlException 58P01 when there is no database; opening the directory would make one
  static void checkDataDirectory(Path directory) {
    if (!isDatabase(directory)) {
      throw new SqlException(SqlState.UNDEFINED_FILE, "there is no database in \"" + directory + "\"");
    }
  }
}
