package io.heliosdb.nano.parse.ast;

import io.heliosdb.nano.parse.ast.Expression.FunctionCall;
import org.jspecify.annotations.Nullable;

/// Leftmost positions of expressions, by the rules of PostgreSQL's `exprLocation`: nodes with their own opening token start there,
/// operators start where their left operand starts. A loop, because chains of operators may be long.
final class StartPositions {
  private StartPositions() {}

  static int of(Expression expression) {
    int smallest = 0;
    Expression current = expression;
    while (true) {
      int own = current instanceof Expression.TypedLiteral typed ? smaller(typed.position(), typed.type().position()) : current.position();
      Expression left = leftOf(current);
      if (left == null || countsItself(current)) {
        smallest = smaller(smallest, own);
      }
      if (left == null) {
        return smallest;
      }
      current = left;
    }
  }

  /// Whether a node's own position takes part; that of a suffix never does.
  private static boolean countsItself(Expression e) {
    return !(e instanceof Expression.Collate
        || e instanceof Expression.Subscript
        || e instanceof Expression.FieldSelection
        || e instanceof Expression.StarSelection);
  }

  /// The operand that stands in front of the node's own token, if there is one. Plain tests and no pattern switch: this runs for the first
  /// ORDER BY of a process, where setting up such a switch costs milliseconds.
  private static @Nullable Expression leftOf(Expression e) {
    if (e instanceof Expression.ColumnReference || e instanceof Expression.Literal) {
      return null;
    }
    if (e instanceof FunctionCall call) {
      return call.arguments().isEmpty() ? null : call.arguments().getFirst().value();
    }
    if (e instanceof Expression.OperatorCall op) {
      return op.left();
    }
    if (e instanceof Expression.Cast cast) {
      return cast.operand();
    }
    if (e instanceof Expression.And and) {
      return and.operands().getFirst();
    }
    if (e instanceof Expression.Or or) {
      return or.operands().getFirst();
    }
    if (e instanceof Expression.IsTest test) {
      return test.operand();
    }
    if (e instanceof Expression.InList in) {
      return in.operand();
    }
    if (e instanceof Expression.Like like) {
      return like.operand();
    }
    if (e instanceof Expression.Between between) {
      return between.operand();
    }
    if (e instanceof Expression.Collate collate) {
      return collate.operand();
    }
    if (e instanceof Expression.Subscript subscript) {
      return subscript.base();
    }
    if (e instanceof Expression.FieldSelection field) {
      return field.base();
    }
    if (e instanceof Expression.StarSelection star) {
      return star.base();
    }
    return leftOfQuantified(e);
  }

  private static @Nullable Expression leftOfQuantified(Expression e) {
    if (e instanceof Expression.InSubquery in) {
      return in.left();
    }
    if (e instanceof Expression.QuantifiedArray quantified) {
      return quantified.left();
    }
    if (e instanceof Expression.QuantifiedSubquery quantified) {
      return quantified.left();
    }
    return e instanceof Expression.IsDistinctFrom distinct ? distinct.left() : null;
  }

  private static int smaller(int a, int b) {
    return a <= 0 ? b : b <= 0 ? a : Math.min(a, b);
  }
}
