package io.heliosdb.nano.clients;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.testkit.clients.ClientTable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A fresh server for a test class. With the system property `clients.url` (a JDBC URL of an empty PostgreSQL database) the tests run there instead:
/// that is how the checks themselves are checked. Records the client's outcome in the table of clients.
final class Server implements BeforeAllCallback, AfterAllCallback, org.junit.jupiter.api.extension.TestExecutionExceptionHandler {
  private final String client;
  private final String version;
  private EmbeddedDatabase database;
  private AutoCloseable listener;
  private String url;
  private boolean failed;

  Server(String client, String version) {
    this.client = client;
    this.version = version;
  }

  /// The version from the client's own jar.
  static String versionOf(Class<?> member) {
    String jar = member.getProtectionDomain().getCodeSource().getLocation().getPath();
    return jar.replaceAll(".*/[A-Za-z-]+-(\\d[^/]*)\\.jar$", "$1").replace(".Final", "");
  }

  String url() {
    return url;
  }

  HikariDataSource pool(int size) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername("postgres");
    config.setPassword("x");
    config.setMaximumPoolSize(size);
    return new HikariDataSource(config);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    String external = System.getProperty("clients.url");
    if (external != null) {
      url = external;
      return;
    }
    database = EmbeddedDatabase.newInMemory();
    var server = database.startServer(0);
    listener = server;
    url = "jdbc:postgresql://127.0.0.1:" + server.port() + "/heliosdb";
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
    failed = true;
    throw failure;
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    if (database == null) {
      return;
    }
    listener.close();
    database.close();
    ClientTable.record(client, version, failed ? "fails" : "passes");
  }
}
