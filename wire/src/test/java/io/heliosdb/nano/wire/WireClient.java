package io.heliosdb.nano.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A client that speaks the protocol byte by byte, so that a test can say things that no driver says. Confined to one thread.
final class WireClient implements AutoCloseable {
  private static final int SILENCE_MILLIS_MAX = Integer.getInteger("wire.silence", 30_000);
  static final int PROTOCOL_3_0 = 3 << 16;
  static final int SSL_REQUEST = 80877103;
  static final int CANCEL_REQUEST = 80877102;

  /// A reply: type letter and body.
  record Reply(char type, ByteBuffer body) {
    /// The field of an error or notice, such as `C` for SQLSTATE; empty when it is absent.
    String field(char code) {
      for (String part : text().split("\0")) {
        if (!part.isEmpty() && part.charAt(0) == code) {
          return part.substring(1);
        }
      }
      return "";
    }

    String text() {
      return new String(body.array(), StandardCharsets.UTF_8);
    }
  }

  final int port;
  Socket socket;
  DataInputStream in;
  DataOutputStream out;
  int pid;
  int secret;

  WireClient(int port) throws IOException {
    this.port = port;
    use(new Socket("127.0.0.1", port));
  }

  /// A client that has logged in as `postgres` without a password.
  static WireClient ready(int port) throws IOException {
    WireClient client = new WireClient(port);
    client.startup(PROTOCOL_3_0);
    client.readUntilReady();
    return client;
  }

  void use(Socket next) throws IOException {
    socket = next;
    socket.setSoTimeout(SILENCE_MILLIS_MAX);
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
  }

  void startup(int version) throws IOException {
    startup(version, "user", "postgres", "database", "heliosdb");
  }

  void startup(int version, String... parameters) throws IOException {
    byte[] body = (String.join("\0", parameters) + "\0\0").getBytes(StandardCharsets.UTF_8);
    out.writeInt(8 + body.length);
    out.writeInt(version);
    out.write(body);
    out.flush();
  }

  /// Asks for TLS and gives the one-letter answer.
  char requestTls() throws IOException {
    out.writeInt(8);
    out.writeInt(SSL_REQUEST);
    out.flush();
    return (char) in.read();
  }

  /// A message of fields: String (zero-terminated), Integer, Short, Character (one byte), byte[].
  void send(char type, Object... fields) throws IOException {
    byte[] body = body(fields);
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(message);
    data.writeByte(type);
    data.writeInt(4 + body.length);
    data.write(body);
    out.write(message.toByteArray());
    out.flush();
  }

  static byte[] body(Object... fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream body = new DataOutputStream(bytes);
    for (Object field : fields) {
      switch (field) {
        case String s -> body.write((s + "\0").getBytes(StandardCharsets.UTF_8));
        case Integer i -> body.writeInt(i);
        case Short s -> body.writeShort(s);
        case Character c -> body.writeByte(c);
        case byte[] b -> body.write(b);
        default -> throw new IllegalArgumentException(field.getClass().getName());
      }
    }
    return bytes.toByteArray();
  }

  void bindAndExecute(String statement, int rows) throws IOException {
    send('B', "", statement, (short) 0, (short) 0, (short) 0);
    send('E', "", rows);
  }

  /// Sends a simple query and gives the replies as [#readUntilReady] does.
  String query(String sql) throws IOException {
    send('Q', sql);
    return readUntilReady();
  }

  Reply read() throws IOException {
    char type = (char) in.readUnsignedByte();
    byte[] body = new byte[in.readInt() - 4];
    in.readFully(body);
    Reply reply = new Reply(type, ByteBuffer.wrap(body));
    if (type == 'K') {
      pid = reply.body.getInt(0);
      secret = reply.body.getInt(4);
    }
    return reply;
  }

  /// Reads up to the next error and gives it.
  Reply readError() throws IOException {
    Reply reply = read();
    while (reply.type != 'E') {
      reply = read();
    }
    return reply;
  }

  /// Type letters up to ReadyForQuery, errors with their SQLSTATE in brackets, a failed or open transaction as `Z[E]`, `Z[T]`; settings
  /// and notices (S, N) are left out.
  String readUntilReady() throws IOException {
    StringBuilder types = new StringBuilder();
    while (true) {
      Reply reply = read();
      if (reply.type != 'S' && reply.type != 'N') {
        types.append(reply.type);
      }
      if (reply.type == 'E') {
        types.append('[').append(reply.field('C')).append(']');
      }
      if (reply.type == 'Z') {
        char status = (char) reply.body.get(0);
        return types + (status == 'I' ? "" : "[" + status + "]");
      }
    }
  }

  Reply assertFatalAndClosed(String state) throws IOException {
    Reply reply = read();
    assertEquals('E', reply.type);
    assertEquals("FATAL", reply.field('V'));
    assertEquals(state, reply.field('C'));
    assertClosed();
    return reply;
  }

  /// The server has closed its end; unread input of ours may show as a reset.
  void assertClosed() throws IOException {
    try {
      assertEquals(-1, in.read());
    } catch (SocketException e) {
      assertEquals("Connection reset", e.getMessage());
    }
  }

  /// A second connection that asks for the running statement to be cancelled; returns when the server has taken it.
  void requestCancel(int withSecret) throws IOException {
    try (WireClient canceller = new WireClient(port)) {
      canceller.out.writeInt(16);
      canceller.out.writeInt(CANCEL_REQUEST);
      canceller.out.writeInt(pid);
      canceller.out.writeInt(withSecret);
      canceller.out.flush();
      canceller.assertClosed();
    }
  }

  @Override
  public void close() throws IOException {
    // The server closes its end after it has given the slot back, so the next test finds it free.
    if (!socket.isInputShutdown() && pid != 0) {
      try {
        send('X');
        while (in.read() >= 0) {}
      } catch (IOException e) {
        // already closed by the server
      }
    }
    socket.close();
  }
}
