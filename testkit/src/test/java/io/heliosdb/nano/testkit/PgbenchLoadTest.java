package io.heliosdb.nano.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// pgbench fills a durable database with foreign keys and runs its TPC-B-like load in all three protocol modes; the sums of all four
/// tables agree afterwards, also after the database has been opened anew. `-Dpgbench.seconds` makes each mode last longer (2).
@Timeout(900)
class PgbenchLoadTest {
  private static final int CLIENTS = 4;

  @Test
  void balances_agree_after_every_protocol_mode(@TempDir Path directory) throws Exception {
    Path pgbench = PostgresPrograms.require("pgbench");
    int seconds = Integer.getInteger("pgbench.seconds", 2);
    long transactions = 0;
    try (EmbeddedDatabase db = EmbeddedDatabase.open(directory.resolve("db"));
        var server = db.startServer(0)) {
      PostgresPrograms.run(pgbench, server.port(), "-i", "-s", "1", "--foreign-keys", "-q", "heliosdb");
      assertEquals(100_000L, db.queryOne("SELECT count(*) FROM pgbench_accounts", Long.class));
      assertEquals(5L, db.queryOne("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text LIKE 'pgbench%'", Long.class));
      for (String mode : new String[] {"simple", "extended", "prepared"}) {
        // -n: no vacuum, which would also empty the history table.
        String report =
            PostgresPrograms.run(pgbench, server.port(), "-n", "-M", mode, "-c", Integer.toString(CLIENTS), "-j", "2", "-T", Integer.toString(seconds), "heliosdb");
        assertTrue(report.contains("number of failed transactions: 0 "), report);
        long processed = Long.parseLong(report.replaceAll("(?s).*actually processed: (\\d+).*", "$1"));
        assertTrue(processed > CLIENTS, report);
        transactions += processed;
        assertBalanced(db, transactions);
      }
      PostgresPrograms.run(pgbench, server.port(), "-n", "-S", "-M", "prepared", "-c", Integer.toString(CLIENTS), "-t", "200", "heliosdb");
    }
    try (EmbeddedDatabase again = EmbeddedDatabase.open(directory.resolve("db"))) {
      assertBalanced(again, transactions);
    }
  }

  private static void assertBalanced(EmbeddedDatabase db, long transactions) {
    assertEquals(transactions, db.queryOne("SELECT count(*) FROM pgbench_history", Long.class));
    Long expected = db.queryOne("SELECT sum(delta) FROM pgbench_history", Long.class);
    assertEquals(expected, db.queryOne("SELECT sum(abalance) FROM pgbench_accounts", Long.class));
    assertEquals(expected, db.queryOne("SELECT sum(tbalance) FROM pgbench_tellers", Long.class));
    assertEquals(expected, db.queryOne("SELECT sum(bbalance) FROM pgbench_branches", Long.class));
    assertEquals(0L, db.queryOne(
        "SELECT count(*) FROM pgbench_tellers t LEFT JOIN (SELECT tid, sum(delta) AS d FROM pgbench_history GROUP BY tid) h USING (tid) WHERE tbalance <> coalesce(d, 0)", Long.class));
  }
}
