package io.heliosdb.nano.cli.usage;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The options of one command and the reading of its arguments: `--name value`, `--name=value`, `-n value`, `-nvalue`, `-n=value`, flags in
/// one word (`-tA`), `--` before what is no option.
///
/// The setters of what was given run in the order of the arguments. An option is given once, unless it takes lists.
/// Errors: [UsageException].
public final class OptionTable {
  private static final String VALUE_OF = "Invalid value for option '";

  /// An option or, without names, the argument at the end.
  public static final class Option {
    final List<String> names;
    final @Nullable String label;
    final String description;
    final Consumer<String> setter;
    boolean isRequired;
    boolean isHidden;
    boolean isRepeatable;
    boolean isNegatable;

    private Option(List<String> names, @Nullable String label, String description, Consumer<String> setter) {
      this.names = names;
      this.label = label;
      this.description = description;
      this.setter = setter;
    }

    public Option required() {
      isRequired = true;
      return this;
    }

    /// Not in the help.
    public Option hidden() {
      isHidden = true;
      return this;
    }

    /// The first name, by which messages and help call it.
    String mainName() {
      return names.isEmpty() ? label : names.getFirst();
    }
  }

  private final List<Option> options = new ArrayList<>();
  private final Map<String, Option> byName = new LinkedHashMap<>();
  private @Nullable Option argument;
  private boolean isHelpWanted;
  private boolean isVersionWanted;

  OptionTable() {
    flag("Show this help message and exit.", () -> isHelpWanted = true, "--help", "-h");
    flag("Print version information and exit.", () -> isVersionWanted = true, "--version", "-V");
  }

  private Option add(@Nullable String label, String description, Consumer<String> setter, String... names) {
    Option option = new Option(List.of(names), label, description, setter);
    options.add(option);
    for (String name : names) {
      byName.put(name, option);
    }
    return option;
  }

  public Option flag(String description, Runnable setter, String... names) {
    return add(null, description, value -> setter.run(), names);
  }

  /// A flag that `--no-name` turns off.
  public Option flagOrNot(String description, Consumer<Boolean> setter, String name) {
    Option option = add(null, description, value -> setter.accept(Boolean.valueOf(value)), name);
    option.isNegatable = true;
    byName.put("--no-" + name.substring(2), option);
    return option;
  }

  public Option text(String label, String description, Consumer<String> setter, String... names) {
    return add(label, description, setter, names);
  }

  /// May be given several times; all are kept.
  public Option texts(String label, String description, Consumer<List<String>> setter, String... names) {
    List<String> values = new ArrayList<>();
    Option option = add(
        label, description,
        value -> {
          values.add(value);
          setter.accept(List.copyOf(values));
        },
        names);
    option.isRepeatable = true;
    return option;
  }

  /// Names separated by commas; may be given several times.
  public Option list(String label, String description, Consumer<List<String>> setter, String... names) {
    List<String> values = new ArrayList<>();
    Option option = add(
        label, description,
        value -> {
          values.addAll(Arrays.asList(value.split(",")));
          setter.accept(List.copyOf(values));
        },
        names);
    option.isRepeatable = true;
    return option;
  }

  public Option path(String label, String description, Consumer<Path> setter, String... names) {
    return add(label, description, value -> setter.accept(Path.of(value)), names);
  }

  public Option integer(String label, String description, Consumer<Integer> setter, String... names) {
    return add(
        label, description,
        value -> {
          try {
            setter.accept(Integer.valueOf(value));
          } catch (NumberFormatException e) {
            throw new UsageException(VALUE_OF + names[0] + "': '" + value + "' is not an int");
          }
        },
        names);
  }

  public Option character(String label, String description, Consumer<Character> setter, String... names) {
    return add(
        label, description,
        value -> {
          if (value.length() != 1) {
            throw new UsageException(VALUE_OF + names[0] + "': '" + value + "' is not a character");
          }
          setter.accept(value.charAt(0));
        },
        names);
  }

  /// A TCP port; what is none is wrong usage and not a failure of the network later.
  public Option port(String description, Consumer<Integer> setter) {
    return add(
        "N", description,
        value -> {
          int port = -1;
          try {
            port = Integer.parseInt(value);
          } catch (NumberFormatException e) {
            // The same answer.
          }
          if (port < 0 || port > 65_535) {
            throw new UsageException(VALUE_OF + "--port': '" + value + "' is no port: a number between 0 and 65535 is expected");
          }
          setter.accept(port);
        },
        "--port", "-p");
  }

