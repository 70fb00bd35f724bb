package io.heliosdb.nano;

import java.util.LinkedHashMap;
import java.util.Map;

/// How a database is opened. Immutable.
///
/// @param settings initial values of settings, as `SET` would take them
/// @param superuser name of the role that owns a new database
/// @param synchronousCommit whether a commit waits for the device; a database in memory never does
public record DatabaseConfig(Map<String, String> settings, String superuser, boolean synchronousCommit) {
  public static final DatabaseConfig DEFAULT = new DatabaseConfig(Map.of(), "heliosdb", true);

  public DatabaseConfig {
    settings = Map.copyOf(settings);
  }

  public DatabaseConfig withSetting(String name, String value) {
    Map<String, String> next = new LinkedHashMap<>(settings);
    next.put(name, value);
    return new DatabaseConfig(next, superuser, synchronousCommit);
  }

  public DatabaseConfig withSuperuser(String name) {
    return new DatabaseConfig(settings, name, synchronousCommit);
  }

  public DatabaseConfig withSynchronousCommit(boolean value) {
    return new DatabaseConfig(settings, superuser, value);
  }
}
