package io.heliosdb.nano.type;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A jsonb value in a binary form in which any member or element is found without reading the others. Immutable; a part
/// shares the bytes of its whole.
///
/// ```
/// value  := 0 null | 1 false | 2 true | 3 number | 4 string | 5 array | 6 object        (one byte)
/// number := the storage form of a numeric          string := UTF-8 up to the value's end
/// array  := count end*count value*count            object := count keyEnd*count end*count key*count value*count
/// ```
/// Counts and ends are big-endian 32-bit numbers; ends count from the first key or value. Keys are ordered by length in
/// bytes, then bytewise, without duplicates, which is the order PostgreSQL shows them in.
/// Equality and order are PostgreSQL's: object, array, boolean, number, string, null from greatest to least, longer
/// containers after shorter ones.
public final class Jsonb implements Comparable<Jsonb> {
  public enum Kind {NULL, BOOLEAN, NUMBER, STRING, ARRAY, OBJECT}

  private static final byte TAG_NULL = 0;
  private static final byte TAG_FALSE = 1;
  private static final byte TAG_TRUE = 2;
  private static final byte TAG_NUMBER = 3;
  private static final byte TAG_STRING = 4;
  private static final byte TAG_ARRAY = 5;
  private static final byte TAG_OBJECT = 6;

  public static final Jsonb NULL = ofBytes(new byte[] {TAG_NULL});
  public static final Jsonb TRUE = ofBytes(new byte[] {TAG_TRUE});
  public static final Jsonb FALSE = ofBytes(new byte[] {TAG_FALSE});
  public static final Jsonb EMPTY_OBJECT = object(List.of(), List.of());
  public static final Jsonb EMPTY_ARRAY = array(List.of());

  private final byte[] data;
  private final int offset;
  private final int end;

  private Jsonb(byte[] data, int offset, int end) {
    this.data = data;
    this.offset = offset;
    this.end = end;
  }

  /// Reads JSON text; the last of equal keys wins.
  public static Jsonb parse(String text) {
    TreeBuilder builder = new TreeBuilder();
    JsonParser.parse(text, builder);
    return ofTree(builder.result);
  }

  /// The value whose binary form this is; the array is not copied and must not change.
  public static Jsonb ofBytes(byte[] bytes) {
    return new Jsonb(bytes, 0, bytes.length);
  }

  public static Jsonb ofBytes(byte[] bytes, int offset, int length) {
    return new Jsonb(bytes, offset, offset + length);
  }

  public static Jsonb ofNull() {
    return NULL;
  }

  public static Jsonb of(boolean value) {
    return value ? TRUE : FALSE;
  }

  public static Jsonb of(Numeric value) {
    return ofTree(value);
  }

  public static Jsonb of(String value) {
    return ofTree(value);
  }

  public static Jsonb array(List<Jsonb> elements) {
    return ofTree(elements);
  }

  /// An object of keys and values in any order; the last of equal keys wins.
  public static Jsonb object(List<String> keys, List<Jsonb> values) {
    Members members = new Members();
    members.keys.addAll(keys);
    members.values.addAll(values);
    return ofTree(members);
  }

  // ---------------------------------------------------------------- reading

  public Kind kind() {
    return switch (data[offset]) {
      case TAG_NULL -> Kind.NULL;
      case TAG_FALSE, TAG_TRUE -> Kind.BOOLEAN;
      case TAG_NUMBER -> Kind.NUMBER;
      case TAG_STRING -> Kind.STRING;
      case TAG_ARRAY -> Kind.ARRAY;
      default -> Kind.OBJECT;
    };
  }

  public boolean isNull() {
    return data[offset] == TAG_NULL;
  }

  public boolean isScalar() {
    return data[offset] < TAG_ARRAY;
  }

  public boolean isArray() {
    return data[offset] == TAG_ARRAY;
  }

  public boolean isObject() {
    return data[offset] == TAG_OBJECT;
  }

  /// The binary form.
  public byte[] toBytes() {
    return offset == 0 && end == data.length ? data : Arrays.copyOfRange(data, offset, end);
  }

