package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.FromItem;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeCatalog.CompositeField;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Binds FROM: range table entries, joins, and what names they make visible.
///
/// Source: PostgreSQL 15 manual, "Table Expressions".
final class FromAnalyzer {
  private final Scope scope;
  private final Analysis analysis;
  private final ExpressionAnalyzer expressions;
  private final Relations relations;

  FromAnalyzer(ExpressionAnalyzer expressions) {
    this.expressions = expressions;
    this.scope = expressions.scope;
    this.analysis = expressions.analysis;
    this.relations = new Relations(expressions);
  }

  /// What binding one item gives: its tree node, the item for its columns, and every item it makes visible.
  record Bound(Query.From from, Scope.Item item, List<Scope.Item> namespace) {}

  void bind(List<FromItem> items) {
    for (FromItem item : items) {
      Bound bound = bindItem(item);
      checkConflicts(scope.namespace, bound.namespace());
      setLateral(bound.namespace(), true, true);
      scope.namespace.addAll(bound.namespace());
      scope.query.from.add(bound.from());
    }
    setLateral(scope.namespace, false, true);
  }

  static void setLateral(List<Scope.Item> items, boolean lateralOnly, boolean lateralOk) {
    for (Scope.Item item : items) {
      item.lateralOnly = lateralOnly;
      item.lateralOk = lateralOk;
    }
  }

  static void checkConflicts(List<Scope.Item> left, List<Scope.Item> right) {
    for (Scope.Item a : left) {
      if (!a.tableVisible) {
        continue;
      }
      for (Scope.Item b : right) {
        if (b.tableVisible && a.name.equals(b.name) && !distinctTables(a.entry, b.entry)) {
          throw new SqlException(SqlState.DUPLICATE_ALIAS, "table name \"" + a.name + "\" specified more than once");
        }
      }
    }
  }

  /// Two unaliased tables of the same name in different schemas do not conflict.
  private static boolean distinctTables(RangeEntry a, RangeEntry b) {
    return a.relation != null && b.relation != null && a.alias == null && b.alias == null && a.relation.oid() != b.relation.oid();
  }

  Bound bindItem(FromItem item) {
    return switch (item) {
      case FromItem.Table table -> leaf(relations.table(table));
      case FromItem.Subquery subquery -> leaf(subquery(subquery));
      case FromItem.Functions functions -> leaf(functions(functions));
      case FromItem.XmlTable xml -> leaf(subquery(XmlTableQuery.of(xml)));
      case FromItem.Join join -> join(join);
    };
  }

  private Bound leaf(RangeEntry entry) {
    scope.query.entries.add(entry);
    Scope.Item item = new Scope.Item(entry.name, entry, null);
    List<Scope.Item> namespace = new ArrayList<>(1);
    namespace.add(item);
    return new Bound(new Query.Leaf(entry), item, namespace);
  }

  // ------------------------------------------------------------------------------------------ sub-queries

  private RangeEntry subquery(FromItem.Subquery subquery) {
    if (subquery.alias() == null) {
      String what = subquery.query().body() instanceof io.heliosdb.nano.parse.ast.SelectStatement.ValuesRows ? "VALUES" : "subquery";
      throw new SqlException(SqlState.SYNTAX_ERROR, what + " in FROM must have an alias")
          .withHint("For example, FROM (" + (what.equals("VALUES") ? "VALUES" : "SELECT") + " ...) [AS] foo.")
          .at(subquery.position());
    }
    ExprKind outer = scope.kind;
    boolean outerLateral = scope.lateralActive;
    scope.kind = ExprKind.FROM_SUBSELECT;
    scope.lateralActive = subquery.lateral();
    boolean locked = Locking.isLocked(scope, subquery.alias().name());
    Scope child = scope.child();
    child.lockedFromParent = locked;
    Query query = new SelectAnalyzer(child).analyze(subquery.query());
    scope.lateralActive = outerLateral;
    scope.kind = outer;
    RangeEntry entry = ofQuery(query, subquery.alias().name(), subquery.alias());
    entry.lateral = subquery.lateral();
    entry.lateralUsed = subquery.lateral() && child.reachedParent;
    return entry;
  }

