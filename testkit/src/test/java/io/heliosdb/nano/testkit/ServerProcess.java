package io.heliosdb.nano.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A server in a process of its own on a data directory, to be killed.
record ServerProcess(Process process, int port) implements AutoCloseable {
  private static ProcessBuilder command(String... arguments) {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", System.getProperty("java.class.path"), "io.heliosdb.nano.cli.Main"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true);
  }

  /// `heliosdb-nano verify` on a directory that nobody has open, which recovers it first.
  static void verify(Path dataDirectory, String context) throws Exception {
    Process process = command("verify", "--data-dir", dataDirectory.toString()).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "verify did not end");
    assertEquals(0, process.exitValue(), context + ": " + output);
  }

  static ServerProcess start(Path dataDirectory, Map<String, String> environment) throws Exception {
    ProcessBuilder builder = command("start", "--data-dir", dataDirectory.toString(), "--port", "0");
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
