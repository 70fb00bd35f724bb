package io.heliosdb.nano.wire;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.session.DatabaseEngine;
import io.heliosdb.nano.session.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A socket without a network: what the client flushes is fed to a [PgConnection] on the calling thread, and the replies wait in a
/// buffer for the client to read. No thread, no hand-over. One thread at a time, as for any JDBC connection, except [#close].
///
/// A read with nothing to be read waits, as long as the socket's time-out says, for a notification or the end of the session.
/// A reply is held whole until the client has read it, so a large result wants a fetch size, as with any PostgreSQL driver.
public final class InProcessSocket extends Socket {
  private final PgConnection connection;
  private final Inbound inbound = new Inbound();
  private final Outbound outbound = new Outbound();
  private final Runnable onClose;
  private final Object arrival = new Object();
  private volatile boolean closed;
  private volatile boolean awaitsArrivals;
  private volatile @Nullable Thread running;
  private int timeoutMillis;

  /// @param onClose runs once, after the session has ended
  public InProcessSocket(DatabaseEngine engine, Runnable onClose) {
    this.onClose = onClose;
    connection = new PgConnection(engine, ServerOptions.localTrust(0), inbound::append, "in-process");
  }

  @Override
  public void connect(SocketAddress endpoint) {}

  @Override
  public void connect(SocketAddress endpoint, int timeout) {}

  @Override
  public InputStream getInputStream() {
    return inbound;
  }

  @Override
  public OutputStream getOutputStream() {
    return outbound;
  }

  @Override
  public void close() {
    synchronized (arrival) {
      if (closed) {
        return;
      }
      closed = true;
      arrival.notifyAll();
    }
    Session session = connection.session();
    Thread busy = running;
    if (session != null && busy != null && busy != Thread.currentThread()) {
      // Closed by another thread (Connection.abort): the statement under way has nobody left to answer to.
      session.cancel();
    }
    try {
      connection.close();
    } finally {
      onClose.run();
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public boolean isBound() {
    return true;
  }

  @Override
  public InetAddress getInetAddress() {
    return InetAddress.getLoopbackAddress();
  }

  @Override
  public InetAddress getLocalAddress() {
    return InetAddress.getLoopbackAddress();
  }

  @Override
  public int getPort() {
    return 5432;
  }

  @Override
  public void setSoTimeout(int timeout) {
    timeoutMillis = timeout;
  }

  @Override
  public int getSoTimeout() {
    return timeoutMillis;
  }

  @Override
  public void setTcpNoDelay(boolean on) {}

  @Override
  public void setKeepAlive(boolean on) {}

  @Override
  public void setReceiveBufferSize(int size) {}

  @Override
  public void setSendBufferSize(int size) {}

  @Override
  public int getSendBufferSize() {
    return 8192;
  }

  @Override
  public int getReceiveBufferSize() {
    return 8192;
  }

  @Override
  public void setSoLinger(boolean on, int linger) {}

  private final class Inbound extends InputStream {
    private byte[] buffer = new byte[8192];
    private int start;
    private int end;

    void append(byte[] bytes, int offset, int length) {
      if (start == end) {
        start = 0;
        end = 0;
      }
      if (buffer.length - end < length) {
        int kept = end - start;
        byte[] target = buffer.length >= kept + length ? buffer : new byte[Math.max(kept + length, 2 * buffer.length)];
        System.arraycopy(buffer, start, target, 0, kept);
        buffer = target;
        start = 0;
        end = kept;
      }
      System.arraycopy(bytes, offset, buffer, end, length);
      end += length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (start == end) {
        outbound.deliver();
        awaitBytes();
        if (start == end) {
          return -1;
        }
      }
      int count = Math.min(length, end - start);
      System.arraycopy(buffer, start, target, offset, count);
      start += count;
      if (start == end && buffer.length > 1 << 20) {
        buffer = new byte[8192];
        start = 0;
        end = 0;
      }
      return count;
    }

    /// Returns with bytes to read, or with none at the end of the connection.
    private void awaitBytes() throws IOException {
      long deadline = System.nanoTime() + timeoutMillis * 1_000_000L;
      while (start == end && !closed && connection.action() != PgConnection.Action.CLOSE) {
        takeArrivals();
        if (start != end || closed || connection.action() == PgConnection.Action.CLOSE) {
          return;
        }
        long leftNanos = deadline - System.nanoTime();
        if (timeoutMillis > 0 && leftNanos <= 0) {
          throw new SocketTimeoutException("no message is waiting");
        }
        awaitArrival(timeoutMillis > 0 ? leftNanos : Long.MAX_VALUE);
      }
    }

    /// Only called by the connection's own thread, which is the one that may touch the connection's state.
    private void takeArrivals() {
      synchronized (arrival) {
        arrived = false;
      }
      Session session = connection.session();
      if (session == null) {
        return;
      }
      if (!awaitsArrivals) {
        awaitsArrivals = true;
        session.onNotification(this::arrived);
        session.onTerminate(this::arrived);
      }
      SqlException termination = session.termination();
      if (termination != null) {
        connection.endWith(termination);
      } else {
        connection.deliverNotifications();
      }
    }

    private boolean arrived;

    private void arrived() {
      synchronized (arrival) {
        arrived = true;
        arrival.notifyAll();
      }
    }

    private void awaitArrival(long nanos) throws IOException {
      synchronized (arrival) {
        if (arrived || closed) {
          return;
        }
        try {
          TimeUnit.NANOSECONDS.timedWait(arrival, nanos);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new InterruptedIOException("interrupted while waiting for a message");
        }
      }
    }

    @Override
    public int available() {
      return end - start;
    }
  }

  private final class Outbound extends OutputStream {
    private byte[] buffer = new byte[8192];
    private int end;

    @Override
    public void write(int b) {
      ensure(1);
      buffer[end++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      ensure(length);
      System.arraycopy(bytes, offset, buffer, end, length);
      end += length;
      if (end >= 1 << 20) {
        deliver();
      }
    }

    private void ensure(int count) {
      if (buffer.length - end < count) {
        buffer = Arrays.copyOf(buffer, Math.max(end + count, 2 * buffer.length));
      }
    }

    @Override
    public void flush() throws IOException {
      if (closed) {
        throw new SocketException("Socket closed");
      }
      deliver();
    }

    void deliver() {
      running = Thread.currentThread();
      try {
        int consumed = connection.feed(buffer, 0, end);
        System.arraycopy(buffer, consumed, buffer, 0, end - consumed);
        end -= consumed;
        connection.flush();
      } finally {
        running = null;
      }
    }
  }
}
