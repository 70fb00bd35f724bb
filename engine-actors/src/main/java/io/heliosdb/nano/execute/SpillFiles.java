package io.heliosdb.nano.execute;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Temporary files of one statement: sequences of byte strings, written once, read any number of times, deleted with the statement.
///
/// Plain streams rather than channels: an interrupt of an embedder's thread closes a channel. Bound: [#BYTES_MAX] over all files of a
/// statement (53400 past it); the operating system's full disk is 53100. Confined to the session's thread.
final class SpillFiles implements AutoCloseable {
  static final long BYTES_MAX = 64L << 30;
  private static final int BUFFER_BYTES = 1 << 16;

  private final List<SpillFile> files = new ArrayList<>();
  private long bytes;

  SpillFile create() {
    SpillFile file = new SpillFile();
    files.add(file);
    return file;
  }

  @Override
  public void close() {
    for (SpillFile file : List.copyOf(files)) {
      file.delete();
    }
  }

  private static SqlException failed(IOException e) {
    boolean full = e.getMessage() != null && e.getMessage().contains("No space left");
    return new SqlException(full ? SqlState.DISK_FULL : SqlState.IO_ERROR, "could not use temporary file: " + e.getMessage(), e);
  }

  /// One file; [#append] until [#reader] is first called.
  final class SpillFile {
    private final File file;
    private @Nullable DataOutputStream out;
    private long count;
    private long fileBytes;

    private SpillFile() {
      try {
        file = File.createTempFile("heliosdb-spill", ".tmp");
        file.deleteOnExit();
        out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(file), BUFFER_BYTES));
      } catch (IOException e) {
        throw failed(e);
      }
    }

    long count() {
      return count;
    }

    long bytes() {
      return fileBytes;
    }

    void append(byte[] record) {
      append(record, 0, record.length);
    }

    void append(byte[] record, int offset, int length) {
      bytes += length + 4;
      fileBytes += length + 4;
      if (bytes > BYTES_MAX) {
        throw new SqlException(SqlState.CONFIGURATION_LIMIT_EXCEEDED, "temporary file size exceeds the limit of one statement");
      }
      try {
        out.writeInt(length);
        out.write(record, offset, length);
      } catch (IOException e) {
        throw failed(e);
      }
      count++;
    }

    Reader reader() {
      finish();
      return new Reader(file);
    }

    private void finish() {
      if (out != null) {
        try {
          out.close();
        } catch (IOException e) {
          throw failed(e);
        }
        out = null;
      }
    }

    void delete() {
      try {
        finish();
      } finally {
        file.delete();
        files.remove(this);
        bytes -= fileBytes;
      }
    }
  }

  /// Reads the records of one file in order.
  static final class Reader implements AutoCloseable {
    private final DataInputStream in;

    private Reader(File file) {
      try {
        in = new DataInputStream(new BufferedInputStream(new FileInputStream(file), BUFFER_BYTES));
      } catch (IOException e) {
        throw failed(e);
      }
    }

    /// The next record, or null at the end.
    byte @Nullable [] next() {
      try {
        int length;
        try {
          length = in.readInt();
        } catch (EOFException e) {
          return null;
        }
        byte[] record = new byte[length];
        in.readFully(record);
        return record;
      } catch (IOException e) {
        throw failed(e);
      }
    }

    @Override
    public void close() {
      try {
        in.close();
      } catch (IOException e) {
        throw failed(e);
      }
    }
  }
}
