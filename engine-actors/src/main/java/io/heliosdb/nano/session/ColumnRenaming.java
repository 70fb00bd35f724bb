package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.type.Identifiers;

/// Renames a column in stored expression text. Stored text names columns of its table plainly, so every identifier token that is the old
/// name (outside quotes of strings, and not followed by an opening parenthesis) is the column.
final class ColumnRenaming {
  private ColumnRenaming() {}

  static String rename(String text, Relation table, String from, String to) {
    StringBuilder out = new StringBuilder();
    String replacement = Identifiers.quoteIfNeeded(to);
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '\'') {
        int end = closing(text, i, '\'');
        out.append(text, i, end);
        i = end;
      } else if (c == '"') {
        int end = closing(text, i, '"');
        String name = text.substring(i + 1, end - 1).replace("\"\"", "\"");
        out.append(name.equals(from) ? replacement : text.substring(i, end));
        i = end;
      } else if (Character.isLetter(c) || c == '_') {
        int end = i;
        while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_' || text.charAt(end) == '$')) {
          end++;
        }
        String word = text.substring(i, end);
        boolean called = end < text.length() && text.charAt(end) == '(';
        out.append(word.equals(from) && !called ? replacement : word);
        i = end;
      } else {
        out.append(c);
        i++;
      }
    }
    return out.toString();
  }

  private static int closing(String text, int start, char quote) {
    int i = start + 1;
    while (i < text.length()) {
      if (text.charAt(i) == quote) {
        if (i + 1 < text.length() && text.charAt(i + 1) == quote) {
          i++;
        } else {
          return i + 1;
        }
      }
      i++;
    }
    return text.length();
  }
}
