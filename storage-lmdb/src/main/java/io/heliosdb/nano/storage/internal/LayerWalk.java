package io.heliosdb.nano.storage.internal;

/// Walks what one layer (or several merged) shows of a storage id or an index, in key order.
///
/// Entries are tombstones too: they hide what lower layers have under the key. Keys are pairs (a, b) as in [TreeWalk].
abstract class LayerWalk {
  long aAddress;
  int aBytes;
  long bAddress;
  int bBytes;
  boolean tombstone;

  // The row version, for rows only.
  long rowAddress;
  int rowBytes;
  long scn;
  int layoutId;

  abstract boolean next();

  abstract void resumeAfter(byte[] a, byte[] b);

  abstract void close();

  final void copyFrom(LayerWalk other) {
    aAddress = other.aAddress;
    aBytes = other.aBytes;
    bAddress = other.bAddress;
    bBytes = other.bBytes;
    tombstone = other.tombstone;
    rowAddress = other.rowAddress;
    rowBytes = other.rowBytes;
    scn = other.scn;
    layoutId = other.layoutId;
  }
}
