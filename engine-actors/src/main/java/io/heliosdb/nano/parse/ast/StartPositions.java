package io.heliosdb.nano.parse.ast;

import io.heliosdb.nano.parse.ast.Expression.Argument;
import io.heliosdb.nano.parse.ast.Expression.FunctionCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Leftmost positions of expressions, by the rules of PostgreSQL's `exprLocation`: nodes with their own opening token start there,
/// operators start where their left operand starts.
final class StartPositions {
  private StartPositions() {}

  static int of(Expression expression) {
    return switch (expression) {
      case FunctionCall call -> ofCall(call);
      case Expression.OperatorCall op -> leftmost(op.position(), op.left());
      case Expression.And and -> leftmost(and.position(), and.operands().getFirst());
      case Expression.Or or -> leftmost(or.position(), or.operands().getFirst());
      case Expression.IsTest test -> leftmost(test.position(), test.operand());
      case Expression.IsDistinctFrom distinct -> leftmost(distinct.position(), distinct.left());
      case Expression.Between between -> leftmost(between.position(), between.operand());
      case Expression.InList in -> leftmost(in.position(), in.operand());
      case Expression.Like like -> leftmost(like.position(), like.operand());
      case Expression.QuantifiedArray quantified -> leftmost(quantified.position(), quantified.left());
      case Expression.QuantifiedSubquery quantified -> leftmost(quantified.position(), quantified.left());
      case Expression.InSubquery in -> leftmost(in.position(), in.left());
      case Expression.Cast cast -> leftmost(cast.position(), cast.operand());
      case Expression.TypedLiteral typed -> smaller(typed.position(), typed.type().position());
      case Expression.Collate collate -> of(collate.operand());
      case Expression.Subscript subscript -> of(subscript.base());
      case Expression.FieldSelection field -> of(field.base());
      case Expression.StarSelection star -> of(star.base());
      default -> expression.position();
    };
  }

  private static int ofCall(FunctionCall call) {
    List<Argument> arguments = call.arguments();
    return arguments.isEmpty() ? call.position() : leftmost(call.position(), arguments.getFirst().value());
  }

  private static int leftmost(int position, @Nullable Expression first) {
    return first == null ? position : smaller(position, of(first));
  }

  private static int smaller(int a, int b) {
    return a <= 0 ? b : b <= 0 ? a : Math.min(a, b);
  }
}
