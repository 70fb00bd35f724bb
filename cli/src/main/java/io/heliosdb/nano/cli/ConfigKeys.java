package io.heliosdb.nano.cli;

import io.heliosdb.nano.session.SettingDefinition;
import io.heliosdb.nano.session.SettingDefinitions;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The keys of `config.toml`, each the name of a run-time setting there: what it takes comes from the setting's definition.
/// A key's suffix says its unit: `_secs`, `_ms`; sizes take bytes or `"1GB"`.
final class ConfigKeys {
  static final String USERS = "auth.users";

  private static final Map<String, SettingDefinition> KEYS = load();

  private ConfigKeys() {}

  private static Map<String, SettingDefinition> load() {
    Map<String, SettingDefinition> keys = new TreeMap<>();
    for (SettingDefinition definition : SettingDefinitions.all()) {
      definition.configKeys().forEach(key -> keys.put(key, definition));
    }
    return keys;
  }

  static Set<String> all() {
    return KEYS.keySet();
  }

  static @Nullable SettingDefinition find(String key) {
    return KEYS.get(key);
  }

  static Collection<String> sections() {
    Set<String> sections = new LinkedHashSet<>();
    KEYS.keySet().forEach(key -> sections.add(key.substring(0, key.indexOf('.'))));
    return sections;
  }

  static List<String> keysOf(String section) {
    return KEYS.keySet().stream().filter(key -> key.startsWith(section + ".")).map(ConfigKeys::lastPart).toList();
  }

  private static String lastPart(String key) {
    return key.substring(key.indexOf('.') + 1);
  }

  /// Units of the setting in one unit of the key.
  private static BigDecimal factor(String key, SettingDefinition definition) {
    if (!definition.unit().equals("ms")) {
      return BigDecimal.ONE;
    }
    return key.endsWith("_secs") ? BigDecimal.valueOf(1000) : BigDecimal.ONE;
  }

  /// The setting's value for what the key says.
  ///
  /// @throws ConfigException what is wrong, without the place
  static String settingValue(String key, String value) {
    SettingDefinition definition = KEYS.get(key);
    String name = lastPart(key);
    return switch (definition.type()) {
      case "integer" -> number(key, name, definition, value);
      case "bool" -> oneOf(name, List.of("true", "false"), value).equals("true") ? "on" : "off";
      case "enum" -> enumeration(key, name, definition, value);
      default -> {
        if (value.isBlank()) {
          throw new ConfigException("\"" + name + "\" must not be empty");
        }
        yield value;
      }
    };
  }

  private static String number(String key, String name, SettingDefinition definition, String value) {
    BigDecimal factor = factor(key, definition);
    BigDecimal number;
    try {
      number = definition.unit().equals("B") ? bytes(value) : new BigDecimal(value.strip());
      number.toBigIntegerExact();
    } catch (NumberFormatException | ArithmeticException e) {
      throw new ConfigException("\"" + name + "\" takes " + (definition.unit().equals("B") ? "bytes or a size such as \"1GB\"" : "a whole number") + ", not \"" + value + "\"");
    }
    BigDecimal minimum = BigDecimal.valueOf(definition.minimum().longValue());
    BigDecimal maximum = new BigDecimal(BigDecimal.valueOf(definition.maximum().longValue()).divideToIntegralValue(factor).toBigInteger());
    if (number.compareTo(minimum) < 0 || number.compareTo(maximum) > 0) {
      throw new ConfigException("\"" + name + "\" is between " + minimum.toPlainString() + " and " + maximum.toPlainString() + ", not " + value);
    }
    return number.multiply(factor).toBigIntegerExact().toString();
  }

  private static BigDecimal bytes(String value) {
    String v = value.strip();
    for (int power = 4; power >= 1; power--) {
      String unit = List.of("kB", "MB", "GB", "TB").get(power - 1);
      if (v.toLowerCase(Locale.ROOT).endsWith(unit.toLowerCase(Locale.ROOT))) {
        return new BigDecimal(v.substring(0, v.length() - 2).strip()).multiply(BigDecimal.valueOf(1L << 10 * power));
      }
    }
    return new BigDecimal(v);
  }

  private static String enumeration(String key, String name, SettingDefinition definition, String value) {
    if (definition.values().contains("on") && definition.values().contains("off") && (value.equals("true") || value.equals("false"))) {
      return value.equals("true") ? "on" : "off";
    }
    if (key.equals("session.default_isolation_level")) {
      String plain = value.toLowerCase(Locale.ROOT).replace('_', ' ').replace('-', ' ');
      if (!definition.values().contains(plain)) {
        throw new ConfigException("\"" + name + "\" is READ_COMMITTED, REPEATABLE_READ or SERIALIZABLE, not \"" + value + "\"");
      }
      return plain;
    }
    return oneOf(name, definition.values(), value);
  }

  private static String oneOf(String name, List<String> allowed, String value) {
    String plain = value.toLowerCase(Locale.ROOT);
    if (allowed.contains(plain)) {
      return plain;
    }
    String list = String.join(", ", allowed.subList(0, allowed.size() - 1)) + " or " + allowed.getLast();
    String nearest = nearest(plain, allowed);
    throw new ConfigException("\"" + name + "\" is " + list + ", not \"" + value + "\"" + (nearest == null ? "" : "; did you mean \"" + nearest + "\"?"));
  }

  /// What is to be said of a key that is not known in a section (or of an unknown section, with an empty `section`).
  static String unknown(String section, String key) {
    Collection<String> known = section.isEmpty() ? sections() : keysOf(section);
    String what = section.isEmpty() ? "unknown section [" + key + "]" : "unknown key \"" + key + "\" in [" + section + "]";
    String nearest = nearest(key, known);
    if (nearest != null) {
      return what + "; did you mean \"" + nearest + "\"?";
    }
    for (String other : KEYS.keySet()) {
      if (!section.isEmpty() && lastPart(other).equals(key)) {
        return what + "; it belongs into [" + other.substring(0, other.indexOf('.')) + "]";
      }
    }
    return what + "; known here: " + String.join(", ", known);
  }

  /// The known word that is fewest edits away, null when none is near.
  static @Nullable String nearest(String word, Collection<String> known) {
    String nearest = null;
    int best = Math.max(2, word.length() / 3) + 1;
    for (String candidate : known) {
      int distance = distance(word, candidate);
      if (distance < best) {
        best = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /// Levenshtein's distance.
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, 1 + Math.min(previous[j], row[j - 1]));
      }
      previous = row;
    }
    return previous[b.length()];
  }
}
