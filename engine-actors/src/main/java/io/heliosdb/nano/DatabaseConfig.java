package io.heliosdb.nano;

import io.heliosdb.nano.session.Settings;
import java.util.LinkedHashMap;
import java.util.Map;

/// How a database is opened. Immutable.
///
/// @param settings initial values of settings by name, as `SET` would take them
/// @param origins where a setting's value was given, for `pg_settings`; what is missing counts as given by the program
/// @param superuser name of the role that owns a new database
/// @param synchronousCommit whether a commit waits for the device; a database in memory never does
public record DatabaseConfig(Map<String, String> settings, Map<String, Settings.Origin> origins, String superuser, boolean synchronousCommit) {
  public static final DatabaseConfig DEFAULT = new DatabaseConfig(Map.of(), Map.of(), "heliosdb", true);

  public DatabaseConfig {
    settings = Map.copyOf(settings);
    origins = Map.copyOf(origins);
  }

  public DatabaseConfig withSetting(String name, String value) {
    return withSetting(name, value, Settings.Origin.of(Settings.Source.COMMAND_LINE));
  }

  public DatabaseConfig withSetting(String name, String value, Settings.Origin origin) {
    Map<String, String> nextSettings = new LinkedHashMap<>(settings);
    nextSettings.put(name, value);
    Map<String, Settings.Origin> nextOrigins = new LinkedHashMap<>(origins);
    nextOrigins.put(name, origin);
    return new DatabaseConfig(nextSettings, nextOrigins, superuser, synchronousCommit);
  }

  public DatabaseConfig withSuperuser(String name) {
    return new DatabaseConfig(settings, origins, name, synchronousCommit);
  }

  public DatabaseConfig withSynchronousCommit(boolean value) {
    return new DatabaseConfig(settings, origins, superuser, value);
  }
}
