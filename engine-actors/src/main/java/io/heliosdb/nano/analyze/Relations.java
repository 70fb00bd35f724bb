package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.FromItem;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.VersionClause;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Range table entries for named relations: tables, system relations, views, common table expressions.
final class Relations {
  private final Scope scope;
  private final Analysis analysis;
  private final ExpressionAnalyzer expressions;

  Relations(ExpressionAnalyzer expressions) {
    this.expressions = expressions;
    this.scope = expressions.scope;
    this.analysis = expressions.analysis;
  }

  RangeEntry table(FromItem.Table item) {
    QualifiedName name = item.name();
    if (!name.isQualified()) {
      Query.Cte cte = scope.cte(name.name());
      if (cte != null) {
        if (item.version() != null) {
          throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "AS OF cannot be applied to a WITH query").at(item.position());
        }
        if (item.sample() != null) {
          throw sampleRefused(item);
        }
        return cte(cte, item);
      }
    }
    Analysis.Moment moment = moment(item.version());
    Found found = find(name, moment);
    boolean withVersions = item.version() instanceof VersionClause.VersionsBetween;
    RangeEntry entry =
        entry(found, item.alias(), item.only(), item.position(), item.version() == null && isTimeless(found.relation()) ? null : moment, withVersions);
    entry.requirePrivilege('r');
    if (item.version() instanceof VersionClause.VersionsBetween between) {
      versions(entry, between);
    }
    if (item.sample() != null) {
      entry.sample = sample(item, found.relation());
    }
    return entry;
  }

  private static SqlException sampleRefused(FromItem.Table item) {
    return new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "TABLESAMPLE clause can only be applied to tables and materialized views")
        .at(item.sample().position());
  }

  private void versions(RangeEntry entry, VersionClause.VersionsBetween between) {
    if (!(entry.relation instanceof Relation.Table table) || table.isPartitioned() || isTimeless(table)) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "VERSIONS BETWEEN can only be applied to tables that hold rows").at(between.position());
    }
    entry.versions = new RangeEntry.Versions(moment(between.low()), moment(between.high()));
    analysis.cacheable = false;
  }

  /// A relation and the catalog of the past it is from; null for the present catalog.
  private record Found(Relation relation, @Nullable Catalog past) {}

  /// What the name means at a moment. What has not changed since is taken from the present catalog, which is at hand.
  private Found find(QualifiedName name, Analysis.@Nullable Moment moment) {
    if (moment == null || moment.scn() == History.UNKNOWN) {
      return new Found(find(scope, name), null);
    }
    History history = analysis.context.history();
    Relation present = analysis.names.findRelation(name);
    if (present != null && (isTimeless(present) || history.isUnchangedSince(present, moment.scn()))) {
      return new Found(present, null);
    }
    Catalog past = history.catalogAt(moment.scn());
    Relation relation = findIn(past, name);
    if (relation == null) {
      throw history.missing(name.toString(), present, moment.scn()).at(name.position());
    }
    if (!analysis.pastCatalogs.contains(past)) {
      analysis.pastCatalogs.add(past);
    }
    analysis.cacheable = false;
    Relation now = analysis.catalog.relation(relation.oid());
    if (now == null) {
      requireOwner(relation);
    }
    return new Found(relation, past);
  }

  /// System relations, sequences and temporary tables are read as they are now whatever the session's setting says.
  private static boolean isTimeless(Relation relation) {
    return relation instanceof Relation.SystemRelation || relation instanceof Relation.Sequence
        || relation instanceof Relation.Table table && table.persistence() == Relation.Persistence.TEMPORARY;
  }

  private @Nullable Relation findIn(Catalog past, QualifiedName name) {
    if (name.schema() != null) {
      Catalog.Namespace namespace = past.namespace(name.schema());
      return namespace == null ? null : past.relation(namespace.oid(), name.name());
    }
    for (int namespace : analysis.context.searchPath()) {
      Relation relation = past.relation(namespace, name.name());
      if (relation != null) {
        return relation;
      }
    }
    return null;
  }

  /// What is gone has no present privileges: its owner may read its history, nobody else.
  private void requireOwner(Relation relation) {
    int role = analysis.checkAs != 0 ? analysis.checkAs : analysis.context.currentRole();
    if (!Privileges.isOwner(analysis.catalog, role, relation.ownerOid())) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "permission denied for table " + relation.name())
          .withDetail("The table was dropped since; only its owner can read its history.");
    }
  }

  /// @throws SqlException 42P01
  static Relation find(Scope scope, QualifiedName name) {
    Relation relation = scope.analysis.names.findRelation(name);
    if (relation == null) {
      SqlException error =
          new SqlException(SqlState.UNDEFINED_TABLE, "relation \"" + name + "\" does not exist").at(name.position());
      if (!name.isQualified() && scope.isFutureCte(name.name())) {
        error =
            error
                .withDetail(
                    "There is a WITH item named \"" + name.name() + "\", but it cannot be referenced from this part of the query.")
                .withHint("Use WITH RECURSIVE, or re-order the WITH items to remove forward references.");
      }
      throw error;
    }
    return relation;
  }

  /// An entry for a relation that rows are read from.
  RangeEntry entry(Relation relation, FromItem.@Nullable Alias alias, boolean only, int position, Analysis.@Nullable Moment moment) {
    return entry(new Found(relation, null), alias, only, position, moment, false);
  }

  private RangeEntry entry(
      Found found, FromItem.@Nullable Alias alias, boolean only, int position, Analysis.@Nullable Moment moment, boolean withVersions) {
    Relation relation = found.relation();
    switch (relation) {
      case Relation.Index index -> throw cannotOpen(relation, "indexes", position);
      case Relation.Composite composite -> throw cannotOpen(relation, "composite types", position);
      default -> {}
    }
    if (moment != null && isTimeless(relation) && moment.clause() != null && !moment.isNow()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "AS OF cannot be applied to \"" + relation.name() + "\"")
          .withDetail("System relations, sequences and temporary tables have no history.")
          .at(position);
    }
    if (found.past() == null) {
      analysis.dependsOn(relation);
    }
    RangeEntry entry;
    if (relation instanceof Relation.View view) {
      entry = new RangeEntry(RangeEntry.Kind.SUBQUERY, scope.depth, relation.name(), view.columns().size());
      entry.view = view;
      entry.subquery = new Views(analysis).expand(view, scope.depth + 1, moment);
      entry.checkAs = analysis.checkAs;
    } else {
      entry = new RangeEntry(RangeEntry.Kind.RELATION, scope.depth, relation.name(), relation.columns().size() + (withVersions ? 4 : 0));
      entry.relation = relation;
      entry.checkAs = analysis.checkAs;
      entry.asOf = moment;
      entry.past = found.past();
    }
    entry.only = only;
    addColumns(entry, relation);
    if (withVersions) {
      entry.addColumn("versions_start_scn", PgTypes.INT8, -1, 0);
      entry.addColumn("versions_end_scn", PgTypes.INT8, -1, 0);
      entry.addColumn("versions_operation", PgTypes.TEXT, -1, PgTypes.TEXT.collationOid());
      entry.addColumn("versions_xid", PgTypes.INT8, -1, 0);
    }
    FromAnalyzer.rename(entry, alias, "table");
    analysis.permissionEntries.add(entry);
    if (relation instanceof Relation.Table table) {
      Relation now = analysis.catalog.relation(table.oid());
      RowSecurity.applyToRead(analysis, scope, entry, now instanceof Relation.Table present ? present : table);
    }
    return entry;
  }

  private static SqlException cannotOpen(Relation relation, String what, int position) {
    return new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot open relation \"" + relation.name() + "\"")
        .withDetail("This operation is not supported for " + what + ".")
        .at(position);
  }

  void addColumns(RangeEntry entry, Relation relation) {
    if (relation instanceof Relation.Sequence) {
      entry.addColumn("last_value", PgTypes.INT8, -1, 0);
      entry.addColumn("log_cnt", PgTypes.INT8, -1, 0);
      entry.addColumn("is_called", PgTypes.BOOL, -1, 0);
      return;
    }
    for (Relation.Column column : relation.columns()) {
      if (column.dropped()) {
        entry.addColumn(null, PgTypes.INT4, -1, 0);
      } else {
        PgType type = analysis.types.byOid(column.typeOid());
        int collation = column.collationOid() != 0 ? column.collationOid() : type.collationOid();
        entry.addColumn(column.name(), type, column.typmod(), collation);
      }
    }
  }

  // ------------------------------------------------------------------------------------------ WITH items

  private RangeEntry cte(Query.Cte cte, FromItem.Table item) {
    new Ctes(expressions).require(cte, item.position());
    cte.references++;
    RangeEntry entry = new RangeEntry(RangeEntry.Kind.CTE, scope.depth, cte.name, cte.columnNames.size());
    entry.cte = cte;
    entry.selfReference = cte.query == null;
    if (!entry.selfReference && cte.modifies && cte.query.returning.isEmpty()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "WITH query \"" + cte.name + "\" does not have a RETURNING clause")
          .at(item.position());
    }
    for (int i = 0; i < cte.columnNames.size(); i++) {
      entry.addColumn(cte.columnNames.get(i), cte.types.get(i), cte.typmods.get(i), cte.collations.get(i));
    }
    FromAnalyzer.rename(entry, item.alias(), "table");
    return entry;
  }

  // ------------------------------------------------------------------------------------------ clauses of a table

  private RangeEntry.Sample sample(FromItem.Table item, Relation relation) {
    if (!(relation instanceof Relation.Table)) {
      throw sampleRefused(item);
    }
    FromItem.TableSample sample = item.sample();
    String method = sample.method().name();
    if (!method.equals("bernoulli") && !method.equals("system")) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "tablesample method " + sample.method() + " does not exist").at(sample.method().position());
    }
    if (sample.arguments().size() != 1) {
      throw new SqlException(
              SqlState.INVALID_TABLESAMPLE_ARGUMENT,
              "tablesample method " + method + " requires 1 argument, not " + sample.arguments().size())
          .at(sample.position());
    }
    boolean lateral = scope.lateralActive;
    scope.lateralActive = true;
    Node argument = expressions.analyze(sample.arguments().getFirst(), ExprKind.FROM_FUNCTION);
    Node fraction = analysis.coercion.toSpecific(argument, PgTypes.FLOAT4, "TABLESAMPLE");
    Node repeatable = null;
    if (sample.repeatable() != null) {
      repeatable = analysis.coercion.toSpecific(expressions.analyze(sample.repeatable(), ExprKind.FROM_FUNCTION), PgTypes.FLOAT8, "REPEATABLE");
    }
    scope.lateralActive = lateral;
    List<Node> arguments = new ArrayList<>(List.of(fraction));
    return new RangeEntry.Sample(method, arguments, repeatable);
  }

  Analysis.@Nullable Moment moment(@Nullable VersionClause clause) {
    return switch (clause) {
      case null -> analysis.moment;
      // The bounds belong to the entry; the table itself is as it is now.
      case VersionClause.VersionsBetween between -> null;
      case VersionClause.AsOf asOf -> moment(asOf.moment());
    };
  }

  private Analysis.Moment moment(VersionClause.Moment moment) {
    return switch (moment) {
      case VersionClause.Now now -> new Analysis.Moment(LogicalPlan.AsOf.Kind.NOW, null, History.UNKNOWN, moment);
      case VersionClause.AtTimestamp at -> moment(moment, LogicalPlan.AsOf.Kind.TIMESTAMP, at.value(), PgTypes.TIMESTAMPTZ);
      case VersionClause.AtTransaction at -> moment(moment, LogicalPlan.AsOf.Kind.TRANSACTION, at.value(), PgTypes.INT8);
      case VersionClause.AtScn at -> moment(moment, LogicalPlan.AsOf.Kind.SCN, at.value(), PgTypes.INT8);
    };
  }

  private Analysis.Moment moment(VersionClause.Moment clause, LogicalPlan.AsOf.Kind kind, Expression value, PgType type) {
    Node node = coordinate(value, type, "AS OF " + kind);
    History history = analysis.context.history();
    return new Analysis.Moment(kind, node, history == null ? History.UNKNOWN : history.scn(clause, analysis.context), clause);
  }

  private Node coordinate(Expression expression, PgType type, String construct) {
    Node node = analysis.coercion.toSpecific(expressions.analyze(expression, ExprKind.LIMIT), type, construct);
    Node variable = Nodes.find(node, n -> n instanceof Node.Var);
    if (variable != null) {
      throw new SqlException(SqlState.INVALID_COLUMN_REFERENCE, "argument of " + construct + " must not contain variables")
          .at(variable.position);
    }
    return node;
  }
}
