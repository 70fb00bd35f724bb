package io.heliosdb.nano.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// What a `config.toml` says. Its keys are those of [ConfigKeys] and the list `[[auth.users]]`; an unknown key or a bad value is refused with
/// its line and the nearest known name.
///
/// @param entries by key, `section.key`
record ConfigFile(Map<String, Entry> entries, List<SeedUser> users) {
  static final ConfigFile EMPTY = new ConfigFile(Map.of(), List.of());
  private static final List<String> USER_FIELDS = List.of("username", "password", "password_hash", "roles");
  private static final List<String> ROLES = List.of("read", "write", "admin");

  /// A value of a setting, and its place.
  record Entry(String settingValue, String file, int line) {}

  /// A user that the file makes at first start. Not printed: it may hold a password.
  ///
  /// @param place `file:line` for messages
  record SeedUser(String name, @Nullable String password, @Nullable String passwordHash, List<String> roles, String place) {
    @Override
    public String toString() {
      return "user " + name;
    }
  }

  /// @throws ConfigException with file, line and what to write instead
  static ConfigFile read(Path path) {
    String text;
    try {
      text = Files.readString(path);
    } catch (NoSuchFileException e) {
      throw new ConfigException("configuration file " + path + " does not exist");
    } catch (IOException e) {
      throw new ConfigException("configuration file " + path + " cannot be read: " + e.getMessage());
    }
    JsonNode root;
    try {
      root = new TomlMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new ConfigException(path + ":" + (e.getLocation() == null ? 0 : e.getLocation().getLineNr()) + ": " + e.getOriginalMessage().lines().findFirst().orElse(""));
    }
    return new Reader(path, TomlLines.of(text)).read(root);
  }

  private record Reader(Path path, Map<String, Integer> lines) {
    ConfigFile read(JsonNode root) {
      Map<String, Entry> entries = new LinkedHashMap<>();
      List<SeedUser> users = new ArrayList<>();
      for (Map.Entry<String, JsonNode> section : root.properties()) {
        String name = section.getKey().equals("authentication") ? "auth" : section.getKey();
        if (!ConfigKeys.sections().contains(name)) {
          throw refused(section.getKey(), ConfigKeys.unknown("", section.getKey()));
        }
        if (!section.getValue().isObject()) {
          throw refused(section.getKey(), "\"" + section.getKey() + "\" is a section: write [" + section.getKey() + "] and its keys below it");
        }
        for (Map.Entry<String, JsonNode> entry : section.getValue().properties()) {
          String place = section.getKey() + "." + entry.getKey();
          String key = name + "." + entry.getKey();
          if (key.equals(ConfigKeys.USERS)) {
            users(place, entry.getValue(), users);
          } else {
            entries.put(key, entry(place, name, entry.getKey(), entry.getValue()));
          }
        }
      }
      return new ConfigFile(entries, users);
    }

    private Entry entry(String place, String section, String key, JsonNode value) {
      String full = section + "." + key;
      if (ConfigKeys.find(full) == null) {
        throw refused(place, ConfigKeys.unknown(section, key));
      }
      try {
        return new Entry(ConfigKeys.settingValue(full, text(full, value)), path.toString(), line(place));
      } catch (ConfigException e) {
        throw refused(place, e.getMessage());
      }
    }

    private static String text(String key, JsonNode value) {
      if (value.isArray() && java.util.Objects.requireNonNull(ConfigKeys.find(key)).type().equals("string")) {
        StringJoiner list = new StringJoiner(", ");
        value.forEach(item -> list.add(item.asText()));
        return list.toString();
      }
      if (value.isContainerNode()) {
        throw new ConfigException("\"" + key.substring(key.indexOf('.') + 1) + "\" takes a single value");
      }
      return value.asText();
    }

    private void users(String place, JsonNode list, List<SeedUser> users) {
      if (!list.isArray()) {
        throw refused(place, "users are written as [[auth.users]], one section for each");
      }
      for (int i = 0; i < list.size(); i++) {
        SeedUser user = user(place + "[" + i + "]", list.get(i));
        if (users.stream().anyMatch(other -> other.name().equals(user.name()))) {
          throw refused(place + "[" + i + "].username", "user \"" + user.name() + "\" is there twice");
        }
        users.add(user);
      }
    }

    private SeedUser user(String place, JsonNode node) {
      for (String field : (Iterable<String>) node::fieldNames) {
        if (!USER_FIELDS.contains(field)) {
          String nearest = ConfigKeys.nearest(field, USER_FIELDS);
          throw refused(place + "." + field, "unknown key \"" + field + "\" in [[auth.users]]"
              + (nearest == null ? "; known here: " + String.join(", ", USER_FIELDS) : "; did you mean \"" + nearest + "\"?"));
        }
      }
      String name = node.path("username").asText("");
      if (name.isEmpty()) {
        throw refused(place, "a user needs a username");
      }
      if (name.startsWith("pg_")) {
        throw refused(place + ".username", "names that begin with \"pg_\" are reserved");
      }
      if (node.has("password") && node.has("password_hash")) {
        throw refused(place + ".password", "user \"" + name + "\" has both password and password_hash; one of them is enough");
      }
      String hash = field(node, "password_hash");
      if (hash != null && !io.heliosdb.nano.wire.PasswordVerifiers.isVerifier(hash)) {
        throw refused(place + ".password_hash", "the password_hash of user \"" + name + "\" is neither an argon2id hash nor a SCRAM-SHA-256 verifier;"
            + " make one with 'heliosdb-nano passwd', or use password for a plain one");
      }
      return new SeedUser(name, field(node, "password"), hash, roles(place, node), path + ":" + line(place));
    }

    private List<String> roles(String place, JsonNode node) {
      List<String> roles = new ArrayList<>();
      for (JsonNode role : node.path("roles")) {
        if (!ROLES.contains(role.asText())) {
          String nearest = ConfigKeys.nearest(role.asText(), ROLES);
          throw refused(place + ".roles", "role \"" + role.asText() + "\" is unknown; roles are read, write and admin"
              + (nearest == null ? "" : "; did you mean \"" + nearest + "\"?"));
        }
        roles.add(role.asText());
      }
      return roles;
    }

    private static @Nullable String field(JsonNode node, String field) {
      return node.has(field) ? node.get(field).asText() : null;
    }

    private int line(String place) {
      return lines.getOrDefault(place, 0);
    }

    private ConfigException refused(String place, String problem) {
      return new ConfigException(path + ":" + line(place) + ": " + problem);
    }
  }
}
