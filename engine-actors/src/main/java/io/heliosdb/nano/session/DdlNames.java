package io.heliosdb.nano.session;

import io.heliosdb.nano.parse.ast.Statement;

/// The command name of a statement for messages, such as `CREATE TABLE`, from the record's name.
final class DdlNames {
  private DdlNames() {}

  static String of(Statement statement) {
    String name = statement.getClass().getSimpleName();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (i > 0 && Character.isUpperCase(c)) {
        text.append(' ');
      }
      text.append(Character.toUpperCase(c));
    }
    return text.toString();
  }
}
