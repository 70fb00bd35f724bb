package io.heliosdb.nano.cli;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.wire.PgServer;
import io.heliosdb.nano.wire.ServerOptions;
import io.heliosdb.nano.wire.Tls;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @Option(names = {"--port", "-p"}, paramLabel = "N", converter = PortOption.class, description = "TCP port (default 5432; 0 takes any free one).")
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

  @Option(names = "--dump-on-shutdown", description = "Dump the database when the server stops.")
  boolean dumpOnShutdown;

  @Option(names = "--dump-file", paramLabel = "FILE", description = "Where --dump-on-shutdown writes (default shutdown_dump.heliodump).")
  Path dumpFile = ShutdownDump.DEFAULT_FILE;

  @Option(names = "--restore-on-start", paramLabel = "FILE", description = "Restore this dump when the server starts with an empty database.")
  @Nullable Path restoreOnStart;

  @Override
  public Integer call() throws Exception {
    database.check(spec.commandLine());
    PrintWriter out = spec.commandLine().getOut();
    Configuration config = database.config();
    config.flag("server.port", port);
    config.flag("server.listen", listen);
    config.flag("server.tls_cert", tlsCertificate);
    config.flag("server.tls_key", tlsKey);
    config.flag("auth.method", authentication);
    ServerOptions options = serverOptions(config);
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    EmbeddedDatabase db = database.open(config, out);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitEnd(stop, stopped), "heliosdb-shutdown"));
    try (db) {
      UserSeeding.seed(db, config, spec.commandLine().getErr());
      ShutdownDump shutdown = new ShutdownDump(db, config, spec.commandLine().getErr(), database.memory);
      shutdown.restoreOnStart(restoreOnStart);
      Path directory = db.engine().directory();
      try (PgServer server = PgServer.start(db.engine(), options); AutoCloseable scheduler = ShutdownDump.scheduler(db, config)) {
        writePidFile();
        if (directory != null) {
          ServerFile.write(directory, options.address(), server.port());
        }
        out.println("HeliosDB Nano " + io.heliosdb.nano.session.ProductVersion.VERSION + " listening on " + options.address() + ":" + server.port()
            + (database.memory ? " (in memory)" : ""));
        out.flush();
        stop.await();
        out.println("shutting down");
        out.flush();
      }
      if (directory != null) {
        ServerFile.remove(directory);
      }
      shutdown.run(dumpOnShutdown ? dumpFile : null, out);
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

  private ServerOptions serverOptions(Configuration config) {
    ServerOptions.Authentication kind =
        switch (config.get("heliosdb.auth_method")) {
          case "password" -> ServerOptions.Authentication.PASSWORD;
          case "scram-sha-256" -> ServerOptions.Authentication.SCRAM_SHA_256;
          default -> ServerOptions.Authentication.TRUST;
        };
    Path certificate = config.path("ssl_cert_file");
    Path key = config.path("ssl_key_file");
    if ((certificate == null) != (key == null)) {
      throw new ConfigException("tls_cert and tls_key belong together");
    }
    return new ServerOptions(
        config.get("listen_addresses"),
        Integer.parseInt(config.get("port")),
        kind,
        Integer.parseInt(config.get("max_connections")),
        certificate == null ? null : Tls.context(certificate, java.util.Objects.requireNonNull(key)));
  }

  private void writePidFile() throws IOException {
    if (pidFile != null) {
      Files.writeString(pidFile, ProcessHandle.current().pid() + "\n");
    }
  }
}
