package io.heliosdb.nano.storage.internal;

/// An LMDB cursor with the key and data structures it fills; owned and reused by one [LmdbReader].
final class CursorHandle {
  final Tree tree;
  final long address;
  final long key;
  final long data;
  boolean taken;

  /// The reader's use the cursor was last bound to; in another use it is renewed first.
  long boundIn;

  CursorHandle(Tree tree, long address, long key, long data) {
    this.tree = tree;
    this.address = address;
    this.key = key;
    this.data = data;
  }
}
