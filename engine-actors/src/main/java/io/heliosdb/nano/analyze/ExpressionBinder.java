package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.type.PgType;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Binds expressions that DDL keeps in the catalog: defaults, checks, index expressions and predicates, policies, trigger conditions.
///
/// The row of a bound expression is the whole table: input column `attnum - 1`, dropped columns included. A trigger condition sees
/// (OLD columns…, NEW columns…). A domain check refers to the value by [Expr.CaseValue].
public final class ExpressionBinder {
  private ExpressionBinder() {}

  /// What an expression is for; decides what it may contain and PostgreSQL's words for it in messages.
  public enum Use {
    COLUMN_DEFAULT, GENERATED_COLUMN, CHECK_CONSTRAINT, DOMAIN_CHECK, DOMAIN_DEFAULT, INDEX_EXPRESSION, INDEX_PREDICATE, POLICY, TRIGGER_WHEN,
    PARTITION_KEY, PARTITION_BOUND, ALTER_USING, EXECUTE_PARAMETER, CALL_ARGUMENT, COPY_WHERE, FUNCTION_DEFAULT, RULE_WHEN, STATISTICS, OTHER
  }

  /// @param text canonical SQL of the expression, search-path independent, that binds to the same expression again
  /// @param columns attnums of the table that it reads; 0 stands for the whole row
  /// @param volatility the weakest of all functions in it: `i`, `s` or `v`
  /// @param functions oids of user-defined functions it calls
  /// @param collation derived collation oid
  public record BoundExpression(Expr expression, String text, List<Integer> columns, char volatility, Set<Integer> functions, int collation) {}

  /// Binds `expression`, over `table` if it is not null.
  ///
  /// @param target type the result is assigned to (assignment cast), null to keep the expression's own
  public static BoundExpression bind(
      Expression expression, @Nullable Relation table, Use use, @Nullable PgType target, int typmod, AnalyzerContext context) {
    throw SqlException.notSupported("binding of expressions");
  }

  /// Parses and binds text from the catalog.
  public static BoundExpression bind(String text, @Nullable Relation table, Use use, @Nullable PgType target, int typmod, AnalyzerContext context) {
    throw SqlException.notSupported("binding of expressions");
  }
}
