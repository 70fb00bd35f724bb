package io.heliosdb.nano;

/// A running PostgreSQL-protocol server.
public interface DatabaseServer extends AutoCloseable {
  int port();

  boolean isRunning();

  @Override
  void close();
}
