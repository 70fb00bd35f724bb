package io.heliosdb.nano.wire;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.session.DatabaseEngine;
import io.heliosdb.nano.session.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Moves bytes between a socket and its [PgConnection] on one thread. Replies are written when the input runs dry, so a pipeline of
/// messages costs one write. The input buffer grows only as bytes really arrive, never by what a length word claims.
final class SocketTransport implements PgConnection.Output {
  private static final Logger LOG = LoggerFactory.getLogger(SocketTransport.class);
  private static final int BUFFER_BYTES = 16 * 1024;
  private static final int LARGE_BUFFER_BYTES = 1 << 20;
  private static final long HELD_TIMES = 3;
  private static final int SLOW_CLIENT_MILLIS_MAX = 5_000;

  private final DatabaseEngine engine;
  private final ServerOptions options;
  private final Semaphore clientSlots;
  private final ScheduledExecutorService deadlines;
  private final CountDownLatch ended = new CountDownLatch(1);
  /// The connection itself, below TLS.
  private final Socket plain;
  private volatile Socket socket;
  private InputStream in;
  private OutputStream out;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int start;
  private int end;
  private final Anticipation anticipation;

  /// What is counted as the session's memory for a long message: its bytes, and the values made of them.
  private long accountedBytes;
  private @Nullable SqlException refusal;
  private ScheduledFuture<?> loginDeadline;
  private volatile PgConnection connection;
  private volatile boolean shuttingDown;

