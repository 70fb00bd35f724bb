package io.heliosdb.nano.wire;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.session.DatabaseEngine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Listens for PostgreSQL clients. One platform thread accepts, one platform thread per connection reads and runs its session inline
/// (measured to be the fastest arrangement on few cores, see `docs/architecture.md`).
///
/// Bound: `connectionCountMax`; the next client gets 53300 and is closed. Errors: 58030 when the port cannot be bound.
public final class PgServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PgServer.class);

  /// Cancel requests and rejected clients need a thread too, so a few more sockets than sessions are let in for a moment.
  private static final int EXTRA_SOCKETS = 16;

  /// Address space, touched only as far as a statement nests: chains of some thousand operators, which programs do generate, are analyzed
  /// and evaluated recursively.
  private static final int STACK_BYTES = 16 << 20;

  /// How long running statements may take to end when the server stops.
  private static final long DRAIN_NANOS = 5_000_000_000L;

  private final DatabaseEngine engine;
  private final ServerOptions options;
  private final ServerSocket listener;
  private final Semaphore clientSlots;
  private final AtomicInteger workingConnections = new AtomicInteger();
  private final ScheduledThreadPoolExecutor deadlines =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("heliosdb-login-deadlines").daemon(true).factory());
  private final Set<SocketTransport> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connectionNumbers = new AtomicInteger();
  private volatile boolean closing;

  private PgServer(DatabaseEngine engine, ServerOptions options, ServerSocket listener) {
    this.engine = engine;
    this.options = options;
    this.listener = listener;
    this.clientSlots = new Semaphore(options.connectionCountMax());
    // A login that succeeds leaves nothing behind; otherwise a burst of short connections would be kept for the length of the deadline.
    deadlines.setRemoveOnCancelPolicy(true);
    deadlines.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
  }

  public static PgServer start(DatabaseEngine engine, ServerOptions options) {
    try {
      ServerSocket listener = new ServerSocket();
      listener.setReuseAddress(true);
      listener.bind(new InetSocketAddress(InetAddress.getByName(options.address()), options.port()), 256);
      PgServer server = new PgServer(engine, options, listener);
      Thread.ofPlatform().name("heliosdb-accept-" + server.port()).daemon(true).start(server::acceptLoop);
      return server;
    } catch (IOException e) {
      throw new SqlException(SqlState.IO_ERROR, "could not listen on " + options.address() + ":" + options.port() + ": " + e.getMessage(), e)
          .withHint("Is another server already running on port " + options.port() + "? If not, wait a few seconds and retry.");
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  public int connectionCount() {
    return open.size();
  }

  private void acceptLoop() {
    while (!closing) {
      try {
        Socket socket = listener.accept();
        socket.setTcpNoDelay(true);
        socket.setKeepAlive(true);
        serve(socket);
      } catch (SocketException e) {
        if (!closing) {
          LOG.warn("accepting connections failed: {}", e.getMessage());
        }
      } catch (IOException e) {
        LOG.warn("a connection could not be accepted: {}", e.getMessage());
      } catch (OutOfMemoryError e) {
        // No memory, or no more threads: this client has to go, the next one may be lucky.
        LOG.warn("a connection could not be accepted: {}", e.getMessage());
      }
    }
  }

  private void serve(Socket socket) throws IOException {
    if (open.size() >= options.connectionCountMax() + EXTRA_SOCKETS) {
      socket.close();
      return;
    }
    SocketTransport transport = new SocketTransport(engine, options, clientSlots, deadlines, workingConnections, socket);
    open.add(transport);
    boolean isStarted = false;
    try {
      Thread.ofPlatform()
          .name("heliosdb-connection-" + connectionNumbers.incrementAndGet())
          .daemon(true)
          .stackSize(STACK_BYTES)
          .start(
              () -> {
                try {
                  transport.run();
                } finally {
                  open.remove(transport);
                }
              });
      isStarted = true;
    } finally {
      if (!isStarted) {
        open.remove(transport);
        socket.close();
      }
    }
  }

  /// Stops listening and drains: idle clients are told 57P01 at once, others when their running statement has been answered, and after
  /// [#DRAIN_NANOS] whatever they do. Returns when their sessions have ended.
  @Override
  public void close() {
    close(DRAIN_NANOS);
  }

  void close(long drainNanos) {
    closing = true;
    try {
      listener.close();
    } catch (IOException e) {
      LOG.debug("closing the listener failed", e);
    }
    open.forEach(SocketTransport::drain);
    long drained = System.nanoTime() + drainNanos;
    for (SocketTransport transport : open) {
      transport.awaitEndUntil(drained);
    }
    open.forEach(SocketTransport::shutdown);
    long deadline = System.nanoTime() + DRAIN_NANOS;
    while (!open.isEmpty() && System.nanoTime() < deadline) {
      for (SocketTransport transport : open) {
        transport.awaitEnd(deadline);
      }
    }
    deadlines.shutdownNow();
  }
}
