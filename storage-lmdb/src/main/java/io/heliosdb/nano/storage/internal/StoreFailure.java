package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.lmdb.Lmdb;
import io.heliosdb.nano.storage.lmdb.LmdbException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Translates LMDB's failures, in one place, into errors with a SQLSTATE.
final class StoreFailure {
  /// With less room than this an I/O error of a write means a full device (LMDB reports short writes as EIO).
  private static final long FULL_BYTES = 4L << 20;

  private StoreFailure() {}

  static SqlException translate(LmdbException e) {
    if (e.code() == Lmdb.MAP_FULL) {
      return new SqlException(SqlState.DISK_FULL, "could not extend the data file: the reserved map is full", e)
          .withHint("Open the database with a larger map size.");
    }
    if (e.isFull()) {
      return deviceFull("the data file", e);
    }
    if (e.isForbidden()) {
      return new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "could not access the data file: " + Lmdb.describe(e.code()), e);
    }
    return switch (e.code()) {
      case Lmdb.READERS_FULL ->
          new SqlException(SqlState.TOO_MANY_CONNECTIONS, "too many readers of the data file are open", e);
      case Lmdb.CORRUPTED, Lmdb.PAGE_NOTFOUND, Lmdb.INVALID ->
          new SqlException(SqlState.DATA_CORRUPTED, "the data file is damaged: " + e.getMessage(), e);
      default ->
          e.code() > 0 || e.code() == Lmdb.PANIC
              ? new SqlException(SqlState.IO_ERROR, "could not access the data file: " + e.getMessage(), e)
              : new SqlException(SqlState.INTERNAL_ERROR, "storage call failed: " + e.getMessage(), e);
    };
  }

  static SqlException corrupted(String what) {
    return new SqlException(SqlState.DATA_CORRUPTED, "the data file is damaged: " + what);
  }

  /// A file of an encrypted database is not what was written.
  static SqlException damagedFile(Path file, String how) {
    return new SqlException(SqlState.DATA_CORRUPTED, "the encrypted database is damaged: the file \"" + file.getFileName() + "\" " + how);
  }

  static SqlException deviceFull(String file, Exception cause) {
    return new SqlException(SqlState.DISK_FULL, "could not extend " + file + ": No space left on device", cause)
        .withHint("Check free disk space.");
  }

  /// An encrypted store, which is held in memory, has reached its limit. The transaction is undone.
  static SqlException memoryFull(LmdbException cause) {
    return new SqlException(SqlState.OUT_OF_MEMORY, "the encrypted database has reached its memory limit", cause)
        .withHint("Raise encryption_memory_limit, or remove rows or history. Databases without encryption have no such limit.");
  }

  static boolean isDeviceFull(IOException e) {
    String message = e.getMessage();
    return message != null && (message.contains("No space left on device") || message.contains("Disk quota exceeded"));
  }

  static boolean isDeviceFull(Path directory) {
    try {
      return Files.getFileStore(directory).getUsableSpace() < FULL_BYTES;
    } catch (IOException unknown) {
      return false;
    }
  }

  static SqlException closed() {
    return new SqlException(SqlState.CANNOT_CONNECT_NOW, "the database is closed");
  }
}
