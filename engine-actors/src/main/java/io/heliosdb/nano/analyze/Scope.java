package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.LockingClause;
import io.heliosdb.nano.parse.ast.WindowDefinition;
import io.heliosdb.nano.parse.ast.WithClause;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The names visible at one query level while it is analyzed, with the levels around it. Mutable, lives as long as its query's analysis.
final class Scope {
  final Analysis analysis;
  final @Nullable Scope parent;
  final Query query;
  final int depth;
  /// Items of FROM (and the target of a data change) whose names can be used now.
  List<Item> namespace = new ArrayList<>();
  boolean lateralActive;
  /// Whether this is the statement of a rule: the scope around it only holds the rows of the rule.
  boolean ruleAction;
  ExprKind kind = ExprKind.NONE;
  List<Query.Cte> ctes = new ArrayList<>();
  List<WithClause.CommonTableExpression> futureCtes = List.of();
  /// The common table expression this query is the definition of.
  Query.@Nullable Cte ownCte;
  final List<WindowDefinition> windowDefinitions = new ArrayList<>();
  List<LockingClause> locking = List.of();
  boolean lockedFromParent;
  boolean resolveUnknowns = true;
  /// Whether something inside referred to a column of the parent's scope; makes a sub-query in FROM truly lateral.
  boolean reachedParent;
  /// Whether an expression referred to this level's own items (table functions ask this to see whether they are lateral).
  boolean reachedOwn;
  /// The last set-returning call that was built, for the rule that they nest only in each other's arguments.
  @Nullable Node lastSet;
  /// What the word VALUE stands for in a domain's CHECK.
  @Nullable Node domainValue;
  @Nullable Item targetItem;
  /// Entries for columns of OLD and NEW in RETURNING that `old_x`, `new_x` may mean.
  @Nullable RangeEntry returningOld;
  @Nullable RangeEntry returningNew;

  private Scope(Analysis analysis, @Nullable Scope parent, Query query) {
    this.analysis = analysis;
    this.parent = parent;
    this.query = query;
    this.depth = query.depth;
  }

  static Scope root(Analysis analysis) {
    return new Scope(analysis, null, new Query(0));
  }

  /// A scope that sees nothing around it, for a query at the given depth (a view's definition, a policy).
  static Scope detached(Analysis analysis, int depth) {
    return new Scope(analysis, null, new Query(depth));
  }

  Scope child() {
    return new Scope(analysis, this, new Query(depth + 1));
  }

  /// A scope of the same query with no names, used for parts that see nothing of it.
  boolean isTop() {
    return parent == null || ruleAction;
  }

  /// A named source of columns.
  static final class Item {
    final String name;
    final RangeEntry entry;
    /// Columns of a join; null when they are simply those of `entry`.
    final @Nullable List<Column> columns;
    boolean tableVisible = true;
    boolean columnsVisible = true;
    boolean lateralOnly;
    boolean lateralOk = true;

    Item(String name, RangeEntry entry, @Nullable List<Column> columns) {
      this.name = name;
      this.entry = entry;
      this.columns = columns;
    }

    int columnCount() {
      return columns == null ? entry.columnCount() : columns.size();
    }

    @Nullable String columnName(int index) {
      return columns == null ? entry.columnNames.get(index) : columns.get(index).name();
    }

    RangeEntry columnEntry(int index) {
      return columns == null ? entry : columns.get(index).entry();
    }

    int columnNumber(int index) {
      return columns == null ? index + 1 : columns.get(index).attno();
    }
  }

  record Column(String name, RangeEntry entry, int attno) {}

  // ------------------------------------------------------------------------------------------ columns

  /// The column of that name in this scope or an enclosing one, or null.
  ///
  /// @throws SqlException 42702 if it is ambiguous
  @Nullable Node column(String name, boolean localOnly, int position) {
    Scope scope = this;
    while (scope != null) {
      Node found = null;
      for (int i = 0; i < scope.namespace.size(); i++) {
        Item item = scope.namespace.get(i);
        if (!item.columnsVisible || item.lateralOnly && !scope.lateralActive) {
          continue;
        }
        Node match = columnOf(scope, item, name, position);
        if (match != null) {
          if (found != null) {
            throw new SqlException(SqlState.AMBIGUOUS_COLUMN, "column reference \"" + name + "\" is ambiguous").at(position);
          }
          checkLateral(scope, item, position);
          found = match;
        }
      }
      if (found != null || localOnly) {
        return found;
      }
      scope = scope.parent;
    }
    return null;
  }

