package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.NumberFormat.SignPlace;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;

/// Finds a number in text by a template: the reading half, to_number. One use per value.
final class NumberReader {
  private final NumberFormat format;
  private final String input;
  private final StringBuilder number = new StringBuilder();
  private final SignPlace signPlace;
  private char sign = ' ';
  private int at;
  private int readPre;
  private int readPost;
  private boolean readPoint;

  private NumberReader(NumberFormat format, String input) {
    this.format = format;
    this.input = input;
    this.signPlace = format.signPlace();
  }

  record Read(String number, int decimals) {}

  /// The digits with sign and point as numeric input takes them, and how many decimals were read.
  static Read read(NumberFormat format, String input) {
    if (format.exponent()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "\"EEEE\" not supported for input");
    }
    if (format.roman()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "\"RN\" not supported for input");
    }
    NumberReader reader = new NumberReader(format, input);
    reader.run();
    int length = reader.number.length();
    if (length > 0 && reader.number.charAt(length - 1) == '.') {
      reader.number.setLength(length - 1);
    }
    return new Read(reader.sign + reader.number.toString(), reader.readPost);
  }

  private boolean atEnd() {
    return at >= input.length();
  }

  private char peek() {
    return at < input.length() ? input.charAt(at) : 0;
  }

  private void run() {
    for (FormatPattern.Element element : format.elements()) {
      if (atEnd()) {
        return;
      }
      if (element.kind() != FormatPattern.Kind.KEYWORD) {
        at += Character.charCount(input.codePointAt(at));
        continue;
      }
      switch (element.text()) {
        case "9", "0", ".", "D", "d" -> {
          part(element.text().charAt(0));
          at++;
        }
        case ",", "G", "g" -> {
          if (peek() == ',') {
            at++;
          }
        }
        case "L", "l" -> skip(1);
        case "th", "TH" -> skip(2);
        case "MI", "mi" -> signOrSkip("-");
        case "PL", "pl" -> signOrSkip("+");
        case "SG", "sg" -> signOrSkip("-+");
        default -> { }
      }
    }
  }

  private void signOrSkip(String wanted) {
    if (wanted.indexOf(peek()) >= 0) {
      sign = peek();
      at++;
    } else {
      skip(1);
    }
  }

  /// Passes over characters that cannot belong to a number.
  private void skip(int count) {
    for (int i = 0; i < count && !atEnd() && "0123456789.,+-".indexOf(peek()) < 0; i++) {
      at += Character.charCount(input.codePointAt(at));
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private void part(char id) {
    if (peek() == ' ') {
      at++;
    }
    if (atEnd()) {
      return;
    }
    if (sign == ' ' && (id == '0' || id == '9') && readPre + readPost == 0) {
      leadingSign();
      if (atEnd()) {
        return;
      }
    }
    boolean read = false;
    if (isDigit(peek())) {
      if (readPoint && readPost == format.post()) {
        return;
      }
      number.append(peek());
      if (readPoint) {
        readPost++;
      } else {
        readPre++;
      }
      read = true;
    } else if (format.decimal() && !readPoint && peek() == '.') {
      number.append('.');
      readPoint = true;
      read = true;
    }
    if (sign == ' ' && readPre + readPost > 0) {
      trailingSign(read);
    }
  }

  private void leadingSign() {
    char c = peek();
    if (signPlace == SignPlace.BEFORE) {
      if (c == '-' || c == '+') {
        sign = c;
        at++;
      }
    } else if (c == '-' || format.bracket() && c == '<') {
      sign = '-';
      at++;
    } else if (c == '+') {
      sign = '+';
      at++;
    }
  }

  private void trailingSign(boolean read) {
    if (format.signed()) {
      if (read && at + 1 < input.length() && !isDigit(input.charAt(at + 1))) {
        char c = input.charAt(at + 1);
        if (c == '-' || c == '+') {
          sign = c;
          at++;
        }
      }
    } else if (!read && (format.plus() || format.minus()) && (peek() == '-' || peek() == '+')) {
      sign = peek();
    }
  }
}
