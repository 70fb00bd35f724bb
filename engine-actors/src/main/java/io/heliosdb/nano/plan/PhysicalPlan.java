package io.heliosdb.nano.plan;

import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.Operator;
import io.heliosdb.nano.execute.PlanStatistics;
import io.heliosdb.nano.execute.TableScanNode;
import io.heliosdb.nano.execute.TimedOperator;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A node of an executable plan. Immutable once planned, cacheable and thread-safe: all state of a run is in the operators it opens.
///
/// Costs are in PostgreSQL's units (1 = a sequential page read); `rows` is the planner's guess.
public abstract class PhysicalPlan {
  private final List<OutputColumn> output;
  private final double startupCost;
  private final double totalCost;
  private final double rows;

  protected PhysicalPlan(List<OutputColumn> output, double startupCost, double totalCost, double rows) {
    this.output = List.copyOf(output);
    this.startupCost = startupCost;
    this.totalCost = totalCost;
    this.rows = Math.max(rows, 0);
  }

  public final List<OutputColumn> output() {
    return output;
  }

  public final double startupCost() {
    return startupCost;
  }

  public final double totalCost() {
    return totalCost;
  }

  public final double rows() {
    return rows;
  }

  /// Average bytes of an output row, for EXPLAIN.
  public int width() {
    int width = 0;
    for (OutputColumn column : output) {
      int length = column.type().length();
      width += length > 0 ? length : 32;
    }
    return width;
  }

  /// Makes the operator; does not open it.
  protected abstract Operator operator(ExecutionContext context);

  /// Makes and opens the operator of this node; the caller closes it.
  public final Operator open(ExecutionContext context) {
    Operator operator = operator(context);
    PlanStatistics statistics = context.statistics();
    if (statistics != null) {
      operator = new TimedOperator(operator, statistics.node(this));
    }
    boolean opened = false;
    try {
      operator.open(context);
      opened = true;
    } finally {
      if (!opened) {
        operator.close();
      }
    }
    return operator;
  }

  public abstract List<PhysicalPlan> children();

  /// The scan that several threads can divide among them so that each, running this node over its part, gets its part of this node's rows; null when there is
  /// none.
  public @Nullable TableScanNode sharedScan() {
    return null;
  }

  /// Whether another thread than the session's may run all of this node, with data access of its own.
  public boolean isParallelSafe() {
    return false;
  }

  /// The part of the cost that every thread of a divided run pays in full.
  public double repeatedCost() {
    return 0;
  }

  /// The scans whose hidden row identity output column `column` carries unchanged (one of them per row); empty for other columns.
  public List<PhysicalPlan> rowIdentitySources(int column) {
    return List.of();
  }

  /// Adds the scans under this node that show a row identity, with the output column it stands in.
  public final void collectRowIdentities(java.util.Map<PhysicalPlan, Integer> columnsByScan) {
    for (int i = 0; i < output.size(); i++) {
      for (PhysicalPlan scan : rowIdentitySources(i)) {
        columnsByScan.put(scan, i);
      }
    }
  }

  /// What EXPLAIN calls the output columns where several tables are in play: `alias.column` if they come from a table unchanged.
  public List<String> explainNames() {
    List<PhysicalPlan> inputs = children();
    if (inputs.size() == 1 && inputs.getFirst().output().size() == output.size()) {
      return inputs.getFirst().explainNames();
    }
    return ExprText.names(output);
  }

  /// Whether rows of more than one relation meet at or below this node.
  public boolean joinsRelations() {
    List<PhysicalPlan> inputs = children();
    return inputs.size() > 1 || inputs.size() == 1 && inputs.getFirst().joinsRelations();
  }

  /// The node whose counters EXPLAIN ANALYZE shows for this one.
  public PhysicalPlan statisticsSource() {
    return this;
  }

  /// Says what the node is and does, for EXPLAIN.
  public abstract void explain(ExplainNode node);

  /// The plan as EXPLAIN shows it.
  ///
  /// @param statistics of a finished run (ANALYZE), or null
  public final List<String> explain(ExplainOptions options, @Nullable PlanStatistics statistics) {
    return ExplainWriter.write(this, options, statistics);
  }
}
