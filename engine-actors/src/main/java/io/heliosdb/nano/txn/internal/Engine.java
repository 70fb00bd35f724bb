package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.lock.CancelToken;
import io.heliosdb.nano.lock.Host;
import io.heliosdb.nano.lock.LockDirectory;
import io.heliosdb.nano.lock.LockOwner;
import io.heliosdb.nano.lock.LockTable;
import io.heliosdb.nano.lock.LockView;
import io.heliosdb.nano.lock.ThinLocks;
import io.heliosdb.nano.lock.ReplySlot;
import io.heliosdb.nano.storage.CommitOutcome;
import io.heliosdb.nano.storage.CommitUnit;
import io.heliosdb.nano.storage.Store;
import io.heliosdb.nano.txn.Counters;
import io.heliosdb.nano.txn.EngineOptions;
import io.heliosdb.nano.txn.EngineSystem;
import io.heliosdb.nano.txn.InlineActor;
import io.heliosdb.nano.txn.Sequences;
import io.heliosdb.nano.txn.SessionEnvironment;
import io.heliosdb.nano.txn.TransactionIds;
import io.heliosdb.nano.txn.TransactionStatistics;
import io.heliosdb.nano.txn.TxnSession;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.jspecify.annotations.Nullable;

/// The one implementation of [EngineSystem].
///
/// States: open → failed (lock table, graph or committer reported a Throwable, or the store closed itself) → closed;
/// open → closed. In `failed` every call gives 58030, waiters have been answered with it, and the store is closed by [#close].
public final class Engine implements EngineSystem {
  /// The actors, once the actor system has started.
  private record Actors(
      ActorRuntime runtime, ActorRef<LockTable.Command> lockTable, ActorRef<Committer.Command> committer, SequenceClient sequences) {}

  private final EngineOptions options;
  private final Store store;
  private final StoreCounters counters;
  private final TransactionIds transactionIds;
  private final RecentCommits recentCommits = new RecentCommits();
  private final RowFates rowFates = new RowFates();
  private final LockDirectory lockDirectory = new LockDirectory();
  private final TransactionCounts counts = new TransactionCounts();
  private final WriterThread writerThread;
  private final WriterThread flushThread;
  private final AtomicLong transactionSerial = new AtomicLong();
  private final Set<SessionLocks> sessions = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Actors> starting = new CompletableFuture<>();
  private final AtomicBoolean isStarting = new AtomicBoolean();

  /// Held by commits that are written without the committer; see [#commitAlone].
  private final ReentrantLock alone = new ReentrantLock();

  /// Guarded by [#alone]: the committer has taken over.
  private boolean hasCommitter;
  private volatile @Nullable Actors actors;
  private volatile @Nullable SqlException failure;
  private volatile @Nullable Throwable failureCause;
  private volatile boolean isClosed;
  private volatile boolean isStopped;

  private Engine(EngineOptions options, Store store) {
    this.options = options;
    this.store = store;
    counters = new StoreCounters(store);
    transactionIds = new TransactionIds(counters::nextXid);
    writerThread = new WriterThread(options.host(), "heliosdb-writer");
    flushThread = new WriterThread(options.host(), "heliosdb-flush");
  }

  /// Opens the store while the actor system starts on another thread, unless it is to start late.
  public static Engine open(EngineOptions options) {
    CompletableFuture<ActorRuntime> runtime = options.isBrief() ? null : startRuntime(options.host());
    Engine engine;
    try {
      engine = new Engine(options, Store.open(options.store()));
    } catch (RuntimeException e) {
      if (runtime != null) {
        runtime.thenAccept(ActorRuntime::stop);
      }
      throw e;
    }
    if (runtime != null) {
      engine.isStarting.set(true);
      runtime.whenComplete(engine::spawnActors);
    }
    return engine;
  }

  private static CompletableFuture<ActorRuntime> startRuntime(Host host) {
    CompletableFuture<ActorRuntime> runtime = new CompletableFuture<>();
    Thread.ofPlatform().daemon().name("heliosdb-start").start(
        () -> {
          try {
            runtime.complete(ActorRuntime.start(host));
          } catch (Throwable t) {
            runtime.completeExceptionally(t);
          }
        });
    return runtime;
  }

