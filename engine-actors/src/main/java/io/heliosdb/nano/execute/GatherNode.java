package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.type.PgType;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Has its input read by several threads and keeps what they find, then gives it in no particular order: for inputs that leave few rows of a large
/// table. Nothing runs any more when the first row is given. Where the statement cannot be divided now it reads the input itself, row by row.
///
/// Rows are kept like those of a materialization, over `work_mem` in temporary files.
public final class GatherNode extends OneInputNode {
  private final ParallelPlan parallel;
  private final int[] kept;
  private final PgType[] types;

  /// @param needed columns that anybody reads; the others hold nothing of use
  public GatherNode(PhysicalPlan input, ParallelPlan parallel, BitSet needed) {
    super(input, input.output(), parallel.cost(), parallel.cost() + input.rows() * 0.005, input.rows());
    this.parallel = parallel;
    kept = needed.stream().filter(c -> c < input.output().size()).toArray();
    types = new PgType[kept.length];
    for (int i = 0; i < kept.length; i++) {
      types[i] = input.output().get(kept[i]).type();
    }
  }

  @Override
  public boolean isParallelSafe() {
    return input.isParallelSafe();
  }

  @Override
  public void explain(ExplainNode node) {
    node.type("Gather").property("Workers Planned", parallel.workers()).child(input);
  }

  /// The rows that one thread has found.
  private static final class Part implements ParallelRun.Result {
    final RowBuffer rows;

    Part(RowBuffer rows) {
      this.rows = rows;
    }

    @Override
    public void discard() {
      rows.clear();
    }
  }

  private Part read(ExecutionContext context) {
    Part part = new Part(RowBuffer.spilling(types, context));
    boolean complete = false;
    Operator operator = input.open(context);
    try {
      ColumnVector[] columns = new ColumnVector[kept.length];
      for (Batch batch = operator.next(Batch.ROWS_MAX); batch != null; batch = operator.next(Batch.ROWS_MAX)) {
        context.cancel().check();
        for (int i = 0; i < kept.length; i++) {
          columns[i] = batch.column(kept[i]);
        }
        part.rows.append(columns, batch.selection(), batch.rowCount());
      }
      complete = true;
      return part;
    } finally {
      operator.close();
      if (!complete) {
        part.discard();
      }
    }
  }

  @Override
  protected Operator operator(ExecutionContext context) {
    return new Gathering(context);
  }

  private final class Gathering extends OneInputOperator {
    private boolean started;
    private @Nullable List<Part> parts;
    private int partAt;
    private int at;
    private ColumnVector[] unread = {};

    Gathering(ExecutionContext context) {
      super(GatherNode.this.input, context);
    }

    /// The input is opened when it is known that this operator reads it itself.
    @Override
    public void open(ExecutionContext c) {}

    private void start() {
      started = true;
      parts = kept.length == 0 ? null : ParallelRun.run(context, parallel, GatherNode.this::read);
      if (parts == null) {
        super.open(context);
        return;
      }
      unread = Batch.of(output(), 1).columns();
      if (context.statistics() != null) {
        context.statistics().node(GatherNode.this).details.put("Workers Launched", parts.size() - 1);
      }
    }

    @Override
    public @Nullable Batch next(int maxRows) {
      if (!started) {
        start();
      }
      if (parts == null) {
        return input.next(maxRows);
      }
      while (partAt < parts.size()) {
        Batch slice = parts.get(partAt).rows.slice(at, maxRows);
        if (slice != null) {
          at += slice.rowCount();
          ColumnVector[] columns = unread.clone();
          for (int i = 0; i < kept.length; i++) {
            columns[kept[i]] = slice.column(i);
          }
          Batch out = new Batch(columns);
          out.select(slice.selection(), slice.rowCount());
          return out;
        }
        partAt++;
        at = 0;
      }
      return null;
    }

    @Override
    public void rescan() {
      partAt = 0;
      at = 0;
      if (parts == null && input != null) {
        super.rescan();
      }
    }

    @Override
    public void close() {
      if (parts != null) {
        parts.forEach(Part::discard);
        parts = List.of();
      }
      super.close();
    }
  }
}
