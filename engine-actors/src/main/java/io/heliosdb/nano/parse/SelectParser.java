package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.Expression.ColumnReference;
import io.heliosdb.nano.parse.ast.FromItem;
import io.heliosdb.nano.parse.ast.GroupingElement;
import io.heliosdb.nano.parse.ast.LimitClause;
import io.heliosdb.nano.parse.ast.LockingClause;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.Persistence;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.RelationTarget;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.SelectStatement.*;
import io.heliosdb.nano.parse.ast.SortItem;
import io.heliosdb.nano.parse.ast.WindowDefinition;
import io.heliosdb.nano.parse.ast.WithClause;
import io.heliosdb.nano.parse.ast.WithClause.CommonTableExpression;
import io.heliosdb.nano.parse.ast.WithClause.CycleClause;
import io.heliosdb.nano.parse.ast.WithClause.SearchClause;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Queries: SELECT, VALUES, TABLE, set operations, WITH.
final class SelectParser {
  private SelectParser() {}

  /// Whether the parenthesis at token `open` encloses a query rather than an expression, row or join.
  /// `((SELECT 1) UNION …)` is one, `((SELECT 1) + 1)` is not: what follows the inner parenthesis decides.
  static boolean isParenthesisedQuery(Tokens t, int open) {
    int at = open + 1;
    int depth = 0;
    while (t.kinds[at] == '(') {
      at++;
      depth++;
    }
    switch (t.kinds[at]) {
      case SELECT, WITH, TABLE -> {}
      case VALUES -> {
        if (t.kinds[at + 1] != '(') {
          return false;
        }
      }
      default -> {
        return false;
      }
    }
    for (int inner = open + 1; depth > 0; inner++, depth--) {
      int close = t.partner(inner);
      if (close >= 0 && !continuesQuery(t.kinds[close + 1])) {
        return false;
      }
    }
    return true;
  }

  private static boolean continuesQuery(int kind) {
    return switch (kind) {
      case ')', UNION, INTERSECT, EXCEPT, ORDER, LIMIT, OFFSET, FETCH, FOR -> true;
      default -> false;
    };
  }

  /// select_with_parens.
  static SelectStatement parseParenthesised(Tokens t) {
    t.expect('(');
    SelectStatement query = parse(t);
    t.expect(')');
    return query;
  }

  /// SelectStmt.
  static SelectStatement parse(Tokens t) {
    return parse(t, t.is(WITH) ? parseWith(t) : null);
  }

  /// A query whose WITH clause has been read.
  static SelectStatement parse(Tokens t, @Nullable WithClause with) {
    t.enter();
    int position = t.position();
    SelectStatement query = parseClauses(t, with, parseSetOperations(t, 1), position);
    t.leave();
    return query;
  }

  /// The clauses after a query's body.
  private static SelectStatement parseClauses(Tokens t, @Nullable WithClause with, QueryBody body, int position) {
    List<SortItem> orderBy = t.is(ORDER) ? ClauseParser.parseOrderBy(t) : List.of();
    List<LockingClause> locking = t.is(FOR) ? parseLocking(t) : List.of();
    LimitParts limit = t.is(LIMIT) || t.is(OFFSET) || t.is(FETCH) ? parseLimit(t) : null;
    if (limit != null && locking.isEmpty() && t.is(FOR)) {
      locking = parseLocking(t);
    }
    return assemble(t, with, body, orderBy, locking, limit, position);
  }

  /// A simple query whose word SELECT is implied.
  static SelectStatement parseImplied(Tokens t) {
    return parseClauses(t, null, parseAfterSelect(t, t.position()), t.position());
  }

  /// LIMIT and OFFSET with their places, for messages.
  private record LimitParts(
      @Nullable Expression count, boolean hasCount, int countPosition, @Nullable Expression offset, int offsetPosition, boolean ties) {}

