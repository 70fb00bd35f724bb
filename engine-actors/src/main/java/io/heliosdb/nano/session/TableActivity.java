package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.type.Identifiers;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Counts the rows that statements change, per branch and table, since the database was opened, and has tables analyzed when enough has
/// changed: `autovacuum_analyze_threshold` rows and `autovacuum_analyze_scale_factor` of the table, looked at `autovacuum_naptime` after
/// the change that passed the bound. Rows of statements that are rolled back count too.
///
/// Bounds: one analysis at a time, on the housekeeper's thread; one waiting per table; no more than [#TABLES_MAX] tables are counted,
/// changes of further ones are forgotten. Thread-safe.
final class TableActivity {
  private static final int TABLES_MAX = 10_000;

  private record Key(int branch, int table) {}

  /// Counters of one table.
  static final class Counts {
    final LongAdder inserted = new LongAdder();
    final LongAdder updated = new LongAdder();
    final LongAdder deleted = new LongAdder();
    private final AtomicBoolean waiting = new AtomicBoolean();

    /// Changes after which it is worth looking whether an analysis is due.
    private volatile double bound;

    private volatile long changesAtAnalyze;
    private volatile long growthAtAnalyze;
    volatile long analyzedMicros;
    volatile long autoAnalyzedMicros;

    private long changes() {
      return inserted.sum() + updated.sum() + deleted.sum();
    }

    long changesSinceAnalyze() {
      return Math.max(0, changes() - changesAtAnalyze);
    }

    /// Rows that the table has more (or less) than when it was analyzed, or than when the database was opened.
    long growth() {
      return inserted.sum() - deleted.sum() - growthAtAnalyze;
    }
  }

  private final DatabaseEngine engine;
  private final Map<Key, Counts> tables = new ConcurrentHashMap<>();

  TableActivity(DatabaseEngine engine) {
    this.engine = engine;
  }

  @Nullable Counts find(SessionCore session, int tableOid) {
    return tables.get(new Key(session.branchState().id(), tableOid));
  }

  void changed(SessionCore session, Relation.Table table, long inserted, long updated, long deleted) {
    Key key = new Key(session.branchState().id(), table.oid());
    Counts counts = tables.get(key);
    if (counts == null) {
      if (tables.size() >= TABLES_MAX) {
        return;
      }
      counts = tables.computeIfAbsent(key, k -> new Counts());
    }
    counts.inserted.add(inserted);
    counts.updated.add(updated);
    counts.deleted.add(deleted);
    if (counts.changesSinceAnalyze() > counts.bound && !counts.waiting.get()) {
      counts.bound = bound(session, table);
      if (counts.changesSinceAnalyze() > counts.bound) {
        request(session, table, counts);
      }
    }
  }

  /// Called after an analysis of the table.
  void analyzed(SessionCore session, int tableOid, boolean automatic) {
    Counts counts = find(session, tableOid);
    if (counts != null) {
      counts.changesAtAnalyze = counts.changes();
      counts.bound = 0;
      counts.growthAtAnalyze = counts.inserted.sum() - counts.deleted.sum();
      if (automatic) {
        counts.autoAnalyzedMicros = engine.clockMicros();
      } else {
        counts.analyzedMicros = engine.clockMicros();
      }
    }
  }

  private static double bound(SessionCore session, Relation.Table table) {
    if (table.persistence() == Relation.Persistence.TEMPORARY || !session.settings().get("autovacuum").equals("on")) {
      return Double.POSITIVE_INFINITY;
    }
    Catalog.TableStatistics known = session.catalog().statistics(table.oid());
    return session.settings().integer("autovacuum_analyze_threshold")
        + Double.parseDouble(session.settings().get("autovacuum_analyze_scale_factor")) * Math.max(0, known.rows());
  }

  private void request(SessionCore session, Relation.Table table, Counts counts) {
    if (!counts.waiting.compareAndSet(false, true)) {
      return;
    }
    String branch = session.branchState().name();
    int oid = table.oid();
    Executor later = CompletableFuture.delayedExecutor(session.settings().integer("autovacuum_naptime"), TimeUnit.SECONDS,
        task -> engine.housekeeper().submit("automatic analyze", task));
    later.execute(() -> {
      counts.waiting.set(false);
      analyze(branch, oid);
    });
  }

  private void analyze(String branch, int tableOid) {
    if (engine.housekeeper().isClosing()) {
      return;
    }
    try (Session worker = engine.openEmbeddedSession(branch)) {
      worker.simpleQuery("SET application_name = 'autovacuum worker'", ResultSink.NONE);
      SessionCore core = worker.core();
      // The table may be gone or have another name by now.
      if (core.catalog().relation(tableOid) instanceof Relation.Table table) {
        worker.simpleQuery("ANALYZE " + Identifiers.quoteIfNeeded(core.catalog().namespace(table.namespaceOid()).name()) + "."
            + Identifiers.quoteIfNeeded(table.name()), ResultSink.NONE);
        analyzed(core, tableOid, true);
      }
    }
  }
}
