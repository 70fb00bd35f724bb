package io.heliosdb.nano.persistence.columnar.parquet;

import io.heliosdb.nano.persistence.columnar.LittleEndianSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/// Writes structures in Thrift's compact protocol. Source: Apache Thrift, `thrift-compact-protocol.md`.
final class ThriftWriter {
  static final int TYPE_TRUE = 1;
  static final int TYPE_FALSE = 2;
  static final int TYPE_BYTE = 3;
  static final int TYPE_I16 = 4;
  static final int TYPE_I32 = 5;
  static final int TYPE_I64 = 6;
  static final int TYPE_DOUBLE = 7;
  static final int TYPE_BINARY = 8;
  static final int TYPE_LIST = 9;
  static final int TYPE_SET = 10;
  static final int TYPE_MAP = 11;
  static final int TYPE_STRUCT = 12;

  private final LittleEndianSink out;
  private final Deque<Integer> outer = new ArrayDeque<>();
  private int lastField;

  ThriftWriter(LittleEndianSink out) {
    this.out = out;
  }

  private void field(int id, int type) {
    int delta = id - lastField;
    if (delta > 0 && delta <= 15) {
      out.put(delta << 4 | type);
    } else {
      out.put(type);
      out.putVarint(zigzag(id));
    }
    lastField = id;
  }

  private static long zigzag(long value) {
    return value << 1 ^ value >> 63;
  }

  ThriftWriter number(int id, int value) {
    field(id, TYPE_I32);
    out.putVarint(zigzag(value) & 0xffff_ffffL);
    return this;
  }

  ThriftWriter longNumber(int id, long value) {
    field(id, TYPE_I64);
    out.putVarint(zigzag(value));
    return this;
  }

  ThriftWriter byteNumber(int id, int value) {
    field(id, TYPE_BYTE);
    out.put(value);
    return this;
  }

  ThriftWriter flag(int id, boolean value) {
    field(id, value ? TYPE_TRUE : TYPE_FALSE);
    return this;
  }

  ThriftWriter text(int id, String value) {
    return binary(id, value.getBytes(StandardCharsets.UTF_8));
  }

  ThriftWriter binary(int id, byte[] value) {
    field(id, TYPE_BINARY);
    return element(value);
  }

  /// A list begins; its elements follow.
  ThriftWriter list(int id, int elementType, int count) {
    field(id, TYPE_LIST);
    if (count < 15) {
      out.put(count << 4 | elementType);
    } else {
      out.put(0xf0 | elementType);
      out.putVarint(count);
    }
    return this;
  }

  ThriftWriter element(byte[] value) {
    out.putVarint(value.length);
    out.put(value, 0, value.length);
    return this;
  }

  ThriftWriter element(int value) {
    out.putVarint(zigzag(value) & 0xffff_ffffL);
    return this;
  }

  /// A structure begins, as a field or as an element of a list.
  ThriftWriter struct(int id) {
    field(id, TYPE_STRUCT);
    return struct();
  }

  ThriftWriter struct() {
    outer.push(lastField);
    lastField = 0;
    return this;
  }

  ThriftWriter end() {
    out.put(0);
    lastField = outer.isEmpty() ? 0 : outer.pop();
    return this;
  }
}
