package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.Expression.*;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.SortItem;
import io.heliosdb.nano.parse.ast.TypeName;
import io.heliosdb.nano.parse.ast.WindowReference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Function calls with all their clauses, and the special forms that look like functions.
final class FunctionParser {
  private FunctionParser() {}

  // ------------------------------------------------------------------------------------------ ordinary calls

  /// What stands between the parentheses of a call.
  private record CallArguments(
      List<Argument> list, boolean star, boolean distinct, boolean all, boolean variadic, List<SortItem> orderBy) {
    static final CallArguments NONE = new CallArguments(List.of(), false, false, false, false, List.of());
    static final CallArguments STAR = new CallArguments(List.of(), true, false, false, false, List.of());
  }

  /// A call whose name has been read; the current token is the opening parenthesis. `name(args) 'string'` is a typed literal.
  static Expression parseCall(Tokens t, QualifiedName name) {
    CallArguments arguments = parseArguments(t);
    if (t.is(SCONST) && !arguments.star && !arguments.variadic && !arguments.distinct && !arguments.all && !arguments.list.isEmpty()) {
      return parseModifiedLiteral(t, name, arguments);
    }
    return finishCall(t, name, arguments);
  }

  /// func_application with nothing after it, as in CALL, and the calls of CREATE INDEX.
  static FunctionCall parseApplication(Tokens t, QualifiedName name) {
    CallArguments a = parseArguments(t);
    return new FunctionCall(
        name, a.list, a.star, a.distinct, a.variadic, a.orderBy, false, null, null, false, name.position());
  }

  private static CallArguments parseArguments(Tokens t) {
    t.expect('(');
    if (t.accept(')')) {
      return CallArguments.NONE;
    }
    if (t.is('*')) {
      t.advance();
      t.expect(')');
      return CallArguments.STAR;
    }
    boolean distinct = t.is(DISTINCT);
    boolean all = t.is(ALL);
    if (distinct || all) {
      t.advance();
    }
    List<Argument> list = new ArrayList<>(3);
    boolean variadic = false;
    do {
      if (!distinct && !all && t.accept(VARIADIC)) {
        variadic = true;
        list.add(parseArgument(t));
        break;
      }
      list.add(parseArgument(t));
    } while (t.accept(','));
    List<SortItem> orderBy = t.is(ORDER) ? ClauseParser.parseOrderBy(t) : List.of();
    t.expect(')');
    return new CallArguments(List.copyOf(list), false, distinct, all, variadic, orderBy);
  }

  private static Argument parseArgument(Tokens t) {
    int next = t.peek(1);
    if ((next == EQUALS_GREATER || next == COLON_EQUALS) && isTypeOrFunctionName(t.kind)) {
      int position = t.position();
      Name name = new Name(t.typeOrFunctionName(), position);
      t.advance();
      return new Argument(ExpressionParser.parse(t), name);
    }
    return Argument.of(ExpressionParser.parse(t));
  }

  /// func_arg_list without ordering.
  private static List<Argument> parseArgumentList(Tokens t) {
    if (t.is(')')) {
      return List.of();
    }
    List<Argument> list = new ArrayList<>(3);
    do {
      list.add(parseArgument(t));
    } while (t.accept(','));
    return List.copyOf(list);
  }

  private static Expression parseModifiedLiteral(Tokens t, QualifiedName name, CallArguments arguments) {
    List<Expression> modifiers = new ArrayList<>();
    for (Argument argument : arguments.list) {
      if (argument.name() != null) {
        throw t.grammarError("type modifier cannot have parameter name", argument.name().position());
      }
      modifiers.add(argument.value());
    }
    if (!arguments.orderBy.isEmpty()) {
      throw t.grammarError("type modifier cannot have ORDER BY", arguments.orderBy.getFirst().position());
    }
    TypeName type = new TypeName(name, List.copyOf(modifiers), List.of(), false, false, 0, name.position());
    int position = t.position();
    return new TypedLiteral(type, t.stringConstant(), position);
  }

  private static Expression finishCall(Tokens t, QualifiedName name, CallArguments a) {
    List<SortItem> orderBy = a.orderBy;
    boolean withinGroup = false;
    if (t.is(WITHIN)) {
      int position = t.position();
      t.advance();
      t.expect(GROUP);
      t.expect('(');
      List<SortItem> within = ClauseParser.parseOrderBy(t);
      t.expect(')');
      if (!orderBy.isEmpty()) {
        throw t.grammarError("cannot use multiple ORDER BY clauses with WITHIN GROUP", position);
      }
      if (a.distinct) {
        throw t.grammarError("cannot use DISTINCT with WITHIN GROUP", position);
      }
      if (a.variadic) {
        throw t.grammarError("cannot use VARIADIC with WITHIN GROUP", position);
      }
      orderBy = within;
      withinGroup = true;
    }
    Expression filter = null;
    if (t.accept(FILTER)) {
      t.expect('(');
      t.expect(WHERE);
      filter = ExpressionParser.parse(t);
      t.expect(')');
    }
    WindowReference over = t.is(OVER) ? parseOver(t) : null;
    return new FunctionCall(
        name, a.list, a.star, a.distinct, a.variadic, orderBy, withinGroup, filter, over, false, name.position());
  }

