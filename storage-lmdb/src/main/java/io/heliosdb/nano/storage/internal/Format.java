package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.lmdb.Memory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The byte layouts of keys and values; `docs/data-file.md` describes them with their reasons.
///
/// Keys compare as unsigned bytes, so their integers are big endian; integers in values are little endian.
final class Format {
  /// Raised by every change that an older program could not read.
  static final int VERSION = 2;

  // A key part of at least this many bytes is stored as so many bytes and a digest, with the full bytes in the value.
  // 14 bytes of prefix + 464 + 8, or 14 + 304 + 144 + 8, stay below LMDB's 511.
  static final int ROW_KEY_PREFIX = 448;
  static final int INDEX_KEY_PREFIX = 288;
  static final int INDEX_ROW_KEY_PREFIX = 128;
  static final int DIGEST_BYTES = 16;
  static final int KEY_BUFFER_BYTES = 576;

  // Header of a row in `current`.
  static final int ROW_SCN = 0;
  static final int ROW_SEQUENCE = 8;
  static final int ROW_LAYOUT = 12;
  static final int ROW_FLAGS = 16;
  static final int ROW_HEADER = 17;
  // Follows the header when ROW_CHAINED.
  static final int CHAIN_ORDINAL = 17;
  static final int CHAIN_JUMP_SCN = 21;
  static final int CHAIN_JUMP_SEQUENCE = 29;
  static final int CHAIN_JUMP_ORDINAL = 33;
  static final int CHAIN_BYTES = 20;

  static final int ROW_TOMBSTONE = 1;
  static final int ROW_CHAINED = 2;
  static final int ROW_LONG_KEY = 4;

  // Value in `past_rows`.
  static final int PAST_BORN = 0;
  static final int PAST_SEQUENCE = 8;
  static final int PAST_FLAGS = 12;
  static final int PAST_HEADER = 13;

  // Value in `index` and `past_index`.
  static final int INDEX_BORN = 0;
  static final int INDEX_FLAGS = 8;
  static final int INDEX_KEY_BYTES = 9;
  static final int INDEX_HEADER = 11;

  static final int INDEX_TOMBSTONE = 1;
  static final int INDEX_LONG_KEY = 2;
  static final int INDEX_LONG_ROW_KEY = 4;

  // Value in `log`.
  static final int LOG_KIND = 0;
  static final int LOG_OPERATION = 1;
  static final int LOG_FLAGS = 2;
  static final int LOG_PLAIN_HEADER = 3;
  static final int LOG_ORDINAL = 3;
  static final int LOG_REPLACED_SCN = 7;
  static final int LOG_REPLACED_SEQUENCE = 15;
  static final int LOG_REPLACED_LAYOUT = 19;
  static final int LOG_JUMP_SCN = 23;
  static final int LOG_JUMP_SEQUENCE = 31;
  static final int LOG_JUMP_ORDINAL = 35;
  static final int LOG_CHAINED_HEADER = 39;

  static final int LOG_KIND_ROW = 1;
  static final int LOG_KIND_RELATION = 2;

  static final int LOG_REPLACED = 1;
  static final int LOG_REPLACED_TOMBSTONE = 2;

  static final int LOG_KEY_BYTES = 12;

  static final int LARGE_KEY_BYTES = 12;

  /// Chunk of a large value: fills eight pages with LMDB's header.
  static final int LARGE_CHUNK_BYTES = 8 * 4096 - 16;

  private static final ThreadLocal<MessageDigest> DIGEST =
      ThreadLocal.withInitial(
          () -> {
            try {
              return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
              throw new AssertionError(e);
            }
          });

  private Format() {}

  /// Writes an unsigned integer so that byte order is numeric order: one byte up to 0xF7, else 0xF7 + n and n bytes.
  static long putOrdered(long address, long value) {
    if (Long.compareUnsigned(value, 0xF8) < 0) {
      Memory.putByte(address, (int) value);
      return address + 1;
    }
    int bytes = (71 - Long.numberOfLeadingZeros(value)) >> 3;
    Memory.putByte(address, 0xF7 + bytes);
    for (int i = 1; i <= bytes; i++) {
      Memory.putByte(address + i, (int) (value >>> (8 * (bytes - i))));
    }
    return address + 1 + bytes;
  }

  static long getOrdered(long address) {
    int first = Memory.getByte(address) & 0xFF;
    if (first < 0xF8) {
      return first;
    }
    long value = 0;
    for (int i = 1; i <= first - 0xF7; i++) {
      value = value << 8 | (Memory.getByte(address + i) & 0xFF);
    }
    return value;
  }

  static int orderedBytes(long address) {
    int first = Memory.getByte(address) & 0xFF;
    return first < 0xF8 ? 1 : first - 0xF7 + 1;
  }

  /// Writes branch and storage or index id, the start of every key that belongs to a relation.
  static long putPrefix(long address, int branch, long id) {
    return putOrdered(putOrdered(address, branch), id);
  }

  /// The same as bytes, by way of a buffer.
  static byte[] prefixBytes(long buffer, int branch, long id) {
    return Memory.copyOut(buffer, (int) (putPrefix(buffer, branch, id) - buffer));
  }

  /// Writes a key part, shortened when it has `limit` bytes or more.
  static long putPart(long address, byte[] key, int length, int limit) {
    if (length < limit) {
      Memory.copyIn(key, 0, address, length);
      return address + length;
    }
    Memory.copyIn(key, 0, address, limit);
    MessageDigest digest = DIGEST.get();
    digest.reset();
    digest.update(key, 0, length);
    Memory.copyIn(digest.digest(), 0, address + limit, DIGEST_BYTES);
    return address + limit + DIGEST_BYTES;
  }

  /// Where the row begins in a value of `current`, behind header, chain and long key.
  static int rowOffset(long value, int flags) {
    if ((flags & (ROW_CHAINED | ROW_LONG_KEY)) == 0) {
      return ROW_HEADER;
    }
    int offset = longKeyOffset(flags);
    return (flags & ROW_LONG_KEY) != 0 ? offset + 4 + Memory.getInt(value + offset) : offset;
  }

  /// Where the full key stands in a value of `current` with ROW_LONG_KEY: its length, then its bytes.
  static int longKeyOffset(int flags) {
    return ROW_HEADER + ((flags & ROW_CHAINED) != 0 ? CHAIN_BYTES : 0);
  }

  static int partLimit(Tree tree) {
    return tree.isIndex() ? INDEX_KEY_PREFIX : ROW_KEY_PREFIX;
  }

  /// Ordinal of the log record that the jump pointer of record `ordinal` leads to: the skew-binary number without its
  /// smallest term (Myers, "An applicative random-access stack"). 0 means there is none.
  static int jumpOrdinal(int ordinal) {
    int rest = ordinal;
    int term;
    do {
      term = Integer.highestOneBit(rest + 1) - 1;
      rest -= term;
    } while (rest > 0);
    return ordinal - term;
  }
}
