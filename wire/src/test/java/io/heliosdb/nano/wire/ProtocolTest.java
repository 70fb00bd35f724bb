package io.heliosdb.nano.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The bytes of the protocol, good and bad, against a server on a socket. Source: PostgreSQL 15 manual, "Frontend/Backend Protocol".
@Timeout(60)
class ProtocolTest {
  private static final int CLIENTS_MAX = 3;
  private static EmbeddedDatabase db;
  private static PgServer server;

  @BeforeAll
  static void start() {
    db = EmbeddedDatabase.newInMemory();
    server = PgServer.start(db.engine(), new ServerOptions("127.0.0.1", 0, ServerOptions.Authentication.TRUST, CLIENTS_MAX, null));
  }

  @AfterAll
  static void stop() {
    server.close();
    db.close();
  }

  /// A reply: type letter and body.
  private record Reply(char type, ByteBuffer body) {
    /// The field of an error or notice, such as `C` for SQLSTATE.
    String field(char code) {
      String text = new String(body.array(), StandardCharsets.UTF_8);
      for (String part : text.split("\0")) {
        if (!part.isEmpty() && part.charAt(0) == code) {
          return part.substring(1);
        }
      }
      return "";
    }
  }

  private static final class Client implements AutoCloseable {
    final Socket socket;
    final DataInputStream in;
    final DataOutputStream out;
    int pid;
    int secret;

    Client() throws IOException {
      socket = new Socket("127.0.0.1", server.port());
      socket.setSoTimeout(30_000);
      in = new DataInputStream(socket.getInputStream());
      out = new DataOutputStream(socket.getOutputStream());
    }

    static Client ready() throws IOException {
      Client client = new Client();
      client.startup(3 << 16);
      client.readUntilReady();
      return client;
    }

    void startup(int version) throws IOException {
      byte[] parameters = "user\0postgres\0database\0heliosdb\0\0".getBytes(StandardCharsets.UTF_8);
      out.writeInt(8 + parameters.length);
      out.writeInt(version);
      out.write(parameters);
      out.flush();
    }

    void send(char type, Object... fields) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream body = new DataOutputStream(bytes);
      for (Object field : fields) {
        switch (field) {
          case String s -> body.write((s + "\0").getBytes(StandardCharsets.UTF_8));
          case Integer i -> body.writeInt(i);
          case Short s -> body.writeShort(s);
          case Character c -> body.writeByte(c);
          case byte[] b -> body.write(b);
          default -> throw new IllegalArgumentException();
        }
      }
      out.writeByte(type);
      out.writeInt(4 + bytes.size());
      out.write(bytes.toByteArray());
      out.flush();
    }

