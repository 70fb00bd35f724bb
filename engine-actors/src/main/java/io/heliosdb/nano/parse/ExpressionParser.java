package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.Expression.*;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.SourceExpression;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Operators of expressions, by precedence climbing.
///
/// The levels and associativities are those of PostgreSQL 15's grammar (manual, "Operator Precedence"). A restricted expression
/// (`b_expr`) has no AND, OR, NOT, LIKE, IN, BETWEEN, AT TIME ZONE, COLLATE and only some tests of IS, so that these words may follow it.
final class ExpressionParser {
  private static final int OR_LEVEL = 1;
  private static final int AND_LEVEL = 2;
  private static final int NOT_LEVEL = 3;
  private static final int IS_LEVEL = 4;
  private static final int COMPARISON_LEVEL = 5;
  private static final int LIKE_LEVEL = 6;
  private static final int OPERATOR_LEVEL = 8;
  private static final int ADD_LEVEL = 9;
  private static final int MULTIPLY_LEVEL = 10;
  private static final int POWER_LEVEL = 11;
  private static final int AT_LEVEL = 12;
  private static final int COLLATE_LEVEL = 13;
  private static final int SIGN_LEVEL = 14;
  private static final int CAST_LEVEL = 17;

  private ExpressionParser() {}

  static Expression parse(Tokens t) {
    return parse(t, 0, false);
  }

  static Expression parseRestricted(Tokens t) {
    return parse(t, 0, true);
  }

  static List<Expression> parseList(Tokens t) {
    Expression first = parse(t);
    if (!t.is(',')) {
      return List.of(first);
    }
    List<Expression> list = new ArrayList<>();
    list.add(first);
    while (t.accept(',')) {
      list.add(parse(t));
    }
    return List.copyOf(list);
  }

  /// An expression with its text.
  static SourceExpression parseSource(Tokens t) {
    int start = t.start();
    Expression expression = parse(t);
    return new SourceExpression(expression, t.text.substring(start, t.previousEnd()));
  }

  static SourceExpression parseRestrictedSource(Tokens t) {
    int start = t.start();
    Expression expression = parseRestricted(t);
    return new SourceExpression(expression, t.text.substring(start, t.previousEnd()));
  }

  /// `'(' a_expr ')'` with the text inside the parentheses.
  static SourceExpression parseParenthesisedSource(Tokens t) {
    t.expect('(');
    SourceExpression expression = parseSource(t);
    t.expect(')');
    return expression;
  }

  // ------------------------------------------------------------------------------------------ the climbing loop

  private static Expression parse(Tokens t, int minimum, boolean restricted) {
    t.enter();
    Expression left = parsePrefix(t, restricted);
    int closed = -1;
    while (true) {
      int level = level(t, restricted);
      if (level < minimum || level < 0 || t.kind >= Keywords.BASE && t.isOperatorLabel()) {
        break;
      }
      if (level == closed) {
        throw t.syntaxError();
      }
      int kind = t.kind;
      left = parseInfix(t, left, level, restricted);
      closed = endsWithOperand(kind, level, left) ? level : -1;
    }
    t.leave();
    return left;
  }

  /// Comparisons, IS DISTINCT FROM, BETWEEN and LIKE do not associate: the same level may not follow their right operand.
  private static boolean endsWithOperand(int kind, int level, Expression result) {
    return switch (level) {
      case COMPARISON_LEVEL -> result instanceof OperatorCall;
      case LIKE_LEVEL -> result instanceof Like || result instanceof Between;
      case IS_LEVEL -> kind == IS && result instanceof IsDistinctFrom;
      default -> false;
    };
  }

