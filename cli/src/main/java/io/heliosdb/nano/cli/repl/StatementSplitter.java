package io.heliosdb.nano.cli.repl;

import java.util.ArrayList;
import java.util.List;

/// Cuts input into statements at semicolons outside quotes, comments and dollar quotes. Fed piece by piece; keeps what is unfinished.
final class StatementSplitter {
  private final StringBuilder pending = new StringBuilder();

  /// Adds text and returns the statements that are complete now, each with its semicolon.
  List<String> add(String text) {
    pending.append(text);
    List<String> complete = new ArrayList<>();
    int end;
    while ((end = statementEnd(pending)) >= 0) {
      complete.add(pending.substring(0, end));
      pending.delete(0, end);
    }
    return complete;
  }

  /// What is left without a semicolon; empty when it is only blanks and comments.
  String rest() {
    String rest = pending.toString();
    return isBlank(rest) ? "" : rest;
  }

  boolean isEmpty() {
    return isBlank(pending);
  }

  void clear() {
    pending.setLength(0);
  }

  private static boolean isBlank(CharSequence text) {
    int i = 0;
    while (i < text.length()) {
      int next = skipComment(text, i);
      if (next > i) {
        i = next;
      } else if (Character.isWhitespace(text.charAt(i))) {
        i++;
      } else {
        return false;
      }
    }
    return true;
  }

  private static int statementEnd(CharSequence text) {
    int i = 0;
    int depth = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      int comment = skipComment(text, i);
      if (comment < 0) {
        return -1;
      }
      if (comment > i) {
        i = comment;
        continue;
      }
      switch (c) {
        case '\'' -> i = quoted(text, i, '\'', i > 0 && (text.charAt(i - 1) == 'E' || text.charAt(i - 1) == 'e') && !isWordBefore(text, i - 1));
        case '"' -> i = quoted(text, i, '"', false);
        case '$' -> i = dollarQuoted(text, i);
        case '(' -> {
          depth++;
          i++;
        }
        case ')' -> {
          depth--;
          i++;
        }
        case ';' -> {
          if (depth <= 0) {
            return i + 1;
          }
          i++;
        }
        default -> i++;
      }
      if (i < 0) {
        return -1;
      }
    }
    return -1;
  }

  private static boolean isWordBefore(CharSequence text, int at) {
    return at > 0 && (Character.isLetterOrDigit(text.charAt(at - 1)) || text.charAt(at - 1) == '_');
  }

  /// Position after the comment at `i`; `i` if there is none; -1 if it does not end.
  private static int skipComment(CharSequence text, int i) {
    if (text.charAt(i) == '-' && i + 1 < text.length() && text.charAt(i + 1) == '-') {
      int end = i;
      while (end < text.length() && text.charAt(end) != '\n') {
        end++;
      }
      return end;
    }
    if (text.charAt(i) == '/' && i + 1 < text.length() && text.charAt(i + 1) == '*') {
      int depth = 0;
      for (int k = i; k + 1 < text.length(); k++) {
        if (text.charAt(k) == '/' && text.charAt(k + 1) == '*') {
          depth++;
          k++;
        } else if (text.charAt(k) == '*' && text.charAt(k + 1) == '/') {
          depth--;
          k++;
          if (depth == 0) {
            return k + 1;
          }
        }
      }
      return -1;
    }
    return i;
  }

  private static int quoted(CharSequence text, int start, char quote, boolean backslashes) {
    for (int i = start + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (backslashes && c == '\\') {
        i++;
      } else if (c == quote) {
        return i + 1;
      }
    }
    return -1;
  }

  private static int dollarQuoted(CharSequence text, int start) {
    if (isWordBefore(text, start)) {
      return start + 1;
    }
    int i = start + 1;
    while (i < text.length() && (Character.isLetterOrDigit(text.charAt(i)) || text.charAt(i) == '_')) {
      i++;
    }
    if (i >= text.length() || text.charAt(i) != '$' || i > start + 1 && Character.isDigit(text.charAt(start + 1))) {
      return start + 1;
    }
    String tag = text.subSequence(start, i + 1).toString();
    int end = text.toString().indexOf(tag, i + 1);
    return end < 0 ? -1 : end + tag.length();
  }
}
