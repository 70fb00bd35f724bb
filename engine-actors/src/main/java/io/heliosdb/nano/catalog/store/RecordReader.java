package io.heliosdb.nano.catalog.store;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads what [RecordWriter] wrote; absent fields read as zero, false, null or empty.
///
/// @throws SqlException XX001 when the bytes are not a record
final class RecordReader {
  private static final int MAX_TAG = 255;

  private final byte[] bytes;
  private int position;
  private @Nullable List<Object>[] fields;

  @SuppressWarnings("unchecked")
  RecordReader(byte[] bytes) {
    this.bytes = bytes;
    this.fields = new List[32];
    while (position < bytes.length) {
      long header = variable();
      int tag = (int) (header >> 1);
      if (header < 0 || header >> 1 > MAX_TAG) {
        throw corrupted();
      }
      if (tag >= fields.length) {
        fields = Arrays.copyOf(fields, MAX_TAG + 1);
      }
      List<Object> values = fields[tag];
      if (values == null) {
        fields[tag] = values = new ArrayList<>(2);
      }
      values.add((header & 1) == RecordWriter.NUMBER ? (Object) zigzag(variable()) : take());
    }
  }

  long number(int tag) {
    return first(tag) instanceof Long value ? value : 0;
  }

  int integer(int tag) {
    return (int) number(tag);
  }

  char character(int tag) {
    return (char) number(tag);
  }

  boolean flag(int tag) {
    return number(tag) != 0;
  }

  double real(int tag) {
    return Double.longBitsToDouble(number(tag));
  }

  @Nullable String text(int tag) {
    return first(tag) instanceof byte[] value ? new String(value, StandardCharsets.UTF_8) : null;
  }

  String requiredText(int tag) {
    String value = text(tag);
    if (value == null) {
      throw corrupted();
    }
    return value;
  }

  byte @Nullable [] bytes(int tag) {
    return first(tag) instanceof byte[] value ? value : null;
  }

  @Nullable RecordReader nested(int tag) {
    return first(tag) instanceof byte[] value ? new RecordReader(value) : null;
  }

  List<byte[]> allBytes(int tag) {
    return all(tag).stream().map(value -> (byte[]) value).toList();
  }

  List<RecordReader> allNested(int tag) {
    return all(tag).stream().map(value -> new RecordReader((byte[]) value)).toList();
  }

  List<Integer> integers(int tag) {
    return all(tag).stream().map(value -> (int) (long) (Long) value).toList();
  }

  List<String> texts(int tag) {
    return all(tag).stream().map(value -> new String((byte[]) value, StandardCharsets.UTF_8)).toList();
  }

  Map<String, String> map(int tag) {
    List<String> parts = texts(tag);
    Map<String, String> result = new LinkedHashMap<>();
    for (int i = 0; i + 1 < parts.size(); i += 2) {
      result.put(parts.get(i), parts.get(i + 1));
    }
    return Map.copyOf(result);
  }

  private List<Object> all(int tag) {
    List<Object> values = tag < fields.length ? fields[tag] : null;
    return values == null ? List.of() : values;
  }

  private @Nullable Object first(int tag) {
    List<Object> values = all(tag);
    return values.isEmpty() ? null : values.get(0);
  }

  private byte[] take() {
    long length = variable();
    if (length < 0 || length > bytes.length - position) {
      throw corrupted();
    }
    byte[] value = Arrays.copyOfRange(bytes, position, position + (int) length);
    position += (int) length;
    return value;
  }

  private long variable() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (position >= bytes.length) {
        throw corrupted();
      }
      byte b = bytes[position++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw corrupted();
  }

  private static long zigzag(long value) {
    return (value >>> 1) ^ -(value & 1);
  }

  static SqlException corrupted() {
    return new SqlException(SqlState.DATA_CORRUPTED, "a catalog row is damaged");
  }
}
