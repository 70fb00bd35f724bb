package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.BulkLoad;
import io.heliosdb.nano.storage.CommitOutcome;
import io.heliosdb.nano.storage.CommitUnit;
import io.heliosdb.nano.storage.CounterKey;
import io.heliosdb.nano.storage.CounterWrite;
import io.heliosdb.nano.storage.StoreOptions;
import io.heliosdb.nano.storage.lmdb.LmdbException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Changes one environment: groups of commits and small transactions, each in the redo log before it is in the environment.
///
/// Numbered invariants:
/// 1. At most one write transaction, under `writeLock`, begun and ended on one platform thread that waits for nothing
///    but the redo log between.
/// 2. `publication.appliedScn` is the newest SCN in the environment, when nobody holds the write lock.
/// 3. `scnCeiling` is at least the newest SCN in the environment, at any moment.
final class StoreWriter {
  private static final int EIO = 5;

  private final StoreEngine engine;
  private final StoreOptions options;
  private final ReentrantLock writeLock;
  private final Counters counters;
  private final OverlayKeys overlayKeys;
  private final Publication publication = new Publication();

  /// A larger group is not copied into the log.
  private final long groupBytesMax;

  private final boolean isBulkLogged;
  private WriteTransaction txn;
  private LargeValues largeValues = new LargeValues(1);
  private UnitWriter unitWriter;
  private volatile long scnCeiling;
  private long lastTimeMicros;

  StoreWriter(StoreEngine engine, StoreOptions options, ReentrantLock writeLock, @Nullable RecoveryFiles recovery) {
    this.engine = engine;
    this.options = options;
    this.writeLock = writeLock;
    counters = new Counters(engine);
    overlayKeys = new OverlayKeys(engine);
    groupBytesMax = recovery == null ? 0 : recovery.groupBytesMax();
    isBulkLogged = recovery != null && recovery.isBulkLogged();
    txn = new WriteTransaction(engine);
    unitWriter = new UnitWriter(txn, largeValues, overlayKeys);
  }

  /// Goes on behind the newest commit in the environment.
  ///
  /// @param firstLargeId the number of the next large value
  void resume(long newestScn, long timeMicros, long firstLargeId) {
    lastTimeMicros = timeMicros;
    scnCeiling = newestScn;
    publication.restart(newestScn);
    largeValues = new LargeValues(firstLargeId);
    unitWriter = new UnitWriter(txn, largeValues, overlayKeys);
  }

  /// Goes on in the engine's new environment, which has the same content.
  void changeEnvironment() {
    txn = new WriteTransaction(engine);
    unitWriter = new UnitWriter(txn, largeValues, overlayKeys);
  }

  Publication publication() {
    return publication;
  }

  Counters counters() {
    return counters;
  }

  OverlayKeys overlayKeys() {
    return overlayKeys;
  }

  long scnCeiling() {
    return scnCeiling;
  }

  /// Runs a task that has a write transaction: under the lock, and never on a virtual thread, which could move to another
  /// platform thread in the middle.
  <T> T writing(Supplier<T> task) {
    if (Thread.currentThread().isVirtual()) {
      CompletableFuture<T> result = new CompletableFuture<>();
      Thread.ofPlatform()
          .daemon()
          .name("heliosdb-writer")
          .start(
              () -> {
                try {
                  result.complete(writing(task));
                } catch (Throwable t) {
                  result.completeExceptionally(t);
                }
              });
      try {
        return result.join();
      } catch (CompletionException e) {
        throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
      }
    }
    writeLock.lock();
    try {
      engine.checkUsable();
      return task.get();
    } finally {
      writeLock.unlock();
    }
  }

  List<CommitOutcome> commit(List<CommitUnit> group, boolean sync) {
    try {
      List<CommitOutcome> outcomes = apply(group, sync);
      if (publication.visibleScn() < publication.appliedScn() && outcomes.stream().anyMatch(CommitOutcome.Committed.class::isInstance)) {
        engine.sync();
      }
      return outcomes;
    } catch (SqlException unusable) {
      return group.stream().<CommitOutcome>map(unit -> new CommitOutcome.Failed(unusable)).toList();
    }
  }

  List<CommitOutcome> apply(List<CommitUnit> group, boolean sync) {
    return writing(() -> applyUnderLock(group, sync && options.sync()));
  }

  private List<CommitOutcome> applyUnderLock(List<CommitUnit> group, boolean sync) {
    List<CommitOutcome> outcomes = new ArrayList<>(group.size());
    try {
      applyTogether(group, sync, outcomes);
      return outcomes;
    } catch (SqlException e) {
      outcomes.clear();
      if (group.size() == 1) {
        outcomes.add(new CommitOutcome.Failed(e));
        return outcomes;
      }
    }
    for (CommitUnit unit : group) {
      SqlException failed = engine.failure();
      if (failed != null) {
        outcomes.add(new CommitOutcome.Failed(failed));
      } else {
        outcomes.addAll(applyUnderLock(List.of(unit), sync));
      }
    }
    return outcomes;
  }

