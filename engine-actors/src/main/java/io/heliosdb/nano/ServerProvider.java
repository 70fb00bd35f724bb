package io.heliosdb.nano;

import io.heliosdb.nano.session.DatabaseEngine;

/// How the engine reaches the wire module without depending on it (`java.util.ServiceLoader`).
public interface ServerProvider {
  DatabaseServer start(DatabaseEngine engine, int port);
}
