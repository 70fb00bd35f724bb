package io.heliosdb.nano.lock;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// What a lock is on. Value semantics over kind, scope, number and bytes.
///
/// | kind | scope | id | bytes |
/// |---|---|---|---|
/// | ROW | branch | storage id | row key |
/// | UNIQUE_KEY | branch | index storage id | index key |
/// | RELATION | branch | oid | – |
/// | OBJECT | catalog oid | object oid | – |
/// | ADVISORY | database oid | the key; two-key form: first << 32 or second | one byte for the two-key form |
public class LockKey {
  /// What kind of thing is locked.
  public enum Kind {
    ROW,
    UNIQUE_KEY,
    RELATION,
    OBJECT,
    ADVISORY
  }

  private static final byte[] TWO_KEYS = {2};

  final Kind kind;
  final long scope;
  final long id;
  final byte @Nullable [] bytes;
  private final int hash;

  LockKey(Kind kind, long scope, long id, byte @Nullable [] bytes) {
    this.kind = kind;
    this.scope = scope;
    this.id = id;
    this.bytes = bytes;
    int h = (int) (id ^ id >>> 32) * 31 + (int) scope;
    h = h * 31 + kind.ordinal();
    if (bytes != null) {
      // FNV-1a: a polynomial of 31 gives keys that differ in few low bytes the same hash by the dozen.
      for (byte b : bytes) {
        h = (h ^ b & 0xff) * 0x01000193;
      }
    }
    h *= 0x9E3779B9;
    hash = h ^ h >>> 15;
  }

  /// The bytes are kept: nobody may change them.
  public static LockKey row(int branch, long storageId, byte[] rowKey) {
    return new LockKey(Kind.ROW, branch, storageId, rowKey);
  }

  public static LockKey uniqueKey(int branch, long indexStorageId, byte[] indexKey) {
    return new LockKey(Kind.UNIQUE_KEY, branch, indexStorageId, indexKey);
  }

  public static LockKey relation(int branch, long oid) {
    return new LockKey(Kind.RELATION, branch, oid, null);
  }

  public static LockKey object(long classOid, long objectOid) {
    return new LockKey(Kind.OBJECT, classOid, objectOid, null);
  }

  public static LockKey advisory(long databaseOid, long key, boolean twoKeys) {
    return new LockKey(Kind.ADVISORY, databaseOid, key, twoKeys ? TWO_KEYS : null);
  }

  /// Bytes of a row or index key.
  public int byteCount() {
    return bytes == null ? 0 : bytes.length;
  }

  public Kind kind() {
    return kind;
  }

  final boolean isInRow() {
    return kind == Kind.ROW || kind == Kind.UNIQUE_KEY;
  }

  /// As PostgreSQL describes a lock in a deadlock's detail.
  final String describe(long databaseOid) {
    return switch (kind) {
      case ROW -> "tuple (" + id + "," + HexFormat.of().formatHex(bytes) + ")";
      case UNIQUE_KEY -> "key (" + id + "," + HexFormat.of().formatHex(bytes) + ")";
      case RELATION -> "relation " + id + " of database " + databaseOid;
      case OBJECT -> "object " + id + " of class " + scope + " of database " + databaseOid;
      case ADVISORY -> "advisory lock [" + scope + "," + (id >>> 32) + "," + (id & 0xFFFF_FFFFL) + "," + (bytes == null ? 1 : 2) + "]";
    };
  }

  @Override
  public final int hashCode() {
    return hash;
  }

  @Override
  public final boolean equals(Object other) {
    return other instanceof LockKey that
        && hash == that.hash
        && kind == that.kind
        && id == that.id
        && scope == that.scope
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public final String toString() {
    return kind + " " + describe(0);
  }
}