  /// The level of the operator at the current token, -1 if the expression ends here.
  private static int level(Tokens t, boolean restricted) {
    return switch (t.kind) {
      case '+', '-' -> ADD_LEVEL;
      case '*', '/', '%' -> MULTIPLY_LEVEL;
      case '^' -> POWER_LEVEL;
      case '<', '>', '=', LESS_EQUALS, GREATER_EQUALS, NOT_EQUALS -> COMPARISON_LEVEL;
      case OP -> OPERATOR_LEVEL;
      case OPERATOR -> t.peek(1) == '(' ? OPERATOR_LEVEL : -1;
      case TYPECAST -> CAST_LEVEL;
      case IS -> IS_LEVEL;
      case AND -> restricted ? -1 : AND_LEVEL;
      case OR -> restricted ? -1 : OR_LEVEL;
      case ISNULL, NOTNULL -> restricted ? -1 : IS_LEVEL;
      case BETWEEN, IN, LIKE, ILIKE -> restricted ? -1 : LIKE_LEVEL;
      case SIMILAR -> restricted || t.peek(1) != TO ? -1 : LIKE_LEVEL;
      case NOT -> restricted || !negatable(t.peek(1)) ? -1 : LIKE_LEVEL;
      case AT -> restricted || t.peek(1) != TIME ? -1 : AT_LEVEL;
      case COLLATE -> restricted ? -1 : COLLATE_LEVEL;
      default -> -1;
    };
  }

  private static boolean negatable(int kind) {
    return kind == BETWEEN || kind == IN || kind == LIKE || kind == ILIKE || kind == SIMILAR;
  }

  private static Expression parseInfix(Tokens t, Expression left, int level, boolean restricted) {
    return switch (level) {
      case OR_LEVEL -> parseOr(t, left);
      case AND_LEVEL -> parseAnd(t, left);
      case IS_LEVEL -> parseIs(t, left, restricted);
      case LIKE_LEVEL -> parseLike(t, left);
      case AT_LEVEL -> parseAtTimeZone(t, left);
      case COLLATE_LEVEL -> parseCollate(t, left);
      case CAST_LEVEL -> parseCast(t, left);
      default -> parseOperator(t, left, level, restricted);
    };
  }

  private static Expression parsePrefix(Tokens t, boolean restricted) {
    return switch (t.kind) {
      case '-' -> parseNegation(t, restricted);
      case '+' -> {
        QualifiedName plus = symbol(t);
        t.advance();
        yield new OperatorCall(plus, null, parse(t, SIGN_LEVEL, restricted), plus.position());
      }
      case OP -> {
        QualifiedName operator = parseQualifiedOperator(t);
        yield new OperatorCall(operator, null, parse(t, OPERATOR_LEVEL + 1, restricted), operator.position());
      }
      case OPERATOR -> {
        if (t.peek(1) != '(') {
          yield PrimaryParser.parse(t);
        }
        QualifiedName operator = parseQualifiedOperator(t);
        yield new OperatorCall(operator, null, parse(t, OPERATOR_LEVEL + 1, restricted), operator.position());
      }
      case NOT -> {
        if (restricted) {
          throw t.syntaxError();
        }
        int position = t.position();
        t.advance();
        yield new Not(parse(t, NOT_LEVEL, false), position);
      }
      case DEFAULT -> {
        if (restricted) {
          throw t.syntaxError();
        }
        int position = t.position();
        t.advance();
        yield new DefaultValue(position);
      }
      case UNIQUE -> {
        if (restricted) {
          throw t.syntaxError();
        }
        throw uniquePredicate(t);
      }
      default -> PrimaryParser.parse(t);
    };
  }

