package io.heliosdb.nano.execute;

import io.heliosdb.nano.execute.dml.DmlOperator;
import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// WITH: common table expressions that are run once and read any number of times, and recursive ones.
public final class CteNodes {
  private CteNodes() {}

  /// @param modifiesData runs to its end before the body, whether it is read or not
  public record Cte(int id, String name, PhysicalPlan plan, boolean modifiesData) {}

  /// Rows of a running CTE; filled as far as readers have asked.
  private static final class Shared implements AutoCloseable {
    private final PhysicalPlan plan;
    private final ExecutionContext context;
    private final RowBuffer rows;
    private @Nullable Operator operator;
    private boolean complete;

    Shared(PhysicalPlan plan, ExecutionContext context) {
      this.plan = plan;
      this.context = context;
      rows = RowBuffer.spilling(plan.output(), context);
    }

    /// Makes sure row `index` is there if there is one.
    boolean has(int index, int maxRows) {
      while (rows.size() <= index && !complete) {
        if (operator == null) {
          operator = plan.open(context);
        }
        Batch batch = operator.next(maxRows);
        if (batch == null) {
          complete = true;
          operator.close();
          operator = null;
        } else {
          rows.append(batch);
        }
      }
      return index < rows.size();
    }

    void runToEnd() {
      while (!complete) {
        has(rows.size(), Batch.ROWS_MAX);
      }
    }

    @Override
    public void close() {
      if (operator != null) {
        operator.close();
        operator = null;
      }
      rows.clear();
    }
  }

  public static final class WithNode extends PhysicalPlan {
    private final List<Cte> ctes;
    private final PhysicalPlan body;

    public WithNode(List<Cte> ctes, PhysicalPlan body) {
      super(body.output(), body.startupCost(), body.totalCost() + ctes.stream().mapToDouble(c -> c.plan.totalCost()).sum(), body.rows());
      this.ctes = List.copyOf(ctes);
      this.body = body;
    }

    @Override
    public List<PhysicalPlan> children() {
      return List.of(body);
    }

    @Override
    public List<PhysicalPlan> rowIdentitySources(int column) {
      return body.rowIdentitySources(column);
    }

    @Override
    public void explain(ExplainNode node) {
      body.explain(node);
      ctes.forEach(cte -> node.child("CTE " + cte.name, cte.plan));
    }

    @Override
    protected Operator operator(ExecutionContext context) {
      return new DmlOperator() {
        private @Nullable Operator inner;

        private void start() {
          for (Cte cte : ctes) {
            Object old = context.ctes().remove(cte.id);
            if (old instanceof Shared shared) {
              shared.close();
            }
            context.ctes().put(cte.id, new Shared(cte.plan, context));
          }
          for (Cte cte : ctes) {
            if (cte.modifiesData) {
              ((Shared) context.ctes().get(cte.id)).runToEnd();
            }
          }
        }

        @Override
        public void open(ExecutionContext c) {
          start();
          inner = body.open(context);
        }

        @Override
        public @Nullable Batch next(int maxRows) {
          return inner.next(maxRows);
        }

        /// The count of the statement that the WITH belongs to.
        @Override
        public long affectedRows() {
          return inner instanceof DmlOperator dml ? dml.affectedRows() : 0;
        }

        @Override
        public void rescan() {
          start();
          inner.rescan();
        }

        @Override
        public void close() {
          if (inner != null) {
            inner.close();
          }
          for (Cte cte : ctes) {
            if (context.ctes().remove(cte.id) instanceof Shared shared) {
              shared.close();
            }
          }
        }
      };
    }
  }

  public static final class CteScanNode extends PhysicalPlan {
    private final int id;
    private final String alias;

    public CteScanNode(int id, String alias, List<OutputColumn> output, double rows) {
      super(output, 0, rows * 0.02, rows);
      this.id = id;
      this.alias = alias;
    }

    @Override
    public List<PhysicalPlan> children() {
      return List.of();
    }

    @Override
    public void explain(ExplainNode node) {
      node.type("CTE Scan").suffix("on " + alias);
    }