  private static SelectStatement assemble(
      Tokens t,
      @Nullable WithClause with,
      QueryBody body,
      List<SortItem> orderBy,
      List<LockingClause> locking,
      @Nullable LimitParts limit,
      int position) {
    LimitClause clause =
        limit == null || limit.count == null && limit.offset == null ? null : new LimitClause(limit.count, limit.offset, limit.ties);
    if (!(body instanceof NestedQuery nested)) {
      checkTies(t, limit, orderBy, locking);
      return new SelectStatement(with, body, orderBy, clause, locking, position);
    }
    // Clauses after a lone parenthesised query belong to it, as far as it has none of its own.
    SelectStatement inner = nested.query();
    if (!orderBy.isEmpty() && !inner.orderBy().isEmpty()) {
      throw t.grammarError("multiple ORDER BY clauses not allowed", orderBy.getFirst().position());
    }
    LimitClause own = inner.limit();
    if (limit != null && own != null) {
      if (limit.offset != null && own.offset() != null) {
        throw t.grammarError("multiple OFFSET clauses not allowed", limit.offset.startPosition());
      }
      if (limit.hasCount && own.count() != null) {
        throw t.grammarError("multiple LIMIT clauses not allowed", limit.count == null ? 0 : limit.count.startPosition());
      }
      clause =
          new LimitClause(
              limit.count == null ? own.count() : limit.count,
              limit.offset == null ? own.offset() : limit.offset,
              limit.ties || own.withTies());
    } else if (limit == null) {
      clause = own;
    }
    if (with != null && inner.with() != null) {
      throw t.grammarError("multiple WITH clauses not allowed", with.position());
    }
    List<LockingClause> allLocking = inner.locking();
    if (!locking.isEmpty()) {
      List<LockingClause> both = new ArrayList<>(allLocking);
      both.addAll(locking);
      allLocking = List.copyOf(both);
    }
    List<SortItem> effectiveOrder = orderBy.isEmpty() ? inner.orderBy() : orderBy;
    checkTies(t, limit, effectiveOrder, allLocking);
    return new SelectStatement(
        with == null ? inner.with() : with, inner.body(), effectiveOrder, clause, allLocking, inner.position());
  }

  private static void checkTies(Tokens t, @Nullable LimitParts limit, List<SortItem> orderBy, List<LockingClause> locking) {
    if (limit == null || !limit.ties) {
      return;
    }
    if (orderBy.isEmpty()) {
      throw t.grammarError("WITH TIES cannot be specified without ORDER BY clause", 0);
    }
    for (LockingClause clause : locking) {
      if (clause.waitPolicy() == LockingClause.WaitPolicy.SKIP_LOCKED) {
        throw t.grammarError("SKIP LOCKED and WITH TIES options cannot be used together", clause.position());
      }
    }
  }

  // ------------------------------------------------------------------------------------------ bodies

  private static QueryBody parseSetOperations(Tokens t, int minimum) {
    QueryBody left = parseOperand(t);
    while (true) {
      SetOperator operator =
          switch (t.kind) {
            case UNION -> SetOperator.UNION;
            case EXCEPT -> SetOperator.EXCEPT;
            case INTERSECT -> SetOperator.INTERSECT;
            default -> null;
          };
      int level = operator == SetOperator.INTERSECT ? 2 : 1;
      if (operator == null || level < minimum) {
        return left;
      }
      t.advance();
      boolean all = t.accept(ALL);
      if (!all) {
        t.accept(DISTINCT);
      }
      QueryBody right = parseSetOperations(t, level + 1);
      left = new SetOperation(operator, all, left, right, left.position());
    }
  }

  private static QueryBody parseOperand(Tokens t) {
    int position = t.position();
    switch (t.kind) {
      case SELECT -> {
        return parseCore(t);
      }
      case VALUES -> {
        return parseValues(t);
      }
      case TABLE -> {
        t.advance();
        RelationTarget relation = NameParser.parseRelation(t);
        FromItem item = new FromItem.Table(relation.name(), relation.only(), null, null, null, relation.position());
        TargetItem star = new TargetItem(new ColumnReference(List.of(), true, 0), null, 0);
        return new SelectCore(null, List.of(star), null, List.of(item), null, List.of(), false, null, List.of(), position);
      }
      case '(' -> {
        return new NestedQuery(parseParenthesised(t), position);
      }
      default -> throw t.syntaxError();
    }
  }

