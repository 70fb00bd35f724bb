package io.heliosdb.nano.persistence.transfer;

import io.heliosdb.nano.DatabaseConfig;
import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Function;
import java.util.stream.Stream;

/// A data directory that appears when everything is in it: built beside its place under another name, closed, and renamed. Whatever goes
/// wrong, nothing is left. A directory that holds anything is never overwritten.
public final class NewDirectory {
  private final Path target;

  /// @throws SqlException 58P02 when the directory exists and is not empty, 58P01 when its parent is missing
  public NewDirectory(Path directory) {
    target = directory.toAbsolutePath().normalize();
    if (!Files.exists(target)) {
      if (target.getParent() == null || !Files.isDirectory(target.getParent())) {
        throw new SqlException(SqlState.UNDEFINED_FILE, "No such file or directory: " + target.getParent());
      }
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(target)) {
      if (!entries.iterator().hasNext()) {
        return;
      }
    } catch (IOException e) {
      throw new SqlException(SqlState.IO_ERROR, "could not look at \"" + target + "\": " + e.getMessage(), e);
    }
    throw new SqlException(SqlState.DUPLICATE_FILE, "target \"" + target + "\" exists and is not empty")
        .withHint("A data directory is never overwritten. Name a new one, or use the database that lives there.");
  }

  /// @param config of the new database; with a key it is an encrypted one
  /// @param work fills the new database
  public <R> R build(DatabaseConfig config, Function<EmbeddedDatabase, R> work) {
    Path building = target.resolveSibling("." + target.getFileName() + ".building." + ProcessHandle.current().pid() + "."
        + Long.toHexString(System.nanoTime()));
    try {
      R result;
      try (EmbeddedDatabase database = EmbeddedDatabase.open(building, config)) {
        result = work.apply(database);
      }
      Files.deleteIfExists(target);
      Files.move(building, target);
      return result;
    } catch (IOException e) {
      throw new SqlException(SqlState.IO_ERROR, "could not put the new database into \"" + target + "\": " + e.getMessage(), e);
    } finally {
      deleteTree(building);
    }
  }

  /// Removes a directory with all that is in it; nothing happens when there is none.
  public static void deleteTree(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not remove " + directory, e);
    }
  }
}
