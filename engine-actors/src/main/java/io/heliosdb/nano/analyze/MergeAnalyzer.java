package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.DmlStatement;
import io.heliosdb.nano.plan.logical.LogicalPlan.MergeAction;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.List;

/// Binds MERGE.
///
/// Source: PostgreSQL 15 manual, MERGE.
final class MergeAnalyzer {
  private final DmlAnalyzer dml;
  private final Scope scope;
  private final Analysis analysis;
  private final Query query;

  MergeAnalyzer(DmlAnalyzer dml) {
    this.dml = dml;
    this.scope = dml.scope;
    this.analysis = dml.analysis;
    this.query = dml.query;
  }

  void merge(DmlStatement.Merge merge) {
    query.command = Query.Command.MERGE;
    if (merge.with() != null && merge.with().recursive()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "WITH RECURSIVE is not supported for MERGE statement");
    }
    checkReachable(merge.whens());
    ModifyTarget target = ModifyTarget.open(scope, merge.table(), merge.alias(), merge.only(), 'm');
    query.result = target.base;
    query.target = target;
    query.entries.add(target.base);
    scope.targetItem = target.item;
    for (DmlStatement.MergeWhen when : merge.whens()) {
      switch (when.action()) {
        case DmlStatement.MergeInsert insert -> target.base.requirePrivilege('a');
        case DmlStatement.MergeUpdate update -> target.base.requirePrivilege('w');
        case DmlStatement.MergeDelete delete -> target.base.requirePrivilege('d');
        case DmlStatement.MergeDoNothing nothing -> {}
      }
    }
    FromAnalyzer from = new FromAnalyzer(dml.expressions);
    FromAnalyzer.Bound source = from.bindItem(merge.source());
    FromAnalyzer.setLateral(source.namespace(), false, true);
    for (Scope.Item item : source.namespace()) {
      if (item.tableVisible && item.name.equals(target.item.name)) {
        throw new SqlException(SqlState.DUPLICATE_ALIAS, "name \"" + item.name + "\" specified more than once")
            .withDetail("The name is used both as MERGE target table and data source.");
      }
    }
    query.from.add(source.from());
    scope.namespace.clear();
    scope.namespace.add(target.item);
    scope.namespace.addAll(source.namespace());
    query.mergeCondition = dml.expressions.condition(merge.condition(), ExprKind.JOIN_ON, "JOIN/ON");
    for (DmlStatement.MergeWhen when : merge.whens()) {
      query.mergeClauses.add(clause(target, source, when));
    }
    target.base.rowIdentity = true;
    RowSecurity.applyToRead(analysis, scope, target.base, target.table());
    if (RowSecurity.isEnforced(analysis, target.base, target.table())) {
      query.checks.addAll(RowSecurity.checks(analysis, target.base, target.table(), 'w', false));
    }
    for (int i = 0; i < target.base.columnCount(); i++) {
      if (target.base.columnNames.get(i) != null) {
        target.base.markUsed(i + 1);
      }
    }
  }

  private static void checkReachable(List<DmlStatement.MergeWhen> whens) {
    boolean[] unconditional = new boolean[2];
    for (DmlStatement.MergeWhen when : whens) {
      int at = when.matched() ? 1 : 0;
      if (unconditional[at]) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "unreachable WHEN clause specified after unconditional WHEN clause");
      }
      unconditional[at] = when.condition() == null;
    }
  }

  private Query.MergeClause clause(ModifyTarget target, FromAnalyzer.Bound source, DmlStatement.MergeWhen when) {
    Query.MergeClause clause = new Query.MergeClause();
    clause.matched = when.matched();
    scope.namespace.clear();
    if (when.matched()) {
      scope.namespace.add(target.item);
    }
    scope.namespace.addAll(source.namespace());
    if (when.condition() != null) {
      clause.condition = dml.expressions.condition(when.condition(), ExprKind.MERGE_WHEN, "WHEN");
    }
    switch (when.action()) {
      case DmlStatement.MergeDoNothing nothing -> clause.kind = MergeAction.Kind.NOTHING;
      case DmlStatement.MergeDelete delete -> clause.kind = MergeAction.Kind.DELETE;
      case DmlStatement.MergeUpdate update -> {
        clause.kind = MergeAction.Kind.UPDATE;
        clause.targets = dml.assignments(target, update.assignments(), ExprKind.UPDATE_SOURCE, null);
      }
      case DmlStatement.MergeInsert insert -> {
        clause.kind = MergeAction.Kind.INSERT;
        clause.targets = insert(target, insert);
      }
    }
    return clause;
  }

  private List<Query.Target> insert(ModifyTarget target, DmlStatement.MergeInsert insert) {
    Relation.Table table = target.table();
    List<DmlStatement.AssignmentTarget> columns = insert.targets();
    if (columns.isEmpty()) {
      columns = new ArrayList<>();
      for (Relation.Column column : table.columns()) {
        if (!column.dropped()) {
          columns.add(new DmlStatement.AssignmentTarget(column.name(), List.of(), 0));
        }
      }
    }
    List<Node> row = new SelectAnalyzer(scope).row(insert.values(), true, ExprKind.VALUES_SINGLE);
    if (row.size() > columns.size()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "INSERT has more expressions than target columns")
          .at(Nodes.location(row.get(columns.size())));
    }
    if (!insert.targets().isEmpty() && !row.isEmpty() && row.size() < columns.size()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "INSERT has more target columns than expressions").at(columns.get(row.size()).position());
    }
    ColumnDefaults defaults = new ColumnDefaults(analysis, table);
    Node[] values = new Node[table.columns().size()];
    for (int i = 0; i < row.size(); i++) {
      DmlStatement.AssignmentTarget to = columns.get(i);
      Relation.Column column = target.column(to.column(), to.position(), false);
      target.base.inserted.set(column.attnum() + RangeEntry.SYSTEM_OFFSET);
      PgType type = target.columnType(column);
      Node current = to.steps().isEmpty() ? null : new Node.Const(0, type, column.typmod(), null, -1);
      values[column.attnum() - 1] =
          dml.expressions.containers().assign(current, column.name(), type, column.typmod(), type.collationOid(), to.steps(), row.get(i), to.position());
    }
    List<Query.Target> result = new ArrayList<>(values.length);
    boolean system = insert.overriding() == DmlStatement.Overriding.SYSTEM_VALUE;
    boolean user = insert.overriding() == DmlStatement.Overriding.USER_VALUE;
    for (Relation.Column column : table.columns()) {
      Node value = values[column.attnum() - 1];
      boolean isDefault = value == null || value instanceof Node.Default;
      if (!isDefault && column.identity() == 'a' && !system && !user || !isDefault && column.generated() != 0) {
        SqlException error =
            new SqlException(SqlState.GENERATED_ALWAYS, "cannot insert a non-DEFAULT value into column \"" + column.name() + "\"");
        throw column.generated() != 0
            ? error.withDetail("Column \"" + column.name() + "\" is a generated column.")
            : error
                .withDetail("Column \"" + column.name() + "\" is an identity column defined as GENERATED ALWAYS.")
                .withHint("Use OVERRIDING SYSTEM VALUE to override.");
      }
      Query.Target added =
          new Query.Target(
              isDefault || column.identity() != 0 && user ? defaults.of(column, null) : value, column.dropped() ? "" : column.name(), false);
      added.attnum = column.attnum();
      result.add(added);
    }
    return result;
  }
}
