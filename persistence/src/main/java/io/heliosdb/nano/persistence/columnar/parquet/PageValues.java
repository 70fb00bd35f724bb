package io.heliosdb.nano.persistence.columnar.parquet;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.persistence.columnar.LittleEndianSink;
import java.util.Arrays;

/// The values of a page that are not NULL, one after the other. Source: parquet-format, `Encodings.md`.
interface PageValues {
  Object next();

  static PageValues of(ParquetLeaf leaf, int encoding, byte[] bytes, int from, int to, int count, Object[] dictionary) {
    return switch (encoding) {
      case ParquetSchema.ENCODING_PLAIN -> plain(leaf, bytes, from, to, count);
      case ParquetSchema.ENCODING_PLAIN_DICTIONARY, ParquetSchema.ENCODING_RLE_DICTIONARY -> dictionary(bytes, from, to, count, dictionary);
      case ParquetSchema.ENCODING_RLE -> runs(leaf, bytes, from, to, count);
      case ParquetSchema.ENCODING_DELTA_BINARY_PACKED -> numbers(leaf, new BitReader.Deltas(bytes, from, to, count).read(), count);
      case ParquetSchema.ENCODING_DELTA_LENGTH_BYTE_ARRAY -> deltaLengths(leaf, bytes, from, to, count);
      case ParquetSchema.ENCODING_DELTA_BYTE_ARRAY -> deltaBytes(leaf, bytes, from, to, count);
      case ParquetSchema.ENCODING_BYTE_STREAM_SPLIT -> split(leaf, bytes, from, to, count);
      default -> throw SqlException.notSupported("encoding " + encoding + " of Parquet");
    };
  }

  private static RuntimeException ended() {
    return Malformed.because("a page has fewer values than it declares");
  }

  private static PageValues plain(ParquetLeaf leaf, byte[] bytes, int from, int to, int count) {
    int width = switch (leaf.physical()) {
      case ParquetSchema.INT32, ParquetSchema.FLOAT -> 4;
      case ParquetSchema.INT64, ParquetSchema.DOUBLE -> 8;
      case ParquetSchema.INT96 -> 12;
      case ParquetSchema.FIXED_LEN_BYTE_ARRAY -> leaf.typeLength();
      default -> 0;
    };
    if ((long) width * count > to - from || leaf.physical() == ParquetSchema.BOOLEAN && (count + 7L) / 8 > to - from) {
      throw ended();
    }
    return new PageValues() {
      private int at = from;
      private int index;

      @Override
      public Object next() {
        switch (leaf.physical()) {
          case ParquetSchema.BOOLEAN -> {
            Object value = leaf.value(bytes[from + (index >> 3)] >> (index & 7) & 1L);
            index++;
            return value;
          }
          case ParquetSchema.INT32 -> {
            at += 4;
            return leaf.value((long) LittleEndianSink.getInt(bytes, at - 4));
          }
          case ParquetSchema.INT64 -> {
            at += 8;
            return leaf.value(LittleEndianSink.getLong(bytes, at - 8));
          }
          case ParquetSchema.FLOAT -> {
            at += 4;
            return leaf.value(Float.intBitsToFloat(LittleEndianSink.getInt(bytes, at - 4)));
          }
          case ParquetSchema.DOUBLE -> {
            at += 8;
            return leaf.value(Double.longBitsToDouble(LittleEndianSink.getLong(bytes, at - 8)));
          }
          case ParquetSchema.BYTE_ARRAY -> {
            int length = to - at < 4 ? -1 : LittleEndianSink.getInt(bytes, at);
            if (length < 0 || length > to - at - 4) {
              throw ended();
            }
            at += 4 + length;
            return leaf.value(bytes, at - length, length);
          }
          default -> {
            at += width;
            return leaf.value(bytes, at - width, width);
          }
        }
      }
    };
  }

  private static PageValues dictionary(byte[] bytes, int from, int to, int count, Object[] entries) {
    int[] indexes = new int[count];
    if (count > 0) {
      if (from >= to || entries == null) {
        throw ended();
      }
      BitReader.hybrid(bytes, from + 1, to, bytes[from], count, indexes);
    }
    return new PageValues() {
      private int at;

      @Override
      public Object next() {
        int index = indexes[at++];
        if (index < 0 || index >= entries.length) {
          throw Malformed.because("a page refers to a dictionary entry that is not there");
        }
        return entries[index];
      }
    };
  }

