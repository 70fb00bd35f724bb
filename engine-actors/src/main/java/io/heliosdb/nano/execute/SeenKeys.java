package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.spill.SortedRun;
import io.heliosdb.nano.spill.SpillStore;
import io.heliosdb.nano.type.PgType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rows that a recursive UNION has given, to tell new ones from those seen before.
///
/// In memory a hash table; when that outgrows its bound its rows go to a run sorted by hash, and the table begins anew. A row is new when neither
/// the table nor a run has it; the runs' filters answer nearly always. [#FAN_IN] runs of one order of magnitude are merged.
final class SeenKeys implements AutoCloseable {
  private static final int FAN_IN = 8;
  private static final byte[] NO_SECOND = new byte[0];

  private final HashKey[] keys;
  private final PgType[] types;
  private final ExecutionContext context;
  private final GroupTable table;
  private final TupleCodec codec;
  private final boolean canSpill;
  private final int[] groups = new int[Batch.ROWS_MAX];

  /// Oldest first.
  private final List<SortedRun> runs = new ArrayList<>(0);

  /// Made by the first run.
  private @Nullable SpillStore store;
  private long accountedBytes;

  SeenKeys(List<OutputColumn> columns, ExecutionContext context) {
    keys = SetNodes.keys(columns);
    types = columns.stream().map(OutputColumn::type).toArray(PgType[]::new);
    this.context = context;
    table = new GroupTable(keys, context.memory());
    codec = new TupleCodec(types, context.catalog());
    canSpill = types.length > 0 && Arrays.stream(types).noneMatch(PgType::isPseudo);
  }

  /// Leaves in a batch the rows that were not seen before; how many they are.
  int keepNew(Batch batch) {
    int before = table.size();
    table.find(batch.columns(), batch.selection(), batch.rowCount(), groups, true);
    int kept = runs.isEmpty() ? GroupTable.keepFirsts(batch, groups, before) : keepFirstsNotInRuns(batch, before);
    if (canSpill && table.size() > 1000 && table.bytes() > context.hashMemBytes()) {
      spill();
    }
    return kept;
  }

  private int keepFirstsNotInRuns(Batch batch, int before) {
    int[] hashes = table.hashes(batch.columns(), batch.selection(), batch.rowCount());
    int[] selected = new int[batch.rowCount()];
    int firsts = 0;
    int kept = 0;
    for (int i = 0; i < batch.rowCount(); i++) {
      if (groups[i] == before + firsts) {
        firsts++;
        if (!isInRuns(batch.columns(), batch.rowIndex(i), hashes[i])) {
          selected[kept++] = batch.rowIndex(i);
        }
      }
    }
    batch.select(selected, kept);
    return kept;
  }

  private boolean isInRuns(ColumnVector[] columns, int row, int hash) {
    byte[] key = key(hash);
    for (SortedRun run : runs) {
      SortedRun.Cursor cursor = run.find(key, NO_SECOND);
      for (; cursor != null && cursor.isValid() && cursor.compare(key, NO_SECOND) == 0; cursor.next()) {
        if (isSame(columns, row, cursor.value())) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isSame(ColumnVector[] columns, int row, byte[] tuple) {
    MemorySegment memory = MemorySegment.ofArray(tuple);
    for (int k = 0; k < keys.length; k++) {
      ColumnVector value = ColumnVector.of(types[k].representation(), 1);
      codec.decode(memory, 0, new int[] {k}, new ColumnVector[] {value}, 0, null, ref -> context.access().readLarge(ref));
      ColumnVector stored = ColumnVector.of(keys[k].stored(), 1);
      keys[k].store(value, 0, stored, 0);
      if (!keys[k].equal(columns[k], row, stored, 0)) {
        return false;
      }
    }
    return true;
  }

  private static byte[] key(int hash) {
    return ByteBuffer.allocate(4).putInt(hash).array();
  }

  private void spill() {
    if (store == null) {
      store = context.spill().store();
    }
    SortedRun run = new SortedRun(store);
    SortedRun.Writer writer = run.writer();
    TupleCodec.Writer tuples = codec.writer();
    ColumnVector[] row = new ColumnVector[keys.length];
    for (int k = 0; k < row.length; k++) {
      row[k] = ColumnVector.of(types[k].representation(), 1);
    }
    long[] order = new long[table.size()];
    for (int group = 0; group < order.length; group++) {
      copy(group, row);
      order[group] = Integer.toUnsignedLong(table.hashes(row, null, 1)[0]) << 32 | group;
    }
    sortUnsigned(order);
    for (long one : order) {
      copy((int) one, row);
      writer.add(key((int) (one >>> 32)), NO_SECOND, tuples.encode(row, 0));
    }
    writer.finish();
    runs.add(run);
    table.clear();
    merge();
    account();
  }

  private void copy(int group, ColumnVector[] row) {
    for (int k = 0; k < row.length; k++) {
      row[k].reset();
      table.copyKey(k, group, row[k], 0);
    }
  }

  private static void sortUnsigned(long[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] ^= Long.MIN_VALUE;
    }
    Arrays.sort(values);
    for (int i = 0; i < values.length; i++) {
      values[i] ^= Long.MIN_VALUE;
    }
  }

  private void merge() {
    while (true) {
      int first = runs.size();
      int magnitude = runs.getLast().magnitude();
      while (first > 0 && runs.get(first - 1).magnitude() <= magnitude) {
        first--;
      }
      if (runs.size() - first < FAN_IN) {
        return;
      }
      List<SortedRun> sources = runs.subList(first, runs.size());
      SortedRun merged = new SortedRun(store);
      SortedRun.Writer writer = merged.writer();
      SortedRun.Cursor[] heads = sources.stream().map(SortedRun::cursor).toArray(SortedRun.Cursor[]::new);
      for (SortedRun.Cursor head : heads) {
        head.seekFirst();
      }
      for (SortedRun.Cursor head = SortedRun.least(heads, false); head != null; head = SortedRun.least(heads, false)) {
        writer.add(head.key(), NO_SECOND, head.value());
        head.next();
      }
      writer.finish();
      sources.clear();
      runs.add(merged);
    }
  }

  private void account() {
    long bytes = runs.stream().mapToLong(SortedRun::memoryBytes).sum();
    context.memory().reserve(bytes - accountedBytes);
    accountedBytes = bytes;
  }

  @Override
  public void close() {
    table.clear();
    runs.clear();
    context.memory().release(accountedBytes);
    accountedBytes = 0;
    if (store != null) {
      store.close();
    }
  }
}