  private static QueryBody parseCore(Tokens t) {
    int position = t.position();
    t.expect(SELECT);
    return parseAfterSelect(t, position);
  }

  private static QueryBody parseAfterSelect(Tokens t, int position) {
    Distinct distinct = null;
    List<TargetItem> targets;
    if (t.accept(DISTINCT)) {
      distinct = parseDistinct(t);
      targets = parseTargets(t);
    } else {
      t.accept(ALL);
      targets = endsTargets(t.kind) ? List.of() : parseTargets(t);
    }
    IntoClause into = t.is(INTO) ? parseInto(t) : null;
    List<FromItem> from = t.accept(FROM) ? FromParser.parseList(t) : List.of();
    Expression where = t.accept(WHERE) ? ExpressionParser.parse(t) : null;
    List<GroupingElement> groupBy = List.of();
    boolean groupByDistinct = false;
    if (t.is(GROUP)) {
      t.advance();
      t.expect(BY);
      groupByDistinct = t.accept(DISTINCT);
      if (!groupByDistinct) {
        t.accept(ALL);
      }
      groupBy = ClauseParser.parseGroupingElements(t);
    }
    Expression having = t.accept(HAVING) ? ExpressionParser.parse(t) : null;
    List<WindowDefinition> windows = t.is(WINDOW) ? ClauseParser.parseWindowClause(t) : List.of();
    return new SelectCore(distinct, targets, into, from, where, groupBy, groupByDistinct, having, windows, position);
  }

  /// `SELECT expression`, for syntax that stands for it.
  static SelectStatement selectOf(Expression expression, int position) {
    TargetItem target = new TargetItem(expression, null, expression.startPosition());
    SelectCore core =
        new SelectCore(null, List.of(target), null, List.of(), null, List.of(), false, null, List.of(), position);
    return new SelectStatement(null, core, List.of(), null, List.of(), position);
  }

  private static Distinct parseDistinct(Tokens t) {
    if (!t.is(ON)) {
      return new Distinct(List.of());
    }
    t.advance();
    t.expect('(');
    List<Expression> on = ExpressionParser.parseList(t);
    t.expect(')');
    return new Distinct(on);
  }

  /// Whether a target list is empty because one of the things that may follow it stands there.
  private static boolean endsTargets(int kind) {
    return switch (kind) {
      case EOF, ')', ';', INTO, FROM, WHERE, GROUP, HAVING, WINDOW, UNION, INTERSECT, EXCEPT, ORDER, LIMIT, OFFSET, FETCH, FOR, WITH, ON,
          RETURNING -> true;
      default -> false;
    };
  }

  /// target_list, also of RETURNING.
  static List<TargetItem> parseTargets(Tokens t) {
    TargetItem first = parseTarget(t);
    if (!t.is(',')) {
      return List.of(first);
    }
    List<TargetItem> targets = new ArrayList<>();
    targets.add(first);
    while (t.accept(',')) {
      targets.add(parseTarget(t));
    }
    return List.copyOf(targets);
  }

  private static TargetItem parseTarget(Tokens t) {
    int position = t.position();
    if (t.accept('*')) {
      return new TargetItem(new ColumnReference(List.of(), true, position), null, position);
    }
    int before = t.beginColumn();
    Expression expression = ExpressionParser.parse(t);
    t.endColumn(before);
    String label = null;
    if (t.accept(AS)) {
      label = t.label();
    } else if (isBareLabel(t.kind)) {
      label = t.label();
    }
    return new TargetItem(expression, label, position);
  }

