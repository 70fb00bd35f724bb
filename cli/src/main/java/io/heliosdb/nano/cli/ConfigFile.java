package io.heliosdb.nano.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import io.heliosdb.nano.DatabaseConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `config.toml`. Every key is in [ConfigKeys]; an unknown key or a bad value is refused with its line and the nearest known name.
final class ConfigFile {
  static final ConfigFile EMPTY = new ConfigFile(new LinkedHashMap<>(), List.of());

  /// A user that the file seeds at first start.
  record SeedUser(String name, @Nullable String password, @Nullable String passwordHash, List<String> roles) {}

  private final Map<String, String> values;
  private final List<SeedUser> users;

  private ConfigFile(Map<String, String> values, List<SeedUser> users) {
    this.values = values;
    this.users = users;
  }

  static ConfigFile read(Path path) {
    String text;
    try {
      text = Files.readString(path);
    } catch (NoSuchFileException e) {
      throw new ConfigException("configuration file " + path + " does not exist");
    } catch (IOException e) {
      throw new ConfigException("configuration file " + path + " cannot be read: " + e.getMessage());
    }
    try {
      JsonNode root = new TomlMapper().readTree(text);
      return new Reader(path, text).read(root);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw new ConfigException(path + ":" + line + ": " + e.getOriginalMessage());
    }
  }

  private record Reader(Path path, String text) {
    ConfigFile read(JsonNode root) {
      Map<String, String> values = new LinkedHashMap<>();
      List<SeedUser> users = new ArrayList<>();
      root.properties()
          .forEach(
              section -> {
                String name = section.getKey().equals("authentication") ? "auth" : section.getKey();
                if (!section.getValue().isObject()) {
                  throw refused(section.getKey(), ConfigKeys.sections());
                }
                if (!ConfigKeys.sections().contains(name)) {
                  throw refused(section.getKey(), ConfigKeys.sections());
                }
                section.getValue().properties().forEach(entry -> entry(name, entry.getKey(), entry.getValue(), values, users));
              });
      return new ConfigFile(values, users);
    }

    private void entry(String section, String key, JsonNode value, Map<String, String> values, List<SeedUser> users) {
      if (section.equals("auth") && key.equals("users")) {
        value.forEach(user -> users.add(user(user)));
        return;
      }
      String full = section + "." + key;
      if (!ConfigKeys.isKnown(full)) {
        throw refused(key, ConfigKeys.keysOf(section));
      }
      if (value.isContainerNode()) {
        throw new ConfigException(place(key) + "\"" + key + "\" takes a single value");
      }
      String problem = ConfigKeys.problem(full, value.asText());
      if (problem != null) {
        throw new ConfigException(place(key) + problem);
      }
      values.put(full, value.asText());
    }

    private SeedUser user(JsonNode node) {
      for (String field : (Iterable<String>) node::fieldNames) {
        if (!List.of("username", "password", "password_hash", "roles").contains(field)) {
          throw refused(field, List.of("username", "password", "password_hash", "roles"));
        }
      }
      JsonNode name = node.get("username");
      if (name == null || name.asText().isEmpty()) {
        throw new ConfigException(place("users") + "a user needs a username");
      }
      List<String> roles = new ArrayList<>();
      if (node.has("roles")) {
        for (JsonNode role : node.get("roles")) {
          if (!List.of("read", "write", "admin").contains(role.asText())) {
            throw new ConfigException(place(role.asText()) + "role \"" + role.asText() + "\" is unknown; roles are read, write and admin");
          }
          roles.add(role.asText());
        }
      }
      return new SeedUser(name.asText(), text(node, "password"), text(node, "password_hash"), roles);
    }

    private static @Nullable String text(JsonNode node, String field) {
      return node.has(field) ? node.get(field).asText() : null;
    }

    private ConfigException refused(String key, java.util.Collection<String> known) {
      String nearest = null;
      int best = 4;
      for (String candidate : known) {
        int distance = distance(key, candidate);
        if (distance < best) {
          best = distance;
          nearest = candidate;
        }
      }
      return new ConfigException(
          place(key) + "unknown key \"" + key + "\"" + (nearest == null ? "; known here: " + String.join(", ", known) : "; did you mean \"" + nearest + "\"?"));
    }

    private String place(String key) {
      String[] lines = text.split("\n", -1);
      for (int i = 0; i < lines.length; i++) {
        String line = lines[i].strip();
        if (line.startsWith(key) || line.startsWith("[" + key) || line.startsWith("[[auth." + key) || line.contains("\"" + key + "\"")) {
          return path + ":" + (i + 1) + ": ";
        }
      }
      return path + ": ";
    }

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

  @Nullable String get(String key) {
    return values.get(key);
  }

  String get(String key, String otherwise) {
    return values.getOrDefault(key, otherwise);
  }

  int integer(String key, int otherwise) {
    String value = values.get(key);
    return value == null ? otherwise : Integer.parseInt(value);
  }

  List<SeedUser> users() {
    return users;
  }

  @Nullable Path dataDirectory() {
    String directory = values.get("storage.data_dir");
    return directory == null ? null : Path.of(directory);
  }

  DatabaseConfig databaseConfig() {
    DatabaseConfig config = DatabaseConfig.DEFAULT;
    for (Map.Entry<String, String> entry : values.entrySet()) {
      String setting = ConfigKeys.settingOf(entry.getKey());
      if (setting != null) {
        config = config.withSetting(setting, ConfigKeys.settingValue(entry.getKey(), entry.getValue().toLowerCase(Locale.ROOT)));
      }
    }
    return config;
  }
}