  /// One of an enum's names, in any case.
  public <E extends Enum<E>> Option choice(Class<E> type, String label, String description, Consumer<E> setter, String... names) {
    return add(
        label, description,
        value -> {
          for (E constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(value)) {
              setter.accept(constant);
              return;
            }
          }
          String known = Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT);
          throw new UsageException(VALUE_OF + names[0] + "': expected one of " + known + " but was '" + value + "'");
        },
        names);
  }

  /// The one argument that is no option; required.
  public void argument(String label, String description, Consumer<String> setter) {
    argument = new Option(List.of(), label, description, setter);
  }

  // ---- reading ----

  /// What to do after the arguments have been read.
  enum Wanted { RUN, HELP, VERSION }

  Wanted read(List<String> arguments) {
    List<Option> given = new ArrayList<>();
    boolean areOptions = true;
    for (int i = 0; i < arguments.size(); i++) {
      String word = arguments.get(i);
      if (!areOptions || !word.startsWith("-") || word.equals("-")) {
        readArgument(word, given);
      } else if (word.equals("--")) {
        areOptions = false;
      } else {
        i = word.startsWith("--") ? readLong(arguments, i, given) : readShort(arguments, i, given);
      }
    }
    if (isHelpWanted || isVersionWanted) {
      return isHelpWanted ? Wanted.HELP : Wanted.VERSION;
    }
    for (Option option : options) {
      if (option.isRequired && !given.contains(option)) {
        throw new UsageException("Missing required option: '" + option.mainName() + "=" + option.label + "'");
      }
    }
    if (argument != null && !given.contains(argument)) {
      throw new UsageException("Missing required parameter: '" + argument.label + "'");
    }
    return Wanted.RUN;
  }

  private void readArgument(String word, List<Option> given) {
    if (argument == null || given.contains(argument)) {
      throw new UsageException("Unmatched argument: '" + word + "'");
    }
    given.add(argument);
    argument.setter.accept(word);
  }

  /// @return the index of the last word that was used
  private int readLong(List<String> words, int at, List<Option> given) {
    String word = words.get(at);
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    Option option = byName.get(name);
    if (option == null) {
      throw new UsageException("Unknown option: '" + word + "'");
    }
    if (option.label == null) {
      boolean value = equals < 0 || isTrue(name, word.substring(equals + 1));
      if (value || option.isNegatable) {
        set(option, Boolean.toString(value != (option.isNegatable && name.startsWith("--no-"))), given);
      }
      return at;
    }
    if (equals >= 0) {
      set(option, word.substring(equals + 1), given);
      return at;
    }
    return setFromNext(option, words, at, given);
  }

  private static boolean isTrue(String name, String value) {
    if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
      throw new UsageException(VALUE_OF + name + "': '" + value + "' is not a boolean");
    }
    return value.equalsIgnoreCase("true");
  }

  private int readShort(List<String> words, int at, List<Option> given) {
    String word = words.get(at);
    for (int i = 1; i < word.length(); i++) {
      Option option = byName.get("-" + word.charAt(i));
      if (option == null) {
        throw new UsageException("Unknown option: '" + (i == 1 ? word : "-" + word.charAt(i)) + "'");
      }
      if (option.label != null) {
        String rest = word.substring(i + 1);
        if (rest.isEmpty()) {
          return setFromNext(option, words, at, given);
        }
        set(option, rest.startsWith("=") ? rest.substring(1) : rest, given);
        return at;
      }
      set(option, "true", given);
    }
    return at;
  }

  private int setFromNext(Option option, List<String> words, int at, List<Option> given) {
    if (at + 1 >= words.size() || byName.containsKey(words.get(at + 1))) {
      throw new UsageException("Missing required parameter for option '" + option.mainName() + "' (" + option.label + ")");
    }
    set(option, words.get(at + 1), given);
    return at + 1;
  }

  private static void set(Option option, String value, List<Option> given) {
    if (option.label != null && !option.isRepeatable && given.contains(option)) {
      throw new UsageException("option '" + option.mainName() + "' (" + option.label + ") should be specified only once");
    }
    given.add(option);
    option.setter.accept(value);
  }

  // ---- help ----

  List<Option> visibleOptions() {
    return options.stream().filter(option -> !option.isHidden).toList();
  }

  @Nullable Option argument() {
    return argument;
  }
}
