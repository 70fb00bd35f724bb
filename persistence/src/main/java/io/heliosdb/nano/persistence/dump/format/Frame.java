package io.heliosdb.nano.persistence.dump.format;

import io.heliosdb.nano.storage.crypto.FileCipher;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The head of a frame: what a frame holds, how, and the checksums of both head and payload.
///
/// Layout (little endian): kind u8, codec u8, flags u8, 0 u8, stored bytes u32, raw bytes u32, CRC32C of the raw bytes u32, CRC32C of these 16
/// bytes and the frame's offset in the file (u64).
///
/// @param kind what the payload is
/// @param codec id of the compression
/// @param continued whether the payload goes on in the next frame
/// @param sealed whether what follows is encrypted; then the checksum is 0, for the cipher's tags are one
/// @param storedBytes length of what follows the head, before it is encrypted
/// @param rawBytes length after expansion, at least `storedBytes`
/// @param checksum CRC32C of the expanded bytes
public record Frame(Kind kind, int codec, boolean continued, boolean sealed, int storedBytes, int rawBytes, int checksum) {
  /// What a payload is; the ids are part of the format.
  public enum Kind {
    BEGIN(1),
    SCHEMA(2),
    TABLE(3),
    ROWS(4),
    DELETED(5),
    END(6),
    KEY(7);

    private final int id;

    Kind(int id) {
      this.id = id;
    }

    static @Nullable Kind ofId(int id) {
      return id >= 1 && id <= values().length ? values()[id - 1] : null;
    }
  }

  public static final int HEAD_BYTES = 20;

  /// The most a frame expands to. Larger payloads are cut into frames of this length.
  public static final int RAW_BYTES_MAX = 16 << 20;

  private static final int CONTINUED = 1;
  private static final int SEALED = 2;

  /// The same frame, encrypted.
  Frame seal() {
    return new Frame(kind, codec, continued, true, storedBytes, rawBytes, 0);
  }

  /// Length of what follows the head in the file.
  int fileBytes() {
    return sealed ? Math.toIntExact(FileCipher.sealedBytes(storedBytes)) : storedBytes;
  }

  /// The head for a frame that starts at `offset`.
  public byte[] head(long offset) {
    ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    head.put((byte) kind.id).put((byte) codec).put((byte) ((continued ? CONTINUED : 0) | (sealed ? SEALED : 0))).put((byte) 0);
    head.putInt(storedBytes).putInt(rawBytes).putInt(checksum).putInt(headChecksum(head.array(), offset));
    return head.array();
  }

  /// Reads and checks a head.
  ///
  /// @throws MalformedDumpException when its checksum is wrong or it says what cannot be
  static Frame parse(byte[] bytes, long offset) throws MalformedDumpException {
    ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (head.getInt(16) != headChecksum(bytes, offset)) {
      throw new MalformedDumpException("CRC32 mismatch in the head of a block");
    }
    Kind kind = Kind.ofId(bytes[0]);
    int flags = bytes[2];
    int storedBytes = head.getInt(4);
    int rawBytes = head.getInt(8);
    if (kind == null || (flags & ~(CONTINUED | SEALED)) != 0 || bytes[3] != 0) {
      throw new MalformedDumpException("a block of an unknown kind");
    }
    if (rawBytes < 0 || rawBytes > RAW_BYTES_MAX || storedBytes < 0 || storedBytes > rawBytes) {
      throw new MalformedDumpException("a block with impossible lengths (" + storedBytes + " bytes for " + rawBytes + ")");
    }
    return new Frame(kind, bytes[1] & 0xff, (flags & CONTINUED) != 0, (flags & SEALED) != 0, storedBytes, rawBytes, head.getInt(12));
  }

  private static int headChecksum(byte[] head, long offset) {
    CRC32C crc = new CRC32C();
    crc.update(head, 0, 16);
    crc.update(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, offset));
    return (int) crc.getValue();
  }

  static int checksum(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}
