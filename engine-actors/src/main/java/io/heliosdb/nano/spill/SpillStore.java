package io.heliosdb.nano.spill;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import io.heliosdb.nano.storage.crypto.FileCipher;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One temporary file of blocks: appended, read at the address that [#append] gave, deleted at the end. The only class that opens
/// files for what does not fit into memory. The file is made by the first block.
///
/// Once this process has opened an encrypted database, blocks are sealed with a random key that is never stored: what is spilled
/// cannot be read behind the process's back, nor when it has ended.
///
/// No channel: an interrupt of an embedder's thread would close it. Not thread-safe; threads that follow one another may use it.
/// Errors: 53100 for a full disk, 58030 for others.
public final class SpillStore implements AutoCloseable {
  private static final int LENGTH_BYTES = 4;

  /// Length, and the number of the first block of the cipher.
  private static final int SEALED_HEAD_BYTES = 12;

  private static final byte[] CONTEXT = "heliosdb spill".getBytes(StandardCharsets.US_ASCII);
  private static volatile @Nullable EncryptionKey processKey;

  private @Nullable File file;
  private @Nullable RandomAccessFile access;
  private long end;
  private boolean isAtEnd;

  /// Null for a file in clear.
  private @Nullable FileCipher cipher;

  private long nextNumber;

  /// Seals what files are made from now on.
  public static synchronized void sealFromNowOn() {
    if (processKey == null) {
      processKey = EncryptionKey.generate();
    }
  }

  /// @return the block's address
  public long append(byte[] bytes, int offset, int length) {
    try {
      RandomAccessFile out = open();
      if (!isAtEnd) {
        out.seek(end);
        isAtEnd = true;
      }
      long address = end;
      if (cipher == null) {
        out.writeInt(length);
        out.write(bytes, offset, length);
      } else {
        out.write(sealed(bytes, offset, length));
      }
      end = next(address, length);
      return address;
    } catch (IOException e) {
      isAtEnd = false;
      throw failed(e);
    }
  }

  private byte[] sealed(byte[] bytes, int offset, int length) {
    byte[] head = ByteBuffer.allocate(SEALED_HEAD_BYTES).putInt(length).putLong(nextNumber).array();
    byte[] out = Arrays.copyOf(head, Math.toIntExact(SEALED_HEAD_BYTES + FileCipher.sealedBytes(length)));
    cipher.sealBlocks(nextNumber, associated(head, end), bytes, offset, length, out, SEALED_HEAD_BYTES);
    nextNumber += FileCipher.blockCount(length);
    return out;
  }

  /// The address of the block behind one of `length` bytes.
  public long next(long address, int length) {
    return address + (cipher == null ? LENGTH_BYTES + length : SEALED_HEAD_BYTES + FileCipher.sealedBytes(length));
  }

  /// Where the next block will stand.
  public long endAddress() {
    return end;
  }

  public byte[] read(long address) {
    try {
      RandomAccessFile in = open();
      isAtEnd = false;
      in.seek(address);
      if (cipher != null) {
        return readSealed(in, cipher, address);
      }
      byte[] bytes = new byte[in.readInt()];
      in.readFully(bytes);
      return bytes;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static byte[] readSealed(RandomAccessFile in, FileCipher cipher, long address) throws IOException {
    byte[] head = new byte[SEALED_HEAD_BYTES];
    in.readFully(head);
    ByteBuffer fields = ByteBuffer.wrap(head);
    int length = fields.getInt();
    long sealedBytes = FileCipher.sealedBytes(length);
    if (length < 0 || sealedBytes > in.length() - in.getFilePointer()) {
      throw changed();
    }
    byte[] sealed = new byte[(int) sealedBytes];
    in.readFully(sealed);
    byte[] bytes = new byte[length];
    if (!cipher.openBlocks(fields.getLong(), associated(head, address), sealed, 0, length, bytes, 0)) {
      throw changed();
    }
    return bytes;
  }

  /// Binds a block to its place.
  private static byte[] associated(byte[] head, long address) {
    return ByteBuffer.allocate(SEALED_HEAD_BYTES + Long.BYTES).put(head).putLong(address).array();
  }

  private static SqlException changed() {
    return new SqlException(SqlState.DATA_CORRUPTED, "a temporary file was changed by somebody else");
  }

  private RandomAccessFile open() throws IOException {
    if (access == null) {
      EncryptionKey key = processKey;
      cipher = key == null ? null : key.cipher(EncryptionKey.randomBytes(FileCipher.SALT_BYTES), CONTEXT);
      file = File.createTempFile("heliosdb-spill", ".tmp");
      access = new RandomAccessFile(file, "rw");
      // Where the system allows it the name goes at once: then nothing is left behind, however the process ends.
      if (file.delete()) {
        file = null;
      } else {
        file.deleteOnExit();
      }
    }
    return access;
  }

  /// Throws all blocks away; the store can be used again.
  @Override
  public void close() {
    end = 0;
    isAtEnd = false;
    if (access != null) {
      try {
        access.close();
      } catch (IOException e) {
        throw failed(e);
      } finally {
        access = null;
        if (file != null) {
          file.delete();
          file = null;
        }
      }
    }
  }

  private static SqlException failed(IOException e) {
    boolean full = e.getMessage() != null && e.getMessage().contains("No space left");
    return new SqlException(full ? SqlState.DISK_FULL : SqlState.IO_ERROR, "could not use temporary file: " + e.getMessage(), e);
  }
}
