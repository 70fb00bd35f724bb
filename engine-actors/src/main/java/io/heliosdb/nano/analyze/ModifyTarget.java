package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// What INSERT, UPDATE, DELETE or MERGE changes: a table, or a simple view over one, seen under the name the statement gives it.
///
/// For a view, `named` is an entry whose columns are expressions over `base`; for a table both are the same.
/// Source: PostgreSQL 15 manual, CREATE VIEW, "Updatable Views".
final class ModifyTarget {
  final Analysis analysis;
  /// What the statement names.
  final Relation relation;
  final RangeEntry named;
  /// The table that is really changed; the view's own entry if it has INSTEAD OF triggers.
  final RangeEntry base;
  final Scope.Item item;
  /// The view, if its triggers do the work.
  Relation.@Nullable View triggered;
  /// Views from the named one inward.
  final List<Relation.View> views = new ArrayList<>(0);
  final List<Query> viewQueries = new ArrayList<>(0);
  private final char event;
  /// Stands for the view in privilege checks; null for a table.
  private @Nullable RangeEntry viewPermissions;

  /// The same for the views behind it, as their outer views' owners.
  private final List<RangeEntry> innerPermissions = new ArrayList<>(0);

  private ModifyTarget(Analysis analysis, Relation relation, RangeEntry named, RangeEntry base, char event) {
    this.analysis = analysis;
    this.relation = relation;
    this.named = named;
    this.base = base;
    this.event = event;
    this.item = new Scope.Item(named.name, named, null);
  }

