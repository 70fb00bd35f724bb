package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import java.util.Map;

/// The statistics views that tools read as lists: of tables, indexes and sequences. Use is counted since the start ([RelationUse]), not per
/// transaction; pages are not counted at all, so those columns are null ("not known") rather than zero.
final class StatisticsRows {
  private enum Scope {
    ALL, SYSTEM, USER;

    boolean has(boolean system) {
      return this == ALL || system == (this == SYSTEM);
    }
  }

  /// What a view of tables counts.
  private enum Kind { ROWS, TRANSACTION, PAGES }

  private StatisticsRows() {}

  static void register(Map<String, SystemRows.Source> sources) {
    for (Scope scope : Scope.values()) {
      String name = scope == Scope.SYSTEM ? "sys" : scope.name().toLowerCase(java.util.Locale.ROOT);
      sources.put("pg_stat_" + name + "_tables", (rows, c) -> tables(rows, c, scope, Kind.ROWS));
      sources.put("pg_stat_xact_" + name + "_tables", (rows, c) -> tables(rows, c, scope, Kind.TRANSACTION));
      sources.put("pg_statio_" + name + "_tables", (rows, c) -> tables(rows, c, scope, Kind.PAGES));
      sources.put("pg_stat_" + name + "_indexes", (rows, c) -> indexes(rows, c, scope, true));
      sources.put("pg_statio_" + name + "_indexes", (rows, c) -> indexes(rows, c, scope, false));
      sources.put("pg_statio_" + name + "_sequences", (rows, c) -> sequences(rows, c, scope));
    }
  }

  private static String schema(SystemContext c, Relation relation) {
    Catalog.Namespace namespace = c.catalog().namespace(relation.namespaceOid());
    return namespace == null ? Integer.toUnsignedString(relation.namespaceOid()) : namespace.name();
  }

  private static void tables(RowSet rows, SystemContext c, Scope scope, Kind kind) {
    RelationUse use = kind == Kind.ROWS ? RelationUse.of(c) : null;
    for (Relation relation : c.catalog().relations()) {
      // A partitioned table has no pages, hence no counts of them.
      boolean user = relation instanceof Relation.Table && (kind != Kind.PAGES || relation.kind() != 'p');
      boolean system = relation instanceof Relation.SystemRelation && relation.kind() == 'r';
      if ((user || system) && scope.has(system)) {
        RowSet row = rows.row().oid("relid", relation.oid()).set("schemaname", schema(c, relation)).set("relname", relation.name());
        if (use != null && relation instanceof Relation.Table table) {
          use.table(row, table);
        }
      }
    }
  }

  private static void indexes(RowSet rows, SystemContext c, Scope scope, boolean counts) {
    RelationUse use = counts ? RelationUse.of(c) : null;
    for (Relation relation : c.catalog().relations()) {
      if (relation instanceof Relation.Index index && index.kind() == 'i' && scope.has(false) && c.catalog().relation(index.tableOid()) instanceof Relation table) {
        RowSet row =
            rows.row().oid("relid", table.oid()).oid("indexrelid", index.oid()).set("schemaname", schema(c, table)).set("relname", table.name())
                .set("indexrelname", index.name());
        if (use != null) {
          use.index(row, index);
        }
      }
    }
  }

  private static void sequences(RowSet rows, SystemContext c, Scope scope) {
    for (Relation relation : c.catalog().relations()) {
      if (relation instanceof Relation.Sequence sequence && scope.has(false)) {
        rows.row().oid("relid", sequence.oid()).set("schemaname", schema(c, sequence)).set("relname", sequence.name());
      }
    }
  }
}
