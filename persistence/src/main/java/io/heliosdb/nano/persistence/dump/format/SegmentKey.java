package io.heliosdb.nano.persistence.dump.format;

import io.heliosdb.nano.storage.crypto.EncryptionKey;
import io.heliosdb.nano.storage.crypto.FileCipher;
import java.nio.charset.StandardCharsets;

/// What the KEY block of an encrypted segment says: which key it is sealed under, and the salt that makes of it the key of this segment only.
///
/// ```
/// KEY := id of the key text, salt (32 bytes)
/// ```
///
/// The cipher's number of a frame's first block is the frame's offset in the file. No two frames of a segment have the same, and one that
/// is written at the same place by another attempt belongs to a segment with another salt. Associated is the frame's head.
record SegmentKey(String keyId, byte[] salt) {
  private static final byte[] CONTEXT = "heliosdb dump".getBytes(StandardCharsets.US_ASCII);

  static SegmentKey of(EncryptionKey key) {
    return new SegmentKey(key.id(), EncryptionKey.randomBytes(FileCipher.SALT_BYTES));
  }

  static SegmentKey read(PayloadReader in) throws MalformedDumpException {
    String keyId = in.text();
    int at = in.skip(FileCipher.SALT_BYTES);
    SegmentKey key = new SegmentKey(keyId, java.util.Arrays.copyOfRange(in.bytes, at, at + FileCipher.SALT_BYTES));
    in.end();
    return key;
  }

  void write(PayloadWriter out) {
    out.text(keyId).bytes(salt, 0, salt.length);
  }

  /// A cipher for one thread.
  FileCipher cipher(EncryptionKey key) {
    return key.cipher(salt, CONTEXT);
  }

  static byte[] seal(FileCipher cipher, long offset, byte[] head, byte[] stored) {
    byte[] sealed = new byte[Math.toIntExact(FileCipher.sealedBytes(stored.length))];
    cipher.sealBlocks(offset, head, stored, 0, stored.length, sealed, 0);
    return sealed;
  }
}
