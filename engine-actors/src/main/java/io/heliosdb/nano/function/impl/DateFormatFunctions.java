package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.binary;
import static io.heliosdb.nano.function.impl.Forms.contextual;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.DateTimes;
import io.heliosdb.nano.type.Interval;
import io.heliosdb.nano.type.TimeZones;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/// to_char of timestamps and intervals, to_date, to_timestamp.
public final class DateFormatFunctions implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "timestamp_to_char" -> binary((a, format) -> timestamp((Long) a, (String) format, null, 0));
      case "timestamptz_to_char" -> contextual((context, site, args) -> {
        long instant = (Long) args[0];
        if (!DateTimes.isFinite(instant)) {
          return null;
        }
        ZoneId zone = context.io().zone();
        int offset = TimeZones.offsetAt(zone, instant);
        String abbreviation = TimeZones.abbreviationAt(zone, instant);
        return timestamp(instant + offset * DateTimes.MICROS_PER_SECOND, (String) args[1],
            abbreviation == null ? offsetName(offset) : abbreviation, offset);
      });
      case "interval_to_char" -> binary((a, format) -> interval((Interval) a, (String) format));
      case "to_date" -> binary((a, format) -> toDate((String) a, (String) format));
      case "to_timestamp" -> contextual((context, site, args) -> toTimestamp((String) args[0], (String) args[1], context.io().zone()));
      default -> null;
    };
  }

  private static String offsetName(int seconds) {
    io.heliosdb.nano.type.ByteSink out = new io.heliosdb.nano.type.ByteSink();
    TimeZones.formatOffset(seconds, out);
    return out.toString();
  }

  private static @Nullable String timestamp(long micros, String format, @Nullable String zone, int zoneSeconds) {
    if (format.isEmpty() || !DateTimes.isFinite(micros)) {
      return null;
    }
    long days = Math.floorDiv(micros, DateTimes.MICROS_PER_DAY);
    long time = Math.floorMod(micros, DateTimes.MICROS_PER_DAY);
    int year = DateTimes.yearOf(days);
    return DateFormat.write(format, new DateFormat.Fields(false, year, DateTimes.monthOf(days), DateTimes.dayOf(days),
        time / DateTimes.MICROS_PER_HOUR, (int) (time / DateTimes.MICROS_PER_MINUTE % 60), (int) (time / DateTimes.MICROS_PER_SECOND % 60),
        (int) (time % DateTimes.MICROS_PER_SECOND), (int) (days - DateTimes.toDays(year, 1, 1)) + 1, zone, zoneSeconds));
  }

  private static @Nullable String interval(Interval value, String format) {
    if (format.isEmpty()) {
      return null;
    }
    int year = value.months() / 12;
    int month = value.months() % 12;
    long time = value.micros();
    int dayOfYear = (year * 12 + month) * 30 + value.days();
    return DateFormat.write(format, new DateFormat.Fields(true, year, month, value.days(), time / DateTimes.MICROS_PER_HOUR,
        (int) (time / DateTimes.MICROS_PER_MINUTE % 60), (int) (time / DateTimes.MICROS_PER_SECOND % 60),
        (int) (time % DateTimes.MICROS_PER_SECOND), dayOfYear, null, 0));
  }

  private static Object toDate(String text, String format) {
    DateReader.Result result = DateReader.read(text, format);
    if (result.days() < DateTimes.DATE_MIN || result.days() >= DateTimes.DATE_END) {
      throw new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "date out of range: \"" + text + "\"");
    }
    return (int) result.days();
  }

  private static Object toTimestamp(String text, String format, ZoneId zone) {
    DateReader.Result result = DateReader.read(text, format);
    if (Math.abs(result.days()) > DateTimes.TIMESTAMP_END / DateTimes.MICROS_PER_DAY) {
      throw outOfRange();
    }
    long local = result.days() * DateTimes.MICROS_PER_DAY + result.micros();
    int offset = result.hasZone() ? result.zoneSeconds() : TimeZones.offsetOfLocal(zone, local);
    long instant = local - offset * DateTimes.MICROS_PER_SECOND;
    if (!DateTimes.isValidTimestamp(instant)) {
      throw outOfRange();
    }
    return instant;
  }

  private static SqlException outOfRange() {
    return new SqlException(SqlState.DATETIME_VALUE_OUT_OF_RANGE, "timestamp out of range");
  }
}
