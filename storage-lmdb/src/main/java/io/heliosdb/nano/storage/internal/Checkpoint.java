package io.heliosdb.nano.storage.internal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A state of the data file that is whole on the device, and where the redo log goes on from it. Kept in the file
/// `checkpoint`, which is there exactly while the data file may be ahead of what is flushed.
///
/// ```
/// file := "HDBCKPT" 1, segment number u64 BE, meta bytes u32 BE, meta, CRC32C of all before u32 BE
/// ```
///
/// `meta` is the body of the LMDB meta page of that state. Later commits overwrite both meta pages, but no page that the state
/// refers to, because a read transaction of the store keeps the state alive; so putting the meta page back brings the state back.
///
/// @param segmentNumber the first segment of the redo log that has records newer than the state
record Checkpoint(byte[] meta, long segmentNumber) {
  static final String FILE = "checkpoint";
  static final String DATA_FILE = DataFileCheck.FILE_NAME;

  private static final long MAGIC = 0x48444243_4B505401L;
  private static final int MAGIC_BYTES = 8;

  // LMDB 0.9 on 64-bit platforms: a page header of 16 bytes, then MDB_meta.
  private static final int META_OFFSET = 16;
  private static final int META_BYTES = 136;
  private static final int META_PAGE_BYTES_AT = 24;
  private static final int META_TXN_ID_AT = 128;
  private static final int PAGE_BYTES_MIN = 512;
  private static final int PAGE_BYTES_MAX = 1 << 16;

  private static final int FILE_BYTES = MAGIC_BYTES + 8 + 4 + META_BYTES + 4;

  /// The checkpoint of the newest state in the data file. No transaction may be committed meanwhile.
  static Checkpoint ofNewest(Path directory, long segmentNumber) throws IOException {
    try (FileChannel data = FileChannel.open(directory.resolve(DATA_FILE), StandardOpenOption.READ)) {
      byte[] first = read(data, META_OFFSET, META_BYTES);
      byte[] second = read(data, pageBytes(first) + META_OFFSET, META_BYTES);
      return new Checkpoint(txnId(first) >= txnId(second) ? first : second, segmentNumber);
    }
  }

  private static long txnId(byte[] meta) {
    return ByteBuffer.wrap(meta).order(java.nio.ByteOrder.nativeOrder()).getLong(META_TXN_ID_AT);
  }

  private static int pageBytes(byte[] meta) throws IOException {
    // LMDB keeps the page size where the free list's database has its padding.
    int bytes = ByteBuffer.wrap(meta).order(java.nio.ByteOrder.nativeOrder()).getInt(META_PAGE_BYTES_AT);
    if (bytes < PAGE_BYTES_MIN || bytes > PAGE_BYTES_MAX) {
      throw new IOException("unexpected page size in the data file: " + bytes);
    }
    return bytes;
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

  /// Puts the file in place, durably: the one before counts until this one is whole.
  void write(Path directory, Durability durability) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(FILE_BYTES);
    bytes.putLong(MAGIC).putLong(segmentNumber).putInt(meta.length).put(meta);
    bytes.putInt(checksum(bytes)).flip();
    Path fresh = directory.resolve(FILE + ".new");
    try (FileChannel channel =
        FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      durability.force(fresh, channel);
    }
    Files.move(fresh, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    forceDirectory(directory);
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 0, bytes.position());
    return (int) crc.getValue();
  }

  /// Null when there is none: the data file alone is the database.
  static @Nullable Checkpoint read(Path directory) throws IOException {
    byte[] content;
    try {
      content = Files.readAllBytes(directory.resolve(FILE));
    } catch (NoSuchFileException none) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.wrap(content);
    if (content.length != FILE_BYTES || bytes.getLong() != MAGIC) {
      throw StoreFailure.corrupted("the file \"" + FILE + "\" is not a checkpoint");
    }
    long segmentNumber = bytes.getLong();
    int metaBytes = bytes.getInt();
    if (metaBytes != META_BYTES) {
      throw StoreFailure.corrupted("the file \"" + FILE + "\" is not a checkpoint");
    }
    byte[] meta = new byte[META_BYTES];
    bytes.get(meta);
    if (bytes.getInt() != checksum(bytes.position(content.length - 4))) {
      throw StoreFailure.corrupted("the checksum of the file \"" + FILE + "\" is wrong");
    }
    return new Checkpoint(meta, segmentNumber);
  }

  /// Brings the state back, before the data file is opened.
  void restore(Path directory) throws IOException {
    try (FileChannel data =
        FileChannel.open(directory.resolve(DATA_FILE), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      int pageBytes = pageBytes(meta);
      for (long at : new long[] {META_OFFSET, pageBytes + META_OFFSET}) {
        if (!Arrays.equals(read(data, at, META_BYTES), meta)) {
          ByteBuffer bytes = ByteBuffer.wrap(meta);
          while (bytes.hasRemaining()) {
            data.write(bytes, at + bytes.position());
          }
        }
      }
      data.force(false);
    }
  }

  /// Takes the file away: the data file is whole on the device.
  static void remove(Path directory) throws IOException {
    if (Files.deleteIfExists(directory.resolve(FILE))) {
      forceDirectory(directory);
    }
  }

  /// Makes names durable. Not every platform lets a directory be opened; those that don't keep names by themselves.
  static void forceDirectory(Path directory) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(directory, StandardOpenOption.READ);
    } catch (IOException notPossible) {
      return;
    }
    try (channel) {
      channel.force(true);
    }
  }
}
