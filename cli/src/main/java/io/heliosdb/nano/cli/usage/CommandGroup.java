package io.heliosdb.nano.cli.usage;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Commands by their names. Finds the one that is meant, gives it its options and runs it.
///
/// `--help` and `--version` work at each level, and so does `help COMMAND`.
public record CommandGroup(String description, String missing, List<Entry> commands) implements Command {
  /// One command.
  ///
  /// @param names the usual one first
  /// @param maker makes it when it is run
  public record Entry(List<String> names, String description, boolean isHidden, Supplier<Command> maker) {}

  /// What surrounds all commands of a program.
  ///
  /// @param version printed by `--version`
  /// @param usageCode the exit code of wrong usage
  public record Program(String name, String version, int usageCode, Printers printers) {}

  /// A command among others.
  public static Entry entry(String names, String description, Supplier<Command> maker) {
    return new Entry(List.of(names.split(" ")), description, false, maker);
  }

  /// Runs what the arguments say.
  ///
  /// @return the exit code
  /// @throws Exception what the command throws, except [UsageException]
  public int run(Program program, List<String> arguments) throws Exception {
    return run(program, program.name(), arguments);
  }

  private int run(Program program, String path, List<String> arguments) throws Exception {
    String first = arguments.isEmpty() ? "" : arguments.getFirst();
    List<String> rest = arguments.isEmpty() ? arguments : arguments.subList(1, arguments.size());
    switch (first) {
      case "" -> {
        return refuse(program, path, missing);
      }
      case "--help", "-h" -> {
        return help(program, path);
      }
      case "--version", "-V" -> {
        return version(program);
      }
      case "help" -> {
        if (rest.isEmpty()) {
          return help(program, path);
        }
        Entry entry = find(rest.getFirst());
        return entry == null ? unknown(program, path, rest.getFirst()) : run(program, path, entry, List.of("--help"));
      }
      default -> {
        Entry entry = find(first);
        return entry == null ? unknown(program, path, first) : run(program, path, entry, rest);
      }
    }
  }

  private static int run(Program program, String path, Entry entry, List<String> arguments) throws Exception {
    String name = path + " " + entry.names().getFirst();
    return switch (entry.maker().get()) {
      case CommandGroup group -> group.run(program, name, arguments);
      case Command.Single command -> runSingle(program, name, entry, command, arguments);
    };
  }

  private static int runSingle(Program program, String name, Entry entry, Command.Single command, List<String> arguments)
      throws Exception {
    OptionTable options = new OptionTable();
    command.declare(options);
    try {
      return switch (options.read(arguments)) {
        case HELP -> print(program, HelpText.of(name, entry.description(), options));
        case VERSION -> version(program);
        case RUN -> command.run(program.printers());
      };
    } catch (UsageException e) {
      return refuse(program, name, e.getMessage());
    }
  }

  private @Nullable Entry find(String name) {
    for (Entry entry : commands) {
      if (entry.names().contains(name)) {
        return entry;
      }
    }
    return null;
  }

  private static int unknown(Program program, String path, String word) {
    return refuse(program, path, (word.startsWith("-") ? "Unknown option: '" : "Unknown command: '") + word + "'");
  }

  private int help(Program program, String path) {
    return print(program, HelpText.of(path, description, commands));
  }

  private static int version(Program program) {
    return print(program, program.version() + "\n");
  }

  private static int print(Program program, String text) {
    program.printers().out().print(text);
    program.printers().out().flush();
    return 0;
  }

  private static int refuse(Program program, String path, String message) {
    program.printers().err().println(program.name() + ": " + message);
    program.printers().err().println("Try '" + path + " --help'.");
    return program.usageCode();
  }
}
