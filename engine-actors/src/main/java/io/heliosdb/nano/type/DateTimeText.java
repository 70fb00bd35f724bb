package io.heliosdb.nano.type;

import io.heliosdb.nano.type.IoContext.DateOrder;
import org.jspecify.annotations.Nullable;

/// Text of dates and times in the styles ISO, SQL, Postgres and German.
/// Source: PostgreSQL 15 manual, "Date/Time Output".
final class DateTimeText {
  private static final String[] DAYS = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  private static final String[] MONTHS = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

  private DateTimeText() {}

  static void date(int date, IoContext context, ByteSink out) {
    if (!DateTimes.isFiniteDate(date)) {
      out.putAscii(date > 0 ? "infinity" : "-infinity");
      return;
    }
    long civil = DateTimes.civil(date);
    int year = (int) (civil >> 16);
    int month = (int) (civil >> 8) & 0xff;
    int day = (int) civil & 0xff;
    int shown = year > 0 ? year : 1 - year;
    boolean dayFirst = context.dateOrder() == DateOrder.DMY;
    switch (context.dateStyle()) {
      case ISO -> out.putPadded(shown, 4).put('-').putPadded(month, 2).put('-').putPadded(day, 2);
      case SQL -> out.putPadded(dayFirst ? day : month, 2).put('/').putPadded(dayFirst ? month : day, 2).put('/').putPadded(shown, 4);
      case GERMAN -> out.putPadded(day, 2).put('.').putPadded(month, 2).put('.').putPadded(shown, 4);
      case POSTGRES ->
          out.putPadded(dayFirst ? day : month, 2).put('-').putPadded(dayFirst ? month : day, 2).put('-').putPadded(shown, 4);
    }
    if (year <= 0) {
      out.putAscii(" BC");
    }
  }

  static void time(long micros, ByteSink out) {
    long seconds = micros / 1_000_000;
    out.putPadded(seconds / 3600, 2).put(':').putPadded(seconds / 60 % 60, 2).put(':').putPadded(seconds % 60, 2);
    fraction((int) (micros % 1_000_000), out);
  }

  static void timeTz(TimeTz value, ByteSink out) {
    time(value.micros(), out);
    TimeZones.formatOffset(-value.zoneSecondsWest(), out);
  }

  /// Appends a fraction of a second without its trailing zeros.
  static void fraction(int micros, ByteSink out) {
    if (micros == 0) {
      return;
    }
    int digits = 6;
    while (micros % 10 == 0) {
      micros /= 10;
      digits--;
    }
    out.put('.').putPadded(micros, digits);
  }

  static void timestamp(long micros, IoContext context, ByteSink out) {
    if (special(micros, out)) {
      return;
    }
    local(micros, false, 0, null, context, out);
  }

  static void timestampTz(long micros, IoContext context, ByteSink out) {
    if (special(micros, out)) {
      return;
    }
    int offset = TimeZones.offsetAt(context.zone(), micros);
    String zone = context.dateStyle() == IoContext.DateStyle.ISO ? null : TimeZones.abbreviationAt(context.zone(), micros);
    local(micros + offset * 1_000_000L, true, offset, zone, context, out);
  }

  private static boolean special(long micros, ByteSink out) {
    if (DateTimes.isFinite(micros)) {
      return false;
    }
    out.putAscii(micros > 0 ? "infinity" : "-infinity");
    return true;
  }

  private static void local(long micros, boolean withZone, int offset, @Nullable String zone, IoContext context, ByteSink out) {
    long days = Math.floorDiv(micros, DateTimes.MICROS_PER_DAY);
    long time = micros - days * DateTimes.MICROS_PER_DAY;
    long civil = DateTimes.civil(days);
    int year = (int) (civil >> 16);
    int month = (int) (civil >> 8) & 0xff;
    int day = (int) civil & 0xff;
    int shown = year > 0 ? year : 1 - year;
    boolean dayFirst = context.dateOrder() == DateOrder.DMY;
    switch (context.dateStyle()) {
      case ISO -> {
        out.putPadded(shown, 4).put('-').putPadded(month, 2).put('-').putPadded(day, 2).put(' ');
        time(time, out);
        if (withZone) {
          TimeZones.formatOffset(offset, out);
        }
      }
      case SQL -> {
        out.putPadded(dayFirst ? day : month, 2).put('/').putPadded(dayFirst ? month : day, 2).put('/').putPadded(shown, 4).put(' ');
        time(time, out);
        zone(withZone, offset, zone, false, out);
      }
      case GERMAN -> {
        out.putPadded(day, 2).put('.').putPadded(month, 2).put('.').putPadded(shown, 4).put(' ');
        time(time, out);
        zone(withZone, offset, zone, false, out);
      }
      case POSTGRES -> {
        out.putAscii(DAYS[DateTimes.dayOfWeek(days)]).put(' ');
        if (dayFirst) {
          out.putPadded(day, 2).put(' ').putAscii(MONTHS[month - 1]);
        } else {
          out.putAscii(MONTHS[month - 1]).put(' ').putPadded(day, 2);
        }
        out.put(' ');
        time(time, out);
        out.put(' ').putPadded(shown, 4);
        zone(withZone, offset, zone, true, out);
      }
    }
    if (year <= 0) {
      out.putAscii(" BC");
    }
  }

  private static void zone(boolean withZone, int offset, @Nullable String zone, boolean spaced, ByteSink out) {
    if (!withZone) {
      return;
    }
    if (zone != null) {
      out.put(' ').putAscii(zone);
      return;
    }
    if (spaced) {
      out.put(' ');
    }
    TimeZones.formatOffset(offset, out);
  }
}
