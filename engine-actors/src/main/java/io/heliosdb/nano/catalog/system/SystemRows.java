package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rows of system relations, computed from the catalog model and the engine's state when they are read. One registration per relation;
/// a relation without one has no rows (PostgreSQL's would be empty too, or it shows what does not exist here).
public final class SystemRows {
  /// Fills the rows of one relation.
  @FunctionalInterface
  interface Source {
    void fill(RowSet rows, SystemContext context);
  }

  private static final Map<String, Source> SOURCES = new HashMap<>();

  static {
    RelationRows.register(SOURCES);
    TypeRows.register(SOURCES);
    RoutineRows.register(SOURCES);
    TextSearchRows.register(SOURCES);
    AccessRows.register(SOURCES);
    ListingRows.register(SOURCES);
    StateRows.register(SOURCES);
    DefinitionRows.register(SOURCES);
    StatisticsRows.register(SOURCES);
    ColumnStatisticsRows.register(SOURCES);
    ActivityRows.register(SOURCES);
    UsageRows.register(SOURCES);
    InformationSchemaRows.register(SOURCES);
    VersionRows.register(SOURCES);
  }

  private SystemRows() {}

  /// One boxed value per column of the relation.
  public static Iterator<@Nullable Object[]> rows(Relation.SystemRelation relation, SystemContext context) {
    String key = relation.namespaceOid() == Catalog.PG_CATALOG ? relation.name() : "information_schema." + relation.name();
    if (key.equals("heliosdb_commits")) {
      return VersionRows.commits(context);
    }
    Source source = SOURCES.get(key);
    if (source == null) {
      return java.util.Collections.emptyIterator();
    }
    RowSet rows = new RowSet(relation);
    source.fill(rows, context);
    return rows.rows().iterator();
  }
}
