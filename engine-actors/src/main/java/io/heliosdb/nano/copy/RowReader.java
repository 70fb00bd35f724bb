package io.heliosdb.nano.copy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads rows of one format from bytes that arrive in pieces of any size, and hands them to the [RowBuilder] it was made with.
///
/// Life: any number of [#feed], then [#finish]; or one [#file]; then [#close] in any case. Memory: one row, or what the format keeps together
/// (a column chunk of Parquet), never the whole input. After an exception only [#close] may follow. Confined to one thread at a time.
/// Errors: [io.heliosdb.nano.error.SqlException] with PostgreSQL's message where it has one; [RowBuilder#where] tells the place.
public interface RowReader extends AutoCloseable {
  void feed(byte[] bytes, int offset, int count);

  /// The end of the input: what is left is a row, or an error.
  void finish();

  /// Reads a whole file. Formats that need to jump within the file override this and keep a copy of what [#feed] brings in a temporary file.
  ///
  /// @param progress called after each piece with the bytes read in all; may throw to stop
  default void file(Path file, ByteProgress progress) throws IOException {
    byte[] buffer = new byte[256 * 1024];
    long total = 0;
    try (InputStream in = Files.newInputStream(file)) {
      int count;
      while ((count = in.read(buffer)) >= 0) {
        feed(buffer, 0, count);
        total += count;
        progress.read(total);
      }
    }
    finish();
  }

  /// Gives back files and native memory. Never throws because of what was read.
  @Override
  default void close() {}

  /// Told how many bytes have been read.
  @FunctionalInterface
  interface ByteProgress {
    void read(long bytes);
  }
}