  SocketTransport(DatabaseEngine engine, ServerOptions options, Semaphore clientSlots, ScheduledExecutorService deadlines, AtomicInteger working, Socket socket) throws IOException {
    this.engine = engine;
    this.options = options;
    this.clientSlots = clientSlots;
    this.deadlines = deadlines;
    this.anticipation = new Anticipation(working);
    this.plain = socket;
    this.socket = socket;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  void run() {
    InetSocketAddress remote = (InetSocketAddress) socket.getRemoteSocketAddress();
    PgConnection current = new PgConnection(engine, options, this, remote == null ? "" : remote.getAddress().getHostAddress() + ":" + remote.getPort());
    current.takeSlotFrom(clientSlots);
    connection = current;
    anticipation.arrived();
    // Not a socket time-out: a socket that ever had one costs two more system calls per read.
    loginDeadline = deadlines.schedule(this::loginTooSlow, engine.serverSetting("authentication_timeout"), TimeUnit.SECONDS);
    try {
      serve(current);
    } catch (UncheckedIOException | IOException e) {
      LOG.debug("connection ended: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("connection failed", e);
    } catch (OutOfMemoryError e) {
      // Most likely a message that the heap cannot hold; without its bytes there is room to say so.
      buffer = new byte[0];
      LOG.error("connection failed: out of memory");
      current.endWith(new SqlException(SqlState.OUT_OF_MEMORY, "out of memory"));
    } finally {
      loginDeadline.cancel(false);
      anticipation.close();
      current.close();
      closeQuietly();
      ended.countDown();
    }
  }

  private void serve(PgConnection current) throws IOException {
    boolean authenticated = false;
    while (true) {
      int consumed = current.feed(buffer, start, end);
      start += consumed;
      current.flush();
      if (current.action() == PgConnection.Action.CLOSE) {
        return;
      }
      if (current.action() == PgConnection.Action.START_TLS) {
        startTls(current);
      }
      if (!authenticated && current.session() != null) {
        authenticated = true;
        loginDeadline.cancel(false);
        current.session().onTerminate(this::wakeToEnd);
        current.session().onNotification(this::notificationArrived);
      }
      if (shuttingDown) {
        current.endWith(endReason(current));
        return;
      }
      if (!makeRoom(current)) {
        refuse(current);
      }
      int count = read(current);
      if (count < 0 && !shuttingDown) {
        return;
      }
      end += Math.max(0, count);
    }
  }

  private int read(PgConnection current) throws IOException {
    try {
      anticipation.awaitInput(socket == plain ? in : null);
      return in.read(buffer, end, buffer.length - end);
    } catch (IOException e) {
      if (shuttingDown) {
        current.endWith(endReason(current));
      }
      throw e;
    } finally {
      anticipation.arrived();
    }
  }

  /// Why this connection is being ended: what its session was terminated with, or the server's shutdown.
  private static SqlException endReason(PgConnection current) {
    SqlException why = current.session() == null ? null : current.session().termination();
    return why != null ? why : new SqlException(SqlState.ADMIN_SHUTDOWN, "terminating connection due to administrator command");
  }

  /// False when the message under way is longer than the memory limits allow.
  private boolean makeRoom(PgConnection current) {
    if (start == end) {
      start = 0;
      end = 0;
      if (buffer.length > LARGE_BUFFER_BYTES) {
        buffer = new byte[BUFFER_BYTES];
      }
      if (accountedBytes > 0) {
        current.session().accountMemory(-accountedBytes);
        accountedBytes = 0;
      }
      return true;
    }
    int needed = current.neededBytes(buffer, start, end);
    if (start > 0 && (buffer.length - start < needed || end == buffer.length)) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      start = 0;
    }
    if (end == buffer.length) {
      long doubled = Math.max(2L * buffer.length, BUFFER_BYTES);
      int length = (int) Math.min(Integer.MAX_VALUE - 16, Math.min(doubled, Math.max(needed, buffer.length + BUFFER_BYTES)));
      if (length > LARGE_BUFFER_BYTES && current.session() != null) {
        long more = HELD_TIMES * length - accountedBytes;
        try {
          current.session().accountMemory(more);
        } catch (SqlException e) {
          refusal = e;
          return false;
        }
        accountedBytes += more;
      }
      buffer = Arrays.copyOf(buffer, length);
    }
    return true;
  }

  /// Reads past the rest of a message that is too long for the memory there is, and answers it with the error.
  private void refuse(PgConnection current) throws IOException {
    char type = (char) (buffer[start] & 0xff);
    long rest = (long) current.neededBytes(buffer, start, end) - (end - start);
    buffer = new byte[BUFFER_BYTES];
    start = 0;
    end = 0;
    if (accountedBytes > 0) {
      current.session().accountMemory(-accountedBytes);
      accountedBytes = 0;
    }
    while (rest > 0) {
      int count = in.read(buffer, 0, (int) Math.min(rest, buffer.length));
      if (count < 0) {
        throw new IOException("the client has gone");
      }
      rest -= count;
    }
    current.refuse(type, refusal);
    current.flush();
  }

  private void startTls(PgConnection current) throws IOException {
    if (start != end) {
      // Bytes sent before the handshake would be trusted as if they had been encrypted (CVE-2021-23214).
      throw new IOException("received unencrypted data after SSL request");
    }
    SSLSocket secure =
        (SSLSocket) options.tls().getSocketFactory().createSocket(socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
    secure.setUseClientMode(false);
    secure.startHandshake();
    socket = secure;
    in = secure.getInputStream();
    out = secure.getOutputStream();
    current.tlsEstablished();
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    try {
      synchronized (this) {
        out.write(bytes, offset, length);
        out.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A notification came in while this client may be idle: it is written at once if the session is not busy.
  private void notificationArrived() {
    PgConnection current = connection;
    Session session = current == null ? null : current.session();
    if (session != null && session.isIdle()) {
      byte[] message = session.encodePendingNotifications(NotificationEncoder::encode);
      if (message.length > 0) {
        write(message, 0, message.length);
      }
    }
  }

  /// The server stops: the session is terminated with 57P01.
  void shutdown() {
    PgConnection current = connection;
    Session session = current == null ? null : current.session();
    if (session != null) {
      session.terminate(new SqlException(SqlState.ADMIN_SHUTDOWN, "terminating connection due to administrator command"));
    }
    wakeToEnd();
  }

  /// The server is about to stop: what runs may end and be answered, then the client is told 57P01; who is idle is told at once.
  void drain() {
    shuttingDown = true;
    endInput();
  }

  /// Ends the wait for the client's next message; what is written still reaches it.
  private boolean endInput() {
    try {
      if (!plain.isInputShutdown()) {
        plain.shutdownInput();
      }
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      LOG.debug("the input of a connection could not be closed", e);
      return plain.isInputShutdown();
    }
  }

  /// Makes the connection's thread see that it has to end, wherever it is. A client that does not read its answer is not waited for long.
  private void wakeToEnd() {
    shuttingDown = true;
    deadlines.schedule(this::closeQuietly, SLOW_CLIENT_MILLIS_MAX, TimeUnit.MILLISECONDS);
    if (!endInput()) {
      closeQuietly();
    }
  }

  /// Runs on the thread of the deadlines, so it leaves the connection's state alone. A client that has not said yet who it is gets no
  /// answer, as from PostgreSQL.
  private void loginTooSlow() {
    PgConnection current = connection;
    if (current != null && current.isAuthenticating()) {
      MessageWriter message = new MessageWriter();
      message.error("FATAL", new SqlException(SqlState.QUERY_CANCELED, "canceling authentication due to timeout"));
      try {
        write(message.sink().array(), 0, message.size());
      } catch (UncheckedIOException e) {
        LOG.debug("the client had gone: {}", e.getMessage());
      }
    }
    closeQuietly();
  }

  /// Waits so long for the end of the connection, and no longer.
  void awaitEndUntil(long deadlineNanos) {
    try {
      ended.await(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void awaitEnd(long deadlineNanos) {
    try {
      if (!ended.await(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS)) {
        closeQuietly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closeQuietly();
    }
  }

  private void closeQuietly() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("closing a socket failed", e);
    }
  }
}
