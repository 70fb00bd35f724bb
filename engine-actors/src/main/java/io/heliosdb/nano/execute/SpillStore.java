package io.heliosdb.nano.execute;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import org.jspecify.annotations.Nullable;

/// One temporary file of blocks: appended, read at the address that [#append] gave, deleted at the end. The only class that opens
/// files for what does not fit into memory. The file is made by the first block.
///
/// No channel: an interrupt of an embedder's thread would close it. Not thread-safe; threads that follow one another may use it.
/// Errors: 53100 for a full disk, 58030 for others.
public final class SpillStore implements AutoCloseable {
  private static final int LENGTH_BYTES = 4;

  private @Nullable File file;
  private @Nullable RandomAccessFile access;
  private long end;
  private boolean isAtEnd;

  /// @return the block's address
  public long append(byte[] bytes, int offset, int length) {
    try {
      RandomAccessFile out = open();
      if (!isAtEnd) {
        out.seek(end);
        isAtEnd = true;
      }
      long address = end;
      out.writeInt(length);
      out.write(bytes, offset, length);
      end += LENGTH_BYTES + length;
      return address;
    } catch (IOException e) {
      isAtEnd = false;
      throw failed(e);
    }
  }

  /// The address of the block behind one of `length` bytes.
  public static long next(long address, int length) {
    return address + LENGTH_BYTES + length;
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
      byte[] bytes = new byte[in.readInt()];
      in.readFully(bytes);
      return bytes;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private RandomAccessFile open() throws IOException {
    if (access == null) {
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
