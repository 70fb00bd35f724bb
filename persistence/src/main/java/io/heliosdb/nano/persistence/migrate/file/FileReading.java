package io.heliosdb.nano.persistence.migrate.file;

import io.heliosdb.nano.copy.RowBuilder;
import io.heliosdb.nano.copy.RowReader;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/// Drives a reader of COPY's over a whole file; errors name file and place.
final class FileReading {
  private static final int PIECE_BYTES = 256 * 1024;

  private FileReading() {}

  /// @param rows knows the place
  /// @param progress told the bytes read so far
  static void run(Path file, boolean binary, RowReader reader, RowBuilder rows, LongConsumer progress) {
    try (reader) {
      if (binary) {
        reader.file(file, progress::accept);
      } else {
        feed(file, reader, progress);
      }
    } catch (NoSuchFileException e) {
      throw new SqlException(SqlState.UNDEFINED_FILE, "could not open file \"" + file + "\" for reading: No such file or directory");
    } catch (IOException e) {
      throw new SqlException(SqlState.IO_ERROR, "could not read file \"" + file + "\": " + e.getMessage(), e);
    } catch (SqlException e) {
      String where = rows.where();
      throw e.context() != null ? e : e.withContext("file \"" + file + "\"" + (where == null ? "" : where));
    }
  }

  private static void feed(Path file, RowReader reader, LongConsumer progress) throws IOException {
    byte[] buffer = new byte[PIECE_BYTES];
    long total = 0;
    try (InputStream in = Files.newInputStream(file)) {
      int count;
      while ((count = in.read(buffer)) >= 0) {
        boolean mark = total == 0 && count >= 3 && buffer[0] == (byte) 0xef && buffer[1] == (byte) 0xbb && buffer[2] == (byte) 0xbf;
        reader.feed(buffer, mark ? 3 : 0, mark ? count - 3 : count);
        total += count;
        progress.accept(total);
      }
    }
    reader.finish();
  }
}
