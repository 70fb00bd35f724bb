package io.heliosdb.nano.spill;

import io.heliosdb.nano.storage.key.KeyHash;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Records in the order of a key in two parts, in blocks of a [SpillStore]; found by key or read in either direction.
///
/// Several records may have one key; they keep the order in which they were added. A run may grow at its end.
///
/// ```
/// block  := record* , offset u32 per record, records u32
/// record := end of first key part u32, end of second u32, first key part, second key part, value       ends count from the first part
/// ```
///
/// Memory: the first key of each block, and a filter of ten bits a record that tells most keys that are not there. Confined as its store is.
public final class SortedRun {
  private static final int BLOCK_BYTES = 16 << 10;
  private static final int FILTER_BITS = 10;
  private static final int FILTER_PROBES = 6;
  private static final int BLOCK_OVERHEAD_BYTES = 120;
  private static final int RECORD_HEAD_BYTES = 8;
  private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private record Block(long address, byte[] first, byte[] second, long[] filter) {
    int compareFirst(byte[] key, byte[] keySecond) {
      int order = Arrays.compareUnsigned(first, key);
      return order != 0 ? order : Arrays.compareUnsigned(second, keySecond);
    }

    boolean mayContain(long hash) {
      long step = hash >>> 32 | 1;
      for (int i = 0; i < FILTER_PROBES; i++) {
        int bit = bit(hash + i * step);
        if ((filter[bit >> 6] & 1L << bit) == 0) {
          return false;
        }
      }
      return true;
    }

    void add(long hash) {
      long step = hash >>> 32 | 1;
      for (int i = 0; i < FILTER_PROBES; i++) {
        int bit = bit(hash + i * step);
        filter[bit >> 6] |= 1L << bit;
      }
    }

    private int bit(long hash) {
      return (int) Math.unsignedMultiplyHigh(hash * 0x9E3779B97F4A7C15L, (long) filter.length << 6);
    }
  }

  private final SpillStore store;
  private final List<Block> blocks = new ArrayList<>();
  private byte[] last = {};
  private byte[] lastSecond = {};
  private long fileBytes;
  private long memoryBytes;

  // The block read last.
  private int cachedIndex = -1;
  private byte[] cached = {};

  public SortedRun(SpillStore store) {
    this.store = store;
  }

  public boolean isEmpty() {
    return blocks.isEmpty();
  }

  public long fileBytes() {
    return fileBytes;
  }

  public long memoryBytes() {
    return memoryBytes;
  }

  /// 0 up to a megabyte; each more is eight times as large.
  public int magnitude() {
    return (63 - Long.numberOfLeadingZeros(Math.max(1, fileBytes >> 20))) / 3;
  }

  /// The first of the cursors with the least key (the greatest in reverse), null when all are at their end.
  public static @Nullable Cursor least(Cursor[] cursors, boolean reverse) {
    Cursor best = null;
    for (Cursor cursor : cursors) {
      if (cursor.isValid()) {
        int order = best == null ? -1 : cursor.compare(best);
        if (best == null || (reverse ? order > 0 : order < 0)) {
          best = cursor;
        }
      }
    }
    return best;
  }

  /// Whether all keys are less than this one.
  public boolean endsBefore(byte[] key, byte[] second) {
    if (isEmpty()) {
      return true;
    }
    int order = Arrays.compareUnsigned(last, key);
    return order < 0 || (order == 0 && Arrays.compareUnsigned(lastSecond, second) < 0);
  }

  private static long hash(byte[] key, byte[] second) {
    return second.length == 0 ? KeyHash.of(key) : KeyHash.of(second, KeyHash.of(key));
  }

  private byte[] block(int index) {
    if (cachedIndex != index) {
      cached = store.read(blocks.get(index).address);
      cachedIndex = index;
    }
    return cached;
  }

  /// Adds records behind those there are; they are part of the run once it is finished.
  public Writer writer() {
    return new Writer();
  }

