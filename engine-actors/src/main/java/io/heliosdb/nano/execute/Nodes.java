package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Simple plan nodes: VALUES, filter, projection, limit, append, materialization.
public final class Nodes {
  private Nodes() {}

  /// Costs of a node.
  public record Cost(double startup, double total, double rows) {}

  static BoundEvaluator[] bind(Evaluator[] evaluators, ExecutionContext context) {
    BoundEvaluator[] bound = new BoundEvaluator[evaluators.length];
    for (int i = 0; i < bound.length; i++) {
      bound[i] = evaluators[i].bind(context);
    }
    return bound;
  }

  /// The sub-queries of expressions as children: those that run once, and those that run per row.
  static void explainSubplans(ExplainNode node, Evaluator... expressions) {
    for (Evaluator e : expressions) {
      for (SubqueryKernel subquery : e.subqueries()) {
        int number = node.nextSubplan();
        node.child(subquery.runsOnce() ? "InitPlan " + number + " (returns $" + (number - 1) + ")" : "SubPlan " + number, subquery.plan);
      }
    }
  }

  static void rescanAll(BoundEvaluator[] bound) {
    for (BoundEvaluator b : bound) {
      b.rescan();
    }
  }

  static void closeAll(BoundEvaluator @Nullable [] bound) {
    if (bound != null) {
      for (BoundEvaluator b : bound) {
        b.close();
      }
    }
  }

  /// Rows of expressions.
  public static final class ValuesNode extends PhysicalPlan {
    private final Evaluator[][] rows;

    public ValuesNode(Evaluator[][] rows, List<OutputColumn> output) {
      super(output, 0, 0.0125 * rows.length, rows.length);
      this.rows = rows;
    }

    /// The expressions of each row, for short cuts.
    public Evaluator[][] rowExpressions() {
      return rows;
    }

    @Override
    public List<PhysicalPlan> children() {
      return List.of();
    }

    @Override
    public void explain(ExplainNode node) {
      node.type(rows.length == 1 ? "Result" : "Values Scan").suffix(rows.length == 1 ? null : "on \"*VALUES*\"");
    }

    @Override
    protected Operator operator(ExecutionContext context) {
      return new Operator() {
        private final RowAccess empty = RowAccess.EMPTY;
        private Batch batch = Batch.of(output(), Math.min(Math.max(rows.length, 1), Batch.ROWS_MAX));
        private int next;

        @Override
        public void open(ExecutionContext c) {}

        @Override
        public @Nullable Batch next(int maxRows) {
          if (next >= rows.length) {
            return null;
          }
          batch.reset();
          int count = Math.min(maxRows, Math.min(Batch.ROWS_MAX, rows.length - next));
          for (int i = 0; i < count; i++) {
            Evaluator[] row = rows[next++];
            for (int c = 0; c < row.length; c++) {
              BoundEvaluator bound = row[c].bind(context);
              batch.column(c).set(i, bound.eval(empty));
              bound.close();
            }
          }
          batch.setRowCount(count);
          return batch;
        }

        @Override
        public void rescan() {
          next = 0;
        }

        @Override
        public void close() {}
      };
    }
  }

  /// Base of operators over one input.
  abstract static class UnaryOperator implements Operator {
    final PhysicalPlan inputPlan;
    final ExecutionContext context;
    @Nullable Operator input;

    UnaryOperator(PhysicalPlan inputPlan, ExecutionContext context) {
      this.inputPlan = inputPlan;
      this.context = context;
    }

    @Override
    public void open(ExecutionContext c) {
      input = inputPlan.open(context);
    }

    @Override
    public void rescan() {
      input.rescan();
    }

    @Override
    public void close() {
      if (input != null) {
        input.close();
      }
    }
  }

  /// Rows for which the condition is true. Part of EXPLAIN's node below it ("Filter: …").
  public static final class FilterNode extends PhysicalPlan {
    private final PhysicalPlan input;
    private final Evaluator condition;
    private final String text;
    private final boolean sideEffects;

    public FilterNode(PhysicalPlan input, Evaluator condition, String text, boolean sideEffects, Cost cost) {
      super(input.output(), cost.startup, cost.total, cost.rows);
      this.input = input;
      this.condition = condition;
      this.text = text;
      this.sideEffects = sideEffects;
    }

    @Override
    public List<PhysicalPlan> children() {
      return List.of(input);
    }

    @Override
    public List<PhysicalPlan> rowIdentitySources(int column) {
      return input.rowIdentitySources(column);
    }

    @Override
    public void explain(ExplainNode node) {
      input.explain(node);
      node.property("Filter", text);
      explainSubplans(node, condition);
    }

