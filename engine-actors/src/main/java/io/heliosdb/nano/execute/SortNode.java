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
  private final SortColumn[] keys;
  private final Evaluator[] extra;
  private final PgType[] types;
  private final List<String> keyTexts;
  private final @Nullable Evaluator limit;
  private final @Nullable Evaluator offset;

  /// @param keys over the input's columns followed by the values of `extra`
  /// @param limit, offset of a LIMIT directly above, if only so many rows are wanted
  public SortNode(PhysicalPlan input, SortColumn[] keys, Evaluator[] extra, List<String> keyTexts, @Nullable Evaluator limit,
      @Nullable Evaluator offset, PlanCost cost) {
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
  }

  @Override
  public void explain(ExplainNode node) {
    node.type("Sort").property("Sort Key", keyTexts).child(input);
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

  private final class Sorter extends OneInputOperator {
    private final BoundEvaluator[] bound;
    private @Nullable ExternalSort sort;

    Sorter(ExecutionContext context) {
      super(SortNode.this.input, context);
      bound = BoundEvaluator.bind(extra, context);
    }

    private void fill() {
      long wanted = limit == null ? -1 : LimitNode.bound(limit, offset, context);
      sort = new ExternalSort(types, keys, output().size(), wanted, context);
      for (Batch batch = input.next(); batch != null; batch = input.next()) {
        context.cancel().check();
        ColumnVector[] columns = Arrays.copyOf(batch.columns(), types.length);
        for (int i = 0; i < bound.length; i++) {
          columns[batch.columnCount() + i] = bound[i].eval(batch);
        }
        sort.add(columns, batch.selection(), batch.rowCount());
      }
      sort.finish();
      PlanStatistics statistics = context.statistics();
      if (statistics != null) {
        statistics.node(SortNode.this).details.put("Sort Method", sort.method());
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
      super.rescan();
    }

    @Override
    public void close() {
      drop();
      BoundEvaluator.closeAll(bound);
      super.close();
    }
  }
}
