package io.heliosdb.nano.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One run-time parameter: what `SHOW`, `SET` and `pg_settings` know about it.
/// Numbers are kept in the base unit (`unit`), as `pg_settings.setting` shows them.
///
/// @param type one of bool, integer, real, string, enum
/// @param configKeys the keys of `config.toml`, as `section.key`, that give its value at start; their suffix `_secs` or `_ms` is their unit
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
    String description,
    List<String> configKeys) {

  public boolean changeableInSession() {
    return context.equals("user") || context.equals("superuser") || context.equals("backend");
  }
}
