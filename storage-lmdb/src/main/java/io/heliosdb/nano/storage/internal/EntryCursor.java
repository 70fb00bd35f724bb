package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.lmdb.Lmdb;
import io.heliosdb.nano.storage.lmdb.LmdbException;
import io.heliosdb.nano.storage.lmdb.Memory;

/// A position among the entries of one tree, in a read transaction. Addresses are stable until the transaction ends.
abstract class EntryCursor {
  long keyAddress;
  int keyBytes;
  long valueAddress;
  int valueBytes;

  /// Goes to the first entry whose key is not less; false when there is none.
  abstract boolean seek(long key, int length);

  /// The same for a log record; its neighbours in the tree are mostly those that follow each other in number.
  boolean seekRecord(long key, long scn, int sequence) {
    return seek(key, Format.LOG_KEY_BYTES);
  }

  abstract boolean last();

  abstract boolean next();

  abstract boolean previous();

  void close() {}

  /// Moves by calls into LMDB.
  static final class Calling extends EntryCursor {
    private final LmdbReader reader;
    private final CursorHandle handle;
    private final long use;

    Calling(LmdbReader reader, Tree tree) {
      this.reader = reader;
      handle = reader.takeCursor(tree);
      use = reader.use();
    }

    @Override
    boolean seek(long key, int length) {
      Memory.putWord(handle.key, length);
      Memory.putWord(handle.key + 8, key);
      return move(Lmdb.SET_RANGE);
    }

    @Override
    boolean last() {
      return move(Lmdb.LAST);
    }

    @Override
    boolean next() {
      return move(Lmdb.NEXT);
    }

    @Override
    boolean previous() {
      return move(Lmdb.PREV);
    }

    private boolean move(int operation) {
      int code = Lmdb.cursorGet(handle.address, handle.key, handle.data, operation);
      if (code != Lmdb.SUCCESS) {
        if (code != Lmdb.NOTFOUND) {
          throw StoreFailure.translate(new LmdbException("mdb_cursor_get", code));
        }
        return false;
      }
      keyBytes = (int) Memory.getWord(handle.key);
      keyAddress = Memory.getWord(handle.key + 8);
      valueBytes = (int) Memory.getWord(handle.data);
      valueAddress = Memory.getWord(handle.data + 8);
      return true;
    }

    @Override
    void close() {
      reader.returnCursor(handle, use);
    }
  }
}