  private static WindowReference parseOver(Tokens t) {
    t.expect(OVER);
    int position = t.position();
    if (t.is('(')) {
      return ClauseParser.parseWindowSpecification(t, null);
    }
    return new WindowReference.Named(t.columnIdentifier(), position);
  }

  // ------------------------------------------------------------------------------------------ special forms

  /// Whether a function-like special form (func_expr_common_subexpr) starts here, for use as a table function.
  static boolean isSpecial(Tokens t) {
    return switch (t.kind) {
      case CURRENT_CATALOG, CURRENT_DATE, CURRENT_ROLE, CURRENT_TIME, CURRENT_TIMESTAMP, CURRENT_USER, LOCALTIME, LOCALTIMESTAMP,
          SESSION_USER, USER, CAST -> true;
      case CURRENT_SCHEMA -> t.peek(1) != '(';
      case COLLATION -> t.peek(1) == FOR;
      case COALESCE, EXTRACT, GREATEST, LEAST, NORMALIZE, NULLIF, OVERLAY, POSITION, SUBSTRING, TREAT, TRIM, XMLCONCAT, XMLELEMENT,
          XMLEXISTS, XMLFOREST, XMLPARSE, XMLPI, XMLROOT, XMLSERIALIZE -> t.peek(1) == '(';
      default -> false;
    };
  }

  static Expression parseSpecial(Tokens t) {
    int position = t.position();
    int kind = t.kind;
    t.advance();
    return switch (kind) {
      case CURRENT_CATALOG -> new SessionValue(SessionValueKind.CURRENT_CATALOG, -1, position);
      case CURRENT_SCHEMA -> new SessionValue(SessionValueKind.CURRENT_SCHEMA, -1, position);
      case CURRENT_DATE -> new SessionValue(SessionValueKind.CURRENT_DATE, -1, position);
      case CURRENT_ROLE -> new SessionValue(SessionValueKind.CURRENT_ROLE, -1, position);
      case CURRENT_USER -> new SessionValue(SessionValueKind.CURRENT_USER, -1, position);
      case SESSION_USER -> new SessionValue(SessionValueKind.SESSION_USER, -1, position);
      case USER -> new SessionValue(SessionValueKind.USER, -1, position);
      case CURRENT_TIME -> new SessionValue(SessionValueKind.CURRENT_TIME, parsePrecision(t), position);
      case CURRENT_TIMESTAMP -> new SessionValue(SessionValueKind.CURRENT_TIMESTAMP, parsePrecision(t), position);
      case LOCALTIME -> new SessionValue(SessionValueKind.LOCALTIME, parsePrecision(t), position);
      case LOCALTIMESTAMP -> new SessionValue(SessionValueKind.LOCALTIMESTAMP, parsePrecision(t), position);
      case COLLATION -> parseCollationFor(t, position);
      default -> parseParenthesised(t, kind, position);
    };
  }

  private static int parsePrecision(Tokens t) {
    if (!t.accept('(')) {
      return -1;
    }
    int precision = NameParser.parseInteger(t);
    t.expect(')');
    return precision;
  }

  private static Expression parseCollationFor(Tokens t, int position) {
    t.expect(FOR);
    t.expect('(');
    Expression operand = ExpressionParser.parse(t);
    t.expect(')');
    return FunctionCall.system("pg_collation_for", position, operand);
  }

  private static Expression parseParenthesised(Tokens t, int kind, int position) {
    t.expect('(');
    Expression result =
        switch (kind) {
          case CAST -> parseCast(t, position);
          case COALESCE -> new Coalesce(ExpressionParser.parseList(t), position);
          case GREATEST -> new MinMax(true, ExpressionParser.parseList(t), position);
          case LEAST -> new MinMax(false, ExpressionParser.parseList(t), position);
          case NULLIF -> {
            Expression left = ExpressionParser.parse(t);
            t.expect(',');
            yield new NullIf(left, ExpressionParser.parse(t), position);
          }
          case EXTRACT -> parseExtract(t, position);
          case NORMALIZE -> parseNormalize(t, position);
          case OVERLAY -> parseOverlay(t, position);
          case POSITION -> {
            Expression part = ExpressionParser.parseRestricted(t);
            t.expect(IN);
            yield FunctionCall.system("position", position, ExpressionParser.parseRestricted(t), part);
          }
          case SUBSTRING -> parseSubstring(t, position);
          case TREAT -> parseTreat(t, position);
          case TRIM -> parseTrim(t, position);
          default -> XmlParser.parse(t, kind, position);
        };
    t.expect(')');
    return result;
  }

  private static Expression parseCast(Tokens t, int position) {
    Expression operand = ExpressionParser.parse(t);
    t.expect(AS);
    return new Cast(operand, TypeParser.parse(t), position);
  }

