package io.heliosdb.nano.persistence.columnar;

import io.heliosdb.nano.copy.RowReader;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.crypto.TransientFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A reader that has to jump within its file: what is fed gathers in a temporary file, which is read at the end and deleted.
public abstract class SpooledReader implements RowReader {
  private @Nullable TransientFile spool;

  @Override
  public final void feed(byte[] bytes, int offset, int count) {
    try {
      if (spool == null) {
        spool = new TransientFile("the data of COPY", "heliosdb-copy", ".tmp");
      }
      spool.write(bytes, offset, count);
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
      if (spool == null) {
        feed(new byte[0], 0, 0);
      }
      spool.finish();
      file(spool.path(), total -> {});
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public abstract void file(Path path, ByteProgress progress) throws IOException;

  @Override
  public void close() {
    if (spool == null) {
      return;
    }
    try {
      spool.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
