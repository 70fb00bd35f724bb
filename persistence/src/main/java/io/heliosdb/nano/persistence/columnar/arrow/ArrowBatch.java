package io.heliosdb.nano.persistence.columnar.arrow;

import static io.heliosdb.nano.persistence.columnar.arrow.ArrowFormatNumbers.*;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.persistence.columnar.LittleEndianSink;
import io.heliosdb.nano.persistence.columnar.ReadBudget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import net.jpountz.lz4.LZ4FrameInputStream;
import org.jspecify.annotations.Nullable;

/// The arrays of one record batch, taken from its buffers in the order of the schema. Confined to the reader's thread; valid until closed.
final class ArrowBatch implements AutoCloseable {
  /// What a batch of NULLs alone, which takes no bytes, may claim.
  private static final int ROWS_MAX = 16 << 20;
  private static final int BUFFER_STRUCT_BYTES = 16;

  /// The values of an array: null, an object of [ArrowField#type], or for a list an `Object[]`.
  interface Values {
    @Nullable Object get(int row);
  }

  /// A part of a body, or what was decompressed of it.
  record Buffer(byte[] bytes, int from, int length) {
    int intAt(int index) {
      check((index + 1L) * 4);
      return LittleEndianSink.getInt(bytes, from + index * 4);
    }

    long longAt(int index) {
      check((index + 1L) * 8);
      return LittleEndianSink.getLong(bytes, from + index * 8);
    }

    boolean bit(int index) {
      return (bytes[from + (index >> 3)] >> (index & 7) & 1) != 0;
    }

    void check(long needed) {
      if (needed < 0 || needed > length) {
        throw ArrowField.malformed("a buffer is too short for its values");
      }
    }
  }

  private final FlatTable header;
  private final byte[] body;
  private final int bodyBytes;
  private final Map<Long, Object[]> dictionaries;
  private final ReadBudget budget;
  private final int rows;
  private final int codec;
  private int node;
  private int buffer;
  private int variadic;
  private long reserved;

  ArrowBatch(FlatTable header, byte[] body, int bodyBytes, Map<Long, Object[]> dictionaries, ReadBudget budget) {
    this.header = header;
    this.body = body;
    this.bodyBytes = bodyBytes;
    this.dictionaries = dictionaries;
    this.budget = budget;
    long length = header.longAt(0, 0);
    if (length < 0 || length > Math.max(ROWS_MAX, bodyBytes * 8L)) {
      throw ArrowField.malformed("a batch of " + length + " rows");
    }
    rows = (int) Math.min(length, Integer.MAX_VALUE);
    FlatTable compression = header.table(3);
    codec = compression == null ? -1 : compression.byteAt(0, CODEC_LZ4_FRAME);
  }

  int rows() {
    return rows;
  }

  @Override
  public void close() {
    budget.release(reserved);
    reserved = 0;
  }

  // ---- buffers ----

  private int nodeLength() {
    long length = header.longIn(1, node, BUFFER_STRUCT_BYTES, 0);
    if (length < 0 || length > Math.max(ROWS_MAX, bodyBytes * 8L + 8) && codec < 0 || length > Integer.MAX_VALUE - 8) {
      throw ArrowField.malformed("an array of " + length + " values");
    }
    return (int) length;
  }

  private Buffer next(boolean wanted) {
    long offset = header.longIn(2, buffer, BUFFER_STRUCT_BYTES, 0);
    long length = header.longIn(2, buffer, BUFFER_STRUCT_BYTES, 8);
    buffer++;
    if (offset < 0 || length < 0 || offset > bodyBytes || length > bodyBytes - offset) {
      throw ArrowField.malformed("a buffer lies outside its message");
    }
    if (codec < 0 || length == 0 || !wanted) {
      return new Buffer(body, (int) offset, (int) length);
    }
    if (length < Long.BYTES) {
      throw ArrowField.malformed("a compressed buffer without a length");
    }
    long plain = LittleEndianSink.getLong(body, (int) offset);
    int from = (int) offset + Long.BYTES;
    int count = (int) length - Long.BYTES;
    return plain == -1 ? new Buffer(body, from, count) : decompressed(from, count, plain);
  }

