package io.heliosdb.nano.type;

/// Writes intervals in the four styles of `IntervalStyle`. Source: PostgreSQL 15 manual, "Interval Output".
final class IntervalOutput {
  private IntervalOutput() {}

  static void format(Interval value, IoContext context, ByteSink out) {
    long time = value.micros();
    int year = value.months() / 12;
    int month = value.months() % 12;
    int day = value.days();
    switch (context.intervalStyle()) {
      case POSTGRES -> postgres(year, month, day, time, out);
      case POSTGRES_VERBOSE -> verbose(year, month, day, time, out);
      case SQL_STANDARD -> sqlStandard(year, month, day, time, out);
      case ISO_8601 -> iso(year, month, day, time, out);
    }
  }

  private static void postgres(int year, int month, int day, long time, ByteSink out) {
    int start = out.size();
    boolean before = false;
    before = part(year, "year", start, before, out);
    before = part(month, "mon", start, before, out);
    before = part(day, "day", start, before, out);
    if (out.size() == start || time != 0) {
      boolean negative = time < 0;
      if (out.size() > start) {
        out.put(' ');
      }
      out.putAscii(negative ? "-" : before ? "+" : "");
      clock(time, out);
    }
  }

  private static boolean part(int value, String unit, int start, boolean before, ByteSink out) {
    if (value == 0) {
      return before;
    }
    if (out.size() > start) {
      out.put(' ');
    }
    out.putAscii(before && value > 0 ? "+" : "").putDecimal(value).put(' ').putAscii(unit).putAscii(value != 1 ? "s" : "");
    return value < 0;
  }

  private static void clock(long time, ByteSink out) {
    long second = Math.abs(time / 1_000_000);
    out.putPadded(second / 3600, 2).put(':').putPadded(second / 60 % 60, 2).put(':').putPadded(second % 60, 2);
    DateTimeText.fraction((int) Math.abs(time % 1_000_000), out);
  }

  private static void verbose(int year, int month, int day, long time, ByteSink out) {
    out.put('@');
    boolean[] state = new boolean[2];
    verbosePart(year, "year", state, out);
    verbosePart(month, "mon", state, out);
    verbosePart(day, "day", state, out);
    long second = time / 1_000_000;
    verbosePart(second / 3600, "hour", state, out);
    verbosePart(second / 60 % 60, "min", state, out);
    long seconds = second % 60;
    int part = (int) (time % 1_000_000);
    if (seconds != 0 || part != 0) {
      boolean negative = seconds < 0 || part < 0;
      out.put(' ');
      if (state[0] != negative && state[1]) {
        out.put('-');
      } else if (!state[1] && negative) {
        state[0] = true;
      }
      out.putDecimal(Math.abs(seconds));
      DateTimeText.fraction(Math.abs(part), out);
      out.putAscii(Math.abs(seconds) != 1 || part != 0 ? " secs" : " sec");
      state[1] = true;
    }
    if (!state[1]) {
      out.putAscii(" 0");
    }
    if (state[0]) {
      out.putAscii(" ago");
    }
  }

  /// `state` holds whether the whole is negative (told by its first part) and whether there was a part.
  private static void verbosePart(long value, String unit, boolean[] state, ByteSink out) {
    if (value == 0) {
      return;
    }
    if (!state[1]) {
      state[0] = value < 0;
      value = Math.abs(value);
    } else if (state[0]) {
      value = -value;
    }
    out.put(' ').putDecimal(value).put(' ').putAscii(unit).putAscii(value != 1 ? "s" : "");
    state[1] = true;
  }

  private static void sqlStandard(int year, int month, int day, long time, ByteSink out) {
    boolean hasNegative = year < 0 || month < 0 || day < 0 || time < 0;
    boolean hasPositive = year > 0 || month > 0 || day > 0 || time > 0;
    boolean yearMonth = year != 0 || month != 0;
    boolean dayTime = day != 0 || time != 0;
    if (!hasNegative && !hasPositive) {
      out.put('0');
      return;
    }
    if (hasNegative && hasPositive || yearMonth && dayTime) {
      out.put(year < 0 || month < 0 ? '-' : '+').putDecimal(Math.abs(year)).put('-').putDecimal(Math.abs(month));
      out.put(' ').put(day < 0 ? '-' : '+').putDecimal(Math.abs((long) day)).put(' ').put(time < 0 ? '-' : '+');
      sqlClock(time, out);
      return;
    }
    if (hasNegative) {
      out.put('-');
    }
    if (yearMonth) {
      out.putDecimal(Math.abs(year)).put('-').putDecimal(Math.abs(month));
    } else if (day != 0) {
      out.putDecimal(Math.abs((long) day)).put(' ');
      sqlClock(time, out);
    } else {
      sqlClock(time, out);
    }
  }

  private static void sqlClock(long time, ByteSink out) {
    long second = Math.abs(time / 1_000_000);
    out.putDecimal(second / 3600).put(':').putPadded(second / 60 % 60, 2).put(':').putPadded(second % 60, 2);
    DateTimeText.fraction((int) Math.abs(time % 1_000_000), out);
  }

  private static void iso(int year, int month, int day, long time, ByteSink out) {
    if (year == 0 && month == 0 && day == 0 && time == 0) {
      out.putAscii("PT0S");
      return;
    }
    out.put('P');
    isoPart(year, 'Y', out);
    isoPart(month, 'M', out);
    isoPart(day, 'D', out);
    if (time != 0) {
      out.put('T');
      long second = time / 1_000_000;
      isoPart(second / 3600, 'H', out);
      isoPart(second / 60 % 60, 'M', out);
      long seconds = second % 60;
      int part = (int) (time % 1_000_000);
      if (seconds != 0 || part != 0) {
        if (seconds < 0 || part < 0) {
          out.put('-');
        }
        out.putDecimal(Math.abs(seconds));
        DateTimeText.fraction(Math.abs(part), out);
        out.put('S');
      }
    }
  }

  private static void isoPart(long value, char letter, ByteSink out) {
    if (value != 0) {
      out.putDecimal(value).put(letter);
    }
  }
}
