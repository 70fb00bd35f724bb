package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import org.jspecify.annotations.Nullable;

/// SEARCH and CYCLE clauses of recursive queries, by extra columns that carry the path.
final class SearchCycle {
  private SearchCycle() {}

  static void bind(Analysis analysis, ExpressionAnalyzer expressions, Query.Cte cte) {
    throw SqlException.notSupported(cte.ast.search() != null ? "SEARCH clause" : "CYCLE clause").at(cte.position);
  }

  static void addColumns(Analysis analysis, Query.Cte cte, ExpressionAnalyzer expressions) {}

  /// Builds the recursion with its extra columns.
  static final class Plans {
    Plans(PlanBuilder plans) {}

    LogicalPlan build(Query.Cte cte, Query.SetNode node, @Nullable RowFrame outer) {
      throw SqlException.notSupported("SEARCH and CYCLE clauses");
    }
  }
}