  /// One LMDB transaction for all units; a [SqlException] means that none of them left a trace.
  ///
  /// Its record is in the log before; whether it is on the device as well is for [#force].
  private void applyTogether(List<CommitUnit> group, boolean sync, List<CommitOutcome> outcomes) {
    boolean logs = engine.checkpointer() != null && isLoggable(group);
    long firstScn = publication.appliedScn() + 1;
    long[] times = timesFor(group.size());
    boolean committed = false;
    begin();
    LoggedChange change = null;
    try {
      List<CounterWrite> horizons = counters.moveHorizons(txn);
      if (!logs && engine.checkpointer() != null) {
        engine.checkpointer().reserveRoom();
      }
      if (logs) {
        long firstLargeId = largeValues.nextId();
        change =
            log(log -> LoggedChange.start(
                log, (buffer, number) -> RedoRecord.encodeGroup(buffer, number, firstScn, firstLargeId, times, group, horizons)));
      }
      applyAll(group, firstScn, times);
      scnCeiling = Math.max(scnCeiling, firstScn + group.size() - 1);
      end();
      committed = true;
    } catch (LmdbException e) {
      throw translated(e);
    } catch (SqlException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new SqlException(SqlState.INTERNAL_ERROR, "commit failed: " + e, e);
    } finally {
      txn.abort();
      counters.horizonsMoved(committed);
      if (!committed && change != null) {
        takeBack(change, sync);
      }
    }
    largeValues.persisted();
    publication.applied(firstScn + times.length - 1, engine.checkpointer() != null && (sync || !logs));
    if (engine.checkpointer() != null) {
      if (logs) {
        engine.checkpointer().committed();
      } else {
        checkpointUnlogged();
      }
    }
    for (int i = 0; i < times.length; i++) {
      outcomes.add(new CommitOutcome.Committed(firstScn + i, times[i]));
    }
    lastTimeMicros = times[times.length - 1];
  }

  /// Flushes what was applied before and makes it visible; commits go on meanwhile. On a thread that nobody interrupts.
  void force() {
    long scn = publication.appliedScn();
    Checkpointer logging = engine.checkpointer();
    if (logging != null) {
      try {
        logging.redoLog().forceHere();
      } catch (IOException e) {
        throw engine.failure() != null ? engine.failure() : engine.fail("could not flush the redo log", e);
      }
    }
    publication.flushed(scn);
  }

  /// The group is in the environment but in no log: without the checkpoint it would be lost by a crash, though everybody sees it.
  private void checkpointUnlogged() {
    long scn = publication.appliedScn();
    try {
      engine.checkpointer().checkpoint();
      publication.flushed(scn);
    } catch (SqlException e) {
      throw engine.failure() != null ? engine.failure() : engine.fail("could not make a checkpoint", e);
    }
  }

  /// A group that names bulk loads, whose rows are in no log, or that is very large is followed by a checkpoint instead.
  private boolean isLoggable(List<CommitUnit> group) {
    return (isBulkLogged || group.stream().allMatch(unit -> unit.bulkLoads().isEmpty())) && RedoRecord.fits(group, groupBytesMax);
  }

  private long[] timesFor(int count) {
    long[] times = new long[count];
    long time = lastTimeMicros;
    for (int i = 0; i < count; i++) {
      time = Math.max(options.clock().nowMicros(), time == Long.MIN_VALUE ? time : time + 1);
      times[i] = time;
    }
    return times;
  }

  private void applyAll(List<CommitUnit> units, long firstScn, long[] times) {
    for (int i = 0; i < times.length; i++) {
      unitWriter.apply(units.get(i), firstScn + i, times[i]);
    }
    largeValues.persist(txn);
  }

  /// Carries records of the log out again, in one transaction. While the store opens.
  void redo(List<RedoRecord> records) {
    Replay replay = new Replay(txn, unitWriter, largeValues, overlayKeys, publication.visibleScn(), lastTimeMicros);
    try {
      txn.begin(0);
      records.forEach(replay::apply);
      txn.commit();
    } catch (LmdbException e) {
      throw translated(e);
    } finally {
      txn.abort();
    }
    largeValues.persisted();
    scnCeiling = replay.scn();
    lastTimeMicros = replay.timeMicros();
    publication.restart(replay.scn());
  }

  private void begin() {
    try {
      if (engine.checkpointer() != null) {
        engine.checkpointer().ensureStarted();
      }
      txn.begin(0);
    } catch (LmdbException e) {
      throw e.isFull() ? translated(e) : engine.fail("could not begin a write transaction", e);
    }
  }

