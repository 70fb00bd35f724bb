package io.heliosdb.nano.storage.internal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// What tells whether a plain store's log record or checkpoint is whole: CRC32C, or SHA-256 where only approved algorithms may decide about
/// integrity. A file says in the last byte of its magic which it has.
enum Checksum {
  CRC32C(1, 4),
  SHA_256(3, 32);

  /// Last byte of the magic.
  final int version;

  final int bytes;

  Checksum(int version, int bytes) {
    this.version = version;
    this.bytes = bytes;
  }

  byte[] of(byte[] prefix, byte[] body, int length) {
    if (this == SHA_256) {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(prefix);
        digest.update(body, 0, length);
        return digest.digest();
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError(e);
      }
    }
    CRC32C crc = new CRC32C();
    crc.update(prefix);
    crc.update(body, 0, length);
    return ByteBuffer.allocate(4).putInt((int) crc.getValue()).array();
  }

  boolean fits(byte[] checksum, byte[] prefix, byte[] body, int length) {
    return Arrays.equals(checksum, of(prefix, body, length));
  }
}
