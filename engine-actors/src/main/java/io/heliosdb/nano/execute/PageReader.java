package io.heliosdb.nano.execute;

import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.RowPages;
import java.util.Arrays;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Where a table's rows lie, batch by batch, from the pages of the store. Several readers may share the groups of pages among them.
final class PageReader {
  private static final long[] NONE = {};

  private final RowPages.Walk walk;
  private final IntSupplier groups;
  private final boolean inKeyOrder;
  private boolean inGroup;

  /// Long keys are next: nothing more is given, and what is left stands in [#rest].
  private boolean isStopped;
  private int pageRows;
  private int given;
  private long[] page = NONE;
  private @Nullable KeyRange rest = KeyRange.ALL;

  /// @param groups the next group of pages to read, -1 when there is none left
  /// @param inKeyOrder whether to stop before long keys, whose rows the pages do not have in order
  PageReader(RowPages pages, IntSupplier groups, boolean inKeyOrder) {
    walk = pages.walk();
    this.groups = groups;
    this.inKeyOrder = inKeyOrder;
  }

  /// All groups in their order.
  static IntSupplier all(RowPages pages) {
    return new IntSupplier() {
      private int next;

      @Override
      public int getAsInt() {
        return next < pages.groupCount() ? next++ : -1;
      }
    };
  }

  /// Writes the addresses of up to `wanted` rows to `offsets` and returns how many; 0 at the end.
  int read(long[] offsets, int wanted) {
    int count = 0;
    while (count < wanted) {
      if (given == pageRows && !advance()) {
        break;
      }
      int take = Math.min(pageRows - given, wanted - count);
      if (given == 0 && take == pageRows) {
        walk.rows(offsets, count);
      } else if (given == 0 && count > 0 && wanted == Batch.ROWS_MAX) {
        // Whole pages are cheaper, and a full batch may be a few rows short.
        break;
      } else {
        if (given == 0) {
          page = page.length < pageRows ? new long[2 * pageRows] : page;
          walk.rows(page, 0);
        }
        System.arraycopy(page, given, offsets, count, take);
      }
      given += take;
      count += take;
    }
    return count;
  }

  private boolean advance() {
    while (!isStopped) {
      if (!inGroup) {
        int group = groups.getAsInt();
        if (group < 0) {
          rest = null;
          return false;
        }
        walk.seek(group);
        inGroup = true;
      }
      if (walk.nextPage()) {
        pageRows = walk.rowCount();
        given = 0;
        if (inKeyOrder && walk.hasLongKeys()) {
          rest = KeyRange.atLeast(walk.keyStart(0));
          pageRows = 0;
          isStopped = true;
          return false;
        }
        return true;
      }
      inGroup = false;
    }
    return false;
  }

  /// The keys whose rows have not been given, null when there are none. Only for a reader that reads all groups in order; the pages must still be there.
  @Nullable KeyRange rest() {
    if (pageRows == 0) {
      return rest;
    }
    if (given < pageRows) {
      return KeyRange.atLeast(walk.keyStart(given));
    }
    if (rest == null) {
      return null;
    }
    byte[] last = walk.keyStart(given - 1);
    return KeyRange.of(Arrays.copyOf(last, last.length), false, null, false);
  }
}
