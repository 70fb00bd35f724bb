package io.heliosdb.nano.storage;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The rows of one storage id in key order (or reverse), as one [ReadView] sees them.
///
/// Starts before the first row. To continue after the reader was closed: keep [#key], then scan again with another
/// reader and call [#resumeAfter] before the first [#next]. Confined to the thread that has the reader; closed with it.
public abstract class RowCursor implements AutoCloseable {
  protected final RowSlot row = new RowSlot();

  /// Moves to the next row; false at the end.
  public abstract boolean next();

  /// The row stood on; the same object for the life of the cursor.
  public final RowSlot row() {
    return row;
  }

  /// Where the row's key lies: like the row, mapped memory.
  public abstract MemorySegment keyMemory();

  public abstract long keyOffset();

  public abstract int keyLength();

  /// A copy of the key.
  public final byte[] key() {
    byte[] copy = new byte[keyLength()];
    MemorySegment.copy(keyMemory(), ValueLayout.JAVA_BYTE, keyOffset(), copy, 0, copy.length);
    return copy;
  }

  /// Makes the next row the first one behind `key` in scan direction.
  public abstract void resumeAfter(byte[] key);

  @Override
  public abstract void close();
}
