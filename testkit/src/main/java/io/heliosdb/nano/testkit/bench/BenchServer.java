package io.heliosdb.nano.testkit.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A database server process for a benchmark or test: started on a free port, stopped on close.
public final class BenchServer implements AutoCloseable {
  /// More than the 100 that both allow by default.
  private static final int CONNECTIONS_MAX = 250;

  private static final long START_NANOS_MAX = 60_000_000_000L;

  private final Process process;
  private final int port;

  private BenchServer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  public int port() {
    return port;
  }

  public Process process() {
    return process;
  }

  /// @param relaxed commits do not wait for the disk
  public static BenchServer postgres(Path bin, Path directory, boolean relaxed) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    List<String> asUser = runUser(directory);
    Path data = directory.resolve("data");
    run(directory, join(asUser, bin.resolve("initdb").toString(), "-D", data.toString(), "-A", "trust", "-U", "postgres", "--locale=C", "-E", "UTF8"));
    int port = freePort();
    List<String> command =
        join(asUser, bin.resolve("postgres").toString(), "-D", data.toString(), "-p", Integer.toString(port), "-k", directory.toString(), "-h", "127.0.0.1", "-c",
            "shared_buffers=1GB", "-c", "max_wal_size=4GB", "-c", "max_connections=" + CONNECTIONS_MAX, "-c", "synchronous_commit=" + (relaxed ? "off" : "on"));
    return start(command, directory, port);
  }

  /// CPU time of the process so far.
  long cpuMicros() {
    return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1_000;
  }

  /// @param options further ones of `start`
  public static BenchServer helios(Path launcher, Path directory, boolean memory, String... options) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    int port = freePort();
    List<String> command = new ArrayList<>(List.of(launcher.toString(), "start", "--port", Integer.toString(port)));
    command.addAll(memory ? List.of("--memory") : List.of("--data-dir", directory.resolve("data").toString()));
    command.addAll(List.of(options));
    return start(command, directory, port);
  }

  /// A server of this program's own classes, in memory.
  public static BenchServer java(Path directory, List<String> jvmOptions, List<String> serverOptions) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    int port = freePort();
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.heliosdb.nano.cli.Main", "start", "--memory", "--port",
        Integer.toString(port)));
    command.addAll(serverOptions);
    return start(command, directory, port);
  }

  /// PostgreSQL refuses to run as root, so root runs it as the user `postgres`.
  private static List<String> runUser(Path directory) throws IOException, InterruptedException {
    if (!System.getProperty("user.name").equals("root")) {
      return List.of();
    }
    run(directory, List.of("chown", "postgres", directory.toString()));
    run(directory, List.of("chmod", "755", directory.getParent().toString()));
    return List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups");
  }

  private static List<String> join(List<String> first, String... rest) {
    List<String> all = new ArrayList<>(first);
    all.addAll(List.of(rest));
    return all;
  }

  private static void run(Path directory, List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    if (process.waitFor() != 0) {
      throw new IOException("failed: " + command);
    }
  }

  private static BenchServer start(List<String> command, Path directory, int port) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(Files.createTempFile("server", ".log").toFile());
    builder.environment().put("HELIOSDB_MAX_CONNECTIONS", Integer.toString(CONNECTIONS_MAX));
    Process process = builder.start();
    BenchServer server = new BenchServer(process, port);
    long deadline = System.nanoTime() + START_NANOS_MAX;
    while (System.nanoTime() < deadline && process.isAlive()) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress("127.0.0.1", port), 200);
        return server;
      } catch (IOException e) {
        process.waitFor(100, TimeUnit.MILLISECONDS);
      }
    }
    server.close();
    throw new IOException("server did not start: " + command);
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
