package io.heliosdb.nano.cli;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// On which line of a TOML document each key stands. The library that reads the values keeps no positions, so this walks the same text
/// once more, by the same lexical rules (TOML 1.0): tables, arrays of tables, dotted and quoted keys, the four kinds of strings, inline tables.
///
/// Paths are written `section.key`, elements of arrays `auth.users[1].username`. The document must have been read without error.
/// Lines count from 1.
final class TomlLines {
  private final String text;
  private final Map<String, Integer> lines = new LinkedHashMap<>();
  private final Map<String, Integer> arrayCounts = new HashMap<>();
  private String table = "";
  private int at;
  private int line = 1;

  private TomlLines(String text) {
    this.text = text;
  }

  static Map<String, Integer> of(String document) {
    TomlLines walk = new TomlLines(document);
    walk.document();
    return walk.lines;
  }

  private boolean has(int offset) {
    return at + offset < text.length();
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private boolean looksAt(String token) {
    return text.startsWith(token, at);
  }

  private void next() {
    if (text.charAt(at++) == '\n') {
      line++;
    }
  }

  private void document() {
    skipBlank(true);
    while (has(0)) {
      if (peek() == '[') {
        header();
      } else {
        assignment(table);
      }
      skipBlank(true);
    }
  }

  /// Blanks and comments, and line ends if they mean nothing here.
  private void skipBlank(boolean overLines) {
    while (has(0)) {
      char c = peek();
      if (c == '#') {
        while (has(0) && peek() != '\n') {
          next();
        }
      } else if (c == ' ' || c == '\t' || c == '\r' || c == '\ufeff' || overLines && c == '\n') {
        next();
      } else {
        return;
      }
    }
  }

  private void header() {
    boolean array = looksAt("[[");
    at += array ? 2 : 1;
    int headerLine = line;
    String path = withIndexes(dottedKey());
    at += array ? 2 : 1;
    if (array) {
      int index = arrayCounts.merge(path, 1, Integer::sum) - 1;
      lines.putIfAbsent(path, headerLine);
      path = path + "[" + index + "]";
    }
    lines.putIfAbsent(path, headerLine);
    table = path;
  }

  /// A table below an array of tables belongs to the array's newest element.
  private String withIndexes(String path) {
    StringBuilder result = new StringBuilder();
    for (String part : path.split("\\.")) {
      result.append(result.isEmpty() ? "" : ".").append(part);
      Integer count = arrayCounts.get(result.toString());
      if (count != null && result.length() < path.length()) {
        result.append('[').append(count - 1).append(']');
      }
    }
    return result.toString();
  }

  private void assignment(String parent) {
    int keyLine = line;
    String key = dottedKey();
    StringBuilder path = new StringBuilder(parent);
    for (String part : key.split("\\.")) {
      path.append(path.isEmpty() ? "" : ".").append(part);
      lines.putIfAbsent(path.toString(), keyLine);
    }
    if (peek() == '=') {
      next();
    }
    skipBlank(false);
    value(path.toString());
  }

  private String dottedKey() {
    StringBuilder key = new StringBuilder();
    skipBlank(false);
    while (has(0) && peek() != '=' && peek() != ']') {
      char c = peek();
      if (c == '"' || c == '\'') {
        int start = at + 1;
        string();
        key.append(text, start, at - 1);
      } else {
        if (c != ' ' && c != '\t') {
          key.append(c);
        }
        next();
      }
    }
    return key.toString();
  }

  private void value(String path) {
    switch (peek()) {
      case '"', '\'' -> string();
      case '[' -> array(path);
      case '{' -> inlineTable(path);
      default -> {
        while (has(0) && ",]}#\n".indexOf(peek()) < 0) {
          next();
        }
      }
    }
  }

  private void array(String path) {
    next();
    skipBlank(true);
    for (int index = 0; has(0) && peek() != ']'; index++) {
      lines.putIfAbsent(path + "[" + index + "]", line);
      value(path + "[" + index + "]");
      skipBlank(true);
      if (peek() == ',') {
        next();
        skipBlank(true);
      }
    }
    if (has(0)) {
      next();
    }
  }

  private void inlineTable(String path) {
    next();
    skipBlank(true);
    while (has(0) && peek() != '}') {
      assignment(path);
      skipBlank(true);
      if (peek() == ',') {
        next();
        skipBlank(true);
      }
    }
    if (has(0)) {
      next();
    }
  }

  private void string() {
    char quote = peek();
    String triple = String.valueOf(quote).repeat(3);
    boolean many = looksAt(triple);
    at += many ? 3 : 1;
    while (has(0)) {
      if (quote == '"' && peek() == '\\' && has(1)) {
        next();
        next();
      } else if (many ? looksAt(triple) : peek() == quote) {
        at += many ? 3 : 1;
        // A string in triple quotes may end in one or two quotes of its own.
        while (many && peek() == quote) {
          at++;
        }
        return;
      } else {
        next();
      }
    }
  }
}
