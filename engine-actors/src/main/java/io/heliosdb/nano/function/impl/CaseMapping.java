package io.heliosdb.nano.function.impl;

/// Upper and lower case, one character to one character, as PostgreSQL's C.UTF-8 locale maps them.
final class CaseMapping {
  private CaseMapping() {}

  static String lower(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80 || c >= 'A' && c <= 'Z') {
        return lowerFrom(text, i);
      }
    }
    return text;
  }

  private static String lowerFrom(String text, int from) {
    StringBuilder out = new StringBuilder(text.length()).append(text, 0, from);
    for (int i = from; i < text.length();) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      out.appendCodePoint(Character.toLowerCase(c));
    }
    return out.toString();
  }

  static String upper(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80 || c >= 'a' && c <= 'z') {
        return upperFrom(text, i);
      }
    }
    return text;
  }

  private static String upperFrom(String text, int from) {
    StringBuilder out = new StringBuilder(text.length()).append(text, 0, from);
    for (int i = from; i < text.length();) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      out.appendCodePoint(Character.toUpperCase(c));
    }
    return out.toString();
  }

  /// First letter of each word upper, the rest lower; a word is a run of letters and digits.
  static String initcap(String text) {
    StringBuilder out = new StringBuilder(text.length());
    boolean inWord = false;
    for (int i = 0; i < text.length();) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      out.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toUpperCase(c));
      inWord = Character.isLetterOrDigit(c);
    }
    return out.toString();
  }
}