  /// Writes a record to the log. Out of space is the transaction's failure; anything else may leave the device in a state that nobody
  /// knows: it ends the store.
  private LoggedChange log(LoggedChange.Start start) {
    try {
      return start.start(engine.checkpointer().redoLog());
    } catch (IOException e) {
      if (StoreFailure.isDeviceFull(engine.directory())) {
        throw StoreFailure.deviceFull("the redo log", e);
      }
      throw engine.fail("could not write to the redo log", e);
    }
  }

  /// Commits the running transaction; failures as of [#log].
  private void end() {
    try {
      txn.commit();
    } catch (LmdbException e) {
      if (e.isFull() || (e.code() == EIO && (engine.isUnnamed() || StoreFailure.isDeviceFull(engine.directory())))) {
        throw isMemoryFull(e) ? StoreFailure.memoryFull(e) : StoreFailure.deviceFull("the data file", e);
      }
      throw engine.fail("could not write to the data file", e);
    }
  }

  /// Says in the log that what it has last did not happen.
  private void takeBack(LoggedChange change, boolean force) {
    if (engine.failure() == null) {
      try {
        change.takeBack(force);
      } catch (IOException e) {
        engine.fail("could not write to the redo log", e);
      }
    }
  }

  private boolean isMemoryFull(LmdbException e) {
    return options.encryption() != null && e.isFull();
  }

  private SqlException translated(LmdbException e) {
    return isMemoryFull(e) ? StoreFailure.memoryFull(e) : StoreFailure.translate(e);
  }

  /// Runs a small transaction of its own that is not logged: it must be of a kind that a crash may undo. It is durable with the next
  /// checkpoint.
  void transact(Runnable body) {
    writing(
        () -> {
          transactUnderLock(body, null, false);
          return null;
        });
  }

  /// @param force whether the record is to be on the device before the change is made
  private void transactUnderLock(Runnable body, LoggedChange.@Nullable Start logging, boolean force) {
    begin();
    LoggedChange change = null;
    boolean committed = false;
    try {
      change = logging == null || engine.checkpointer() == null ? null : log(logging);
      body.run();
      if (force && change != null) {
        forceLog();
      }
      end();
      committed = true;
    } catch (LmdbException e) {
      throw translated(e);
    } finally {
      txn.abort();
      if (!committed && change != null) {
        takeBack(change, force);
      }
    }
    if (engine.checkpointer() != null) {
      engine.checkpointer().committed();
    }
  }

  /// Flushes the log and makes visible what waited for it. Under the write lock.
  void forceLog() {
    long scn = publication.appliedScn();
    try {
      engine.checkpointer().redoLog().force();
    } catch (IOException e) {
      throw engine.failure() != null ? engine.failure() : engine.fail("could not flush the redo log", e);
    }
    publication.flushed(scn);
  }

  void persistCounter(CounterKey key, long value) {
    writeCounter(CounterWrite.set(key, value), false);
  }

  void writeCounter(CounterWrite write, boolean sync) {
    List<CounterWrite> writes = List.of(write);
    boolean force = sync && options.sync();
    writing(
        () -> {
          transactUnderLock(
              () -> txn.applyCounters(writes),
              log -> LoggedChange.start(log, (buffer, number) -> RedoRecord.encodeCounters(buffer, number, writes)),
              force);
          return null;
        });
  }

  /// For the body of [#transact] only.
  WriteTransaction transaction() {
    return txn;
  }

  /// Writes one slice of a bulk load.
  void writeSlice(BulkSlice.Content content) {
    writing(
        () -> {
          long firstLargeId = largeValues.nextId();
          transactUnderLock(
              () -> new BulkSlice(txn, largeValues, overlayKeys).write(content),
              isBulkLogged
                  ? log -> LoggedChange.start(log, (buffer, number) -> RedoRecord.encodeSlice(buffer, number, firstLargeId, content))
                  : null,
              false);
          largeValues.persisted();
          return null;
        });
  }

  /// Says what is to be removed of a bulk load; where those are logged, the log says so too.
  void beginRemoval(BulkLoad load, Consumer<List<BulkLoads.Target>> targets) {
    writing(
        () -> {
          transactUnderLock(
              () -> targets.accept(BulkLoads.targets(txn, load)),
              isBulkLogged ? log -> LoggedChange.start(log, (buffer, number) -> RedoRecord.encodeLoadRemoved(buffer, number, load)) : null,
              false);
          return null;
        });
  }

  void settle() {
    if (counters.isEmpty() || Thread.currentThread().isVirtual()) {
      // Skipping numbers is allowed; a write transaction on a virtual thread is not.
      return;
    }
    try {
      transactUnderLock(() -> counters.settle(txn), null, false);
    } catch (LmdbException | SqlException e) {
      // Everything acknowledged is durable already; the counters skip some numbers after the next start.
      System.getLogger(StoreWriter.class.getName()).log(System.Logger.Level.WARNING, "could not settle counters at close", e);
    }
  }
}