  /// A column of one item, or null. `owner` is the scope that holds the item.
  @Nullable Node columnOf(Scope owner, Item item, String name, int position) {
    Node found = null;
    int count = item.columnCount();
    for (int i = 0; i < count; i++) {
      if (name.equals(item.columnName(i))) {
        if (found != null) {
          throw new SqlException(SqlState.AMBIGUOUS_COLUMN, "column reference \"" + name + "\" is ambiguous").at(position);
        }
        found = var(owner, item.columnEntry(i), item.columnNumber(i), position);
      }
    }
    return found != null ? found : item.columns == null ? systemColumn(owner, item.entry, name, position) : null;
  }

  private @Nullable Node systemColumn(Scope owner, RangeEntry entry, String name, int position) {
    if (entry.kind != RangeEntry.Kind.RELATION || entry.relation instanceof Relation.View || entry.relation instanceof Relation.Composite) {
      return null;
    }
    int attno = SystemColumns.attno(name);
    if (attno == 0) {
      return null;
    }
    if (kind == ExprKind.CHECK_CONSTRAINT && attno != SystemColumns.TABLEOID) {
      throw new SqlException(
              SqlState.INVALID_COLUMN_REFERENCE, "system column \"" + name + "\" reference in check constraint is invalid")
          .at(position);
    }
    if (kind == ExprKind.GENERATED_COLUMN && attno != SystemColumns.TABLEOID) {
      throw new SqlException(SqlState.INVALID_COLUMN_REFERENCE, "cannot use system column \"" + name + "\" in column generation expression")
          .at(position);
    }
    if (kind == ExprKind.MERGE_WHEN && attno != SystemColumns.TABLEOID) {
      throw new SqlException(SqlState.INVALID_COLUMN_REFERENCE, "cannot use system column \"" + name + "\" in MERGE WHEN condition")
          .at(position);
    }
    noteReach(owner);
    entry.markUsed(attno);
    entry.requirePrivilege('r');
    entry.selected.set(attno + RangeEntry.SYSTEM_OFFSET);
    return new Node.Var(position, entry, attno, SystemColumns.type(attno), -1, 0);
  }

  private void noteReach(Scope owner) {
    if (owner == this) {
      reachedOwn = true;
    } else {
      Scope scope = this;
      while (scope != null && scope != owner) {
        scope.reachedParent = true;
        scope = scope.parent;
      }
      if (scope != null) {
        scope.reachedOwn = true;
      }
    }
  }

  /// A reference to column `attno` of an entry that belongs to scope `owner`.
  Node.Var var(Scope owner, RangeEntry entry, int attno, int position) {
    noteReach(owner);
    entry.markUsed(attno);
    markSelected(entry, attno);
    int i = attno - 1;
    return new Node.Var(position, entry, attno, entry.types.get(i), entry.typmods.get(i), entry.collations.get(i));
  }

  private static void markSelected(RangeEntry entry, int attno) {
    if (entry.kind == RangeEntry.Kind.JOIN) {
      Nodes.contains(
          entry.joinColumns.get(attno - 1),
          node -> {
            if (node instanceof Node.Var var) {
              var.entry.markUsed(var.attno);
              markSelected(var.entry, var.attno);
            }
            return false;
          });
      return;
    }
    if (entry.relation != null || entry.view != null) {
      entry.requirePrivilege('r');
      entry.selected.set(attno + RangeEntry.SYSTEM_OFFSET);
    }
  }

  /// Marks the use of a node that was copied out of a join's columns.
  static void touch(Node node) {
    Nodes.contains(
        node,
        each -> {
          if (each instanceof Node.Var var) {
            var.entry.markUsed(var.attno);
            if (var.attno > 0) {
              markSelected(var.entry, var.attno);
            }
          }
          return false;
        });
  }

