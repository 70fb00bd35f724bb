package io.heliosdb.nano.storage.lmdb;

/// A failure reported by LMDB: a negative code of its own or an `errno`.
public final class LmdbException extends RuntimeException {
  private final int code;

  public LmdbException(String function, int code) {
    super(function + ": " + Lmdb.describe(code));
    this.code = code;
  }

  public int code() {
    return code;
  }

  /// Whether the files may not be read or written.
  public boolean isForbidden() {
    return code == Lmdb.EACCES || code == Lmdb.EROFS;
  }

  /// Whether there was no room: on the device, in the user's quota, in the map. The transaction is undone, nothing else is harmed.
  public boolean isFull() {
    return code == Lmdb.ENOSPC || code == Lmdb.ENOMEM || code == Lmdb.EDQUOT || code == Lmdb.WINDOWS_DISK_FULL
        || code == Lmdb.MAP_FULL || code == Lmdb.TXN_FULL;
  }
}
