package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.DmlStatement;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Binds UPDATE and DELETE, and what all data changes share: assignments, RETURNING.
///
/// Source: PostgreSQL 15 manual, UPDATE and DELETE; RETURNING old and new as in PostgreSQL 18.
final class DmlAnalyzer {
  final Scope scope;
  final Analysis analysis;
  final ExpressionAnalyzer expressions;
  final Query query;

  DmlAnalyzer(Scope scope) {
    this.scope = scope;
    this.analysis = scope.analysis;
    this.expressions = new ExpressionAnalyzer(scope);
    this.query = scope.query;
  }

  Query analyze(DmlStatement statement) {
    int outerRole = analysis.enterRole(statement);
    new Ctes(expressions).bind(statement.with());
    switch (statement) {
      case DmlStatement.Insert insert -> new InsertAnalyzer(this).insert(insert);
      case DmlStatement.Update update -> update(update);
      case DmlStatement.Delete delete -> delete(delete);
      case DmlStatement.Merge merge -> new MergeAnalyzer(this).merge(merge);
    }
    CollationAssigner.assignQuery(analysis, query);
    analysis.checkAs = outerRole;
    return query;
  }

  // ------------------------------------------------------------------------------------------ UPDATE

  private void update(DmlStatement.Update update) {
    query.command = Query.Command.UPDATE;
    ModifyTarget target = ModifyTarget.open(scope, update.table(), update.alias(), update.only(), 'u');
    begin(target, 'w');
    from(target, update.from());
    if (update.where() != null) {
      query.where = expressions.condition(update.where(), ExprKind.WHERE, "WHERE");
    }
    query.targets = assignments(target, update.assignments(), ExprKind.UPDATE_SOURCE, update.alias());
    returning(target, update.returning());
    finish(target, 'w');
  }

  private void delete(DmlStatement.Delete delete) {
    query.command = Query.Command.DELETE;
    ModifyTarget target = ModifyTarget.open(scope, delete.table(), delete.alias(), delete.only(), 'd');
    begin(target, 'd');
    from(target, delete.using());
    if (delete.where() != null) {
      query.where = expressions.condition(delete.where(), ExprKind.WHERE, "WHERE");
    }
    returning(target, delete.returning());
    finish(target, 'd');
  }

  /// Makes the target the query's result and its name visible.
  void begin(ModifyTarget target, char privilege) {
    query.result = target.base;
    query.target = target;
    target.base.requirePrivilege(privilege);
    query.entries.add(target.base);
    if (target.isView()) {
      query.entries.add(target.named);
    }
    scope.targetItem = target.item;
  }

  private void from(ModifyTarget target, List<io.heliosdb.nano.parse.ast.FromItem> items) {
    scope.namespace.add(target.item);
    if (!items.isEmpty()) {
      target.item.lateralOnly = true;
      target.item.lateralOk = false;
      new FromAnalyzer(expressions).bind(items);
    }
    target.item.lateralOnly = false;
    target.item.lateralOk = true;
  }

  private void finish(ModifyTarget target, char command) {
    target.base.rowIdentity = true;
    target.finishPermissions();
    if (target.triggered == null) {
      boolean reads = target.base.privileges.indexOf('r') >= 0;
      RowSecurity.applyToModify(analysis, target.base, target.table(), command, reads);
      if (command == 'w') {
        query.checks.addAll(RowSecurity.checks(analysis, target.base, target.table(), 'w', reads));
        query.checks.addAll(target.viewChecks());
      }
    }
    for (int i = 0; i < target.base.columnCount(); i++) {
      if (target.base.columnNames.get(i) != null) {
        target.base.markUsed(i + 1);
      }
    }
  }

  // ------------------------------------------------------------------------------------------ assignments

  /// SET list: one target per assigned column of the base table.
  List<Query.Target> assignments(ModifyTarget target, List<DmlStatement.Assignment> items, ExprKind kind, @Nullable String alias) {
    List<Query.Target> result = new ArrayList<>();
    for (DmlStatement.Assignment item : items) {
      if (!item.multiple()) {
        Node value =
            item.value() instanceof Expression.DefaultValue d ? new Node.Default(d.position()) : expressions.analyze(item.value(), kind);
        assign(target, result, item.targets().getFirst(), value, alias);
        continue;
      }
      List<Node> values = multiple(item, kind);
      for (int i = 0; i < values.size(); i++) {
        assign(target, result, item.targets().get(i), values.get(i), alias);
      }
    }
    for (Query.Target each : result) {
      if (each.expr instanceof Node.Default) {
        Relation.Column column = target.triggered != null ? target.columns().get(each.attnum - 1) : target.table().column(each.attnum);
        each.expr = new ColumnDefaults(analysis, target.triggered != null ? target.relation : target.table()).of(column, viewDefault(target, column));
      }
    }
    return result;
  }

  /// The default that a view gives the column of its base table.
  static @Nullable String viewDefault(ModifyTarget target, Relation.Column column) {
    if (!target.isView()) {
      return null;
    }
    for (int i = 0; i < target.named.joinColumns.size(); i++) {
      if (target.named.joinColumns.get(i) instanceof Node.Var var && var.entry == target.base && var.attno == column.attnum()) {
        return target.relation.columns().get(i).defaultExpression();
      }
    }
    return null;
  }

