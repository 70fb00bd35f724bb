package io.heliosdb.nano.execute;

import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.Frame;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Window functions and aggregates over windows: sorts its input per window and walks the partitions, over `work_mem` on temporary files.
/// Output: input columns, then one per call; rows in the order of the last window.
public final class WindowNode extends PhysicalPlan {
  /// @param volatileArguments whether arguments or filter give another value when they are evaluated again: then rows cannot be taken back
  /// @param extra values behind the input row that the sort columns refer to
  public record Call(CallSite site, Evaluator[] arguments, @Nullable Evaluator filter, Evaluator[] extra, SortColumn[] partition, SortColumn[] order,
      Frame frame, @Nullable Evaluator startOffset, @Nullable Evaluator endOffset, boolean volatileArguments) {}

  private final PhysicalPlan input;
  private final List<Call> calls;

  public WindowNode(PhysicalPlan input, List<Call> calls, List<OutputColumn> output, PlanCost cost) {
    super(output, cost.startup(), cost.total(), cost.rows());
    this.input = input;
    this.calls = List.copyOf(calls);
  }

  @Override
  public List<PhysicalPlan> children() {
    return List.of(input);
  }

  @Override
  public void explain(ExplainNode node) {
    node.type("WindowAgg").child(input);
  }

  @Override
  protected Operator operator(ExecutionContext context) {
    return new Windows(context);
  }

  /// Calls over the same window, one behind the other in the list.
  private List<List<Call>> stages() {
    List<List<Call>> stages = new ArrayList<>();
    Call previous = null;
    for (Call call : calls) {
      boolean shares = previous != null && call.extra.length == 0 && previous.extra.length == 0
          && Arrays.equals(previous.partition, call.partition) && Arrays.equals(previous.order, call.order);
      if (!shares) {
        stages.add(new ArrayList<>());
      }
      stages.getLast().add(call);
      previous = call;
    }
    return stages;
  }

  private final class Windows extends OneInputOperator {
    private final List<Stage> stages = new ArrayList<>();

    Windows(ExecutionContext context) {
      super(WindowNode.this.input, context);
    }

    private void start() {
      PgType[] types = inputTypes();
      Supplier<@Nullable Batch> source = () -> input.next();
      for (List<Call> shared : stages()) {
        Stage stage = new Stage(source, types, shared, context);
        stages.add(stage);
        types = stage.outputTypes();
        source = () -> stage.next(Batch.ROWS_MAX);
      }
    }

    private PgType[] inputTypes() {
      return WindowNode.this.input.output().stream().map(OutputColumn::type).toArray(PgType[]::new);
    }

    @Override
    public @Nullable Batch next(int maxRows) {
      if (stages.isEmpty()) {
        start();
      }
      return stages.getLast().next(maxRows);
    }

    private void drop() {
      stages.forEach(Stage::close);
      stages.clear();
    }

    @Override
    public void rescan() {
      drop();
      super.rescan();
    }

    @Override
    public void close() {
      drop();
      super.close();
    }
  }

  /// The calls of one window: sorts the rows that come in, reads them partition by partition, adds a column per call.
  ///
  /// A row at work has the columns that came in, the values that the window sorts by, and per call its arguments and whether its filter
  /// passed. Rows and results stand in buffers that spill.
  private final class Stage {
    private static final int ROWS_AT_ONCE = Batch.ROWS_MAX;

    private final Supplier<@Nullable Batch> source;
    private final List<Call> shared;
    private final ExecutionContext context;
    private final PgType[] came;
    private final PgType[] wide;
    private final int[] firstArgument;
    private final SortColumn[] partition;
    private final SortColumn[] order;
    private final BoundEvaluator[] extra;
    private final BoundEvaluator[][] arguments;
    private final @Nullable BoundEvaluator[] filters;

    private @Nullable ExternalSort sort;
    private @Nullable Batch sorted;
    private int sortedAt;

    /// Whole partitions, and where they begin.
    private @Nullable RowBuffer rows;
    private int[] starts = new int[16];
    private int startCount;
    private RowBuffer[] results = {};
    private int at;

    Stage(Supplier<@Nullable Batch> source, PgType[] came, List<Call> shared, ExecutionContext context) {
      this.source = source;
      this.came = came;
      this.shared = shared;
      this.context = context;
      Call first = shared.getFirst();
      int width = WindowNode.this.input.output().size();
      partition = shifted(first.partition, width, came.length - width);
      order = shifted(first.order, width, came.length - width);
      extra = BoundEvaluator.bind(first.extra, context);
      arguments = new BoundEvaluator[shared.size()][];
      filters = new BoundEvaluator[shared.size()];
      firstArgument = new int[shared.size()];
      List<PgType> types = new ArrayList<>(List.of(came));
      for (Evaluator e : first.extra) {
        types.add(e.type());
      }
      for (int c = 0; c < arguments.length; c++) {
        Call call = shared.get(c);
        firstArgument[c] = types.size();
        arguments[c] = BoundEvaluator.bind(call.arguments, context);
        for (Evaluator e : call.arguments) {
          types.add(e.type());
        }
        if (call.filter != null) {
          filters[c] = call.filter.bind(context);
          types.add(PgTypes.BOOL);
        }
      }
      wide = types.toArray(PgType[]::new);
    }

    /// Sort columns behind the node's input stand behind the results of earlier stages here.
    private static SortColumn[] shifted(SortColumn[] columns, int width, int added) {
      return Arrays.stream(columns)
          .map(c -> c.column() < width ? c
              : new SortColumn(c.column() + added, c.type(), c.collation(), c.descending(), c.nullsFirst(), c.ordering()))
          .toArray(SortColumn[]::new);
    }

