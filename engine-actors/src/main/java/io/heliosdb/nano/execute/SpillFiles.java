package io.heliosdb.nano.execute;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.spill.SpillStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Temporary files of one statement, deleted with it: sequences of records, written once and read any number of times, and blocks
/// that are read by their address.
///
/// Bound: [#BYTES_MAX] over all files of a statement (53400 past it). Confined to the session's thread.
final class SpillFiles implements AutoCloseable {
  static final long BYTES_MAX = 64L << 30;
  private static final int BUFFER_BYTES = 1 << 14;
  private static final int LENGTH_BYTES = 4;

  private final List<SpillFile> files = new ArrayList<>();
  private final List<SpillStore> stores = new ArrayList<>(0);
  private long bytes;

  SpillFile create() {
    SpillFile file = new SpillFile();
    files.add(file);
    return file;
  }

  /// A file for records in key order, closed with the others.
  SpillStore store() {
    SpillStore store = new SpillStore();
    stores.add(store);
    return store;
  }

  @Override
  public void close() {
    stores.forEach(SpillStore::close);
    stores.clear();
    for (SpillFile file : List.copyOf(files)) {
      file.delete();
    }
  }

  private void addBytes(long added) {
    bytes += added;
    if (bytes > BYTES_MAX) {
      throw new SqlException(SqlState.CONFIGURATION_LIMIT_EXCEEDED, "temporary file size exceeds the limit of one statement");
    }
  }

  /// One file; either records ([#append] until [#reader] is first called) or blocks.
  final class SpillFile {
    private final SpillStore store = new SpillStore();
    private byte[] buffer = {};
    private int buffered;
    private long count;
    private long fileBytes;

    long count() {
      return count;
    }

    long bytes() {
      return fileBytes;
    }

    /// Writes a block that [#readBlock] gives back.
    long appendBlock(byte[] block, int length) {
      addBytes(length);
      fileBytes += length;
      return store.append(block, 0, length);
    }

    byte[] readBlock(long address) {
      return store.read(address);
    }

    void append(byte[] record) {
      int length = record.length;
      addBytes(length + LENGTH_BYTES);
      fileBytes += length + LENGTH_BYTES;
      if (buffered + LENGTH_BYTES + length > BUFFER_BYTES) {
        flush();
      }
      int needed = buffered + LENGTH_BYTES + length;
      if (buffer.length < needed) {
        buffer = Arrays.copyOf(buffer, Math.max(needed, Math.min(BUFFER_BYTES, Math.max(1024, buffer.length * 4))));
      }
      ByteBuffer.wrap(buffer).putInt(buffered, length);
      System.arraycopy(record, 0, buffer, buffered + LENGTH_BYTES, length);
      buffered = needed;
      count++;
    }

    private void flush() {
      if (buffered > 0) {
        store.append(buffer, 0, buffered);
        buffered = 0;
        if (buffer.length > BUFFER_BYTES) {
          buffer = new byte[0];
        }
      }
    }

    Reader reader() {
      flush();
      buffer = new byte[0];
      return new Reader(store);
    }

    void delete() {
      store.close();
      buffer = new byte[0];
      buffered = 0;
      files.remove(this);
      bytes -= fileBytes;
      fileBytes = 0;
    }
  }

  /// Reads the records of one file in order.
  static final class Reader implements AutoCloseable {
    private final SpillStore store;
    private long address;
    private byte[] block = {};
    private int at;

    private Reader(SpillStore store) {
      this.store = store;
    }

    /// The next record, or null at the end.
    byte @Nullable [] next() {
      if (at == block.length) {
        if (address >= store.endAddress()) {
          return null;
        }
        block = store.read(address);
        address = store.next(address, block.length);
        at = 0;
      }
      int length = ByteBuffer.wrap(block).getInt(at);
      at += LENGTH_BYTES + length;
      return Arrays.copyOfRange(block, at - length, at);
    }

    @Override
    public void close() {
      block = new byte[0];
      at = 0;
      address = Long.MAX_VALUE;
    }
  }
}