    @Override
    protected Operator operator(ExecutionContext context) {
      return new UnaryOperator(input, context) {
        private final BoundEvaluator bound = condition.bind(context);
        private @Nullable Batch pending;
        private int[] kept = {};
        private int keptCount;
        private int given;
        private int ask = 64;

        @Override
        public @Nullable Batch next(int maxRows) {
          while (true) {
            if (pending != null && given < keptCount) {
              int count = Math.min(maxRows, keptCount - given);
              if (given == 0 && count == keptCount) {
                pending.select(kept, keptCount);
              } else {
                pending.select(java.util.Arrays.copyOfRange(kept, given, given + count), count);
              }
              given += count;
              return pending;
            }
            // A selective filter under a small LIMIT reads ahead in growing steps, unless reading has effects.
            int want = sideEffects ? maxRows : Math.max(maxRows, ask);
            ask = Math.min(Batch.ROWS_MAX, ask * 2);
            Batch batch = input.next(Math.min(want, Batch.ROWS_MAX));
            if (batch == null) {
              pending = null;
              return null;
            }
            context.cancel().check();
            if (kept.length < batch.rowCount()) {
              kept = new int[batch.rowCount()];
            }
            int before = batch.rowCount();
            keptCount = bound.select(batch, batch.selection(), before, kept);
            given = 0;
            pending = batch;
            PlanStatistics statistics = context.statistics();
            if (statistics != null && keptCount < before) {
              statistics.node(FilterNode.this).add("Rows Removed by Filter", before - keptCount);
            }
          }
        }

        @Override
        public void rescan() {
          pending = null;
          bound.rescan();
          super.rescan();
        }

        @Override
        public void close() {
          bound.close();
          super.close();
        }
      };
    }
  }

  /// Computes a select list. Invisible in EXPLAIN, as PostgreSQL computes it in the node below.
  public static final class ProjectNode extends PhysicalPlan {
    private final PhysicalPlan input;
    private final Evaluator[] expressions;

    public ProjectNode(PhysicalPlan input, Evaluator[] expressions, List<OutputColumn> output) {
      super(output, input.startupCost(), input.totalCost() + input.rows() * expressions.length * 0.0025, input.rows());
      this.input = input;
      this.expressions = expressions;
    }

    public PhysicalPlan input() {
      return input;
    }

    public Evaluator[] expressions() {
      return expressions;
    }

    @Override
    public List<PhysicalPlan> children() {
      return List.of(input);
    }

    @Override
    public List<PhysicalPlan> rowIdentitySources(int column) {
      int from = expressions[column].inputColumn();
      return from < 0 ? List.of() : input.rowIdentitySources(from);
    }

    @Override
    public List<String> explainNames() {
      List<String> below = input.explainNames();
      List<String> names = new ArrayList<>();
      for (int i = 0; i < expressions.length; i++) {
        int from = expressions[i].inputColumn();
        names.add(from < 0 ? io.heliosdb.nano.type.Identifiers.quoteIfNeeded(output().get(i).name()) : below.get(from));
      }
      return names;
    }

    @Override
    public void explain(ExplainNode node) {
      input.explain(node);
      explainSubplans(node, expressions);
    }

    @Override
    protected Operator operator(ExecutionContext context) {
      return new UnaryOperator(input, context) {
        private final BoundEvaluator[] bound = bind(expressions, context);
        private final RowAccess.OfBatch row = new RowAccess.OfBatch(new ColumnVector[0], 0);
        private @Nullable Batch one;

        @Override
        public @Nullable Batch next(int maxRows) {
          Batch batch = input.next(maxRows);
          if (batch == null) {
            return null;
          }
          if (batch.rowCount() == 1) {
            return single(batch);
          }
          ColumnVector[] columns = new ColumnVector[bound.length];
          for (int i = 0; i < columns.length; i++) {
            columns[i] = bound[i].eval(batch);
          }
          Batch out = new Batch(columns);
          out.select(batch.selection(), batch.rowCount());
          return out;
        }

        /// One row is computed without vectors.
        private Batch single(Batch batch) {
          if (one == null) {
            one = Batch.of(output(), 1);
          }
          one.reset();
          row.columns = batch.columns();
          row.row = batch.rowIndex(0);
          for (int i = 0; i < bound.length; i++) {
            int from = expressions[i].inputColumn();
            if (from >= 0) {
              one.column(i).copyFrom(batch.column(from), row.row, 0);
            } else {
              one.column(i).set(0, bound[i].eval(row));
            }
          }
          one.setRowCount(1);
          return one;
        }

        @Override
        public void rescan() {
          rescanAll(bound);
          super.rescan();
        }

        @Override
        public void close() {
          closeAll(bound);
          super.close();
        }
      };
    }
  }

  /// A condition without input columns, checked once before the input is opened ("One-Time Filter").
  public static final class GateNode extends PhysicalPlan {
    private final PhysicalPlan input;
    private final Evaluator condition;
    private final String text;

