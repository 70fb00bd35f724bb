package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.BulkLoad;
import io.heliosdb.nano.storage.CommitOutcome;
import io.heliosdb.nano.storage.CommitUnit;
import io.heliosdb.nano.storage.CounterKey;
import io.heliosdb.nano.storage.CounterWrite;
import io.heliosdb.nano.storage.StoreEncryption;
import io.heliosdb.nano.storage.StoreOptions;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import io.heliosdb.nano.storage.lmdb.Environment;
import io.heliosdb.nano.storage.lmdb.LmdbException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One open environment: the writer, durability, life cycle.
///
/// Numbered invariants:
/// 1. At most one write transaction, under `writeLock`, begun and ended on one platform thread that waits for nothing
///    but the redo log between.
/// 2. `appliedScn` is the newest SCN in the environment; `visibleScn` the newest up to which all are as durable as their commits asked for.
/// 3. `scnCeiling` is at least the newest SCN in the environment, at any moment.
/// 4. After `failure` is set no transaction begins; the environment stays mapped until the last reader is returned.
///
/// States: open → failed (a sync or the environment failed: [#fail]) → closed ([#close]); open → closed.
public final class StoreEngine {
  /// How long closing waits for readers in use.
  private static final long CLOSE_WAIT_SECONDS_MAX = 5;

  private static final int EIO = 5;

  private final StoreOptions options;
  private final Durability durability;
  private StoreFiles files;
  private final @Nullable DirectoryLock directoryLock;
  private volatile Environment environment;
  private final int pageBytes;
  private final int[] databases = new int[Tree.COUNT];
  private final ReaderPool readers = new ReaderPool(this, this::lastReaderReturned);
  private final ReentrantLock writeLock = new ReentrantLock();
  private final Counters counters;
  private WriteTransaction txn;
  private final LargeValues largeValues;
  private UnitWriter unitWriter;
  private final OverlayKeys overlayKeys = new OverlayKeys(this);

  /// Null when commits are not logged.
  private volatile @Nullable Checkpointer checkpointer;

  /// A larger group is not copied into the log.
  private final long groupBytesMax;

  private final boolean isBulkLogged;

  private volatile @Nullable SqlException failure;
  private volatile boolean closed;

  /// Closed, but readers were left.
  private volatile boolean closeIsDue;

  private boolean filesClosed;
  private volatile long appliedScn;
  private volatile long visibleScn;
  private volatile long scnCeiling;

  /// The newest SCN whose commit waits for the device, or did. Under `visibility`, as are changes of the visible SCN.
  private long syncScn;
  private final Object visibility = new Object();
  private long lastTimeMicros;

  private StoreEngine(StoreOptions options, Durability durability, StoreFiles files, @Nullable DirectoryLock lock) {
    this.options = options;
    this.durability = durability;
    this.files = files;
    this.directoryLock = lock;
    RecoveryFiles recovery = files.recovery();
    boolean isNew = recovery != null && recovery.isNew();
    environment = DataFile.open(files.environmentDirectory(), options, files.isUnnamed());
    pageBytes = environment.pageBytes();
    checkpointer = recovery != null && files.logs() ? new Checkpointer(this, writeLock, recovery) : null;
    groupBytesMax = recovery == null ? 0 : recovery.groupBytesMax();
    isBulkLogged = recovery != null && recovery.isBulkLogged();
    try {
      if (recovery != null) {
        recovery.opened(environment);
      }
      txn = new WriteTransaction(this);
      if (isNew && checkpointer != null) {
        checkpointer.ensureStarted();
      }
      int version = DataFile.openTrees(txn, databases);
      counters = new Counters(this);
      files.removeNames();
      readNewestScn();
      largeValues = new LargeValues(readCounter(BulkLoads.LARGE_ID).orElse(1));
      unitWriter = new UnitWriter(txn, largeValues, overlayKeys);
      if (recovery != null && files.recovers()) {
        Recovery.run(this, recovery, checkpointer);
      }
      if (version < Format.VERSION) {
        transact(() -> DataFile.putVersion(txn));
      }
      new BulkLoadRemoval(this).removeAll();
    } catch (RuntimeException e) {
      if (checkpointer != null) {
        checkpointer.close(false);
      }
      environment.close();
      throw e;
    }
  }

