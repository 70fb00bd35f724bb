package io.heliosdb.nano.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.QueryResult;
import io.heliosdb.nano.session.SettingDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where settings come from, what is refused, and that the commented default file tells the truth.
class ConfigurationTest {
  @TempDir Path directory;

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("config.toml"), text);
  }

  private String refusal(String text) throws IOException {
    Path path = file(text);
    return assertThrows(ConfigException.class, () -> ConfigFile.read(path)).getMessage().replace(path.toString(), "FILE");
  }

  @Test
  void flags_before_environment_before_file_before_default() throws IOException {
    Path path = file("[locks]\ntimeout_ms = 500\n\n[session]\ntimeout_secs = 60\nmax_sessions_per_user = 5\n[resource_quotas]\nmemory_limit_per_user = \"1GB\"\n");
    Configuration config =
        Configuration.of(ConfigFile.read(path), Map.of("HELIOSDB_LOCKS_TIMEOUT_MS", "700", "HELIOSDB_SESSION_TIMEOUT_SECS", "90", "HELIOSDB_JAVA_OPTIONS", "-Xmx1g"));
    config.assignment("locks.timeout_ms = 900");
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory(config.databaseConfig())) {
      QueryResult rows =
          db.query(
              "SELECT name, setting, source, sourcefile, sourceline, boot_val, reset_val FROM pg_settings WHERE name IN"
                  + " ('lock_timeout', 'idle_session_timeout', 'heliosdb.max_sessions_per_user', 'heliosdb.memory_limit_per_user', 'statement_timeout') ORDER BY name");
      StringBuilder text = new StringBuilder();
      rows.forEach(row -> text.append(row.getString(0)).append('|').append(row.getString(1)).append('|').append(row.getString(2)).append('|')
          .append(row.getString(3) == null ? "-" : "FILE").append('|').append(row.getString(4)).append('|').append(row.getString(5)).append('|').append(row.getString(6)).append('\n'));
      assertEquals(
          """
          heliosdb.max_sessions_per_user|5|configuration file|FILE|6|0|5
          heliosdb.memory_limit_per_user|1073741824|configuration file|FILE|8|0|1073741824
          idle_session_timeout|90000|environment variable|-|null|0|90000
          lock_timeout|900|command line|-|null|0|900
          statement_timeout|0|default|-|null|0|0
          """,
          text.toString());
      assertEquals("90s", db.queryOne("SHOW idle_session_timeout", String.class));
      db.execute("SET lock_timeout = 5; RESET lock_timeout");
      assertEquals("900ms", db.queryOne("SHOW lock_timeout", String.class));
    }
  }

  @Test
  void the_lower_of_two_lock_limits_counts() throws IOException {
    Configuration config = Configuration.of(ConfigFile.read(file("[locks]\ntimeout_ms = 500\n[resource_quotas]\nlock_timeout_ms = 300\n")), Map.of());
    assertEquals("300", config.get("lock_timeout"));
    config = Configuration.of(ConfigFile.read(file("[locks]\ntimeout_ms = 500\n[resource_quotas]\nlock_timeout_ms = 0\n")), Map.of());
    assertEquals("500", config.get("lock_timeout"));
  }

  @Test
  void mistakes_are_refused_with_their_line_and_what_was_meant() throws IOException {
    assertEquals("FILE:3: unknown key \"prot\" in [server]; did you mean \"port\"?", refusal("# x\n[server]\nprot = 5432\n"));
    assertEquals("FILE:2: unknown section [serverr]; did you mean \"server\"?", refusal("\n[serverr]\nport = 1\n"));
    assertEquals("FILE:2: unknown key \"timeout_ms\" in [session]; did you mean \"timeout_secs\"?", refusal("[session]\ntimeout_ms = 5\n"));
    assertEquals("FILE:2: unknown key \"memory_limit_per_user\" in [log]; it belongs into [resource_quotas]", refusal("[log]\nmemory_limit_per_user = 5\n"));
    assertEquals("FILE:2: \"port\" is between 0 and 65535, not 99999", refusal("[server]\nport = 99999\n"));
    assertEquals("FILE:2: \"timeout_secs\" is between 0 and 2147483, not -1", refusal("[session]\ntimeout_secs = -1\n"));
    assertEquals("FILE:2: \"port\" takes a whole number, not \"many\"", refusal("[server]\nport = \"many\"\n"));
    assertEquals("FILE:3: \"method\" is trust, password or scram-sha-256, not \"scram-sha256\"; did you mean \"scram-sha-256\"?", refusal("[auth]\n\nmethod = \"scram-sha256\"\n"));
    assertEquals(
        "FILE:2: \"default_isolation_level\" is READ_COMMITTED, REPEATABLE_READ or SERIALIZABLE, not \"SNAPSHOT\"",
        refusal("[session]\ndefault_isolation_level = \"SNAPSHOT\"\n"));
    assertEquals("FILE:4: unknown key \"role\" in [[auth.users]]; did you mean \"roles\"?", refusal("[auth]\n[[auth.users]]\nusername = \"a\"\nrole = [\"read\"]\n"));
    assertEquals("FILE:3: role \"wirte\" is unknown; roles are read, write and admin; did you mean \"write\"?", refusal("[[auth.users]]\nusername = \"a\"\nroles = [\"wirte\"]\n"));
    assertTrue(refusal("[[auth.users]]\nusername = \"a\"\npassword_hash = \"secret\"\n").startsWith("FILE:3: the password_hash of user \"a\" is neither"));
    assertFalse(refusal("[[auth.users]]\nusername = \"a\"\npassword_hash = \"secret\"\n").contains("secret"));
    assertTrue(refusal("[server]\nport = = 1\n").startsWith("FILE:2: "));
    assertEquals(
        "environment variable HELIOSDB_SERVER_PROT: unknown key \"prot\" in [server]; did you mean \"port\"?",
        assertThrows(ConfigException.class, () -> Configuration.of(ConfigFile.EMPTY, Map.of("HELIOSDB_SERVER_PROT", "1"))).getMessage());
  }

  /// The section and the key of a line `key = value` or `# key = value` below it.
  private static final Pattern KEY = Pattern.compile("(# )?([a-z_]+) = (.*)");

  @Test
  void the_commented_file_shows_every_key_with_its_default() throws IOException {
    Path path = Path.of("..", "conf", "config.toml").toAbsolutePath().normalize();
    ConfigFile parsed = ConfigFile.read(path);
    TreeSet<String> documented = new TreeSet<>();
    String section = "";
    String comment = "";
    for (String line : Files.readAllLines(path)) {
      if (line.startsWith("[")) {
        section = line.substring(1, line.indexOf(']'));
      } else if (line.startsWith("# [[")) {
        section = "auth.users";
      }
      Matcher key = KEY.matcher(line);
      if (key.matches() && ConfigKeys.find(section + "." + key.group(2)) != null) {
        String name = section + "." + key.group(2);
        documented.add(name);
        SettingDefinition definition = assertNotNullOf(ConfigKeys.find(name));
        if (key.group(1) == null) {
          assertEquals(definition.defaultValue(), parsed.entries().get(name).settingValue(), name);
        } else {
          assertEquals("", definition.defaultValue(), name + " has a default and should show it");
        }
        if (definition.type().equals("integer")) {
          assertTrue(comment.contains("…") || comment.contains("As [locks]"), name + " lacks its range");
        }
      }
      comment = line.startsWith("#") && !key.matches() ? comment + line : line.isEmpty() ? "" : comment;
    }
    assertEquals(new TreeSet<>(ConfigKeys.all()), documented);
  }

  private static SettingDefinition assertNotNullOf(SettingDefinition definition) {
    assertNotNull(definition);
    return definition;
  }
}
