package io.heliosdb.nano.jdbc;

import io.heliosdb.nano.session.DatabaseEngine;
import io.heliosdb.nano.wire.InProcessSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;

/// Hands pgjdbc in-process sockets. pgjdbc makes the factory by name with one string argument: the handle of an engine.
public final class InProcessSocketFactory extends SocketFactory {
  private static final Map<String, DatabaseEngine> ENGINES = new ConcurrentHashMap<>();
  private static final AtomicLong NEXT_HANDLE = new AtomicLong();

  private final DatabaseEngine engine;

  public InProcessSocketFactory(String handle) {
    DatabaseEngine found = ENGINES.get(handle);
    if (found == null) {
      throw new IllegalArgumentException("unknown engine handle " + handle);
    }
    engine = found;
  }

  static String register(DatabaseEngine engine) {
    String handle = "engine-" + NEXT_HANDLE.incrementAndGet();
    ENGINES.put(handle, engine);
    return handle;
  }

  static void unregister(String handle) {
    ENGINES.remove(handle);
  }

  @Override
  public Socket createSocket() {
    return new InProcessSocket(engine);
  }

  @Override
  public Socket createSocket(String host, int port) {
    return createSocket();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
    return createSocket();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    return createSocket();
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
    return createSocket();
  }
}
