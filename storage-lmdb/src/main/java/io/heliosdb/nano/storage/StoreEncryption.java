package io.heliosdb.nano.storage;

import io.heliosdb.nano.storage.crypto.EncryptionKey;

/// How a store is encrypted. Such a store is held in memory while it is open; on disk are only encrypted files.
///
/// @param key the master key: it encrypts the data keys, which encrypt the files
/// @param memoryBytesMax the most memory the store takes; 53200 for commits past it. 0: half of the memory of the machine or container
public record StoreEncryption(EncryptionKey key, long memoryBytesMax) {
  public StoreEncryption {
    if (memoryBytesMax != 0 && memoryBytesMax < 1 << 20) {
      throw new IllegalArgumentException("memory limit too small: " + memoryBytesMax);
    }
  }

  public StoreEncryption(EncryptionKey key) {
    this(key, 0);
  }
}