  private void readNewestScn() {
    try (LmdbReader reader = acquireReader()) {
      long scn = reader.scn();
      lastTimeMicros = scn == 0 ? Long.MIN_VALUE : reader.commitInfo(scn).timeMicros();
      scnCeiling = scn;
      appliedScn = scn;
      visibleScn = scn;
    }
  }

  /// Opens a data directory that this JVM does not have open.
  static StoreEngine openDirectory(StoreOptions options, Path realDirectory, Durability durability) {
    DirectoryLock lock = DirectoryLock.acquire(realDirectory);
    StoreFiles files = null;
    try {
      StoreEncryption encryption = options.encryption();
      files = encryption == null ? StoreFiles.plain(realDirectory, durability, options) : StoreFiles.sealed(realDirectory, durability, encryption);
      StoreEngine engine = new StoreEngine(options, durability, files, lock);
      DataFileCheck.mark(realDirectory);
      return engine;
    } catch (RuntimeException e) {
      if (files != null) {
        files.close();
      }
      lock.close();
      throw e;
    }
  }

  /// Opens a store whose files have no name any more once it is open.
  static StoreEngine openInMemory(StoreOptions options) {
    return new StoreEngine(options, Durability.NONE, StoreFiles.inMemory(), null);
  }

  Environment environment() {
    return environment;
  }

  int pageBytes() {
    return pageBytes;
  }

  int database(Tree tree) {
    return databases[tree.ordinal()];
  }

  long scnCeiling() {
    return scnCeiling;
  }

  long appliedScn() {
    return appliedScn;
  }

  long visibleScn() {
    return visibleScn;
  }

  boolean isUsable() {
    return failure == null && !closed;
  }

  /// Throws what keeps the store from being used, if anything does.
  void checkUsable() {
    if (failure != null) {
      throw failure;
    }
    if (closed) {
      throw StoreFailure.closed();
    }
  }

  boolean isClosed() {
    return closed;
  }

  OverlayKeys overlayKeys() {
    return overlayKeys;
  }

  /// Runs a moment's work while nobody writes, if nobody does now.
  boolean tryUnderWriteLock(Runnable work) {
    if (!writeLock.tryLock()) {
      return false;
    }
    try {
      work.run();
      return true;
    } finally {
      writeLock.unlock();
    }
  }

  LmdbReader acquireReader() {
    return readers.acquire();
  }

  void returnReader(LmdbReader reader) {
    readers.giveBack(reader);
  }

  /// The last reader of a closed store was returned.
  private void lastReaderReturned() {
    if (closeIsDue) {
      writeLock.lock();
      try {
        closeFiles();
      } finally {
        writeLock.unlock();
      }
    }
  }

