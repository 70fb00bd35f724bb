package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.lmdb.Memory;

/// Encodes one index entry: the key into a buffer at construction, values on demand.
record IndexEntries(long key, byte[] indexKey, byte[] rowKey, int storedIndexKeyBytes, int keyBytes) {
  IndexEntries(long key, int branch, long indexId, byte[] indexKey, byte[] rowKey) {
    this(key, indexKey, rowKey, storedBytes(indexKey), putKey(key, branch, indexId, indexKey, rowKey));
  }

  private static int storedBytes(byte[] indexKey) {
    return indexKey.length < Format.INDEX_KEY_PREFIX ? indexKey.length : Format.INDEX_KEY_PREFIX + Format.DIGEST_BYTES;
  }

  private static int putKey(long key, int branch, long indexId, byte[] indexKey, byte[] rowKey) {
    long at = Format.putPrefix(key, branch, indexId);
    at = Format.putPart(at, indexKey, indexKey.length, Format.INDEX_KEY_PREFIX);
    return (int) (Format.putPart(at, rowKey, rowKey.length, Format.INDEX_ROW_KEY_PREFIX) - key);
  }

  int valueBytes() {
    return Format.INDEX_HEADER + (hasLongKey() ? 4 + indexKey.length : 0) + (hasLongRowKey() ? 4 + rowKey.length : 0);
  }

  private boolean hasLongKey() {
    return indexKey.length >= Format.INDEX_KEY_PREFIX;
  }

  private boolean hasLongRowKey() {
    return rowKey.length >= Format.INDEX_ROW_KEY_PREFIX;
  }

  /// Puts the entry under the first `physicalKeyBytes` bytes of the key buffer.
  void put(WriteTransaction txn, Tree tree, int physicalKeyBytes, long born, boolean tombstone) {
    fill(txn.reserve(tree, key, physicalKeyBytes, valueBytes()), born, tombstone);
  }

  /// The same for an entry that is not there, not even as a tombstone; false, and nothing has happened, when it is.
  boolean putNew(WriteTransaction txn, Tree tree, int physicalKeyBytes, long born) {
    long value = txn.reserveNew(tree, key, physicalKeyBytes, valueBytes());
    if (value == 0) {
      return false;
    }
    fill(value, born, false);
    return true;
  }

  private void fill(long value, long born, boolean tombstone) {
    Memory.putLong(value + Format.INDEX_BORN, born);
    Memory.putByte(
        value + Format.INDEX_FLAGS,
        (tombstone ? Format.INDEX_TOMBSTONE : 0)
            | (hasLongKey() ? Format.INDEX_LONG_KEY : 0)
            | (hasLongRowKey() ? Format.INDEX_LONG_ROW_KEY : 0));
    Memory.putShort(value + Format.INDEX_KEY_BYTES, storedIndexKeyBytes);
    long at = value + Format.INDEX_HEADER;
    if (hasLongKey()) {
      at = putLong(at, indexKey);
    }
    if (hasLongRowKey()) {
      putLong(at, rowKey);
    }
  }

  private static long putLong(long address, byte[] bytes) {
    Memory.putInt(address, bytes.length);
    Memory.copyIn(bytes, 0, address + 4, bytes.length);
    return address + 4 + bytes.length;
  }
}
