package io.heliosdb.nano.function.impl;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.impl.JsonPathExecutor.PathError;
import io.heliosdb.nano.type.DateTimes;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.Jsonb;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TimeTz;
import io.heliosdb.nano.type.TimeZones;
import io.heliosdb.nano.type.TypeIo;
import io.heliosdb.nano.type.Typmods;
import io.heliosdb.nano.type.Values;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Dates and times within paths: what `.datetime()` makes, and their comparison, which needs the session's zone where one side
/// has a zone and the other has not; only the `_tz` functions allow that.
final class JsonPathDates {
  /// Formats that `.datetime()` tries in turn.
  private static final String[] FORMATS = {
    "yyyy-mm-dd", "HH24:MI:SSTZH:TZM", "HH24:MI:SSTZH", "HH24:MI:SS", "yyyy-mm-dd HH24:MI:SSTZH:TZM", "yyyy-mm-dd HH24:MI:SSTZH",
    "yyyy-mm-dd HH24:MI:SS", "yyyy-mm-dd\"T\"HH24:MI:SSTZH:TZM", "yyyy-mm-dd\"T\"HH24:MI:SSTZH", "yyyy-mm-dd\"T\"HH24:MI:SS"
  };
  private static final String DATE = "\\d{4}-\\d{2}-\\d{2}";
  private static final String TIME = "\\d{1,2}:\\d{2}:\\d{2}";
  private static final String[] SHAPES = {
    DATE, TIME + "[+-]\\d{1,2}:\\d{2}", TIME + "[+-]\\d{1,2}", TIME, DATE + " " + TIME + "[+-]\\d{1,2}:\\d{2}",
    DATE + " " + TIME + "[+-]\\d{1,2}", DATE + " " + TIME, DATE + "T" + TIME + "[+-]\\d{1,2}:\\d{2}", DATE + "T" + TIME + "[+-]\\d{1,2}",
    DATE + "T" + TIME
  };

  /// A date or time with its zone's offset in seconds east, 0 without one.
  record Item(PgType type, Object value, int offset) {
    String typeName() {
      return Typmods.formatType(type, -1, PgTypes.BUILTIN);
    }

    /// The item as a JSON string in ISO 8601.
    Jsonb toJsonb() {
      IoContext io = IoContext.builder().zone(java.time.ZoneOffset.ofTotalSeconds(offset)).build();
      if (type == PgTypes.TIMETZ) {
        String text = TypeIo.toText(type, value, io);
        return Jsonb.of(text.matches(".*[+-]\\d\\d") ? text + ":00" : text);
      }
      return JsonConversion.toJsonb(type, value, io);
    }
  }

  private final IoContext io;
  private final boolean useZone;

  JsonPathDates(IoContext io, boolean useZone) {
    this.io = io;
    this.useZone = useZone;
  }

  Item parse(String text, @Nullable String template) {
    if (template != null) {
      try {
        return read(text, template);
      } catch (SqlException e) {
        throw new PathError(e);
      }
    }
    for (int i = 0; i < FORMATS.length; i++) {
      if (text.matches(SHAPES[i])) {
        try {
          return read(text, FORMATS[i]);
        } catch (SqlException e) {
          throw notRecognized(text);
        }
      }
    }
    throw notRecognized(text);
  }

  private static PathError notRecognized(String text) {
    return new PathError(new SqlException(SqlState.INVALID_ARGUMENT_FOR_SQL_JSON_DATETIME_FUNCTION,
        "datetime format is not recognized: \"" + text + "\"").withHint("Use a datetime template argument to specify the input data format."));
  }

  private static Item read(String text, String template) {
    String upper = template.toUpperCase(Locale.ROOT);
    boolean zone = upper.contains("TZ") || upper.contains("OF");
    boolean time = upper.contains("HH") || upper.contains("MI") || upper.contains("SS") || upper.contains("FF") || upper.contains("US")
        || upper.contains("MS");
    boolean date = upper.contains("Y") || upper.contains("DD") || upper.contains("MON") || upper.contains("MM") || upper.contains("J");
    DateReader.Result result = DateReader.read(text, template);
    int offset = result.hasZone() ? result.zoneSeconds() : 0;
    if (!date && !time) {
      throw new SqlException(SqlState.INVALID_DATETIME_FORMAT, "datetime format is not dated and not timed");
    }
    if (!date) {
      return zone ? new Item(PgTypes.TIMETZ, new TimeTz(result.micros(), -offset), offset) : new Item(PgTypes.TIME, result.micros(), 0);
    }
    if (!time) {
      if (zone) {
        throw new SqlException(SqlState.INVALID_DATETIME_FORMAT, "datetime format is zoned but not timed");
      }
      return new Item(PgTypes.DATE, (int) result.days(), 0);
    }
    long local = DateTimeMath.checked(result.days() * DateTimes.MICROS_PER_DAY + result.micros());
    return zone ? new Item(PgTypes.TIMESTAMPTZ, DateTimeMath.checked(local - offset * 1_000_000L), offset)
        : new Item(PgTypes.TIMESTAMP, local, 0);
  }

  /// The order of two items, null when they cannot be compared.
  @Nullable Integer compare(Item a, Item b) {
    if (a.type == b.type) {
      return Values.compare(a.type, a.value, b.value, 0);
    }
    boolean timeA = a.type == PgTypes.TIME || a.type == PgTypes.TIMETZ;
    boolean timeB = b.type == PgTypes.TIME || b.type == PgTypes.TIMETZ;
    if (timeA != timeB) {
      return null;
    }
    if (timeA) {
      return timeTz(a, b).compareTo(timeTz(b, a));
    }
    boolean zoned = a.type == PgTypes.TIMESTAMPTZ || b.type == PgTypes.TIMESTAMPTZ;
    return Long.compare(timestamp(a, b, zoned), timestamp(b, a, zoned));
  }

  private TimeTz timeTz(Item item, Item other) {
    if (item.value instanceof TimeTz time) {
      return time;
    }
    requireZone(item, other);
    long now = io.transactionMicros();
    return new TimeTz((Long) item.value, -TimeZones.offsetAt(io.zone(), now));
  }

  private long timestamp(Item item, Item other, boolean zoned) {
    long value = item.type == PgTypes.DATE ? DateTimeMath.dateToTimestamp((Integer) item.value) : (Long) item.value;
    if (!zoned || item.type == PgTypes.TIMESTAMPTZ) {
      return value;
    }
    requireZone(item, other);
    return DateTimeMath.toInstant(value, io.zone());
  }

  private void requireZone(Item from, Item to) {
    if (!useZone) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot convert value from " + from.type.name() + " to " + to.type.name()
          + " without time zone usage").withHint("Use *_tz() function for time zone support.");
    }
  }
}
