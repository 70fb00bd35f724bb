package io.heliosdb.nano.storage.lmdb;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/// The functions and constants of LMDB 0.9 (`lmdb.h`), one Java method per C function.
///
/// Pointers and `size_t` are passed as `long`, which on all supported 64-bit platforms has the same calling convention
/// and saves the wrapper objects. Calls are ordinary ones, not `critical`: a page fault may happen in any of them and
/// must not hold up the garbage collector.
public final class Lmdb {
  /// The handle of the main database, whose keys are the names of the others.
  public static final int MAIN_DATABASE = 1;

  public static final int NOSYNC = 0x10000;
  public static final int RDONLY = 0x20000;
  public static final int NOMETASYNC = 0x40000;
  public static final int WRITEMAP = 0x80000;
  public static final int NOTLS = 0x200000;

  public static final int CREATE = 0x40000;

  public static final int NOOVERWRITE = 0x10;
  public static final int RESERVE = 0x10000;
  public static final int APPEND = 0x20000;

  /// The key is there already; with APPEND: it is not behind the last.
  public static final int KEYEXIST = -30799;

  public static final int FIRST = 0;
  public static final int LAST = 6;
  public static final int NEXT = 8;
  public static final int PREV = 12;
  public static final int SET_RANGE = 17;

  public static final int SUCCESS = 0;
  public static final int NOTFOUND = -30798;
  public static final int CORRUPTED = -30796;
  public static final int PAGE_NOTFOUND = -30797;
  public static final int PANIC = -30795;
  public static final int VERSION_MISMATCH = -30794;
  public static final int INVALID = -30793;
  public static final int MAP_FULL = -30792;
  public static final int READERS_FULL = -30790;
  public static final int TXN_FULL = -30788;
  public static final int BAD_VALSIZE = -30781;
  static final int ENOMEM = 12;
  static final int EACCES = 13;
  static final int EROFS = 30;
  static final int ENOSPC = 28;

  /// On Linux, the only system that allocates blocks ahead.
  static final int EOPNOTSUPP = 95;
  static final int EDQUOT = System.getProperty("os.name").contains("Mac") ? 69 : 122;
  static final int WINDOWS_DISK_FULL = 112;

  /// Bytes of an `MDB_val`: a `size_t` and a pointer.
  public static final int VAL_BYTES = 16;

  /// The longest key LMDB takes.
  public static final int KEY_BYTES_MAX = 511;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBRARY = NativeLibrary.load();