  private Buffer decompressed(int from, int count, long plain) {
    if (plain < 0 || plain > Integer.MAX_VALUE - 16) {
      throw ArrowField.malformed("a buffer of " + plain + " bytes");
    }
    budget.reserve(plain);
    reserved += plain;
    byte[] out = new byte[(int) plain];
    boolean right;
    switch (codec) {
      case CODEC_ZSTD -> {
        try {
          right = plain == 0 || Zstd.decompressByteArray(out, 0, out.length, body, from, count) == plain;
        } catch (ZstdException e) {
          right = false;
        }
      }
      case CODEC_LZ4_FRAME -> {
        try (InputStream in = new LZ4FrameInputStream(new ByteArrayInputStream(body, from, count))) {
          right = in.readNBytes(out, 0, out.length) == out.length && in.read() < 0;
        } catch (IOException e) {
          right = false;
        }
      }
      default -> throw SqlException.notSupported("compression codec " + codec + " of Arrow");
    }
    if (!right) {
      throw ArrowField.malformed("a buffer does not decompress to the size that it declares");
    }
    return new Buffer(out, 0, out.length);
  }

  // ---- arrays ----

  /// The next column's values.
  Values values(ArrowField field, boolean wanted) {
    int length = nodeLength();
    if (length != rows) {
      throw ArrowField.malformed("a column of " + length + " values in a batch of " + rows + " rows");
    }
    return array(field, wanted, length);
  }

  /// The values of a dictionary of the field.
  Values dictionaryValues(ArrowField field) {
    ArrowField plain = new ArrowField(field.name(), field.kind(), field.bits(), field.signed(), field.scale(), field.unit(), field.zoned(), field.extension(), -1,
        0, true, field.children());
    return values(plain, plain.type() != null);
  }

  private Values array(ArrowField field, boolean wanted, int length) {
    boolean hasNulls = header.longIn(1, node, BUFFER_STRUCT_BYTES, 8) != 0;
    node++;
    if (field.dictionary() >= 0) {
      return dictionary(field, wanted, length, hasNulls);
    }
    switch (field.kind()) {
      case NULL -> {
        return row -> null;
      }
      case STRUCT, FIXED_SIZE_LIST, MAP, UNION, RUN_END_ENCODED -> {
        return nested(field);
      }
      default -> { }
    }
    Buffer validity = next(wanted);
    boolean[] nulls = wanted && hasNulls && validity.length > 0 ? nulls(validity, length) : null;
    Values values = switch (field.kind()) {
      case UTF8, BINARY, LARGE_UTF8, LARGE_BINARY -> variable(field, wanted, length);
      case UTF8_VIEW, BINARY_VIEW -> views(field, wanted, length);
      case LIST, LARGE_LIST -> list(field, wanted, length);
      default -> ArrowScalars.of(field, next(wanted), wanted ? length : 0);
    };
    return nulls == null ? values : row -> nulls[row] ? null : values.get(row);
  }

  private boolean[] nulls(Buffer validity, int length) {
    validity.check((length + 7L) / 8);
    budget.reserve(length);
    reserved += length;
    boolean[] nulls = new boolean[length];
    for (int i = 0; i < length; i++) {
      nulls[i] = !validity.bit(i);
    }
    return nulls;
  }

  private Values dictionary(ArrowField field, boolean wanted, int length, boolean hasNulls) {
    Buffer validity = next(wanted);
    boolean[] nulls = wanted && hasNulls && validity.length > 0 ? nulls(validity, length) : null;
    Buffer data = next(wanted);
    if (!wanted) {
      return row -> null;
    }
    Object[] entries = dictionaries.get(field.dictionary());
    if (entries == null) {
      throw ArrowField.malformed("a dictionary is missing");
    }
    data.check(length * (field.indexBits() / 8L));
    return row -> {
      if (nulls != null && nulls[row]) {
        return null;
      }
      long index = switch (field.indexBits()) {
        case 8 -> field.indexSigned() ? data.bytes[data.from + row] : data.bytes[data.from + row] & 0xff;
        case 16 -> {
          int value = data.bytes[data.from + 2 * row] & 0xff | data.bytes[data.from + 2 * row + 1] << 8;
          yield field.indexSigned() ? value : value & 0xffff;
        }
        case 32 -> data.intAt(row);
        default -> data.longAt(row);
      };
      if (index < 0 || index >= entries.length) {
        throw ArrowField.malformed("an index outside its dictionary");
      }
      return entries[(int) index];
    };
  }