    public GateNode(PhysicalPlan input, Evaluator condition, String text) {
      super(input.output(), input.startupCost(), input.totalCost(), input.rows());
      this.input = input;
      this.condition = condition;
      this.text = text;
    }

    @Override
    public List<PhysicalPlan> children() {
      return List.of(input);
    }

    @Override
    public List<PhysicalPlan> rowIdentitySources(int column) {
      return input.rowIdentitySources(column);
    }

    @Override
    public void explain(ExplainNode node) {
      node.type("Result").property("One-Time Filter", text);
      if (!text.equals("false")) {
        node.child(input);
      }
    }

    @Override
    protected Operator operator(ExecutionContext context) {
      return new Operator() {
        private final BoundEvaluator bound = condition.bind(context);
        private @Nullable Operator inner;
        private boolean decided;
        private boolean open;

        @Override
        public void open(ExecutionContext c) {}

        @Override
        public @Nullable Batch next(int maxRows) {
          if (!decided) {
            decided = true;
            open = bound.test(RowAccess.EMPTY);
            if (open) {
              if (inner == null) {
                inner = input.open(context);
              } else {
                inner.rescan();
              }
            }
          }
          return open ? inner.next(maxRows) : null;
        }

        @Override
        public void rescan() {
          decided = false;
          bound.rescan();
        }

        @Override
        public void close() {
          bound.close();
          if (inner != null) {
            inner.close();
          }
        }
      };
    }
  }

  /// UNION ALL: its inputs one after the other.
  public static final class AppendNode extends PhysicalPlan {
    private final List<PhysicalPlan> inputs;

    public AppendNode(List<PhysicalPlan> inputs, List<OutputColumn> output) {
      super(output, inputs.isEmpty() ? 0 : inputs.getFirst().startupCost(), inputs.stream().mapToDouble(PhysicalPlan::totalCost).sum(),
          inputs.stream().mapToDouble(PhysicalPlan::rows).sum());
      this.inputs = List.copyOf(inputs);
    }

    @Override
    public List<PhysicalPlan> children() {
      return inputs;
    }

    @Override
    public List<PhysicalPlan> rowIdentitySources(int column) {
      return inputs.stream().flatMap(input -> input.rowIdentitySources(column).stream()).toList();
    }

    @Override
    public void explain(ExplainNode node) {
      if (inputs.isEmpty()) {
        node.type("Result").property("One-Time Filter", "false");
        return;
      }
      node.type("Append");
      inputs.forEach(node::child);
    }

    @Override
    protected Operator operator(ExecutionContext context) {
      return new Operator() {
        private int at;
        private @Nullable Operator current;

        @Override
        public void open(ExecutionContext c) {}

        @Override
        public @Nullable Batch next(int maxRows) {
          while (at < inputs.size()) {
            if (current == null) {
              current = inputs.get(at).open(context);
            }
            Batch batch = current.next(maxRows);
            if (batch != null) {
              return batch;
            }
            current.close();
            current = null;
            at++;
          }
          return null;
        }

        @Override
        public void rescan() {
          close();
          at = 0;
        }

        @Override
        public void close() {
          if (current != null) {
            current.close();
            current = null;
          }
        }
      };
    }
  }

  /// Keeps its input's rows for rescans that cannot change them.
  public static final class MaterializeNode extends PhysicalPlan {
    private final PhysicalPlan input;

    public MaterializeNode(PhysicalPlan input) {
      super(input.output(), input.startupCost(), input.totalCost() + input.rows() * 0.005, input.rows());
      this.input = input;
    }

    @Override
    public List<PhysicalPlan> children() {
      return List.of(input);
    }

    @Override
    public List<PhysicalPlan> rowIdentitySources(int column) {
      return input.rowIdentitySources(column);
    }

    @Override
    public void explain(ExplainNode node) {
      node.type("Materialize").child(input);
    }

    @Override
    protected Operator operator(ExecutionContext context) {
      return new UnaryOperator(input, context) {
        private final RowBuffer rows = new RowBuffer(RowBuffer.representations(output()), context.memory());
        private boolean complete;
        private int at;

        @Override
        public @Nullable Batch next(int maxRows) {
          if (!complete && at == rows.size()) {
            Batch batch = input.next(maxRows);
            if (batch == null) {
              complete = true;
              return null;
            }
            rows.append(batch);
            at = rows.size();
            return batch;
          }
          Batch slice = rows.slice(at, maxRows);
          if (slice != null) {
            at += slice.rowCount();
          }
          return slice;
        }

        @Override
        public void rescan() {
          at = 0;
        }

        @Override
        public void close() {
          rows.clear();
          super.close();
        }
      };
    }
  }