  /// Runs a task that has a write transaction: under the lock, and never on a virtual thread, which could move to another
  /// platform thread in the middle.
  private <T> T writing(Supplier<T> task) {
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
      checkUsable();
      return task.get();
    } finally {
      writeLock.unlock();
    }
  }

  List<CommitOutcome> commit(List<CommitUnit> group, boolean sync) {
    try {
      List<CommitOutcome> outcomes = apply(group, sync);
      if (visibleScn < appliedScn && outcomes.stream().anyMatch(CommitOutcome.Committed.class::isInstance)) {
        sync();
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
      SqlException failed = failure;
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
    boolean logs = checkpointer != null && isLoggable(group);
    long firstScn = appliedScn + 1;
    long[] times = timesFor(group.size());
    boolean committed = false;
    begin();
    LoggedChange change = null;
    try {
      List<CounterWrite> horizons = counters.moveHorizons(txn);
      if (!logs && checkpointer != null) {
        checkpointer.reserveRoom();
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
    applied(firstScn + times.length - 1, checkpointer != null && (sync || !logs));
    if (checkpointer != null) {
      if (logs) {
        checkpointer.committed();
      } else {
        checkpointUnlogged();
      }
    }
    for (int i = 0; i < times.length; i++) {
      outcomes.add(new CommitOutcome.Committed(firstScn + i, times[i]));
    }
    lastTimeMicros = times[times.length - 1];
  }

  /// @param needsForce whether it is visible only once it is on the device
  private void applied(long scn, boolean needsForce) {
    synchronized (visibility) {
      appliedScn = scn;
      if (needsForce) {
        syncScn = scn;
      }
      publish();
    }
  }

  /// Flushes what was applied before and makes it visible; commits go on meanwhile. On a thread that nobody interrupts.
  void force() {
    long scn = appliedScn;
    Checkpointer logging = checkpointer;
    if (logging != null) {
      try {
        logging.redoLog().forceHere();
      } catch (IOException e) {
        throw failure != null ? failure : fail("could not flush the redo log", e);
      }
    }
    forced(scn);
  }

  private void forced(long scn) {
    synchronized (visibility) {
      visibleScn = Math.max(visibleScn, scn);
      publish();
    }
  }

  /// What needs no flush is visible as soon as nothing before it waits for one.
  private void publish() {
    if (syncScn <= visibleScn) {
      visibleScn = appliedScn;
    }
  }

  /// The group is in the environment but in no log: without the checkpoint it would be lost by a crash, though everybody sees it.
  private void checkpointUnlogged() {
    long scn = appliedScn;
    try {
      checkpointer.checkpoint();
      forced(scn);
    } catch (SqlException e) {
      throw failure != null ? failure : fail("could not make a checkpoint", e);
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
    Replay replay = new Replay(txn, unitWriter, largeValues, overlayKeys, visibleScn, lastTimeMicros);
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
    appliedScn = replay.scn();
    visibleScn = replay.scn();
  }

  private void begin() {
    try {
      if (checkpointer != null) {
        checkpointer.ensureStarted();
      }
      txn.begin(0);
    } catch (LmdbException e) {
      throw e.isFull() ? translated(e) : fail("could not begin a write transaction", e);
    }
  }

  /// Writes a record to the log. Out of space is the transaction's failure; anything else may leave the device in a state that nobody
  /// knows: it ends the store.
  private LoggedChange log(LoggedChange.Start start) {
    try {
      return start.start(checkpointer.redoLog());
    } catch (IOException e) {
      if (StoreFailure.isDeviceFull(files.directory())) {
        throw StoreFailure.deviceFull("the redo log", e);
      }
      throw fail("could not write to the redo log", e);
    }
  }

  /// Commits the running transaction; failures as of [#log].
  private void end() {
    try {
      txn.commit();
    } catch (LmdbException e) {
      if (e.isFull() || (e.code() == EIO && (files.isUnnamed() || StoreFailure.isDeviceFull(files.directory())))) {
        throw isMemoryFull(e) ? StoreFailure.memoryFull(e) : StoreFailure.deviceFull("the data file", e);
      }
      throw fail("could not write to the data file", e);
    }
  }

  /// Says in the log that what it has last did not happen.
  private void takeBack(LoggedChange change, boolean force) {
    if (failure == null) {
      try {
        change.takeBack(force);
      } catch (IOException e) {
        fail("could not write to the redo log", e);
      }
    }
  }

  private boolean isMemoryFull(LmdbException e) {
    return options.encryption() != null && e.isFull();
  }

  private SqlException translated(LmdbException e) {
    return isMemoryFull(e) ? StoreFailure.memoryFull(e) : StoreFailure.translate(e);
  }

  SqlException fail(String what, Exception cause) {
    SqlException fatal =
        new SqlException(SqlState.IO_ERROR, what + ": " + cause.getMessage(), cause)
            .withHint("The database is closed; open it again once the cause is removed.");
    failure = fatal;
    return fatal;
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
      change = logging == null || checkpointer == null ? null : log(logging);
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
    if (checkpointer != null) {
      checkpointer.committed();
    }
  }

  /// Flushes the log and makes visible what waited for it. Under the write lock.
  private void forceLog() {
    long scn = appliedScn;
    try {
      checkpointer.redoLog().force();
    } catch (IOException e) {
      throw failure != null ? failure : fail("could not flush the redo log", e);
    }
    forced(scn);
  }

  OptionalLong readCounter(CounterKey key) {
    try (LmdbReader reader = acquireReader()) {
      return reader.counter(key);
    }
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
  WriteTransaction writeTransaction() {
    return txn;
  }

  Counters counters() {
    return counters;
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

  long usedBytes() {
    // A reader keeps the environment from being closed meanwhile.
    try (LmdbReader reader = acquireReader()) {
      return environment.usedBytes();
    }
  }

  void sync() {
    writing(
        () -> {
          if (checkpointer != null) {
            forceLog();
            return null;
          }
          try {
            environment.sync();
          } catch (LmdbException e) {
            throw fail("could not flush the database", e);
          }
          return null;
        });
  }

  void checkpoint() {
    if (checkpointer == null) {
      sync();
      return;
    }
    writing(
        () -> {
          checkpointer.checkpoint();
          return null;
        });
  }

  void checkKey(@Nullable EncryptionKey key) {
    files.checkKey(key);
  }

  @Nullable EncryptionKey encryptionKey() {
    KeyRing ring = files.keyRing();
    return ring == null ? null : ring.master();
  }

  KeyChange keyChange() {
    checkUsable();
    KeyRing ring = files.keyRing();
    if (ring == null || checkpointer == null) {
      throw StoreFiles.notEncrypted(files.directory());
    }
    return new KeyChange(this, ring, checkpointer);
  }

  /// Writes the data file anew and goes on with the new one. Commits wait meanwhile, readers only at the end. In memory there is no file
  /// whose content would outlive the process (encrypted databases write theirs sealed), and nothing is done.
  ///
  /// @return false where nothing was done
  /// @throws SqlException 55006 when readers stay in use
  boolean compact() {
    if (files.isUnnamed()) {
      return false;
    }
    writing(
        () -> {
          Compaction compaction = new Compaction(files.environmentDirectory(), durability);
          try (LmdbReader reader = acquireReader()) {
            compaction.write(reader, options);
          } catch (RuntimeException e) {
            compaction.discard();
            throw e;
          }
          if (!readers.pause(CLOSE_WAIT_SECONDS_MAX)) {
            compaction.discard();
            throw new SqlException(SqlState.OBJECT_IN_USE, "the data file cannot be compacted while statements read");
          }
          try {
            changeOver(compaction);
          } finally {
            readers.resume();
          }
          return null;
        });
    return true;
  }

  /// Under the write lock, while nobody reads.
  private void changeOver(Compaction compaction) {
    try {
      readers.freeIdle();
      if (checkpointer != null) {
        checkpointer.close(true);
      }
      environment.close();
      txn.free();
      compaction.install();
      files = StoreFiles.plain(files.directory(), durability, options);
      if (files.recovers()) {
        throw new IOException("the redo log could not be ended");
      }
      RecoveryFiles recovery = files.recovery();
      environment = DataFile.open(files.environmentDirectory(), options, false);
      checkpointer = recovery == null ? null : new Checkpointer(this, writeLock, recovery);
      if (recovery != null) {
        recovery.opened(environment);
      }
      txn = new WriteTransaction(this);
      unitWriter = new UnitWriter(txn, largeValues, overlayKeys);
      DataFile.openTrees(txn, databases);
    } catch (IOException | RuntimeException e) {
      throw fail("could not go on with the compacted data file", e);
    }
  }

  /// Closes the environment. Readers still in use are waited for; if they stay, 55006 is thrown and the files are closed
  /// when the last of them is returned (taking the mapping away from under a reader would end the process).
  void close() {
    close(true);
  }

  /// Closing without the last write, as a process that dies would.
  void abandon() {
    close(false);
  }

  private void close(boolean settle) {
    writeLock.lock();
    try {
      if (closed) {
        return;
      }
      boolean isWhole = failure == null && settle;
      if (isWhole) {
        settle();
      }
      if (checkpointer != null) {
        checkpointer.close(isWhole && failure == null);
      }
      closed = true;
      readers.awaitReturn(CLOSE_WAIT_SECONDS_MAX);
      closeIsDue = true;
      int readersLeft = readers.inUseCount();
      if (readersLeft > 0) {
        throw new SqlException(SqlState.OBJECT_IN_USE, "the database is closed while " + readersLeft + " readers are in use");
      }
      closeFiles();
    } finally {
      writeLock.unlock();
    }
  }

  /// Takes the environment out of memory; once, when nobody reads any more. Under the write lock.
  private void closeFiles() {
    if (filesClosed || readers.inUseCount() > 0) {
      return;
    }
    filesClosed = true;
    try {
      readers.freeIdle();
      environment.close();
      txn.free();
    } finally {
      if (directoryLock != null) {
        directoryLock.close();
      }
      files.close();
    }
  }

  private void settle() {
    if (counters.isEmpty() || Thread.currentThread().isVirtual()) {
      // Skipping numbers is allowed; a write transaction on a virtual thread is not.
      return;
    }
    try {
      transactUnderLock(() -> counters.settle(txn), null, false);
    } catch (LmdbException | SqlException e) {
      // Everything acknowledged is durable already; the counters skip some numbers after the next start.
      System.getLogger(StoreEngine.class.getName()).log(System.Logger.Level.WARNING, "could not settle counters at close", e);
    }
  }
}