  /// The values of `(a, b) = …`.
  private List<Node> multiple(DmlStatement.Assignment item, ExprKind kind) {
    int count = item.targets().size();
    switch (item.value()) {
      case Expression.RowConstructor row -> {
        List<Node> values = new SelectAnalyzer(scope).row(row.fields(), true, kind);
        checkCount(values.size(), count, row.position());
        return values;
      }
      case Expression.ScalarSubquery subquery -> {
        ExprKind outer = scope.kind;
        scope.kind = kind;
        List<Node> values = new ArrayList<>(count);
        Query first = expressions.subquery(subquery.query(), subquery.position());
        List<Query.Target> targets = first.visibleTargets();
        checkCount(targets.size(), count, subquery.position());
        for (int i = 0; i < count; i++) {
          Query.Target target = targets.get(i);
          Node.SubLink link =
              new Node.SubLink(subquery.position(), target.expr.type(), Node.LinkKind.EXPR, first, List.of(), null, "");
          link.column = i;
          link.typmod = target.expr.typmod;
          link.collation = target.expr.collation;
          values.add(link);
        }
        scope.kind = outer;
        return values;
      }
      default -> {
        if (count == 1) {
          return List.of(
              item.value() instanceof Expression.DefaultValue d ? new Node.Default(d.position()) : expressions.analyze(item.value(), kind));
        }
        throw new SqlException(
                SqlState.FEATURE_NOT_SUPPORTED, "source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression")
            .at(item.value().startPosition());
      }
    }
  }

  private static void checkCount(int values, int columns, int position) {
    if (values != columns) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "number of columns does not match number of values").at(position);
    }
  }

  private void assign(
      ModifyTarget target, List<Query.Target> result, DmlStatement.AssignmentTarget to, Node value, @Nullable String alias) {
    boolean qualified = alias != null && !to.steps().isEmpty() && to.column().equals(alias == null ? target.relation.name() : alias);
    Relation.Column column = target.column(to.column(), to.position(), qualified);
    int attnum = target.triggered != null ? column.attnum() : target.baseColumn(column);
    if (target.triggered == null) {
      refuseGenerated(target.table().column(attnum), value);
      target.base.updated.set(attnum + RangeEntry.SYSTEM_OFFSET);
      target.noteUpdated(column);
    }
    Query.Target existing = null;
    for (Query.Target each : result) {
      if (each.attnum == attnum) {
        existing = each;
      }
    }
    if (existing != null && (to.steps().isEmpty() || existing.junk)) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "multiple assignments to same column \"" + column.name() + "\"");
    }
    PgType type = target.columnType(column);
    int collation = column.collationOid() != 0 ? column.collationOid() : type.collationOid();
    Node current =
        existing != null ? existing.expr
            : to.steps().isEmpty() ? null : new Node.Var(to.position(), target.base, attnum, type, column.typmod(), collation);
    Node assigned =
        expressions.containers().assign(current, column.name(), type, column.typmod(), collation, to.steps(), value, to.position());
    if (existing != null) {
      existing.expr = assigned;
    } else {
      Query.Target added = new Query.Target(assigned, column.name(), false);
      added.attnum = attnum;
      // Marks a whole-column assignment, which tolerates no second one.
      added.junk = to.steps().isEmpty();
      result.add(added);
    }
  }

  static void refuseGenerated(Relation.Column column, Node value) {
    if (value instanceof Node.Default) {
      return;
    }
    if (column.generated() != 0) {
      throw new SqlException(SqlState.GENERATED_ALWAYS, "column \"" + column.name() + "\" can only be updated to DEFAULT")
          .withDetail("Column \"" + column.name() + "\" is a generated column.");
    }
    if (column.identity() == 'a') {
      throw new SqlException(SqlState.GENERATED_ALWAYS, "column \"" + column.name() + "\" can only be updated to DEFAULT")
          .withDetail("Column \"" + column.name() + "\" is an identity column defined as GENERATED ALWAYS.");
    }
  }

  // ------------------------------------------------------------------------------------------ RETURNING

  void returning(ModifyTarget target, List<SelectStatement.TargetItem> items) {
    if (items.isEmpty()) {
      return;
    }
    query.returningOld = version(target, "old");
    query.returningNew = version(target, "new");
    scope.returningOld = query.returningOldNamed;
    scope.returningNew = query.returningNewNamed;
    int size = scope.namespace.size();
    for (String name : List.of("old", "new")) {
      boolean taken = false;
      for (Scope.Item item : scope.namespace) {
        taken |= item.tableVisible && item.name.equals(name);
      }
      if (!taken) {
        Scope.Item item = new Scope.Item(name, name.equals("old") ? query.returningOldNamed : query.returningNewNamed, null);
        item.columnsVisible = false;
        scope.namespace.add(item);
      }
    }
    query.returning = new TargetList(expressions).bind(items, ExprKind.RETURNING);
    TargetList.resolveUnknowns(analysis, query.returning);
    scope.namespace.subList(size, scope.namespace.size()).clear();
  }

  /// An entry for one version of the changed row; for a view, the named entry maps its columns to it.
  private RangeEntry version(ModifyTarget target, String name) {
    RangeEntry base = target.base;
    RangeEntry entry = new RangeEntry(RangeEntry.Kind.RELATION, scope.depth, name, base.columnCount());
    entry.relation = base.relation;
    entry.view = base.view;
    entry.inFrom = false;
    for (int i = 0; i < base.columnCount(); i++) {
      entry.addColumn(base.columnNames.get(i), base.types.get(i), base.typmods.get(i), base.collations.get(i));
    }
    RangeEntry named = entry;
    if (target.isView()) {
      List<Node> columns =
          Nodes.rewrite(
              target.named.joinColumns,
              node -> node instanceof Node.Var var && var.entry == base
                  ? new Node.Var(var.position, entry, var.attno, var.type(), var.typmod, var.collation) : null);
      named = ModifyTarget.viewEntry(scope, (Relation.View) target.relation, name, columns);
    }
    if (name.equals("old")) {
      query.returningOldNamed = named;
    } else {
      query.returningNewNamed = named;
    }
    return entry;
  }
}
