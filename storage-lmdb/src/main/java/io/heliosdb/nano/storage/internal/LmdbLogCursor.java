package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.LogCursor;
import io.heliosdb.nano.storage.LogRecord;
import io.heliosdb.nano.storage.lmdb.Lmdb;
import io.heliosdb.nano.storage.lmdb.LmdbException;
import io.heliosdb.nano.storage.lmdb.Memory;
import org.jspecify.annotations.Nullable;

/// Walks the `log` tree forward.
final class LmdbLogCursor implements LogCursor {
  private final LmdbReader reader;
  private final CursorHandle cursor;
  private final long fromScn;
  private final int fromSequence;
  private final long use;
  private boolean started;
  private boolean closed;

  LmdbLogCursor(LmdbReader reader, long fromScn, int fromSequence) {
    this.reader = reader;
    this.fromScn = fromScn;
    this.fromSequence = fromSequence;
    cursor = reader.takeCursor(Tree.LOG);
    use = reader.use();
  }

  @Override
  public @Nullable LogRecord next() {
    reader.checkUse(use);
    int operation = Lmdb.NEXT;
    if (!started) {
      started = true;
      operation = Lmdb.SET_RANGE;
      long buffer = reader.keyBuffer();
      Memory.putLongBigEndian(buffer, fromScn);
      Memory.putIntBigEndian(buffer + 8, fromSequence);
      Memory.putWord(cursor.key, 12);
      Memory.putWord(cursor.key + 8, buffer);
    }
    int code = Lmdb.cursorGet(cursor.address, cursor.key, cursor.data, operation);
    if (code == Lmdb.NOTFOUND) {
      return null;
    }
    if (code != Lmdb.SUCCESS) {
      throw StoreFailure.translate(new LmdbException("mdb_cursor_get", code));
    }
    long key = Memory.getWord(cursor.key + 8);
    return LogFormat.read(
        Memory.getLongBigEndian(key),
        Memory.getIntBigEndian(key + 8),
        Memory.getWord(cursor.data + 8),
        (int) Memory.getWord(cursor.data));
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      reader.returnCursor(cursor, use);
    }
  }
}
