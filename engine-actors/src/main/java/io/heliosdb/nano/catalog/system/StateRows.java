package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.type.PgTypes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the engine is doing: settings, sessions, locks, prepared statements, cursors, table statistics.
final class StateRows {
  private static final int REGTYPE = 2206;

  private StateRows() {}

  static void register(Map<String, SystemRows.Source> sources) {
    sources.put("pg_settings", StateRows::settings);
    sources.put("pg_stat_activity", StateRows::activity);
    sources.put("pg_locks", StateRows::locks);
    sources.put("pg_prepared_statements", (rows, c) -> c.preparedStatements().forEach(p ->
        rows.row().set("name", p.name()).set("statement", p.statement()).set("prepare_time", p.prepareTime())
            .set("parameter_types", RowSet.array(PgTypes.BUILTIN.byOid(REGTYPE), p.parameterTypes().stream().map(Integer::toUnsignedLong).toList()))
            .set("from_sql", p.fromSql()).set("generic_plans", 0L).set("custom_plans", 0L)));
    sources.put("pg_cursors", (rows, c) -> c.cursors().forEach(k ->
        rows.row().set("name", k.name()).set("statement", k.statement()).set("is_holdable", k.holdable()).set("is_binary", k.binary())
            .set("is_scrollable", k.scrollable()).set("creation_time", k.creationTime())));
    sources.put("pg_stat_database", (rows, c) ->
        rows.row().oid("datid", c.databaseOid()).set("datname", c.databaseName()).set("numbackends", c.activity().size()));
  }

  private static void settings(RowSet rows, SystemContext c) {
    for (SystemContext.Setting s : c.settings()) {
      rows.row().set("name", s.name()).set("setting", s.stored()).set("unit", s.unit().isEmpty() ? null : s.unit()).set("category", s.category())
          .set("short_desc", s.description()).set("context", s.context()).set("vartype", s.type()).set("source", s.source())
          .set("min_val", number(s.minimum())).set("max_val", number(s.maximum()))
          .set("enumvals", s.values().isEmpty() ? null : RowSet.array(PgTypes.TEXT, s.values())).set("boot_val", s.bootValue()).set("reset_val", s.resetValue())
          .set("sourcefile", s.file()).set("sourceline", s.line() == 0 ? null : s.line()).set("pending_restart", false);
    }
  }

  private static @Nullable String number(@Nullable Double value) {
    return value == null ? null : value == Math.rint(value) && Math.abs(value) < 1e18 ? Long.toString(value.longValue()) : value.toString();
  }

  static @Nullable Long time(long micros) {
    return micros == 0 ? null : micros;
  }

  private static void activity(RowSet rows, SystemContext c) {
    for (SystemContext.Activity a : c.activity()) {
      Catalog.Role role = c.catalog().role(a.user());
      rows.row()
          .oid("datid", c.databaseOid()).set("datname", a.database()).set("pid", a.pid()).oid("usesysid", role == null ? 0 : role.oid()).set("usename", a.user())
          .set("application_name", a.application()).set("backend_start", a.backendStart()).set("xact_start", time(a.transactionStart()))
          .set("query_start", time(a.queryStart())).set("state_change", time(a.stateChange())).set("wait_event_type", a.waiting() ? "Lock" : null)
          .set("wait_event", a.waiting() ? "transactionid" : null).set("state", a.state()).set("backend_xid", a.transactionId()).set("query", a.query())
          .set("backend_type", "client backend");
    }
  }

  private static void locks(RowSet rows, SystemContext c) {
    for (SystemContext.Lock l : c.locks()) {
      rows.row()
          .set("locktype", l.lockType()).set("database", l.relation() == null ? null : (Object) Integer.toUnsignedLong(c.databaseOid())).set("relation", l.relation())
          .set("transactionid", l.transactionId()).set("classid", l.classId()).set("objid", l.objectId()).set("objsubid", l.objectSubId())
          .set("virtualtransaction", l.virtualTransaction()).set("pid", l.pid()).set("mode", l.mode()).set("granted", l.granted()).set("fastpath", false);
    }
  }
}