  private static IntoClause parseInto(Tokens t) {
    int position = t.position();
    t.expect(INTO);
    Persistence persistence = Persistence.PERMANENT;
    if (t.is(LOCAL) && (t.peek(1) == TEMP || t.peek(1) == TEMPORARY) || t.is(GLOBAL) && (t.peek(1) == TEMP || t.peek(1) == TEMPORARY)) {
      t.advance();
    }
    if (isNameAhead(t) && (t.accept(TEMP) || t.accept(TEMPORARY))) {
      persistence = Persistence.TEMPORARY;
    } else if (isNameAhead(t) && t.accept(UNLOGGED)) {
      persistence = Persistence.UNLOGGED;
    }
    t.accept(TABLE);
    return new IntoClause(NameParser.parseQualifiedName(t), persistence, position);
  }

  /// TEMP and UNLOGGED are not reserved: they are names unless a name (or TABLE) follows.
  private static boolean isNameAhead(Tokens t) {
    return isColumnIdentifier(t.peek(1)) || t.peek(1) == TABLE;
  }

  private static QueryBody parseValues(Tokens t) {
    int position = t.position();
    t.expect(VALUES);
    List<List<Expression>> rows = new ArrayList<>();
    do {
      t.expect('(');
      rows.add(ExpressionParser.parseList(t));
      t.expect(')');
    } while (t.accept(','));
    return new ValuesRows(List.copyOf(rows), position);
  }

  // ------------------------------------------------------------------------------------------ LIMIT and FOR

  private static LimitParts parseLimit(Tokens t) {
    Expression count = null;
    boolean hasCount = false;
    int countPosition = 0;
    Expression offset = null;
    int offsetPosition = 0;
    boolean ties = false;
    while (true) {
      int position = t.position();
      if (!hasCount && t.accept(LIMIT)) {
        hasCount = true;
        countPosition = position;
        count = t.accept(ALL) ? null : ExpressionParser.parse(t);
        if (t.is(',')) {
          t.advance();
          ExpressionParser.parse(t);
          throw t.grammarError("LIMIT #,# syntax is not supported", position).withHint("Use separate LIMIT and OFFSET clauses.");
        }
      } else if (!hasCount && t.accept(FETCH)) {
        hasCount = true;
        countPosition = position;
        count = parseFetchCount(t);
        if (t.accept(WITH)) {
          t.expect(TIES);
          ties = true;
        } else {
          t.expect(ONLY);
        }
      } else if (offset == null && t.accept(OFFSET)) {
        offsetPosition = position;
        offset = ExpressionParser.parse(t);
        if (t.is(ROW) || t.is(ROWS)) {
          t.advance();
        }
      } else {
        return new LimitParts(count, hasCount, countPosition, offset, offsetPosition, ties);
      }
    }
  }

  /// `FIRST|NEXT [count] ROW|ROWS`; without a count, 1.
  private static Expression parseFetchCount(Tokens t) {
    if (!t.accept(FIRST)) {
      t.expect(NEXT);
    }
    Expression count = new Expression.IntegerLiteral(1, 0);
    if (!t.is(ROW) && !t.is(ROWS)) {
      count = t.is('-') || t.is('+') ? parseSignedConstant(t) : PrimaryParser.parse(t);
    }
    if (!t.accept(ROW)) {
      t.expect(ROWS);
    }
    return count;
  }

  private static Expression parseSignedConstant(Tokens t) {
    int position = t.position();
    String number = NameParser.parseNumber(t);
    try {
      return new Expression.IntegerLiteral(Integer.parseInt(number), position);
    } catch (NumberFormatException e) {
      return new Expression.DecimalLiteral(number, position);
    }
  }

  private static List<LockingClause> parseLocking(Tokens t) {
    if (t.is(FOR, READ)) {
      t.advance();
      t.advance();
      t.expect(ONLY);
      return List.of();
    }
    List<LockingClause> clauses = new ArrayList<>(1);
    while (t.is(FOR)) {
      clauses.add(parseLockingItem(t));
    }
    return List.copyOf(clauses);
  }