  RangeEntry ofQuery(Query query, String name, FromItem.@Nullable Alias alias) {
    List<Query.Target> targets = query.visibleTargets();
    RangeEntry entry = new RangeEntry(RangeEntry.Kind.SUBQUERY, scope.depth, name, targets.size());
    entry.subquery = query;
    for (Query.Target target : targets) {
      entry.addColumn(target.name, target.expr.type(), target.expr.typmod, target.expr.collation);
    }
    rename(entry, alias, "table");
    return entry;
  }

  /// Applies a table alias and its column aliases.
  static void rename(RangeEntry entry, FromItem.@Nullable Alias alias, String what) {
    if (alias == null) {
      return;
    }
    entry.alias = alias.name();
    entry.name = alias.name();
    entry.columnAliases = alias.columns();
    int live = 0;
    for (int i = 0; i < entry.columnCount() && live < alias.columns().size(); i++) {
      if (entry.columnNames.get(i) != null) {
        entry.columnNames.set(i, alias.columns().get(live++));
      }
    }
    if (live < alias.columns().size()) {
      int available = 0;
      for (String name : entry.columnNames) {
        available += name == null ? 0 : 1;
      }
      throw new SqlException(
          SqlState.INVALID_COLUMN_REFERENCE,
          what + " \"" + alias.name() + "\" has " + available + " columns available but " + alias.columns().size() + " columns specified");
    }
  }

  // ------------------------------------------------------------------------------------------ functions

  private RangeEntry functions(FromItem.Functions item) {
    boolean outerLateral = scope.lateralActive;
    boolean outerReached = scope.reachedOwn;
    scope.lateralActive = true;
    scope.reachedOwn = false;
    ExprKind outer = scope.kind;
    scope.kind = ExprKind.FROM_FUNCTION;
    List<Expression> calls = new ArrayList<>();
    List<List<FromItem.ColumnDefinition>> definitions = new ArrayList<>();
    for (FromItem.RangeFunction function : item.functions()) {
      List<FromItem.ColumnDefinition> own = function.columns().isEmpty() && !item.rowsFrom() ? item.columns() : function.columns();
      if (function.call() instanceof Expression.FunctionCall call && isMultiUnnest(call) && own.isEmpty()) {
        for (Expression.Argument argument : call.arguments()) {
          calls.add(Expression.FunctionCall.of(call.name(), List.of(argument), call.position()));
          definitions.add(List.of());
        }
        continue;
      }
      calls.add(function.call());
      definitions.add(own);
    }
    List<RangeEntry.Function> functions = new ArrayList<>(calls.size());
    RangeEntry entry = null;
    String alias = item.alias() == null ? null : item.alias().name();
    for (int i = 0; i < calls.size(); i++) {
      scope.lastSet = null;
      Node call = expressions.bind(calls.get(i));
      if (call.isUnknown()) {
        call = analysis.coercion.toDeclared(call, PgTypes.TEXT);
      }
      CollationAssigner.assign(analysis, call);
      String name = ColumnNames.of(calls.get(i));
      if (entry == null) {
        entry = new RangeEntry(RangeEntry.Kind.FUNCTION, scope.depth, alias == null ? name : alias, 4);
      }
      functions.add(columns(entry, call, name, definitions.get(i), calls.size() == 1 ? alias : null, item));
    }
    if (item.withOrdinality()) {
      entry.addColumn("ordinality", PgTypes.INT8, -1, 0);
      entry.ordinality = true;
    }
    entry.functions = functions;
    entry.lateral = true;
    entry.lateralUsed = scope.reachedOwn;
    scope.reachedOwn = outerReached || scope.reachedOwn;
    scope.lateralActive = outerLateral;
    scope.kind = outer;
    scope.lastSet = null;
    rename(entry, item.alias(), "table");
    return entry;
  }

  private static boolean isMultiUnnest(Expression.FunctionCall call) {
    return call.arguments().size() > 1 && call.name().parts().size() == 1 && call.name().name().equals("unnest") && call.orderBy().isEmpty()
        && call.filter() == null && call.over() == null && !call.star() && !call.distinct() && !call.variadic();
  }

