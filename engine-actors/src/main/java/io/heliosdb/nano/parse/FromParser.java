package io.heliosdb.nano.parse;

import static io.heliosdb.nano.parse.Keywords.*;
import static io.heliosdb.nano.parse.Tokens.*;

import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.FromItem;
import io.heliosdb.nano.parse.ast.FromItem.*;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.RelationTarget;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.SelectStatement.ValuesRows;
import io.heliosdb.nano.parse.ast.TypeName;
import io.heliosdb.nano.parse.ast.VersionClause;
import io.heliosdb.nano.parse.ast.VersionClause.*;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The items of FROM (and of USING in DELETE and MERGE): tables, sub-queries, functions, joins, and the version clauses.
final class FromParser {
  private FromParser() {}

  static List<FromItem> parseList(Tokens t) {
    FromItem first = parse(t);
    if (!t.is(',')) {
      return List.of(first);
    }
    List<FromItem> items = new ArrayList<>();
    items.add(first);
    while (t.accept(',')) {
      items.add(parse(t));
    }
    return List.copyOf(items);
  }

  /// table_ref: an item and the joins that follow it.
  static FromItem parse(Tokens t) {
    t.enter();
    FromItem left = parsePrimary(t);
    while (startsJoin(t)) {
      left = parseJoin(t, left);
    }
    t.leave();
    return left;
  }

  private static boolean startsJoin(Tokens t) {
    return switch (t.kind) {
      case JOIN, CROSS, NATURAL, INNER, LEFT, RIGHT, FULL -> true;
      default -> false;
    };
  }

  private static FromItem parseJoin(Tokens t, FromItem left) {
    int position = left.position();
    if (t.accept(CROSS)) {
      t.expect(JOIN);
      return new Join(JoinType.CROSS, left, parsePrimary(t), false, List.of(), null, null, null, position);
    }
    boolean natural = t.accept(NATURAL);
    JoinType type = parseJoinType(t);
    t.expect(JOIN);
    if (natural) {
      return new Join(type, left, parsePrimary(t), true, List.of(), null, null, null, position);
    }
    FromItem right = parsePrimary(t);
    // A join whose condition comes later: `a JOIN b JOIN c ON … ON …`.
    if (startsJoin(t)) {
      t.enter();
      while (startsJoin(t)) {
        right = parseJoin(t, right);
      }
      t.leave();
    }
    if (t.accept(USING)) {
      List<Name> using = NameParser.parseParenthesisedColumns(t);
      Alias usingAlias = null;
      if (t.accept(AS)) {
        int aliasPosition = t.position();
        usingAlias = new Alias(t.columnIdentifier(), List.of(), aliasPosition);
      }
      return new Join(type, left, right, false, using, usingAlias, null, null, position);
    }
    t.expect(ON);
    return new Join(type, left, right, false, List.of(), null, ExpressionParser.parse(t), null, position);
  }

  private static JoinType parseJoinType(Tokens t) {
    JoinType type =
        switch (t.kind) {
          case LEFT -> JoinType.LEFT;
          case RIGHT -> JoinType.RIGHT;
          case FULL -> JoinType.FULL;
          default -> null;
        };
    if (type == null) {
      t.accept(INNER);
      return JoinType.INNER;
    }
    t.advance();
    t.accept(OUTER);
    return type;
  }

  private static FromItem parsePrimary(Tokens t) {
    int position = t.position();
    boolean lateral = t.accept(LATERAL);
    if (t.is('(')) {
      if (SelectParser.isParenthesisedQuery(t, t.index)) {
        return parseSubquery(t, lateral, position);
      }
      if (!lateral) {
        return parseParenthesisedJoin(t);
      }
      throw t.syntaxErrorInParentheses();
    }
    if (t.is(XMLTABLE, '(')) {
      XmlTable table = XmlParser.parseTable(t, lateral, position);
      Alias alias = parseAlias(t);
      return new XmlTable(lateral, table.namespaces(), table.row(), table.document(), table.columns(), alias, position);
    }
    if (lateral || isFunctionAhead(t)) {
      return parseFunctions(t, lateral, position);
    }
    return parseTable(t);
  }

