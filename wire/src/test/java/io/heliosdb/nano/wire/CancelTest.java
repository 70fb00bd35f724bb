package io.heliosdb.nano.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// CancelRequest while many clients are busy in many ways: the one that is meant ends with 57014 and goes on, nobody else notices.
/// `-Dwire.port=…` asks another server (user `postgres`, database `heliosdb`).
@Timeout(120)
class CancelTest {
  /// What a client may be at when it is cancelled; each would take far longer than the test.
  private static final String[] BUSY = {
    "SELECT pg_sleep(300)",
    "SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b WHERE a + b < 0",
    "SELECT sum(a) FROM generate_series(1, 1000000000000) a",
    "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r",
    "DO $$ BEGIN LOOP PERFORM 1; END LOOP; END $$",
    "UPDATE cancelled SET a = a + 1 WHERE a = 1",
    "LOCK TABLE cancelled IN ACCESS EXCLUSIVE MODE",
    "SELECT pg_advisory_lock(4711)",
    "COPY (SELECT a FROM generate_series(1, 1000000000000) a WHERE a < 0) TO STDOUT",
    "INSERT INTO cancelled SELECT a + 10 FROM generate_series(1, 1000000000000) a WHERE a < 0",
    "SELECT a FROM generate_series(1, 3000000) a ORDER BY md5(a::text) OFFSET 2999999",
    "COPY cancelled FROM STDIN",
  };

  private static EmbeddedDatabase db;
  private static PgServer server;
  private static int port;

  @BeforeAll
  static void start() throws IOException {
    db = EmbeddedDatabase.newInMemory();
    server = PgServer.start(db.engine(), ServerOptions.localTrust(0));
    port = Integer.getInteger("wire.port", server.port());
    try (WireClient c = WireClient.ready(port)) {
      c.query("DROP TABLE IF EXISTS cancelled");
      assertEquals("CCZ", c.query("CREATE TABLE cancelled (a bigint PRIMARY KEY); INSERT INTO cancelled VALUES (1), (2)"));
    }
  }

  @AfterAll
  static void stop() {
    server.close();
    db.close();
  }

  private record Victim(WireClient client, String sql, boolean extended) {
    boolean copies() {
      return sql.endsWith("FROM STDIN");
    }

    void begin() throws IOException {
      client.query("BEGIN");
      if (extended) {
        client.send('P', "", sql, (short) 0);
        client.bindAndExecute("", 0);
        client.send('S');
      } else {
        client.send('Q', sql);
      }
    }

    /// A server may notice the cancellation of a COPY only when data comes.
    void feed() throws IOException {
      if (copies()) {
        client.send('d', "3\n".getBytes(StandardCharsets.UTF_8));
        client.send('c');
      }
    }
  }

  /// Waits until all victims are at work, or wait for their locks or for data.
  private static void awaitBusy(WireClient administrator, List<Victim> victims) throws IOException {
    String pids = String.join(", ", victims.stream().map(v -> String.valueOf(v.client().pid)).toList());
    String all = "SELECT 1 / (count(*) / " + victims.size() + ") FROM pg_stat_activity WHERE state = 'active' AND query <> 'BEGIN' AND pid IN (" + pids + ")";
    while (!administrator.query(all).equals("TDCZ")) {
      Thread.onSpinWait();
    }
  }

  @Test
  void only_the_one_that_is_meant_is_cancelled() throws IOException {
    long seed = Long.getLong("cancel.seed", 1);
    Random random = new Random(seed);
    try (WireClient holder = WireClient.ready(port); WireClient administrator = WireClient.ready(port)) {
      holder.query("BEGIN");
      holder.query("UPDATE cancelled SET a = a WHERE a = 1");
      holder.query("SELECT pg_advisory_lock(4711)");
      List<Victim> victims = new ArrayList<>();
      try {
        for (int i = 0; i < BUSY.length; i++) {
          victims.add(new Victim(WireClient.ready(port), BUSY[i], i % 2 == 1));
          victims.getLast().begin();
          awaitBusy(administrator, victims);
        }
        List<Victim> order = new ArrayList<>(victims);
        Collections.shuffle(order, random);
        for (Victim victim : order) {
          // A wrong key does nothing.
          victim.client().requestCancel(victim.client().secret + 1);
          victim.client().requestCancel(victim.client().secret);
          victim.feed();
          WireClient.Reply error = victim.client().readError();
          assertEquals("57014", error.field('C'), victim.sql());
          assertEquals("canceling statement due to user request", error.field('M'), victim.sql());
          assertEquals("Z[E]", victim.client().readUntilReady(), victim.sql());
          assertEquals("CZ", victim.client().query("ROLLBACK"), victim.sql());
          assertEquals("TDCZ", victim.client().query("SELECT 1"), victim.sql());
          victims.remove(victim);
          if (!victims.isEmpty()) {
            // The others are still at it.
            awaitBusy(administrator, victims);
          }
          victim.client().close();
        }
        assertEquals("CZ[T]", holder.query("UPDATE cancelled SET a = a WHERE a = 2"));
        assertEquals("CZ", holder.query("COMMIT"));
        assertEquals("TDCZ", administrator.query("SELECT 1 / (count(*) - 1) FROM cancelled"));
      } finally {
        for (Victim victim : victims) {
          victim.client().requestCancel(victim.client().secret);
          victim.client().socket.close();
        }
      }
    }
  }

  @Test
  void storm_of_cancels_hits_one_session_only() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService threads = Executors.newCachedThreadPool(); WireClient target = WireClient.ready(port)) {
      List<Future<Integer>> bystanders = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        bystanders.add(
            threads.submit(
                () -> {
                  int rounds = 0;
                  try (WireClient c = WireClient.ready(port)) {
                    while (!over.get()) {
                      assertEquals("TDCZ", c.query("SELECT count(*) FROM generate_series(1, 2000)"));
                      c.send('P', "", "SELECT sum(a) FROM generate_series(1, 2000) a", (short) 0);
                      c.bindAndExecute("", 0);
                      c.send('S');
                      assertEquals("12DCZ", c.readUntilReady());
                      rounds++;
                    }
                  }
                  return rounds;
                }));
      }
      try {
        for (int round = 0; round < 60; round++) {
          target.send('Q', "SELECT count(*) FROM generate_series(1, 20000)");
          target.requestCancel(target.secret);
          String answer = target.readUntilReady();
          // Too late, or in time, perhaps with a part of the result on its way already.
          assertTrue(answer.equals("TDCZ") || answer.matches("(TD?)?E\\[57014]Z"), answer);
        }
      } finally {
        over.set(true);
      }
      for (Future<Integer> bystander : bystanders) {
        assertTrue(bystander.get() > 0);
      }
      assertTrue(target.query("SELECT 1").endsWith("Z"));
      assertEquals("TDCZ", target.query("SELECT 1"), () -> "after the last cancel");
    }
  }
}
