package io.heliosdb.nano.persistence.columnar.parquet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads structures in Thrift's compact protocol as maps from field id to value. What the bytes claim is believed only as far as they reach, and
/// the number of values is bounded, so a small hostile input cannot become large.
final class ThriftReader {
  private static final int DEPTH_MAX = 32;
  private static final int VALUES_MAX = 4_000_000;

  /// A structure. Getters give the default when the field is missing or of another type.
  static final class Struct {
    private final Map<Integer, Object> fields = new HashMap<>();

    int number(int id, int otherwise) {
      return fields.get(id) instanceof Long value ? (int) Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE) : otherwise;
    }

    long longNumber(int id, long otherwise) {
      return fields.get(id) instanceof Long value ? value : otherwise;
    }

    boolean flag(int id, boolean otherwise) {
      return fields.get(id) instanceof Boolean value ? value : otherwise;
    }

    String text(int id) {
      return fields.get(id) instanceof byte[] value ? new String(value, java.nio.charset.StandardCharsets.UTF_8) : "";
    }

    @Nullable Struct struct(int id) {
      return fields.get(id) instanceof Struct value ? value : null;
    }

    boolean hasStruct(int id) {
      return fields.get(id) instanceof Struct;
    }

    boolean has(int id) {
      return fields.containsKey(id);
    }

    List<Struct> structs(int id) {
      List<Struct> result = new ArrayList<>();
      if (fields.get(id) instanceof List<?> list) {
        for (Object element : list) {
          if (element instanceof Struct value) {
            result.add(value);
          }
        }
      }
      return result;
    }

    List<String> texts(int id) {
      List<String> result = new ArrayList<>();
      if (fields.get(id) instanceof List<?> list) {
        for (Object element : list) {
          if (element instanceof byte[] value) {
            result.add(new String(value, java.nio.charset.StandardCharsets.UTF_8));
          }
        }
      }
      return result;
    }
  }

  private final byte[] bytes;
  private final int end;
  private int at;
  private int values;

  ThriftReader(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  /// Where the next byte stands.
  int position() {
    return at;
  }

  Struct struct() {
    return struct(0);
  }

  private Struct struct(int depth) {
    if (depth > DEPTH_MAX) {
      throw Malformed.because("structures nest too deeply");
    }
    Struct result = new Struct();
    int id = 0;
    while (true) {
      int head = next();
      int type = head & 0xf;
      if (type == 0) {
        return result;
      }
      int delta = head >> 4 & 0xf;
      id = delta == 0 ? (int) unzigzag(varint()) : id + delta;
      Object value = value(type, depth);
      result.fields.put(id, value);
    }
  }

  private Object value(int type, int depth) {
    if (++values > VALUES_MAX) {
      throw Malformed.because("too many values in the metadata");
    }
    return switch (type) {
      case ThriftWriter.TYPE_TRUE -> true;
      case ThriftWriter.TYPE_FALSE -> false;
      case ThriftWriter.TYPE_BYTE -> (long) (byte) next();
      case ThriftWriter.TYPE_I16, ThriftWriter.TYPE_I32, ThriftWriter.TYPE_I64 -> unzigzag(varint());
      case ThriftWriter.TYPE_DOUBLE -> {
        skip(8);
        yield 0L;
      }
      case ThriftWriter.TYPE_BINARY -> binary();
      case ThriftWriter.TYPE_LIST, ThriftWriter.TYPE_SET -> list(depth + 1);
      case ThriftWriter.TYPE_MAP -> map(depth + 1);
      case ThriftWriter.TYPE_STRUCT -> struct(depth + 1);
      default -> throw Malformed.because("unknown type " + type + " in the metadata");
    };
  }

  private byte[] binary() {
    long length = varint();
    if (length < 0 || length > end - at) {
      throw Malformed.because("a text in the metadata is longer than the metadata");
    }
    byte[] result = java.util.Arrays.copyOfRange(bytes, at, at + (int) length);
    at += (int) length;
    return result;
  }

  private List<Object> list(int depth) {
    int head = next();
    int elementType = head & 0xf;
    long count = head >> 4 & 0xf;
    if (count == 15) {
      count = varint();
    }
    // An element takes a byte at least.
    if (count < 0 || count > end - at || depth > DEPTH_MAX) {
      throw Malformed.because("a list in the metadata is longer than the metadata");
    }
    List<Object> result = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      // In a list a boolean is a byte.
      result.add(elementType == ThriftWriter.TYPE_TRUE || elementType == ThriftWriter.TYPE_FALSE ? (Object) (next() == 1) : value(elementType, depth));
    }
    return result;
  }

  private Object map(int depth) {
    long count = varint();
    if (count == 0) {
      return List.of();
    }
    int types = next();
    if (count < 0 || count > end - at || depth > DEPTH_MAX) {
      throw Malformed.because("a map in the metadata is longer than the metadata");
    }
    for (long i = 0; i < count; i++) {
      value(types >> 4 & 0xf, depth);
      value(types & 0xf, depth);
    }
    return List.of();
  }

  private int next() {
    if (at >= end) {
      throw Malformed.because("the metadata ends too early");
    }
    return bytes[at++];
  }

  private void skip(int count) {
    if (count > end - at) {
      throw Malformed.because("the metadata ends too early");
    }
    at += count;
  }

  private long varint() {
    long result = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int b = next();
      result |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return result;
      }
    }
    throw Malformed.because("a number in the metadata has no end");
  }

  private static long unzigzag(long value) {
    return value >>> 1 ^ -(value & 1);
  }
}
