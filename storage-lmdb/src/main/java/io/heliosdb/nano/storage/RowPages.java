package io.heliosdb.nano.storage;

import io.heliosdb.nano.storage.lmdb.Memory;
import java.lang.foreign.MemorySegment;

/// The rows of one storage id in the pages they lie in: for scans of whole tables, which read thousands of rows for every step through a
/// cursor saved. Pages come in groups (those under one inner page of the tree), groups and pages in key order.
///
/// Immutable. Any number of threads may read different groups at once, each through a [Walk] of its own, as long as the reader they come from is open:
/// whoever closes it must have seen all of them end. Where there is one group only, reading it may use the reader itself.
public interface RowPages {
  /// The memory that the addresses of rows are positions in.
  MemorySegment MEMORY = Memory.ALL;

  int groupCount();

  /// The number of rows, by a look at every page but at no row.
  long countRows();

  Walk walk();

  /// Goes through the pages of one group after the other. Confined to one thread.
  interface Walk {
    /// Goes before the first page of a group.
    void seek(int group);

    /// Moves to the group's next page; false at the end of the group.
    boolean nextPage();

    /// How many rows the page has.
    int rowCount();

    /// Writes where the page's rows begin, in key order but for long keys, as addresses: positions in mapped memory like those of a [RowSlot].
    ///
    /// @param offsets at least [#rowCount()] places from `at` on
    void rows(long[] offsets, int at);

    /// Whether the page has keys of which the tree holds only the first bytes, so that rows which share these are in no order.
    boolean hasLongKeys();

    /// A copy of the key of the page's row `index`; for a long key the bytes that the tree has of it. Only until the next [#nextPage].
    byte[] keyStart(int index);
  }
}
