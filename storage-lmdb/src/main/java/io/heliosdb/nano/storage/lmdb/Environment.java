package io.heliosdb.nano.storage.lmdb;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// An open LMDB environment.
///
/// Opened with `MDB_WRITEMAP` it writes pages where they are mapped, without system calls; a [BlockReserve] then makes sure that there are blocks for them.
///
/// Write transactions begin and end on one platform thread; read transactions may move between threads (`MDB_NOTLS`).
/// After [#close] no address and no transaction of the environment may be touched.
public final class Environment {
  /// The map is made smaller by halves down to this where the process may not reserve as much as asked for.
  private static final long MAP_BYTES_MIN = 1L << 30;

  /// Room for an `MDB_envinfo` or `MDB_stat`.
  private static final int INFO_BYTES = 64;

  private static final int LAST_PAGE_OFFSET = 16;

  private final long env;
  private final @Nullable BlockReserve blockReserve;

  private Environment(long env, @Nullable BlockReserve blockReserve) {
    this.env = env;
    this.blockReserve = blockReserve;
  }

  /// Opens the environment in an existing directory; without [Lmdb#WRITEMAP] where blocks cannot be allocated ahead.
  public static Environment open(Path directory, long mapBytes, int readerCountMax, int databaseCountMax, int flags) {
    long bytes = mapBytes;
    int effectiveFlags = FileBlocks.isSupported() ? flags : flags & ~Lmdb.WRITEMAP;
    while (true) {
      try {
        return openOnce(directory, bytes, readerCountMax, databaseCountMax, effectiveFlags);
      } catch (LmdbException e) {
        if (e.code() == Lmdb.EOPNOTSUPP && (effectiveFlags & Lmdb.WRITEMAP) != 0) {
          effectiveFlags &= ~Lmdb.WRITEMAP;
          continue;
        }
        if (e.code() != Lmdb.ENOMEM || bytes / 2 < MAP_BYTES_MIN) {
          throw e;
        }
        bytes /= 2;
      }
    }
  }

  private static Environment openOnce(Path directory, long mapBytes, int readerCountMax, int databaseCountMax, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      long out = arena.allocate(INFO_BYTES, 8).address();
      Lmdb.check("mdb_env_create", Lmdb.envCreate(out));
      long env = Memory.getWord(out);
      try {
        Lmdb.check("mdb_env_set_mapsize", Lmdb.envSetMapsize(env, mapBytes));
        Lmdb.check("mdb_env_set_maxreaders", Lmdb.envSetMaxreaders(env, readerCountMax));
        Lmdb.check("mdb_env_set_maxdbs", Lmdb.envSetMaxdbs(env, databaseCountMax));
        long path = arena.allocateFrom(directory.toString()).address();
        Lmdb.check("mdb_env_open", Lmdb.envOpen(env, path, flags | Lmdb.NOTLS, 0600));
        Lmdb.check("mdb_reader_check", Lmdb.readerCheck(env, out));
        return new Environment(env, (flags & Lmdb.WRITEMAP) == 0 ? null : blockReserve(env, mapBytes, out));
      } catch (LmdbException e) {
        Lmdb.envClose(env);
        throw e;
      }
    }
  }

  /// @throws LmdbException `EOPNOTSUPP` where blocks cannot be allocated ahead
  private static BlockReserve blockReserve(long env, long mapBytes, long scratch) {
    Lmdb.check("mdb_env_get_fd", Lmdb.envGetFd(env, scratch));
    BlockReserve reserve = new BlockReserve(Memory.getInt(scratch), pageBytes(env), mapBytes);
    Lmdb.check("mdb_txn_begin", Lmdb.txnBegin(env, 0, 0, scratch));
    long txn = Memory.getWord(scratch);
    try {
      if (!BlockReserve.canTell(txn, Lmdb.txnId(txn), usedPages(env, scratch))) {
        throw new LmdbException("struct MDB_txn", Lmdb.EOPNOTSUPP);
      }
      reserve.begin(txn);
      reserve.charge(0);
      return reserve;
    } finally {
      Lmdb.txnAbort(txn);
    }
  }

  /// Null where pages are written by system calls, which report what goes wrong themselves.
  public @Nullable BlockReserve blockReserve() {
    return blockReserve;
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
    return pageBytes(env);
  }

  /// Bytes of the data file that have ever been used.
  public long usedBytes() {
    try (Arena arena = Arena.ofConfined()) {
      return usedPages(env, arena.allocate(INFO_BYTES, 8).address()) * pageBytes(env);
    }
  }

  private static long usedPages(long env, long scratch) {
    Lmdb.check("mdb_env_info", Lmdb.envInfo(env, scratch));
    return Memory.getWord(scratch + LAST_PAGE_OFFSET) + 1;
  }

  private static int pageBytes(long env) {
    try (Arena arena = Arena.ofConfined()) {
      long stat = arena.allocate(INFO_BYTES, 8).address();
      Lmdb.check("mdb_env_stat", Lmdb.envStat(env, stat));
      return Memory.getInt(stat);
    }
  }

  public void close() {
    Lmdb.envClose(env);
  }
}
