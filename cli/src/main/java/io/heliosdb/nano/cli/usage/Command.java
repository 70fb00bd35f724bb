package io.heliosdb.nano.cli.usage;

/// What a name on the command line stands for: one command with its options, or a group of further commands.
///
/// Commands are made when they are run, so that a start pays for no other.
public sealed interface Command permits Command.Single, CommandGroup {
  /// A command that is run: first its options are declared, then set from the arguments, then it runs once.
  non-sealed interface Single extends Command {
    void declare(OptionTable options);

    /// @return the exit code
    /// @throws UsageException when the options do not go together
    int run(Printers printers) throws Exception;
  }
}
