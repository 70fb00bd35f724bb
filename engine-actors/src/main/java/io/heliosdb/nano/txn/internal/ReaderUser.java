package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.storage.StoreReader;

/// A cursor in the eyes of the access that owns the readers.
interface ReaderUser {
  /// The reader is about to be closed: remember the position, let go of its memory.
  void readerClosing(StoreReader reader);

  /// The access ends.
  void close();
}
