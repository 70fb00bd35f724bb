package io.heliosdb.nano.cli;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.cli.usage.Command;
import io.heliosdb.nano.cli.usage.OptionTable;
import io.heliosdb.nano.cli.usage.Printers;
import io.heliosdb.nano.wire.PgServer;
import io.heliosdb.nano.wire.ServerOptions;
import io.heliosdb.nano.wire.Tls;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// Runs a PostgreSQL-protocol server until SIGTERM or SIGINT.
final class StartCommand implements Command.Single {
  private final DatabaseOptions database = new DatabaseOptions();
  @Nullable Integer port;
  @Nullable String listen;
  @Nullable String authentication;
  @Nullable Path tlsCertificate;
  @Nullable Path tlsKey;
  @Nullable Path pidFile;
  boolean dumpOnShutdown;
  Path dumpFile = ShutdownDump.DEFAULT_FILE;
  @Nullable Path restoreOnStart;

  @Override
  public void declare(OptionTable options) {
    database.declare(options);
    options.port("TCP port (default 5432; 0 takes any free one).", value -> port = value);
    options.text("ADDR", "Interface to listen on (default 127.0.0.1).", value -> listen = value, "--listen");
    options.text("METHOD", "trust, password or scram-sha-256 (default trust).", value -> authentication = value, "--auth");
    options.path("FILE", "Certificate chain (PEM).", value -> tlsCertificate = value, "--tls-cert");
    options.path("FILE", "Private key (PEM, PKCS#8).", value -> tlsKey = value, "--tls-key");
    options.path("FILE", "Write the process id there; removed at the end.", value -> pidFile = value, "--pid-file");
    options.flag("Dump the database when the server stops.", () -> dumpOnShutdown = true, "--dump-on-shutdown");
    options.path("FILE", "Where --dump-on-shutdown writes (default shutdown_dump.heliodump).", value -> dumpFile = value, "--dump-file");
    options.path(
        "FILE", "Restore this dump when the server starts with an empty database.", value -> restoreOnStart = value, "--restore-on-start");
  }

  @Override
  public int run(Printers printers) throws Exception {
    database.check();
    PrintWriter out = printers.out();
    Configuration config = database.config();
    config.flag("server.port", port);
    config.flag("server.listen", listen);
    config.flag("server.tls_cert", tlsCertificate);
    config.flag("server.tls_key", tlsKey);
    config.flag("auth.method", authentication);
    ServerOptions options = serverOptions(config);
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    EmbeddedDatabase db = database.open(config, out, false);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitEnd(stop, stopped), "heliosdb-shutdown"));
    try (db) {
      UserSeeding.seed(db, config, printers.err());
      ShutdownDump shutdown = new ShutdownDump(db, config, printers.err(), database.memory);
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
