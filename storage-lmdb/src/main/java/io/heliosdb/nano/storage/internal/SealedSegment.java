package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import io.heliosdb.nano.storage.crypto.FileCipher;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One encrypted file of the redo log, `redo.N`; written by one process, once. Threads as in [RedoSegment].
///
/// ```
/// file   := header, tag of the header, record*, zeros
/// header := "HDBREDO" 2, data key u32 BE, segment number u64 BE, last index of the segment before u64 BE, salt (32 bytes)
/// record := head, body sealed in blocks of 16 KB, each with a tag of 16 bytes
/// head   := body bytes u32 BE, index u64 BE, index of the newest block known to be on the device u64 BE
/// ```
///
/// The key is made of the data key, the salt, the header and the salt of the segment before: a log goes with its checkpoint only. A
/// block's nonce is its index; indexes rise with every attempt to write a record, so a failed write that is tried again takes others. The head is
/// associated. The header is on the device before the first record is written.
///
/// A record that cannot be opened ends the log if it may be one that a power failure tore: one that no later record knows to
/// be on the device. Otherwise, and when a later segment says that this one went on, the log was changed (XX001).
final class SealedSegment implements AutoCloseable {
  static final int HEADER_BYTES = 8 + 4 + 8 + 8 + FileCipher.SALT_BYTES;
  static final int BODY_BYTES_MAX = 1 << 30;

  private static final long MAGIC = 0x48444252_45444F02L;
  private static final int HEAD_BYTES = 20;
  private static final int RECORDS_AT = HEADER_BYTES + FileCipher.TAG_BYTES;
  private static final int ROOM_BYTES = 1 << 20;
  private static final int BUFFER_KEPT_BYTES_MAX = 1 << 20;
  private static final int SCAN_BYTES = 1 << 20;
  private static final byte[] CONTEXT = "heliosdb redo log".getBytes(StandardCharsets.US_ASCII);

  private final Path path;
  private final RandomAccessFile file;
  private final FileChannel channel;
  private final Durability durability;
  private final long number;
  private final byte[] salt;
  private final long previousIndex;
  private final FileCipher cipher;
  private final byte[] head = new byte[HEAD_BYTES];
  private byte[] sealed = new byte[16 << 10];
  private long fileBytes;
  private long position = RECORDS_AT;
  private long lastIndex;
  private volatile long writtenIndex;
  private volatile long durableIndex;

  private SealedSegment(
      Path path, RandomAccessFile file, Durability durability, long number, byte[] salt, long previousIndex, FileCipher cipher)
      throws IOException {
    this.path = path;
    this.file = file;
    channel = file.getChannel();
    this.durability = durability;
    this.number = number;
    this.salt = salt;
    this.previousIndex = previousIndex;
    this.cipher = cipher;
    fileBytes = channel.size();
  }

  static Path path(Path directory, long number) {
    return directory.resolve("redo." + number);
  }

  private static byte[] context(byte[] header, byte[] previousSalt) {
    return ByteBuffer.allocate(CONTEXT.length + header.length + previousSalt.length).put(CONTEXT).put(header).put(previousSalt).array();
  }

