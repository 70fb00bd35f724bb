package io.heliosdb.nano.cli;

import io.heliosdb.nano.cli.usage.Command;
import io.heliosdb.nano.cli.usage.OptionTable;
import io.heliosdb.nano.cli.usage.Printers;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// Says whether a server runs and how it is. Exit code 0 when it answers, 3 when not.
final class StatusCommand implements Command.Single {
  enum Format { TEXT, JSON }

  Format format = Format.TEXT;
  @Nullable String connection;
  int port = 5432;
  @Nullable Path dataDirectory;

  @Override
  public void declare(OptionTable options) {
    options.choice(Format.class, "text|json", "Output format (default text).", value -> format = value, "--format");
    options.text("URL", "Server, as postgresql://user:password@host:port/database.", value -> connection = value, "--connection");
    options.port("Port of a local server (default 5432).", value -> port = value);
    options.path("DIR", "Data directory to look at.", value -> dataDirectory = value, "--data-dir");
  }

  @Override
  public int run(Printers printers) {
    Map<String, Object> facts = new LinkedHashMap<>();
    boolean running = dataDirectory == null ? server(facts) : directory(facts);
    print(facts, printers.out());
    return running ? 0 : Main.UNREACHABLE;
  }

  private boolean directory(Map<String, Object> facts) {
    facts.put("data_directory", dataDirectory.toAbsolutePath().normalize().toString());
    facts.put("exists", Files.isDirectory(dataDirectory));
    return Files.isDirectory(dataDirectory);
  }

  private boolean server(Map<String, Object> facts) {
    Properties properties = new Properties();
    String url = ConnectionUrl.toJdbc(connection != null ? connection : "postgresql://heliosdb@127.0.0.1:" + port + "/heliosdb", properties);
    facts.put("server", url.substring("jdbc:".length()));
    properties.setProperty("connectTimeout", "3");
    try (Connection client = DriverManager.getConnection(url, properties);
        Statement statement = client.createStatement()) {
      facts.put("running", true);
      try (ResultSet row = statement.executeQuery("SELECT current_setting('server_version'), current_database(), (SELECT count(*) FROM pg_stat_activity)")) {
        row.next();
        facts.put("server_version", row.getString(1));
        facts.put("database", row.getString(2));
        facts.put("sessions", row.getLong(3));
      }
      dirtyState(statement, facts);
      dumps(statement, facts);
      return true;
    } catch (SQLException e) {
      facts.put("running", false);
      facts.put("error", e.getMessage());
      return false;
    }
  }

  /// What an in-memory database would lose: changes since its start or its last whole dump.
  private static void dirtyState(Statement statement, Map<String, Object> facts) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT pg_stat_get_dirty_changes(), pg_stat_get_dirty_bytes()")) {
      row.next();
      facts.put("dirty_state", row.getLong(1) == 0 ? "NO" : "YES (" + row.getLong(1) + " uncommitted changes)");
      facts.put("dirty_bytes", row.getLong(2));
    }
  }

  /// The last dump.
  private static void dumps(Statement statement, Map<String, Object> facts) throws SQLException {
    try (ResultSet row = statement.executeQuery(
        "SELECT path, ended, rows, error FROM heliosdb_dumps WHERE command = 'dump' ORDER BY id DESC LIMIT 1")) {
      if (!row.next()) {
        facts.put("last_dump", "none since the start");
        return;
      }
      facts.put("last_dump", row.getString(1) + " at " + row.getString(2) + (row.getString(4) == null ? ", " + row.getLong(3) + " rows" : " failed: " + row.getString(4)));
    }
  }

  private void print(Map<String, Object> facts, PrintWriter out) {
    if (format == Format.JSON) {
      try {
        out.println(new com.fasterxml.jackson.databind.ObjectMapper().writeValueAsString(facts));
      } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    } else {
      facts.forEach((name, value) -> out.println(Character.toUpperCase(name.charAt(0)) + name.substring(1).replace('_', ' ') + ": " + value));
    }
    out.flush();
  }
}
