package io.heliosdb.nano.persistence.columnar;

import io.heliosdb.nano.copy.RowReader;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A reader that has to jump within its file: what is fed gathers in a temporary file, which is read at the end and deleted.
public abstract class SpooledReader implements RowReader {
  private @Nullable Path spool;
  private @Nullable OutputStream out;

  @Override
  public final void feed(byte[] bytes, int offset, int count) {
    try {
      if (out == null) {
        spool = Files.createTempFile("heliosdb-copy", ".tmp");
        out = Files.newOutputStream(spool);
      }
      out.write(bytes, offset, count);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static SqlException failed(IOException e) {
    boolean full = e.getMessage() != null && e.getMessage().contains("No space left");
    return new SqlException(full ? SqlState.DISK_FULL : SqlState.IO_ERROR, "could not keep the data of COPY: " + e.getMessage(), e);
  }

  @Override
  public final void finish() {
    try {
      if (out == null) {
        feed(new byte[0], 0, 0);
      }
      out.close();
      file(spool, total -> {});
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public abstract void file(Path path, ByteProgress progress) throws IOException;

  @Override
  public void close() {
    if (out == null) {
      return;
    }
    try {
      out.close();
      Files.deleteIfExists(spool);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
