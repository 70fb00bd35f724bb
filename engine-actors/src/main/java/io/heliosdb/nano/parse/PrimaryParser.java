package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.Expression.*;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.TypeName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Operands of expressions (`c_expr`): constants, names, parentheses, CASE, sub-queries, constructors.
final class PrimaryParser {
  private PrimaryParser() {}

  static Expression parse(Tokens t) {
    int kind = t.kind;
    switch (kind) {
      case ICONST, FCONST, SCONST, BCONST, XCONST -> {
        return parseConstant(t);
      }
      case PARAM -> {
        return parseIndirection(t, parseParameter(t));
      }
      case '(' -> {
        return parseParenthesis(t);
      }
      case TRUE, FALSE -> {
        int position = t.position();
        t.advance();
        return new BooleanLiteral(kind == TRUE, position);
      }
      case NULL -> {
        int position = t.position();
        t.advance();
        return new NullLiteral(position);
      }
      case CASE -> {
        return parseCase(t);
      }
      case ARRAY -> {
        return parseArray(t);
      }
      case IDENT -> {
        return parseNamed(t);
      }
      default -> {
        return kind >= Keywords.BASE ? parseWord(t, kind) : fail(t);
      }
    }
  }

  private static Expression fail(Tokens t) {
    throw t.syntaxError();
  }

  /// Operands that begin with a key word.
  private static Expression parseWord(Tokens t, int kind) {
    switch (kind) {
      case EXISTS -> {
        if (t.peek(1) == '(') {
          int position = t.position();
          t.advance();
          return new Exists(SelectParser.parseParenthesised(t), position);
        }
      }
      case ROW -> {
        if (t.peek(1) == '(') {
          return parseRow(t);
        }
      }
      case GROUPING -> {
        if (t.peek(1) == '(') {
          return parseGrouping(t);
        }
      }
      case INTERVAL -> {
        if (t.peek(1) == SCONST || t.peek(1) == '(') {
          return parseInterval(t);
        }
      }
      case CURRENT_CATALOG, CURRENT_DATE, CURRENT_ROLE, CURRENT_TIME, CURRENT_TIMESTAMP, CURRENT_USER, LOCALTIME, LOCALTIMESTAMP,
          SESSION_USER, USER, CAST -> {
        return FunctionParser.parseSpecial(t);
      }
      case CURRENT_SCHEMA -> {
        if (t.peek(1) != '(' && t.peek(1) != '.' && t.peek(1) != SCONST) {
          return FunctionParser.parseSpecial(t);
        }
      }
      case COLLATION -> {
        if (t.peek(1) == FOR) {
          return FunctionParser.parseSpecial(t);
        }
      }
      case COALESCE, EXTRACT, GREATEST, LEAST, NORMALIZE, NULLIF, OVERLAY, POSITION, SUBSTRING, TREAT, TRIM, XMLCONCAT, XMLELEMENT,
          XMLEXISTS, XMLFOREST, XMLPARSE, XMLPI, XMLROOT, XMLSERIALIZE -> {
        if (t.peek(1) == '(') {
          return FunctionParser.parseSpecial(t);
        }
      }
      default -> {
        if (TypeParser.startsTypedLiteral(t)) {
          return parseTypedLiteral(t);
        }
      }
    }
    return parseNamed(t);
  }

  // ------------------------------------------------------------------------------------------ constants

  /// A number, string or bit string; as a [LiftedLiteral] where the statement normaliser lifted it.
  static Expression parseConstant(Tokens t) {
    int at = t.index;
    Literal literal = constant(t, at);
    t.advance();
    if (t.lifted != null) {
      int index = Arrays.binarySearch(t.lifted, at);
      if (index >= 0) {
        t.liftedMet++;
        return new LiftedLiteral(index, literal, false, literal.position());
      }
    }
    return literal;
  }

  static Literal constant(Tokens t, int at) {
    int position = t.positionAt(at);
    return switch (t.kinds[at]) {
      case ICONST -> new IntegerLiteral(t.integer(at), position);
      case FCONST -> new DecimalLiteral(t.raw(at), position);
      case SCONST -> new StringLiteral(t.string(at), position);
      case BCONST -> new BitLiteral(t.string(at), false, position);
      case XCONST -> new BitLiteral(t.string(at), true, position);
      default -> throw t.syntaxErrorAt(at);
    };
  }

