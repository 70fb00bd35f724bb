package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.BoundEvaluator;
import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.RowAccess;
import io.heliosdb.nano.plan.Planner;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.CheckOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Conditions that views and row security set on new rows. Row security comes before the table's own constraints, WITH CHECK OPTION after
/// the row is written, as in PostgreSQL. Belongs to one statement.
final class CheckOptions implements AutoCloseable {
  static final CheckOptions NONE = new CheckOptions(new Plan(new Evaluator[0], new CheckOption[0]), null);

  /// Compiled; immutable.
  record Plan(Evaluator[] conditions, CheckOption[] options) {
    static Plan of(List<CheckOption> options, Planner planner) {
      return new Plan(options.stream().map(option -> planner.compile(option.condition())).toArray(Evaluator[]::new), options.toArray(CheckOption[]::new));
    }

    /// The checks for one kind of row: those for it alone and, unless it is the row found, those for any new row.
    Plan on(LogicalPlan.CheckedRow row) {
      java.util.List<Evaluator> chosen = new java.util.ArrayList<>();
      java.util.List<CheckOption> kept = new java.util.ArrayList<>();
      for (int i = 0; i < options.length; i++) {
        boolean any = options[i].row() == LogicalPlan.CheckedRow.NEW && row != LogicalPlan.CheckedRow.FOUND;
        if (any || options[i].row() == row) {
          chosen.add(conditions[i]);
          kept.add(options[i]);
        }
      }
      return new Plan(chosen.toArray(Evaluator[]::new), kept.toArray(CheckOption[]::new));
    }

    CheckOptions open(ExecutionContext context) {
      return options.length == 0 ? NONE : new CheckOptions(this, context);
    }
  }

  private final Plan plan;
  private final BoundEvaluator[] conditions;
  private final RowAccess.OfValues access = new RowAccess.OfValues(new Object[0]);

  CheckOptions(Plan plan, @Nullable ExecutionContext context) {
    this.plan = plan;
    conditions = new BoundEvaluator[plan.conditions().length];
    for (int i = 0; i < conditions.length; i++) {
      conditions[i] = plan.conditions()[i].bind(context);
    }
  }

  boolean isEmpty() {
    return conditions.length == 0;
  }

  /// Row security.
  void checkPolicies(@Nullable Object[] row) {
    check(row, false);
  }

  /// WITH CHECK OPTION.
  void checkViews(@Nullable Object[] row, WriteTarget target, WriteRun run) {
    for (int i = 0; i < conditions.length; i++) {
      SqlException violation = plan.options()[i].violation();
      if (violation.state().equals(SqlState.WITH_CHECK_OPTION_VIOLATION) && !holds(i, row)) {
        throw violation.detail() == null ? violation.withDetail(ConstraintErrors.failingRow(target, row, run.context().call())) : violation;
      }
    }
  }

  private void check(@Nullable Object[] row, boolean views) {
    for (int i = 0; i < conditions.length; i++) {
      SqlException violation = plan.options()[i].violation();
      if (violation.state().equals(SqlState.WITH_CHECK_OPTION_VIOLATION) == views && !holds(i, row)) {
        throw violation;
      }
    }
  }

  private boolean holds(int i, @Nullable Object[] row) {
    access.values = row;
    return conditions[i].test(access);
  }

  @Override
  public void close() {
    for (BoundEvaluator condition : conditions) {
      condition.close();
    }
  }
}