  /// Takes records in key order.
  public final class Writer {
    private final List<Block> added = new ArrayList<>();
    private byte[] bytes = new byte[BLOCK_BYTES * 2];
    private int length;
    private int[] offsets = new int[256];
    private long[] hashes = new long[256];
    private int count;
    private byte[] first = {};
    private byte[] firstSecond = {};
    private byte[] newest = {};
    private byte[] newestSecond = {};
    private long writtenBytes;

    public void add(byte[] key, byte[] second, byte[] value) {
      if (count == 0) {
        first = key;
        firstSecond = second;
      }
      int needed = length + RECORD_HEAD_BYTES + key.length + second.length + value.length + (count + 2) * 4;
      if (needed < 0) {
        throw new OutOfMemoryError("a record of the size of an array");
      }
      if (needed > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(needed, Math.min(bytes.length * 2, Integer.MAX_VALUE - 16)));
      }
      if (count == offsets.length) {
        offsets = Arrays.copyOf(offsets, count * 2);
        hashes = Arrays.copyOf(hashes, count * 2);
      }
      offsets[count] = length;
      hashes[count++] = hash(key, second);
      INTS.set(bytes, length, key.length);
      INTS.set(bytes, length + 4, key.length + second.length);
      length += RECORD_HEAD_BYTES;
      put(key);
      put(second);
      put(value);
      newest = key;
      newestSecond = second;
      if (length + count * 4 >= BLOCK_BYTES) {
        flush();
      }
    }

    private void put(byte[] part) {
      System.arraycopy(part, 0, bytes, length, part.length);
      length += part.length;
    }

    private void flush() {
      if (count == 0) {
        return;
      }
      int total = length + (count + 1) * 4;
      if (bytes.length < total) {
        bytes = Arrays.copyOf(bytes, total);
      }
      for (int i = 0; i < count; i++) {
        INTS.set(bytes, length + i * 4, offsets[i]);
      }
      INTS.set(bytes, length + count * 4, count);
      Block block = new Block(store.append(bytes, 0, total), first, firstSecond, new long[(count * FILTER_BITS + 63) >> 6]);
      for (int i = 0; i < count; i++) {
        block.add(hashes[i]);
      }
      added.add(block);
      writtenBytes += total;
      length = 0;
      count = 0;
      if (bytes.length > 4 * BLOCK_BYTES) {
        bytes = new byte[BLOCK_BYTES * 2];
      }
    }

