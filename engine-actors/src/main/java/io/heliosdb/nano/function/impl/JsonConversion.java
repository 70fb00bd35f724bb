package io.heliosdb.nano.function.impl;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.DateTimes;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.Jsonb;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TimeZones;
import io.heliosdb.nano.type.TypeFamily;
import io.heliosdb.nano.type.TypeIo;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// From SQL values to JSON: numbers and booleans as such, arrays and rows as arrays and objects, dates in ISO 8601, json as it
/// stands, everything else as its text in quotes.
public final class JsonConversion {
  private JsonConversion() {}

  private static boolean isNumber(PgType type) {
    return switch (type.family()) {
      case INT2, INT4, INT8, FLOAT4, FLOAT8, NUMERIC -> true;
      default -> false;
    };
  }

  static boolean isContainer(PgType type) {
    return type.family() == TypeFamily.ARRAY || type.family() == TypeFamily.RECORD;
  }

  // ---------------------------------------------------------------- json

  static String toJson(PgType type, @Nullable Object value, IoContext io, boolean pretty) {
    ByteSink out = new ByteSink();
    write(type, value, io, pretty, out);
    return out.toString();
  }

  /// Appends the value as JSON.
  ///
  /// @param lineFeeds break lines between the elements of the outermost array or row
  public static void write(PgType type, @Nullable Object value, IoContext io, boolean lineFeeds, ByteSink out) {
    if (value == null) {
      out.putAscii("null");
      return;
    }
    switch (type.family()) {
      case BOOL -> out.putAscii((Boolean) value ? "true" : "false");
      case JSON -> out.putUtf8((String) value);
      case JSONB -> ((Jsonb) value).format(out);
      case ARRAY -> array((PgArray) value, io, lineFeeds, out);
      case RECORD -> row((PgRecord) value, io, lineFeeds, out);
      default -> {
        String text = scalarText(type, value, io);
        if (isNumber(type) && isJsonNumber(text)) {
          out.putAscii(text);
        } else {
          Jsonb.quote(text, out);
        }
      }
    }
  }

  private static boolean isJsonNumber(String text) {
    char first = text.charAt(text.charAt(0) == '-' ? 1 : 0);
    return first >= '0' && first <= '9';
  }

  private static String scalarText(PgType type, Object value, IoContext io) {
    return switch (type.family()) {
      case DATE -> isoDate((Integer) value);
      case TIMESTAMP -> isoTimestamp((Long) value);
      case TIMESTAMPTZ -> isoTimestampTz((Long) value, io);
      default -> TypeIo.toText(type, value, io);
    };
  }

  private static String isoDate(int date) {
    return TypeIo.toText(PgTypes.DATE, date, IoContext.DEFAULT);
  }

  private static String isoTimestamp(long timestamp) {
    String text = TypeIo.toText(PgTypes.TIMESTAMP, timestamp, IoContext.DEFAULT);
    return DateTimes.isFinite(timestamp) ? text.replaceFirst(" ", "T") : text;
  }

  /// In the session's zone, always with hours and minutes of the offset.
  static String isoTimestampTz(long instant, IoContext io) {
    if (!DateTimes.isFinite(instant)) {
      return instant > 0 ? "infinity" : "-infinity";
    }
    int offset = TimeZones.offsetAt(io.zone(), instant);
    String local = isoTimestamp(instant + offset * 1_000_000L);
    String era = local.endsWith(" BC") ? " BC" : "";
    ByteSink out = new ByteSink();
    out.putAscii(local.substring(0, local.length() - era.length())).putAscii(isoOffset(offset)).putAscii(era);
    return out.toString();
  }

  private static String isoOffset(int offset) {
    ByteSink out = new ByteSink();
    TimeZones.formatOffset(offset, out);
    return out.size() == 3 ? out + ":00" : out.toString();
  }

  private static void array(PgArray array, IoContext io, boolean lineFeeds, ByteSink out) {
    if (array.isEmpty()) {
      out.putAscii("[]");
      return;
    }
    level(array, 0, 0, array.size(), io, lineFeeds, out);
  }

  private static void level(PgArray array, int depth, int from, int count, IoContext io, boolean lineFeeds, ByteSink out) {
    int parts = array.length(depth);
    int step = count / parts;
    out.put('[');
    for (int i = 0; i < parts; i++) {
      if (i > 0) {
        out.putAscii(lineFeeds && depth == 0 ? ",\n " : ",");
      }
      if (depth + 1 < array.dimensions()) {
        level(array, depth + 1, from + i * step, step, io, false, out);
      } else {
        write(array.elementType(), array.element(from + i), io, false, out);
      }
    }
    out.put(']');
  }

  private static void row(PgRecord row, IoContext io, boolean lineFeeds, ByteSink out) {
    out.put('{');
    for (int i = 0; i < row.size(); i++) {
      if (i > 0) {
        out.putAscii(lineFeeds ? ",\n " : ",");
      }
      Jsonb.quote(row.fieldName(i), out);
      out.put(':');
      write(row.fieldType(i), row.field(i), io, false, out);
    }
    out.put('}');
  }

  // ---------------------------------------------------------------- jsonb

  static Jsonb toJsonb(PgType type, @Nullable Object value, IoContext io) {
    if (value == null) {
      return Jsonb.NULL;
    }
    return switch (type.family()) {
      case BOOL -> Jsonb.of((Boolean) value);
      case INT2, INT4 -> Jsonb.of(Numeric.of((Integer) value));
      case INT8 -> Jsonb.of(Numeric.of((Long) value));
      case NUMERIC -> ((Numeric) value).isFinite() ? Jsonb.of((Numeric) value) : Jsonb.of(value.toString());
      case FLOAT4, FLOAT8 -> {
        String text = TypeIo.toText(type, value, io);
        yield isJsonNumber(text) ? Jsonb.of(Numeric.parse(text)) : Jsonb.of(text);
      }
      case JSON -> Jsonb.parse((String) value);
      case JSONB -> (Jsonb) value;
      case ARRAY -> {
        PgArray array = (PgArray) value;
        yield array.isEmpty() ? Jsonb.EMPTY_ARRAY : level(array, 0, 0, array.size(), io);
      }
      case RECORD -> {
        PgRecord row = (PgRecord) value;
        List<String> keys = new ArrayList<>();
        List<Jsonb> values = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
          keys.add(row.fieldName(i));
          values.add(toJsonb(row.fieldType(i), row.field(i), io));
        }
        yield Jsonb.object(keys, values);
      }
      default -> Jsonb.of(scalarText(type, value, io));
    };
  }

  private static Jsonb level(PgArray array, int depth, int from, int count, IoContext io) {
    int parts = array.length(depth);
    int step = count / parts;
    List<Jsonb> values = new ArrayList<>(parts);
    for (int i = 0; i < parts; i++) {
      values.add(depth + 1 < array.dimensions() ? level(array, depth + 1, from + i * step, step, io)
          : toJsonb(array.elementType(), array.element(from + i), io));
    }
    return Jsonb.array(values);
  }

  /// A value used as a key: scalars only.
  static String key(PgType type, Object value, IoContext io) {
    switch (type.family()) {
      case ARRAY, RECORD, JSON, JSONB ->
          throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "key value must be scalar, not array, composite, or json");
      case BOOL -> {
        return (Boolean) value ? "true" : "false";
      }
      default -> {
        return scalarText(type, value, io);
      }
    }
  }
}
