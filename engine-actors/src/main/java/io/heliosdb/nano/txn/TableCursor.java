package io.heliosdb.nano.txn;

import io.heliosdb.nano.storage.RowSlot;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The rows of one storage id in key order or reverse, as one command sees them: snapshot merged with own earlier writes.
///
/// Starts before the first row. Row and key bytes are valid until the next [#next], the next wait or the end of the
/// statement's access, whichever is first. After a released reader the cursor finds its place again by itself.
/// `row().scn()` is the version's SCN, or [StatementAccess#OWN_WRITE_SCN] for a row this transaction wrote.
public abstract class TableCursor implements AutoCloseable {
  /// Moves to the next row; false at the end.
  public abstract boolean next();

  /// The row stood on.
  public abstract RowSlot row();

  public abstract MemorySegment keyMemory();

  public abstract long keyOffset();

  public abstract int keyLength();

  /// A copy of the key; for own writes the stored array itself, which nobody may change.
  public byte[] key() {
    byte[] copy = new byte[keyLength()];
    MemorySegment.copy(keyMemory(), ValueLayout.JAVA_BYTE, keyOffset(), copy, 0, copy.length);
    return copy;
  }

  @Override
  public abstract void close();
}
