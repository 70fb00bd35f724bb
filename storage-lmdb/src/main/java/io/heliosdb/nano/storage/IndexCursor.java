package io.heliosdb.nano.storage;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The entries of one index in (index key, row key) order or reverse, as one [ReadView] sees them.
///
/// Starts before the first entry; rules of life as for [RowCursor]. Index keys stand for equality classes, they are
/// never decoded into values.
public abstract class IndexCursor implements AutoCloseable {
  /// Moves to the next entry; false at the end.
  public abstract boolean next();

  /// Where the keys lie; mapped memory.
  public abstract MemorySegment memory();

  public abstract long indexKeyOffset();

  public abstract int indexKeyLength();

  public abstract long rowKeyOffset();

  public abstract int rowKeyLength();

  public final byte[] indexKey() {
    byte[] copy = new byte[indexKeyLength()];
    MemorySegment.copy(memory(), ValueLayout.JAVA_BYTE, indexKeyOffset(), copy, 0, copy.length);
    return copy;
  }

  public final byte[] rowKey() {
    byte[] copy = new byte[rowKeyLength()];
    MemorySegment.copy(memory(), ValueLayout.JAVA_BYTE, rowKeyOffset(), copy, 0, copy.length);
    return copy;
  }

  /// Makes the next entry the first one behind (`indexKey`, `rowKey`) in scan direction.
  public abstract void resumeAfter(byte[] indexKey, byte[] rowKey);

  @Override
  public abstract void close();
}
