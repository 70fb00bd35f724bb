package io.heliosdb.nano.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One run-time parameter: what `SHOW`, `SET` and `pg_settings` know about it.
/// Numbers are kept in the base unit (`unit`), as `pg_settings.setting` shows them.
///
/// @param type one of bool, integer, real, string, enum
/// @param context who may change it and when: internal, postmaster, sighup, superuser, backend, user … (PostgreSQL manual, "pg_settings")
public record SettingDefinition(
    String name,
    String type,
    String defaultValue,
    String unit,
    String context,
    @Nullable Double minimum,
    @Nullable Double maximum,
    List<String> values,
    String category,
    String description) {

  public boolean changeableInSession() {
    return context.equals("user") || context.equals("superuser") || context.equals("backend");
  }
}