  /// The whole row of an item, as the item's composite type or `record`.
  Node wholeRow(Scope owner, Item item, int position) {
    noteReach(owner);
    RangeEntry entry = item.entry;
    if (entry.kind == RangeEntry.Kind.JOIN || item.columns != null) {
      List<Node> fields = new ArrayList<>();
      List<String> names = new ArrayList<>();
      for (int i = 0; i < item.columnCount(); i++) {
        fields.add(var(owner, item.columnEntry(i), item.columnNumber(i), position));
        names.add(item.columnName(i));
      }
      return new Node.Row(position, PgTypes.RECORD, fields, names, true, io.heliosdb.nano.expr.Expr.Call.Form.IMPLICIT_CAST);
    }
    if (entry.kind == RangeEntry.Kind.FUNCTION && entry.functions.size() == 1 && !entry.ordinality
        && !entry.functions.getFirst().spread() && entry.columnCount() == 1) {
      return var(owner, entry, 1, position);
    }
    entry.markUsed(0);
    if (entry.relation != null || entry.view != null) {
      entry.requirePrivilege('r');
      entry.selected.set(RangeEntry.SYSTEM_OFFSET);
    }
    return new Node.Var(position, entry, 0, RowTypes.of(analysis, entry), -1, 0);
  }

  // ------------------------------------------------------------------------------------------ tables

  /// An item with the scope that holds it.
  record Found(Scope scope, Item item) {}

  /// The item of that (possibly schema-qualified) name here or in an enclosing scope, or null.
  @Nullable Found item(@Nullable String schema, String name, int position) {
    int relationOid = 0;
    if (schema != null) {
      Relation relation =
          analysis.names.findRelation(new io.heliosdb.nano.parse.ast.QualifiedName(List.of(schema, name), position));
      if (relation == null) {
        return null;
      }
      relationOid = relation.oid();
    }
    for (Scope scope = this; scope != null; scope = scope.parent) {
      Item found = null;
      for (int i = 0; i < scope.namespace.size(); i++) {
        Item item = scope.namespace.get(i);
        if (!item.tableVisible || item.lateralOnly && !scope.lateralActive || !matches(item, schema, name, relationOid)) {
          continue;
        }
        if (found != null) {
          throw new SqlException(SqlState.AMBIGUOUS_ALIAS, "table reference \"" + name + "\" is ambiguous").at(position);
        }
        checkLateral(scope, item, position);
        found = item;
      }
      if (found != null) {
        return new Found(scope, found);
      }
    }
    return null;
  }

  private static boolean matches(Item item, @Nullable String schema, String name, int relationOid) {
    if (schema == null) {
      return item.name.equals(name);
    }
    Relation relation = item.entry.view != null ? item.entry.view : item.entry.relation;
    return relation != null && relation.oid() == relationOid && item.entry.alias == null;
  }

  private void checkLateral(Scope scope, Item item, int position) {
    if (item.lateralOnly && !item.lateralOk) {
      SqlException error =
          new SqlException(SqlState.INVALID_COLUMN_REFERENCE, "invalid reference to FROM-clause entry for table \"" + item.name + "\"");
      error =
          item == scope.targetItem
              ? error.withHint("There is an entry for table \"" + item.name + "\", but it cannot be referenced from this part of the query.")
              : error.withDetail("The combining JOIN type must be INNER or LEFT for a LATERAL reference.");
      throw error.at(position);
    }
  }

  // ------------------------------------------------------------------------------------------ common table expressions

  Query.@Nullable Cte cte(String name) {
    for (Scope scope = this; scope != null; scope = scope.parent) {
      for (Query.Cte cte : scope.ctes) {
        if (cte.name.equals(name)) {
          return cte;
        }
      }
    }
    return null;
  }

  boolean isFutureCte(String name) {
    for (Scope scope = this; scope != null; scope = scope.parent) {
      for (WithClause.CommonTableExpression cte : scope.futureCtes) {
        if (cte.name().text().equals(name)) {
          return true;
        }
      }
    }
    return false;
  }
}
