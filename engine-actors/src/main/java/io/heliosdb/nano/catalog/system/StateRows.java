package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.type.PgTypes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the reading session has: settings, prepared statements, cursors.
final class StateRows {
  private static final int REGTYPE = 2206;

  private StateRows() {}

  static void register(Map<String, SystemRows.Source> sources) {
    sources.put("pg_settings", StateRows::settings);
    sources.put("pg_prepared_statements", (rows, c) -> c.preparedStatements().forEach(p ->
        rows.row().set("name", p.name()).set("statement", p.statement()).set("prepare_time", p.prepareTime())
            .set("parameter_types", RowSet.array(PgTypes.BUILTIN.byOid(REGTYPE), p.parameterTypes().stream().map(Integer::toUnsignedLong).toList()))
            .set("from_sql", p.fromSql()).set("generic_plans", 0L).set("custom_plans", 0L)));
    sources.put("pg_cursors", (rows, c) -> c.cursors().forEach(k ->
        rows.row().set("name", k.name()).set("statement", k.statement()).set("is_holdable", k.holdable()).set("is_binary", k.binary())
            .set("is_scrollable", k.scrollable()).set("creation_time", k.creationTime())));
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
}
