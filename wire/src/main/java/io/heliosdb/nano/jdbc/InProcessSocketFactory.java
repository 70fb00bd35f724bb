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
  /// @param opened runs before a socket is made, so that the database stays open for it
  /// @param closed runs when a socket has been closed
  private record Target(DatabaseEngine engine, Runnable opened, Runnable closed) {}

  private static final Map<String, Target> TARGETS = new ConcurrentHashMap<>();
  private static final AtomicLong NEXT_HANDLE = new AtomicLong();

  private final Target target;

  public InProcessSocketFactory(String handle) {
    Target found = TARGETS.get(handle);
    if (found == null) {
      throw new IllegalArgumentException("unknown engine handle " + handle);
    }
    target = found;
  }

  static String register(DatabaseEngine engine, Runnable opened, Runnable closed) {
    String handle = "engine-" + NEXT_HANDLE.incrementAndGet();
    TARGETS.put(handle, new Target(engine, opened, closed));
    return handle;
  }

  static void unregister(String handle) {
    TARGETS.remove(handle);
  }

  @Override
  public Socket createSocket() {
    target.opened().run();
    return new InProcessSocket(target.engine(), target.closed());
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
