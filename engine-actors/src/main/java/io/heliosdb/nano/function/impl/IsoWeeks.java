package io.heliosdb.nano.function.impl;

import io.heliosdb.nano.type.DateTimes;

/// ISO 8601 weeks of days counted from 2000-01-01. Year 0 is 1 BC.
final class IsoWeeks {
  private IsoWeeks() {}

  /// The Monday of week 1 of a year.
  static long firstMonday(int year) {
    long fourth = DateTimes.toDays(year, 1, 4);
    return fourth - Math.floorMod(DateTimes.dayOfWeek(fourth) - 1, 7);
  }

  static int year(long days) {
    int year = DateTimes.yearOf(days);
    if (days < firstMonday(year)) {
      return year - 1;
    }
    return days >= firstMonday(year + 1) ? year + 1 : year;
  }

  static int week(long days) {
    return (int) ((days - firstMonday(year(days))) / 7) + 1;
  }

  static int dayOfYear(long days) {
    return (int) (days - firstMonday(year(days))) + 1;
  }
}
