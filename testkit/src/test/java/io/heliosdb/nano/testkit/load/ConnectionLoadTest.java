package io.heliosdb.nano.testkit.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// More connections than threads could work at once. Longer: `-Dconnections.idle=1000 -Dconnections.busy=200 -Dconnections.seconds=600`.
class ConnectionLoadTest {
  @TempDir Path directory;

  @Test
  @Timeout(900)
  void idle_connections_cost_no_statement_its_answer() throws Exception {
    int busy = Integer.getInteger("connections.busy", 20);
    ConnectionLoad.Outcome outcome = ConnectionLoad.run(
        Integer.getInteger("connections.idle", 200), busy, Integer.getInteger("connections.seconds", 3), directory);
    System.out.println(outcome);
    assertEquals(List.of(), outcome.failures());
    assertTrue(outcome.transactions() > 10L * busy, outcome::toString);
  }
}
