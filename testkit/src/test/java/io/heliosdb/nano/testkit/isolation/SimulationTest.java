package io.heliosdb.nano.testkit.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.testkit.isolation.ListAppendChecker.Anomaly;
import io.heliosdb.nano.testkit.isolation.ListAppendChecker.Level;
import io.heliosdb.nano.testkit.isolation.ListAppendHistory.Append;
import io.heliosdb.nano.testkit.isolation.ListAppendHistory.Operation;
import io.heliosdb.nano.testkit.isolation.ListAppendHistory.Read;
import io.heliosdb.nano.testkit.isolation.ListAppendHistory.Transaction;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Random SQL transactions show no anomaly that their isolation level forbids; the seed decides the whole history.
/// `-Dsimulation.histories=N` (12) for more, `-Dsimulation.seed=S` to replay one. And the checker finds the anomalies it looks for.
class SimulationTest {
  private static Transaction transaction(int id, boolean commits, Operation... operations) {
    Transaction transaction = new Transaction(id);
    for (Operation operation : operations) {
      transaction.add(operation);
    }
    if (commits) {
      transaction.committed();
    }
    return transaction;
  }

  private static Set<Anomaly> found(Map<Integer, List<Integer>> finalLists, Transaction... transactions) {
    return ListAppendChecker.anomalies(new ListAppendHistory(List.of(transactions), finalLists), Level.SERIALIZABLE).keySet();
  }

  private static Append append(int key, int value) {
    return new Append(key, value);
  }

  private static Read read(int key, Integer... values) {
    return new Read(key, List.of(values));
  }

  @Test
  void the_checker_finds_what_it_looks_for() {
    assertEquals(Set.of(), found(Map.of(1, List.of(1, 2)), transaction(1, true, append(1, 1)), transaction(2, true, read(1, 1), append(1, 2), read(1, 1, 2))));
    assertEquals(Set.of(Anomaly.INTERNAL), found(Map.of(1, List.of(1)), transaction(1, true, append(1, 1), read(1))));
    assertEquals(Set.of(Anomaly.LOST_UPDATE), found(Map.of(1, List.of(2)), transaction(1, true, append(1, 1)), transaction(2, true, append(1, 2))));
    assertEquals(Set.of(Anomaly.G1A), found(Map.of(), transaction(1, false, append(1, 1)), transaction(2, false, read(1, 1))));
    assertTrue(found(Map.of(1, List.of(1, 2)), transaction(1, true, append(1, 1), append(1, 2)), transaction(2, true, read(1, 1))).contains(Anomaly.G1B));
    assertTrue(
        found(Map.of(1, List.of(1, 2), 2, List.of(20, 10)), transaction(1, true, append(1, 1), append(2, 10)), transaction(2, true, append(1, 2), append(2, 20)))
            .contains(Anomaly.G0));
    assertTrue(
        found(Map.of(1, List.of(1), 2, List.of(2)), transaction(1, true, append(1, 1), read(2, 2)), transaction(2, true, append(2, 2), read(1, 1)))
            .contains(Anomaly.G1C));
    assertEquals(
        Set.of(Anomaly.G_SINGLE),
        found(Map.of(1, List.of(1), 2, List.of(2)), transaction(1, true, read(1), read(2, 2)), transaction(2, true, append(1, 1), append(2, 2))));
    assertEquals(
        Set.of(Anomaly.G2),
        found(Map.of(1, List.of(1), 2, List.of(2)), transaction(1, true, read(1), append(2, 2)), transaction(2, true, read(2), append(1, 1))));
  }

  @ParameterizedTest
  @EnumSource
  void histories_obey_their_level(Level level) throws IOException {
    Long replayed = Long.getLong("simulation.seed");
    long first = replayed == null ? 1 : replayed;
    long last = replayed == null ? Integer.getInteger("simulation.histories", 12) : replayed;
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory();
        var server = db.startServer(0);
        ListAppendSimulation simulation = new ListAppendSimulation(new ServerTarget("127.0.0.1", server.port(), "postgres", "heliosdb"))) {
      for (long seed = first; seed <= last; seed++) {
        ListAppendHistory history = simulation.run(seed, level);
        assertEquals(Map.of(), ListAppendChecker.violations(history, level), "simulation.seed=" + seed + " at " + level);
        assertTrue(history.transactions().stream().anyMatch(Transaction::isCommitted), "nothing was committed");
      }
      assertTrue(replayed != null || simulation.refused() > 0, "histories without a conflict prove nothing");
    }
  }
}
