package io.heliosdb.nano.execute;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A sub-query in an expression. Uncorrelated ones run once; correlated ones are run per outer row and remember the results of the
/// last [#MEMO_MAX] combinations of the outer values they read. Uncorrelated `= ANY` looks values up in a hash table.
final class SubqueryKernel extends Kernel {
  private static final int MEMO_MAX = 1024;

  final PhysicalPlan plan;
  final Expr.SubqueryKind kind;
  private final Kernel[] left;
  private final @Nullable Kernel test;
  private final boolean negated;
  private final int[] outerColumns;
  private final boolean readsFartherOut;
  private final boolean repeatable;
  private final @Nullable HashKeys hash;
  private final PgType elementType;

  /// How an equality test over (left…, right…) is answered by hash: the compared types and collations.
  record HashKeys(PgType[] types, int[] collations) {}

  /// @param outerColumns columns of the directly enclosing row that the plan reads
  /// @param readsFartherOut whether it reads rows still farther out (constant between rescans)
  /// @param repeatable whether running it twice for the same outer values gives the same rows (no volatile functions)
  SubqueryKernel(PgType type, PhysicalPlan plan, Expr.SubqueryKind kind, Kernel[] left, @Nullable Kernel test, boolean negated, int[] outerColumns,
      boolean readsFartherOut, boolean repeatable, @Nullable HashKeys hash, PgType elementType) {
    super(type);
    this.plan = plan;
    this.kind = kind;
    this.left = left;
    this.test = test;
    this.negated = negated;
    this.outerColumns = outerColumns;
    this.readsFartherOut = readsFartherOut;
    this.repeatable = repeatable;
    this.hash = hash;
    this.elementType = elementType;
  }

  boolean runsOnce() {
    return outerColumns.length == 0 && repeatable && test == null;
  }

  private boolean isCorrelated() {
    return outerColumns.length > 0;
  }

  /// State of one execution.
  private final class State {
    final Subplan subplan;
    boolean ready;
    @Nullable Object single;
    @Nullable HashedRows hashed;
    final Map<List<@Nullable Object>, @Nullable Object> memo = new HashMap<>();

    State(EvalState s) {
      subplan = new Subplan(plan, s.context);
      s.onClose(subplan::close);
      s.onRescan(() -> {
        if (readsFartherOut || !repeatable) {
          ready = false;
          single = null;
          hashed = null;
          memo.clear();
        }
      });
    }
  }

  private State state(EvalState s) {
    State state = (State) s.slot(slot + 1);
    if (state == null) {
      state = new State(s);
      s.setSlot(slot + 1, state);
    }
    return state;
  }

  @Override
  @Nullable Object eval(RowAccess row, EvalState s) {
    State state = state(s);
    if (kind == Expr.SubqueryKind.ANY || kind == Expr.SubqueryKind.ALL) {
      return quantified(state, row, s);
    }
    if (test != null) {
      return rowComparison(state, row, s);
    }
    if (!isCorrelated() && repeatable) {
      if (!state.ready) {
        state.single = run(state.subplan.start(row));
        state.ready = true;
      }
      return state.single;
    }
    if (!repeatable) {
      return run(state.subplan.start(row));
    }
    List<Object> key = new ArrayList<>(outerColumns.length);
    for (int column : outerColumns) {
      key.add(row.get(column));
    }
    if (state.memo.containsKey(key)) {
      return state.memo.get(key);
    }
    Object value = run(state.subplan.start(row));
    if (state.memo.size() >= MEMO_MAX) {
      state.memo.clear();
    }
    state.memo.put(key, value);
    return value;
  }

