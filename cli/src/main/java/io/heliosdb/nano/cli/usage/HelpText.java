package io.heliosdb.nano.cli.usage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The help of commands: usage, description, and a table of options or commands, 80 characters wide.
final class HelpText {
  private static final int WIDTH = 80;
  private static final int TABLE_INDENT = 27;

  private HelpText() {}

  private record Line(String left, String right) {}

  static String of(String path, String description, OptionTable options) {
    StringBuilder text = new StringBuilder("Usage: ").append(path).append(" [OPTIONS]");
    List<Line> lines = new ArrayList<>();
    OptionTable.Option argument = options.argument();
    for (OptionTable.Option option : options.visibleOptions().stream().sorted(Comparator.comparing(OptionTable.Option::mainName)).toList()) {
      if (option.isRequired) {
        text.append(' ').append(option.mainName()).append('=').append(option.label);
      }
      lines.add(new Line(names(option), option.description));
    }
    if (argument != null) {
      text.append(' ').append(argument.label);
      lines.addFirst(new Line(argument.label, argument.description));
    }
    text.append('\n').append(description).append('\n');
    lines.forEach(line -> append(text, line));
    return text.toString();
  }

  static String of(String path, String description, List<CommandGroup.Entry> commands) {
    StringBuilder text = new StringBuilder("Usage: ").append(path).append(" COMMAND [OPTIONS]\n").append(description).append('\n');
    append(text, new Line("-h, --help", "Show this help message and exit."));
    append(text, new Line("-V, --version", "Print version information and exit."));
    text.append("Commands:\n");
    for (CommandGroup.Entry entry : commands) {
      if (!entry.isHidden()) {
        append(text, new Line(String.join(", ", entry.names()), entry.description()));
      }
    }
    append(text, new Line("help", "Show the help of a command."));
    return text.toString();
  }

  /// `-D, --data-dir, --data=DIR`, indented where there is no short name.
  private static String names(OptionTable.Option option) {
    List<String> names = new ArrayList<>(option.names);
    names.sort(Comparator.comparing((String name) -> name.startsWith("--")));
    String joined = String.join(", ", names);
    if (option.isNegatable) {
      joined = joined.replace("--", "--[no-]");
    }
    return (joined.startsWith("--") ? "    " : "") + joined + value(option.label);
  }

  private static String value(@Nullable String label) {
    return label == null ? "" : "=" + label;
  }

  private static void append(StringBuilder text, Line line) {
    StringBuilder row = new StringBuilder("  ").append(line.left);
    if (row.length() >= TABLE_INDENT) {
      text.append(row).append('\n');
      row.setLength(0);
    }
    row.repeat(' ', TABLE_INDENT - row.length());
    int start = row.length();
    for (String word : line.right.split(" ")) {
      if (row.length() > start && row.length() + 1 + word.length() > WIDTH) {
        text.append(row).append('\n');
        row.setLength(0);
        row.repeat(' ', TABLE_INDENT + 2);
        start = row.length();
      }
      row.append(row.length() > start ? " " : "").append(word);
    }
    text.append(row).append('\n');
  }
}