    PgType[] outputTypes() {
      PgType[] types = Arrays.copyOf(came, came.length + shared.size());
      for (int c = 0; c < shared.size(); c++) {
        types[came.length + c] = output().get(came.length + c).type();
      }
      return types;
    }

    private void fill() {
      SortColumn[] keys = Arrays.copyOf(partition, partition.length + order.length);
      System.arraycopy(order, 0, keys, partition.length, order.length);
      sort = new ExternalSort(wide, keys, wide.length, -1, context);
      for (Batch batch = source.get(); batch != null; batch = source.get()) {
        context.cancel().check();
        sort.add(widened(batch), batch.selection(), batch.rowCount());
      }
      sort.finish();
    }

    private ColumnVector[] widened(Batch batch) {
      ColumnVector[] columns = Arrays.copyOf(batch.columns(), wide.length);
      int next = came.length;
      for (BoundEvaluator e : extra) {
        columns[next++] = e.eval(batch);
      }
      for (int c = 0; c < arguments.length; c++) {
        ColumnVector passed = filters[c] == null ? null : filters[c].eval(batch);
        for (int a = 0; a < arguments[c].length; a++) {
          columns[next++] = passed == null ? arguments[c][a].eval(batch) : passing(batch, passed, arguments[c][a], wide[firstArgument[c] + a]);
        }
        if (passed != null) {
          columns[next++] = passed;
        }
      }
      return columns;
    }

    /// An argument is computed for the rows that pass the call's filter only.
    private static ColumnVector passing(Batch batch, ColumnVector passed, BoundEvaluator argument, PgType type) {
      int[] kept = new int[batch.rowCount()];
      int n = 0;
      for (int i = 0; i < batch.rowCount(); i++) {
        if (Boolean.TRUE.equals(passed.get(batch.rowIndex(i)))) {
          kept[n++] = batch.rowIndex(i);
        }
      }
      ColumnVector values = argument.eval(batch, kept, n);
      ColumnVector all = ColumnVector.of(type.representation(), Math.max(1, batch.physicalEnd()));
      for (int i = 0; i < batch.rowCount(); i++) {
        all.setNull(batch.rowIndex(i));
      }
      for (int i = 0; i < n; i++) {
        all.copyFrom(values, kept[i], kept[i]);
      }
      return all;
    }

    @Nullable Batch next(int maxRows) {
      if (sort == null) {
        fill();
      }
      if (rows == null || at >= rows.size()) {
        if (!nextPartitions()) {
          return null;
        }
      }
      Batch slice = rows.slice(at, maxRows);
      ColumnVector[] columns = Arrays.copyOf(slice.columns(), came.length + results.length);
      for (int c = 0; c < results.length; c++) {
        columns[came.length + c] = results[c].chunk(at)[0];
      }
      Batch batch = new Batch(columns);
      batch.select(slice.selection(), slice.rowCount());
      at += slice.rowCount();
      return batch;
    }

    /// Reads whole partitions, a batch of rows at least if there are so many, and computes the calls over them.
    private boolean nextPartitions() {
      clearRows();
      rows = RowBuffer.spilling(wide, context);
      while (true) {
        if (sorted == null || sortedAt == sorted.rowCount()) {
          sorted = sort.next(Batch.ROWS_MAX);
          sortedAt = 0;
          if (sorted == null) {
            break;
          }
          context.cancel().check();
        }
        int from = sortedAt;
        if (startCount == 0 || !same(partition, sorted, from)) {
          if (rows.size() >= ROWS_AT_ONCE) {
            break;
          }
          if (startCount == starts.length) {
            starts = Arrays.copyOf(starts, 2 * startCount);
          }
          starts[startCount++] = rows.size();
        }
        appendPeers(from);
      }
      if (startCount == 0) {
        return false;
      }
      results = new RowBuffer[shared.size()];
      for (int c = 0; c < results.length; c++) {
        results[c] = RowBuffer.spilling(new PgType[] {output().get(came.length + c).type()}, context);
        WindowPartition computation = new WindowPartition(shared.get(c), rows, results[c], order, firstArgument[c], context);
        for (int p = 0; p < startCount; p++) {
          computation.partition(starts[p], p + 1 < startCount ? starts[p + 1] : rows.size());
        }
      }
      return true;
    }

    /// Appends the sorted batch's rows from `from` on that are of one partition.
    private void appendPeers(int from) {
      int end = from + 1;
      if (partition.length == 0) {
        end = sorted.rowCount();
      }
      while (end < sorted.rowCount() && SortColumn.compare(partition, sorted.columns(), end - 1, sorted.columns(), end, context) == 0) {
        end++;
      }
      int[] selection = new int[end - from];
      Arrays.setAll(selection, i -> from + i);
      rows.append(sorted.columns(), selection, selection.length);
      sortedAt = end;
    }

    private boolean same(SortColumn[] columns, Batch batch, int row) {
      if (columns.length == 0) {
        return true;
      }
      int last = rows.size() - 1;
      return SortColumn.compare(columns, rows.chunk(last), RowBuffer.position(last), batch.columns(), row, context) == 0;
    }

    private void clearRows() {
      if (rows != null) {
        rows.clear();
        rows = null;
      }
      for (RowBuffer result : results) {
        if (result != null) {
          result.clear();
        }
      }
      results = new RowBuffer[0];
      startCount = 0;
      at = 0;
    }

    void close() {
      clearRows();
      if (sort != null) {
        sort.close();
        sort = null;
      }
      BoundEvaluator.closeAll(extra);
      for (int c = 0; c < arguments.length; c++) {
        BoundEvaluator.closeAll(arguments[c]);
        if (filters[c] != null) {
          filters[c].close();
        }
      }
    }
  }
}
