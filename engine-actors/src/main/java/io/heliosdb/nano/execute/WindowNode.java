package io.heliosdb.nano.execute;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.Frame;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.Representation;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Window functions and aggregates over windows: keeps its input, sorts it per window, walks the partitions. Output: input columns,
/// then one per call; rows in the order of the last window.
public final class WindowNode extends PhysicalPlan {
  /// @param extra values behind the input row that the sort columns refer to
  public record Call(CallSite site, Evaluator[] arguments, @Nullable Evaluator filter, Evaluator[] extra, SortColumn[] partition, SortColumn[] order,
      Frame frame, @Nullable Evaluator startOffset, @Nullable Evaluator endOffset) {}

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

  private final class Windows extends OneInputOperator {
    private @Nullable RowBuffer rows;
    private int[] order = {};
    private @Nullable Object[][] results = {};
    private int at;
    private @Nullable Batch out;
    private int capacity;

    Windows(ExecutionContext context) {
      super(WindowNode.this.input, context);
    }

    private void run() {
      rows = new RowBuffer(RowBuffer.representations(WindowNode.this.input.output()), context.memory());
      for (Batch batch = input.next(); batch != null; batch = input.next()) {
        context.cancel().check();
        rows.append(batch);
      }
      results = new Object[calls.size()][];
      Call previous = null;
      for (int c = 0; c < calls.size(); c++) {
        Call call = calls.get(c);
        boolean sameOrder = previous != null && call.extra.length == 0 && previous.extra.length == 0
            && Arrays.equals(previous.partition, call.partition) && Arrays.equals(previous.order, call.order);
        results[c] = new Computation(call, sameOrder ? order : null).run();
        previous = call;
      }
    }

    @Override
    public @Nullable Batch next(int maxRows) {
      if (rows == null) {
        run();
      }
      int count = Math.min(maxRows, rows.size() - at);
      if (count <= 0) {
        return null;
      }
      if (out == null || capacity < count) {
        capacity = count;
        out = Batch.of(output(), count);
      }
      out.reset();
      int width = rows.columnCount();
      for (int c = 0; c < width; c++) {
        rows.gather(c, order, at, count, out.column(c));
      }
      for (int c = 0; c < results.length; c++) {
        for (int i = 0; i < count; i++) {
          out.column(width + c).set(i, results[c][order[at + i]]);
        }
      }
      at += count;
      out.setRowCount(count);
      return out;
    }

