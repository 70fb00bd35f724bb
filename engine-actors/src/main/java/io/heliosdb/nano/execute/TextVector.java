package io.heliosdb.nano.execute;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Text as UTF-8 bytes in one shared buffer, or as a `String` where one was set; each form is made from the other on first need.
public final class TextVector extends ColumnVector {
  private static final int STRING_ONLY = -1;

  private byte[] bytes = EMPTY;
  private int used;
  private final int[] starts;
  private final int[] lengths;
  private final @Nullable String[] strings;
  private boolean hasStrings;

  private static final byte[] EMPTY = new byte[0];

  public TextVector(int capacity) {
    super(capacity);
    starts = new int[capacity];
    lengths = new int[capacity];
    strings = new String[capacity];
  }

  @Override
  public void reset() {
    super.reset();
    used = 0;
    if (hasStrings) {
      Arrays.fill(strings, null);
      hasStrings = false;
    }
    if (bytes.length > 1 << 22) {
      bytes = EMPTY;
    }
  }

  /// Appends UTF-8 bytes from mapped memory as the value of a row.
  public void setUtf8(int row, MemorySegment memory, long offset, int length) {
    setNotNull(row);
    int start = reserve(length);
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, bytes, start, length);
    starts[row] = start;
    lengths[row] = length;
    if (hasStrings) {
      strings[row] = null;
    }
  }

  public void setUtf8(int row, byte[] source, int offset, int length) {
    setNotNull(row);
    int start = reserve(length);
    System.arraycopy(source, offset, bytes, start, length);
    starts[row] = start;
    lengths[row] = length;
    if (hasStrings) {
      strings[row] = null;
    }
  }

  private int reserve(int length) {
    if (bytes.length - used < length) {
      long wanted = Math.max(Math.max(64, (long) used + length), Math.min(Integer.MAX_VALUE - 16, bytes.length * 2L));
      bytes = Arrays.copyOf(bytes, Math.toIntExact(wanted));
    }
    int start = used;
    used += length;
    return start;
  }

  public String string(int row) {
    String text = hasStrings ? strings[row] : null;
    if (text == null) {
      text = new String(bytes, starts[row], lengths[row], StandardCharsets.UTF_8);
      strings[row] = text;
      hasStrings = true;
    }
    return text;
  }

  /// Makes sure the value is there as bytes, then see [#buffer], [#start], [#length].
  public void needBytes(int row) {
    if (lengths[row] == STRING_ONLY) {
      byte[] encoded = strings[row].getBytes(StandardCharsets.UTF_8);
      int start = reserve(encoded.length);
      System.arraycopy(encoded, 0, bytes, start, encoded.length);
      starts[row] = start;
      lengths[row] = encoded.length;
    }
  }

  /// The shared buffer; a new array may take its place when a value is set or [#needBytes] is called.
  public byte[] buffer() {
    return bytes;
  }

  public int start(int row) {
    return starts[row];
  }

  public int length(int row) {
    return lengths[row];
  }

  /// Whether the two values have the same bytes. Neither may be NULL.
  public static boolean sameBytes(TextVector a, int rowA, TextVector b, int rowB) {
    a.needBytes(rowA);
    b.needBytes(rowB);
    return Arrays.equals(a.bytes, a.starts[rowA], a.starts[rowA] + a.lengths[rowA], b.bytes, b.starts[rowB], b.starts[rowB] + b.lengths[rowB]);
  }

  /// Unsigned bytewise order. Neither may be NULL.
  public static int compareBytes(TextVector a, int rowA, TextVector b, int rowB) {
    a.needBytes(rowA);
    b.needBytes(rowB);
    return Arrays.compareUnsigned(a.bytes, a.starts[rowA], a.starts[rowA] + a.lengths[rowA], b.bytes, b.starts[rowB], b.starts[rowB] + b.lengths[rowB]);
  }

  /// The length without trailing blanks, which do not count in values of type char(n).
  private int trimmedLength(int row) {
    needBytes(row);
    int start = starts[row];
    int length = lengths[row];
    while (length > 0 && bytes[start + length - 1] == ' ') {
      length--;
    }
    return length;
  }

  /// [#sameBytes] without trailing blanks.
  public static boolean sameTrimmed(TextVector a, int rowA, TextVector b, int rowB) {
    int lengthA = a.trimmedLength(rowA);
    int lengthB = b.trimmedLength(rowB);
    return lengthA == lengthB
        && Arrays.equals(a.bytes, a.starts[rowA], a.starts[rowA] + lengthA, b.bytes, b.starts[rowB], b.starts[rowB] + lengthB);
  }

  /// [#compareBytes] without trailing blanks.
  public static int compareTrimmed(TextVector a, int rowA, TextVector b, int rowB) {
    int lengthA = a.trimmedLength(rowA);
    int lengthB = b.trimmedLength(rowB);
    return Arrays.compareUnsigned(a.bytes, a.starts[rowA], a.starts[rowA] + lengthA, b.bytes, b.starts[rowB], b.starts[rowB] + lengthB);
  }

  /// A hash of the bytes without trailing blanks.
  public int hashTrimmed(int row) {
    return hash(row, trimmedLength(row));
  }

  /// A hash of the bytes.
  public int hashBytes(int row) {
    needBytes(row);
    return hash(row, lengths[row]);
  }

  private int hash(int row, int length) {
    int h = length;
    int start = starts[row];
    int end = start + length;
    for (int i = start; i < end; i++) {
      h = h * 31 + bytes[i];
    }
    return h;
  }

  @Override
  Object boxed(int row) {
    return string(row);
  }

  @Override
  void setBoxed(int row, Object value) {
    strings[row] = (String) value;
    hasStrings = true;
    lengths[row] = STRING_ONLY;
  }

  @Override
  void copyValue(ColumnVector source, int sourceRow, int row) {
    TextVector from = (TextVector) source;
    if (from.lengths[sourceRow] == STRING_ONLY) {
      setBoxed(row, from.strings[sourceRow]);
    } else {
      setUtf8(row, from.bytes, from.starts[sourceRow], from.lengths[sourceRow]);
    }
  }

  @Override
  public long valueBytes(int row) {
    String text = hasStrings ? strings[row] : null;
    return 16 + (text == null ? 0 : 48 + text.length()) + (lengths[row] == STRING_ONLY ? 0 : lengths[row]);
  }
}