  /// Booleans only.
  private static PageValues runs(ParquetLeaf leaf, byte[] bytes, int from, int to, int count) {
    if (leaf.physical() != ParquetSchema.BOOLEAN) {
      throw Malformed.because("run lengths of a column that is not boolean");
    }
    int[] flags = new int[count];
    if (count > 0) {
      if (to - from < 4) {
        throw ended();
      }
      BitReader.hybrid(bytes, from + 4, to, 1, count, flags);
    }
    return new PageValues() {
      private int at;

      @Override
      public Object next() {
        return leaf.value((long) flags[at++]);
      }
    };
  }

  private static PageValues numbers(ParquetLeaf leaf, long[] numbers, int count) {
    if (numbers.length < count || leaf.physical() != ParquetSchema.INT32 && leaf.physical() != ParquetSchema.INT64) {
      throw ended();
    }
    boolean narrow = leaf.physical() == ParquetSchema.INT32;
    return new PageValues() {
      private int at;

      @Override
      public Object next() {
        long number = numbers[at++];
        return leaf.value(narrow ? (int) number : number);
      }
    };
  }

  private static PageValues deltaLengths(ParquetLeaf leaf, byte[] bytes, int from, int to, int count) {
    checkBinary(leaf);
    BitReader.Deltas deltas = new BitReader.Deltas(bytes, from, to, count);
    long[] lengths = deltas.read();
    if (lengths.length < count) {
      throw ended();
    }
    return new PageValues() {
      private int index;
      private int at = deltas.end();

      @Override
      public Object next() {
        long length = lengths[index++];
        if (length < 0 || length > to - at) {
          throw ended();
        }
        at += (int) length;
        return leaf.value(bytes, at - (int) length, (int) length);
      }
    };
  }

  private static PageValues deltaBytes(ParquetLeaf leaf, byte[] bytes, int from, int to, int count) {
    checkBinary(leaf);
    BitReader.Deltas prefixDeltas = new BitReader.Deltas(bytes, from, to, count);
    long[] prefixes = prefixDeltas.read();
    BitReader.Deltas suffixDeltas = new BitReader.Deltas(bytes, prefixDeltas.end(), to, count);
    long[] suffixes = suffixDeltas.read();
    if (prefixes.length < count || suffixes.length < count) {
      throw ended();
    }
    return new PageValues() {
      private int index;
      private int at = suffixDeltas.end();
      private byte[] previous = new byte[0];

      @Override
      public Object next() {
        long prefix = prefixes[index];
        long suffix = suffixes[index++];
        if (prefix < 0 || prefix > previous.length || suffix < 0 || suffix > to - at) {
          throw ended();
        }
        byte[] value = Arrays.copyOf(previous, (int) (prefix + suffix));
        System.arraycopy(bytes, at, value, (int) prefix, (int) suffix);
        at += (int) suffix;
        previous = value;
        return leaf.value(value, 0, value.length);
      }
    };
  }

  private static void checkBinary(ParquetLeaf leaf) {
    if (leaf.physical() != ParquetSchema.BYTE_ARRAY && leaf.physical() != ParquetSchema.FIXED_LEN_BYTE_ARRAY) {
      throw Malformed.because("an encoding that does not go with the column's type");
    }
  }

  private static PageValues split(ParquetLeaf leaf, byte[] bytes, int from, int to, int count) {
    int width = switch (leaf.physical()) {
      case ParquetSchema.INT32, ParquetSchema.FLOAT -> 4;
      case ParquetSchema.INT64, ParquetSchema.DOUBLE -> 8;
      case ParquetSchema.FIXED_LEN_BYTE_ARRAY -> leaf.typeLength();
      default -> throw Malformed.because("an encoding that does not go with the column's type");
    };
    if ((long) width * count > to - from) {
      throw ended();
    }
    byte[] joined = new byte[width * count];
    for (int b = 0; b < width; b++) {
      for (int i = 0; i < count; i++) {
        joined[i * width + b] = bytes[from + b * count + i];
      }
    }
    return plain(leaf, joined, 0, joined.length, count);
  }
}
