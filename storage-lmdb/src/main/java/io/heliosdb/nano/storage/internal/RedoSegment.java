package io.heliosdb.nano.storage.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// One file of the redo log, used again and again: a header with the segment's number, then records.
///
/// ```
/// header := "HDBREDO" 1, segment number u64 BE
/// record := body bytes u32 BE, CRC32C(segment number, body) u32 BE, body
/// ```
///
/// What an earlier use of the file left behind has another segment number under its checksum, so it ends the reading. Room is
/// made with zeros in steps, so that a flush after a record changes no length of the file.
/// Used by the log's thread, and before it runs.
final class RedoSegment implements AutoCloseable {
  private static final long MAGIC = 0x48444252_45444F01L;
  private static final int HEADER_BYTES = 16;
  private static final int RECORD_HEADER_BYTES = 8;
  private static final int ROOM_BYTES = 1 << 20;

  private final Path path;
  private final FileChannel channel;
  private final Durability durability;
  private long number;
  private long position;
  private long fileBytes;

  private RedoSegment(Path path, FileChannel channel, Durability durability) throws IOException {
    this.path = path;
    this.channel = channel;
    this.durability = durability;
    fileBytes = channel.size();
  }

  static RedoSegment open(Path path, Durability durability) throws IOException {
    return new RedoSegment(
        path, FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE), durability);
  }

  /// Where the next record goes.
  long position() {
    return position;
  }

  /// Begins another use of the file; durable with its first record.
  void begin(long newNumber) throws IOException {
    number = newNumber;
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).putLong(MAGIC).putLong(newNumber).flip();
    makeRoom(ROOM_BYTES);
    write(header, 0);
    position = HEADER_BYTES;
  }

  /// Appends a record. After an exception the segment is as before.
  void append(byte[] body, int length) throws IOException {
    long end = position + RECORD_HEADER_BYTES + length;
    makeRoom(end);
    ByteBuffer record = ByteBuffer.allocate(RECORD_HEADER_BYTES + length);
    record.putInt(length).putInt(checksum(body, length)).put(body, 0, length).flip();
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
    long next = at;
    while (bytes.hasRemaining()) {
      next += channel.write(bytes, next);
    }
  }

  private int checksum(byte[] body, int length) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(8).order(ByteOrder.BIG_ENDIAN).putLong(number).flip());
    crc.update(body, 0, length);
    return (int) crc.getValue();
  }

  /// Starts reading; false when the file is not the segment with this number.
  boolean startReading(long expectedNumber) throws IOException {
    ByteBuffer header = read(0, HEADER_BYTES);
    if (header == null || header.getLong() != MAGIC || header.getLong() != expectedNumber) {
      return false;
    }
    number = expectedNumber;
    position = HEADER_BYTES;
    return true;
  }

  /// The next record's body, null behind the last whole one.
  byte @Nullable [] readNext() throws IOException {
    ByteBuffer header = read(position, RECORD_HEADER_BYTES);
    if (header == null) {
      return null;
    }
    int length = header.getInt();
    int checksum = header.getInt();
    if (length <= 0 || length > fileBytes - position - RECORD_HEADER_BYTES) {
      return null;
    }
    ByteBuffer body = read(position + RECORD_HEADER_BYTES, length);
    if (body == null || checksum(body.array(), length) != checksum) {
      return null;
    }
    position += RECORD_HEADER_BYTES + length;
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
    channel.close();
  }
}
