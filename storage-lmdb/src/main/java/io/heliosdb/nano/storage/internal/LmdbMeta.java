package io.heliosdb.nano.storage.internal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/// The body of a meta page of a data file (LMDB 0.9 on 64-bit platforms): the roots of one state. The first two pages of the file are
/// meta pages, behind a page header of 16 bytes; the one with the higher transaction counts.
///
/// Later commits overwrite both meta pages, but no page that a state refers to as long as a read transaction keeps it alive; so putting
/// the meta page back brings the state back.
record LmdbMeta(byte[] body) {
  static final int BYTES = 136;

  private static final int OFFSET = 16;
  private static final int PAGE_BYTES_AT = 24;
  private static final int LAST_PAGE_AT = 120;
  private static final int TXN_ID_AT = 128;
  private static final int PAGE_BYTES_MIN = 512;
  private static final int PAGE_BYTES_MAX = 1 << 16;

  /// The newest state. No transaction may be committed meanwhile.
  static LmdbMeta newest(Path dataFile) throws IOException {
    try (FileChannel data = FileChannel.open(dataFile, StandardOpenOption.READ)) {
      LmdbMeta first = new LmdbMeta(read(data, OFFSET, BYTES));
      LmdbMeta second = new LmdbMeta(read(data, first.pageBytes() + OFFSET, BYTES));
      return first.txnId() >= second.txnId() ? first : second;
    }
  }

  private long number(int at) {
    return ByteBuffer.wrap(body).order(ByteOrder.nativeOrder()).getLong(at);
  }

  private long txnId() {
    return number(TXN_ID_AT);
  }

  private int pageBytes() throws IOException {
    // LMDB keeps the page size where the free list's database has its padding.
    int bytes = ByteBuffer.wrap(body).order(ByteOrder.nativeOrder()).getInt(PAGE_BYTES_AT);
    if (bytes < PAGE_BYTES_MIN || bytes > PAGE_BYTES_MAX) {
      throw new IOException("unexpected page size in the data file: " + bytes);
    }
    return bytes;
  }

  /// Bytes of the data file that the state is in.
  long dataBytes() throws IOException {
    return (number(LAST_PAGE_AT) + 1) * pageBytes();
  }

  private static byte[] read(FileChannel file, long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, at + bytes.position()) < 0) {
        throw new EOFException("unexpected end of file");
      }
    }
    return bytes.array();
  }

  /// Brings the state back, before the data file is opened.
  void restore(Path dataFile) throws IOException {
    try (FileChannel data = FileChannel.open(dataFile, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      for (long at : new long[] {OFFSET, pageBytes() + OFFSET}) {
        if (!Arrays.equals(read(data, at, BYTES), body)) {
          FileReplacement.writeFully(data, ByteBuffer.wrap(body), at);
        }
      }
      data.force(false);
    }
  }

  /// Puts the state into the beginning of a copy of the data file, of at least two pages.
  void putInto(byte[] beginning) throws IOException {
    System.arraycopy(body, 0, beginning, OFFSET, BYTES);
    System.arraycopy(body, 0, beginning, pageBytes() + OFFSET, BYTES);
  }
}
