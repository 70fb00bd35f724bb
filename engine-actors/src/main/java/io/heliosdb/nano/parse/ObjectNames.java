package io.heliosdb.nano.parse;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.type.Utf8;
import java.util.ArrayList;
import java.util.List;

/// Names of objects given as values and not as part of a statement: `'schema."Name"'::regclass`, `'f(int, text)'::regprocedure`.
///
/// The rules are simpler than a statement's: a part without quotes is any run of characters up to the next dot or blank, keywords
/// mean nothing, and errors have no position. Source: PostgreSQL 15 manual, "Object Identifier Types".
public final class ObjectNames {
  private static final int NAME_BYTES_MAX = 63;

  /// A name with the texts of its argument types.
  public record Signature(QualifiedName name, List<String> arguments) {}

  private ObjectNames() {}

  /// A possibly qualified name.
  ///
  /// @throws SqlException 42602 when the text is none
  public static QualifiedName qualified(String text) {
    List<String> parts = new ArrayList<>();
    int at = skipBlanks(text, 0);
    do {
      at = skipBlanks(text, parts.isEmpty() ? at : at + 1);
      StringBuilder part = new StringBuilder();
      if (at < text.length() && text.charAt(at) == '"') {
        at = quotedPart(text, at + 1, part);
      } else {
        int start = at;
        while (at < text.length() && text.charAt(at) != '.' && !isBlank(text.charAt(at))) {
          char c = text.charAt(at++);
          part.append(c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c);
        }
        if (at == start) {
          throw invalidName();
        }
      }
      parts.add(truncated(part.toString()));
      at = skipBlanks(text, at);
    } while (at < text.length() && text.charAt(at) == '.');
    if (at < text.length()) {
      throw invalidName();
    }
    return new QualifiedName(List.copyOf(parts), 0);
  }

  /// A name without qualification.
  public static String plain(String text) {
    QualifiedName name = qualified(text);
    if (name.parts().size() != 1) {
      throw invalidName();
    }
    return name.name();
  }

  /// `name(type, type)`.
  ///
  /// @throws SqlException 22P02 when the text has another form, 42602 when the name is none
  public static Signature signature(String text) {
    int open = 0;
    boolean quoted = false;
    for (; open < text.length() && (quoted || text.charAt(open) != '('); open++) {
      quoted ^= text.charAt(open) == '"';
    }
    if (open == text.length()) {
      throw malformed("expected a left parenthesis");
    }
    QualifiedName name = qualified(text.substring(0, open));
    int close = text.length();
    while (close > open + 1 && isBlank(text.charAt(close - 1))) {
      close--;
    }
    if (close == open + 1 || text.charAt(close - 1) != ')') {
      throw malformed("expected a right parenthesis");
    }
    return new Signature(name, arguments(text.substring(open + 1, close - 1)));
  }

  private static List<String> arguments(String list) {
    List<String> arguments = new ArrayList<>();
    int at = skipBlanks(list, 0);
    boolean more = false;
    while (at < list.length()) {
      int start = at;
      int depth = 0;
      boolean quoted = false;
      for (; at < list.length(); at++) {
        char c = list.charAt(at);
        if (c == '"') {
          quoted = !quoted;
        } else if (!quoted && c == ',' && depth == 0) {
          break;
        } else if (!quoted) {
          depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
        }
      }
      if (quoted || depth != 0) {
        throw malformed("improper type name");
      }
      arguments.add(list.substring(start, at).strip());
      more = at < list.length();
      at = skipBlanks(list, at + 1);
    }
    if (more) {
      throw malformed("expected a type name");
    }
    return arguments;
  }

  private static int quotedPart(String text, int from, StringBuilder part) {
    int at = from;
    while (true) {
      int quote = text.indexOf('"', at);
      if (quote < 0) {
        throw invalidName();
      }
      part.append(text, at, quote);
      if (quote + 1 < text.length() && text.charAt(quote + 1) == '"') {
        part.append('"');
        at = quote + 2;
      } else {
        return quote + 1;
      }
    }
  }

  private static String truncated(String name) {
    return name.length() <= NAME_BYTES_MAX / 3 ? name : Utf8.truncate(name, NAME_BYTES_MAX);
  }

  private static int skipBlanks(String text, int from) {
    int at = from;
    while (at < text.length() && isBlank(text.charAt(at))) {
      at++;
    }
    return Math.min(at, text.length());
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c >= '\t' && c <= '\r';
  }

  private static SqlException invalidName() {
    return new SqlException(SqlState.INVALID_NAME, "invalid name syntax");
  }

  private static SqlException malformed(String message) {
    return new SqlException(SqlState.INVALID_TEXT_REPRESENTATION, message);
  }
}
