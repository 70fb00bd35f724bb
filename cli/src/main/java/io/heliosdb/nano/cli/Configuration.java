package io.heliosdb.nano.cli;

import io.heliosdb.nano.DatabaseConfig;
import io.heliosdb.nano.session.SettingDefinition;
import io.heliosdb.nano.session.SettingDefinitions;
import io.heliosdb.nano.session.Settings;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The settings a command starts with, from flags, environment, file and defaults, in this order of precedence.
///
/// An environment variable is a key in capitals: `HELIOSDB_SERVER_PORT` for `[server] port`. One that begins with the name of a section and
/// names no key of it is refused like an unknown key of the file; other variables are not ours.
final class Configuration {
  private static final String PREFIX = "HELIOSDB_";

  /// The key of an encrypted database itself.
  static final String KEY_VARIABLE = "HELIOSDB_KEY";

  private record Value(String text, Settings.Origin origin) {}

  private final Map<String, Value> values = new LinkedHashMap<>();
  private final List<ConfigFile.SeedUser> users;

  private final @Nullable String environmentKey;

  private Configuration(List<ConfigFile.SeedUser> users, @Nullable String environmentKey) {
    this.users = users;
    this.environmentKey = environmentKey;
  }

  static Configuration of(ConfigFile file, Map<String, String> environment) {
    Configuration result = new Configuration(file.users(), environment.get(KEY_VARIABLE));
    file.entries()
        .forEach((key, entry) -> result.put(key, entry.settingValue(), new Settings.Origin(Settings.Source.CONFIGURATION, entry.file(), entry.line())));
    new TreeMap<>(environment).forEach(result::fromEnvironment);
    return result;
  }

  private void fromEnvironment(String variable, String value) {
    if (!variable.startsWith(PREFIX)) {
      return;
    }
    String name = variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
    for (String section : ConfigKeys.sections()) {
      if (name.startsWith(section + "_")) {
        String key = name.substring(section.length() + 1);
        if (ConfigKeys.find(section + "." + key) == null) {
          throw new ConfigException("environment variable " + variable + ": " + ConfigKeys.unknown(section, key));
        }
        try {
          put(section + "." + key, ConfigKeys.settingValue(section + "." + key, value), Settings.Origin.of(Settings.Source.ENVIRONMENT));
        } catch (ConfigException e) {
          throw new ConfigException("environment variable " + variable + ": " + e.getMessage());
        }
        return;
      }
    }
  }

  /// A flag; null when it was not given.
  void flag(String key, @Nullable Object value) {
    if (value != null) {
      put(key, ConfigKeys.settingValue(key, value.toString()), Settings.Origin.of(Settings.Source.COMMAND_LINE));
    }
  }

  /// `--set section.key=value`.
  void assignment(String text) {
    int equals = text.indexOf('=');
    int dot = text.indexOf('.');
    if (equals < 0 || dot < 0 || dot > equals) {
      throw new ConfigException("--set takes section.key=value, not " + text);
    }
    String key = text.substring(0, equals).strip();
    if (ConfigKeys.find(key) == null) {
      String section = key.substring(0, dot);
      throw new ConfigException("--set: " + (ConfigKeys.sections().contains(section) ? ConfigKeys.unknown(section, key.substring(dot + 1)) : ConfigKeys.unknown("", section)));
    }
    try {
      flag(key, text.substring(equals + 1).strip());
    } catch (ConfigException e) {
      throw new ConfigException("--set " + key + ": " + e.getMessage());
    }
  }

  /// Where two keys give one setting a limit, the lower one wins.
  private void put(String key, String text, Settings.Origin origin) {
    SettingDefinition definition = java.util.Objects.requireNonNull(ConfigKeys.find(key));
    Value before = values.get(definition.name());
    boolean isQuota = key.equals("resource_quotas.lock_timeout_ms") || key.equals("locks.timeout_ms");
    if (isQuota && before != null && before.origin().source() == origin.source() && isLowerLimit(before.text(), text)) {
      return;
    }
    values.put(definition.name(), new Value(text, origin));
  }

  private static boolean isLowerLimit(String a, String b) {
    long first = Long.parseLong(a);
    long second = Long.parseLong(b);
    return first > 0 && (second == 0 || first < second);
  }

  String get(String setting) {
    Value value = values.get(setting);
    return value != null ? value.text() : java.util.Objects.requireNonNull(SettingDefinitions.find(setting)).defaultValue();
  }

  boolean isGiven(String setting) {
    return values.containsKey(setting);
  }

  @Nullable Path path(String setting) {
    String text = get(setting);
    return text.isEmpty() ? null : Path.of(text);
  }

  /// The key of an encrypted database from where it is given first: flags, environment, file; null when it is nowhere. Reads the file or
  /// runs the command.
  @Nullable EncryptionKey encryptionKey() {
    for (Settings.Source source : List.of(Settings.Source.COMMAND_LINE, Settings.Source.ENVIRONMENT, Settings.Source.CONFIGURATION)) {
      String file = given("heliosdb.encryption_key_file", source);
      String command = given("heliosdb.encryption_key_command", source);
      String text = source == Settings.Source.ENVIRONMENT ? environmentKey : null;
      if ((file == null ? 0 : 1) + (command == null ? 0 : 1) + (text == null ? 0 : 1) > 1) {
        throw new ConfigException("the encryption key is given in more than one way");
      }
      if (file != null) {
        return EncryptionKey.fromFile(Path.of(file));
      }
      if (command != null) {
        return EncryptionKey.fromCommand(command);
      }
      if (text != null) {
        return EncryptionKey.parse(text);
      }
    }
    return null;
  }

  private @Nullable String given(String setting, Settings.Source source) {
    Value value = values.get(setting);
    return value != null && value.origin().source() == source ? value.text() : null;
  }

  List<ConfigFile.SeedUser> users() {
    return users;
  }

  DatabaseConfig databaseConfig() {
    DatabaseConfig config = DatabaseConfig.DEFAULT;
    for (Map.Entry<String, Value> entry : values.entrySet()) {
      config = config.withSetting(entry.getKey(), entry.getValue().text(), entry.getValue().origin());
    }
    Value certificate = values.get("ssl_cert_file");
    if (certificate != null) {
      config = config.withSetting("ssl", "on", certificate.origin());
    }
    return config;
  }
}