  private Values variable(ArrowField field, boolean wanted, int length) {
    boolean large = field.kind() == LARGE_UTF8 || field.kind() == LARGE_BINARY;
    boolean text = field.kind() == UTF8 || field.kind() == LARGE_UTF8;
    Buffer offsets = next(wanted);
    Buffer data = next(wanted);
    if (!wanted) {
      return row -> null;
    }
    if (length > 0) {
      offsets.check((length + 1L) * (large ? 8 : 4));
    }
    return row -> {
      long from = large ? offsets.longAt(row) : offsets.intAt(row);
      long to = large ? offsets.longAt(row + 1) : offsets.intAt(row + 1);
      if (from < 0 || to < from || to > data.length) {
        throw ArrowField.malformed("an offset points outside its buffer");
      }
      return ArrowScalars.bytes(text, data.bytes, data.from + (int) from, (int) (to - from));
    };
  }

  /// Sixteen bytes each: length, then the bytes themselves or four of them, the number of a buffer and the offset in it.
  private Values views(ArrowField field, boolean wanted, int length) {
    Buffer views = next(wanted);
    long count = header.longIn(4, variadic++, Long.BYTES, 0);
    if (count < 0 || count > header.vectorLength(2) - buffer) {
      throw ArrowField.malformed("a column of " + count + " buffers");
    }
    Buffer[] data = new Buffer[(int) count];
    for (int i = 0; i < data.length; i++) {
      data[i] = next(wanted);
    }
    if (wanted) {
      views.check(length * 16L);
    }
    boolean text = field.kind() == UTF8_VIEW;
    return row -> {
      int size = views.intAt(row * 4);
      if (size < 0) {
        throw ArrowField.malformed("a value of " + size + " bytes");
      }
      if (size <= 12) {
        return ArrowScalars.bytes(text, views.bytes, views.from + row * 16 + 4, size);
      }
      int index = views.intAt(row * 4 + 2);
      int offset = views.intAt(row * 4 + 3);
      if (index < 0 || index >= data.length || offset < 0 || offset > data[index].length - size) {
        throw ArrowField.malformed("an offset points outside its buffer");
      }
      return ArrowScalars.bytes(text, data[index].bytes, data[index].from + offset, size);
    };
  }

  private Values list(ArrowField field, boolean wanted, int length) {
    boolean large = field.kind() == LARGE_LIST;
    Buffer offsets = next(wanted);
    if (field.children().size() != 1) {
      throw ArrowField.malformed("a list without one field");
    }
    int childLength = nodeLength();
    boolean usable = wanted && field.type() != null;
    Values child = array(field.children().getFirst(), usable, childLength);
    if (!usable) {
      return row -> null;
    }
    if (length > 0) {
      offsets.check((length + 1L) * (large ? 8 : 4));
    }
    return row -> {
      long from = large ? offsets.longAt(row) : offsets.intAt(row);
      long to = large ? offsets.longAt(row + 1) : offsets.intAt(row + 1);
      if (from < 0 || to < from || to > childLength) {
        throw ArrowField.malformed("an offset points outside its list");
      }
      budget.reserve((to - from) * 8);
      @Nullable Object[] elements = new Object[(int) (to - from)];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = child.get((int) from + i);
      }
      budget.release((to - from) * 8);
      return elements;
    };
  }

  /// Passes over the arrays and buffers of a column that is not read.
  private Values nested(ArrowField field) {
    int own = switch (field.kind()) {
      case STRUCT, FIXED_SIZE_LIST -> 1;
      case MAP -> 2;
      case UNION -> field.unit() == 0 ? 1 : 2;
      default -> 0;
    };
    buffer += own;
    for (ArrowField child : field.children()) {
      array(child, false, nodeLength());
    }
    return row -> null;
  }
}
