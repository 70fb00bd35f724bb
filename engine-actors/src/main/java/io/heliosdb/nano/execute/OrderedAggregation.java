package io.heliosdb.nano.execute;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.execute.AggregateNode.Call;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A DISTINCT, ordered or ordered-set call of an aggregation: its argument rows with the numbers of their groups, sorted by group and by the
/// order of the call, over `work_mem` on temporary files.
final class OrderedAggregation {
  private final Call call;
  private final ExecutionContext context;
  private final int width;
  private final ExternalSort sort;
  private @Nullable Batch sorted;
  private int at;
  private boolean isFinished;

  OrderedAggregation(Call call, ExecutionContext context) {
    this.context = context;
    this.call = call;
    width = call.arguments().length;
    PgType[] types = new PgType[width + 1];
    for (int i = 0; i < width; i++) {
      types[i] = call.arguments()[i].type();
    }
    types[width] = PgTypes.INT4;
    sort = new ExternalSort(types, sortKeys(), types.length, -1, context);
  }

  void add(ColumnVector[] arguments, int @Nullable [] wanted, int count, int[] groupOf) {
    if (count == 0) {
      return;
    }
    ColumnVector[] columns = Arrays.copyOf(arguments, arguments.length + 1);
    ColumnVector.Ints groupColumn = new ColumnVector.Ints(wanted == null ? count : wanted[count - 1] + 1);
    for (int i = 0; i < count; i++) {
      groupColumn.values[wanted == null ? i : wanted[i]] = groupOf[i];
    }
    columns[arguments.length] = groupColumn;
    sort.add(columns, wanted, count);
  }

  /// By group, then by the call's order; for DISTINCT by all arguments after that.
  private SortColumn[] sortKeys() {
    List<SortColumn> keys = new ArrayList<>();
    keys.add(new SortColumn(width, PgTypes.INT4, 0, false, false, null));
    keys.addAll(List.of(call.order()));
    if (call.distinct()) {
      for (int i = 0; i < call.argumentCount(); i++) {
        int column = i;
        if (keys.stream().noneMatch(k -> k.column() == column)) {
          keys.add(new SortColumn(i, call.arguments()[i].type(), call.site().collationOid(), false, false, null));
        }
      }
    }
    return keys.toArray(SortColumn[]::new);
  }

  /// The next row's values if it belongs to the group, null otherwise.
  private @Nullable Object @Nullable [] nextOf(int group) {
    if (!isFinished) {
      isFinished = true;
      sort.finish();
      sorted = sort.next(Batch.ROWS_MAX);
    }
    if (sorted != null && at == sorted.rowCount()) {
      context.cancel().check();
      sorted = sort.next(Batch.ROWS_MAX);
      at = 0;
    }
    if (sorted == null || (Integer) sorted.column(width).get(at) != group) {
      return null;
    }
    Object[] values = new Object[width];
    for (int i = 0; i < width; i++) {
      values[i] = sorted.column(i).get(at);
    }
    at++;
    return values;
  }

  void clear() {
    sort.close();
  }

  private boolean same(@Nullable Object[] a, @Nullable Object[] b) {
    for (int i = 0; i < a.length; i++) {
      if (a[i] == null || b[i] == null ? a[i] != b[i]
          : !Values.equal(call.arguments()[i].type(), a[i], b[i], call.site().collationOid())) {
        return false;
      }
    }
    return true;
  }

  /// To be asked for once per group, in the order of the groups.
  @Nullable Object result(int group) {
    Implementation implementation = FunctionKernel.implementation(call.site(), context);
    if (implementation instanceof Implementation.OrderedSetAggregate orderedSet) {
      return orderedSet(orderedSet, group);
    }
    if (!(implementation instanceof Implementation.Aggregate aggregate)) {
      throw SqlException.notSupported("aggregate " + call.site().function().name());
    }
    Implementation.Accumulator state = aggregate.create(context.call(), call.site());
    Object[] previous = null;
    next:
    for (Object[] row = nextOf(group); row != null; row = nextOf(group)) {
      Object[] values = Arrays.copyOf(row, call.argumentCount());
      if (call.distinct()) {
        if (previous != null && same(previous, values)) {
          continue;
        }
        previous = values;
      }
      if (state.skipsNulls()) {
        for (Object value : values) {
          if (value == null) {
            continue next;
          }
        }
      }
      state.add(values);
    }
    return state.result();
  }

  private @Nullable Object orderedSet(Implementation.OrderedSetAggregate orderedSet, int group) {
    List<Object[]> sorted = new ArrayList<>();
    Object[] direct = new Object[call.direct().length];
    long held = 0;
    try {
      boolean isFirst = true;
      for (Object[] row = nextOf(group); row != null; row = nextOf(group)) {
        if (isFirst) {
          for (int i = 0; i < direct.length; i++) {
            direct[i] = call.directColumns()[i] >= 0 ? row[call.directColumns()[i]] : null;
          }
          isFirst = false;
        }
        Object[] values = Arrays.copyOf(row, call.argumentCount());
        sorted.add(values);
        long bytes = 32;
        for (Object value : values) {
          bytes += ObjectSizes.bytes(value);
        }
        context.memory().reserve(bytes);
        held += bytes;
      }
      for (int i = 0; i < direct.length; i++) {
        if (call.directColumns()[i] < 0 || isFirst) {
          direct[i] = call.direct()[i].evaluate(context);
        }
      }
      Comparator<Object[]> order = (a, b) -> {
        for (SortColumn key : call.order()) {
          int o = key.compare(a[key.column()], b[key.column()], context);
          if (o != 0) {
            return o;
          }
        }
        return 0;
      };
      return orderedSet.call(context.call(), call.site(), direct, sorted, order);
    } finally {
      context.memory().release(held);
    }
  }
}
