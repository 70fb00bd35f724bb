package io.heliosdb.nano.persistence.columnar.parquet;

/// The integer encodings of pages: the hybrid of run lengths and bit packing, and DELTA_BINARY_PACKED. Source: parquet-format, `Encodings.md`.
///
/// Fails with 22P04 when the bytes end too early; a result is allocated for the number of values of its page, which the reader has bounded.
final class BitReader {
  private BitReader() {}

  /// Reads `count` numbers of `bits` bits (0 … 32) of the hybrid encoding at `bytes[from, to)`.
  static void hybrid(byte[] bytes, int from, int to, int bits, int count, int[] out) {
    if (bits == 0) {
      java.util.Arrays.fill(out, 0, count, 0);
      return;
    }
    if (bits < 0 || bits > 32) {
      throw Malformed.because("numbers of " + bits + " bits");
    }
    int at = from;
    int n = 0;
    while (n < count) {
      long head = 0;
      for (int shift = 0; ; shift += 7) {
        if (at >= to || shift > 28) {
          throw ended();
        }
        int b = bytes[at++];
        head |= (long) (b & 0x7f) << shift;
        if (b >= 0) {
          break;
        }
      }
      if ((head & 1) == 0) {
        int width = (bits + 7) / 8;
        if (to - at < width) {
          throw ended();
        }
        int value = 0;
        for (int i = 0; i < width; i++) {
          value |= (bytes[at++] & 0xff) << 8 * i;
        }
        int run = (int) Math.min(head >>> 1, count - n);
        if (run == 0) {
          throw Malformed.because("an empty run");
        }
        java.util.Arrays.fill(out, n, n + run, value);
        n += run;
      } else {
        long groups = head >>> 1;
        long packed = groups * bits;
        int present = (int) Math.min(packed, to - at);
        int values = (int) Math.min(Math.min(groups * 8, (long) count - n), present * 8L / bits);
        if (values == 0) {
          throw ended();
        }
        unpack(bytes, at, bits, values, out, n);
        n += values;
        at += present;
      }
    }
  }

  private static void unpack(byte[] bytes, int from, int bits, int count, int[] out, int offset) {
    long mask = (1L << bits) - 1;
    long window = 0;
    int held = 0;
    int at = from;
    for (int i = 0; i < count; i++) {
      while (held < bits) {
        window |= (bytes[at++] & 0xffL) << held;
        held += 8;
      }
      out[offset + i] = (int) (window & mask);
      window >>>= bits;
      held -= bits;
    }
  }

  private static RuntimeException ended() {
    return Malformed.because("a page ends too early");
  }

  /// Reads DELTA_BINARY_PACKED; one of these reads one sequence.
  static final class Deltas {
    private final byte[] bytes;
    private final int end;
    private int at;
    final int count;

    /// @param countMax values that the page can have
    Deltas(byte[] bytes, int from, int to, int countMax) {
      this.bytes = bytes;
      this.at = from;
      this.end = to;
      blockValues = bounded(varint(), 1 << 20);
      miniblocks = bounded(varint(), 1 << 12);
      count = bounded(varint(), countMax);
      first = unzigzag(varint());
      if (miniblocks == 0 || blockValues == 0 || blockValues % miniblocks != 0 || blockValues / miniblocks % 8 != 0) {
        throw Malformed.because("bad block size of deltas");
      }
    }

    private final int blockValues;
    private final int miniblocks;
    private final long first;

    private static int bounded(long value, int max) {
      if (value < 0 || value > max) {
        throw Malformed.because("a count of " + value);
      }
      return (int) value;
    }

    long[] read() {
      long[] out = new long[count];
      if (count == 0) {
        return out;
      }
      out[0] = first;
      int n = 1;
      int perMiniblock = blockValues / miniblocks;
      while (n < count) {
        long least = unzigzag(varint());
        int widths = at;
        if (end - at < miniblocks) {
          throw ended();
        }
        at += miniblocks;
        for (int m = 0; m < miniblocks && n < count; m++) {
          int bits = bytes[widths + m] & 0xff;
          if (bits > 64) {
            throw Malformed.because("deltas of " + bits + " bits");
          }
          int packed = perMiniblock / 8 * bits;
          n = miniblock(out, n, least, bits, perMiniblock);
          // The last miniblock may be cut short.
          at = Math.min(end, at + packed);
        }
      }
      return out;
    }

    private int miniblock(long[] out, int from, long least, int bits, int values) {
      int n = from;
      long bit = at * 8L;
      for (int i = 0; i < values && n < count; i++, n++, bit += bits) {
        if (bit + bits > end * 8L) {
          throw ended();
        }
        long delta = 0;
        for (int b = 0; b < bits; ) {
          int inByte = (int) (bit + b & 7);
          int take = Math.min(8 - inByte, bits - b);
          delta |= (bytes[(int) (bit + b >> 3)] >> inByte & (1L << take) - 1) << b;
          b += take;
        }
        out[n] = out[n - 1] + least + delta;
      }
      return n;
    }

    /// Where the sequence has ended, after [#read].
    int end() {
      return at;
    }

    private long varint() {
      long result = 0;
      for (int shift = 0; shift < 64; shift += 7) {
        if (at >= end) {
          throw ended();
        }
        int b = bytes[at++];
        result |= (long) (b & 0x7f) << shift;
        if (b >= 0) {
          return result;
        }
      }
      throw ended();
    }

    private static long unzigzag(long value) {
      return value >>> 1 ^ -(value & 1);
    }
  }
}
