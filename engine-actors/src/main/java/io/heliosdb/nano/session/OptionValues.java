package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Option;
import java.util.Locale;

/// Reads the values of statement options as PostgreSQL's `defGet…` functions do.
final class OptionValues {
  private OptionValues() {}

  static String text(Option option) {
    return option.text();
  }

  static boolean bool(Option option) {
    if (option.value() == null) {
      return true;
    }
    return switch (text(option).toLowerCase(Locale.ROOT)) {
      case "true", "on", "1" -> true;
      case "false", "off", "0" -> false;
      default -> throw new SqlException(SqlState.SYNTAX_ERROR, option.name() + " requires a Boolean value");
    };
  }
}
