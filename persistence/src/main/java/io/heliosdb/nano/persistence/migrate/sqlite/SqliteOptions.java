package io.heliosdb.nano.persistence.migrate.sqlite;

import io.heliosdb.nano.persistence.dump.DumpProgress;
import java.nio.file.Path;

/// What to import from SQLite, and how. Immutable; `SqliteOptions.of(path)` and the methods `with…`.
///
/// @param keepCase whether names keep their capitals; else they become lower case, as unquoted names in statements are
/// @param refuseMismatches whether a value that does not fit its column's declared type ends the import; else the column gets a wider type
public record SqliteOptions(Path file, boolean keepCase, boolean refuseMismatches, DumpProgress progress) {
  public static SqliteOptions of(Path file) {
    return new SqliteOptions(file, false, false, DumpProgress.NONE);
  }

  public SqliteOptions withKeepCase(boolean keep) {
    return new SqliteOptions(file, keep, refuseMismatches, progress);
  }

  public SqliteOptions withRefuseMismatches(boolean refuse) {
    return new SqliteOptions(file, keepCase, refuse, progress);
  }

  public SqliteOptions withProgress(DumpProgress newProgress) {
    return new SqliteOptions(file, keepCase, refuseMismatches, newProgress);
  }
}
