package io.heliosdb.nano.execute;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.WindowNode.Call;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.plan.logical.LogicalPlan.Frame;
import org.jspecify.annotations.Nullable;

/// One call of a window function or aggregate over one partition after the other: peer groups, frames, results in row order.
final class WindowPartition implements Implementation.WindowFrame {
  private final Call call;
  private final RowBuffer rows;
  private final RowBuffer result;
  private final SortColumn[] order;
  private final ExecutionContext context;
  private final int first;
  private final int filterColumn;
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

  /// @param rows sorted; the partitions stand one behind the other
  /// @param result gets a value per row
  /// @param first column of the call's first argument; behind the last one stands whether its filter passed, if there is one
  WindowPartition(Call call, RowBuffer rows, RowBuffer result, SortColumn[] order, int first, ExecutionContext context) {
    this.call = call;
    this.rows = rows;
    this.result = result;
    this.order = order;
    this.first = first;
    this.context = context;
    filterColumn = call.filter() == null ? -1 : first + call.arguments().length;
    startOffset = offset(call.startOffset(), "starting");
    endOffset = offset(call.endOffset(), "ending");
  }

  private @Nullable Object offset(@Nullable Evaluator evaluator, String which) {
    if (evaluator == null) {
      return null;
    }
    Object value = evaluator.evaluate(context);
    if (value == null) {
      throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "frame " + which + " offset must not be null");
    }
    if (call.frame().mode() != Frame.Mode.RANGE && ((Number) value).longValue() < 0) {
      throw new SqlException(SqlState.INVALID_PRECEDING_OR_FOLLOWING_SIZE, "frame " + which + " offset must not be negative");
    }
    return value;
  }

  void partition(int from, int end) {
    context.cancel().check();
    partitionStart = from;
    partitionEnd = end;
    int n = end - from;
    long held = n > Batch.ROWS_MAX ? 8L * n : 0;
    context.memory().reserve(held);
    try {
      compute(from, n);
    } finally {
      context.memory().release(held);
    }
  }

  private boolean isPeer(int a, int b) {
    return SortColumn.compare(order, rows.chunk(a), RowBuffer.position(a), rows.chunk(b), RowBuffer.position(b), context) == 0;
  }

  private void compute(int from, int n) {
    if (groupOf.length < n) {
      groupOf = new int[n];
      groupStarts = new int[n + 1];
    }
    groupCount = 0;
    for (int i = 0; i < n; i++) {
      if (i == 0 || order.length > 0 && !isPeer(from + i - 1, from + i)) {
        groupStarts[groupCount++] = i;
      }
      groupOf[i] = groupCount - 1;
    }
    groupStarts[groupCount] = n;
    Implementation implementation = FunctionKernel.implementation(call.site(), context);
    if (implementation instanceof Implementation.Window window) {
      for (current = 0; current < n; current++) {
        computeFrame();
        put(window.call(context.call(), call.site(), this));
      }
    } else if (implementation instanceof Implementation.Aggregate aggregate) {
      aggregate(aggregate, n);
    } else {
      throw SqlException.notSupported("function " + call.site().function().name() + " as a window function");
    }
  }

  private int id(long position) {
    return partitionStart + (int) position;
  }

  private void put(@Nullable Object value) {
    result.append(new Object[] {value});
  }

  /// Aggregates: rows are added as the frame's end moves on and taken back as its start does, where the state can do that;
  /// otherwise the state starts anew when the frame's start moved.
  private void aggregate(Implementation.Aggregate aggregate, int n) {
    // Rows are taken back only where frames leave rows behind.
    boolean moving = aggregate instanceof Implementation.MovingAggregate && call.frame().start() != Frame.Bound.UNBOUNDED_PRECEDING
        && !call.volatileArguments();
    Implementation.Accumulator state = null;
    int from = 0;
    int to = 0;
    Object last = null;
    boolean fresh = false;
    boolean excludes = call.frame().exclusion() != Frame.Exclusion.NO_OTHERS;
    for (current = 0; current < n; current++) {
      if ((current & 0xff) == 0) {
        context.cancel().check();
      }
      computeFrame();
      if (excludes) {
        state = create(aggregate, moving);
        for (int i = frameFrom; i < frameTo; i++) {
          if (!isExcluded(i)) {
            add(state, i);
          }
        }
        put(state.result());
        continue;
      }
      if (state == null || frameFrom < from || frameTo < to || frameFrom > from && !state.invertible() || frameFrom >= to) {
        if (state == null || frameFrom != from || frameTo != to) {
          state = create(aggregate, moving);
          from = frameFrom;
          to = frameFrom;
          fresh = false;
        }
      }
      while (from < frameFrom) {
        fresh = false;
        if (!remove(state, from++)) {
          state = create(aggregate, moving);
          from = frameFrom;
          to = frameFrom;
        }
      }
      while (to < frameTo) {
        add(state, to++);
        fresh = false;
      }
      if (!fresh) {
        last = state.result();
        fresh = true;
      }
      put(last);
    }
  }

  private @Nullable Object @Nullable [] values(Implementation.Accumulator state, int position) {
    int id = id(position);
    if (filterColumn >= 0 && !Boolean.TRUE.equals(rows.get(filterColumn, id))) {
      return null;
    }
    Object[] values = new Object[call.arguments().length];
    for (int a = 0; a < values.length; a++) {
      values[a] = rows.get(first + a, id);
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

  private boolean remove(Implementation.Accumulator state, int position) {
    Object[] values = values(state, position);
    return values == null || state.tryRemove(values);
  }

  private Implementation.Accumulator create(Implementation.Aggregate aggregate, boolean moving) {
    return moving && aggregate instanceof Implementation.MovingAggregate m ? m.createMoving(context.call(), call.site())
        : aggregate.create(context.call(), call.site());
  }

  // Frames

  private void computeFrame() {
    Frame f = call.frame();
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
      case CURRENT_ROW -> call.frame().mode() == Frame.Mode.ROWS ? current + (start ? 0 : 1) : groupStarts[start ? group : group + 1];
      case PRECEDING, FOLLOWING -> {
        boolean preceding = bound == Frame.Bound.PRECEDING;
        yield switch (call.frame().mode()) {
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
    SortColumn key = order[0];
    int n = partitionEnd - partitionStart;
    Object base = rows.get(key.column(), id(current));
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
      Object value = rows.get(key.column(), id(middle));
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
    return switch (call.frame().exclusion()) {
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
    if (call.frame().exclusion() == Frame.Exclusion.NO_OTHERS) {
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
    return rows.get(first + argument, id(row));
  }
}
