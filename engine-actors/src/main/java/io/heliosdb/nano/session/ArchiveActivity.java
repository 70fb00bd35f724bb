package io.heliosdb.nano.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The dumps and restores of a database: those that run (`pg_stat_progress_dump`) and how the last ones ended (`heliosdb_dumps`). Outcomes are
/// kept since the database was opened, the newest 100. Thread-safe.
public final class ArchiveActivity {
  private static final int OUTCOMES_MAX = 100;

  /// How a dump or restore ended. Times in microseconds since 2000-01-01 UTC.
  ///
  /// @param command `dump` or `restore`
  /// @param scn the last commit that is in the dump, 0 for a restore
  /// @param error null when it succeeded
  public record Outcome(
      long id, String command, String path, boolean incremental, long startedMicros, long endedMicros, int tables, long rows, long rawBytes, long storedBytes,
      long scn, @Nullable String error) {}

  /// How far one is.
  public record Progress(
      long id, String command, String path, long startedMicros, String phase, String table, int tablesDone, int tablesTotal, long rows, long rowsTotal, long bytes) {}

  private final AtomicLong ids = new AtomicLong();
  private final Map<Long, Progress> running = new ConcurrentHashMap<>();
  private final Deque<Outcome> outcomes = new ArrayDeque<>();
  private final LongSupplier clock;

  ArchiveActivity(LongSupplier clock) {
    this.clock = clock;
  }

  /// Enters one that begins; gives its id.
  public long begin(String command, String path) {
    long id = ids.incrementAndGet();
    running.put(id, new Progress(id, command, path, clock.getAsLong(), "starting", "", 0, 0, 0, 0, 0));
    return id;
  }

  public void progress(long id, String phase, String table, int tablesDone, int tablesTotal, long rows, long rowsTotal, long bytes) {
    running.computeIfPresent(id, (key, p) -> new Progress(id, p.command, p.path, p.startedMicros, phase, table, tablesDone, tablesTotal, rows, rowsTotal, bytes));
  }

  /// Enters the end of one.
  public void end(long id, boolean incremental, int tables, long rows, long rawBytes, long storedBytes, long scn, @Nullable String error) {
    Progress p = running.remove(id);
    if (p == null) {
      return;
    }
    synchronized (outcomes) {
      outcomes.addLast(new Outcome(id, p.command, p.path, incremental, p.startedMicros, clock.getAsLong(), tables, rows, rawBytes, storedBytes, scn, error));
      if (outcomes.size() > OUTCOMES_MAX) {
        outcomes.removeFirst();
      }
    }
  }

  public List<Progress> running() {
    return List.copyOf(running.values());
  }

  /// Oldest first.
  public List<Outcome> outcomes() {
    synchronized (outcomes) {
      return new ArrayList<>(outcomes);
    }
  }

  /// The last commit that is in a dump that succeeded, 0 when there was none.
  public long dumpedScn() {
    synchronized (outcomes) {
      return outcomes.stream().filter(o -> o.error() == null && o.command().equals("dump")).mapToLong(Outcome::scn).max().orElse(0);
    }
  }

  long nowMicros() {
    return clock.getAsLong();
  }
}
