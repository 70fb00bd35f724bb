package io.heliosdb.nano.storage.lmdb;

/// Keeps blocks of the device allocated for the pages that the running write transaction may write into the map next.
///
/// With `MDB_WRITEMAP` a page is written by the processor, not by a system call: where no block could be found for it there is no error
/// to return, the process ends (SIGBUS). So before each change blocks are allocated for what it takes at worst beyond the last page in use. Where
/// that is stands in the transaction itself (`mt_next_pgno` of `struct MDB_txn`, LMDB 0.9); that it stands there is checked when the environment is
/// opened. Used by the thread of the write transaction.
public final class BlockReserve {
  private static final int NEXT_PAGE_OFFSET = 16;
  private static final int TRANSACTION_ID_OFFSET = 24;

  /// A change copies and splits the pages of at most two paths of a tree of eight levels.
  private static final int PAGES_PER_CHANGE = 32;

  /// The end of a transaction writes roots of trees and the list of freed pages: this many pages and one for so many in use.
  private static final int PAGES_AT_END = 64;
  private static final int USED_PAGES_PER_PAGE_AT_END = 256;

  private static final int STEP_BYTES_MIN = 1 << 20;
  private static final int STEP_SHARE = 16;

  private final int fileDescriptor;
  private final int pageBytes;
  private final long pagesMax;
  private long allocatedPages;
  private long txn;

  BlockReserve(int fileDescriptor, int pageBytes, long mapBytes) {
    this.fileDescriptor = fileDescriptor;
    this.pageBytes = pageBytes;
    pagesMax = mapBytes / pageBytes;
  }

  /// Whether the library lays out a transaction as expected.
  ///
  /// @param begun a write transaction that has changed nothing
  static boolean canTell(long begun, long transactionId, long usedPages) {
    return Memory.getWord(begun + NEXT_PAGE_OFFSET) == usedPages && Memory.getWord(begun + TRANSACTION_ID_OFFSET) == transactionId;
  }

  /// @param begun the write transaction that the changes belong to
  public void begin(long begun) {
    txn = begun;
  }

  /// To be called before each change of a tree.
  ///
  /// @param bytes of key and value
  /// @throws LmdbException `ENOSPC` when the device has no room for it; the transaction must be aborted
  public void charge(long bytes) {
    long used = Memory.getWord(txn + NEXT_PAGE_OFFSET);
    long needed = used + PAGES_PER_CHANGE + bytes / pageBytes + PAGES_AT_END + used / USED_PAGES_PER_PAGE_AT_END;
    if (needed > allocatedPages) {
      // LMDB itself refuses what lies behind the end of the map.
      grow(used, Math.min(needed, pagesMax));
    }
  }

  private void grow(long usedPages, long needed) {
    if (needed <= allocatedPages) {
      return;
    }
    long wanted = Math.min(needed + Math.max(STEP_BYTES_MIN / pageBytes, usedPages / STEP_SHARE), pagesMax);
    int code = allocate(wanted);
    if (code == Lmdb.ENOSPC) {
      wanted = needed;
      code = allocate(wanted);
    }
    Lmdb.check("fallocate", code);
    allocatedPages = wanted;
  }

  private int allocate(long pages) {
    return FileBlocks.allocate(fileDescriptor, allocatedPages * pageBytes, (pages - allocatedPages) * pageBytes);
  }
}
