package io.heliosdb.nano;

import io.heliosdb.nano.session.Settings;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How a database is opened. Immutable.
///
/// @param settings initial values of settings by name, as `SET` would take them
/// @param origins where a setting's value was given, for `pg_settings`; what is missing counts as given by the program
/// @param superuser name of the role that owns a new database
/// @param synchronousCommit whether a commit waits for the device; a database in memory never does
/// @param encryptionKey the key of an encrypted database (`docs/encryption.md`), null for a plain one; a database in memory has none
/// @param isBrief whether the program runs few statements and ends: what not all of them need is then started by the first that does
public record DatabaseConfig(
    Map<String, String> settings, Map<String, Settings.Origin> origins, String superuser, boolean synchronousCommit,
    @Nullable EncryptionKey encryptionKey, boolean isBrief) {
  public static final DatabaseConfig DEFAULT = new DatabaseConfig(Map.of(), Map.of(), "heliosdb", true, null, false);

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
    return new DatabaseConfig(nextSettings, nextOrigins, superuser, synchronousCommit, encryptionKey, isBrief);
  }

  public DatabaseConfig withSuperuser(String name) {
    return new DatabaseConfig(settings, origins, name, synchronousCommit, encryptionKey, isBrief);
  }

  public DatabaseConfig withSynchronousCommit(boolean value) {
    return new DatabaseConfig(settings, origins, superuser, value, encryptionKey, isBrief);
  }

  /// A new directory becomes an encrypted database; one that is there must have this key.
  public DatabaseConfig withEncryptionKey(@Nullable EncryptionKey key) {
    return new DatabaseConfig(settings, origins, superuser, synchronousCommit, key, isBrief);
  }

  public DatabaseConfig withBrief(boolean value) {
    return new DatabaseConfig(settings, origins, superuser, synchronousCommit, encryptionKey, value);
  }
}