  private static FromItem parseSubquery(Tokens t, boolean lateral, int position) {
    int open = t.position();
    SelectStatement query = SelectParser.parseParenthesised(t);
    Alias alias = parseAlias(t);
    if (alias == null) {
      boolean values = query.body() instanceof ValuesRows;
      throw t.grammarError(values ? "VALUES in FROM must have an alias" : "subquery in FROM must have an alias", open)
          .withHint("For example, FROM (" + (values ? "VALUES" : "SELECT") + " ...) [AS] foo.");
    }
    return new Subquery(lateral, query, alias, position);
  }

  private static FromItem parseParenthesisedJoin(Tokens t) {
    t.expect('(');
    FromItem item = parse(t);
    if (!(item instanceof Join join) || !t.is(')')) {
      throw t.syntaxError();
    }
    t.advance();
    Alias alias = parseAlias(t);
    if (alias == null) {
      return join;
    }
    return new Join(
        join.type(), join.left(), join.right(), join.natural(), join.using(), join.usingAlias(), join.on(), alias, join.position());
  }

  // ------------------------------------------------------------------------------------------ tables

  private static FromItem parseTable(Tokens t) {
    RelationTarget relation = NameParser.parseRelation(t);
    VersionClause version = parseVersion(t);
    Alias alias = parseAlias(t);
    if (version == null) {
      version = parseVersion(t);
    }
    TableSample sample = t.is(TABLESAMPLE) ? parseSample(t) : null;
    return new Table(relation.name(), relation.only(), alias, sample, version, relation.position());
  }

  private static TableSample parseSample(Tokens t) {
    int position = t.position();
    t.expect(TABLESAMPLE);
    QualifiedName method = NameParser.parseFunctionName(t);
    t.expect('(');
    List<Expression> arguments = ExpressionParser.parseList(t);
    t.expect(')');
    Expression repeatable = null;
    if (t.accept(REPEATABLE)) {
      t.expect('(');
      repeatable = ExpressionParser.parse(t);
      t.expect(')');
    }
    return new TableSample(method, arguments, repeatable, position);
  }

  /// opt_alias_clause, without a column definition list.
  static @Nullable Alias parseAlias(Tokens t) {
    int position = t.position();
    if (t.is(AS)) {
      if (isAsOf(t)) {
        return null;
      }
      t.advance();
    } else if (!isColumnIdentifier(t.kind) || isVersions(t)) {
      return null;
    }
    String name = t.columnIdentifier();
    if (!t.is('(')) {
      return new Alias(name, List.of(), position);
    }
    t.advance();
    List<String> columns = NameParser.parseNames(t);
    t.expect(')');
    return new Alias(name, columns, position);
  }

  // ------------------------------------------------------------------------------------------ AS OF and VERSIONS

  /// `AS OF` and then a word that names an axis; a plain `AS of` is an alias.
  private static boolean isAsOf(Tokens t) {
    return t.is(AS) && t.peek(1) == OF && isMomentAt(t, t.index + 2);
  }

  private static boolean isMomentAt(Tokens t, int at) {
    return at < t.count && (t.kinds[at] == TIMESTAMP || t.kinds[at] == TRANSACTION || t.isWordAt(at, "scn") || t.isWordAt(at, "now"));
  }

  private static boolean isVersions(Tokens t) {
    return t.isWord("versions") && t.peek(1) == BETWEEN;
  }

  private static @Nullable VersionClause parseVersion(Tokens t) {
    int position = t.position();
    if (isAsOf(t)) {
      t.advance();
      t.advance();
      return new AsOf(parseMoment(t), position);
    }
    if (!isVersions(t)) {
      return null;
    }
    t.advance();
    t.advance();
    boolean scn = t.isWord("scn");
    if (!scn && !t.is(TIMESTAMP)) {
      throw t.syntaxError();
    }
    Moment low = parseMoment(t);
    t.expect(AND);
    // The axis need not be repeated.
    Moment high;
    if (isMomentAt(t, t.index) && (scn ? t.isWord("scn") : t.is(TIMESTAMP))) {
      high = parseMoment(t);
    } else {
      int highPosition = t.position();
      Expression value = ExpressionParser.parseRestricted(t);
      high = scn ? new AtScn(value, highPosition) : new AtTimestamp(value, highPosition);
    }
    return new VersionsBetween(low, high, position);
  }

