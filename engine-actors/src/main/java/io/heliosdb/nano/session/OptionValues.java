package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Option;
import java.util.Locale;

/// Reads the values of statement options as PostgreSQL's `defGet…` functions do.
final class OptionValues {
  private OptionValues() {}

  /// @throws SqlException 42601 when there is no value
  static String text(Option option) {
    String text = option.text();
    if (text == null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, option.name() + " requires a parameter");
    }
    return text;
  }

  static boolean bool(Option option) {
    if (option.value() == null) {
      return true;
    }
    return switch (String.valueOf(option.text()).toLowerCase(Locale.ROOT)) {
      case "true", "on", "1" -> true;
      case "false", "off", "0" -> false;
      default -> throw new SqlException(SqlState.SYNTAX_ERROR, option.name() + " requires a Boolean value");
    };
  }
}
