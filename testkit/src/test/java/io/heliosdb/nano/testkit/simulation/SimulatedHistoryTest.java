package io.heliosdb.nano.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.testkit.isolation.ListAppendChecker;
import io.heliosdb.nano.testkit.isolation.ListAppendChecker.Anomaly;
import io.heliosdb.nano.testkit.isolation.ListAppendChecker.Level;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whole databases under a simulated clock and a seeded scheduler: random histories obey their level, end without a lost wake-up or a lock left
/// over, and are the same for the same seed.
/// `-Dsim.histories=N` (40 for each level) for more, `-Dsim.seed=S` to replay one.
class SimulatedHistoryTest {
  private static SimulatedHistory.Outcome run(long seed, Level level) {
    try {
      return SimulatedHistory.run(seed, level);
    } catch (RuntimeException e) {
      throw new AssertionError("sim.seed=" + seed + " at " + level + ": " + e.getMessage(), e);
    }
  }

  @Test
  void the_same_seed_gives_the_same_history() {
    for (Level level : Level.values()) {
      String first = run(11, level).transcript();
      assertEquals(first, run(11, level).transcript());
      assertNotEquals(first, run(12, level).transcript());
    }
  }

  @ParameterizedTest
  @EnumSource
  void histories_obey_their_level(Level level) {
    Long replayed = Long.getLong("sim.seed");
    long first = replayed == null ? 1 : replayed;
    long last = replayed == null ? Integer.getInteger("sim.histories", 40) : replayed;
    Map<String, Integer> failures = new TreeMap<>();
    Set<Anomaly> anomalies = EnumSet.noneOf(Anomaly.class);
    for (long seed = first; seed <= last; seed++) {
      SimulatedHistory.Outcome outcome = run(seed, level);
      assertEquals(Map.of(), ListAppendChecker.violations(outcome.history(), level), "sim.seed=" + seed + " at " + level);
      anomalies.addAll(ListAppendChecker.anomalies(outcome.history(), level).keySet());
      outcome.failures().forEach((state, n) -> failures.merge(state, n, Integer::sum));
    }
    if (replayed == null) {
      // Histories prove something only where sessions get in each other's way: all ways to fail occur, and what a level allows is seen.
      assertTrue(failures.keySet().containsAll(List.of("40P01", "55P03", "57014", "25P03", "57P01", "57P05")), failures::toString);
      assertTrue(level == Level.READ_COMMITTED || failures.containsKey("40001"), failures::toString);
      assertEquals(level == Level.SERIALIZABLE, anomalies.isEmpty(), anomalies::toString);
    }
  }

  @Test
  void a_lost_wake_up_is_reported() {
    SimulatedHost host = new SimulatedHost(1);
    Runnable sleeper = () -> host.park(host, Long.MAX_VALUE);
    SimulatedHost.StuckException stuck = assertThrows(SimulatedHost.StuckException.class, () -> host.run(List.of(sleeper, () -> host.sleep(1_000_000))));
    assertTrue(stuck.getMessage().contains("nobody can run"), stuck::getMessage);
    host.close();
  }

  @Test
  void time_passes_only_in_the_simulation() {
    SimulatedHost host = new SimulatedHost(2);
    StringBuilder order = new StringBuilder();
    long start = System.nanoTime();
    host.run(List.of(
        () -> {
          host.sleep(3_000_000_000_000L);
          order.append('b');
        },
        () -> {
          host.sleep(1_000_000_000_000L);
          order.append('a');
        }));
    host.close();
    assertEquals("ab", order.toString());
    assertTrue(host.nanoTime() >= 3_000_000_000_000L && host.nanoTime() < 3_001_000_000_000L);
    assertFalse(System.nanoTime() - start > 60_000_000_000L);
  }
}