  private static Expression parseParameter(Tokens t) {
    String digits = t.text.substring(t.start() + 1, t.ends[t.index]);
    int number = digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    Expression parameter = new Parameter(number, t.position());
    t.parameterMax = Math.max(t.parameterMax, number);
    t.advance();
    return parameter;
  }

  private static Expression parseTypedLiteral(Tokens t) {
    TypeName type = TypeParser.parseSimple(t, true);
    return typedLiteral(t, type);
  }

  private static Expression typedLiteral(Tokens t, TypeName type) {
    int position = t.position();
    return new TypedLiteral(type, t.stringConstant(), position);
  }

  private static Expression parseInterval(Tokens t) {
    int position = t.position();
    if (t.peek(1) == '(') {
      return typedLiteral(t, TypeParser.parseSimple(t, true));
    }
    t.advance();
    int stringPosition = t.position();
    String value = t.stringConstant();
    return new TypedLiteral(TypeParser.parseIntervalFields(t, position), value, stringPosition);
  }

  // ------------------------------------------------------------------------------------------ parentheses and indirection

  private static Expression parseParenthesis(Tokens t) {
    int position = t.position();
    if (SelectParser.isParenthesisedQuery(t, t.index)) {
      SelectStatement query = SelectParser.parseParenthesised(t);
      return parseIndirection(t, new ScalarSubquery(query, position));
    }
    t.expect('(');
    Expression first = ExpressionParser.parse(t);
    if (!t.is(',')) {
      t.expect(')');
      return parseIndirection(t, first);
    }
    List<Expression> fields = new ArrayList<>();
    fields.add(first);
    while (t.accept(',')) {
      fields.add(ExpressionParser.parse(t));
    }
    t.expect(')');
    return parseOverlaps(t, new RowConstructor(List.copyOf(fields), false, position));
  }

  private static Expression parseRow(Tokens t) {
    int position = t.position();
    t.expect(ROW);
    t.expect('(');
    List<Expression> fields = t.is(')') ? List.of() : ExpressionParser.parseList(t);
    t.expect(')');
    return parseOverlaps(t, new RowConstructor(fields, true, position));
  }

  /// `row OVERLAPS row`, which PostgreSQL turns into a call with four arguments.
  private static Expression parseOverlaps(Tokens t, RowConstructor left) {
    if (!t.is(OVERLAPS) || t.peek(1) != '(' && t.peek(1) != ROW) {
      return left;
    }
    int position = t.position();
    t.advance();
    int rightPosition = t.position();
    Expression right = t.is(ROW) ? parseRow(t) : parseParenthesis(t);
    if (!(right instanceof RowConstructor row)) {
      throw t.syntaxError();
    }
    if (left.fields().size() != 2) {
      throw t.grammarError("wrong number of parameters on left side of OVERLAPS expression", left.position());
    }
    if (row.fields().size() != 2) {
      throw t.grammarError("wrong number of parameters on right side of OVERLAPS expression", rightPosition);
    }
    return FunctionCall.system(
        "overlaps", position, left.fields().get(0), left.fields().get(1), row.fields().get(0), row.fields().get(1));
  }

  /// opt_indirection: `.field`, `.*`, subscripts and slices.
  static Expression parseIndirection(Tokens t, Expression base) {
    Expression result = base;
    while (true) {
      int position = t.position();
      if (t.is('.')) {
        t.advance();
        if (t.is('*')) {
          t.advance();
          checkStarIsLast(t);
          return new StarSelection(result, position);
        }
        result = new FieldSelection(result, t.label(), position);
      } else if (t.is('[')) {
        result = parseSubscript(t, result, result == base && base instanceof Subscript, position);
      } else {
        return result;
      }
    }
  }

  /// The star is refused after all that follows it has been read, as PostgreSQL does.
  private static void checkStarIsLast(Tokens t) {
    if (t.is('.') || t.is('[')) {
      parseIndirection(t, new NullLiteral(0));
      throw t.errorNear("improper use of \"*\"", t.index);
    }
  }

  private static Expression parseSubscript(Tokens t, Expression base, boolean separate, int position) {
    t.expect('[');
    Expression lower = t.is(':') ? null : ExpressionParser.parse(t);
    if (t.accept(']')) {
      return new Subscript(base, false, null, lower, separate, position);
    }
    t.expect(':');
    Expression upper = t.is(']') ? null : ExpressionParser.parse(t);
    t.expect(']');
    return new Subscript(base, true, lower, upper, separate, position);
  }

