package io.heliosdb.nano.function.impl;

/// `cash_words`: an amount of money in English words. Source: PostgreSQL 15, `cash_words`.
final class MoneyWords {
  private static final String[] SMALL = {
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
    "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"
  };
  private static final String[] GROUPS = {"", " thousand ", " million ", " billion ", " trillion ", " quadrillion "};

  private MoneyWords() {}

  static String of(long cents) {
    StringBuilder out = new StringBuilder(cents < 0 ? "minus " : "");
    // Unsigned, so that the smallest amount has a magnitude too.
    long magnitude = Math.abs(cents);
    long whole = Long.divideUnsigned(magnitude, 100);
    long rest = Long.remainderUnsigned(magnitude, 100);
    for (int group = GROUPS.length - 1; group > 0; group--) {
      long unit = (long) Math.pow(1000, group);
      int part = (int) (whole / unit % 1000);
      if (part != 0) {
        out.append(hundreds(part)).append(GROUPS[group]);
      }
    }
    if (whole % 1000 != 0) {
      out.append(hundreds((int) (whole % 1000)));
    } else if (whole == 0) {
      out.append("zero");
    }
    out.append(whole == 1 ? " dollar and " : " dollars and ").append(hundreds((int) rest)).append(rest == 1 ? " cent" : " cents");
    out.setCharAt(0, Character.toUpperCase(out.charAt(0)));
    return out.toString();
  }

  private static String hundreds(int value) {
    int rest = value % 100;
    if (value <= 20) {
      return SMALL[value];
    }
    if (rest == 0) {
      return SMALL[value / 100] + " hundred";
    }
    String prefix = value > 99 ? SMALL[value / 100] + " hundred " : "";
    if (value > 99) {
      if (value % 10 == 0 && rest > 10) {
        return prefix + SMALL[rest / 10 + 18];
      }
      return rest < 20 ? prefix + "and " + SMALL[rest] : prefix + SMALL[rest / 10 + 18] + " " + SMALL[rest % 10];
    }
    if (value % 10 == 0 && rest > 10) {
      return SMALL[rest / 10 + 18];
    }
    return rest < 20 ? SMALL[rest] : SMALL[rest / 10 + 18] + " " + SMALL[rest % 10];
  }
}
