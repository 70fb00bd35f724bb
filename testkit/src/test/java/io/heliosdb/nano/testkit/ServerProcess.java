package io.heliosdb.nano.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A server in a process of its own on a data directory, to be killed.
record ServerProcess(Process process, int port) implements AutoCloseable {
  static ServerProcess start(Path dataDirectory, Map<String, String> environment) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", System.getProperty("java.class.path"),
                "io.heliosdb.nano.cli.Main", "start", "--data-dir", dataDirectory.toString(), "--port", "0")
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    BufferedReader output = process.inputReader();
    StringBuilder seen = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      seen.append(line).append('\n');
      if (line.contains(" listening on ")) {
        Thread.ofPlatform().daemon(true).start(() -> output.lines().forEach(l -> {}));
        return new ServerProcess(process, Integer.parseInt(line.replaceAll(".*:(\\d+).*", "$1")));
      }
    }
    return fail("the server did not start:\n" + seen);
  }

  Connection connect() throws SQLException {
    return connect("main");
  }

  Connection connect(String branch) throws SQLException {
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/heliosdb@" + branch + "?sslmode=disable", "postgres", "");
  }

  /// Ends it without warning.
  void kill() throws InterruptedException {
    process.destroyForcibly();
    assertTrue(process.waitFor(20, TimeUnit.SECONDS), "the killed server did not end");
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
