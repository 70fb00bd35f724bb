package io.heliosdb.nano.catalog.store;

import io.heliosdb.nano.type.ByteSink;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Writes one record as tagged fields: tag and wire type in a variable-length number, then the value.
///
/// Wire type 0: zigzag variable-length number; 1: length and bytes. Zero, false, null and empty values are not written; a tag
/// written several times is a list. Confined to its owner.
final class RecordWriter {
  static final int NUMBER = 0;
  static final int BYTES = 1;

  private final ByteSink out = new ByteSink(128);

  byte[] toByteArray() {
    return out.toByteArray();
  }

  RecordWriter number(int tag, long value) {
    if (value != 0) {
      element(tag, value);
    }
    return this;
  }

  RecordWriter flag(int tag, boolean value) {
    return number(tag, value ? 1 : 0);
  }

  RecordWriter real(int tag, double value) {
    return number(tag, Double.doubleToRawLongBits(value));
  }

  RecordWriter text(int tag, @Nullable String value) {
    if (value != null) {
      bytes(tag, value.getBytes(StandardCharsets.UTF_8));
    }
    return this;
  }

  RecordWriter bytes(int tag, byte @Nullable [] value) {
    if (value != null) {
      header(tag, BYTES);
      variable(value.length);
      out.put(value);
    }
    return this;
  }

  RecordWriter nested(int tag, RecordWriter value) {
    return bytes(tag, value.toByteArray());
  }

  RecordWriter numbers(int tag, List<Integer> values) {
    values.forEach(value -> element(tag, value));
    return this;
  }

  RecordWriter texts(int tag, List<String> values) {
    values.forEach(value -> text(tag, value));
    return this;
  }

  /// A map as alternating keys and values, in key order.
  RecordWriter map(int tag, Map<String, String> values) {
    new TreeMap<>(values).forEach((key, value) -> text(tag, key).text(tag, value));
    return this;
  }

  private void element(int tag, long value) {
    header(tag, NUMBER);
    variable((value << 1) ^ (value >> 63));
  }

  private void header(int tag, int wireType) {
    variable((long) tag << 1 | wireType);
  }

  private void variable(long value) {
    while ((value & ~0x7fL) != 0) {
      out.put((int) (value & 0x7f | 0x80));
      value >>>= 7;
    }
    out.put((int) value);
  }
}
