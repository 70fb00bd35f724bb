package io.heliosdb.nano.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A server in a process of its own, started as the launcher starts it.
final class ServerProcess implements AutoCloseable {
  private final Process process;
  private final int port;
  private final CompletableFuture<String> rest;

  private ServerProcess(Process process, int port, CompletableFuture<String> rest) {
    this.process = process;
    this.port = port;
    this.rest = rest;
  }

  static ServerProcess start(String... options) throws IOException {
    List<String> command =
        new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-cp",
            System.getProperty("java.class.path"), "io.heliosdb.nano.cli.Main", "start", "--port", "0"));
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    BufferedReader output = process.inputReader();
    StringBuilder seen = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      seen.append(line).append('\n');
      if (line.contains(" listening on ")) {
        int port = Integer.parseInt(line.replaceAll(".*:(\\d+).*", "$1"));
        CompletableFuture<String> rest = new CompletableFuture<>();
        Thread.ofPlatform().daemon(true).start(() -> rest.complete(String.join("\n", output.lines().toList())));
        return new ServerProcess(process, port, rest);
      }
    }
    throw new IOException("the server did not start:\n" + seen);
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  /// SIGTERM; gives what the server printed since it listened.
  String terminate() throws Exception {
    // Through the handle: the process's own method also closes its output.
    process.toHandle().destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      throw new AssertionError("the server did not end after SIGTERM");
    }
    return rest.get(5, TimeUnit.SECONDS);
  }

  int exitCode() {
    return process.exitValue();
  }

  @Override
  public void close() throws Exception {
    process.destroyForcibly();
    process.waitFor(20, TimeUnit.SECONDS);
  }
}