    void bindAndExecute(String statement, int rows) throws IOException {
      send('B', "", statement, (short) 0, (short) 0, (short) 0);
      send('E', "", rows);
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

    /// Type letters up to ReadyForQuery, errors with their SQLSTATE in brackets; session start-up noise (S, N) is left out.
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
          return types.toString();
        }
      }
    }

    void assertFatalAndClosed(String state) throws IOException {
      Reply reply = read();
      assertEquals('E', reply.type);
      assertEquals("FATAL", reply.field('V'));
      assertEquals(state, reply.field('C'));
      assertEquals(-1, in.read());
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

  @Test
  void ssl_request_is_declined_and_start_up_goes_on() throws IOException {
    try (Client c = new Client()) {
      c.out.writeInt(8);
      c.out.writeInt(80877103);
      assertEquals('N', c.in.read());
      c.startup(3 << 16);
      assertEquals("RKZ", c.readUntilReady());
    }
  }

  @Test
  void newer_minor_version_is_negotiated_down() throws IOException {
    try (Client c = new Client()) {
      c.startup(3 << 16 | 2);
      Reply reply = c.read();
      assertEquals('v', reply.type);
      assertEquals(3 << 16, reply.body.getInt(0));
      assertEquals(0, reply.body.getInt(4));
      assertEquals("RKZ", c.readUntilReady());
    }
  }

  @Test
  void malformed_input_ends_only_its_connection() throws IOException {
    try (Client c = new Client()) {
      c.startup(9 << 16);
      c.assertFatalAndClosed("0A000");
    }
    for (int length : new int[] {Integer.MAX_VALUE, 0, -1}) {
      try (Client c = Client.ready()) {
        c.out.writeByte('Q');
        c.out.writeInt(length);
        c.assertFatalAndClosed("08P01");
      }
    }
    try (Client c = Client.ready()) {
      c.send('~', 1);
      c.assertFatalAndClosed("08P01");
    }
  }

  @Test
  void pipeline_skips_to_sync_after_an_error() throws IOException {
    try (Client c = Client.ready()) {
      c.send('P', "a", "SELECT 1", (short) 0);
      c.bindAndExecute("a", 0);
      c.send('P', "b", "SELECT 1/0", (short) 0);
      c.bindAndExecute("b", 0);
      c.bindAndExecute("a", 0);
      c.send('S');
      c.bindAndExecute("a", 0);
      c.send('S');
      String first = c.readUntilReady();
      // Constant folding may raise the error in Parse or Bind rather than in Execute.
      assertTrue(first.matches("12DC1?2?E\\[22012]Z"), first);
      assertEquals("2DCZ", c.readUntilReady());
    }
  }

  @Test
  void describe_before_bind_tells_inferred_types() throws IOException {
    try (Client c = Client.ready()) {
      c.send('P', "", "SELECT $1 + 1::bigint, $2 || 'x'::text", (short) 0);
      c.send('D', 'S', "");
      c.send('S');
      assertEquals('1', c.read().type);
      Reply parameters = c.read();
      assertEquals('t', parameters.type);
      assertEquals(2, parameters.body.getShort(0));
      assertEquals(20, parameters.body.getInt(2));
      assertEquals(25, parameters.body.getInt(6));
      assertEquals("TZ", c.readUntilReady());
    }
  }

  @Test
  void row_limit_suspends_the_portal() throws IOException {
    try (Client c = Client.ready()) {
      c.send('P', "", "SELECT * FROM generate_series(1, 5)", (short) 0);
      c.bindAndExecute("", 2);
      c.send('E', "", 2);
      c.send('E', "", 2);
      c.send('S');
      assertEquals("12DDsDDsDCZ", c.readUntilReady());
    }
  }

  @Test
  void invalid_utf8_leaves_the_session_usable() throws IOException {
    try (Client c = Client.ready()) {
      c.send('Q', new byte[] {'S', 'E', 'L', 'E', 'C', 'T', ' ', '\'', (byte) 0xc3, '(', '\'', 0});
      assertEquals("E[22021]Z", c.readUntilReady());
      c.send('Q', "SELECT 1");
      assertEquals("TDCZ", c.readUntilReady());
    }
  }

  @Test
  void cancel_request_ends_the_running_statement() throws IOException {
    try (Client c = Client.ready()) {
      c.send('Q', "SELECT pg_sleep(30)");
      // A cancel that arrives before the statement starts does nothing, so it is repeated until the answer is there.
      do {
        try (Client canceller = new Client()) {
          canceller.out.writeInt(16);
          canceller.out.writeInt(80877102);
          canceller.out.writeInt(c.pid);
          canceller.out.writeInt(c.secret);
          assertEquals(-1, canceller.in.read());
        }
      } while (c.in.available() == 0);
      String result = c.readUntilReady().replace("T", "");
      assertEquals("E[57014]Z", result);
      c.send('Q', "SELECT 1");
      // A late cancel may hit this one at most.
      assertTrue(c.readUntilReady().endsWith("Z"));
    }
  }

  @Test
  void copy_in_and_out() throws IOException {
    try (Client c = Client.ready()) {
      c.send('Q', "CREATE TEMP TABLE t (a int, b text)");
      c.readUntilReady();
      c.send('Q', "COPY t FROM STDIN");
      assertEquals('G', c.read().type);
      c.send('d', "1\to".getBytes(StandardCharsets.UTF_8));
      c.send('d', "ne\n2\t\\N\n".getBytes(StandardCharsets.UTF_8));
      c.send('c');
      assertEquals("CZ", c.readUntilReady());
      c.send('Q', "COPY (SELECT * FROM t ORDER BY a) TO STDOUT");
      assertEquals('H', c.read().type);
      assertEquals("1\tone\n", new String(c.read().body.array(), StandardCharsets.UTF_8));
      assertEquals("2\t\\N\n", new String(c.read().body.array(), StandardCharsets.UTF_8));
      assertEquals("cCZ", c.readUntilReady());
      c.send('Q', "COPY t FROM STDIN");
      assertEquals('G', c.read().type);
      c.send('f', "enough");
      assertEquals("E[57014]Z", c.readUntilReady());
    }
  }

  @Test
  void time_outs_end_the_connection_with_their_own_error() throws IOException {
    try (Client c = Client.ready()) {
      c.send('Q', "SET idle_session_timeout = 20");
      c.readUntilReady();
      c.assertFatalAndClosed("57P05");
    }
    try (Client c = Client.ready()) {
      c.send('Q', "BEGIN; SET LOCAL idle_in_transaction_session_timeout = 20");
      c.readUntilReady();
      c.assertFatalAndClosed("25P03");
    }
    try (Client c = Client.ready()) {
      c.send('Q', "SET transaction_timeout = 20");
      c.readUntilReady();
      c.send('Q', "DO $$ BEGIN PERFORM pg_sleep(30); END $$");
      c.assertFatalAndClosed("25P04");
    }
    try (Client c = Client.ready()) {
      c.send('Q', "SET statement_timeout = 20");
      c.readUntilReady();
      c.send('Q', "COPY (SELECT 1) TO STDOUT; SELECT pg_sleep(30)");
      assertTrue(c.readUntilReady().endsWith("E[57014]Z"));
      c.send('Q', "SELECT 1");
      assertEquals("TDCZ", c.readUntilReady());
    }
  }

  @Test
  void one_client_too_many() throws IOException {
    try (Client a = Client.ready(); Client b = Client.ready()) {
      try (Client last = Client.ready()) {
        try (Client refused = new Client()) {
          refused.startup(3 << 16);
          refused.assertFatalAndClosed("53300");
        }
        last.send('Q', "SELECT 1");
        assertEquals("TDCZ", last.readUntilReady());
      }
      try (Client again = Client.ready()) {
        assertTrue(again.pid != 0);
      }
    }
  }
}
