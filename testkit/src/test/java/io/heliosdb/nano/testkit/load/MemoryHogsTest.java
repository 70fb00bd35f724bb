package io.heliosdb.nano.testkit.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server process with a small heap under greedy sessions. Longer: `-Dhogs.sessions=100 -Dhogs.seconds=120 -Dhogs.heap=512m`.
class MemoryHogsTest {
  @TempDir Path directory;

  @Test
  @Timeout(600)
  void greedy_sessions_are_refused_and_short_statements_go_on() throws Exception {
    MemoryHogs.Outcome outcome = MemoryHogs.run(
        Integer.getInteger("hogs.sessions", 8), Integer.getInteger("hogs.seconds", 5), System.getProperty("hogs.heap", "256m"), directory);
    assertEquals(List.of(), outcome.failures());
    assertTrue(outcome.refused().containsKey("53200"), outcome::toString);
    assertTrue(outcome.shortStatements() > 50, outcome::toString);
    System.out.println(outcome);
  }
}
