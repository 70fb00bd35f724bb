package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.execute.ColumnVector;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.Operator;
import io.heliosdb.nano.execute.RowAccess;
import io.heliosdb.nano.execute.RowIdentity;
import io.heliosdb.nano.lock.RowLockMode;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.txn.LockOutcome;
import io.heliosdb.nano.type.Bytes;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What UPDATE and DELETE share: reads input batches, locks the rows of a batch at once, re-checks those that changed meanwhile, and hands
/// each row to the subclass. A row that the input shows twice counts once.
abstract class RowChangeOperator implements DmlOperator {
  private final PhysicalPlan inputPlan;
  private final int rowIdColumn;
  private final int batchRowsMax;
  final WriteRun run;
  final ExecutionContext context;
  final @Nullable ReturningRows returning;
  private final @Nullable Set<Bytes> touched;
  private @Nullable Operator input;
  private @Nullable RowRecheck recheck;
  private boolean finished;
  long affected;

  /// @param repeats whether the input may show a row more than once
  /// @param isOneByOne whether each row is written before the next is read
  RowChangeOperator(PhysicalPlan inputPlan, int rowIdColumn, boolean repeats, boolean isOneByOne, ReturningRows.@Nullable Plan returning,
      WriteTargets targets, ExecutionContext context) {
    batchRowsMax = isOneByOne ? 1 : Batch.ROWS_MAX;
    this.inputPlan = inputPlan;
    this.rowIdColumn = rowIdColumn;
    this.context = context;
    run = new WriteRun(context, targets);
    this.returning = returning == null ? null : new ReturningRows(returning, context);
    touched = repeats ? new HashSet<>() : null;
  }

  @Override
  public void open(ExecutionContext ignored) {
    input = inputPlan.open(context);
    begin();
  }

  /// Before the first row.
  void begin() {}

  /// After the last row.
  void end() {}

  @Override
  public @Nullable Batch next(int maxRows) {
    while (!finished) {
      context.cancel().check();
      Batch batch = input.next(returning == null ? batchRowsMax : Math.min(maxRows, batchRowsMax));
      if (batch == null) {
        finished = true;
        end();
        return null;
      }
      if (returning != null) {
        returning.begin(batch.rowCount());
      }
      change(batch);
      Batch rows = returning == null ? null : returning.take();
      if (rows != null) {
        return rows;
      }
    }
    return null;
  }

  private void change(Batch batch) {
    int count = batch.rowCount();
    ColumnVector identities = batch.column(rowIdColumn);
    int[] rows = new int[count];
    Bytes[] ids = new Bytes[count];
    int used = 0;
    for (int i = 0; i < count; i++) {
      int row = batch.rowIndex(i);
      Bytes id = (Bytes) identities.get(row);
      if (id == null || touched != null && !touched.add(RowIdentity.of(RowIdentity.tableOid(id), 0, RowIdentity.rowKey(id)))) {
        continue;
      }
      rows[used] = row;
      ids[used++] = id;
    }
    // Rows of one table that stand together are locked together.
    int from = 0;
    while (from < used) {
      int table = RowIdentity.tableOid(ids[from]);
      int to = from + 1;
      while (to < used && RowIdentity.tableOid(ids[to]) == table) {
        to++;
      }
      change(run.writer(table), batch, rows, ids, from, to);
      from = to;
    }
  }

  private void change(TableWriter writer, Batch batch, int[] rows, Bytes[] ids, int from, int to) {
    int step = runsAlone(writer) ? 1 : to - from;
    for (int start = from; start < to; start += step) {
      int count = Math.min(step, to - start);
      byte[][] keys = new byte[count][];
      long[] scns = new long[count];
      RowAccess.OfBatch access = new RowAccess.OfBatch(batch.columns(), 0);
      Object[][] prepared = new Object[count][];
      for (int i = 0; i < count; i++) {
        keys[i] = RowIdentity.rowKey(ids[start + i]);
        scns[i] = RowIdentity.scn(ids[start + i]);
        access.row = rows[start + i];
        prepared[i] = prepare(access);
      }
      LockOutcome outcome = writer.lock(keys, scns, lockMode(writer, batch, rows, start, prepared));
      for (int i = 0; i < count; i++) {
        access.row = rows[start + i];
        switch (outcome.state(i)) {
          case UNCHANGED -> apply(writer, keys[i], access, prepared[i]);
          case CHANGED -> changed(writer, outcome.rowKey(i), outcome.newestScns()[i], access);
          case DELETED, SKIPPED -> { }
        }
      }
    }
  }

  private void changed(TableWriter writer, byte[] key, long newestScn, RowAccess read) {
    if (recheck == null) {
      recheck = new RowRecheck(inputPlan, rowIdColumn, context);
    }
    Bytes identity = RowIdentity.of(writer.target().table().oid(), newestScn, key);
    // The rows it was joined with stay those it was joined with.
    Object[] row = touched == null ? recheck.newest(identity) : recheck.newestWith(identity, firstColumns(read, inputPlan.output().size()));
    if (row == null) {
      return;
    }
    RowAccess access = RowAccess.of(row);
    Object[] prepared = prepare(access);
    if (needsFullLock(writer, access, prepared)) {
      writer.lock(new byte[][] {key}, new long[] {newestScn}, RowLockMode.UPDATE);
    }
    apply(writer, key, access, prepared);
  }

  private RowLockMode lockMode(TableWriter writer, Batch batch, int[] rows, int start, @Nullable Object[][] prepared) {
    RowAccess.OfBatch access = new RowAccess.OfBatch(batch.columns(), 0);
    for (int i = 0; i < prepared.length; i++) {
      access.row = rows[start + i];
      if (needsFullLock(writer, access, prepared[i])) {
        return RowLockMode.UPDATE;
      }
    }
    return RowLockMode.NO_KEY_UPDATE;
  }

  /// Whether rows must be changed one by one, because what a row's change runs may look at the rows before it.
  abstract boolean runsAlone(TableWriter writer);

  /// Values of the new row that the input row gives; anything for DELETE.
  abstract @Nullable Object[] prepare(RowAccess input);

  /// Whether a key that others may refer to goes away.
  abstract boolean needsFullLock(TableWriter writer, RowAccess input, @Nullable Object[] prepared);

  abstract void apply(TableWriter writer, byte[] key, RowAccess input, @Nullable Object[] prepared);

  @Override
  public long affectedRows() {
    return affected;
  }

  @Override
  public void rescan() {
    throw new IllegalStateException("a statement that changes rows runs once");
  }

  @Override
  public void close() {
    if (input != null) {
      input.close();
    }
    if (returning != null) {
      returning.close();
    }
    run.close();
  }

  /// The first columns of an input row.
  static @Nullable Object[] firstColumns(RowAccess row, int count) {
    Object[] values = new Object[count];
    for (int i = 0; i < count; i++) {
      values[i] = row.get(i);
    }
    return values;
  }

}
