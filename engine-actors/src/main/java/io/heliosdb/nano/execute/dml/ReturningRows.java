package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.execute.BoundEvaluator;
import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.RowAccess;
import io.heliosdb.nano.plan.Planner;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rows of RETURNING of one statement, gathered a batch at a time.
final class ReturningRows implements AutoCloseable {
  private static final int SMALL = 16;

  /// RETURNING, compiled. Immutable.
  record Plan(List<OutputColumn> output, Evaluator[] expressions) {
    static @Nullable Plan of(LogicalPlan.@Nullable Returning returning, Planner planner) {
      return returning == null ? null : new Plan(returning.output(), returning.expressions().stream().map(planner::compile).toArray(Evaluator[]::new));
    }
  }

  private final Plan plan;
  private final BoundEvaluator[] expressions;
  private Batch batch;
  private int capacity = SMALL;

  ReturningRows(Plan plan, ExecutionContext context) {
    this.plan = plan;
    expressions = new BoundEvaluator[plan.expressions().length];
    for (int i = 0; i < expressions.length; i++) {
      expressions[i] = plan.expressions()[i].bind(context);
    }
    batch = Batch.of(plan.output(), capacity);
  }

  /// Makes room for up to `rows` rows and forgets those given.
  void begin(int rows) {
    if (rows > capacity) {
      capacity = Batch.ROWS_MAX;
      batch = Batch.of(plan.output(), capacity);
    } else {
      batch.reset();
    }
  }

  void add(RowAccess row) {
    Object[] values = new Object[expressions.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = expressions[i].eval(row);
    }
    batch.append(values);
  }

  /// The rows added since [#begin], null when there are none.
  @Nullable Batch take() {
    return batch.rowCount() == 0 ? null : batch;
  }

  @Override
  public void close() {
    for (BoundEvaluator expression : expressions) {
      expression.close();
    }
  }
}
