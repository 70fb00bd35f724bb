package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Binds UNION, INTERSECT and EXCEPT.
///
/// Source: PostgreSQL 15 manual, "Combining Queries" and "UNION, CASE, and Related Constructs".
final class SetOperations {
  private final ExpressionAnalyzer expressions;
  private final Scope scope;
  private final Analysis analysis;
  private final Query query;

  SetOperations(ExpressionAnalyzer expressions) {
    this.expressions = expressions;
    this.scope = expressions.scope;
    this.analysis = expressions.analysis;
    this.query = scope.query;
  }

  /// A node with one expression per column (typed stand-ins for inner nodes) and its column names.
  private record Side(Query.SetNode node, List<Node> columns, List<String> names, @Nullable Query leaf) {}

  void analyze(SelectStatement statement, SelectStatement.SetOperation body) {
    Query.Cte cte = scope.ownCte;
    boolean recursive = cte != null && cte.recursive && cte.isUnion && analysis.runningCte == cte;
    Side side = operation(body, recursive ? cte : null);
    query.setOperation = side.node();
    RangeEntry entry = new RangeEntry(RangeEntry.Kind.RESULT_ROW, scope.depth, "*SELECT*", side.names().size());
    for (int i = 0; i < side.names().size(); i++) {
      Query.SetNode.Column column = side.node().columns.get(i);
      entry.addColumn(side.names().get(i), column.type(), column.typmod(), column.collation());
    }
    entry.inFrom = false;
    query.result = entry;
    for (int i = 0; i < entry.columnCount(); i++) {
      Node position = side.columns().get(i);
      Node.Var var =
          new Node.Var(position.position, entry, i + 1, entry.types.get(i), entry.typmods.get(i), entry.collations.get(i));
      query.targets.add(new Query.Target(var, entry.columnNames.get(i), false));
    }
    Scope.Item item = new Scope.Item(entry.name, entry, null);
    item.tableVisible = false;
    scope.namespace.add(item);
    int before = query.targets.size();
    query.sort = new SortClauses(expressions).orderBy(statement.orderBy(), query.targets, ExprKind.ORDER_BY, false);
    if (query.targets.size() > before) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "invalid UNION/INTERSECT/EXCEPT ORDER BY clause")
          .withDetail("Only result column names can be used, not expressions or functions.")
          .withHint("Add the expression/function to every SELECT, or move the UNION into a FROM clause.")
          .at(Nodes.location(query.targets.get(before).expr));
    }
    new SelectAnalyzer(scope).limit(statement.limit());
    if (!statement.locking().isEmpty()) {
      Locking.refuse(query, Locking.name(statement.locking().getFirst()));
    }
  }

  private Side operation(SelectStatement.SetOperation body, Query.@Nullable Cte recursive) {
    analysis.enter(body.position());
    String outer = analysis.recursionContext;
    String context =
        switch (body.operator()) {
          case UNION -> outer;
          case INTERSECT -> "INTERSECT";
          case EXCEPT -> outer;
        };
    analysis.recursionContext = recursive != null ? "its non-recursive term" : context;
    Side left = side(body.left());
    if (recursive != null) {
      startRecursion(recursive, left);
    }
    analysis.recursionContext = body.operator() == SelectStatement.SetOperator.EXCEPT ? "EXCEPT" : context;
    Side right = side(body.right());
    analysis.recursionContext = outer;
    Side result = combine(body, left, right, recursive != null && recursive.referencesSelf);
    analysis.leave();
    return result;
  }

  /// The non-recursive term decides the columns of the recursive item.
  private void startRecursion(Query.Cte cte, Side left) {
    List<Query.Target> targets = new ArrayList<>();
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < left.columns().size(); i++) {
      Node node = left.columns().get(i);
      if (node.isUnknown()) {
        node = analysis.coercion.toDeclared(node, PgTypes.TEXT);
        replace(left, i, node);
      }
      positions.add(Nodes.location(node));
      targets.add(new Query.Target(node, left.names().get(i), false));
    }
    CollationAssigner.assignTargets(analysis, targets);
    Ctes.setColumns(cte, targets);
    cte.columnPositions = positions;
    cte.startColumns = new ArrayList<>(left.columns());
    cte.state = Query.CteState.ACTIVE;
  }

  private void replace(Side side, int column, Node node) {
    side.columns().set(column, node);
    if (side.leaf() != null) {
      side.leaf().visibleTargets().get(column).expr = node;
      side.node().leaf.types.set(column, node.type());
      side.node().leaf.typmods.set(column, node.typmod);
      side.node().leaf.collations.set(column, node.type().collationOid());
    }
  }

  private Side side(SelectStatement.QueryBody body) {
    SelectStatement.QueryBody current = body;
    while (current instanceof SelectStatement.NestedQuery nested && isBare(nested.query())) {
      current = nested.query().body();
    }
    if (current instanceof SelectStatement.SetOperation set) {
      return operation(set, null);
    }
    SelectStatement statement =
        current instanceof SelectStatement.NestedQuery nested
            ? nested.query() : new SelectStatement(null, current, List.of(), null, List.of(), current.position());
    if (statement.body() instanceof SelectStatement.SelectCore core && core.into() != null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "INTO is only allowed on first SELECT of UNION/INTERSECT/EXCEPT")
          .at(core.into().position());
    }
    Query leaf = SelectAnalyzer.subquery(scope, statement, false, null, false);
    List<Query.Target> targets = leaf.visibleTargets();
    RangeEntry entry =
        new RangeEntry(RangeEntry.Kind.SUBQUERY, scope.depth, "*SELECT* " + (query.entries.size() + 1), targets.size());
    entry.subquery = leaf;
    entry.inFrom = false;
    Query.SetNode node = new Query.SetNode();
    node.leaf = entry;
    List<Node> columns = new ArrayList<>(targets.size());
    List<String> names = new ArrayList<>(targets.size());
    for (int i = 0; i < targets.size(); i++) {
      Query.Target target = targets.get(i);
      entry.addColumn(target.name, target.expr.type(), target.expr.typmod, target.expr.collation);
      entry.markUsed(i + 1);
      columns.add(target.expr);
      names.add(target.name);
    }
    query.entries.add(entry);
    return new Side(node, columns, names, leaf);
  }

  private static boolean isBare(SelectStatement statement) {
    return statement.with() == null && statement.orderBy().isEmpty() && statement.limit() == null && statement.locking().isEmpty();
  }

  private Side combine(SelectStatement.SetOperation body, Side left, Side right, boolean recursive) {
    String name = body.operator().name();
    if (left.columns().size() != right.columns().size()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "each " + name + " query must have the same number of columns")
          .at(right.columns().isEmpty() ? body.right().position() : Nodes.location(right.columns().getFirst()));
    }
    Query.SetNode node = new Query.SetNode();
    node.operator = LogicalPlan.SetOperator.valueOf(name);
    node.all = body.all();
    node.left = left.node();
    node.right = right.node();
    List<Node> columns = new ArrayList<>(left.columns().size());
    for (int i = 0; i < left.columns().size(); i++) {
      columns.add(column(node, left, right, i, name, body, recursive));
    }
    return new Side(node, columns, left.names(), null);
  }

  private Node column(Query.SetNode node, Side left, Side right, int i, String name, SelectStatement.SetOperation body, boolean recursive) {
    Node l = left.columns().get(i);
    Node r = right.columns().get(i);
    PgType type = analysis.coercion.commonType(List.of(l, r), name);
    Node best = !l.isUnknown() ? l : r;
    if (l.isUnknown()) {
      l = analysis.coercion.toCommon(l, type, name);
      replace(left, i, l);
    }
    if (r.isUnknown()) {
      r = analysis.coercion.toCommon(r, type, name);
      replace(right, i, r);
    }
    l = analysis.coercion.toCommon(l, type, name);
    r = analysis.coercion.toCommon(r, type, name);
    int typmod = l.typmod == r.typmod ? l.typmod : -1;
    boolean unionAll = body.operator() == SelectStatement.SetOperator.UNION && body.all();
    int collation = type.collatable() ? CollationAssigner.common(analysis, List.of(l, r), unionAll) : 0;
    int position = Nodes.location(best);
    if (!unionAll) {
      analysis.operators.requireEquality(type, position);
    }
    node.columns.add(new Query.SetNode.Column(type, typmod, collation));
    return new Node.CaseTest(position, type, typmod, collation);
  }
}
