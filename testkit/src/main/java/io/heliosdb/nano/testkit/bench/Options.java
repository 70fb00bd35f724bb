package io.heliosdb.nano.testkit.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The command line of a comparison: `--name value` pairs, and `--name` alone for a switch.
final class Options {
  private final Map<String, String> values = new LinkedHashMap<>();

  Options(String[] arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (!arguments[i].startsWith("--")) {
        throw new IllegalArgumentException("expected --option, got " + arguments[i]);
      }
      boolean hasValue = i + 1 < arguments.length && !arguments[i + 1].startsWith("--");
      values.put(arguments[i].substring(2), hasValue ? arguments[++i] : "on");
    }
  }

  String text(String name, String otherwise) {
    return values.getOrDefault(name, otherwise);
  }

  int number(String name, int otherwise) {
    return values.containsKey(name) ? Integer.parseInt(values.get(name)) : otherwise;
  }

  boolean isOn(String name) {
    return values.containsKey(name);
  }

  /// The names of a comma-separated option; empty when it is not given.
  List<String> names(String name) {
    return values.containsKey(name) ? Arrays.asList(values.get(name).split(",")) : List.of();
  }
}
