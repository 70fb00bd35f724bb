package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.StoreEncryption;
import io.heliosdb.nano.storage.StoreOptions;
import io.heliosdb.nano.storage.crypto.MemoryRoom;
import io.heliosdb.nano.storage.lmdb.Environment;
import io.heliosdb.nano.storage.lmdb.Lmdb;
import io.heliosdb.nano.storage.lmdb.LmdbException;
import io.heliosdb.nano.storage.lmdb.Memory;
import java.nio.file.Path;

/// Opens the data file and its trees, and decides by the format version whether this program may use it.
final class DataFile {
  private DataFile() {}

  /// LMDB itself flushes nothing: the redo log and checkpoints make commits durable. In memory it writes pages in place where that is safe,
  /// which saves a system call and a copy for each page of a commit.
  static Environment open(Path directory, StoreOptions options, boolean isInMemory) {
    StoreEncryption encryption = options.encryption();
    long mapBytes = encryption == null ? options.mapBytes() : Math.min(options.mapBytes(), memoryBytes(encryption));
    int flags = Lmdb.NOSYNC | (isInMemory ? Lmdb.WRITEMAP : 0);
    try {
      return Environment.open(directory, mapBytes, options.readerCountMax() + Checkpointer.READER_COUNT, Tree.COUNT, flags);
    } catch (LmdbException e) {
      if (e.code() == Lmdb.VERSION_MISMATCH) {
        throw incompatible("The data file's LMDB version is not the one this version uses.");
      }
      if (e.code() == Lmdb.INVALID) {
        throw StoreFailure.corrupted("it is not an LMDB file");
      }
      throw StoreFailure.translate(e);
    }
  }

  private static long memoryBytes(StoreEncryption encryption) {
    return encryption.memoryBytesMax() != 0 ? encryption.memoryBytesMax() : MemoryRoom.totalBytes() / 2;
  }

  private static SqlException incompatible(String detail) {
    return new SqlException(SqlState.INVALID_PARAMETER_VALUE, "database files are incompatible with this version").withDetail(detail);
  }

  /// Opens or makes the trees and fills in their handles; gives the format version found. Writes only into a new file.
  static int openTrees(WriteTransaction txn, int[] databases) {
    try {
      txn.begin(0);
      try {
        databases[Tree.META.ordinal()] = txn.openDatabase(Tree.META);
        int version = checkVersion(txn);
        for (Tree tree : Tree.values()) {
          databases[tree.ordinal()] = txn.openDatabase(tree);
        }
        txn.commit();
        return version;
      } finally {
        txn.abort();
      }
    } catch (LmdbException e) {
      throw StoreFailure.translate(e);
    }
  }

  private static int checkVersion(WriteTransaction txn) {
    if (!txn.get(Tree.META, putVersionKey(txn), 1)) {
      putVersion(txn);
      return Format.VERSION;
    }
    int version = Memory.getInt(txn.valueAddress());
    if (version > Format.VERSION) {
      throw incompatible("The data directory was written by a newer version (format " + version + ", this version reads "
              + Format.VERSION + ").")
          .withHint("Use the newer version to open it.");
    }
    if (version < 1) {
      throw StoreFailure.corrupted("it has format version " + version);
    }
    return version;
  }

  private static long putVersionKey(WriteTransaction txn) {
    Memory.putByte(txn.keyBuffer, 'V');
    return txn.keyBuffer;
  }

  static void putVersion(WriteTransaction txn) {
    Memory.putInt(txn.reserve(Tree.META, putVersionKey(txn), 1, 4), Format.VERSION);
  }
}