  /// Where `part` stands in this value's bytes; 0 when it is no part of it. Tells apart the objects of one value.
  public int offsetOf(Jsonb part) {
    return part.data == data ? part.offset - offset : 0;
  }

  /// Appends the binary form.
  public void writeTo(ByteSink out) {
    out.put(data, offset, end - offset);
  }

  public boolean booleanValue() {
    return data[offset] == TAG_TRUE;
  }

  public Numeric numberValue() {
    return NumericStorage.decode(data, offset + 1, end - offset - 1);
  }

  public String stringValue() {
    return new String(data, offset + 1, end - offset - 1, StandardCharsets.UTF_8);
  }

  /// Number of elements or members; 0 for scalars.
  public int size() {
    return data[offset] >= TAG_ARRAY ? intAt(offset + 1) : 0;
  }

  private int intAt(int at) {
    return data[at] << 24 | (data[at + 1] & 0xff) << 16 | (data[at + 2] & 0xff) << 8 | data[at + 3] & 0xff;
  }

  /// The member's value, null when absent or when this is no object.
  public @Nullable Jsonb get(String key) {
    if (!isObject()) {
      return null;
    }
    int index = find(key.getBytes(StandardCharsets.UTF_8));
    return index < 0 ? null : valueAt(index);
  }

  public boolean containsKey(String key) {
    return isObject() && find(key.getBytes(StandardCharsets.UTF_8)) >= 0;
  }

  private int find(byte[] key) {
    int low = 0;
    int high = size() - 1;
    int keys = offset + 5 + 8 * size();
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int start = middle == 0 ? 0 : intAt(offset + 5 + 4 * (middle - 1));
      int keyEnd = intAt(offset + 5 + 4 * middle);
      int order = compareKeys(data, keys + start, keyEnd - start, key, 0, key.length);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  private static int compareKeys(byte[] a, int aStart, int aLength, byte[] b, int bStart, int bLength) {
    return aLength != bLength ? Integer.compare(aLength, bLength)
        : Arrays.compareUnsigned(a, aStart, aStart + aLength, b, bStart, bStart + bLength);
  }

  /// The array element at `index` from 0, or from the end when negative; null when there is none or this is no array.
  public @Nullable Jsonb get(int index) {
    if (!isArray()) {
      return null;
    }
    int count = size();
    int at = index < 0 ? index + count : index;
    return at < 0 || at >= count ? null : valueAt(at);
  }

  /// The array element, or the object's value at that place in key order, from 0.
  public Jsonb valueAt(int index) {
    int count = size();
    int ends = offset + 5 + (isObject() ? 4 * count : 0);
    int base = ends + 4 * count;
    int start = index == 0 ? keysLength(count) : intAt(ends + 4 * (index - 1));
    return new Jsonb(data, base + start, base + intAt(ends + 4 * index));
  }

  private int keysLength(int count) {
    return isObject() && count > 0 ? intAt(offset + 5 + 4 * (count - 1)) : 0;
  }

  /// The object's key at that place in key order.
  public String keyAt(int index) {
    int keys = offset + 5 + 8 * size();
    int start = index == 0 ? 0 : intAt(offset + 5 + 4 * (index - 1));
    return new String(data, keys + start, intAt(offset + 5 + 4 * index) - start, StandardCharsets.UTF_8);
  }

  /// The elements of an array, the values of an object.
  public List<Jsonb> values() {
    int count = size();
    List<Jsonb> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(valueAt(i));
    }
    return list;
  }

  public List<String> keys() {
    List<String> list = new ArrayList<>();
    for (int i = 0; isObject() && i < size(); i++) {
      list.add(keyAt(i));
    }
    return list;
  }

  // ---------------------------------------------------------------- text