  /// @param event i, u, d or m(erge)
  static ModifyTarget open(Scope scope, QualifiedName name, @Nullable String alias, boolean only, char event) {
    Analysis analysis = scope.analysis;
    Relation relation = Relations.find(scope, name);
    analysis.dependsOn(relation);
    ModifyTarget target =
        switch (relation) {
          case Relation.Table table -> {
            if (table.kind() == 'm') {
              throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot change materialized view \"" + table.name() + "\"");
            }
            RangeEntry entry = tableEntry(scope, table, alias, only);
            yield new ModifyTarget(analysis, relation, entry, entry, event);
          }
          case Relation.View view -> ofView(scope, view, alias, event);
          case Relation.SystemRelation system ->
              throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied: \"" + system.name() + "\" is a system catalog");
          case Relation.Sequence sequence ->
              throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot change sequence \"" + sequence.name() + "\"");
          case Relation.Index index ->
              throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot open relation \"" + index.name() + "\"")
                  .withDetail("This operation is not supported for indexes.")
                  .at(name.position());
          case Relation.Composite composite ->
              throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot open relation \"" + composite.name() + "\"")
                  .withDetail("This operation is not supported for composite types.")
                  .at(name.position());
        };
    return target;
  }

  private static RangeEntry tableEntry(Scope scope, Relation.Table table, @Nullable String alias, boolean only) {
    RangeEntry entry = new RangeEntry(RangeEntry.Kind.RELATION, scope.depth, alias == null ? table.name() : alias, table.columns().size());
    entry.alias = alias;
    entry.relation = table;
    entry.only = only;
    entry.checkAs = scope.analysis.checkAs;
    new Relations(new ExpressionAnalyzer(scope)).addColumns(entry, table);
    scope.analysis.permissionEntries.add(entry);
    return entry;
  }

  // ------------------------------------------------------------------------------------------ views

  private static ModifyTarget ofView(Scope scope, Relation.View view, @Nullable String alias, char event) {
    Analysis analysis = scope.analysis;
    if (event == 'm') {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cannot execute MERGE on relation \"" + view.name() + "\"")
          .withDetail("This operation is not supported for views.");
    }
    if (hasInsteadTrigger(analysis.catalog, view, event)) {
      RangeEntry entry = new RangeEntry(RangeEntry.Kind.SUBQUERY, scope.depth, alias == null ? view.name() : alias, view.columns().size());
      entry.alias = alias;
      entry.view = view;
      entry.subquery = new Views(analysis).expand(view, scope.depth + 1, null);
      new Relations(new ExpressionAnalyzer(scope)).addColumns(entry, view);
      analysis.permissionEntries.add(entry);
      ModifyTarget target = new ModifyTarget(analysis, view, entry, entry, event);
      target.triggered = view;
      return target;
    }
    List<Relation.View> views = new ArrayList<>();
    List<Query> queries = new ArrayList<>();
    List<Node> columns = null;
    RangeEntry baseEntry = null;
    Relation current = view;
    int role = analysis.checkAs;
    List<Node> conditions = new ArrayList<>();
    while (current instanceof Relation.View inner) {
      if (inner != view && hasInsteadTrigger(analysis.catalog, inner, event)) {
        throw SqlException.notSupported("changing a view over a view with INSTEAD OF triggers");
      }
      int before = analysis.permissionEntries.size();
      Query query = new Views(analysis).expand(inner, scope.depth, null);
      String reason = notUpdatable(query);
      if (reason != null) {
        throw refusal(inner, event, reason);
      }
      RangeEntry leaf = ((Query.Leaf) query.from.getFirst()).entry();
      List<Node> own = new ArrayList<>();
      for (Query.Target target : query.visibleTargets()) {
        own.add(target.expr);
      }
      if (columns == null) {
        columns = own;
      } else {
        RangeEntry replaced = baseEntry;
        List<Node> through = own;
        columns = substitute(columns, replaced, through);
        conditions.replaceAll(node -> substitute(List.of(node), replaced, through).getFirst());
      }
      if (query.where != null) {
        conditions.add(query.where);
      }
      conditions.addAll(leaf.securityConditions);
      leaf.securityConditions.clear();
      views.add(inner);
      queries.add(query);
      // What the expansion of the base relation asked for does not count: the change itself asks for what it needs.
      List<RangeEntry> fresh = analysis.permissionEntries.subList(before, analysis.permissionEntries.size());
      fresh.removeIf(entry -> isWithin(entry, leaf));
      baseEntry = leaf;
      current = leaf.view != null ? leaf.view : leaf.relation;
    }
    if (!(current instanceof Relation.Table table)) {
      throw refusal(view, event, "Views that do not select from a single table or view are not automatically updatable.");
    }
    analysis.dependsOn(table);
    RangeEntry viewPermissions = new RangeEntry(RangeEntry.Kind.RESULT_ROW, scope.depth, view.name(), 0);
    viewPermissions.view = view;
    viewPermissions.checkAs = role;
    viewPermissions.requirePrivilege(event == 'i' ? 'a' : event == 'u' ? 'w' : 'd');
    analysis.permissionEntries.add(viewPermissions);
    List<RangeEntry> innerPermissions = new ArrayList<>(0);
    for (int i = 1; i < views.size(); i++) {
      RangeEntry inner = new RangeEntry(RangeEntry.Kind.RESULT_ROW, scope.depth, views.get(i).name(), 0);
      inner.view = views.get(i);
      inner.checkAs = views.get(i - 1).securityInvoker() ? 0 : views.get(i - 1).ownerOid();
      inner.requirePrivilege(event == 'i' ? 'a' : event == 'u' ? 'w' : 'd');
      analysis.permissionEntries.add(inner);
      innerPermissions.add(inner);
    }
    analysis.permissionEntries.add(baseEntry);
    baseEntry.privileges = "";
    baseEntry.name = alias == null ? view.name() : alias;
    baseEntry.checkAs = views.getLast().securityInvoker() ? 0 : views.getLast().ownerOid();
    baseEntry.securityConditions.addAll(conditions);
    RangeEntry named = viewEntry(scope, view, alias, columns);
    ModifyTarget target = new ModifyTarget(analysis, view, named, baseEntry, event);
    target.viewPermissions = viewPermissions;
    target.innerPermissions.addAll(innerPermissions);
    target.views.addAll(views);
    target.viewQueries.addAll(queries);
    return target;
  }

  private static boolean isWithin(RangeEntry entry, RangeEntry root) {
    if (entry == root) {
      return true;
    }
    if (root.subquery != null) {
      for (RangeEntry inner : root.subquery.entries) {
        if (isWithin(entry, inner)) {
          return true;
        }
      }
    }
    return false;
  }

  /// Columns read through a view need SELECT on it too; on the views and the table behind it, all columns that the view before names, read or not.
  void finishPermissions() {
    if (viewPermissions == null || base.privileges.indexOf('r') < 0) {
      return;
    }
    viewPermissions.requirePrivilege('r');
    viewPermissions.selected.or(named.used);
    for (int i = 0; i < viewQueries.size(); i++) {
      RangeEntry behind = i < innerPermissions.size() ? innerPermissions.get(i) : base;
      behind.requirePrivilege('r');
      Query query = viewQueries.get(i);
      List<Node> named = new ArrayList<>();
      query.visibleTargets().forEach(target -> named.add(target.expr));
      if (query.where != null) {
        named.add(query.where);
      }
      behind.selected.or(columnsIn(named));
    }
  }

  /// The statement inserts into a column of the view, so through all views on the way to the table.
  void noteInserted(Relation.Column column) {
    if (viewPermissions != null) {
      BitSet columns = bit(column);
      viewPermissions.inserted.or(columns);
      forEachInner(columns, (inner, through) -> inner.inserted.or(through));
    }
  }

  /// As [#noteInserted].
  void noteUpdated(Relation.Column column) {
    if (viewPermissions != null) {
      BitSet columns = bit(column);
      viewPermissions.updated.or(columns);
      forEachInner(columns, (inner, through) -> inner.updated.or(through));
    }
  }

  /// An INSERT that may update as well.
  void requireUpdate() {
    base.requirePrivilege('w');
    if (viewPermissions != null) {
      viewPermissions.requirePrivilege('w');
      innerPermissions.forEach(inner -> inner.requirePrivilege('w'));
    }
  }

  private static BitSet bit(Relation.Column column) {
    BitSet columns = new BitSet();
    columns.set(column.attnum() + RangeEntry.SYSTEM_OFFSET);
    return columns;
  }

  /// Gives for each view behind the named one its columns that the named view's `columns` are made of.
  private void forEachInner(BitSet columns, BiConsumer<RangeEntry, BitSet> each) {
    BitSet outer = columns;
    for (int i = 0; i < innerPermissions.size(); i++) {
      List<Query.Target> targets = viewQueries.get(i).visibleTargets();
      List<Node> read = new ArrayList<>();
      outer.stream()
          .map(bit -> bit - RangeEntry.SYSTEM_OFFSET)
          .filter(attnum -> attnum > 0 && attnum <= targets.size())
          .forEach(attnum -> read.add(targets.get(attnum - 1).expr));
      outer = columnsIn(read);
      each.accept(innerPermissions.get(i), outer);
    }
  }

  private static BitSet columnsIn(List<Node> nodes) {
    BitSet columns = new BitSet();
    Nodes.rewrite(nodes, node -> {
      if (node instanceof Node.Var var && var.attno > 0) {
        columns.set(var.attno + RangeEntry.SYSTEM_OFFSET);
      }
      return null;
    });
    return columns;
  }

  static RangeEntry viewEntry(Scope scope, Relation.View view, @Nullable String alias, List<Node> columns) {
    RangeEntry named = new RangeEntry(RangeEntry.Kind.JOIN, scope.depth, alias == null ? view.name() : alias, columns.size());
    named.alias = alias;
    named.joinColumns = columns;
    for (int i = 0; i < columns.size(); i++) {
      Node column = columns.get(i);
      named.addColumn(view.columns().get(i).name(), column.type(), column.typmod, column.collation);
    }
    return named;
  }

  /// Replaces columns of the view `from` by the expressions that compute them.
  private static List<Node> substitute(List<Node> nodes, RangeEntry from, List<Node> columns) {
    return Nodes.rewrite(
        nodes, node -> node instanceof Node.Var var && var.entry == from && var.attno > 0 ? columns.get(var.attno - 1) : null);
  }

  static boolean hasInsteadTrigger(Catalog catalog, Relation.View view, char event) {
    for (int oid : view.triggerOids()) {
      Catalog.Trigger trigger = catalog.trigger(oid);
      if (trigger != null && trigger.timing() == 'i' && trigger.events().indexOf(event) >= 0) {
        return true;
      }
    }
    return false;
  }

  /// Why a view is not automatically updatable, null if it is.
  static @Nullable String notUpdatable(Query query) {
    if (!query.distinct.isEmpty()) {
      return "Views containing DISTINCT are not automatically updatable.";
    }
    if (!query.groupBy.isEmpty() || query.groupingSets != null) {
      return "Views containing GROUP BY are not automatically updatable.";
    }
    if (query.having != null) {
      return "Views containing HAVING are not automatically updatable.";
    }
    if (query.setOperation != null) {
      return "Views containing UNION, INTERSECT, or EXCEPT are not automatically updatable.";
    }
    if (!query.ctes.isEmpty()) {
      return "Views containing WITH are not automatically updatable.";
    }
    if (query.limit != null || query.offset != null) {
      return "Views containing LIMIT or OFFSET are not automatically updatable.";
    }
    if (query.hasAggregates) {
      return "Views that return aggregate functions are not automatically updatable.";
    }
    if (query.hasWindows) {
      return "Views that return window functions are not automatically updatable.";
    }
    if (query.hasTargetSets) {
      return "Views that return set-returning functions are not automatically updatable.";
    }
    boolean single =
        query.from.size() == 1 && query.from.getFirst() instanceof Query.Leaf leaf
            && (leaf.entry().relation instanceof Relation.Table || leaf.entry().view != null);
    if (!single) {
      return "Views that do not select from a single table or view are not automatically updatable.";
    }
    if (((Query.Leaf) query.from.getFirst()).entry().sample != null) {
      return "Views containing TABLESAMPLE are not automatically updatable.";
    }
    return null;
  }

  static SqlException refusal(Relation.View view, char event, String reason) {
    return switch (event) {
      case 'i' ->
          new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "cannot insert into view \"" + view.name() + "\"")
              .withDetail(reason)
              .withHint(
                  "To enable inserting into the view, provide an INSTEAD OF INSERT trigger or an unconditional ON INSERT DO INSTEAD rule.");
      case 'u' ->
          new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "cannot update view \"" + view.name() + "\"")
              .withDetail(reason)
              .withHint("To enable updating the view, provide an INSTEAD OF UPDATE trigger or an unconditional ON UPDATE DO INSTEAD rule.");
      default ->
          new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "cannot delete from view \"" + view.name() + "\"")
              .withDetail(reason)
              .withHint(
                  "To enable deleting from the view, provide an INSTEAD OF DELETE trigger or an unconditional ON DELETE DO INSTEAD rule.");
    };
  }

  // ------------------------------------------------------------------------------------------ columns

  boolean isView() {
    return named != base;
  }

  /// Columns of what the statement names.
  List<Relation.Column> columns() {
    return relation.columns();
  }

  /// The column of that name.
  ///
  /// @throws SqlException 42703
  Relation.Column column(String name, int position, boolean qualifiedHint) {
    for (Relation.Column column : columns()) {
      if (!column.dropped() && column.name().equals(name)) {
        return column;
      }
    }
    SqlException error =
        new SqlException(SqlState.UNDEFINED_COLUMN, "column \"" + name + "\" of relation \"" + relation.name() + "\" does not exist")
            .at(position);
    throw qualifiedHint ? error.withHint("SET target columns cannot be qualified with the relation name.") : error;
  }

  /// The table's attnum behind a column of what the statement names.
  ///
  /// @throws SqlException 0A000 if a view computes it
  int baseColumn(Relation.Column column) {
    if (!isView()) {
      return column.attnum();
    }
    if (named.joinColumns.get(column.attnum() - 1) instanceof Node.Var var && var.entry == base && var.attno > 0) {
      return var.attno;
    }
    String verb = event == 'i' ? "insert into" : "update";
    throw new SqlException(
            SqlState.FEATURE_NOT_SUPPORTED, "cannot " + verb + " column \"" + column.name() + "\" of view \"" + relation.name() + "\"")
        .withDetail("View columns that are not columns of their base relation are not updatable.");
  }

  PgType columnType(Relation.Column column) {
    return analysis.types.byOid(column.typeOid());
  }

  Relation.Table table() {
    return (Relation.Table) base.relation;
  }

  /// Conditions that new rows must satisfy because of WITH CHECK OPTION, over the base table's columns.
  List<Query.Check> viewChecks() {
    List<Query.Check> checks = new ArrayList<>();
    boolean cascaded = false;
    for (int i = 0; i < views.size(); i++) {
      Relation.View view = views.get(i);
      cascaded |= "cascaded".equals(view.checkOption());
      boolean checked = cascaded || "local".equals(view.checkOption());
      Node condition = viewQueries.get(i).where;
      if (checked && condition != null) {
        for (int j = i + 1; j < views.size(); j++) {
          RangeEntry leaf = ((Query.Leaf) viewQueries.get(j - 1).from.getFirst()).entry();
          List<Node> own = new ArrayList<>();
          for (Query.Target target : viewQueries.get(j).visibleTargets()) {
            own.add(target.expr);
          }
          condition = substitute(List.of(condition), leaf, own).getFirst();
        }
        checks.add(
            new Query.Check(
                condition,
                new SqlException(
                    SqlState.WITH_CHECK_OPTION_VIOLATION, "new row violates check option for view \"" + view.name() + "\"")));
      }
    }
    return checks;
  }
}
