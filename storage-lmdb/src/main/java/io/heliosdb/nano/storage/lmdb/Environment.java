package io.heliosdb.nano.storage.lmdb;

import java.lang.foreign.Arena;
import java.nio.file.Path;

/// An open LMDB environment.
///
/// Write transactions begin and end on one platform thread; read transactions may move between threads (`MDB_NOTLS`).
/// After [#close] no address and no transaction of the environment may be touched.
public final class Environment {
  /// The map is made smaller by halves down to this where the process may not reserve as much as asked for.
  private static final long MAP_BYTES_MIN = 1L << 30;

  private final long env;

  private Environment(long env) {
    this.env = env;
  }

  /// Opens the environment in an existing directory.
  public static Environment open(Path directory, long mapBytes, int readerCountMax, int databaseCountMax, int flags) {
    long bytes = mapBytes;
    while (true) {
      try {
        return openOnce(directory, bytes, readerCountMax, databaseCountMax, flags);
      } catch (LmdbException e) {
        if (e.code() != Lmdb.ENOMEM || bytes / 2 < MAP_BYTES_MIN) {
          throw e;
        }
        bytes /= 2;
      }
    }
  }

  private static Environment openOnce(Path directory, long mapBytes, int readerCountMax, int databaseCountMax, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      long out = arena.allocate(8, 8).address();
      Lmdb.check("mdb_env_create", Lmdb.envCreate(out));
      long env = Memory.getWord(out);
      try {
        Lmdb.check("mdb_env_set_mapsize", Lmdb.envSetMapsize(env, mapBytes));
        Lmdb.check("mdb_env_set_maxreaders", Lmdb.envSetMaxreaders(env, readerCountMax));
        Lmdb.check("mdb_env_set_maxdbs", Lmdb.envSetMaxdbs(env, databaseCountMax));
        long path = arena.allocateFrom(directory.toString()).address();
        Lmdb.check("mdb_env_open", Lmdb.envOpen(env, path, flags | Lmdb.NOTLS | Lmdb.NOMEMINIT, 0600));
        Lmdb.check("mdb_reader_check", Lmdb.readerCheck(env, out));
        return new Environment(env);
      } catch (LmdbException e) {
        Lmdb.envClose(env);
        throw e;
      }
    }
  }

  /// Begins a transaction and gives its handle.
  public long begin(int flags) {
    try (Arena arena = Arena.ofConfined()) {
      return begin(flags, arena.allocate(8, 8).address());
    }
  }

  /// The same with a word of memory of the caller's.
  public long begin(int flags, long scratch) {
    Lmdb.check("mdb_txn_begin", Lmdb.txnBegin(env, 0, flags, scratch));
    return Memory.getWord(scratch);
  }

  /// Opens (with [Lmdb#CREATE]: or makes) a named database inside a transaction.
  public int openDatabase(long txn, String name, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      long out = arena.allocate(8, 8).address();
      Lmdb.check("mdb_dbi_open", Lmdb.dbiOpen(txn, arena.allocateFrom(name).address(), flags, out));
      return Memory.getInt(out);
    }
  }

  /// Flushes everything to the device.
  public void sync() {
    Lmdb.check("mdb_env_sync", Lmdb.envSync(env, 1));
  }

  public int pageBytes() {
    try (Arena arena = Arena.ofConfined()) {
      long info = arena.allocate(64, 8).address();
      Lmdb.check("mdb_env_stat", Lmdb.envStat(env, info));
      return Memory.getInt(info);
    }
  }

  /// Bytes of the data file that have ever been used.
  public long usedBytes() {
    try (Arena arena = Arena.ofConfined()) {
      long info = arena.allocate(64, 8).address();
      Lmdb.check("mdb_env_stat", Lmdb.envStat(env, info));
      int pageBytes = Memory.getInt(info);
      Lmdb.check("mdb_env_info", Lmdb.envInfo(env, info));
      return (Memory.getWord(info + 16) + 1) * pageBytes;
    }
  }

  public void close() {
    Lmdb.envClose(env);
  }
}
