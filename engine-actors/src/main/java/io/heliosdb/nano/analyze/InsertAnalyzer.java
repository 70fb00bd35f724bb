package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.ddl.OperatorClasses;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.DmlStatement;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.IndexElement;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.SortItem;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Binds INSERT with ON CONFLICT.
///
/// Source: PostgreSQL 15 manual, INSERT.
final class InsertAnalyzer {
  private final DmlAnalyzer dml;
  private final Scope scope;
  private final Analysis analysis;
  private final Query query;

  InsertAnalyzer(DmlAnalyzer dml) {
    this.dml = dml;
    this.scope = dml.scope;
    this.analysis = dml.analysis;
    this.query = dml.query;
  }

  void insert(DmlStatement.Insert insert) {
    query.command = Query.Command.INSERT;
    ModifyTarget target = ModifyTarget.open(scope, insert.table(), insert.alias(), false, 'i');
    dml.begin(target, 'a');
    query.overridingUser = insert.overriding() == DmlStatement.Overriding.USER_VALUE;
    query.overridingSystem = insert.overriding() == DmlStatement.Overriding.SYSTEM_VALUE;
    List<DmlStatement.AssignmentTarget> columns = columns(target, insert.targets());
    if (insert.query() != null) {
      SelectStatement source = SelectAnalyzer.unnest(insert.query());
      boolean plainValues =
          source.body() instanceof SelectStatement.ValuesRows && source.with() == null && source.orderBy().isEmpty() && source.limit() == null
              && source.locking().isEmpty();
      if (!plainValues) {
        fromQuery(target, columns, insert.query(), !insert.targets().isEmpty());
      } else {
        SelectStatement.ValuesRows values = (SelectStatement.ValuesRows) source.body();
        if (values.rows().size() == 1) {
          List<Node> row = new SelectAnalyzer(scope).row(values.rows().getFirst(), true, ExprKind.VALUES_SINGLE);
          query.targets = assigned(target, columns, row, !insert.targets().isEmpty());
        } else {
          fromValues(target, columns, values, !insert.targets().isEmpty());
        }
      }
    }
    query.given = query.targets;
    fillDefaults(target);
    if (insert.onConflict() != null) {
      RuleRewriter.checkConflict(target.relation, analysis.catalog);
      if (target.triggered != null) {
        throw new SqlException(
            SqlState.FEATURE_NOT_SUPPORTED, "INSERT with ON CONFLICT clause cannot be used with table that has INSERT or UPDATE rules");
      }
      onConflict(target, insert.onConflict());
    }
    scope.namespace.clear();
    scope.namespace.add(target.item);
    dml.returning(target, insert.returning());
    scope.namespace.clear();
    target.finishPermissions();
    if (target.triggered == null) {
      boolean reads = target.base.privileges.indexOf('r') >= 0;
      RowSecurity.checks(analysis, target.base, target.table(), 'a', reads && !insert.returning().isEmpty())
          .forEach(check -> query.checks.add(check.on(LogicalPlan.CheckedRow.INSERTED)));
      query.checks.addAll(target.viewChecks());
    }
  }

  // ------------------------------------------------------------------------------------------ columns and values

  /// The columns to fill, all of them if none are named.
  private List<DmlStatement.AssignmentTarget> columns(ModifyTarget target, List<DmlStatement.AssignmentTarget> given) {
    if (given.isEmpty()) {
      List<DmlStatement.AssignmentTarget> all = new ArrayList<>();
      for (Relation.Column column : target.columns()) {
        if (!column.dropped()) {
          all.add(new DmlStatement.AssignmentTarget(column.name(), List.of(), 0));
        }
      }
      return all;
    }
    List<String> whole = new ArrayList<>(given.size());
    List<String> partial = new ArrayList<>(0);
    for (DmlStatement.AssignmentTarget each : given) {
      target.column(each.column(), each.position(), false);
      if (whole.contains(each.column()) || each.steps().isEmpty() && partial.contains(each.column())) {
        throw new SqlException(SqlState.DUPLICATE_COLUMN, "column \"" + each.column() + "\" specified more than once").at(each.position());
      }
      (each.steps().isEmpty() ? whole : partial).add(each.column());
    }
    return given;
  }