  private @Nullable Object run(Operator rows) {
    switch (kind) {
      case EXISTS -> {
        return (rows.next(1) != null) != negated;
      }
      case SCALAR, ROW -> {
        Batch batch = rows.next(2);
        if (batch == null) {
          return null;
        }
        Object value = value(batch, batch.rowIndex(0));
        if (batch.rowCount() > 1 || rows.next(1) != null) {
          throw new SqlException(SqlState.CARDINALITY_VIOLATION, "more than one row returned by a subquery used as an expression");
        }
        return value;
      }
      case ARRAY -> {
        List<Object> elements = new ArrayList<>();
        for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
          for (int i = 0; i < batch.rowCount(); i++) {
            elements.add(batch.column(0).get(batch.rowIndex(i)));
          }
        }
        return elements.isEmpty() || !(elements.getFirst() instanceof PgArray) || elementType.isArray()
            ? PgArray.of(elementType, elements.toArray())
            : ArrayKernels.stack(elementType, elements);
      }
      default -> throw new IllegalStateException();
    }
  }

  private @Nullable Object value(Batch batch, int row) {
    if (kind == Expr.SubqueryKind.SCALAR) {
      return batch.column(0).get(row);
    }
    List<PgType> types = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (OutputColumn column : plan.output()) {
      types.add(column.type());
      names.add(column.name());
    }
    return PgRecord.named(test == null ? type : PgTypes.RECORD, types, names, batch.row(row));
  }

  /// `(a, b) = (SELECT …)`: NULL without a row.
  private @Nullable Object rowComparison(State state, RowAccess row, EvalState s) {
    PgRecord found;
    if (state.ready && !isCorrelated() && repeatable) {
      found = (PgRecord) state.single;
    } else {
      found = (PgRecord) run(state.subplan.start(row));
      state.single = found;
      state.ready = true;
    }
    if (found == null) {
      return null;
    }
    @Nullable Object[] leftValues = new Object[left.length];
    for (int i = 0; i < leftValues.length; i++) {
      leftValues[i] = left[i].eval(row, s);
    }
    @Nullable Object[] fields = new Object[found.size()];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = found.field(i);
    }
    return test.eval(new RowAccess.Joined(leftValues.length, RowAccess.of(leftValues), RowAccess.of(fields)), s);
  }

  private @Nullable Object quantified(State state, RowAccess row, EvalState s) {
    Object[] leftValues = new Object[left.length];
    for (int i = 0; i < leftValues.length; i++) {
      leftValues[i] = left[i].eval(row, s);
    }
    Boolean result;
    if (hash != null && !isCorrelated() && repeatable) {
      if (state.hashed == null) {
        state.hashed = new HashedRows(hash, state.subplan.start(row), s.context);
      }
      result = state.hashed.contains(leftValues);
    } else {
      result = scan(state.subplan.start(row), leftValues, s);
    }
    return result == null ? null : (Object) (result != negated);
  }

  /// ANY: true when the test is true for a row; ALL: false when it is false for one; NULL when some test is NULL otherwise.
  private @Nullable Boolean scan(Operator rows, @Nullable Object[] leftValues, EvalState s) {
    boolean any = kind == Expr.SubqueryKind.ANY;
    boolean sawNull = false;
    RowAccess.OfBatch right = new RowAccess.OfBatch(new ColumnVector[0], 0);
    RowAccess.Joined joined = new RowAccess.Joined(leftValues.length, RowAccess.of(leftValues), right);
    for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
      right.columns = batch.columns();
      for (int i = 0; i < batch.rowCount(); i++) {
        right.row = batch.rowIndex(i);
        Object outcome = test.eval(joined, s);
        if (outcome == null) {
          sawNull = true;
        } else if ((Boolean) outcome == any) {
          return any;
        }
      }
    }
    return sawNull ? null : (Boolean) !any;
  }

  /// The rows of an uncorrelated sub-query under `= ANY`, hashed by all columns.
  private static final class HashedRows {
    private final HashKeys keys;
    private final Map<Key, Boolean> rows = new HashMap<>();
    private final List<Object[]> rowsWithNull = new ArrayList<>();
    private boolean empty = true;

    HashedRows(HashKeys keys, Operator source, ExecutionContext context) {
      this.keys = keys;
      long bytes = 0;
      for (Batch batch = source.next(); batch != null; batch = source.next()) {
        context.cancel().check();
        empty = false;
        for (int i = 0; i < batch.rowCount(); i++) {
          Object[] values = batch.row(batch.rowIndex(i));
          boolean hasNull = false;
          for (Object value : values) {
            hasNull |= value == null;
          }
          bytes += 64 + ObjectSizes.ofAll(values);
          if (hasNull) {
            if (rowsWithNull.size() < 64 || values.length > 1) {
              rowsWithNull.add(values);
            }
          } else {
            rows.put(new Key(keys, values), true);
          }
        }
      }
      context.call().accountMemory(bytes);
    }

    @Nullable Boolean contains(@Nullable Object[] values) {
      if (empty) {
        return false;
      }
      boolean hasNull = false;
      for (Object value : values) {
        hasNull |= value == null;
      }
      if (!hasNull && rows.containsKey(new Key(keys, values))) {
        return true;
      }
      if (hasNull) {
        if (values.length == 1) {
          return null;
        }
        for (Key row : rows.keySet()) {
          if (mayEqual(row.values, values)) {
            return null;
          }
        }
      }
      for (Object[] row : rowsWithNull) {
        if (mayEqual(row, values)) {
          return null;
        }
      }
      return false;
    }

    private boolean mayEqual(@Nullable Object[] a, @Nullable Object[] b) {
      for (int i = 0; i < a.length; i++) {
        if (a[i] != null && b[i] != null && !Values.equal(keys.types[i], a[i], b[i], keys.collations[i])) {
          return false;
        }
      }
      return true;
    }
  }

  private static final class Key {
    private final HashKeys keys;
    private final Object[] values;
    private final int hash;

    Key(HashKeys keys, Object[] values) {
      this.keys = keys;
      this.values = values;
      int h = 1;
      for (int i = 0; i < values.length; i++) {
        h = h * 31 + Values.hash(keys.types[i], values[i], keys.collations[i]);
      }
      hash = h;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      if (!(other instanceof Key key) || key.hash != hash) {
        return false;
      }
      for (int i = 0; i < values.length; i++) {
        if (!Values.equal(keys.types[i], values[i], key.values[i], keys.collations[i])) {
          return false;
        }
      }
      return true;
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }
}
