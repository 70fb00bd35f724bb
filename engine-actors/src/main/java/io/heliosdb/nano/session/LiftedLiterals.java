package io.heliosdb.nano.session;

import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.parse.StatementNormalizer;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.plan.Exprs;
import io.heliosdb.nano.plan.PlanTrees;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeIo;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The types that a plan wants its lifted literals in, and the conversion of a statement's literals to them. Immutable.
final class LiftedLiterals {
  private record Target(PgType type, int typmod) {}

  private final @Nullable Target[] targets;
  private final BitSet negated;

  private LiftedLiterals(@Nullable Target[] targets, BitSet negated) {
    this.targets = targets;
    this.negated = negated;
  }

  /// Null when one literal is wanted in two types.
  ///
  /// @param negated literals that a minus sign belongs to
  static @Nullable LiftedLiterals of(LogicalPlan plan, int count, BitSet negated) {
    Map<Integer, Target> found = new HashMap<>();
    if (!collect(plan, found)) {
      return null;
    }
    Target[] targets = new Target[count];
    found.forEach((slot, target) -> targets[slot] = target);
    return new LiftedLiterals(targets, negated);
  }

  private static boolean collect(LogicalPlan plan, Map<Integer, Target> found) {
    boolean[] agree = {true};
    PlanTrees.expressions(plan, expression -> Exprs.walk(expression, e -> agree[0] &= visit(e, found)));
    for (LogicalPlan child : PlanTrees.children(plan)) {
      agree[0] &= collect(child, found);
    }
    return agree[0];
  }

  private static boolean visit(Expr expression, Map<Integer, Target> found) {
    if (expression instanceof Expr.LiftedConst lifted) {
      Target target = new Target(lifted.type(), lifted.typmod());
      Target known = found.putIfAbsent(lifted.slot(), target);
      return known == null || known.type().oid() == target.type().oid();
    }
    return !(expression instanceof Expr.Subquery subquery) || collect(subquery.plan(), found);
  }

  /// The literals of a statement as the values its plan runs with.
  ///
  /// @throws io.heliosdb.nano.error.SqlException with the literal's position when a string is no value of its type
  @Nullable Object[] values(StatementNormalizer.Normalized statement, IoContext io) {
    Object[] values = new Object[targets.length];
    for (int i = 0; i < values.length; i++) {
      Target target = targets[i];
      if (target != null) {
        values[i] = value(statement.literal(i), negated.get(i), target, io);
      }
    }
    return values;
  }

  private static Object value(Expression.Literal literal, boolean minus, Target target, IoContext io) {
    return switch (literal) {
      case Expression.IntegerLiteral integer -> {
        int number = minus ? -integer.value() : integer.value();
        yield switch (target.type().family()) {
          case INT2, INT4 -> number;
          case INT8 -> (long) number;
          case NUMERIC -> Numeric.of(number);
          case FLOAT8 -> (double) number;
          default -> parse(target, Integer.toString(number), integer.position(), io);
        };
      }
      case Expression.DecimalLiteral decimal -> parse(target, minus ? "-" + decimal.text() : decimal.text(), decimal.position(), io);
      case Expression.StringLiteral string -> parse(target, string.value(), string.position(), io);
      default -> throw new IllegalStateException("a lifted literal of class " + literal.getClass());
    };
  }

  private static Object parse(Target target, String text, int position, IoContext io) {
    try {
      return TypeIo.parse(target.type(), target.typmod(), text, io);
    } catch (io.heliosdb.nano.error.SqlException e) {
      throw e.at(position);
    }
  }
}