  /// Appends the text as PostgreSQL prints it: one space after commas and colons.
  public void format(ByteSink out) {
    switch (data[offset]) {
      case TAG_NULL -> out.putAscii("null");
      case TAG_FALSE -> out.putAscii("false");
      case TAG_TRUE -> out.putAscii("true");
      case TAG_NUMBER -> numberValue().format(out);
      case TAG_STRING -> quote(data, offset + 1, end, out);
      case TAG_ARRAY -> {
        out.put('[');
        for (int i = 0; i < size(); i++) {
          if (i > 0) {
            out.putAscii(", ");
          }
          valueAt(i).format(out);
        }
        out.put(']');
      }
      default -> {
        out.put('{');
        int count = size();
        int keys = offset + 5 + 8 * count;
        int start = 0;
        for (int i = 0; i < count; i++) {
          if (i > 0) {
            out.putAscii(", ");
          }
          int keyEnd = intAt(offset + 5 + 4 * i);
          quote(data, keys + start, keys + keyEnd, out);
          start = keyEnd;
          out.putAscii(": ");
          valueAt(i).format(out);
        }
        out.put('}');
      }
    }
  }

  /// Appends a JSON string literal for UTF-8 bytes.
  private static void quote(byte[] bytes, int from, int to, ByteSink out) {
    out.put('"');
    int plain = from;
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if (b >= ' ' && b != '"' && b != '\\' || b < 0) {
        continue;
      }
      out.put(bytes, plain, i - plain);
      plain = i + 1;
      escape(b, out);
    }
    out.put(bytes, plain, to - plain).put('"');
  }

  private static void escape(int b, ByteSink out) {
    switch (b) {
      case '"' -> out.putAscii("\\\"");
      case '\\' -> out.putAscii("\\\\");
      case '\b' -> out.putAscii("\\b");
      case '\f' -> out.putAscii("\\f");
      case '\n' -> out.putAscii("\\n");
      case '\r' -> out.putAscii("\\r");
      case '\t' -> out.putAscii("\\t");
      default -> out.putAscii("\\u00").putAscii(b < 16 ? "0" : "1").putAscii(Integer.toHexString(b & 15));
    }
  }

  /// Appends `text` as a JSON string literal.
  public static void quote(String text, ByteSink out) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    quote(bytes, 0, bytes.length, out);
  }

  @Override
  public String toString() {
    ByteSink out = new ByteSink();
    format(out);
    return out.toString();
  }

  // ---------------------------------------------------------------- order

  @Override
  public int compareTo(Jsonb other) {
    if (isArray() && other.isScalar() && size() != 1) {
      return size() > 1 ? 1 : -1;
    }
    if (isScalar() && other.isArray() && other.size() != 1) {
      return other.size() > 1 ? -1 : 1;
    }
    return compareNested(this, other);
  }

  private static int compareNested(Jsonb a, Jsonb b) {
    int rank = Integer.compare(a.rank(), b.rank());
    if (rank != 0) {
      return rank;
    }
    switch (a.kind()) {
      case NULL -> {
        return 0;
      }
      case BOOLEAN -> {
        return Boolean.compare(a.booleanValue(), b.booleanValue());
      }
      case NUMBER -> {
        return a.numberValue().compareTo(b.numberValue());
      }
      case STRING -> {
        return Arrays.compareUnsigned(a.data, a.offset + 1, a.end, b.data, b.offset + 1, b.end);
      }
      case ARRAY, OBJECT -> {
        int count = a.size();
        if (count != b.size()) {
          return Integer.compare(count, b.size());
        }
        for (int i = 0; i < count; i++) {
          int order = a.isObject() ? Collations.compareUtf8(a.keyAt(i), b.keyAt(i)) : 0;
          if (order == 0) {
            order = compareNested(a.valueAt(i), b.valueAt(i));
          }
          if (order != 0) {
            return order;
          }
        }
        return 0;
      }
    }
    return 0;
  }

  private int rank() {
    return switch (kind()) {
      case NULL -> 0;
      case STRING -> 1;
      case NUMBER -> 2;
      case BOOLEAN -> 3;
      case ARRAY -> 4;
      case OBJECT -> 5;
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Jsonb j && compareTo(j) == 0;
  }

  @Override
  public int hashCode() {
    return switch (kind()) {
      case NULL -> 1;
      case BOOLEAN -> booleanValue() ? 2 : 4;
      case NUMBER -> numberValue().hashCode();
      case STRING -> stringValue().hashCode();
      case ARRAY, OBJECT -> {
        int hash = rank();
        for (int i = 0; i < size(); i++) {
          hash = 31 * hash + (isObject() ? keyAt(i).hashCode() : 0);
          hash = 31 * hash + valueAt(i).hashCode();
        }
        yield hash;
      }
    };
  }

  // ---------------------------------------------------------------- building

  private static final class Members {
    final List<String> keys = new ArrayList<>();
    final List<Object> values = new ArrayList<>();
  }

  private static final class TreeBuilder implements JsonParser.Handler {
    private final ArrayList<Object> open = new ArrayList<>();
    private Object result = NULL_NODE;

    private void add(Object node) {
      if (open.isEmpty()) {
        result = node;
      } else if (open.getLast() instanceof Members members) {
        members.values.add(node);
      } else {
        @SuppressWarnings("unchecked")
        List<Object> list = (List<Object>) open.getLast();
        list.add(node);
      }
    }

    @Override
    public void beginObject(int start) {
      open.add(new Members());
    }

    @Override
    public void endObject(int end) {
      add(open.removeLast());
    }

    @Override
    public void key(String key) {
      ((Members) open.getLast()).keys.add(key);
    }

    @Override
    public void beginArray(int start) {
      open.add(new ArrayList<>());
    }

    @Override
    public void endArray(int end) {
      add(open.removeLast());
    }

    @Override
    public void string(String value, int start, int end) {
      add(value);
    }

    @Override
    public void number(String lexeme, int start, int end) {
      add(Numeric.parse(lexeme));
    }

    @Override
    public void bool(boolean value, int start, int end) {
      add(value);
    }

    @Override
    public void nullValue(int start, int end) {
      add(NULL_NODE);
    }
  }

  private static final Object NULL_NODE = new Object();

  private static Jsonb ofTree(Object tree) {
    ByteSink out = new ByteSink();
    write(tree, out);
    return ofBytes(out.toByteArray());
  }

  private static void write(Object node, ByteSink out) {
    switch (node) {
      case Jsonb value -> value.writeTo(out);
      case Boolean value -> out.put(value ? TAG_TRUE : TAG_FALSE);
      case Numeric value -> {
        out.put(TAG_NUMBER);
        NumericStorage.encode(value, out);
      }
      case String value -> out.put(TAG_STRING).putUtf8(value);
      case List<?> list -> {
        out.put(TAG_ARRAY).putInt(list.size());
        writeValues(list, out, out.size(), 0);
      }
      case Members members -> writeObject(members, out);
      default -> out.put(TAG_NULL);
    }
  }

  private static void writeValues(List<?> values, ByteSink out, int ends, int written) {
    int count = values.size();
    out.reserve(4 * count);
    out.advance(4 * count);
    int base = ends + 4 * count;
    for (int i = 0; i < count; i++) {
      write(values.get(i), out);
      out.setInt(ends + 4 * i, out.size() - base + written);
    }
  }

  private static void writeObject(Members members, ByteSink out) {
    int given = members.keys.size();
    byte[][] keys = new byte[given][];
    Integer[] order = new Integer[given];
    for (int i = 0; i < given; i++) {
      keys[i] = members.keys.get(i).getBytes(StandardCharsets.UTF_8);
      order[i] = i;
    }
    // The sort is stable, so that of equal keys the last given one stands last.
    Arrays.sort(order, (a, b) -> compareKeys(keys[a], 0, keys[a].length, keys[b], 0, keys[b].length));
    int count = 0;
    for (int i = 0; i < given; i++) {
      if (i + 1 < given && Arrays.equals(keys[order[i]], keys[order[i + 1]])) {
        continue;
      }
      order[count++] = order[i];
    }
    out.put(TAG_OBJECT).putInt(count);
    int keyEnds = out.size();
    out.reserve(8 * count);
    out.advance(8 * count);
    int base = out.size();
    for (int i = 0; i < count; i++) {
      out.put(keys[order[i]]);
      out.setInt(keyEnds + 4 * i, out.size() - base);
    }
    for (int i = 0; i < count; i++) {
      write(members.values.get(order[i]), out);
      out.setInt(keyEnds + 4 * count + 4 * i, out.size() - base);
    }
  }
}
