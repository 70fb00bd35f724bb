package io.heliosdb.nano.cli;

import static io.heliosdb.nano.cli.usage.CommandGroup.entry;

import io.heliosdb.nano.cli.usage.CommandGroup;
import io.heliosdb.nano.cli.usage.Printers;
import io.heliosdb.nano.error.SqlException;
import java.io.PrintWriter;
import java.util.List;

/// The `heliosdb-nano` command.
///
/// Exit codes: 0 success, 1 a statement or operation failed, 2 wrong usage, 3 the server or data directory cannot be reached.
public final class Main {
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int UNREACHABLE = 3;

  private static final CommandGroup COMMANDS =
      new CommandGroup(
          "A PostgreSQL-compatible database, embedded or as a server.",
          "a command is required",
          List.of(
              entry("start server", "Start a server.", StartCommand::new),
              entry("repl", "Open a SQL shell on an embedded database.", ReplCommand::new),
              entry("dump", "Dump a database to a file.", DumpCommand::new),
              entry("restore", "Restore a dump.", RestoreCommand::new),
              entry("import convert", "Import a SQLite file, a PostgreSQL database, or a file of rows.", ImportCommand::commands),
              entry("status", "Show the state of a server or data directory.", StatusCommand::new),
              entry("verify", "Check the rows, indexes, constraints and history of a data directory.", VerifyCommand::new),
              entry("passwd", "Make a password hash or SCRAM verifier.", PasswdCommand::new),
              entry("generate-key", "Make a key for an encrypted database.", GenerateKeyCommand::new),
              entry(
                  "rotate-key", "Encrypt a database anew with another data key, or seal its data key with another key.", RotateKeyCommand::new),
              new CommandGroup.Entry(List.of("train"), "Run what an AOT cache should know.", true, TrainCommand::new)));

  private Main() {}

  public static void main(String[] arguments) {
    System.exit(execute(arguments));
  }

  static int execute(String... arguments) {
    Printers printers = Printers.standard();
    CommandGroup.Program program =
        new CommandGroup.Program("heliosdb-nano", "heliosdb-nano " + io.heliosdb.nano.session.ProductVersion.VERSION, USAGE, printers);
    try {
      return COMMANDS.run(program, List.of(arguments));
    } catch (Exception e) {
      return failed(e, printers.err());
    } finally {
      printers.out().flush();
    }
  }

  private static int failed(Exception e, PrintWriter err) {
    if (e instanceof SqlException sql) {
      err.println("heliosdb-nano: " + sql.getMessage());
      if (sql.detail() != null) {
        err.println("DETAIL:  " + sql.detail());
      }
      if (sql.hint() != null) {
        err.println("HINT:  " + sql.hint());
      }
      return UNREACHABLE;
    }
    if (e instanceof ConfigException config) {
      err.println("heliosdb-nano: " + config.getMessage());
      return USAGE;
    }
    err.println("heliosdb-nano: internal error");
    e.printStackTrace(err);
    return FAILED;
  }
}
