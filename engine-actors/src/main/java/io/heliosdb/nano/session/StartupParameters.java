package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The settings a client asks for when it connects: `options` (`-c name=value`, `--name=value`) and plain parameters.
final class StartupParameters {
  private StartupParameters() {}

  static void apply(Settings settings, Map<String, String> parameters) {
    forEachOption(parameters, (name, value) -> {
      if (!name.equals("branch")) {
        settings.set(name, value, false, Settings.Source.CLIENT);
      }
    });
    parameters.forEach(
        (name, value) -> {
          if (!name.equals("user") && !name.equals("database") && !name.equals("options") && !name.equals("replication")) {
            settings.set(name, value, false, Settings.Source.CLIENT);
          }
        });
  }

  static @Nullable String branch(Map<String, String> parameters) {
    String[] branch = new String[1];
    forEachOption(parameters, (name, value) -> {
      if (name.equals("branch") || name.equals("heliosdb.branch")) {
        branch[0] = value;
      }
    });
    return branch[0];
  }

  private interface Option {
    void accept(String name, String value);
  }

  private static void forEachOption(Map<String, String> parameters, Option action) {
    String options = parameters.get("options");
    if (options == null) {
      return;
    }
    List<String> words = words(options);
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      String assignment;
      if (word.equals("-c") && i + 1 < words.size()) {
        assignment = words.get(++i);
      } else if (word.startsWith("-c")) {
        assignment = word.substring(2);
      } else if (word.startsWith("--")) {
        assignment = word.substring(2);
      } else {
        throw new SqlException(SqlState.SYNTAX_ERROR, "invalid command-line argument for server process: " + word);
      }
      int equals = assignment.indexOf('=');
      if (equals < 0) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "-c " + assignment + " requires a value");
      }
      action.accept(assignment.substring(0, equals).replace('-', '_'), assignment.substring(equals + 1));
    }
  }

  /// Words separated by blanks; a backslash keeps the next character.
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean any = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        word.append(text.charAt(++i));
        any = true;
      } else if (Character.isWhitespace(c)) {
        if (any) {
          words.add(word.toString());
          word.setLength(0);
          any = false;
        }
      } else {
        word.append(c);
        any = true;
      }
    }
    if (any) {
      words.add(word.toString());
    }
    return words;
  }
}
