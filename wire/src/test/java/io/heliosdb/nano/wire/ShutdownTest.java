package io.heliosdb.nano.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heliosdb.nano.EmbeddedDatabase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What clients are told when the server stops: who is idle at once, who has a statement running when it ends or when draining is over.
@Timeout(60)
class ShutdownTest {
  private static final String SLEEPERS = "SELECT 1 / (count(*) = 4)::int FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(3%' AND pid <> pg_backend_pid()";

  @Test
  void every_client_is_told_57P01_whatever_it_does() throws IOException {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      PgServer server = PgServer.start(db.engine(), new ServerOptions("127.0.0.1", 0, ServerOptions.Authentication.TRUST, 20, null));
      List<WireClient> clients = new ArrayList<>();
      try (WireClient observer = WireClient.ready(server.port())) {
        for (int i = 0; i < 4; i++) {
          WireClient client = WireClient.ready(server.port());
          clients.add(client);
          if (i % 2 == 0) {
            client.send('P', "", "SELECT pg_sleep(30)", (short) 0);
            client.bindAndExecute("", 0);
            client.send('S');
          } else {
            client.send('Q', "BEGIN; SELECT pg_sleep(30)");
          }
        }
        while (!observer.query(SLEEPERS).equals("TDCZ")) {
          Thread.onSpinWait();
        }
        clients.add(WireClient.ready(server.port()));
        server.close(TimeUnit.MILLISECONDS.toNanos(50));
        for (WireClient client : clients) {
          WireClient.Reply error = client.readError();
          assertEquals("57P01", error.field('C'));
          assertEquals("FATAL", error.field('V'));
          client.assertClosed();
        }
      } finally {
        for (WireClient client : clients) {
          client.close();
        }
      }
    }
  }
}
