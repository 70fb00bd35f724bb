package io.heliosdb.nano.execute;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.Identifiers;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// VERSIONS BETWEEN: the versions of a table's rows in a span of time, as the session's services give them.
public final class VersionScanNode extends PhysicalPlan {
  private final Relation.Table table;
  private final LogicalPlan.AsOf.Kind kind;
  private final Evaluator low;
  private final Evaluator high;
  private final String alias;

  public VersionScanNode(Relation.Table table, LogicalPlan.AsOf.Kind kind, Evaluator low, Evaluator high, String alias, List<OutputColumn> output) {
    super(output, 0, 1000, 1000);
    this.table = table;
    this.kind = kind;
    this.low = low;
    this.high = high;
    this.alias = alias;
  }

  @Override
  public List<PhysicalPlan> children() {
    return List.of();
  }

  @Override
  public void explain(ExplainNode node) {
    String name = Identifiers.quoteIfNeeded(table.name());
    node.type("Version Scan").suffix("on " + name + (alias.equals(table.name()) ? "" : " " + Identifiers.quoteIfNeeded(alias)));
  }

  @Override
  protected Operator operator(ExecutionContext context) {
    return new RowsOperator(rowCountMax -> Batch.of(output(), rowCountMax), context) {
      @Override
      Iterator<@Nullable Object[]> start() {
        return context.services().versions(table, kind, low.evaluate(context), high.evaluate(context), context.access());
      }
    };
  }
}
