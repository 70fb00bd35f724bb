package io.heliosdb.nano.txn;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.storage.StoreOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Many random histories per isolation level (`-Dhistories=N`); see [RandomHistory] for what is checked. A failure names the seed, `-Dseed=N`
/// replays it.
final class HistoryTest {
  private static final int HISTORIES = Integer.getInteger("histories", 20);

  @ParameterizedTest
  @EnumSource(names = {"READ_COMMITTED", "REPEATABLE_READ", "SERIALIZABLE"})
  void random_histories_obey_their_isolation_level(IsolationLevel tested) {
    Long replayed = Long.getLong("seed");
    int failureCount = 0;
    for (long seed = replayed == null ? 1 : replayed; seed <= (replayed == null ? HISTORIES : replayed); seed++) {
      try (EngineSystem fresh = EngineSystem.open(new EngineOptions(StoreOptions.inMemory()))) {
        RandomHistory history = new RandomHistory(seed, tested, fresh);
        try {
          history.run();
          history.check();
        } catch (Throwable t) {
          throw new AssertionError("seed " + seed + " at " + tested + ": " + t, t);
        }
        failureCount += history.failures();
      }
    }
    assertTrue(failureCount > 0 || tested == IsolationLevel.READ_COMMITTED || replayed != null, "histories without a conflict prove nothing");
  }
}
