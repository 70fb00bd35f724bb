package io.heliosdb.nano.type;

/// Text of money in cents, as PostgreSQL prints it with `lc_monetary` C or en_US: `$1,234.56`, `-$5.00`.
final class MoneyText {
  private MoneyText() {}

  static long parse(String text) {
    int i = 0;
    int end = text.length();
    boolean negative = false;
    while (i < end && NumericText.isSpace(text.charAt(i))) {
      i++;
    }
    if (i < end && text.charAt(i) == '$') {
      i++;
    }
    while (i < end && NumericText.isSpace(text.charAt(i))) {
      i++;
    }
    if (i < end && (text.charAt(i) == '-' || text.charAt(i) == '(')) {
      negative = true;
      i++;
    } else if (i < end && text.charAt(i) == '+') {
      i++;
    }
    while (i < end && NumericText.isSpace(text.charAt(i))) {
      i++;
    }
    if (i < end && text.charAt(i) == '$') {
      i++;
    }
    while (i < end && NumericText.isSpace(text.charAt(i))) {
      i++;
    }
    // Collected as a negative number, which has room for the minimum.
    long value = 0;
    int decimals = -1;
    boolean roundUp = false;
    try {
      for (; i < end; i++) {
        char c = text.charAt(i);
        if (c >= '0' && c <= '9') {
          if (decimals < 2) {
            value = Math.subtractExact(Math.multiplyExact(value, 10L), (long) (c - '0'));
          } else if (decimals == 2) {
            roundUp = c >= '5';
          }
          if (decimals >= 0) {
            decimals++;
          }
        } else if (c == '.' && decimals < 0) {
          decimals = 0;
        } else if (c != ',') {
          break;
        }
      }
      if (roundUp) {
        value = Math.subtractExact(value, 1L);
      }
      for (int d = Math.max(decimals, 0); d < 2; d++) {
        value = Math.multiplyExact(value, 10L);
      }
      while (i < end) {
        char c = text.charAt(i);
        if (c == '-') {
          negative = true;
        } else if (c != ')' && c != '$' && !NumericText.isSpace(c)) {
          throw TypeErrors.invalidSyntax("money", text);
        }
        i++;
      }
      return negative ? value : Math.negateExact(value);
    } catch (ArithmeticException e) {
      throw TypeErrors.valueOutOfRange(text, "money");
    }
  }

  static void format(long cents, ByteSink out) {
    if (cents < 0) {
      out.put('-');
    }
    out.put('$');
    long whole = Math.abs(cents / 100);
    String digits = Long.toString(whole);
    for (int i = 0; i < digits.length(); i++) {
      if (i > 0 && (digits.length() - i) % 3 == 0) {
        out.put(',');
      }
      out.put(digits.charAt(i));
    }
    out.put('.').putPadded(Math.abs(cents % 100), 2);
  }
}
