package io.heliosdb.nano.cli;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.wire.PgServer;
import io.heliosdb.nano.wire.ServerOptions;
import io.heliosdb.nano.wire.Tls;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Runs a PostgreSQL-protocol server until SIGTERM or SIGINT.
@Command(name = "start", aliases = "server", description = "Start a server.", mixinStandardHelpOptions = true)
final class StartCommand implements Callable<Integer> {
  @CommandLine.Spec CommandLine.Model.CommandSpec spec;
  @Mixin DatabaseOptions database;

  @Option(names = {"--port", "-p"}, paramLabel = "N", description = "TCP port (default 5432; 0 takes any free one).")
  @Nullable Integer port;

  @Option(names = "--listen", paramLabel = "ADDR", description = "Interface to listen on (default 127.0.0.1).")
  @Nullable String listen;

  @Option(names = "--auth", paramLabel = "METHOD", description = "trust, password or scram-sha-256 (default trust).")
  @Nullable String authentication;

  @Option(names = "--tls-cert", paramLabel = "FILE", description = "Certificate chain (PEM).")
  @Nullable Path tlsCertificate;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "Private key (PEM, PKCS#8).")
  @Nullable Path tlsKey;

  @Option(names = "--pid-file", paramLabel = "FILE", description = "Write the process id there; removed at the end.")
  @Nullable Path pidFile;

  @Override
  public Integer call() throws Exception {
    database.check(spec.commandLine());
    PrintWriter out = spec.commandLine().getOut();
    ConfigFile config = database.config();
    ServerOptions options = serverOptions(config);
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    EmbeddedDatabase db = database.open(config, out);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitEnd(stop, stopped), "heliosdb-shutdown"));
    try (db) {
      UserSeeding.seed(db, config, spec.commandLine().getErr());
      try (PgServer server = PgServer.start(db.engine(), options)) {
        writePidFile();
        out.println("HeliosDB Nano " + io.heliosdb.nano.session.ProductVersion.VERSION + " listening on " + options.address() + ":" + server.port()
            + (database.memory ? " (in memory)" : ""));
        out.flush();
        stop.await();
        out.println("shutting down");
        out.flush();
      }
    } finally {
      if (pidFile != null) {
        Files.deleteIfExists(pidFile);
      }
      stopped.countDown();
    }
    return 0;
  }

  private static void awaitEnd(CountDownLatch stop, CountDownLatch stopped) {
    stop.countDown();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ServerOptions serverOptions(ConfigFile config) {
    String method = authentication != null ? authentication : config.get("auth.method", "trust");
    ServerOptions.Authentication kind =
        switch (method.toLowerCase(Locale.ROOT)) {
          case "trust" -> ServerOptions.Authentication.TRUST;
          case "password" -> ServerOptions.Authentication.PASSWORD;
          case "scram-sha-256" -> ServerOptions.Authentication.SCRAM_SHA_256;
          default -> throw new CommandLine.ParameterException(spec.commandLine(), "--auth is trust, password or scram-sha-256, not " + method);
        };
    Path certificate = tlsCertificate != null ? tlsCertificate : path(config.get("server.tls_cert"));
    Path key = tlsKey != null ? tlsKey : path(config.get("server.tls_key"));
    if ((certificate == null) != (key == null)) {
      throw new CommandLine.ParameterException(spec.commandLine(), "--tls-cert and --tls-key belong together");
    }
    return new ServerOptions(
        listen != null ? listen : config.get("server.listen", "127.0.0.1"),
        port != null ? port : config.integer("server.port", 5432),
        kind,
        config.integer("server.max_connections", 100),
        certificate == null ? null : Tls.context(certificate, key));
  }

  private static @Nullable Path path(@Nullable String text) {
    return text == null ? null : Path.of(text);
  }

  private void writePidFile() throws IOException {
    if (pidFile != null) {
      Files.writeString(pidFile, ProcessHandle.current().pid() + "\n");
    }
  }
}
