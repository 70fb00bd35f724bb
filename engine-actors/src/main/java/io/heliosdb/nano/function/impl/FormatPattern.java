package io.heliosdb.nano.function.impl;

import java.util.ArrayList;
import java.util.List;

/// A template of to_char and its relatives, taken apart: keywords with their modifiers, and text between them.
///
/// Keywords are tried in the order of the given list, which has longer ones before their prefixes. `FM` and `TM` may precede a
/// date keyword, `TH` and `th` follow it. Source: PostgreSQL 15 manual, "Data Type Formatting Functions".
final class FormatPattern {
  /// What an element is. A separator is punctuation outside quotes.
  enum Kind { KEYWORD, SEPARATOR, SPACE, TEXT }

  /// One element; the modifiers are of a date keyword.
  record Element(Kind kind, String text, boolean fillMode, boolean translated, boolean ordinalUpper, boolean ordinalLower) {
    boolean ordinal() {
      return ordinalUpper || ordinalLower;
    }

    boolean is(String keyword) {
      return kind == Kind.KEYWORD && text.equals(keyword);
    }
  }

  private FormatPattern() {}

  static List<Element> parse(String pattern, String[] keywords, boolean dateModifiers) {
    List<Element> elements = new ArrayList<>();
    int at = 0;
    while (at < pattern.length()) {
      boolean fill = false;
      boolean translated = false;
      if (dateModifiers && at + 1 < pattern.length()) {
        String two = pattern.substring(at, at + 2);
        if (two.equals("FM") || two.equals("fm")) {
          fill = true;
          at += 2;
        } else if (two.equals("TM") || two.equals("tm")) {
          translated = true;
          at += 2;
        }
      }
      if (at >= pattern.length()) {
        break;
      }
      String keyword = keywordAt(pattern, at, keywords);
      if (keyword != null) {
        at += keyword.length();
        boolean upper = false;
        boolean lower = false;
        if (dateModifiers) {
          if (pattern.startsWith("TH", at)) {
            upper = true;
            at += 2;
          } else if (pattern.startsWith("th", at)) {
            lower = true;
            at += 2;
          } else if (pattern.startsWith("SP", at)) {
            at += 2;
          }
        }
        elements.add(new Element(Kind.KEYWORD, keyword, fill, translated, upper, lower));
        continue;
      }
      if (pattern.charAt(at) == '"') {
        at = quoted(pattern, at + 1, elements);
        continue;
      }
      if (pattern.charAt(at) == '\\' && at + 1 < pattern.length() && pattern.charAt(at + 1) == '"') {
        at++;
      }
      int c = pattern.codePointAt(at);
      at += Character.charCount(c);
      Kind kind = dateModifiers && isSeparator(c) ? Kind.SEPARATOR : isSpace(c) ? Kind.SPACE : Kind.TEXT;
      elements.add(text(kind, c));
    }
    return elements;
  }

  private static Element text(Kind kind, int c) {
    return new Element(kind, Character.toString(c), false, false, false, false);
  }

  private static int quoted(String pattern, int from, List<Element> elements) {
    int at = from;
    while (at < pattern.length()) {
      if (pattern.charAt(at) == '"') {
        return at + 1;
      }
      if (pattern.charAt(at) == '\\' && at + 1 < pattern.length()) {
        at++;
      }
      int c = pattern.codePointAt(at);
      at += Character.charCount(c);
      elements.add(text(Kind.TEXT, c));
    }
    return at;
  }

  private static String keywordAt(String pattern, int at, String[] keywords) {
    for (String keyword : keywords) {
      if (pattern.startsWith(keyword, at)) {
        return keyword;
      }
    }
    return null;
  }

  static boolean isSeparator(int c) {
    return c > 0x20 && c < 0x7f && !Character.isLetterOrDigit(c);
  }

  static boolean isSpace(int c) {
    return c == ' ' || c >= '\t' && c <= '\r';
  }

  /// `1st`, `2nd`, `11th`: the ending for the decimal digits of `number`.
  static String ordinalEnding(String number, boolean upper) {
    int length = number.length();
    char last = length == 0 ? '0' : number.charAt(length - 1);
    boolean teen = length > 1 && number.charAt(length - 2) == '1';
    String ending = teen ? "th" : switch (last) {
      case '1' -> "st";
      case '2' -> "nd";
      case '3' -> "rd";
      default -> "th";
    };
    return upper ? ending.toUpperCase(java.util.Locale.ROOT) : ending;
  }
}