  private void checkWidth(List<DmlStatement.AssignmentTarget> columns, List<Node> row, boolean named) {
    if (row.size() > columns.size()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "INSERT has more expressions than target columns")
          .at(Nodes.location(row.get(columns.size())));
    }
    if (named && row.size() < columns.size()) {
      SqlException error =
          new SqlException(SqlState.SYNTAX_ERROR, "INSERT has more target columns than expressions").at(columns.get(row.size()).position());
      if (row.size() == 1 && row.getFirst() instanceof Node.Row r && r.fields.size() == columns.size()) {
        error =
            error.withHint(
                "The insertion source is a row expression containing the same number of columns expected by the INSERT. Did you accidentally use"
                    + " extra parentheses?");
      }
      throw error;
    }
  }

  /// One target per column of the base table that gets a value.
  private List<Query.Target> assigned(ModifyTarget target, List<DmlStatement.AssignmentTarget> columns, List<Node> row, boolean named) {
    checkWidth(columns, row, named);
    List<Query.Target> result = new ArrayList<>(row.size());
    for (int i = 0; i < row.size(); i++) {
      DmlStatement.AssignmentTarget to = columns.get(i);
      Relation.Column column = target.column(to.column(), to.position(), false);
      int attnum = target.triggered != null ? column.attnum() : target.baseColumn(column);
      target.base.inserted.set(attnum + RangeEntry.SYSTEM_OFFSET);
      target.noteInserted(column);
      PgType type = target.columnType(column);
      int collation = column.collationOid() != 0 ? column.collationOid() : type.collationOid();
      Query.Target existing = null;
      for (Query.Target each : result) {
        existing = each.attnum == attnum ? each : existing;
      }
      Node current =
          existing != null ? existing.expr : to.steps().isEmpty() ? null : new Node.Const(0, type, column.typmod(), null, -1);
      Node value =
          dml.expressions.containers().assign(current, column.name(), type, column.typmod(), collation, to.steps(), row.get(i), to.position());
      if (existing != null) {
        if (to.steps().isEmpty()) {
          throw new SqlException(SqlState.SYNTAX_ERROR, "multiple assignments to same column \"" + existing.name + "\"");
        }
        existing.expr = value;
      } else {
        Query.Target added = new Query.Target(value, triggeredName(target, column, attnum), false);
        added.attnum = attnum;
        result.add(added);
      }
    }
    return result;
  }

  private static String triggeredName(ModifyTarget target, Relation.Column column, int attnum) {
    return target.triggered != null ? column.name() : target.table().column(attnum).name();
  }

  private void fromValues(
      ModifyTarget target, List<DmlStatement.AssignmentTarget> columns, SelectStatement.ValuesRows values, boolean named) {
    int width = -1;
    List<List<Node>> rows = new ArrayList<>(values.rows().size());
    SelectAnalyzer select = new SelectAnalyzer(scope);
    List<Query.Target> first = null;
    for (List<Expression> given : values.rows()) {
      List<Node> row = select.row(given, true, ExprKind.VALUES);
      if (width < 0) {
        width = row.size();
      } else if (width != row.size()) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "VALUES lists must all be the same length")
            .at(given.isEmpty() ? values.position() : given.getFirst().startPosition());
      }
      List<Query.Target> targets = assigned(target, columns, row, named);
      if (first == null) {
        first = targets;
      }
      List<Node> converted = new ArrayList<>(targets.size());
      for (Query.Target each : targets) {
        CollationAssigner.assign(analysis, each.expr);
        converted.add(each.expr);
      }
      rows.add(converted);
    }
    RangeEntry entry = new RangeEntry(RangeEntry.Kind.VALUES, scope.depth, "*VALUES*", first.size());
    List<Query.Target> result = new ArrayList<>(first.size());
    for (int i = 0; i < first.size(); i++) {
      Relation.Column column =
          target.triggered != null ? target.columns().get(first.get(i).attnum - 1) : target.table().column(first.get(i).attnum);
      PgType type = analysis.types.byOid(column.typeOid());
      int collation = column.collationOid() != 0 ? column.collationOid() : type.collationOid();
      entry.addColumn("column" + (i + 1), type, column.typmod(), collation);
      Query.Target added = new Query.Target(new Node.Var(0, entry, i + 1, type, column.typmod(), collation), first.get(i).name, false);
      added.attnum = first.get(i).attnum;
      result.add(added);
    }
    entry.rows = rows;
    query.entries.add(entry);
    query.source = entry;
    query.targets = result;
  }

  private void fromQuery(ModifyTarget target, List<DmlStatement.AssignmentTarget> columns, SelectStatement source, boolean named) {
    Query inner = SelectAnalyzer.subquery(scope, source, false, null, false);
    if (inner.into != null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "SELECT ... INTO is not allowed here").at(inner.into.position());
    }
    RangeEntry entry = new FromAnalyzer(dml.expressions).ofQuery(inner, "*SELECT*", null);
    query.entries.add(entry);
    query.source = entry;
    List<Node> row = new ArrayList<>(entry.columnCount());
    List<Query.Target> targets = inner.visibleTargets();
    for (int i = 0; i < targets.size(); i++) {
      Node expr = targets.get(i).expr;
      boolean open = expr.isUnknown() && (expr instanceof Node.Const || expr instanceof Node.Param);
      if (open) {
        row.add(expr);
      } else {
        entry.markUsed(i + 1);
        row.add(new Node.Var(expr.position, entry, i + 1, expr.type(), expr.typmod, expr.collation));
      }
    }
    query.targets = assigned(target, columns, row, named);
    for (Query.Target each : targets) {
      // What the column's type did not decide is text, as in any sub-query.
      if (each.expr instanceof Node.Const && each.expr.isUnknown()) {
        each.expr = analysis.coercion.toDeclared(each.expr, PgTypes.TEXT);
      }
    }
  }

  /// Applies the rules for identity and generated columns and adds defaults; afterwards every column of the table has a target.
  private void fillDefaults(ModifyTarget target) {
    boolean triggered = target.triggered != null;
    if (target.isView() && !triggered) {
      // A view's own default for a column that is computed has nowhere to go.
      for (Relation.Column column : target.columns()) {
        if (column.defaultExpression() != null) {
          target.baseColumn(column);
        }
      }
    }
    Relation relation = triggered ? target.relation : target.table();
    ColumnDefaults defaults = new ColumnDefaults(analysis, relation);
    List<Query.Target> complete = new ArrayList<>(relation.columns().size());
    for (Relation.Column column : relation.columns()) {
      Query.Target given = null;
      for (Query.Target each : query.targets) {
        given = each.attnum == column.attnum() ? each : given;
      }
      if (given != null && !triggered) {
        given = checkGenerated(column, given);
      }
      Node value = given == null || given.expr instanceof Node.Default ? defaults.of(column, DmlAnalyzer.viewDefault(target, column)) : given.expr;
      if (given != null && given.expr instanceof Node.Var var && query.source != null && var.entry == query.source
          && query.source.kind == RangeEntry.Kind.VALUES) {
        int at = var.attno - 1;
        for (List<Node> row : query.source.rows) {
          if (row.get(at) instanceof Node.Default) {
            row.set(at, defaults.of(column, DmlAnalyzer.viewDefault(target, column)));
          }
        }
      }
      Query.Target added = new Query.Target(value, column.dropped() ? "" : column.name(), false);
      added.attnum = column.attnum();
      complete.add(added);
    }
    query.targets = complete;
  }

  /// The target, or null if the column takes its default whatever was given.
  private Query.@Nullable Target checkGenerated(Relation.Column column, Query.Target given) {
    boolean allDefault = isDefault(given.expr);
    if (column.identity() != 0 && query.overridingUser) {
      return null;
    }
    if (column.identity() == 'a' && !query.overridingSystem && !allDefault) {
      throw new SqlException(SqlState.GENERATED_ALWAYS, "cannot insert a non-DEFAULT value into column \"" + column.name() + "\"")
          .withDetail("Column \"" + column.name() + "\" is an identity column defined as GENERATED ALWAYS.")
          .withHint("Use OVERRIDING SYSTEM VALUE to override.");
    }
    if (column.generated() != 0) {
      if (!allDefault) {
        throw new SqlException(SqlState.GENERATED_ALWAYS, "cannot insert a non-DEFAULT value into column \"" + column.name() + "\"")
            .withDetail("Column \"" + column.name() + "\" is a generated column.");
      }
      return null;
    }
    return given;
  }

  private boolean isDefault(Node expr) {
    if (expr instanceof Node.Default) {
      return true;
    }
    if (expr instanceof Node.Var var && var.entry == query.source && query.source.kind == RangeEntry.Kind.VALUES) {
      for (List<Node> row : query.source.rows) {
        if (!(row.get(var.attno - 1) instanceof Node.Default)) {
          return false;
        }
      }
      return true;
    }
    return false;
  }

  // ------------------------------------------------------------------------------------------ ON CONFLICT

  private void onConflict(ModifyTarget target, DmlStatement.OnConflict clause) {
    Query.Conflict conflict = new Query.Conflict();
    query.conflict = conflict;
    conflict.update = clause.update();
    DmlStatement.ConflictTarget infer = clause.target();
    if (clause.update() && infer == null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "ON CONFLICT DO UPDATE requires inference specification or constraint name")
          .withHint("For example, ON CONFLICT (column_name).")
          .at(clause.position());
    }
    if (infer != null) {
      arbiters(target, infer, conflict);
    }
    if (!clause.update()) {
      return;
    }
    target.requireUpdate();
    RangeEntry excluded = new RangeEntry(RangeEntry.Kind.RELATION, scope.depth, "excluded", target.base.columnCount());
    excluded.inFrom = false;
    for (int i = 0; i < target.base.columnCount(); i++) {
      excluded.addColumn(
          target.base.columnNames.get(i), target.base.types.get(i), target.base.typmods.get(i), target.base.collations.get(i));
    }
    conflict.excluded = excluded;
    RangeEntry named = excluded;
    if (target.isView()) {
      List<Node> columns =
          Nodes.rewrite(
              target.named.joinColumns,
              node -> node instanceof Node.Var var && var.entry == target.base
                  ? new Node.Var(var.position, excluded, var.attno, var.type(), var.typmod, var.collation) : null);
      named = ModifyTarget.viewEntry(scope, (Relation.View) target.relation, "excluded", columns);
    }
    scope.namespace.clear();
    scope.namespace.add(new Scope.Item("excluded", named, null));
    scope.namespace.add(target.item);
    query.entries.add(excluded);
    conflict.assignments.addAll(dml.assignments(target, clause.assignments(), ExprKind.UPDATE_SOURCE, null));
    if (clause.where() != null) {
      conflict.where = dml.expressions.condition(clause.where(), ExprKind.WHERE, "WHERE");
    }
    scope.namespace.clear();
    if (RowSecurity.isEnforced(analysis, target.base, target.table())) {
      RowSecurity.checks(analysis, target.base, target.table(), 'w', true)
          .forEach(check -> query.checks.add(check.on(LogicalPlan.CheckedRow.UPDATED)));
      query.checks.addAll(RowSecurity.foundChecks(analysis, target.base, target.table()));
    }
  }

  private void arbiters(ModifyTarget target, DmlStatement.ConflictTarget infer, Query.Conflict conflict) {
    Relation.Table table = target.table();
    if (infer.constraint() != null) {
      String name = infer.constraint().text();
      Relation.Constraint constraint = table.constraint(name);
      if (constraint == null) {
        throw new SqlException(
            SqlState.UNDEFINED_OBJECT, "constraint \"" + name + "\" for table \"" + table.name() + "\" does not exist");
      }
      if (constraint.indexOid() == 0 || constraint.kind() == Relation.Constraint.Kind.FOREIGN_KEY) {
        throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "constraint in ON CONFLICT clause has no associated index");
      }
      if (constraint.kind() == Relation.Constraint.Kind.EXCLUSION && conflict.update) {
        throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "ON CONFLICT DO UPDATE not supported with exclusion constraints");
      }
      if (constraint.deferrable()) {
        throw new SqlException(
            SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "ON CONFLICT does not support deferrable unique constraints/exclusion constraints as arbiters");
      }
      conflict.constraint = name;
      conflict.arbiters = List.of(constraint.indexOid());
      return;
    }
    // The elements name columns of what the statement names; only those of the base table can be unique.
    List<Scope.Item> outer = scope.namespace;
    scope.namespace = new ArrayList<>(List.of(target.item));
    List<Integer> attnums = new ArrayList<>();
    List<Node> expressions = new ArrayList<>();
    List<Node> all = new ArrayList<>();
    List<Inferred> particular = new ArrayList<>();
    for (IndexElement element : infer.elements()) {
      refuseOrder(element, infer.position());
      Node node =
          element.column() != null
              ? dml.expressions.analyze(
                  new Expression.ColumnReference(List.of(element.column()), false, infer.position()), ExprKind.INDEX_EXPRESSION)
              : dml.expressions.analyze(element.expression().expression(), ExprKind.INDEX_EXPRESSION);
      Node flat = flatten(node);
      all.add(flat);
      if (element.collation() != null || element.operatorClass() != null) {
        int collation = element.collation() == null ? 0 : analysis.names.collation(element.collation(), element.position()).oid();
        particular.add(new Inferred(flat, collation, element.operatorClass() == null ? null : OperatorClasses.named("btree", element.operatorClass())));
      }
      if (flat instanceof Node.Var var && var.entry == target.base && var.attno > 0) {
        if (!attnums.contains(var.attno)) {
          attnums.add(var.attno);
        }
      } else {
        expressions.add(flat);
      }
    }
    Node where = infer.where() == null ? null : dml.expressions.condition(infer.where(), ExprKind.INDEX_PREDICATE, "WHERE");
    if (where != null) {
      where = flatten(where);
    }
    scope.namespace = outer;
    conflict.elements = all;
    conflict.elementsWhere = where;
    List<Integer> found = new ArrayList<>();
    for (Relation.Index index : analysis.catalog.indexesOf(table.oid())) {
      if (index.unique() && index.immediate() && index.valid() && matches(target, index, attnums, expressions, where)
          && particular.stream().allMatch(element -> isKeyOf(target, index, element))) {
        found.add(index.oid());
      }
    }
    if (found.isEmpty()) {
      throw new SqlException(
          SqlState.INVALID_COLUMN_REFERENCE, "there is no unique or exclusion constraint matching the ON CONFLICT specification");
    }
    conflict.arbiters = found;
  }

  /// An element of the inference clause that asks for a collation (or 0) or an operator class (or null).
  private record Inferred(Node element, int collation, @Nullable String operatorClass) {}

  private static void refuseOrder(IndexElement element, int position) {
    if (element.direction() != SortItem.Direction.DEFAULT) {
      throw new SqlException(SqlState.INVALID_COLUMN_REFERENCE, "ASC/DESC is not allowed in ON CONFLICT clause").at(position);
    }
    if (element.nulls() != SortItem.NullsOrder.DEFAULT) {
      throw new SqlException(SqlState.INVALID_COLUMN_REFERENCE, "NULLS FIRST/LAST is not allowed in ON CONFLICT clause").at(position);
    }
  }

  /// Whether a key of the index is the element with that collation and an operator class of the same family: all classes of btree indexes
  /// are of the default family of their type, those for patterns apart.
  private boolean isKeyOf(ModifyTarget target, Relation.Index index, Inferred inferred) {
    for (Relation.Index.Key key : index.keys().subList(0, index.keyCount())) {
      boolean same = key.attnum() > 0
          ? inferred.element() instanceof Node.Var var && var.entry == target.base && var.attno == key.attnum()
          : Nodes.equal(stored(target, key.expression()), inferred.element(), analysis);
      if (same && (inferred.collation() == 0 || inferred.collation() == key.collationOid())
          && (inferred.operatorClass() == null || isPattern(inferred.operatorClass()) == isPattern(key.operatorClass()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isPattern(@Nullable String operatorClass) {
    return operatorClass != null && operatorClass.endsWith("_pattern_ops");
  }

  /// Replaces columns of a view by what they stand for.
  private static Node flatten(Node node) {
    return Nodes.rewrite(
        node, n -> n instanceof Node.Var var && var.entry.kind == RangeEntry.Kind.JOIN && var.attno > 0 ? GroupingCheck.flat(var) : null);
  }

  private boolean matches(
      ModifyTarget target, Relation.Index index, List<Integer> attnums, List<Node> expressions, @Nullable Node where) {
    List<Integer> columns = new ArrayList<>();
    List<Node> own = new ArrayList<>();
    for (int i = 0; i < index.keyCount(); i++) {
      Relation.Index.Key key = index.keys().get(i);
      if (key.attnum() > 0) {
        if (!columns.contains(key.attnum())) {
          columns.add(key.attnum());
        }
      } else {
        own.add(stored(target, key.expression()));
      }
    }
    if (columns.size() != attnums.size() || !columns.containsAll(attnums)) {
      return false;
    }
    for (Node expression : expressions) {
      if (!containsEqual(own, expression)) {
        return false;
      }
    }
    for (Node expression : own) {
      if (!containsEqual(expressions, expression)) {
        return false;
      }
    }
    return index.predicate() == null || where != null && implies(where, stored(target, index.predicate()));
  }

  private boolean containsEqual(List<Node> nodes, Node node) {
    for (Node each : nodes) {
      if (Nodes.equal(each, node, analysis)) {
        return true;
      }
    }
    return false;
  }

  /// An expression from the catalog over the target's base entry.
  private Node stored(ModifyTarget target, String text) {
    Scope inner = Scope.detached(analysis, scope.depth);
    String privileges = target.base.privileges;
    java.util.BitSet selected = (java.util.BitSet) target.base.selected.clone();
    inner.namespace.add(new Scope.Item(target.table().name(), target.base, null));
    Node node = new ExpressionAnalyzer(inner).analyze(io.heliosdb.nano.parse.Parser.parseExpression(text), ExprKind.INDEX_EXPRESSION);
    target.base.privileges = privileges;
    target.base.selected.clear();
    target.base.selected.or(selected);
    return node;
  }

  /// Whether `condition` holds only where `predicate` does, as far as that shows: each conjunct of the predicate is one of the condition,
  /// or asks for NOT NULL of something the condition compares.
  private boolean implies(Node condition, Node predicate) {
    List<Node> given = conjuncts(condition);
    for (Node needed : conjuncts(predicate)) {
      boolean found = containsEqual(given, needed);
      if (!found && needed instanceof Node.NullTest test && test.negated) {
        for (Node each : given) {
          found |= each instanceof Node.Op op && op.function.strict() && containsEqual(op.arguments, test.argument);
        }
      }
      if (!found) {
        return false;
      }
    }
    return true;
  }

  private static List<Node> conjuncts(Node node) {
    if (node instanceof Node.Bool bool && bool.kind == Node.BoolKind.AND) {
      List<Node> result = new ArrayList<>();
      bool.arguments.forEach(each -> result.addAll(conjuncts(each)));
      return result;
    }
    return List.of(node);
  }
}
