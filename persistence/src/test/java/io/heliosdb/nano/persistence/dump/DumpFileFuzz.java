package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/// What a fuzzer calls with any bytes: they are a dump file, which is opened, planned and verified. Nothing but a refusal may come of it.
public final class DumpFileFuzz {
  private static final Set<SqlState> REFUSALS = Set.of(SqlState.DATA_CORRUPTED, SqlState.INVALID_PARAMETER_VALUE, SqlState.PROGRAM_LIMIT_EXCEEDED);

  private DumpFileFuzz() {}

  /// The entry point that Jazzer looks for.
  public static void fuzzerTestOneInput(byte[] data) {
    try {
      Path file = Files.createTempFile("fuzz", ".heliodump");
      try {
        Files.write(file, data);
        isRefused(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether the file is refused before anything is restored; any other failure is thrown.
  static boolean isRefused(Path file) {
    try (Restorer restorer = new Restorer(RestoreOptions.from(file), null)) {
      return restorer.plan() == null;
    } catch (SqlException e) {
      if (!REFUSALS.contains(e.state())) {
        throw e;
      }
      return true;
    }
  }
}