    private void drop() {
      if (rows != null) {
        rows.clear();
        rows = null;
      }
      at = 0;
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

    /// One call over all partitions.
    private final class Computation implements Implementation.WindowFrame {
      private final Call call;
      private final RowBuffer keyed;
      private final SortColumn[] orderColumns;
      private final int[] sorted;
      private final @Nullable Object[][] arguments;
      private final boolean @Nullable [] passes;
      private final @Nullable Object startOffset;
      private final @Nullable Object endOffset;

      private int partitionStart;
      private int partitionEnd;
      private int[] groupOf = {};
      private int[] groupStarts = {};
      private int groupCount;
      private int current;
      private int frameFrom;
      private int frameTo;

      Computation(Call call, int @Nullable [] knownOrder) {
        this.call = call;
        orderColumns = call.order;
        keyed = call.extra.length == 0 ? rows : withExtra();
        if (knownOrder != null) {
          sorted = knownOrder;
        } else {
          SortColumn[] all = Arrays.copyOf(call.partition, call.partition.length + call.order.length);
          System.arraycopy(call.order, 0, all, call.partition.length, call.order.length);
          sorted = new RowSorter(keyed, all, context).sort();
          order = sorted;
        }
        BoundEvaluator[] bound = BoundEvaluator.bind(call.arguments, context);
        BoundEvaluator filter = call.filter == null ? null : call.filter.bind(context);
        arguments = new Object[bound.length][rows.size()];
        passes = filter == null ? null : new boolean[rows.size()];
        RowAccess.OfBatch row = new RowAccess.OfBatch(new ColumnVector[0], 0);
        for (int id = 0; id < rows.size(); id++) {
          if (rows.columnCount() > 0) {
            row.columns = rows.chunk(id);
            row.row = RowBuffer.position(id);
          }
          for (int a = 0; a < bound.length; a++) {
            arguments[a][id] = bound[a].eval(row);
          }
          if (filter != null) {
            passes[id] = filter.test(row);
          }
        }
        startOffset = offset(call.startOffset, "starting");
        endOffset = offset(call.endOffset, "ending");
      }

      private @Nullable Object offset(@Nullable Evaluator evaluator, String which) {
        if (evaluator == null) {
          return null;
        }
        Object value = evaluator.evaluate(context);
        if (value == null) {
          throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "frame " + which + " offset must not be null");
        }
        if (call.frame.mode() != Frame.Mode.RANGE && ((Number) value).longValue() < 0) {
          throw new SqlException(SqlState.INVALID_PRECEDING_OR_FOLLOWING_SIZE, "frame " + which + " offset must not be negative");
        }
        return value;
      }

      private RowBuffer withExtra() {
        Representation[] types = RowBuffer.representations(WindowNode.this.input.output());
        int width = types.length;
        types = Arrays.copyOf(types, width + call.extra.length);
        for (int i = 0; i < call.extra.length; i++) {
          types[width + i] = call.extra[i].type().representation();
        }
        RowBuffer wide = new RowBuffer(types, context.memory());
        BoundEvaluator[] bound = BoundEvaluator.bind(call.extra, context);
        for (int id = 0; id < rows.size(); id++) {
          Object[] row = Arrays.copyOf(rows.row(id), types.length);
          RowAccess access = RowAccess.of(row);
          for (int i = 0; i < bound.length; i++) {
            row[width + i] = bound[i].eval(access);
          }
          wide.append(row);
        }
        return wide;
      }

      private boolean same(SortColumn[] columns, int a, int b) {
        for (SortColumn column : columns) {
          if (column.compare(keyed.vector(column.column(), a), RowBuffer.position(a), keyed.vector(column.column(), b), RowBuffer.position(b), context) != 0) {
            return false;
          }
        }
        return true;
      }

      @Nullable Object[] run() {
        Object[] result = new Object[rows.size()];
        int n = sorted.length;
        int from = 0;
        while (from < n) {
          int end = from + 1;
          while (end < n && same(call.partition, sorted[end - 1], sorted[end])) {
            end++;
          }
          partition(from, end, result);
          from = end;
        }
        if (keyed != rows) {
          keyed.clear();
        }
        return result;
      }

      private void partition(int from, int end, @Nullable Object[] result) {
        context.cancel().check();
        partitionStart = from;
        partitionEnd = end;
        int n = end - from;
        groupOf = new int[n];
        groupStarts = new int[n + 1];
        groupCount = 0;
        for (int i = 0; i < n; i++) {
          if (i == 0 || !same(orderColumns, sorted[from + i - 1], sorted[from + i])) {
            groupStarts[groupCount++] = i;
          }
          groupOf[i] = groupCount - 1;
        }
        groupStarts[groupCount] = n;
        Implementation implementation = FunctionKernel.implementation(call.site, context);
        if (implementation instanceof Implementation.Window window) {
          for (current = 0; current < n; current++) {
            computeFrame();
            result[id(current)] = window.call(context.call(), call.site, this);
          }
        } else if (implementation instanceof Implementation.Aggregate aggregate) {
          aggregate(aggregate, n, result);
        } else {
          throw SqlException.notSupported("function " + call.site.function().name() + " as a window function");
        }
      }

      private int id(long position) {
        return sorted[partitionStart + (int) position];
      }

      /// Aggregates: rows are added as the frame's end moves on and taken back as its start does, where the state can do that;
      /// otherwise the state starts anew when the frame's start moved.
      private void aggregate(Implementation.Aggregate aggregate, int n, @Nullable Object[] result) {
        Implementation.Accumulator state = null;
        int from = 0;
        int to = 0;
        Object last = null;
        boolean fresh = false;
        boolean excludes = call.frame.exclusion() != Frame.Exclusion.NO_OTHERS;
        for (current = 0; current < n; current++) {
          if ((current & 0xff) == 0) {
            context.cancel().check();
          }
          computeFrame();
          if (excludes) {
            state = aggregate.create(context.call(), call.site);
            for (int i = frameFrom; i < frameTo; i++) {
              if (!isExcluded(i)) {
                add(state, i);
              }
            }
            result[id(current)] = state.result();
            continue;
          }
          if (state == null || frameFrom < from || frameTo < to || frameFrom > from && !state.invertible() || frameFrom >= to) {
            if (state == null || frameFrom != from || frameTo != to) {
              state = aggregate.create(context.call(), call.site);
              from = frameFrom;
              to = frameFrom;
              fresh = false;
            }
          }
          while (from < frameFrom) {
            remove(state, from++);
            fresh = false;
          }
          while (to < frameTo) {
            add(state, to++);
            fresh = false;
          }
          if (!fresh) {
            last = state.result();
            fresh = true;
          }
          result[id(current)] = last;
        }
      }

      private @Nullable Object @Nullable [] values(Implementation.Accumulator state, int position) {
        int id = id(position);
        if (passes != null && !passes[id]) {
          return null;
        }
        Object[] values = new Object[arguments.length];
        for (int a = 0; a < values.length; a++) {
          values[a] = arguments[a][id];
          if (values[a] == null && state.skipsNulls()) {
            return null;
          }
        }
        return values;
      }

      private void add(Implementation.Accumulator state, int position) {
        Object[] values = values(state, position);
        if (values != null) {
          state.add(values);
        }
      }

      private void remove(Implementation.Accumulator state, int position) {
        Object[] values = values(state, position);
        if (values != null) {
          state.remove(values);
        }
      }

      // Frames

      private void computeFrame() {
        Frame f = call.frame;
        int n = partitionEnd - partitionStart;
        frameFrom = Math.clamp(bound(f.start(), startOffset, true), 0, n);
        frameTo = Math.clamp(bound(f.end(), endOffset, false), 0, n);
        if (frameTo < frameFrom) {
          frameTo = frameFrom;
        }
      }

      private long bound(Frame.Bound bound, @Nullable Object offset, boolean start) {
        int n = partitionEnd - partitionStart;
        int group = groupOf[current];
        return switch (bound) {
          case UNBOUNDED_PRECEDING -> 0;
          case UNBOUNDED_FOLLOWING -> n;
          case CURRENT_ROW -> call.frame.mode() == Frame.Mode.ROWS ? current + (start ? 0 : 1) : groupStarts[start ? group : group + 1];
          case PRECEDING, FOLLOWING -> {
            boolean preceding = bound == Frame.Bound.PRECEDING;
            yield switch (call.frame.mode()) {
              case ROWS -> {
                long k = Math.min(((Number) offset).longValue(), n);
                yield (preceding ? current - k : current + k) + (start ? 0 : 1);
              }
              case GROUPS -> {
                long k = Math.min(((Number) offset).longValue(), n);
                long g = preceding ? group - k : group + k;
                yield g < 0 ? 0 : g >= groupCount ? n : groupStarts[(int) g + (start ? 0 : 1)];
              }
              case RANGE -> range(offset, preceding, start);
            };
          }
        };
      }

      /// The first row within the distance (start), or one past the last (end).
      private long range(Object offset, boolean preceding, boolean start) {
        SortColumn key = orderColumns[0];
        int n = partitionEnd - partitionStart;
        Object base = keyed.get(key.column(), id(current));
        if (base == null) {
          // NULLs are peers of NULLs only.
          int group = groupOf[current];
          return groupStarts[start ? group : group + 1];
        }
        // In a descending order "preceding" means greater values.
        boolean subtract = preceding != key.descending();
        int low = 0;
        int high = n;
        while (low < high) {
          int middle = low + high >>> 1;
          Object value = keyed.get(key.column(), id(middle));
          boolean before;
          if (value == null) {
            before = key.nullsFirst();
          } else {
            // Whether the row lies in front of the boundary: of the first row of the frame, or behind its last one.
            boolean lessOrEqual = RangeFrames.inRange(key.type(), value, base, offset, subtract, true, context);
            boolean greaterOrEqual = RangeFrames.inRange(key.type(), value, base, offset, subtract, false, context);
            before = key.descending() ? (start ? !lessOrEqual : greaterOrEqual) : (start ? !greaterOrEqual : lessOrEqual);
          }
          if (before) {
            low = middle + 1;
          } else {
            high = middle;
          }
        }
        return low;
      }

      private boolean isExcluded(int position) {
        return switch (call.frame.exclusion()) {
          case NO_OTHERS -> false;
          case CURRENT_ROW -> position == current;
          case GROUP -> groupOf[position] == groupOf[current];
          case TIES -> groupOf[position] == groupOf[current] && position != current;
        };
      }

      @Override
      public long partitionRows() {
        return partitionEnd - partitionStart;
      }

      @Override
      public long currentRow() {
        return current;
      }

      @Override
      public long peerStart() {
        return groupStarts[groupOf[current]];
      }

      @Override
      public long peerEnd() {
        return groupStarts[groupOf[current] + 1];
      }

      @Override
      public long peerGroup() {
        return groupOf[current];
      }

      @Override
      public long frameStart() {
        return frameFrom;
      }

      @Override
      public long frameEnd() {
        return frameTo;
      }

      @Override
      public long frameRow(long index) {
        if (call.frame.exclusion() == Frame.Exclusion.NO_OTHERS) {
          return index < frameTo - frameFrom ? frameFrom + index : -1;
        }
        long left = index;
        for (int i = frameFrom; i < frameTo; i++) {
          if (!isExcluded(i) && left-- == 0) {
            return i;
          }
        }
        return -1;
      }

      @Override
      public long frameLastRow() {
        for (int i = frameTo - 1; i >= frameFrom; i--) {
          if (!isExcluded(i)) {
            return i;
          }
        }
        return -1;
      }

      @Override
      public @Nullable Object argument(int argument, long row) {
        return arguments[argument][id(row)];
      }
    }
  }
}
