package io.heliosdb.nano.storage.internal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// One file of the redo log, used again and again: a header with the segment's number, then records.
///
/// ```
/// header := "HDBREDO", version of the [Checksum], segment number u64 BE
/// record := body bytes u32 BE, checksum(segment number u64 BE, body), body
/// ```
///
/// What an earlier use of the file left behind has another segment number under its checksum, so it ends the reading. Room is
/// made with zeros in steps, so that a flush after a record changes no length of the file.
/// Threads: records are written by any thread under the write lock, through a file that no interrupt closes; read and flushed through its
/// channel, by threads that nobody interrupts.
final class RedoSegment implements AutoCloseable {
  private static final long MAGIC = 0x48444252_45444F00L;
  private static final int HEADER_BYTES = 16;
  private static final int LENGTH_BYTES = 4;
  private static final int ROOM_BYTES = 1 << 20;

  private final Path path;
  private final RandomAccessFile file;
  private final FileChannel channel;
  private final Durability durability;
  private final Checksum ownChecksum;

  /// Of the segment that is read or written.
  private Checksum checksum;

  private byte[] numberBytes = {};
  private long position;
  private long fileBytes;

  private RedoSegment(Path path, RandomAccessFile file, Durability durability, Checksum checksum) throws IOException {
    this.path = path;
    this.file = file;
    channel = file.getChannel();
    this.durability = durability;
    ownChecksum = checksum;
    this.checksum = checksum;
    fileBytes = channel.size();
  }

  /// @param checksum of what is written; what is read says itself what it has
  static RedoSegment open(Path path, Durability durability, Checksum checksum) throws IOException {
    return new RedoSegment(path, new RandomAccessFile(path.toFile(), "rw"), durability, checksum);
  }

  /// Where the next record goes.
  long position() {
    return position;
  }

  /// Makes room for [#begin], and leaves what is there.
  void reserve() throws IOException {
    makeRoom(ROOM_BYTES);
  }

  /// Begins another use of the file; durable with its first record.
  void begin(long newNumber) throws IOException {
    checksum = ownChecksum;
    setNumber(newNumber);
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).putLong(MAGIC | checksum.version).putLong(newNumber).flip();
    makeRoom(ROOM_BYTES);
    write(header, 0);
    position = HEADER_BYTES;
  }

  /// Appends a record. After an exception the segment is as before.
  void append(byte[] body, int length) throws IOException {
    long end = position + LENGTH_BYTES + checksum.bytes + length;
    makeRoom(end);
    ByteBuffer record = ByteBuffer.allocate(LENGTH_BYTES + checksum.bytes + length);
    record.putInt(length).put(checksum.of(numberBytes, body, length)).put(body, 0, length).flip();
    write(record, position);
    position = end;
  }

  void force() throws IOException {
    durability.force(path, channel);
  }

  private void makeRoom(long bytes) throws IOException {
    while (fileBytes < bytes) {
      write(ByteBuffer.allocate(ROOM_BYTES), fileBytes);
      fileBytes += ROOM_BYTES;
    }
  }

  private void write(ByteBuffer bytes, long at) throws IOException {
    file.seek(at);
    file.write(bytes.array(), 0, bytes.limit());
  }

  private void setNumber(long number) {
    numberBytes = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  /// Starts reading; false when the file is not the segment with this number.
  boolean startReading(long expectedNumber) throws IOException {
    ByteBuffer header = read(0, HEADER_BYTES);
    if (header == null) {
      return false;
    }
    long magic = header.getLong();
    if (header.getLong() != expectedNumber) {
      return false;
    }
    if (magic == (MAGIC | Checksum.CRC32C.version)) {
      checksum = Checksum.CRC32C;
    } else if (magic == (MAGIC | Checksum.SHA_256.version)) {
      checksum = Checksum.SHA_256;
    } else {
      return false;
    }
    setNumber(expectedNumber);
    position = HEADER_BYTES;
    return true;
  }

  /// The next record's body, null behind the last whole one.
  byte @Nullable [] readNext() throws IOException {
    int headBytes = LENGTH_BYTES + checksum.bytes;
    ByteBuffer header = read(position, headBytes);
    if (header == null) {
      return null;
    }
    int length = header.getInt();
    byte[] expected = new byte[checksum.bytes];
    header.get(expected);
    if (length <= 0 || length > fileBytes - position - headBytes) {
      return null;
    }
    ByteBuffer body = read(position + headBytes, length);
    if (body == null || !checksum.fits(expected, numberBytes, body.array(), length)) {
      return null;
    }
    position += headBytes + length;
    return body.array();
  }

  private @Nullable ByteBuffer read(long at, int length) throws IOException {
    if (at + length > fileBytes) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, at + bytes.position()) < 0) {
        return null;
      }
    }
    return bytes.flip();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
