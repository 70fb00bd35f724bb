package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.execute.BoundEvaluator;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.RowAccess;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The operators of an exclusion constraint: two rows conflict when all of them are true. Immutable and shared.
public final class Exclusion {
  private final Evaluator[] operators;

  private Exclusion(Evaluator[] operators) {
    this.operators = operators;
  }

  public static Exclusion of(Relation.Index index, PgType[] types, Catalog catalog) {
    Evaluator[] operators = new Evaluator[index.keyCount()];
    for (int i = 0; i < operators.length; i++) {
      Catalog.OperatorDef operator = catalog.operator(index.exclusionOperators().get(i));
      FunctionDef function = catalog.function(operator.functionOid());
      int collation = index.keys().get(i).collationOid();
      CallSite site = new CallSite(function, List.of(types[i], types[i]), PgTypes.BOOL, -1, collation, false);
      operators[i] = Evaluator.compile(new Expr.Call(site,
          List.of(new Expr.InputColumn(0, types[i], -1, collation), new Expr.InputColumn(1, types[i], -1, collation)), operator.name(),
          Expr.Call.Form.OPERATOR));
    }
    return new Exclusion(operators);
  }

  public Test bind(ExecutionContext context) {
    return new Test(context);
  }

  /// The operators for one statement.
  public final class Test implements AutoCloseable {
    private final BoundEvaluator[] bound = new BoundEvaluator[operators.length];
    private final @Nullable Object[] pair = new Object[2];
    private final RowAccess.OfValues row = new RowAccess.OfValues(pair);

    private Test(ExecutionContext context) {
      for (int i = 0; i < bound.length; i++) {
        bound[i] = operators[i].bind(context);
      }
    }

    /// Whether rows with these key columns conflict.
    public boolean conflict(@Nullable Object[] one, @Nullable Object[] other) {
      for (int i = 0; i < bound.length; i++) {
        if (one[i] == null || other[i] == null) {
          return false;
        }
        pair[0] = one[i];
        pair[1] = other[i];
        if (!Boolean.TRUE.equals(bound[i].eval(row))) {
          return false;
        }
      }
      return true;
    }

    @Override
    public void close() {
      for (BoundEvaluator evaluator : bound) {
        evaluator.close();
      }
    }
  }
}