    @Override
    protected Operator operator(ExecutionContext context) {
      return new Operator() {
        private int at;

        @Override
        public void open(ExecutionContext c) {}

        @Override
        public @Nullable Batch next(int maxRows) {
          Shared shared = (Shared) context.ctes().get(id);
          if (shared == null) {
            throw new IllegalStateException("CTE " + alias + " is not running");
          }
          if (!shared.has(at, maxRows)) {
            return null;
          }
          Batch batch = shared.rows.slice(at, maxRows);
          at += batch.rowCount();
          return batch;
        }

        @Override
        public void rescan() {
          at = 0;
        }

        @Override
        public void close() {}
      };
    }
  }

  /// The rows of the previous round, for the recursive term.
  private static final class WorkTable {
    @Nullable RowBuffer rows;
  }

  public static final class WorkTableScanNode extends PhysicalPlan {
    private final int id;

    public WorkTableScanNode(int id, List<OutputColumn> output) {
      super(output, 0, 2, 100);
      this.id = id;
    }

    @Override
    public List<PhysicalPlan> children() {
      return List.of();
    }

    @Override
    public void explain(ExplainNode node) {
      node.type("WorkTable Scan");
    }

    @Override
    protected Operator operator(ExecutionContext context) {
      return new Operator() {
        private int at;

        @Override
        public void open(ExecutionContext c) {}

        @Override
        public @Nullable Batch next(int maxRows) {
          WorkTable table = (WorkTable) context.ctes().get(~id);
          Batch batch = table == null || table.rows == null ? null : table.rows.slice(at, maxRows);
          if (batch != null) {
            at += batch.rowCount();
          }
          return batch;
        }

        @Override
        public void rescan() {
          at = 0;
        }

        @Override
        public void close() {}
      };
    }
  }

  public static final class RecursiveUnionNode extends PhysicalPlan {
    private final int id;
    private final PhysicalPlan start;
    private final PhysicalPlan step;
    private final boolean all;

    public RecursiveUnionNode(int id, PhysicalPlan start, PhysicalPlan step, boolean all, List<OutputColumn> output) {
      super(output, start.startupCost(), start.totalCost() + 10 * step.totalCost(), start.rows() + 10 * step.rows());
      this.id = id;
      this.start = start;
      this.step = step;
      this.all = all;
    }

    @Override
    public List<PhysicalPlan> children() {
      return List.of(start, step);
    }

    @Override
    public void explain(ExplainNode node) {
      node.type("Recursive Union").child(start).child(step);
    }

    @Override
    protected Operator operator(ExecutionContext context) {
      return new Operator() {
        private WorkTable work = new WorkTable();
        private @Nullable RowBuffer next;
        private @Nullable SeenKeys seen;
        private @Nullable Operator current;
        private @Nullable Operator stepOperator;
        private boolean done;

        @Override
        public void open(ExecutionContext c) {
          begin();
        }

        private void begin() {
          work = new WorkTable();
          context.ctes().put(~id, work);
          next = newBuffer();
          seen = all ? null : new SeenKeys(output(), context);
          current = start.open(context);
          done = false;
        }

        private RowBuffer newBuffer() {
          return RowBuffer.spilling(output(), context);
        }

        @Override
        public @Nullable Batch next(int maxRows) {
          while (!done) {
            context.cancel().check();
            // A nested recursion of the same statement has its own entry; ours may have been replaced by a re-run of the outer one.
            context.ctes().put(~id, work);
            Batch batch = current.next(maxRows);
            if (batch == null) {
              if (!nextRound()) {
                done = true;
              }
              continue;
            }
            if (seen != null && seen.keepNew(batch) == 0) {
              continue;
            }
            next.append(batch);
            return batch;
          }
          return null;
        }

        private boolean nextRound() {
          if (current != stepOperator) {
            current.close();
          }
          if (work.rows != null) {
            work.rows.clear();
          }
          work.rows = next;
          next = newBuffer();
          if (work.rows.size() == 0) {
            return false;
          }
          if (stepOperator == null) {
            stepOperator = step.open(context);
          } else {
            stepOperator.rescan();
          }
          current = stepOperator;
          return true;
        }

        @Override
        public void rescan() {
          close();
          begin();
        }

        @Override
        public void close() {
          if (current != null) {
            current.close();
          }
          if (stepOperator != null) {
            stepOperator.close();
            stepOperator = null;
          }
          current = null;
          if (next != null) {
            next.clear();
          }
          if (work.rows != null) {
            work.rows.clear();
          }
          if (seen != null) {
            seen.close();
          }
          context.ctes().remove(~id);
        }
      };
    }
  }
}
