package io.heliosdb.nano.cli;

import io.heliosdb.nano.error.SqlException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The `heliosdb-nano` command.
///
/// Exit codes: 0 success, 1 a statement or operation failed, 2 wrong usage, 3 the server or data directory cannot be reached.
@Command(
    name = "heliosdb-nano",
    description = "A PostgreSQL-compatible database, embedded or as a server.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {StartCommand.class, ReplCommand.class, DumpCommand.class, RestoreCommand.class, ImportCommand.class, StatusCommand.class, VerifyCommand.class, PasswdCommand.class, GenerateKeyCommand.class, RotateKeyCommand.class, TrainCommand.class, CommandLine.HelpCommand.class})
public final class Main implements Runnable {
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int UNREACHABLE = 3;

  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  /// `heliosdb-nano x.y.z`, from the jar's manifest or the build's property.
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"heliosdb-nano " + io.heliosdb.nano.session.ProductVersion.VERSION};
    }
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getErr());
    throw new CommandLine.ParameterException(spec.commandLine(), "a command is required");
  }

  public static void main(String[] arguments) {
    System.exit(execute(arguments));
  }

  static int execute(String... arguments) {
    CommandLine line = new CommandLine(new Main());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((e, commandLine, parsed) -> failed(e, commandLine.getErr()));
    line.setParameterExceptionHandler(
        (e, parsed) -> {
          e.getCommandLine().getErr().println("heliosdb-nano: " + e.getMessage());
          e.getCommandLine().getErr().println("Try 'heliosdb-nano " + (e.getCommandLine().getCommandName().equals("heliosdb-nano") ? "" : e.getCommandLine().getCommandName() + " ") + "--help'.");
          return USAGE;
        });
    return line.execute(arguments);
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