  /// Adds the columns of one function to `entry`.
  private RangeEntry.Function columns(
      RangeEntry entry, Node call, String name, List<FromItem.ColumnDefinition> definitions, @Nullable String alias, FromItem.Functions item) {
    PgType type = call.type();
    List<CompositeField> outputs =
        call instanceof Node.Func func && type.oid() == PgTypes.RECORD.oid() ? RecordShape.outputs(analysis, func.function, func.arguments) : null;
    if (!definitions.isEmpty()) {
      int position = definitions.getFirst().position();
      if (outputs != null) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "a column definition list is redundant for a function with OUT parameters").at(position);
      }
      if (type.ultimateBase().isComposite()) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "a column definition list is redundant for a function returning a named composite type")
            .at(position);
      }
      if (type.oid() != PgTypes.RECORD.oid()) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "a column definition list is only allowed for functions returning \"record\"")
            .at(position);
      }
      return defined(entry, call, definitions);
    }
    if (outputs == null && type.oid() == PgTypes.RECORD.oid()) {
      outputs = RecordShape.of(analysis, call);
      if (outputs == null) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "a column definition list is required for functions returning \"record\"")
            .at(Nodes.location(call));
      }
    }
    if (outputs == null && type.ultimateBase().isComposite()) {
      outputs = analysis.types.fields(type);
    }
    if (outputs != null) {
      int count = 0;
      for (CompositeField field : outputs) {
        entry.addColumn(field.dropped() ? null : field.name(), field.type(), field.typmod(), field.collationOid());
        count++;
      }
      return new RangeEntry.Function(call, count, true, List.of());
    }
    if (type.isPseudo() && type.oid() != PgTypes.VOID.oid() && type.oid() != PgTypes.CSTRING.oid()) {
      throw new SqlException(
              SqlState.DATATYPE_MISMATCH, "function \"" + name + "\" in FROM has unsupported return type " + analysis.types.format(type))
          .at(Nodes.location(call));
    }
    entry.addColumn(scalarName(call, name, alias), type, call.typmod, call.collation);
    return new RangeEntry.Function(call, 1, false, List.of());
  }

  /// The column of a scalar function: its OUT parameter's name, else the alias, else the function's name.
  private static String scalarName(Node call, String name, @Nullable String alias) {
    if (call instanceof Node.Func func && func.function.argumentModes() != null && func.function.argumentNames() != null) {
      String modes = func.function.argumentModes();
      String single = null;
      int count = 0;
      for (int i = 0; i < modes.length(); i++) {
        if ("obt".indexOf(modes.charAt(i)) >= 0) {
          single = func.function.argumentNames().get(i);
          count++;
        }
      }
      if (count == 1 && single != null && !single.isEmpty()) {
        return single;
      }
    }
    return alias == null ? name : alias;
  }

  private RangeEntry.Function defined(RangeEntry entry, Node call, List<FromItem.ColumnDefinition> definitions) {
    List<RangeEntry.ColumnDefinition> columns = new ArrayList<>(definitions.size());
    for (FromItem.ColumnDefinition definition : definitions) {
      if (definition.type().setOf()) {
        throw new SqlException(
                SqlState.INVALID_TABLE_DEFINITION, "column \"" + definition.name() + "\" cannot be declared SETOF")
            .at(definition.position());
      }
      AnalysisTypes.Typed type = analysis.types.resolve(definition.type());
      int collation =
          definition.collation() == null ? type.type().collationOid()
              : analysis.names.collation(definition.collation(), definition.position()).oid();
      for (RangeEntry.ColumnDefinition other : columns) {
        if (other.name().equals(definition.name())) {
          throw new SqlException(SqlState.DUPLICATE_COLUMN, "column name \"" + definition.name() + "\" specified more than once")
              .at(definition.position());
        }
      }
      columns.add(new RangeEntry.ColumnDefinition(definition.name(), type.type(), type.typmod(), collation));
      entry.addColumn(definition.name(), type.type(), type.typmod(), collation);
    }
    return new RangeEntry.Function(call, columns.size(), true, columns);
  }

  // ------------------------------------------------------------------------------------------ joins

  private Bound join(FromItem.Join join) {
    boolean full = join.type() == FromItem.JoinType.FULL;
    boolean rightJoin = join.type() == FromItem.JoinType.RIGHT;
    String outerContext = analysis.recursionContext;
    if (full || rightJoin) {
      analysis.recursionContext = "an outer join";
    }
    Bound left = bindItem(join.left());
    analysis.recursionContext = outerContext;
    boolean lateralOk = !full && !rightJoin;
    setLateral(left.namespace(), true, lateralOk);
    List<Scope.Item> outer = scope.namespace;
    scope.namespace = new ArrayList<>(outer);
    scope.namespace.addAll(left.namespace());
    if (full || join.type() == FromItem.JoinType.LEFT) {
      analysis.recursionContext = "an outer join";
    }
    Bound right = bindItem(join.right());
    analysis.recursionContext = outerContext;
    scope.namespace = outer;
    checkConflicts(left.namespace(), right.namespace());
    List<Scope.Item> namespace = new ArrayList<>(left.namespace());
    namespace.addAll(right.namespace());
    setLateral(namespace, true, true);

    List<String> using = new ArrayList<>();
    if (join.natural()) {
      naturalColumns(left.item(), right.item(), using);
    } else {
      for (Name name : join.using()) {
        using.add(name.text());
      }
    }
    RangeEntry entry = new RangeEntry(RangeEntry.Kind.JOIN, scope.depth, join.alias() == null ? "unnamed_join" : join.alias().name(), 8);
    Query.Join node = new Query.Join(join.type(), left.from(), right.from(), entry);
    node.natural = join.natural();
    node.using = using;
    node.usingAlias = join.usingAlias() == null ? null : join.usingAlias().name();
    List<Scope.Column> columns = new ArrayList<>();
    List<Node> joinColumns = new ArrayList<>();
    boolean[] leftUsed = new boolean[left.item().columnCount()];
    boolean[] rightUsed = new boolean[right.item().columnCount()];
    if (!using.isEmpty()) {
      usingColumns(join, node, left.item(), right.item(), leftUsed, rightUsed, columns, joinColumns, entry);
    }
    entry.mergedColumns = columns.size();
    addRest(left.item(), leftUsed, columns, joinColumns, entry);
    addRest(right.item(), rightUsed, columns, joinColumns, entry);
    entry.joinColumns = joinColumns;
    scope.query.entries.add(entry);
    if (join.on() != null) {
      node.condition = on(join.on(), namespace);
    }
    rename(entry, join.alias(), "join expression");
    if (join.alias() != null) {
      for (int i = 0; i < columns.size(); i++) {
        columns.set(i, new Scope.Column(entry.columnNames.get(i), columns.get(i).entry(), columns.get(i).attno()));
      }
    }
    Scope.Item item = new Scope.Item(entry.name, entry, columns);
    item.tableVisible = join.alias() != null;
    for (Scope.Item inner : namespace) {
      inner.columnsVisible = false;
    }
    if (join.usingAlias() != null) {
      Scope.Item merged = new Scope.Item(join.usingAlias().name(), entry, new ArrayList<>(columns.subList(0, entry.mergedColumns)));
      merged.columnsVisible = false;
      checkConflicts(namespace, List.of(merged));
      namespace.add(merged);
    }
    if (join.alias() != null) {
      namespace.clear();
    }
    namespace.add(item);
    return new Bound(node, item, namespace);
  }

  private static void naturalColumns(Scope.Item left, Scope.Item right, List<String> using) {
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < left.columnCount(); i++) {
      String name = left.columnName(i);
      if (name == null) {
        continue;
      }
      for (int j = 0; j < right.columnCount(); j++) {
        if (name.equals(right.columnName(j))) {
          names.add(name);
        }
      }
    }
    using.addAll(names);
  }

  private void usingColumns(
      FromItem.Join join, Query.Join node, Scope.Item left, Scope.Item right, boolean[] leftUsed, boolean[] rightUsed, List<Scope.Column> columns,
      List<Node> joinColumns, RangeEntry entry) {
    List<Node> conditions = new ArrayList<>(node.using.size());
    for (int k = 0; k < node.using.size(); k++) {
      String name = node.using.get(k);
      int position = join.natural() ? 0 : join.using().get(k).position();
      for (int i = 0; i < k; i++) {
        if (node.using.get(i).equals(name)) {
          throw new SqlException(SqlState.DUPLICATE_COLUMN, "column name \"" + name + "\" appears more than once in USING clause");
        }
      }
      int l = only(left, name, "left");
      int r = only(right, name, "right");
      leftUsed[l] = true;
      rightUsed[r] = true;
      Node leftNode = scope.var(scope, left.columnEntry(l), left.columnNumber(l), position);
      Node rightNode = scope.var(scope, right.columnEntry(r), right.columnNumber(r), position);
      Node equal = analysis.operators.make("=", leftNode, rightNode, position);
      conditions.add(analysis.coercion.toBoolean(equal, "JOIN/USING"));
      Node merged = merge(join.type(), leftNode, rightNode);
      joinColumns.add(merged);
      entry.addColumn(name, merged.type(), merged.typmod, collationOf(merged));
      if (merged == leftNode) {
        columns.add(new Scope.Column(name, left.columnEntry(l), left.columnNumber(l)));
      } else if (merged == rightNode) {
        columns.add(new Scope.Column(name, right.columnEntry(r), right.columnNumber(r)));
      } else {
        columns.add(new Scope.Column(name, entry, columns.size() + 1));
      }
    }
    node.condition = conditions.size() == 1 ? conditions.getFirst() : new Node.Bool(0, Node.BoolKind.AND, conditions);
  }

  private int collationOf(Node merged) {
    CollationAssigner.assign(analysis, merged);
    return merged.collation;
  }

  private static int only(Scope.Item item, String name, String side) {
    int found = -1;
    for (int i = 0; i < item.columnCount(); i++) {
      if (name.equals(item.columnName(i))) {
        if (found >= 0) {
          throw new SqlException(SqlState.AMBIGUOUS_COLUMN, "common column name \"" + name + "\" appears more than once in " + side + " table");
        }
        found = i;
      }
    }
    if (found < 0) {
      throw new SqlException(
          SqlState.UNDEFINED_COLUMN, "column \"" + name + "\" specified in USING clause does not exist in " + side + " table");
    }
    return found;
  }

  private Node merge(FromItem.JoinType type, Node left, Node right) {
    PgType common = analysis.coercion.commonType(List.of(left, right), "JOIN/USING");
    Node l = analysis.coercion.toCommon(left, common, "JOIN/USING");
    Node r = analysis.coercion.toCommon(right, common, "JOIN/USING");
    if (l.typmod != r.typmod) {
      l = analysis.coercion.applyTypmod(l, common, -1, Coercion.Context.IMPLICIT, io.heliosdb.nano.expr.Expr.Call.Form.IMPLICIT_CAST, 0, false);
      r = analysis.coercion.applyTypmod(r, common, -1, Coercion.Context.IMPLICIT, io.heliosdb.nano.expr.Expr.Call.Form.IMPLICIT_CAST, 0, false);
    }
    return switch (type) {
      case CROSS, INNER -> l instanceof Node.Var ? l : r instanceof Node.Var ? r : l;
      case LEFT -> l;
      case RIGHT -> r;
      case FULL -> new Node.Coalesce(0, common, List.of(l, r));
    };
  }

  private static void addRest(Scope.Item side, boolean[] used, List<Scope.Column> columns, List<Node> joinColumns, RangeEntry entry) {
    for (int i = 0; i < side.columnCount(); i++) {
      String name = side.columnName(i);
      if (used[i] || name == null) {
        continue;
      }
      RangeEntry from = side.columnEntry(i);
      int attno = side.columnNumber(i);
      int at = attno - 1;
      columns.add(new Scope.Column(name, from, attno));
      entry.addColumn(name, from.types.get(at), from.typmods.get(at), from.collations.get(at));
      joinColumns.add(new Node.Var(0, from, attno, from.types.get(at), from.typmods.get(at), from.collations.get(at)));
    }
  }

  private Node on(Expression condition, List<Scope.Item> namespace) {
    List<Scope.Item> outer = scope.namespace;
    scope.namespace = namespace;
    setLateral(namespace, false, true);
    // While ON is bound, the columns of the two sides are visible even though the join will hide them afterwards.
    Node result = expressions.condition(condition, ExprKind.JOIN_ON, "JOIN/ON");
    setLateral(namespace, true, true);
    scope.namespace = outer;
    return result;
  }
}
