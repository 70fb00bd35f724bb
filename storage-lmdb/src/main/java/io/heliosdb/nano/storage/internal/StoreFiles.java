package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.StoreEncryption;
import io.heliosdb.nano.storage.StoreOptions;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import io.heliosdb.nano.storage.crypto.MemoryFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The files a store is opened on, prepared: what the newest checkpoint has is in the environment's data file.
///
/// @param environmentDirectory where LMDB opens its files
/// @param directory where the log is; the same for a plain store
/// @param isUnnamed whether the environment's files lose their names once it is open
/// @param recovery null when commits are not logged and there is nothing to recover
/// @param recovers whether a log may be there that has to be carried out
/// @param logs whether commits are logged
/// @param memory what holds the environment of an encrypted store
/// @param keyRing its keys
record StoreFiles(
    Path environmentDirectory, Path directory, boolean isUnnamed, @Nullable RecoveryFiles recovery, boolean recovers, boolean logs,
    @Nullable MemoryFile memory, @Nullable KeyRing keyRing) {

  static StoreFiles inMemory() {
    try {
      Path directory = MemoryDirectory.create();
      return new StoreFiles(directory, directory, true, null, false, false, null, null);
    } catch (IOException e) {
      throw new SqlException(SqlState.IO_ERROR, "could not create files for an in-memory database: " + e.getMessage(), e);
    }
  }

  /// A plain store's. The state to go on from is put back before anybody looks at the data file: the newest one may refer to pages that never
  /// reached the device.
  static StoreFiles plain(Path directory, Durability durability, StoreOptions options) {
    if (KeyRing.exists(directory)) {
      throw keyMissing(directory);
    }
    Checkpoint found;
    try {
      found = Checkpoint.read(directory);
      if (found != null) {
        found.restore(directory);
      }
    } catch (NoSuchFileException missing) {
      throw StoreFailure.corrupted("\"" + Checkpoint.DATA_FILE + "\" is missing beside the checkpoint that belongs to it");
    } catch (EOFException cutShort) {
      throw StoreFailure.corrupted("\"" + Checkpoint.DATA_FILE + "\" ends before its first pages do");
    } catch (IOException e) {
      throw new SqlException(SqlState.IO_ERROR, "could not recover the database: " + e.getMessage(), e);
    }
    new Compaction(directory, durability).discard();
    DataFileCheck.check(directory);
    boolean needsRecovery = durability.isLogged() || found != null;
    return new StoreFiles(
        directory, directory, false, needsRecovery ? new PlainFiles(directory, durability, options.fips() ? Checksum.SHA_256 : Checksum.CRC32C, found) : null, found != null, durability.isLogged(), null, null);
  }

  /// An encrypted store's. Its environment is in a file without name in memory; only LMDB's table of readers has a name for a moment.
  static StoreFiles sealed(Path directory, Durability given, StoreEncryption encryption) {
    Durability durability = given.isLogged() ? given : Durability.UNFLUSHED;
    MemoryFile memory = MemoryFile.create("heliosdb");
    try {
      return onThreadOfItsOwn(
          () -> {
            SealedFiles files = SealedFiles.open(directory, durability, openRing(directory, durability, encryption.key()), memory.path());
            Path names = MemoryDirectory.create();
            Files.createSymbolicLink(names.resolve(DataFileCheck.FILE_NAME), memory.path());
            return new StoreFiles(names, directory, true, files, !files.isNew(), true, memory, files.ring());
          });
    } catch (IOException e) {
      memory.close();
      throw new SqlException(SqlState.IO_ERROR, "could not open the encrypted database: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  static SqlException keyMissing(Path directory) {
    return new SqlException(SqlState.INVALID_AUTHORIZATION_SPECIFICATION, "the database in \"" + directory + "\" is encrypted and needs its key")
        .withHint("Give it with --encryption-key-file, --encryption-key-command, the environment variable HELIOSDB_KEY or DatabaseConfig.withEncryptionKey.");
  }

  static SqlException notEncrypted(Path directory) {
    return new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "the database in \"" + directory + "\" is not encrypted")
        .withHint("Open it without a key. To encrypt it, dump it and restore the dump into a new directory with a key.");
  }

  /// For a store that is open already: whether somebody else with this key, or with none, may use it.
  void checkKey(@Nullable EncryptionKey key) {
    if (keyRing == null && key != null) {
      throw notEncrypted(directory);
    }
    if (keyRing != null && key == null) {
      throw keyMissing(directory);
    }
    if (keyRing != null && !keyRing.master().equals(key)) {
      throw KeyRing.wrongKey(directory, keyRing.master().id(), key);
    }
  }

  private static KeyRing openRing(Path directory, Durability durability, EncryptionKey key) throws IOException {
    if (KeyRing.exists(directory)) {
      return KeyRing.open(directory, durability, key);
    }
    if (Files.exists(directory.resolve(DataFileCheck.FILE_NAME))) {
      throw notEncrypted(directory);
    }
    if (Files.exists(directory.resolve(DataFileCheck.MARKER_NAME)) || Files.exists(directory.resolve(SealedCheckpoint.FILE))) {
      throw StoreFailure.damagedFile(directory.resolve(KeyRing.FILE), "is missing");
    }
    return KeyRing.create(directory, durability, key);
  }

  /// An interrupt of the caller's thread would close the channels.
  static <T extends @Nullable Object> T onThreadOfItsOwn(Callable<T> task) throws IOException {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("heliosdb-open")
        .start(
            () -> {
              try {
                result.complete(task.call());
              } catch (Throwable t) {
                result.completeExceptionally(t);
              }
            });
    return RedoLog.await(result);
  }

  void removeNames() {
    if (isUnnamed) {
      MemoryDirectory.delete(environmentDirectory);
    }
  }

  void close() {
    removeNames();
    if (memory != null) {
      memory.close();
    }
  }
}
