package io.heliosdb.nano.execute;

import org.jspecify.annotations.Nullable;

/// Counts rows and time of the operator it wraps (EXPLAIN ANALYZE).
public final class TimedOperator implements Operator, LateColumns {
  private final Operator inner;
  private final PlanStatistics.Node node;
  private boolean first = true;
  private long loopNanos;

  public TimedOperator(Operator inner, PlanStatistics.Node node) {
    this.inner = inner;
    this.node = node;
  }

  @Override
  public void open(ExecutionContext context) {
    long start = System.nanoTime();
    inner.open(context);
    add(start);
    node.loops++;
  }

  @Override
  public @Nullable Batch next(int maxRows) {
    long start = System.nanoTime();
    Batch batch = inner.next(maxRows);
    add(start);
    if (first) {
      node.startupNanos += loopNanos;
      first = false;
    }
    if (batch != null) {
      node.rows += batch.rowCount();
    }
    return batch;
  }

  @Override
  public void materialize(int[] rows, int count) {
    long start = System.nanoTime();
    ((LateColumns) inner).materialize(rows, count);
    add(start);
  }

  private void add(long start) {
    long nanos = System.nanoTime() - start;
    loopNanos += nanos;
    node.totalNanos += nanos;
  }

  @Override
  public void rescan() {
    loopNanos = 0;
    first = true;
    node.loops++;
    long start = System.nanoTime();
    inner.rescan();
    add(start);
  }

  @Override
  public void close() {
    inner.close();
  }
}
