package io.heliosdb.nano.function.regex;

import org.jspecify.annotations.Nullable;

/// Character classes and single characters in the syntax of `java.util.regex`.
final class RegexClasses {
  private static final String SPACE = "\\t-\\r \\x{1680}\\x{2000}-\\x{2006}\\x{2008}-\\x{200a}\\x{2028}\\x{2029}\\x{205f}\\x{3000}";
  private static final String ALPHABETIC = "\\p{L}\\p{Nl}";

  private RegexClasses() {}

  /// The inside of a set for `\d`, `\s`, `\w`.
  static String shorthand(char letter) {
    return switch (letter) {
      case 'd' -> "0-9";
      case 's' -> SPACE;
      default -> ALPHABETIC + "\\p{Nd}_";
    };
  }

  /// The inside of a set for `[:name:]`. Ignoring case, upper and lower mean both.
  static String named(String name, boolean ignoreCase) {
    return switch (name) {
      case "alnum" -> ALPHABETIC + "\\p{Nd}";
      case "alpha" -> ALPHABETIC;
      case "ascii" -> "\\x{0}-\\x{7f}";
      case "blank" -> " \\t";
      case "cntrl" -> "\\p{Cc}";
      case "digit" -> "0-9";
      case "graph" -> "[^\\p{Z}\\p{C}]";
      case "lower" -> ignoreCase ? "\\p{Ll}\\p{Lu}" : "\\p{Ll}";
      case "print" -> "[^\\p{C}]";
      case "punct" -> "\\p{P}\\p{S}";
      case "space" -> SPACE;
      case "upper" -> ignoreCase ? "\\p{Ll}\\p{Lu}" : "\\p{Lu}";
      case "word" -> ALPHABETIC + "\\p{Nd}_";
      case "xdigit" -> "0-9A-Fa-f";
      default -> throw RegexParser.invalid("invalid character class");
    };
  }

  /// A collating element: one character or the name of one.
  static int element(String name) {
    if (name.codePointCount(0, name.length()) == 1) {
      return name.codePointAt(0);
    }
    Integer code = named(name);
    if (code == null) {
      throw RegexParser.invalid("invalid collating element");
    }
    return code;
  }

  private static @Nullable Integer named(String name) {
    return switch (name) {
      case "NUL" -> 0;
      case "alert", "BEL" -> 7;
      case "backspace", "BS" -> 8;
      case "tab", "HT" -> 9;
      case "newline", "LF" -> 10;
      case "vertical-tab", "VT" -> 11;
      case "form-feed", "FF" -> 12;
      case "carriage-return", "CR" -> 13;
      case "ESC" -> 27;
      case "space" -> (int) ' ';
      case "exclamation-mark" -> (int) '!';
      case "quotation-mark" -> (int) '"';
      case "number-sign" -> (int) '#';
      case "dollar-sign" -> (int) '$';
      case "percent-sign" -> (int) '%';
      case "ampersand" -> (int) '&';
      case "apostrophe" -> (int) '\'';
      case "left-parenthesis" -> (int) '(';
      case "right-parenthesis" -> (int) ')';
      case "asterisk" -> (int) '*';
      case "plus-sign" -> (int) '+';
      case "comma" -> (int) ',';
      case "hyphen", "hyphen-minus" -> (int) '-';
      case "period", "full-stop" -> (int) '.';
      case "slash", "solidus" -> (int) '/';
      case "colon" -> (int) ':';
      case "semicolon" -> (int) ';';
      case "less-than-sign" -> (int) '<';
      case "equals-sign" -> (int) '=';
      case "greater-than-sign" -> (int) '>';
      case "question-mark" -> (int) '?';
      case "commercial-at" -> (int) '@';
      case "left-square-bracket" -> (int) '[';
      case "backslash", "reverse-solidus" -> (int) '\\';
      case "right-square-bracket" -> (int) ']';
      case "circumflex", "circumflex-accent" -> (int) '^';
      case "underscore", "low-line" -> (int) '_';
      case "grave-accent" -> (int) '`';
      case "left-brace", "left-curly-bracket" -> (int) '{';
      case "vertical-line" -> (int) '|';
      case "right-brace", "right-curly-bracket" -> (int) '}';
      case "tilde" -> (int) '~';
      case "DEL" -> 127;
      default -> null;
    };
  }

  static String quote(int c) {
    if (c < 0x80 && (Character.isLetterOrDigit(c) || c == ' ' || c == '_')) {
      return String.valueOf((char) c);
    }
    return c > 0x20 && c < 0x7f ? "\\" + (char) c : "\\x{" + Integer.toHexString(c) + "}";
  }

  static String quoteInSet(int c) {
    return quote(c);
  }
}
