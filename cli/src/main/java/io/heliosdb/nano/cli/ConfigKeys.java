package io.heliosdb.nano.cli;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The keys of `config.toml`: what each takes, and the setting it becomes.
final class ConfigKeys {
  private enum Kind { TEXT, PORT, COUNT, MILLIS, SECONDS, BOOLEAN, AUTH_METHOD, ISOLATION, PATH }

  /// @param setting the run-time setting that takes the value, null when a command reads the key itself
  private record Key(Kind kind, @Nullable String setting) {}

  private static final Map<String, Key> KEYS = new LinkedHashMap<>();

  static {
    KEYS.put("server.listen", new Key(Kind.TEXT, null));
    KEYS.put("server.port", new Key(Kind.PORT, null));
    KEYS.put("server.max_connections", new Key(Kind.COUNT, "max_connections"));
    KEYS.put("server.tls_cert", new Key(Kind.PATH, null));
    KEYS.put("server.tls_key", new Key(Kind.PATH, null));
    KEYS.put("session.default_isolation_level", new Key(Kind.ISOLATION, "default_transaction_isolation"));
    KEYS.put("session.timeout_secs", new Key(Kind.SECONDS, "idle_session_timeout"));
    KEYS.put("locks.timeout_ms", new Key(Kind.MILLIS, "lock_timeout"));
    KEYS.put("auth.method", new Key(Kind.AUTH_METHOD, null));
    KEYS.put("resource_quotas.query_timeout_secs", new Key(Kind.SECONDS, "statement_timeout"));
    KEYS.put("resource_quotas.transaction_timeout_secs", new Key(Kind.SECONDS, "transaction_timeout"));
    KEYS.put("storage.data_dir", new Key(Kind.PATH, null));
    KEYS.put("storage.synchronous_commit", new Key(Kind.BOOLEAN, "synchronous_commit"));
    KEYS.put("log.level", new Key(Kind.TEXT, null));
  }

  private ConfigKeys() {}

  static boolean isKnown(String key) {
    return KEYS.containsKey(key);
  }

  static Collection<String> sections() {
    Set<String> sections = new LinkedHashSet<>();
    KEYS.keySet().forEach(key -> sections.add(key.substring(0, key.indexOf('.'))));
    return sections;
  }

  static List<String> keysOf(String section) {
    return KEYS.keySet().stream().filter(key -> key.startsWith(section + ".")).map(key -> key.substring(section.length() + 1)).toList();
  }

  static @Nullable String settingOf(String key) {
    return KEYS.get(key).setting();
  }

  static String settingValue(String key, String value) {
    return switch (KEYS.get(key).kind()) {
      case SECONDS -> Long.toString(Long.parseLong(value) * 1000);
      case ISOLATION -> value.replace('_', ' ');
      default -> value;
    };
  }

  /// What is wrong with a value, or null.
  static @Nullable String problem(String key, String value) {
    String name = key.substring(key.indexOf('.') + 1);
    return switch (KEYS.get(key).kind()) {
      case TEXT, PATH -> value.isBlank() ? "\"" + name + "\" must not be empty" : null;
      case PORT -> inRange(name, value, 0, 65_535);
      case COUNT -> inRange(name, value, 1, 100_000);
      case MILLIS, SECONDS -> inRange(name, value, 0, Integer.MAX_VALUE / 1000);
      case BOOLEAN -> value.equals("true") || value.equals("false") ? null : "\"" + name + "\" is true or false, not \"" + value + "\"";
      case AUTH_METHOD ->
          List.of("trust", "password", "scram-sha-256").contains(value) ? null : "\"" + name + "\" is trust, password or scram-sha-256, not \"" + value + "\"";
      case ISOLATION ->
          List.of("read committed", "repeatable read", "serializable").contains(value.toLowerCase(java.util.Locale.ROOT).replace('_', ' '))
              ? null
              : "\"" + name + "\" is READ_COMMITTED, REPEATABLE_READ or SERIALIZABLE, not \"" + value + "\"";
    };
  }

  private static @Nullable String inRange(String name, String value, long minimum, long maximum) {
    try {
      long number = Long.parseLong(value);
      if (number >= minimum && number <= maximum) {
        return null;
      }
    } catch (NumberFormatException e) {
      return "\"" + name + "\" takes a number, not \"" + value + "\"";
    }
    return "\"" + name + "\" is between " + minimum + " and " + maximum + ", not " + value;
  }
}
