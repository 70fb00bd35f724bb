package io.heliosdb.nano.wire;

import io.heliosdb.nano.DatabaseServer;
import io.heliosdb.nano.ServerProvider;
import io.heliosdb.nano.session.DatabaseEngine;

/// `EmbeddedDatabase.startServer`: a server on the loopback interface for a live embedded database.
public final class EmbeddedServerProvider implements ServerProvider {
  @Override
  public DatabaseServer start(DatabaseEngine engine, int port) {
    return new Running(PgServer.start(engine, ServerOptions.localTrust(port)));
  }

  private static final class Running implements DatabaseServer {
    private final PgServer server;
    private volatile boolean running = true;

    Running(PgServer server) {
      this.server = server;
    }

    @Override
    public int port() {
      return server.port();
    }

    @Override
    public boolean isRunning() {
      return running;
    }

    @Override
    public void close() {
      running = false;
      server.close();
    }
  }
}