  /// `NOW`, or `TIMESTAMP|TRANSACTION|SCN` and a value.
  static Moment parseMoment(Tokens t) {
    int position = t.position();
    if (t.accept(TIMESTAMP)) {
      return new AtTimestamp(ExpressionParser.parseRestricted(t), position);
    }
    if (t.accept(TRANSACTION)) {
      return new AtTransaction(ExpressionParser.parseRestricted(t), position);
    }
    if (t.acceptWord("scn")) {
      return new AtScn(ExpressionParser.parseRestricted(t), position);
    }
    if (t.acceptWord("now")) {
      return new Now(position);
    }
    throw t.syntaxError();
  }

  // ------------------------------------------------------------------------------------------ functions

  private static boolean isFunctionAhead(Tokens t) {
    if (t.is(ROWS, FROM) || FunctionParser.isSpecial(t)) {
      return true;
    }
    boolean column = isColumnIdentifier(t.kind);
    if (!isTypeOrFunctionName(t.kind)) {
      return column && t.peek(1) == '.' && isCalled(t);
    }
    if (!column && t.peek(1) != '(') {
      // Words like LEFT and JOIN could still be functions.
      throw t.syntaxErrorAt(t.index + 1);
    }
    return isCalled(t);
  }

  private static boolean isCalled(Tokens t) {
    int at = t.index + 1;
    while (t.kinds[at] == '.' && isLabel(t.kinds[at + 1])) {
      at += 2;
    }
    return t.kinds[at] == '(';
  }

  private static FromItem parseFunctions(Tokens t, boolean lateral, int position) {
    boolean rowsFrom = t.is(ROWS, FROM);
    List<RangeFunction> functions;
    if (rowsFrom) {
      t.advance();
      t.advance();
      t.expect('(');
      functions = new ArrayList<>();
      do {
        Expression call = FunctionParser.parseWindowless(t);
        List<ColumnDefinition> columns = List.of();
        if (t.is(AS)) {
          t.advance();
          t.expect('(');
          columns = parseColumnDefinitions(t);
          t.expect(')');
        }
        functions.add(new RangeFunction(call, columns));
      } while (t.accept(','));
      t.expect(')');
      functions = List.copyOf(functions);
    } else {
      functions = List.of(new RangeFunction(FunctionParser.parseWindowless(t), List.of()));
    }
    boolean ordinality = t.accept(WITH, ORDINALITY);
    return parseFunctionAlias(t, new Functions(lateral, rowsFrom, functions, ordinality, null, List.of(), position));
  }

  /// func_alias_clause: an alias, a column definition list, or both.
  private static FromItem parseFunctionAlias(Tokens t, Functions bare) {
    int position = t.position();
    boolean as = t.accept(AS);
    if (as && t.is('(')) {
      t.advance();
      List<ColumnDefinition> columns = parseColumnDefinitions(t);
      t.expect(')');
      return withAlias(bare, null, columns);
    }
    if (!as && !isColumnIdentifier(t.kind)) {
      return bare;
    }
    String name = t.columnIdentifier();
    if (!t.is('(')) {
      return withAlias(bare, new Alias(name, List.of(), position), List.of());
    }
    t.advance();
    if (isColumnIdentifier(t.kind) && t.peek(1) != ',' && t.peek(1) != ')') {
      List<ColumnDefinition> columns = parseColumnDefinitions(t);
      t.expect(')');
      return withAlias(bare, new Alias(name, List.of(), position), columns);
    }
    List<String> names = NameParser.parseNames(t);
    t.expect(')');
    return withAlias(bare, new Alias(name, names, position), List.of());
  }

  private static Functions withAlias(Functions bare, @Nullable Alias alias, List<ColumnDefinition> columns) {
    return new Functions(
        bare.lateral(), bare.rowsFrom(), bare.functions(), bare.withOrdinality(), alias, columns, bare.position());
  }

  private static List<ColumnDefinition> parseColumnDefinitions(Tokens t) {
    List<ColumnDefinition> columns = new ArrayList<>();
    do {
      int position = t.position();
      String name = t.columnIdentifier();
      TypeName type = TypeParser.parse(t);
      columns.add(new ColumnDefinition(name, type, t.accept(COLLATE) ? NameParser.parseAnyName(t) : null, position));
    } while (t.accept(','));
    return List.copyOf(columns);
  }
}