  private static LockingClause parseLockingItem(Tokens t) {
    int position = t.position();
    t.expect(FOR);
    LockingClause.Strength strength;
    if (t.accept(UPDATE)) {
      strength = LockingClause.Strength.UPDATE;
    } else if (t.accept(SHARE)) {
      strength = LockingClause.Strength.SHARE;
    } else if (t.accept(NO)) {
      t.expect(KEY);
      t.expect(UPDATE);
      strength = LockingClause.Strength.NO_KEY_UPDATE;
    } else {
      t.expect(KEY);
      t.expect(SHARE);
      strength = LockingClause.Strength.KEY_SHARE;
    }
    List<QualifiedName> tables = t.accept(OF) ? NameParser.parseQualifiedNames(t) : List.of();
    LockingClause.WaitPolicy wait = LockingClause.WaitPolicy.BLOCK;
    if (t.accept(NOWAIT)) {
      wait = LockingClause.WaitPolicy.NOWAIT;
    } else if (t.accept(SKIP)) {
      t.expect(LOCKED);
      wait = LockingClause.WaitPolicy.SKIP_LOCKED;
    }
    return new LockingClause(strength, tables, wait, position);
  }

  // ------------------------------------------------------------------------------------------ WITH

  static WithClause parseWith(Tokens t) {
    int position = t.position();
    t.expect(WITH);
    boolean recursive = t.is(RECURSIVE) && isColumnIdentifier(t.peek(1)) && t.accept(RECURSIVE);
    List<CommonTableExpression> tables = new ArrayList<>(2);
    do {
      tables.add(parseCommonTable(t));
    } while (t.accept(','));
    return new WithClause(recursive, List.copyOf(tables), position);
  }

  private static CommonTableExpression parseCommonTable(Tokens t) {
    int position = t.position();
    Name name = t.name();
    List<Name> columns = NameParser.parseOptionalColumns(t);
    t.expect(AS);
    Boolean materialized = null;
    if (t.accept(MATERIALIZED)) {
      materialized = true;
    } else if (t.accept(NOT)) {
      t.expect(MATERIALIZED);
      materialized = false;
    }
    t.expect('(');
    Preparable query = StatementParser.parsePreparable(t);
    t.expect(')');
    SearchClause search = t.is(SEARCH) ? parseSearch(t) : null;
    CycleClause cycle = t.is(CYCLE) ? parseCycle(t) : null;
    return new CommonTableExpression(name, columns, materialized, query, search, cycle, position);
  }

  private static SearchClause parseSearch(Tokens t) {
    int position = t.position();
    t.expect(SEARCH);
    boolean breadth = t.accept(BREADTH);
    if (!breadth) {
      t.expect(DEPTH);
    }
    t.expect(FIRST);
    t.expect(BY);
    List<Name> by = NameParser.parseColumns(t);
    t.expect(SET);
    return new SearchClause(breadth, by, t.columnIdentifier(), position);
  }

  private static CycleClause parseCycle(Tokens t) {
    int position = t.position();
    t.expect(CYCLE);
    List<Name> columns = NameParser.parseColumns(t);
    t.expect(SET);
    String mark = t.columnIdentifier();
    Expression value = null;
    Expression defaultValue = null;
    if (t.accept(TO)) {
      value = parseMarkConstant(t);
      t.expect(DEFAULT);
      defaultValue = parseMarkConstant(t);
    }
    t.expect(USING);
    return new CycleClause(columns, mark, value, defaultValue, t.columnIdentifier(), position);
  }

  /// AexprConst: a constant or typed constant.
  private static Expression parseMarkConstant(Tokens t) {
    Expression value = PrimaryParser.parse(t);
    if (!(value instanceof Expression.Literal) && !(value instanceof Expression.TypedLiteral)) {
      throw t.syntaxError();
    }
    return value;
  }
}
