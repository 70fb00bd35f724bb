package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.TableUsage;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How tables and indexes were used since the database was opened, as the columns of the statistics views.
final class RelationUse {
  private static final long[] UNUSED = new long[TableUsage.COUNTERS];

  private final SystemContext context;
  private final Map<Integer, long[]> usage;

  /// Scans and rows of a table's indexes together: they count for the table too.
  private final Map<Integer, long[]> throughIndexes = new HashMap<>();

  private RelationUse(SystemContext context) {
    this.context = context;
    this.usage = context.usage();
    for (Relation relation : context.catalog().relations()) {
      if (relation instanceof Relation.Index index && usage.containsKey(index.oid())) {
        long[] sum = throughIndexes.computeIfAbsent(index.tableOid(), oid -> new long[2]);
        sum[0] += usage.get(index.oid())[TableUsage.SCANS];
        sum[1] += usage.get(index.oid())[TableUsage.ROWS_READ];
      }
    }
  }

  static RelationUse of(SystemContext context) {
    return new RelationUse(context);
  }

  void table(RowSet row, Relation.Table table) {
    long[] u = usage.getOrDefault(table.oid(), UNUSED);
    long[] through = throughIndexes.getOrDefault(table.oid(), UNUSED);
    SystemContext.TableChanges changes = context.changes(table);
    row.set("seq_scan", u[TableUsage.SCANS]).set("seq_tup_read", u[TableUsage.ROWS_READ])
        .set("idx_scan", u[TableUsage.KEY_SCANS] + through[0]).set("idx_tup_fetch", u[TableUsage.KEY_ROWS_READ] + through[1])
        .set("n_tup_ins", changes.inserted()).set("n_tup_upd", changes.updated()).set("n_tup_del", changes.deleted()).set("n_tup_hot_upd", 0L)
        .set("n_live_tup", live(table, changes)).set("n_dead_tup", 0L).set("n_mod_since_analyze", changes.sinceAnalyze())
        .set("n_ins_since_vacuum", changes.inserted()).set("last_analyze", time(changes.analyzed())).set("last_autoanalyze", time(changes.autoAnalyzed()))
        .set("vacuum_count", 0L).set("autovacuum_count", 0L);
  }

  /// As of the last ANALYZE; before the first, what has been inserted and not deleted since the start.
  private long live(Relation.Table table, SystemContext.TableChanges changes) {
    double analyzed = context.rowCount(table);
    return analyzed >= 0 ? (long) analyzed : Math.max(0, changes.inserted() - changes.deleted());
  }

  private static @Nullable Long time(long micros) {
    return micros == 0 ? null : micros;
  }

  /// Rows are stored by their primary key, so scans of that index are scans of the table by key.
  void index(RowSet row, Relation.Index index) {
    long[] own = usage.getOrDefault(index.oid(), UNUSED);
    long[] byKey = index.primary() ? usage.getOrDefault(index.tableOid(), UNUSED) : UNUSED;
    long read = own[TableUsage.ROWS_READ] + byKey[TableUsage.KEY_ROWS_READ];
    row.set("idx_scan", own[TableUsage.SCANS] + byKey[TableUsage.KEY_SCANS]).set("idx_tup_read", read).set("idx_tup_fetch", read);
  }
}