  private static final MethodHandle ENV_CREATE = function("mdb_env_create", JAVA_LONG);
  private static final MethodHandle ENV_SET_MAPSIZE = function("mdb_env_set_mapsize", JAVA_LONG, JAVA_LONG);
  private static final MethodHandle ENV_SET_MAXREADERS = function("mdb_env_set_maxreaders", JAVA_LONG, JAVA_INT);
  private static final MethodHandle ENV_SET_MAXDBS = function("mdb_env_set_maxdbs", JAVA_LONG, JAVA_INT);
  private static final MethodHandle ENV_OPEN = function("mdb_env_open", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT);
  private static final MethodHandle ENV_CLOSE = procedure("mdb_env_close", JAVA_LONG);
  private static final MethodHandle ENV_SYNC = function("mdb_env_sync", JAVA_LONG, JAVA_INT);
  private static final MethodHandle ENV_GET_FD = function("mdb_env_get_fd", JAVA_LONG, JAVA_LONG);
  private static final MethodHandle ENV_INFO = function("mdb_env_info", JAVA_LONG, JAVA_LONG);
  private static final MethodHandle ENV_STAT = function("mdb_env_stat", JAVA_LONG, JAVA_LONG);
  private static final MethodHandle READER_CHECK = function("mdb_reader_check", JAVA_LONG, JAVA_LONG);
  private static final MethodHandle TXN_BEGIN = function("mdb_txn_begin", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG);
  private static final MethodHandle TXN_ID = LINKER.downcallHandle(LIBRARY.findOrThrow("mdb_txn_id"), FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
  private static final MethodHandle TXN_COMMIT = function("mdb_txn_commit", JAVA_LONG);
  private static final MethodHandle TXN_ABORT = procedure("mdb_txn_abort", JAVA_LONG);
  private static final MethodHandle TXN_RESET = procedure("mdb_txn_reset", JAVA_LONG);
  private static final MethodHandle TXN_RENEW = function("mdb_txn_renew", JAVA_LONG);
  private static final MethodHandle DBI_OPEN = function("mdb_dbi_open", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG);
  private static final MethodHandle GET = function("mdb_get", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle PUT = function("mdb_put", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle DEL = function("mdb_del", JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle CURSOR_OPEN = function("mdb_cursor_open", JAVA_LONG, JAVA_INT, JAVA_LONG);
  private static final MethodHandle CURSOR_CLOSE = procedure("mdb_cursor_close", JAVA_LONG);
  private static final MethodHandle CURSOR_RENEW = function("mdb_cursor_renew", JAVA_LONG, JAVA_LONG);
  private static final MethodHandle CURSOR_GET = function("mdb_cursor_get", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle CURSOR_DEL = function("mdb_cursor_del", JAVA_LONG, JAVA_INT);

  /// Apart, since a call stub of another shape costs some milliseconds of a start.
  private static final class Describing {
    static final MethodHandle STRERROR =
        LINKER.downcallHandle(LIBRARY.findOrThrow("mdb_strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));
  }

  private Lmdb() {}

  private static MethodHandle function(String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(LIBRARY.findOrThrow(name), FunctionDescriptor.of(JAVA_INT, arguments));
  }

  private static MethodHandle procedure(String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(LIBRARY.findOrThrow(name), FunctionDescriptor.ofVoid(arguments));
  }

  private static AssertionError impossible(Throwable t) {
    if (t instanceof Error error) {
      throw error;
    }
    return new AssertionError(t);
  }

  public static String describe(int code) {
    try {
      MemorySegment text = (MemorySegment) Describing.STRERROR.invokeExact(code);
      return text.reinterpret(256).getString(0);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  /// Throws unless `code` says success.
  public static void check(String function, int code) {
    if (code != SUCCESS) {
      throw new LmdbException(function, code);
    }
  }

  static int envCreate(long envOut) {
    try {
      return (int) ENV_CREATE.invokeExact(envOut);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int envSetMapsize(long env, long bytes) {
    try {
      return (int) ENV_SET_MAPSIZE.invokeExact(env, bytes);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int envSetMaxreaders(long env, int count) {
    try {
      return (int) ENV_SET_MAXREADERS.invokeExact(env, count);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int envSetMaxdbs(long env, int count) {
    try {
      return (int) ENV_SET_MAXDBS.invokeExact(env, count);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int envOpen(long env, long path, int flags, int mode) {
    try {
      return (int) ENV_OPEN.invokeExact(env, path, flags, mode);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static void envClose(long env) {
    try {
      ENV_CLOSE.invokeExact(env);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int envSync(long env, int force) {
    try {
      return (int) ENV_SYNC.invokeExact(env, force);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int envGetFd(long env, long fdOut) {
    try {
      return (int) ENV_GET_FD.invokeExact(env, fdOut);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  public static long txnId(long txn) {
    try {
      return (long) TXN_ID.invokeExact(txn);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int envInfo(long env, long infoOut) {
    try {
      return (int) ENV_INFO.invokeExact(env, infoOut);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int envStat(long env, long statOut) {
    try {
      return (int) ENV_STAT.invokeExact(env, statOut);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int readerCheck(long env, long deadOut) {
    try {
      return (int) READER_CHECK.invokeExact(env, deadOut);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int txnBegin(long env, long parent, int flags, long txnOut) {
    try {
      return (int) TXN_BEGIN.invokeExact(env, parent, flags, txnOut);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  public static int txnCommit(long txn) {
    try {
      return (int) TXN_COMMIT.invokeExact(txn);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  public static void txnAbort(long txn) {
    try {
      TXN_ABORT.invokeExact(txn);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  public static void txnReset(long txn) {
    try {
      TXN_RESET.invokeExact(txn);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  public static int txnRenew(long txn) {
    try {
      return (int) TXN_RENEW.invokeExact(txn);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  static int dbiOpen(long txn, long name, int flags, long dbiOut) {
    try {
      return (int) DBI_OPEN.invokeExact(txn, name, flags, dbiOut);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  public static int get(long txn, int dbi, long key, long dataOut) {
    try {
      return (int) GET.invokeExact(txn, dbi, key, dataOut);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  public static int put(long txn, int dbi, long key, long data, int flags) {
    try {
      return (int) PUT.invokeExact(txn, dbi, key, data, flags);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  public static int del(long txn, int dbi, long key) {
    try {
      return (int) DEL.invokeExact(txn, dbi, key, 0L);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  public static int cursorOpen(long txn, int dbi, long cursorOut) {
    try {
      return (int) CURSOR_OPEN.invokeExact(txn, dbi, cursorOut);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  public static void cursorClose(long cursor) {
    try {
      CURSOR_CLOSE.invokeExact(cursor);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  public static int cursorRenew(long txn, long cursor) {
    try {
      return (int) CURSOR_RENEW.invokeExact(txn, cursor);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  public static int cursorGet(long cursor, long key, long data, int operation) {
    try {
      return (int) CURSOR_GET.invokeExact(cursor, key, data, operation);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }

  public static int cursorDel(long cursor) {
    try {
      return (int) CURSOR_DEL.invokeExact(cursor, 0);
    } catch (Throwable t) {
      throw impossible(t);
    }
  }
}