  private static SqlException uniquePredicate(Tokens t) {
    int position = t.position();
    t.advance();
    SelectParser.parseParenthesised(t);
    return new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "UNIQUE predicate is not yet implemented").at(position);
  }

  /// A minus folds into a numeric constant, so that the smallest integers can be written.
  private static Expression parseNegation(Tokens t, boolean restricted) {
    int position = t.position();
    t.advance();
    Expression operand = parse(t, SIGN_LEVEL, restricted);
    if (operand instanceof LiftedLiteral lifted && negate(lifted.literal(), position) instanceof Literal negated) {
      t.liftedNegated.flip(lifted.index());
      return new LiftedLiteral(lifted.index(), negated, !lifted.negated(), position);
    }
    Literal negated = operand instanceof Literal literal ? negate(literal, position) : null;
    return negated != null ? negated : new OperatorCall(QualifiedName.of("-", position), null, operand, position);
  }

  /// The negative of a number, null for other literals.
  private static @Nullable Literal negate(Literal literal, int position) {
    if (literal instanceof IntegerLiteral integer) {
      return integer.value() == Integer.MIN_VALUE ? new DecimalLiteral("2147483648", position)
          : new IntegerLiteral(-integer.value(), position);
    }
    return literal instanceof DecimalLiteral decimal ? negate(decimal, position) : null;
  }

  private static Literal negate(DecimalLiteral literal, int position) {
    String text = literal.text();
    if (text.equals("2147483648")) {
      // Without its sign it is one more than an integer holds.
      return new IntegerLiteral(Integer.MIN_VALUE, position);
    }
    return new DecimalLiteral(text.startsWith("-") ? text.substring(1) : "-" + text, position);
  }

  // ------------------------------------------------------------------------------------------ infix forms

  private static Expression parseOr(Tokens t, Expression left) {
    int position = left instanceof Or or ? or.position() : t.position();
    List<Expression> operands = new ArrayList<>();
    if (left instanceof Or or) {
      operands.addAll(or.operands());
    } else {
      operands.add(left);
    }
    while (t.is(OR) && !t.isOperatorLabel()) {
      t.advance();
      operands.add(parse(t, OR_LEVEL + 1, false));
    }
    return new Or(List.copyOf(operands), position);
  }

  private static Expression parseAnd(Tokens t, Expression left) {
    int position = left instanceof And and ? and.position() : t.position();
    List<Expression> operands = new ArrayList<>();
    if (left instanceof And and) {
      operands.addAll(and.operands());
    } else {
      operands.add(left);
    }
    while (t.is(AND) && !t.isOperatorLabel()) {
      t.advance();
      operands.add(parse(t, AND_LEVEL + 1, false));
    }
    return new And(List.copyOf(operands), position);
  }

  private static Expression parseOperator(Tokens t, Expression left, int level, boolean restricted) {
    QualifiedName operator = parseOperatorName(t);
    if (!restricted && (t.kind == ANY || t.kind == SOME || t.kind == ALL)) {
      return parseQuantified(t, left, operator, operator.position());
    }
    return new OperatorCall(operator, left, parse(t, level + 1, restricted), operator.position());
  }

  /// `ANY|SOME|ALL (array or sub-query)`.
  private static Expression parseQuantified(Tokens t, Expression left, QualifiedName operator, int position) {
    boolean all = t.is(ALL);
    t.advance();
    if (t.is('(') && SelectParser.isParenthesisedQuery(t, t.index)) {
      return new QuantifiedSubquery(operator, all, left, SelectParser.parseParenthesised(t), position);
    }
    t.expect('(');
    Expression array = parse(t);
    t.expect(')');
    return new QuantifiedArray(operator, all, left, array, position);
  }

  private static Expression parseIs(Tokens t, Expression left, boolean restricted) {
    int position = t.position();
    if (t.accept(ISNULL)) {
      return new IsTest(left, IsKind.NULL, false, position);
    }
    if (t.accept(NOTNULL)) {
      return new IsTest(left, IsKind.NULL, true, position);
    }
    t.expect(IS);
    boolean negated = t.accept(NOT);
    if (t.accept(DISTINCT)) {
      t.expect(FROM);
      return new IsDistinctFrom(left, parse(t, IS_LEVEL + 1, restricted), negated, position);
    }
    if (t.accept(DOCUMENT)) {
      return new IsTest(left, IsKind.DOCUMENT, negated, position);
    }
    if (restricted) {
      throw t.syntaxError();
    }
    IsKind kind =
        switch (t.kind) {
          case NULL -> IsKind.NULL;
          case TRUE -> IsKind.TRUE;
          case FALSE -> IsKind.FALSE;
          case UNKNOWN -> IsKind.UNKNOWN;
          default -> null;
        };
    if (kind != null) {
      t.advance();
      return new IsTest(left, kind, negated, position);
    }
    return parseNormalized(t, left, negated, position);
  }

  private static Expression parseNormalized(Tokens t, Expression left, boolean negated, int position) {
    Expression form = PrimaryParser.parseNormalForm(t);
    t.expect(NORMALIZED);
    Expression call =
        form == null ? FunctionCall.system("is_normalized", position, left) : FunctionCall.system("is_normalized", position, left, form);
    return negated ? new Not(call, position) : call;
  }

  private static Expression parseLike(Tokens t, Expression left) {
    int position = t.position();
    boolean negated = t.accept(NOT);
    switch (t.kind) {
      case BETWEEN -> {
        t.advance();
        return parseBetween(t, left, negated, position);
      }
      case IN -> {
        t.advance();
        return parseIn(t, left, negated, position);
      }
      default -> {}
    }
    LikeKind kind = t.is(LIKE) ? LikeKind.LIKE : t.is(ILIKE) ? LikeKind.ILIKE : LikeKind.SIMILAR;
    t.advance();
    if (kind == LikeKind.SIMILAR) {
      t.expect(TO);
    } else if (t.kind == ANY || t.kind == SOME || t.kind == ALL) {
      return parseQuantified(t, left, QualifiedName.of(kind.operator(negated), position), position);
    }
    Expression pattern = parse(t, LIKE_LEVEL + 1, false);
    Expression escape = t.accept(ESCAPE) ? parse(t, LIKE_LEVEL + 1, false) : null;
    return new Like(kind, left, pattern, escape, negated, position);
  }

  private static Expression parseBetween(Tokens t, Expression left, boolean negated, int position) {
    boolean symmetric = t.accept(SYMMETRIC);
    if (!symmetric) {
      t.accept(ASYMMETRIC);
    }
    Expression low = parseRestricted(t);
    t.expect(AND);
    Expression high = parse(t, LIKE_LEVEL + 1, false);
    return new Between(left, low, high, symmetric, negated, position);
  }

  private static Expression parseIn(Tokens t, Expression left, boolean negated, int position) {
    if (t.is('(') && SelectParser.isParenthesisedQuery(t, t.index)) {
      return new InSubquery(left, SelectParser.parseParenthesised(t), negated, position);
    }
    t.expect('(');
    List<Expression> values = parseList(t);
    t.expect(')');
    return new InList(left, values, negated, position);
  }

  private static Expression parseAtTimeZone(Tokens t, Expression left) {
    int position = t.position();
    t.expect(AT);
    t.expect(TIME);
    t.expect(ZONE);
    return FunctionCall.system("timezone", position, parse(t, AT_LEVEL + 1, false), left);
  }

  private static Expression parseCollate(Tokens t, Expression left) {
    int position = t.position();
    t.expect(COLLATE);
    return new Collate(left, NameParser.parseAnyName(t), position);
  }

  private static Expression parseCast(Tokens t, Expression left) {
    int position = t.position();
    t.expect(TYPECAST);
    return new Cast(left, TypeParser.parse(t), position);
  }

  // ------------------------------------------------------------------------------------------ operator names

  /// The operator at the current token, which is one of the operator kinds or OPERATOR(…).
  private static QualifiedName parseOperatorName(Tokens t) {
    if (t.kind == OPERATOR || t.kind == OP) {
      return parseQualifiedOperator(t);
    }
    QualifiedName name = symbol(t);
    t.advance();
    return name;
  }

  private static QualifiedName symbol(Tokens t) {
    return QualifiedName.of(t.operator(t.index), t.position());
  }

  /// qual_Op: `Op` or `OPERATOR(schema.op)`.
  static QualifiedName parseQualifiedOperator(Tokens t) {
    int position = t.position();
    if (t.accept(OPERATOR)) {
      t.expect('(');
      QualifiedName name = parseAnyOperator(t, position);
      t.expect(')');
      return name;
    }
    if (t.kind != OP) {
      throw t.syntaxError();
    }
    QualifiedName name = symbol(t);
    t.advance();
    return name;
  }

  /// qual_all_Op: any operator symbol, or OPERATOR(…).
  static QualifiedName parseQualifiedAnySymbol(Tokens t) {
    if (t.is(OPERATOR)) {
      return parseQualifiedOperator(t);
    }
    return parseAnyOperator(t, t.position());
  }

  /// any_operator: a symbol with any number of schema names in front.
  static QualifiedName parseAnyOperator(Tokens t, int position) {
    List<@Nullable String> parts = new ArrayList<>(2);
    while (isColumnIdentifier(t.kind)) {
      parts.add(t.columnIdentifier());
      t.expect('.');
    }
    if (!isOperatorSymbol(t.kind)) {
      throw t.syntaxError();
    }
    parts.add(t.operator(t.index));
    t.advance();
    return new QualifiedName(List.copyOf(parts), position);
  }

  static boolean isOperatorSymbol(int kind) {
    return switch (kind) {
      case '+', '-', '*', '/', '%', '^', '<', '>', '=', LESS_EQUALS, GREATER_EQUALS, NOT_EQUALS, OP -> true;
      default -> false;
    };
  }
}