  private static Expression parseExtract(Tokens t, int position) {
    int fieldPosition = t.position();
    String field;
    if (t.is(SCONST)) {
      field = t.stringConstant();
    } else {
      switch (t.kind) {
        case IDENT, YEAR, MONTH, DAY, HOUR, MINUTE, SECOND -> field = t.label();
        default -> throw t.syntaxError();
      }
    }
    t.expect(FROM);
    return FunctionCall.system("extract", position, new StringLiteral(field, fieldPosition), ExpressionParser.parse(t));
  }

  private static Expression parseNormalize(Tokens t, int position) {
    Expression operand = ExpressionParser.parse(t);
    if (!t.accept(',')) {
      return FunctionCall.system("normalize", position, operand);
    }
    Expression form = PrimaryParser.parseNormalForm(t);
    if (form == null) {
      throw t.syntaxError();
    }
    return FunctionCall.system("normalize", position, operand, form);
  }

  /// A call with ordinary arguments of a function that also has a special form; found by the search path, not in `pg_catalog`.
  private static Expression explicitCall(String name, List<Argument> arguments, int position) {
    return FunctionCall.of(QualifiedName.of(name, position), arguments, position);
  }

  private static Expression parseOverlay(Tokens t, int position) {
    if (t.is(')')) {
      return explicitCall("overlay", List.of(), position);
    }
    Argument first = parseArgument(t);
    if (first.name() != null || !t.is(PLACING)) {
      return explicitCall("overlay", parseRest(t, first), position);
    }
    t.expect(PLACING);
    Expression replacement = ExpressionParser.parse(t);
    t.expect(FROM);
    Expression from = ExpressionParser.parse(t);
    return t.accept(FOR)
        ? FunctionCall.system("overlay", position, first.value(), replacement, from, ExpressionParser.parse(t))
        : FunctionCall.system("overlay", position, first.value(), replacement, from);
  }

  private static List<Argument> parseRest(Tokens t, Argument first) {
    if (!t.accept(',')) {
      return List.of(first);
    }
    List<Argument> list = new ArrayList<>();
    list.add(first);
    do {
      list.add(parseArgument(t));
    } while (t.accept(','));
    return List.copyOf(list);
  }

  private static Expression parseSubstring(Tokens t, int position) {
    if (t.is(')')) {
      return explicitCall("substring", List.of(), position);
    }
    Argument first = parseArgument(t);
    Expression value = first.value();
    if (first.name() == null) {
      switch (t.kind) {
        case FROM -> {
          t.advance();
          Expression from = ExpressionParser.parse(t);
          return t.accept(FOR)
              ? FunctionCall.system("substring", position, value, from, ExpressionParser.parse(t))
              : FunctionCall.system("substring", position, value, from);
        }
        case FOR -> {
          t.advance();
          Expression length = ExpressionParser.parse(t);
          if (t.accept(FROM)) {
            return FunctionCall.system("substring", position, value, ExpressionParser.parse(t), length);
          }
          Expression typed = new Cast(length, TypeName.system("int4", 0), 0);
          return FunctionCall.system("substring", position, value, new IntegerLiteral(1, 0), typed);
        }
        case SIMILAR -> {
          t.advance();
          Expression pattern = ExpressionParser.parse(t);
          t.expect(ESCAPE);
          return FunctionCall.system("substring", position, value, pattern, ExpressionParser.parse(t));
        }
        default -> {}
      }
    }
    return explicitCall("substring", parseRest(t, first), position);
  }

  /// TREAT becomes a call of the function named like the type.
  private static Expression parseTreat(Tokens t, int position) {
    Expression operand = ExpressionParser.parse(t);
    t.expect(AS);
    return FunctionCall.system(TypeParser.parse(t).name().name(), position, operand);
  }

  private static Expression parseTrim(Tokens t, int position) {
    String function =
        switch (t.kind) {
          case LEADING -> "ltrim";
          case TRAILING -> "rtrim";
          default -> "btrim";
        };
    if (t.is(BOTH) || t.is(LEADING) || t.is(TRAILING)) {
      t.advance();
    }
    List<Expression> arguments;
    if (t.accept(FROM)) {
      arguments = ExpressionParser.parseList(t);
    } else {
      Expression first = ExpressionParser.parse(t);
      arguments = new ArrayList<>();
      if (t.accept(FROM)) {
        arguments.addAll(ExpressionParser.parseList(t));
        arguments.add(first);
      } else {
        arguments.add(first);
        while (t.accept(',')) {
          arguments.add(ExpressionParser.parse(t));
        }
      }
    }
    return FunctionCall.system(function, position, arguments.toArray(Expression[]::new));
  }

  /// A call in a position that takes functions only (func_expr_windowless): a call or a special form.
  static Expression parseWindowless(Tokens t) {
    if (isSpecial(t)) {
      return parseSpecial(t);
    }
    QualifiedName name = NameParser.parseFunctionName(t);
    if (!t.is('(')) {
      throw t.syntaxError();
    }
    return parseApplication(t, name);
  }

  static @Nullable Expression parseOptionalWhere(Tokens t) {
    return t.accept(WHERE) ? ExpressionParser.parse(t) : null;
  }
}
