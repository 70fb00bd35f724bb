package io.heliosdb.nano.txn;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.storage.StoreOptions;
import io.heliosdb.nano.storage.internal.StoreHandle;
import java.nio.file.Path;
import java.util.function.LongToIntFunction;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Many random histories per isolation level (`-Dhistories=N`); see [RandomHistory] for what is checked. A failure names the seed, `-Dseed=N`
/// replays it.
final class HistoryTest {
  private static final int HISTORIES = Integer.getInteger("histories", 20);

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(names = {"READ_COMMITTED", "REPEATABLE_READ", "SERIALIZABLE"})
  void random_histories_obey_their_isolation_level(IsolationLevel tested) {
    run(tested, seed -> {
      try (EngineSystem fresh = EngineSystem.open(new EngineOptions(StoreOptions.inMemory()))) {
        return run(seed, new RandomHistory(seed, tested, fresh, null));
      }
    });
  }

  @ParameterizedTest
  @EnumSource(names = {"READ_COMMITTED", "REPEATABLE_READ", "SERIALIZABLE"})
  void histories_with_commits_on_their_way_to_the_device_obey_too(IsolationLevel tested) {
    run(tested, seed -> {
      SlowDevice device = new SlowDevice();
      StoreOptions options = StoreOptions.onDisk(directory.resolve(tested + "-" + seed));
      try (StoreHandle store = StoreHandle.open(options, device);
          EngineSystem fresh = EngineSystem.open(new EngineOptions(options))) {
        fresh.actorSystem();
        return run(seed, new RandomHistory(seed, tested, fresh, device));
      }
    });
  }

  private static int run(long seed, RandomHistory history) {
    history.run();
    history.check();
    return history.failures();
  }

  private static void run(IsolationLevel tested, LongToIntFunction oneHistory) {
    Long replayed = Long.getLong("seed");
    int failureCount = 0;
    for (long seed = replayed == null ? 1 : replayed; seed <= (replayed == null ? HISTORIES : replayed); seed++) {
      try {
        failureCount += oneHistory.applyAsInt(seed);
      } catch (Throwable t) {
        throw new AssertionError("seed " + seed + " at " + tested + ": " + t, t);
      }
    }
    assertTrue(failureCount > 0 || tested == IsolationLevel.READ_COMMITTED || replayed != null, "histories without a conflict prove nothing");
  }
}