  private void spawnActors(@Nullable ActorRuntime runtime, @Nullable Throwable error) {
    if (runtime == null) {
      starting.completeExceptionally(error);
      return;
    }
    alone.lock();
    hasCommitter = true;
    alone.unlock();
    try {
      ActorRef<LockTable.Command> lockTable =
          runtime.spawn(LockTable.create(lockDirectory, ActorRuntime.CORE, this::fail), "lock-table", ActorRuntime.CORE);
      ActorRef<Committer.Command> committer =
          runtime.spawn(
              Committer.create(store, lockTable, lockDirectory.thinLocks(), recentCommits, counts, writerThread, flushThread, this::fail),
              "committer",
              ActorRuntime.CORE);
      ActorRef<SequenceActor.Command> sequences =
          runtime.spawn(SequenceActor.create(store), "sequences", ActorRuntime.CORE);
      actors = new Actors(runtime, lockTable, committer, new SequenceClient(this, sequences));
      starting.complete(actors);
    } catch (Throwable t) {
      starting.completeExceptionally(t);
    }
  }

  private Actors actors() {
    Actors started = actors;
    if (started != null) {
      return started;
    }
    if (!isStarting.getAndSet(true)) {
      startRuntime(options.host()).whenComplete(this::spawnActors);
    }
    try {
      return starting.join();
    } catch (CompletionException e) {
      throw new SqlException(SqlState.INTERNAL_ERROR, "the actor system could not be started", e.getCause());
    }
  }

  EngineOptions options() {
    return options;
  }

  RowFates rowFates() {
    return rowFates;
  }

  RecentCommits recentCommits() {
    return recentCommits;
  }

  ThinLocks thinLocks() {
    return lockDirectory.thinLocks();
  }

  ActorRef<LockTable.Command> lockTable() {
    return actors().lockTable;
  }

  long nextTransactionSerial() {
    return transactionSerial.incrementAndGet();
  }

  void checkUsable() {
    SqlException error = failure;
    if (error != null) {
      throw error;
    }
    if (isClosed) {
      throw new SqlException(SqlState.ADMIN_SHUTDOWN, "the database is closed");
    }
  }

  /// Throws once the actors have been stopped, so that nobody waits for their answers.
  void checkRunning() {
    if (isStopped) {
      checkUsable();
    }
  }

  /// Sends to the lock table, running it here when it is idle.
  void tellLockTable(LockTable.Command command) {
    CallerTurn turn = CallerTurn.current();
    turn.enter();
    try {
      lockTable().tell(command);
    } finally {
      turn.leave();
    }
  }

  CommitOutcome commit(
      CommitUnit unit, boolean sync, @Nullable LockOwner owner, Committer.@Nullable Validation validation, List<RowFates.Fate> fates) {
    if (actors == null && owner == null && validation == null) {
      CommitOutcome outcome = commitAlone(unit, fates);
      if (outcome != null) {
        return outcome;
      }
    }
    ReplySlot<CommitOutcome> slot = new ReplySlot<>();
    return askCommitter(new Committer.Commit(unit, sync, owner, validation, fates, slot), slot);
  }

  /// Returns once an SCN that was applied is visible, or with the failure that keeps it from that.
  CommitOutcome awaitVisible(long scn) {
    ReplySlot<CommitOutcome> slot = new ReplySlot<>();
    return askCommitter(new Committer.AwaitVisible(new CommitOutcome.Committed(scn, 0), slot), slot);
  }

  private CommitOutcome askCommitter(Committer.Command command, ReplySlot<CommitOutcome> slot) {
    CallerTurn turn = CallerTurn.current();
    turn.enter();
    try {
      actors().committer.tell(command);
      return slot.await(this::checkRunning);
    } finally {
      turn.leave();
    }
  }

