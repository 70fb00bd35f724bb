package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import io.heliosdb.nano.storage.crypto.FileCipher;
import io.heliosdb.nano.storage.crypto.MemoryRoom;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A whole state of an environment, encrypted, in the file `checkpoint`, and where the redo log goes on from it.
///
/// ```
/// file   := header, block 0, block*
/// header := "HDBCKPT" 2, data key u32 BE, block bytes u32 BE, salt (32 bytes)
/// block  := AES-256-GCM, its number as nonce; a tag of 16 bytes behind it
/// block 0 has first segment u64 BE, salt of the segment before (32 bytes), its own salt (32 bytes), data bytes u64 BE; the others the
/// pages of the state, in blocks of 16 KB
/// ```
///
/// The key is made of the data key, the salt and the header, so each file has a key of its own and a block is good for one place only.
///
/// @param segmentNumber the first segment of the redo log that has records newer than the state
record SealedCheckpoint(long segmentNumber, byte[] previousSalt, byte[] segmentSalt, long dataBytes) {
  static final String FILE = Checkpoint.FILE;
  static final long MAGIC = 0x48444243_4B505402L;

  /// What is read and written at a time, whole blocks of the cipher.
  private static final int CHUNK_BYTES = 16 * FileCipher.BLOCK_BYTES;

  private static final int HEADER_BYTES = 8 + 4 + 4 + FileCipher.SALT_BYTES;
  private static final int FIRST_BYTES = 8 + 2 * FileCipher.SALT_BYTES + 8;
  private static final byte[] CONTEXT = "heliosdb checkpoint".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NOTHING = {};

  /// Flushes of a long file in between keep the flushes of the log, which wait behind them, short.
  private static final int CHUNKS_PER_FLUSH = 64;

  /// Writes a state that a read transaction keeps.
  void write(Path directory, Durability durability, KeyRing.DataKey key, Path data, LmdbMeta meta) throws IOException {
    byte[] salt = EncryptionKey.randomBytes(FileCipher.SALT_BYTES);
    byte[] header = ByteBuffer.allocate(HEADER_BYTES).putLong(MAGIC).putInt(key.number()).putInt(FileCipher.BLOCK_BYTES).put(salt).array();
    FileCipher cipher = key.key().cipher(salt, context(header));
    byte[] first = ByteBuffer.allocate(FIRST_BYTES).putLong(segmentNumber).put(previousSalt).put(segmentSalt).putLong(dataBytes).array();
    Path fresh = directory.resolve(FILE + ".new");
    try (FileChannel in = FileChannel.open(data, StandardOpenOption.READ)) {
      FileReplacement.write(
          directory,
          FILE,
          durability,
          out -> {
            FileReplacement.writeFully(out, ByteBuffer.wrap(header));
            FileReplacement.writeFully(out, ByteBuffer.wrap(cipher.seal(0, NOTHING, first)));
            byte[] plain = new byte[CHUNK_BYTES];
            byte[] sealed = new byte[(int) FileCipher.sealedBytes(CHUNK_BYTES)];
            int chunks = 0;
            for (long at = 0; at < dataBytes; at += CHUNK_BYTES) {
              int length = (int) Math.min(CHUNK_BYTES, dataBytes - at);
              readUpTo(in, at, plain, length);
              if (at == 0) {
                meta.putInto(plain);
              }
              cipher.sealBlocks(firstNumber(at), NOTHING, plain, 0, length, sealed, 0);
              FileReplacement.writeFully(out, ByteBuffer.wrap(sealed, 0, (int) FileCipher.sealedBytes(length)));
              if (++chunks % CHUNKS_PER_FLUSH == 0) {
                durability.force(fresh, out);
              }
            }
          });
    }
  }

  /// The number of the block that begins at this byte of the data.
  private static long firstNumber(long at) {
    return 1 + at / FileCipher.BLOCK_BYTES;
  }

  private static byte[] context(byte[] header) {
    byte[] context = Arrays.copyOf(CONTEXT, CONTEXT.length + header.length);
    System.arraycopy(header, 0, context, CONTEXT.length, header.length);
    return context;
  }

  /// LMDB may not have written the last pages that it took: they are zeros.
  private static void readUpTo(FileChannel in, long at, byte[] target, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(target, 0, length);
    while (bytes.hasRemaining() && in.read(bytes, at + bytes.position()) >= 0) {}
    Arrays.fill(target, bytes.position(), length, (byte) 0);
  }

  /// Writes the state into `data`. Null when there is no checkpoint. 53200 when the memory is not there, XX001 when the file was changed.
  static @Nullable SealedCheckpoint restore(Path directory, KeyRing ring, Path data) throws IOException {
    Path path = directory.resolve(FILE);
    if (!path.toFile().exists()) {
      return null;
    }
    try (DataInputStream in = new DataInputStream(new FileInputStream(path.toFile()));
        FileChannel out = FileChannel.open(data, StandardOpenOption.WRITE)) {
      byte[] header = in.readNBytes(HEADER_BYTES);
      ByteBuffer fields = ByteBuffer.wrap(header);
      if (header.length < HEADER_BYTES || fields.getLong() != MAGIC) {
        throw damaged("is not an encrypted checkpoint");
      }
      KeyRing.DataKey key = ring.find(fields.getInt());
      int blockBytes = fields.getInt();
      if (key == null || blockBytes != FileCipher.BLOCK_BYTES) {
        throw damaged("has a damaged header");
      }
      byte[] salt = new byte[FileCipher.SALT_BYTES];
      fields.get(salt);
      FileCipher cipher = key.key().cipher(salt, context(header));
      byte[] sealed = new byte[(int) FileCipher.sealedBytes(CHUNK_BYTES)];
      byte[] plain = new byte[CHUNK_BYTES];
      in.readFully(sealed, 0, FIRST_BYTES + FileCipher.TAG_BYTES);
      if (!cipher.open(0, NOTHING, sealed, 0, FIRST_BYTES + FileCipher.TAG_BYTES, plain, 0)) {
        throw damaged("was changed in its first bytes");
      }
      ByteBuffer first = ByteBuffer.wrap(plain);
      long segmentNumber = first.getLong();
      byte[] previousSalt = new byte[FileCipher.SALT_BYTES];
      first.get(previousSalt);
      byte[] segmentSalt = new byte[FileCipher.SALT_BYTES];
      first.get(segmentSalt);
      long dataBytes = first.getLong();
      MemoryRoom.check("the encrypted database", dataBytes);
      for (long at = 0; at < dataBytes; at += CHUNK_BYTES) {
        int length = (int) Math.min(CHUNK_BYTES, dataBytes - at);
        in.readFully(sealed, 0, (int) FileCipher.sealedBytes(length));
        if (!cipher.openBlocks(firstNumber(at), NOTHING, sealed, 0, length, plain, 0)) {
          throw damaged("was changed between bytes " + at + " and " + (at + length) + " of the data");
        }
        FileReplacement.writeFully(out, ByteBuffer.wrap(plain, 0, length));
      }
      if (in.read() >= 0) {
        throw damaged("has something behind its end");
      }
      return new SealedCheckpoint(segmentNumber, previousSalt, segmentSalt, dataBytes);
    } catch (EOFException cutShort) {
      throw damaged("was cut short");
    }
  }

  private static SqlException damaged(String how) {
    return StoreFailure.damagedFile(Path.of(FILE), how);
  }
}
