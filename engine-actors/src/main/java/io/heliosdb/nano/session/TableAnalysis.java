package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.CatalogBuilder;
import io.heliosdb.nano.catalog.CatalogObject;
import io.heliosdb.nano.catalog.ColumnSample;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.store.CatalogStore;
import io.heliosdb.nano.execute.LargeValueReader;
import io.heliosdb.nano.execute.RowCodec;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.txn.TableCursor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/// ANALYZE: one pass over a table counts its rows and keeps a random sample of 300 rows per unit of `default_statistics_target`
/// (Vitter's reservoir, algorithm R with skips drawn row by row), of which [ColumnSample] makes the statistics of each column.
final class TableAnalysis {
  private static final int ROWS_PER_TARGET = 300;
  private static final int CANCEL_CHECK_ROWS = 4096;

  /// Values of a sampled row, and its place in storage order.
  private record Sampled(long position, Object[] values) {}

  /// @param columns names of the columns to look at, empty for all; the others keep the statistics they have
  void analyze(SessionCore session, Relation.Table table, Set<String> columns) {
    int target = (int) session.settings().integer("default_statistics_target");
    CatalogBuilder overlay = session.transactions().catalogChanges();
    int mark = overlay.mark();
    try (StatementAccess access = session.transactions().current().beginCommand()) {
      overlay.put(new CatalogObject.StatisticsRow(table.oid(), statistics(session, access, table, columns, target), 0));
      List<CatalogBuilder.Change> changes = overlay.changes();
      for (int i = mark; i < changes.size(); i++) {
        CatalogStore.write(changes.get(i), new AccessRowWriter(access), overlay.current());
      }
    }
    session.engine().activity().analyzed(session, table.oid(), false);
  }

  private static Catalog.TableStatistics statistics(SessionCore session, StatementAccess access, Relation.Table table, Set<String> columns, int target) {
    RowCodec codec = new RowCodec(table, session.catalog());
    LargeValueReader large = access::readLarge;
    Sampled[] sample = new Sampled[ROWS_PER_TARGET * target];
    SplittableRandom random = new SplittableRandom(table.oid());
    long rows = 0;
    try (TableCursor cursor = access.scan(table.storageId(), KeyRange.ALL, false)) {
      while (cursor.next()) {
        long at = rows < sample.length ? rows : random.nextLong(rows + 1);
        if (at < sample.length) {
          sample[(int) at] = new Sampled(rows, codec.decode(cursor.row(), large));
        }
        if (++rows % CANCEL_CHECK_ROWS == 0) {
          session.cancelToken().check();
        }
      }
    }
    int kept = (int) Math.min(rows, sample.length);
    Arrays.sort(sample, 0, kept, Comparator.comparingLong(Sampled::position));
    Map<Integer, Catalog.ColumnStatistics> found = new HashMap<>(session.catalog().statistics(table.oid()).columns());
    double width = 0;
    for (Relation.Column column : table.columns()) {
      if (column.dropped()) {
        found.remove(column.attnum());
        continue;
      }
      if (columns.isEmpty() || columns.contains(column.name())) {
        Object[] values = new Object[kept];
        for (int i = 0; i < kept; i++) {
          values[i] = sample[i].values()[column.attnum() - 1];
        }
        found.put(column.attnum(), new ColumnSample(session.catalog().byOid(column.typeOid()), column.collationOid(), rows, target).statistics(values));
      }
      width += found.containsKey(column.attnum()) ? found.get(column.attnum()).averageWidth() : 0;
    }
    return new Catalog.TableStatistics(rows, width + 16, Map.copyOf(found));
  }
}