  /// LIMIT and OFFSET. Asks its input for no more rows than it gives.
  public static final class LimitNode extends PhysicalPlan {
    private final PhysicalPlan input;
    private final @Nullable Evaluator count;
    private final @Nullable Evaluator offset;
    private final SortColumn @Nullable [] ties;

    /// @param ties order columns of WITH TIES, over the input's columns
    public LimitNode(PhysicalPlan input, @Nullable Evaluator count, @Nullable Evaluator offset, SortColumn @Nullable [] ties, Cost cost) {
      super(input.output(), cost.startup, cost.total, cost.rows);
      this.input = input;
      this.count = count;
      this.offset = offset;
      this.ties = ties;
    }

    @Override
    public List<PhysicalPlan> children() {
      return List.of(input);
    }

    @Override
    public List<PhysicalPlan> rowIdentitySources(int column) {
      return input.rowIdentitySources(column);
    }

    @Override
    public void explain(ExplainNode node) {
      node.type("Limit").child(input);
    }

    /// The number of rows that are needed of the input, or -1 for all; errors are left to the run itself.
    static long bound(@Nullable Evaluator count, @Nullable Evaluator offset, ExecutionContext context) {
      Object limit = count == null ? null : count.evaluate(context);
      if (limit == null) {
        return -1;
      }
      Object skip = offset == null ? null : offset.evaluate(context);
      long rows = (Long) limit + (skip == null ? 0 : (Long) skip);
      return rows < 0 ? -1 : rows;
    }

    @Override
    protected Operator operator(ExecutionContext context) {
      return new UnaryOperator(input, context) {
        private boolean started;
        private long skip;
        private long left;
        private @Nullable Object @Nullable [] lastRow;

        private long number(@Nullable Evaluator evaluator, long ifNull, io.heliosdb.nano.error.SqlState state, String name) {
          Object value = evaluator == null ? null : evaluator.evaluate(context);
          if (value == null) {
            return ifNull;
          }
          long number = ((Number) value).longValue();
          if (number < 0) {
            throw new io.heliosdb.nano.error.SqlException(state, name + " must not be negative");
          }
          return number;
        }

        private void start() {
          started = true;
          skip = number(offset, 0, io.heliosdb.nano.error.SqlState.INVALID_ROW_COUNT_IN_RESULT_OFFSET_CLAUSE, "OFFSET");
          left = number(count, Long.MAX_VALUE, io.heliosdb.nano.error.SqlState.INVALID_ROW_COUNT_IN_LIMIT_CLAUSE, "LIMIT");
        }

        @Override
        public @Nullable Batch next(int maxRows) {
          if (!started) {
            start();
          }
          if (ties != null && count != null) {
            return nextWithTies(maxRows);
          }
          if (left == 0) {
            return null;
          }
          while (skip > 0) {
            Batch batch = input.next((int) Math.min(Batch.ROWS_MAX, skip));
            if (batch == null) {
              return null;
            }
            skip -= batch.rowCount();
            context.cancel().check();
          }
          Batch batch = input.next((int) Math.min(maxRows, left));
          if (batch != null) {
            left -= batch.rowCount();
          }
          return batch;
        }

        private @Nullable Batch nextWithTies(int maxRows) {
          while (skip > 0) {
            Batch batch = input.next((int) Math.min(Batch.ROWS_MAX, skip));
            if (batch == null) {
              return null;
            }
            skip -= batch.rowCount();
          }
          if (left > 0) {
            Batch batch = input.next((int) Math.min(maxRows, left));
            if (batch != null) {
              left -= batch.rowCount();
              lastRow = batch.row(batch.rowIndex(batch.rowCount() - 1));
            } else {
              left = 0;
              lastRow = null;
            }
            return batch;
          }
          if (lastRow == null) {
            return null;
          }
          Batch batch = input.next(1);
          if (batch != null) {
            Object[] row = batch.row(batch.rowIndex(0));
            for (SortColumn key : ties) {
              if (key.compare(row[key.column()], lastRow[key.column()], context) != 0) {
                lastRow = null;
                return null;
              }
            }
          }
          return batch;
        }

        @Override
        public void rescan() {
          started = false;
          lastRow = null;
          super.rescan();
        }
      };
    }
  }

  /// Evaluates expressions into a fresh array of vectors for the rows of a batch that count.
  static ColumnVector[] evaluate(BoundEvaluator[] bound, Batch batch) {
    ColumnVector[] columns = new ColumnVector[bound.length];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = bound[i].eval(batch);
    }
    return columns;
  }

  static List<OutputColumn> concat(List<OutputColumn> a, List<OutputColumn> b) {
    List<OutputColumn> all = new ArrayList<>(a);
    all.addAll(b);
    return all;
  }
}
