package io.heliosdb.nano.storage;

import java.lang.foreign.MemorySegment;

/// Where a row that was read lies. Mutable and reusable; filled by [StoreReader#get] and [RowCursor#next].
///
/// The bytes are mapped memory: valid until the reader is closed, never to be written. `offset` is a position in
/// `memory`, which may be far larger than the row.
public final class RowSlot {
  private MemorySegment memory = MemorySegment.NULL;
  private long offset;
  private int length;
  private long scn;
  private int layoutId;

  public MemorySegment memory() {
    return memory;
  }

  public long offset() {
    return offset;
  }

  public int length() {
    return length;
  }

  /// The SCN of the version; 0 for rows that were bulk-loaded before their storage id became visible.
  public long scn() {
    return scn;
  }

  public int layoutId() {
    return layoutId;
  }

  /// A copy of the row that outlives the reader.
  public byte[] toByteArray() {
    byte[] copy = new byte[length];
    MemorySegment.copy(memory, java.lang.foreign.ValueLayout.JAVA_BYTE, offset, copy, 0, length);
    return copy;
  }

  /// Points the slot at a row; also for rows that a write set holds on the heap.
  public void set(MemorySegment newMemory, long newOffset, int newLength, long newScn, int newLayoutId) {
    memory = newMemory;
    offset = newOffset;
    length = newLength;
    scn = newScn;
    layoutId = newLayoutId;
  }
}
