package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.Branches;
import io.heliosdb.nano.storage.BulkLoad;
import io.heliosdb.nano.storage.BulkWriter;
import io.heliosdb.nano.storage.IndexWrite;
import io.heliosdb.nano.storage.RowWrite;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Gathers a slice, sorts it by key and writes it in one transaction.
final class LmdbBulkWriter implements BulkWriter {
  /// A slice is written when its bytes reach this: long enough to be fast, short enough not to hold up the committer.
  private static final int SLICE_BYTES = 8 << 20;

  private static final Comparator<RowWrite> ROW_ORDER =
      (a, b) -> a.storageId() != b.storageId() ? Long.compare(a.storageId(), b.storageId()) : Arrays.compareUnsigned(a.key(), b.key());

  private static final Comparator<IndexWrite> INDEX_ORDER =
      Comparator.comparingLong(IndexWrite::indexId)
          .thenComparing(IndexWrite::indexKey, Arrays::compareUnsigned)
          .thenComparing(IndexWrite::rowKey, Arrays::compareUnsigned);

  private final StoreEngine engine;
  private final int branch;
  private final BulkLoad load;
  private final Set<BulkLoads.Target> targets = new LinkedHashSet<>();
  private final List<RowWrite> rows = new ArrayList<>();
  private final List<IndexWrite> entries = new ArrayList<>();

  /// The last target noted, as most rows go where the row before went.
  private BulkLoads.@Nullable Target last;
  private int rememberedCount;
  private int sliceBytes;
  private boolean refusesDuplicates;
  private boolean ended;

  LmdbBulkWriter(StoreEngine engine, int branch) {
    this.engine = engine;
    this.branch = branch;
    load = new BulkLoad(engine.writer().counters().allocate(BulkLoads.LOAD_ID, 1));
    // On the register even if it stays empty, so that the unit naming it finds it.
    engine.writer().writeSlice(new BulkSlice.Content(load, branch, true, List.of(), List.of(), List.of(), false));
  }

  @Override
  public void row(long storageId, byte[] key, byte[] row, int layoutId) {
    checkNotEnded();
    note(false, storageId);
    rows.add(RowWrite.insert(storageId, key, row, layoutId));
    added(key.length + row.length + 64);
  }

  @Override
  public void refuseDuplicates() {
    refusesDuplicates = true;
  }

  @Override
  public int gatheredRowCount() {
    return rows.size();
  }

  @Override
  public void remove(long storageId, byte[] key) {
    checkNotEnded();
    rows.add(RowWrite.delete(storageId, key));
    added(key.length + 64);
  }

  @Override
  public void index(long indexId, byte[] indexKey, byte[] rowKey) {
    checkNotEnded();
    note(true, indexId);
    entries.add(new IndexWrite(indexId, indexKey, rowKey, true));
    added(indexKey.length + rowKey.length + 64);
  }

  private void note(boolean index, long id) {
    if (last == null || last.id() != id || last.index() != index) {
      last = new BulkLoads.Target(index, Branches.homeOf(branch, id), id);
      targets.add(last);
    }
  }

  private void checkNotEnded() {
    if (ended) {
      throw new IllegalStateException("the bulk load has ended");
    }
  }

  private void added(int bytes) {
    sliceBytes += bytes;
    if (sliceBytes >= SLICE_BYTES) {
      flush();
    }
  }

  private void flush() {
    if (rows.isEmpty() && entries.isEmpty()) {
      return;
    }
    // The sort is stable: changes of one key stay in the order they came in.
    rows.sort(ROW_ORDER);
    entries.sort(INDEX_ORDER);
    boolean registers = targets.size() > rememberedCount;
    engine.writer().writeSlice(new BulkSlice.Content(load, branch, registers, registers ? List.copyOf(targets) : List.of(), rows, entries, refusesDuplicates));
    rememberedCount = targets.size();
    rows.clear();
    entries.clear();
    sliceBytes = 0;
  }

  @Override
  public BulkLoad finish() {
    checkNotEnded();
    flush();
    ended = true;
    return load;
  }

  @Override
  public void close() {
    if (!ended) {
      ended = true;
      new BulkLoadRemoval(engine).remove(load);
    }
  }
}
