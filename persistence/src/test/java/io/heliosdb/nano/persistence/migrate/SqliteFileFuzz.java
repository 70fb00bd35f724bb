package io.heliosdb.nano.persistence.migrate;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.migrate.sqlite.SqliteImport;
import io.heliosdb.nano.persistence.migrate.sqlite.SqliteOptions;
import io.heliosdb.nano.persistence.transfer.NewDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a fuzzer calls with any bytes: they are an SQLite file, which is imported. A database or a refusal may come of it, nothing else.
public final class SqliteFileFuzz {
  private SqliteFileFuzz() {}

  /// The entry point that Jazzer looks for.
  public static void fuzzerTestOneInput(byte[] data) {
    isRefused(data);
  }

  /// Whether the file is refused, which leaves nothing; any other failure is thrown.
  static boolean isRefused(byte[] data) {
    try {
      Path directory = Files.createTempDirectory("sqlite-fuzz");
      try {
        Path target = directory.resolve("data");
        try {
          SqliteImport.into(target, SqliteOptions.of(Files.write(directory.resolve("source.sqlite"), data)));
          return false;
        } catch (SqlException e) {
          if (e.state().equals(SqlState.INTERNAL_ERROR)) {
            throw e;
          }
          if (Files.exists(target)) {
            throw new IllegalStateException("a refused import left a directory", e);
          }
          return true;
        }
      } finally {
        NewDirectory.deleteTree(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
