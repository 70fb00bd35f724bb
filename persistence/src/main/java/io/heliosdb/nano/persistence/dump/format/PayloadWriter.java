package io.heliosdb.nano.persistence.dump.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Builds a payload: little-endian numbers, text as length (u32) and UTF-8. Confined to one thread.
public final class PayloadWriter {
  private byte[] bytes = new byte[256];
  private int size;

  public int size() {
    return size;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  public void clear() {
    size = 0;
  }

  private int reserve(int count) {
    if (bytes.length - size < count) {
      long wanted = Math.max((long) size + count, Math.min(Integer.MAX_VALUE - 16, bytes.length * 2L));
      bytes = Arrays.copyOf(bytes, Math.toIntExact(wanted));
    }
    int at = size;
    size += count;
    return at;
  }

  public PayloadWriter u8(int value) {
    int at = reserve(1);
    bytes[at] = (byte) value;
    return this;
  }

  public PayloadWriter u16(int value) {
    return u8(value).u8(value >>> 8);
  }

  public PayloadWriter u32(int value) {
    int at = reserve(4);
    LittleEndian.putInt(bytes, at, value);
    return this;
  }

  public PayloadWriter u64(long value) {
    int at = reserve(8);
    LittleEndian.putLong(bytes, at, value);
    return this;
  }

  public PayloadWriter text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return u32(utf8.length).bytes(utf8, 0, utf8.length);
  }

  public PayloadWriter bytes(byte[] source, int offset, int length) {
    int at = reserve(length);
    System.arraycopy(source, offset, bytes, at, length);
    return this;
  }
}
