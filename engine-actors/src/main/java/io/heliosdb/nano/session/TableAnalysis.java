package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.CatalogBuilder;
import io.heliosdb.nano.catalog.CatalogObject;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.store.CatalogStore;
import io.heliosdb.nano.function.SessionServices.NestedResult;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.type.Identifiers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// ANALYZE: counts rows and, on a sample, NULLs and distinct values of each column, and stores them as the table's statistics.
final class TableAnalysis {
  private static final int SAMPLE_ROWS = 30_000;

  void analyze(SessionCore session, Relation.Table table) {
    String name = Identifiers.quoteIfNeeded(session.catalog().namespace(table.namespaceOid()).name()) + "." + Identifiers.quoteIfNeeded(table.name());
    double rows = ((Long) one(session, "SELECT count(*) FROM ONLY " + name)).doubleValue();
    Map<Integer, Catalog.ColumnStatistics> columns = new HashMap<>();
    double width = 0;
    for (Relation.Column column : table.columns()) {
      if (!column.dropped()) {
        columns.put(column.attnum(), column(session, name, column, rows));
        width += columns.get(column.attnum()).averageWidth();
      }
    }
    CatalogBuilder overlay = session.transactions().catalogChanges();
    int mark = overlay.mark();
    overlay.put(new CatalogObject.StatisticsRow(table.oid(), new Catalog.TableStatistics(rows, width + 16, columns), 0));
    try (StatementAccess access = session.transactions().current().beginCommand()) {
      List<CatalogBuilder.Change> changes = overlay.changes();
      for (int i = mark; i < changes.size(); i++) {
        CatalogStore.write(changes.get(i), new AccessRowWriter(access), overlay.current());
      }
    }
  }

  private static Catalog.ColumnStatistics column(SessionCore session, String table, Relation.Column column, double rows) {
    String name = Identifiers.quoteIfNeeded(column.name());
    NestedResult sample =
        session.queries().callContext().session().runNested(
            "SELECT count(*), count(v), count(DISTINCT v::text), coalesce(avg(octet_length(v::text)), 4)::float8 FROM (SELECT " + name + " AS v FROM ONLY " + table
                + " LIMIT " + SAMPLE_ROWS + ") s",
            List.of(), List.of());
    Object[] facts = sample.rows().getFirst();
    double sampled = Math.max(1, (Long) facts[0]);
    double present = (Long) facts[1];
    double distinct = (Long) facts[2];
    // Values that grow with the sample are taken to grow with the table.
    double estimated = distinct > 0.9 * present && rows > sampled ? -(distinct / Math.max(1, present)) : distinct;
    return new Catalog.ColumnStatistics(1 - present / sampled, estimated, (Double) facts[3], List.of(), List.of(), List.of(), 0);
  }

  private static Object one(SessionCore session, String sql) {
    return session.queries().callContext().session().runNested(sql, List.of(), List.of()).rows().getFirst()[0];
  }
}
