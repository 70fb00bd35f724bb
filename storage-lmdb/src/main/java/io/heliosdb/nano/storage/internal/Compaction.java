package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.StoreOptions;
import io.heliosdb.nano.storage.lmdb.Environment;
import io.heliosdb.nano.storage.lmdb.Lmdb;
import io.heliosdb.nano.storage.lmdb.LmdbException;
import io.heliosdb.nano.storage.lmdb.Memory;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/// Writes a data file anew, entry by entry: the new one has no free pages, and no bytes of what was removed, which free pages, the gaps of
/// pages in use and keys of inner pages may keep for long.
///
/// The new file is made in a directory beside and takes the old one's place by renaming once it is on the device. Until then the old one
/// counts; what a crash leaves of the new one is removed at the next start.
final class Compaction {
  private static final String DIRECTORY = "compaction";
  private static final int SLICE_BYTES = 32 << 20;

  private final Path directory;
  private final Path workDirectory;

  private final Durability durability;

  Compaction(Path directory, Durability durability) {
    this.directory = directory;
    this.durability = durability;
    workDirectory = directory.resolve(DIRECTORY);
  }

  /// Makes the new file from what the reader sees.
  void write(LmdbReader reader, StoreOptions options) {
    discard();
    try {
      Files.createDirectory(workDirectory);
    } catch (IOException e) {
      throw failed(e);
    }
    Environment fresh = Environment.open(workDirectory, options.mapBytes(), 1, Tree.COUNT, Lmdb.NOSYNC);
    try (Arena arena = Arena.ofConfined()) {
      long keyVal = arena.allocate(2 * Lmdb.VAL_BYTES, 8).address();
      for (Tree tree : Tree.values()) {
        copy(reader, tree, fresh, keyVal);
      }
      if (durability.isLogged()) {
        fresh.sync();
      }
    } catch (LmdbException e) {
      throw e.isFull() ? StoreFailure.deviceFull("the compacted data file", e) : StoreFailure.translate(e);
    } finally {
      fresh.close();
    }
  }

  private static void copy(LmdbReader reader, Tree tree, Environment fresh, long keyVal) {
    EntryCursor cursor = reader.cursor(tree);
    boolean more = cursor.seek(keyVal, 0);
    boolean isFirst = true;
    while (more || isFirst) {
      long txn = fresh.begin(0, keyVal);
      boolean committed = false;
      try {
        int database = fresh.openDatabase(txn, tree.storedName(), Lmdb.CREATE);
        for (long bytes = 0; more && bytes < SLICE_BYTES; more = cursor.next()) {
          Memory.putWord(keyVal, cursor.keyBytes);
          Memory.putWord(keyVal + 8, cursor.keyAddress);
          Memory.putWord(keyVal + Lmdb.VAL_BYTES, cursor.valueBytes);
          Memory.putWord(keyVal + Lmdb.VAL_BYTES + 8, cursor.valueAddress);
          Lmdb.check("mdb_put", Lmdb.put(txn, database, keyVal, keyVal + Lmdb.VAL_BYTES, Lmdb.APPEND));
          bytes += cursor.keyBytes + cursor.valueBytes;
        }
        committed = true;
        Lmdb.check("mdb_txn_commit", Lmdb.txnCommit(txn));
      } finally {
        if (!committed) {
          Lmdb.txnAbort(txn);
        }
      }
      isFirst = false;
    }
    cursor.close();
  }

  /// Puts the new file in the old one's place. Nobody has the old one open, and it stands alone (no checkpoint, no log).
  void install() {
    try {
      StoreFiles.onThreadOfItsOwn(
          () -> {
            Path file = workDirectory.resolve(Checkpoint.DATA_FILE);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
              durability.force(file, channel);
            }
            Files.move(file, directory.resolve(Checkpoint.DATA_FILE), StandardCopyOption.ATOMIC_MOVE);
            FileReplacement.forceDirectory(directory);
            return null;
          });
    } catch (IOException e) {
      throw failed(e);
    }
    discard();
  }


  /// Removes what there is of a new file.
  void discard() {
    if (Files.notExists(workDirectory)) {
      return;
    }
    try (Stream<Path> files = Files.list(workDirectory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(workDirectory);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static SqlException failed(IOException e) {
    return new SqlException(SqlState.IO_ERROR, "could not compact the data file: " + e.getMessage(), e);
  }
}