  /// Makes the file, on the device when it returns.
  static SealedSegment create(
      Path directory, Durability durability, KeyRing.DataKey key, long number, byte[] previousSalt, long previousIndex) throws IOException {
    byte[] salt = EncryptionKey.randomBytes(FileCipher.SALT_BYTES);
    byte[] header =
        ByteBuffer.allocate(HEADER_BYTES).putLong(MAGIC).putInt(key.number()).putLong(number).putLong(previousIndex).put(salt).array();
    FileCipher cipher = key.key().cipher(salt, context(header, previousSalt));
    Path path = path(directory, number);
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    try {
      file.setLength(0);
      file.write(header);
      file.write(cipher.tag(0, header));
      durability.force(path, file.getChannel());
      FileReplacement.forceDirectory(directory);
      return new SealedSegment(path, file, durability, number, salt, previousIndex, cipher);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /// Opens what a former process wrote, for reading; null when it was never on the device as a whole, so that nothing was logged in it.
  static @Nullable SealedSegment open(Path directory, Durability durability, KeyRing ring, long number, byte[] previousSalt) throws IOException {
    Path path = path(directory, number);
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "r");
    FileChannel channel = file.getChannel();
    try {
      ByteBuffer start = ByteBuffer.allocate(RECORDS_AT);
      while (start.hasRemaining() && channel.read(start, start.position()) >= 0) {}
      byte[] header = Arrays.copyOf(start.array(), HEADER_BYTES);
      ByteBuffer fields = ByteBuffer.wrap(header);
      boolean isOurs = !start.hasRemaining() && fields.getLong() == MAGIC;
      KeyRing.DataKey key = isOurs ? ring.find(fields.getInt()) : null;
      if (key != null && fields.getLong() == number) {
        long previousIndex = fields.getLong();
        byte[] salt = new byte[FileCipher.SALT_BYTES];
        fields.get(salt);
        FileCipher cipher = key.key().cipher(salt, context(header, previousSalt));
        if (cipher.isTag(0, header, Arrays.copyOfRange(start.array(), HEADER_BYTES, RECORDS_AT))) {
          return new SealedSegment(path, file, durability, number, salt, previousIndex, cipher);
        }
      }
      if (channel.size() > RECORDS_AT) {
        throw damaged(path, "has a header that was changed");
      }
      file.close();
      return null;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  static SqlException damaged(Path path, String how) {
    return StoreFailure.damagedFile(path, how);
  }

  long number() {
    return number;
  }

  byte[] salt() {
    return salt;
  }

  /// The last index of the segment before.
  long previousIndex() {
    return previousIndex;
  }

  /// The last index that is in it.
  long writtenIndex() {
    return writtenIndex;
  }

  long bytes() {
    return position;
  }

  /// Appends a record. After an exception the segment is as before, but for a number that is not used again.
  void append(byte[] body, int length) throws IOException {
    int recordBytes = Math.toIntExact(HEAD_BYTES + FileCipher.sealedBytes(length));
    long end = position + recordBytes;
    makeRoom(end);
    long index = lastIndex + 1;
    lastIndex += FileCipher.blockCount(length);
    ByteBuffer.wrap(head).putInt(length).putLong(index).putLong(durableIndex);
    if (sealed.length < recordBytes || sealed.length > Math.max(recordBytes, BUFFER_KEPT_BYTES_MAX)) {
      sealed = new byte[Math.max(recordBytes, 16 << 10)];
    }
    System.arraycopy(head, 0, sealed, 0, HEAD_BYTES);
    cipher.sealBlocks(index, head, body, 0, length, sealed, HEAD_BYTES);
    write(sealed, recordBytes, position);
    position = end;
    writtenIndex = lastIndex;
  }

  void force() throws IOException {
    long index = writtenIndex;
    durability.force(path, channel);
    durableIndex = index;
  }

  private void write(byte[] bytes, int length, long at) throws IOException {
    file.seek(at);
    file.write(bytes, 0, length);
  }

  private void makeRoom(long bytes) throws IOException {
    while (fileBytes < bytes) {
      write(new byte[ROOM_BYTES], ROOM_BYTES, fileBytes);
      fileBytes += ROOM_BYTES;
    }
  }

  /// Gives the bodies in order; false when the consumer wanted no more.
  boolean read(Predicate<byte[]> consumer) throws IOException {
    position = RECORDS_AT;
    writtenIndex = 0;
    Record record = recordAt(position, 0);
    while (record != null) {
      position = record.end();
      writtenIndex = record.lastIndex();
      if (!consumer.test(record.body())) {
        return false;
      }
      record = recordAt(position, writtenIndex);
    }
    checkTorn();
    return true;
  }

  private record Record(long lastIndex, long durableIndex, byte[] body, long end) {}

  private @Nullable Record recordAt(long at, long afterIndex) throws IOException {
    ByteBuffer start = read(at, HEAD_BYTES);
    if (start == null) {
      return null;
    }
    int length = start.getInt();
    long index = start.getLong();
    long durable = start.getLong();
    if (!isPlausible(at, length, index, afterIndex)) {
      return null;
    }
    ByteBuffer rest = read(at + HEAD_BYTES, (int) FileCipher.sealedBytes(length));
    byte[] body = new byte[length];
    if (rest == null || !cipher.openBlocks(index, start.array(), rest.array(), 0, length, body, 0)) {
      return null;
    }
    return new Record(index + FileCipher.blockCount(length) - 1, durable, body, at + HEAD_BYTES + rest.capacity());
  }

  private boolean isPlausible(long at, int length, long index, long afterIndex) {
    return length > 0
        && length <= BODY_BYTES_MAX
        && FileCipher.sealedBytes(length) <= fileBytes - at - HEAD_BYTES
        && index > afterIndex
        && index <= afterIndex + fileBytes;
  }

  /// Looks behind the end of the log for a record that knows more to have been on the device.
  private void checkTorn() throws IOException {
    long at = position + 1;
    while (at + HEAD_BYTES < fileBytes) {
      ByteBuffer window = read(at, (int) Math.min(SCAN_BYTES + HEAD_BYTES, fileBytes - at));
      if (window == null) {
        return;
      }
      int count = window.capacity() - HEAD_BYTES;
      for (int i = 0; i < count; i++) {
        long index = window.getLong(i + 4);
        if (index > writtenIndex && isPlausible(at + i, window.getInt(i), index, writtenIndex)) {
          Record later = recordAt(at + i, writtenIndex);
          if (later != null && later.durableIndex() > writtenIndex) {
            throw damaged(path, "was changed at byte " + position);
          }
        }
      }
      at += count;
    }
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
