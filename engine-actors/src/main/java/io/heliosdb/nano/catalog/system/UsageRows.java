package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.TableUsage;
import java.util.Map;

/// What transactions and statements did since the database was opened.
final class UsageRows {
  private static final double MICROS_PER_MILLI = 1000.0;

  private UsageRows() {}

  static void register(Map<String, SystemRows.Source> sources) {
    sources.put("pg_stat_database", UsageRows::database);
    sources.put("pg_stat_statements", UsageRows::statements);
  }

  private static void database(RowSet rows, SystemContext c) {
    SystemContext.DatabaseUse d = c.database();
    long returned = 0;
    long fetched = 0;
    long inserted = 0;
    long updated = 0;
    long deleted = 0;
    for (long[] u : c.usage().values()) {
      returned += u[TableUsage.ROWS_READ] + u[TableUsage.KEY_ROWS_READ];
      fetched += u[TableUsage.KEY_ROWS_READ];
    }
    for (Relation relation : c.catalog().relations()) {
      if (relation instanceof Relation.Table table) {
        SystemContext.TableChanges changes = c.changes(table);
        inserted += changes.inserted();
        updated += changes.updated();
        deleted += changes.deleted();
      }
    }
    rows.row().oid("datid", c.databaseOid()).set("datname", c.databaseName()).set("numbackends", d.sessionsOpen())
        .set("xact_commit", d.commits()).set("xact_rollback", d.rollbacks()).set("tup_returned", returned).set("tup_fetched", fetched)
        .set("tup_inserted", inserted).set("tup_updated", updated).set("tup_deleted", deleted).set("conflicts", 0L).set("deadlocks", d.deadlocks())
        .set("session_time", d.sessionMicros() / MICROS_PER_MILLI).set("sessions", d.sessions()).set("sessions_killed", d.killed())
        .set("stats_reset", d.sinceMicros());
  }

  private static void statements(RowSet rows, SystemContext c) {
    for (SystemContext.StatementUse s : c.statements()) {
      rows.row().oid("userid", s.userOid()).oid("dbid", c.databaseOid()).set("toplevel", true).set("queryid", s.queryId()).set("query", s.text())
          .set("calls", s.calls()).set("total_exec_time", s.micros() / MICROS_PER_MILLI).set("min_exec_time", s.minMicros() / MICROS_PER_MILLI)
          .set("max_exec_time", s.maxMicros() / MICROS_PER_MILLI).set("mean_exec_time", s.micros() / MICROS_PER_MILLI / s.calls()).set("rows", s.rows());
    }
  }
}
