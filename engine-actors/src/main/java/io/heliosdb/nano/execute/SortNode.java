package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.Representation;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sorts its input; see [ExternalSort].
public final class SortNode extends OneInputNode {
  /// The most rows that several threads look for.
  private static final int DIVIDED_TOP_MAX = 10_000;

  private final SortColumn[] keys;
  private final Evaluator[] extra;
  private final PgType[] types;
  private final List<String> keyTexts;
  private final @Nullable Evaluator limit;
  private final @Nullable Evaluator offset;
  private final @Nullable ParallelPlan parallel;
  private final @Nullable ExplainLabel gather;
  private final @Nullable ExplainLabel partial;

  /// @param parallel how several threads look for the first rows of parts of the input; null for one thread
  /// @param keys over the input's columns followed by the values of `extra`
  /// @param limit, offset of a LIMIT directly above, if only so many rows are wanted
  public SortNode(PhysicalPlan input, SortColumn[] keys, Evaluator[] extra, List<String> keyTexts, @Nullable Evaluator limit,
      @Nullable Evaluator offset, @Nullable ParallelPlan parallel, PlanCost cost) {
    super(input, input.output(), cost.startup(), cost.total(), cost.rows());
    this.keys = keys;
    this.extra = extra;
    this.keyTexts = keyTexts;
    this.limit = limit;
    this.offset = offset;
    types = new PgType[input.output().size() + extra.length];
    int i = 0;
    for (OutputColumn column : input.output()) {
      types[i++] = column.type();
    }
    for (Evaluator e : extra) {
      types[i++] = e.type();
    }
    this.parallel = parallel;
    if (parallel == null) {
      partial = null;
      gather = null;
    } else {
      PlanCost part = new PlanCost(parallel.cost(), parallel.cost(), cost.rows());
      partial = new ExplainLabel(input, this, part, null, node -> node.type("Sort").property("Sort Key", keyTexts));
      gather = new ExplainLabel(partial, this, part, null, node -> node.type("Gather").property("Workers Planned", parallel.workers()));
    }
  }

  /// Whether threads can look for the first rows by such an order.
  public static boolean isDivisible(SortColumn[] keys, Evaluator[] extra) {
    return Evaluator.areParallelSafe(extra) && Arrays.stream(keys).allMatch(key -> key.ordering() == null);
  }

  @Override
  public void explain(ExplainNode node) {
    node.type("Sort").property("Sort Key", keyTexts).child(gather == null ? input : gather);
  }

  static Representation[] representations(PgType[] types) {
    Representation[] list = new Representation[types.length];
    for (int i = 0; i < list.length; i++) {
      list[i] = types[i].representation();
    }
    return list;
  }

  @Override
  protected Operator operator(ExecutionContext context) {
    return new Sorter(context);
  }

  private final class Sorter extends OneInputOperator implements ParallelRun.Result {
    private final BoundEvaluator[] bound;
    private @Nullable ExternalSort sort;

    Sorter(ExecutionContext context) {
      super(SortNode.this.input, context);
      bound = BoundEvaluator.bind(extra, context);
    }

    /// The input is opened when it is known that this operator reads it itself.
    @Override
    public void open(ExecutionContext c) {}

    private void openInput() {
      super.open(context);
    }

    private void fill() {
      long wanted = limit == null ? -1 : LimitNode.bound(limit, offset, context);
      sort = new ExternalSort(types, keys, output().size(), wanted, context);
      if (parallel == null || wanted < 0 || wanted > DIVIDED_TOP_MAX || !gatherTop(wanted)) {
        if (input == null) {
          openInput();
        }
        readInput();
      }
      sort.finish();
      PlanStatistics statistics = context.statistics();
      if (statistics != null) {
        statistics.node(SortNode.this).details.put("Sort Method", sort.method());
      }
    }

    /// Has several threads find the first rows of their parts; false when that cannot be done now.
    private boolean gatherTop(long wanted) {
      long start = System.nanoTime();
      List<Sorter> parts = ParallelRun.run(context, parallel, own -> {
        long partStart = System.nanoTime();
        Sorter part = new Sorter(own);
        boolean complete = false;
        try {
          part.openInput();
          part.sort = new ExternalSort(types, keys, types.length, wanted, own);
          part.readInput();
          part.sort.finish();
          complete = true;
        } finally {
          part.closeInput();
          if (!complete) {
            part.drop();
          }
        }
        if (own.statistics() != null) {
          own.statistics().node(partial).measured(wanted, System.nanoTime() - partStart);
        }
        return part;
      });
      if (parts == null) {
        return false;
      }
      PlanStatistics statistics = context.statistics();
      long gathered = 0;
      try {
        for (Sorter part : parts) {
          long left = wanted;
          for (Batch batch = part.sort.next(Batch.ROWS_MAX); batch != null && left > 0; batch = part.sort.next(Batch.ROWS_MAX)) {
            int count = (int) Math.min(left, batch.rowCount());
            sort.add(batch.columns(), batch.selection(), count);
            left -= count;
            gathered += count;
          }
        }
      } finally {
        parts.forEach(Sorter::discard);
      }
      if (statistics != null) {
        statistics.node(gather).measured(gathered, System.nanoTime() - start);
        statistics.node(gather).details.put("Workers Launched", parts.size() - 1);
      }
      return true;
    }

    @Override
    public void discard() {
      drop();
    }

    private void readInput() {
      for (Batch batch = input.next(); batch != null; batch = input.next()) {
        context.cancel().check();
        ColumnVector[] columns = Arrays.copyOf(batch.columns(), types.length);
        for (int i = 0; i < bound.length; i++) {
          columns[batch.columnCount() + i] = bound[i].eval(batch);
        }
        sort.add(columns, batch.selection(), batch.rowCount());
      }
    }

    @Override
    public @Nullable Batch next(int maxRows) {
      if (sort == null) {
        fill();
      }
      return sort.next(maxRows);
    }

    private void drop() {
      if (sort != null) {
        sort.close();
        sort = null;
      }
    }

    @Override
    public void rescan() {
      drop();
      BoundEvaluator.rescanAll(bound);
      if (input != null) {
        super.rescan();
      }
    }

    private void closeInput() {
      BoundEvaluator.closeAll(bound);
      super.close();
    }

    @Override
    public void close() {
      drop();
      closeInput();
    }
  }
}
