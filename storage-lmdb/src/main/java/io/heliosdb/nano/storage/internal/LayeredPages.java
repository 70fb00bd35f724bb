package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.RowPages;
import io.heliosdb.nano.storage.lmdb.Memory;
import java.util.function.Supplier;

/// The rows of a view that is no newest root, some hundred at a time: what [TreePages] is to `main`. Readers of whole tables get addresses
/// of rows in either case, and decode them column by column.
///
/// One group. A walk takes the rows from the merged layers, in the order of their full keys.
final class LayeredPages implements RowPages {
  private static final int PAGE_ROWS = 512;

  private final Supplier<LayerWalk> layers;

  LayeredPages(Supplier<LayerWalk> layers) {
    this.layers = layers;
  }

  @Override
  public int groupCount() {
    return 1;
  }

  @Override
  public long countRows() {
    long count = 0;
    LayerWalk walk = layers.get();
    while (walk.next()) {
      count += walk.tombstone ? 0 : 1;
    }
    walk.close();
    return count;
  }

  @Override
  public Walk walk() {
    return new LayeredWalk();
  }

  private final class LayeredWalk implements Walk {
    private final long[] rows = new long[PAGE_ROWS];
    private final long[] keys = new long[PAGE_ROWS];
    private final int[] keyLengths = new int[PAGE_ROWS];
    private LayerWalk walk;
    private int count;
    private boolean isEnded;

    /// Few rows at first, for callers that stop early.
    private int wanted = 16;

    @Override
    public void seek(int group) {
      walk = layers.get();
      isEnded = false;
    }

    @Override
    public boolean nextPage() {
      LayerWalk w = walk;
      int n = 0;
      while (n < wanted && !isEnded) {
        if (!w.next()) {
          isEnded = true;
          w.close();
        } else if (!w.tombstone) {
          rows[n] = w.rowAddress;
          keys[n] = w.aAddress;
          keyLengths[n++] = w.aBytes;
        }
      }
      wanted = PAGE_ROWS;
      count = n;
      return n > 0;
    }

    @Override
    public int rowCount() {
      return count;
    }

    @Override
    public void rows(long[] offsets, int at) {
      System.arraycopy(rows, 0, offsets, at, count);
    }

    @Override
    public boolean hasLongKeys() {
      return false;
    }

    @Override
    public byte[] keyStart(int index) {
      return Memory.copyOut(keys[index], keyLengths[index]);
    }
  }
}