    public void finish() {
      flush();
      if (added.isEmpty()) {
        return;
      }
      for (Block block : added) {
        memoryBytes += BLOCK_OVERHEAD_BYTES + block.first.length + block.second.length + block.filter.length * 8L;
      }
      blocks.addAll(added);
      fileBytes += writtenBytes;
      last = newest;
      lastSecond = newestSecond;
      added.clear();
    }
  }

  /// A cursor on the first record with this key, null when there is none.
  public @Nullable Cursor find(byte[] key, byte[] second) {
    int index = blockBefore(key, second);
    Cursor cursor = null;
    if (index >= 0 && blocks.get(index).mayContain(hash(key, second))) {
      cursor = new Cursor();
      cursor.seekIn(index, key, second);
      if (cursor.isValid() && cursor.compare(key, second) == 0) {
        return cursor;
      }
    }
    if (index + 1 < blocks.size() && blocks.get(index + 1).compareFirst(key, second) == 0) {
      cursor = cursor == null ? new Cursor() : cursor;
      cursor.moveTo(index + 1, 0);
      return cursor;
    }
    return null;
  }

  /// The last block that begins with a lesser key, -1 when there is none.
  private int blockBefore(byte[] key, byte[] second) {
    int low = 0;
    int high = blocks.size() - 1;
    while (low <= high) {
      int middle = low + high >>> 1;
      if (blocks.get(middle).compareFirst(key, second) < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  public Cursor cursor() {
    return new Cursor();
  }

  /// A place in the run: a record, the end, or before the first record. The run must not grow meanwhile.
  public final class Cursor {
    private int index;
    private int at;
    private byte[] bytes = {};
    private int count;
    private int offset;
    private int end;

    private Cursor() {}

    public SortedRun run() {
      return SortedRun.this;
    }

    /// To the first record.
    public void seekFirst() {
      moveTo(0, 0);
    }

    /// Behind the last record.
    public void seekEnd() {
      moveTo(blocks.size(), 0);
    }

    /// To the first record whose key is not less.
    public void seek(byte[] key, byte[] second) {
      int before = blockBefore(key, second);
      if (before < 0) {
        seekFirst();
      } else {
        seekIn(before, key, second);
      }
    }

    private void seekIn(int blockIndex, byte[] key, byte[] second) {
      moveTo(blockIndex, 0);
      int low = 0;
      int high = count - 1;
      while (low <= high) {
        int middle = low + high >>> 1;
        place(middle);
        if (compare(key, second) < 0) {
          low = middle + 1;
        } else {
          high = middle - 1;
        }
      }
      moveTo(low < count ? blockIndex : blockIndex + 1, low < count ? low : 0);
    }

    private void moveTo(int blockIndex, int record) {
      index = blockIndex;
      if (index < 0 || index >= blocks.size()) {
        bytes = new byte[0];
        count = 0;
        at = 0;
        return;
      }
      load();
      place(record);
    }

    private void load() {
      bytes = block(index);
      count = (int) INTS.get(bytes, bytes.length - 4);
    }

    private void place(int record) {
      at = record;
      int offsets = bytes.length - 4 * (count + 1);
      offset = (int) INTS.get(bytes, offsets + record * 4);
      end = record + 1 < count ? (int) INTS.get(bytes, offsets + (record + 1) * 4) : offsets;
    }

    public boolean isValid() {
      return index >= 0 && index < blocks.size();
    }

    public void next() {
      if (at + 1 < count) {
        place(at + 1);
      } else {
        moveTo(index + 1, 0);
      }
    }

    public void previous() {
      if (at > 0 && isValid()) {
        place(at - 1);
        return;
      }
      moveTo(index - 1, 0);
      if (isValid()) {
        place(count - 1);
      }
    }

    /// To where another cursor of the run stands.
    public void moveTo(Cursor other) {
      index = other.index;
      at = other.at;
      bytes = other.bytes;
      count = other.count;
      offset = other.offset;
      end = other.end;
    }

    private int keyStart() {
      return offset + RECORD_HEAD_BYTES;
    }

    private int keyEnd() {
      return keyStart() + (int) INTS.get(bytes, offset);
    }

    private int secondEnd() {
      return keyStart() + (int) INTS.get(bytes, offset + 4);
    }

    /// Negative when this record's key is less.
    public int compare(byte[] key, byte[] second) {
      int order = compareFirst(key);
      return order != 0 ? order : Arrays.compareUnsigned(bytes, keyEnd(), secondEnd(), second, 0, second.length);
    }

    /// The same with the first part of the key only.
    public int compareFirst(byte[] key) {
      return Arrays.compareUnsigned(bytes, keyStart(), keyEnd(), key, 0, key.length);
    }

    /// Compares with a record of another run.
    public int compare(Cursor other) {
      int order = Arrays.compareUnsigned(bytes, keyStart(), keyEnd(), other.bytes, other.keyStart(), other.keyEnd());
      return order != 0
          ? order
          : Arrays.compareUnsigned(bytes, keyEnd(), secondEnd(), other.bytes, other.keyEnd(), other.secondEnd());
    }

    public byte[] key() {
      return Arrays.copyOfRange(bytes, keyStart(), keyEnd());
    }

    public byte[] second() {
      return Arrays.copyOfRange(bytes, keyEnd(), secondEnd());
    }

    public byte[] value() {
      return Arrays.copyOfRange(bytes, secondEnd(), end);
    }

    public long valueLong(int position) {
      return (long) LONGS.get(bytes, secondEnd() + position);
    }

    public int valueInt(int position) {
      return (int) INTS.get(bytes, secondEnd() + position);
    }
  }
}
