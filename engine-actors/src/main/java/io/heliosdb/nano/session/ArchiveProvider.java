package io.heliosdb.nano.session;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/// How the engine reaches dump and restore without depending on their module (`java.util.ServiceLoader`).
public interface ArchiveProvider {
  /// Writes an archive of a branch; gives the number of rows.
  ///
  /// @param options as the statement has them, names in lower case
  /// @param notices takes what the client should know
  /// @param checkpoint called often; what it throws ends the dump
  long dump(DatabaseEngine engine, String branch, Map<String, String> options, OutputStream out, Consumer<String> notices, Runnable checkpoint) throws IOException;

  /// Restores an archive into the database, all or nothing; gives the number of rows.
  long restore(DatabaseEngine engine, Map<String, String> options, Path archive, Consumer<String> notices, Runnable checkpoint);
}