  // ------------------------------------------------------------------------------------------ names

  /// A column reference, a function call, or a string constant with a type name in front.
  private static Expression parseNamed(Tokens t) {
    int first = t.kind;
    int position = t.position();
    if (!isLabel(first) || first != IDENT && Keywords.categoryOf(first) == 'R') {
      throw t.syntaxError();
    }
    String name = t.identifier(t.index);
    boolean column = isColumnIdentifier(first);
    boolean function = isTypeOrFunctionName(first);
    t.advance();
    if (t.is('.') && column) {
      return parseDotted(t, name, position);
    }
    if (function && t.is('(')) {
      return FunctionParser.parseCall(t, QualifiedName.of(name, position));
    }
    if (function && t.is(SCONST)) {
      return typedLiteral(t, TypeName.of(QualifiedName.of(name, position), position));
    }
    if (!column) {
      throw t.syntaxError();
    }
    Expression reference = new ColumnReference(List.of(name), false, position);
    return t.is('[') ? parseIndirection(t, reference) : reference;
  }

  private static Expression parseDotted(Tokens t, String first, int position) {
    List<String> parts = new ArrayList<>(3);
    parts.add(first);
    while (t.accept('.')) {
      if (t.accept('*')) {
        checkStarIsLast(t);
        return new ColumnReference(List.copyOf(parts), true, position);
      }
      parts.add(t.label());
    }
    List<String> names = List.copyOf(parts);
    if (t.is('(')) {
      return FunctionParser.parseCall(t, new QualifiedName(names, position));
    }
    if (t.is(SCONST)) {
      return typedLiteral(t, TypeName.of(new QualifiedName(names, position), position));
    }
    Expression reference = new ColumnReference(names, false, position);
    return t.is('[') ? parseIndirection(t, reference) : reference;
  }

  // ------------------------------------------------------------------------------------------ CASE, ARRAY, GROUPING

  private static Expression parseCase(Tokens t) {
    int position = t.position();
    t.expect(CASE);
    Expression operand = t.is(WHEN) ? null : ExpressionParser.parse(t);
    List<When> whens = new ArrayList<>();
    do {
      int whenPosition = t.position();
      t.expect(WHEN);
      Expression condition = ExpressionParser.parse(t);
      t.expect(THEN);
      whens.add(new When(condition, ExpressionParser.parse(t), whenPosition));
    } while (t.is(WHEN));
    Expression otherwise = t.accept(ELSE) ? ExpressionParser.parse(t) : null;
    t.expect(END);
    return new Case(operand, List.copyOf(whens), otherwise, position);
  }

  private static Expression parseArray(Tokens t) {
    int position = t.position();
    t.expect(ARRAY);
    if (t.is('[')) {
      return parseArrayElements(t, position);
    }
    if (!t.is('(')) {
      throw t.syntaxError();
    }
    return new ArraySubquery(SelectParser.parseParenthesised(t), position);
  }

  /// array_expr: elements, or nested brackets.
  private static Expression parseArrayElements(Tokens t, int position) {
    t.enter();
    t.expect('[');
    if (t.accept(']')) {
      t.leave();
      return new ArrayConstructor(List.of(), position);
    }
    List<Expression> elements = new ArrayList<>();
    if (t.is('[')) {
      do {
        elements.add(parseNestedArray(t));
      } while (t.accept(','));
    } else {
      do {
        elements.add(ExpressionParser.parse(t));
      } while (t.accept(','));
    }
    t.expect(']');
    t.leave();
    return new ArrayConstructor(List.copyOf(elements), position);
  }

  private static Expression parseNestedArray(Tokens t) {
    int position = t.position();
    return parseArrayElements(t, position);
  }

  private static Expression parseGrouping(Tokens t) {
    int position = t.position();
    t.expect(GROUPING);
    t.expect('(');
    List<Expression> arguments = ExpressionParser.parseList(t);
    t.expect(')');
    return new Grouping(arguments, position);
  }

  /// `NFC|NFD|NFKC|NFKD` as a string constant, or null.
  static @Nullable Expression parseNormalForm(Tokens t) {
    String form =
        switch (t.kind) {
          case NFC -> "NFC";
          case NFD -> "NFD";
          case NFKC -> "NFKC";
          case NFKD -> "NFKD";
          default -> null;
        };
    if (form == null) {
      return null;
    }
    Expression literal = new StringLiteral(form, t.position());
    t.advance();
    return literal;
  }
}
