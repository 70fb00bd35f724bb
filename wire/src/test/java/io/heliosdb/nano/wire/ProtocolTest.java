package io.heliosdb.nano.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import java.io.IOException;
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

  private static WireClient connect() throws IOException {
    return new WireClient(server.port());
  }

  private static WireClient ready() throws IOException {
    return WireClient.ready(server.port());
  }

  @Test
  void ssl_request_is_declined_and_start_up_goes_on() throws IOException {
    try (WireClient c = connect()) {
      c.out.writeInt(8);
      c.out.writeInt(80877103);
      assertEquals('N', c.in.read());
      c.startup(3 << 16);
      assertEquals("RKZ", c.readUntilReady());
    }
  }

  @Test
  void newer_minor_version_is_negotiated_down() throws IOException {
    try (WireClient c = connect()) {
      c.startup(3 << 16 | 2);
      WireClient.Reply reply = c.read();
      assertEquals('v', reply.type());
      assertEquals(3 << 16, reply.body().getInt(0));
      assertEquals(0, reply.body().getInt(4));
      assertEquals("RKZ", c.readUntilReady());
    }
  }

  @Test
  void malformed_input_ends_only_its_connection() throws IOException {
    try (WireClient c = connect()) {
      c.startup(9 << 16);
      c.assertFatalAndClosed("0A000");
    }
    for (int length : new int[] {Integer.MAX_VALUE, 0, -1}) {
      try (WireClient c = ready()) {
        c.out.writeByte('Q');
        c.out.writeInt(length);
        c.assertFatalAndClosed("08P01");
      }
    }
    try (WireClient c = ready()) {
      c.send('~', 1);
      c.assertFatalAndClosed("08P01");
    }
  }

  @Test
  void pipeline_skips_to_sync_after_an_error() throws IOException {
    try (WireClient c = ready()) {
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
  void pipeline_of_a_thousand_statements_with_an_error_in_the_middle() throws IOException {
    try (WireClient c = ready()) {
      c.query("CREATE TEMP TABLE pipe (a int PRIMARY KEY)");
      c.send('P', "i", "INSERT INTO pipe VALUES ($1)", (short) 0);
      for (int i = 0; i < 1000; i++) {
        byte[] value = Integer.toString(i == 500 ? 7 : i).getBytes(StandardCharsets.UTF_8);
        c.send('B', "", "i", (short) 0, (short) 1, value.length, value, (short) 0);
        c.send('E', "", 0);
      }
      c.send('S');
      c.send('Q', "SELECT 1 / (1 - count(*)) FROM pipe HAVING count(*) > 0");
      assertEquals("1" + "2C".repeat(500) + "2E[23505]Z", c.readUntilReady());
      // Nothing of it is left, not even what stood before the error.
      assertEquals("TCZ", c.readUntilReady());
      for (int i = 0; i < 1000; i++) {
        byte[] value = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
        c.send('B', "", "i", (short) 0, (short) 1, value.length, value, (short) 0);
        c.send('E', "", 0);
      }
      c.send('S');
      assertEquals("2C".repeat(1000) + "Z", c.readUntilReady());
    }
  }

  @Test
  void describe_before_bind_tells_inferred_types() throws IOException {
    try (WireClient c = ready()) {
      c.send('P', "", "SELECT $1 + 1::bigint, $2 || 'x'::text", (short) 0);
      c.send('D', 'S', "");
      c.send('S');
      assertEquals('1', c.read().type());
      WireClient.Reply parameters = c.read();
      assertEquals('t', parameters.type());
      assertEquals(2, parameters.body().getShort(0));
      assertEquals(20, parameters.body().getInt(2));
      assertEquals(25, parameters.body().getInt(6));
      assertEquals("TZ", c.readUntilReady());
    }
  }

  @Test
  void row_limit_suspends_the_portal() throws IOException {
    try (WireClient c = ready()) {
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
    try (WireClient c = ready()) {
      c.send('Q', new byte[] {'S', 'E', 'L', 'E', 'C', 'T', ' ', '\'', (byte) 0xc3, '(', '\'', 0});
      assertEquals("E[22021]Z", c.readUntilReady());
      c.send('Q', "SELECT 1");
      assertEquals("TDCZ", c.readUntilReady());
    }
  }

  @Test
  void cancel_request_ends_the_running_statement() throws IOException {
    try (WireClient c = ready()) {
      c.send('Q', "SELECT pg_sleep(30)");
      // A cancel that arrives before the statement starts does nothing, so it is repeated until the answer is there.
      do {
        c.requestCancel(c.secret);
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
    try (WireClient c = ready()) {
      c.send('Q', "CREATE TEMP TABLE t (a int, b text)");
      c.readUntilReady();
      c.send('Q', "COPY t FROM STDIN");
      assertEquals('G', c.read().type());
      c.send('d', "1\to".getBytes(StandardCharsets.UTF_8));
      c.send('d', "ne\n2\t\\N\n".getBytes(StandardCharsets.UTF_8));
      c.send('c');
      assertEquals("CZ", c.readUntilReady());
      c.send('Q', "COPY (SELECT * FROM t ORDER BY a) TO STDOUT");
      assertEquals('H', c.read().type());
      assertEquals("1\tone\n", new String(c.read().body().array(), StandardCharsets.UTF_8));
      assertEquals("2\t\\N\n", new String(c.read().body().array(), StandardCharsets.UTF_8));
      assertEquals("cCZ", c.readUntilReady());
      c.send('Q', "COPY t FROM STDIN");
      assertEquals('G', c.read().type());
      c.send('f', "enough");
      assertEquals("E[57014]Z", c.readUntilReady());
    }
  }

  @Test
  void time_outs_end_the_connection_with_their_own_error() throws IOException {
    try (WireClient c = ready()) {
      c.send('Q', "SET idle_session_timeout = 20");
      c.readUntilReady();
      c.assertFatalAndClosed("57P05");
    }
    try (WireClient c = ready()) {
      c.send('Q', "BEGIN; SET LOCAL idle_in_transaction_session_timeout = 20");
      c.readUntilReady();
      c.assertFatalAndClosed("25P03");
    }
    try (WireClient c = ready()) {
      c.send('Q', "SET transaction_timeout = 20");
      c.readUntilReady();
      c.send('Q', "DO $$ BEGIN PERFORM pg_sleep(30); END $$");
      c.assertFatalAndClosed("25P04");
    }
    try (WireClient c = ready()) {
      c.send('Q', "SET statement_timeout = 20");
      c.readUntilReady();
      c.send('Q', "COPY (SELECT 1) TO STDOUT; SELECT pg_sleep(30)");
      assertTrue(c.readUntilReady().endsWith("E[57014]Z"));
      c.send('Q', "SELECT 1");
      assertEquals("TDCZ", c.readUntilReady());
    }
  }

  @Test
  void busy_client_is_told_why_it_is_ended() throws IOException {
    for (boolean extended : new boolean[] {false, true}) {
      try (WireClient busy = ready(); WireClient administrator = ready()) {
        if (extended) {
          busy.send('P', "", "SELECT pg_sleep(30)", (short) 0);
          busy.bindAndExecute("", 0);
          busy.send('S');
        } else {
          busy.send('Q', "SELECT pg_sleep(30)");
        }
        String active = "SELECT 1 / count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep%' AND pid = " + busy.pid;
        while (!administrator.query(active).equals("TDCZ")) {
          Thread.onSpinWait();
        }
        assertEquals("TDCZ", administrator.query("SELECT pg_terminate_backend(" + busy.pid + ")"));
        WireClient.Reply error = busy.readError();
        assertEquals("57P01", error.field('C'));
        assertEquals("FATAL", error.field('V'));
        busy.assertClosed();
      }
    }
  }

  @Test
  void one_client_too_many() throws IOException {
    try (WireClient a = ready(); WireClient b = ready()) {
      try (WireClient last = ready()) {
        try (WireClient refused = connect()) {
          refused.startup(3 << 16);
          refused.assertFatalAndClosed("53300");
        }
        last.send('Q', "SELECT 1");
        assertEquals("TDCZ", last.readUntilReady());
      }
      try (WireClient again = ready()) {
        assertTrue(again.pid != 0);
      }
    }
  }
}