  /// Writes a commit without the committer while that has not begun, so that the first rows of a new database need not wait for the actor system.
  /// Null when the committer is there, or where the commit has to be on another thread.
  private @Nullable CommitOutcome commitAlone(CommitUnit unit, List<RowFates.Fate> fates) {
    if (options.host() != Host.SYSTEM || Thread.currentThread().isVirtual()) {
      return null;
    }
    alone.lock();
    try {
      if (hasCommitter || recentCommits.isRecording()) {
        return null;
      }
      checkUsable();
      CommitOutcome outcome = store.commit(List.of(unit), true).getFirst();
      counts.groups.increment();
      counts.writtenCommits.increment();
      if (outcome instanceof CommitOutcome.Committed committed) {
        RowFates.committed(fates, committed.scn());
      }
      if (outcome instanceof CommitOutcome.Failed failed && failed.error().state() == SqlState.IO_ERROR) {
        fail(failed.error());
      }
      return outcome;
    } catch (RuntimeException | Error e) {
      fail(e);
      throw e;
    } finally {
      alone.unlock();
    }
  }

  /// Ends normal work: whoever waits or asks from now on gets 58030. For actors that cannot go on.
  public void fail(Throwable cause) {
    synchronized (this) {
      if (failure != null) {
        return;
      }
      failureCause = cause;
      failure =
          cause instanceof SqlException e && e.state() == SqlState.IO_ERROR
              ? e
              : new SqlException(SqlState.IO_ERROR, "the database is closed after an internal failure: " + cause, cause);
    }
    Actors running = actors;
    if (running != null) {
      running.lockTable.tell(new LockTable.Fail(failure));
    }
    for (SessionLocks session : sessions) {
      session.cancelToken().cancel(failure);
    }
  }

  @Override
  public @Nullable Throwable failure() {
    return failureCause;
  }

  @Override
  public Host host() {
    return options.host();
  }

  @Override
  public Store store() {
    return store;
  }

  @Override
  public Counters counters() {
    return counters;
  }

  @Override
  public TransactionIds transactionIds() {
    return transactionIds;
  }

  @Override
  public Sequences sequences() {
    return actors().sequences;
  }

  @Override
  public TxnSession openSession(int pid, long databaseOid, SessionEnvironment environment, CancelToken cancelToken) {
    checkUsable();
    SessionLocks session = new SessionLocks(this, new LockOwner(pid, databaseOid), environment, cancelToken);
    sessions.add(session);
    return session;
  }

  void sessionClosed(SessionLocks session) {
    sessions.remove(session);
    if (actors != null) {
      tellLockTable(new LockTable.ReleaseSession(session.owner(), true));
    }
  }

  @Override
  public LockView locks() {
    if (actors == null || isClosed) {
      return LockView.EMPTY;
    }
    return lockDirectory.view(sessions.stream().map(SessionLocks::owner).toList());
  }

  @Override
  public ActorSystem<Void> actorSystem() {
    return actors().runtime.system();
  }

  @Override
  public <C> InlineActor<C> spawnInline(Behavior<C> behavior, String name) {
    return InlineActorRef.spawn(actors().runtime, behavior, name);
  }

  @Override
  public <C> InlineActor<C> spawnInline(Consumer<C> handler, String name) {
    return new StartingInlineActor<>(this, handler, name);
  }

  /// Whether the actor system has started.
  boolean hasActors() {
    return actors != null;
  }

  ActorRuntime runtime() {
    return actors().runtime;
  }

  TransactionCounts counts() {
    return counts;
  }

  @Override
  public long oldestSnapshotScn() {
    long oldest = store.visibleScn();
    for (SessionLocks session : sessions) {
      oldest = Math.min(oldest, session.heldScn());
    }
    return oldest;
  }

  @Override
  public TransactionStatistics statistics() {
    return counts.statistics();
  }

  @Override
  public void close() {
    synchronized (this) {
      if (isClosed) {
        return;
      }
      isClosed = true;
    }
    SqlException shutdown = new SqlException(SqlState.ADMIN_SHUTDOWN, "terminating connection due to administrator command");
    for (SessionLocks session : sessions) {
      session.cancelToken().cancel(shutdown);
    }
    if (isStarting.getAndSet(true)) {
      starting.exceptionally(error -> null).join();
    } else {
      starting.completeExceptionally(shutdown);
    }
    Actors running = actors;
    try {
      if (running != null) {
        drain(running);
        running.sequences.settle();
        running.runtime.stop();
      }
    } finally {
      isStopped = true;
      writerThread.close();
      flushThread.close();
      store.close();
    }
  }

  private static void drain(Actors running) {
    ReplySlot<Boolean> drained = new ReplySlot<>();
    running.committer.tell(new Committer.Drain(drained));
    drained.await();
  }
}
