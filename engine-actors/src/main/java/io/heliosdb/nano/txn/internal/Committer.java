package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.lock.LockOwner;
import io.heliosdb.nano.lock.LockTable;
import io.heliosdb.nano.lock.ReplySlot;
import io.heliosdb.nano.storage.CommitOutcome;
import io.heliosdb.nano.storage.CommitUnit;
import io.heliosdb.nano.storage.Store;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/// Writes commits in SCN order, many in one store commit; one per database.
///
/// Group commit is the mailbox: the first commit sends a `Flush` behind whatever has queued by then, and the flush takes
/// all that came in between. Order for each commit: validated → written and synced, SCN visible → locks released →
/// answered. While a flush runs on the writer thread, further commits gather for the next.
///
/// Gathering: sessions that were just answered come back with their next commit a moment after the next flush has begun, so
/// that groups would alternate between halves of the sessions. So where a flush takes long, the next one waits, at most a
/// tenth of that time, until as many have queued as were committing side by side when the last one ended.
///
/// Threads: a flush runs inside one message on one platform thread: on the thread of the session that commits where that
/// has opted in (once per ask, so nobody is captured by others' flushes), else on the writer thread.
/// Invariants: every [Commit] is answered once; a unit refused by validation is not written.
/// Errors: 40001 from validation; the store's for a unit it refuses; 58030 for all once the database has failed.
final class Committer {
  /// More than this many commits are not put into one store commit, so that nobody waits long for others.
  private static final int GROUP_COUNT_MAX = 512;

  /// Flushes a caller's thread does in one ask when they need no device: handing over to the writer thread and back costs
  /// more than such a flush. With a device it does only its own.
  private static final int INLINE_FLUSH_COUNT_MAX = 4;

  /// How long an unsynced commit (`synchronous_commit = off`) may stay unsynced.
  private static final Duration SYNC_DELAY_MAX = Duration.ofMillis(200);

  /// Flushes faster than this are not waited for.
  private static final long GATHER_FLUSH_NANOS_MIN = 300_000;

  private static final long GATHER_NANOS_MAX = 300_000;

  sealed interface Command {}

  /// Asks for one transaction's changes to be committed and its locks to be released, in either outcome.
  ///
  /// @param sync whether to answer only when it is on the device
  /// @param owner whose locks to release, null when the transaction has none
  record Commit(
      CommitUnit unit, boolean sync, @Nullable LockOwner owner, @Nullable Validation validation, ReplySlot<CommitOutcome> replyTo)
      implements Command {}

  /// What a serializable transaction has to be checked against.
  record Validation(RecentCommits.Registration registration, long snapshotScn, SerializableReads reads) {}

  /// Answers once all commits sent before are done.
  record Drain(ReplySlot<Boolean> replyTo) implements Command {}

  private enum Own implements Command {
    FLUSH,
    SYNC
  }

  private record Flushed(List<Commit> group, List<CommitOutcome> outcomes, long nanos) implements Command {}

  private record FlushFailed(List<Commit> group, Throwable cause) implements Command {}

  private final ActorContext<Command> context;
  private final Store store;
  private final ActorRef<LockTable.Command> lockTable;
  private final RecentCommits recentCommits;
  private final TransactionCounts counts;
  private final Executor writerThread;
  private final Consumer<Throwable> onFailure;
  private final ArrayDeque<Commit> queue = new ArrayDeque<>();
  private final List<Drain> drains = new ArrayList<>();
  private final int inlineFlushCountMax;
  /// A `FLUSH` is on its way.
  private boolean flushSent;

  /// It is delayed, and another is sent as soon as enough have queued.
  private boolean gathering;

  /// How long the last flush took, 0 without a device.
  private long flushNanos;

  /// How many were committing side by side when the last flush ended: its group and those who queued meanwhile.
  private int concurrentCount;

  private final boolean isDurable;
  private boolean flushing;
  private boolean syncScheduled;
  private @Nullable SqlException failure;

  private Committer(
      ActorContext<Command> context,
      Store store,
      ActorRef<LockTable.Command> lockTable,
      RecentCommits recentCommits,
      TransactionCounts counts,
      Executor writerThread,
      boolean isDurable,
      Consumer<Throwable> onFailure) {
    inlineFlushCountMax = isDurable ? 1 : INLINE_FLUSH_COUNT_MAX;
    this.isDurable = isDurable;
    this.context = context;
    this.store = store;
    this.lockTable = lockTable;
    this.recentCommits = recentCommits;
    this.counts = counts;
    this.writerThread = writerThread;
    this.onFailure = onFailure;
  }

  /// @param isDurable whether commits are synced to a device
  /// @param onFailure told of any Throwable and of a store that has closed itself; must close the database
  static Behavior<Command> create(
      Store store,
      ActorRef<LockTable.Command> lockTable,
      RecentCommits recentCommits,
      TransactionCounts counts,
      Executor writerThread,
      boolean isDurable,
      Consumer<Throwable> onFailure) {
    return Behaviors.setup(
        context -> {
          Committer committer = new Committer(context, store, lockTable, recentCommits, counts, writerThread, isDurable, onFailure);
          return Behaviors.receiveMessage(committer::onCommandGuarded);
        });
  }

  private Behavior<Command> onCommandGuarded(Command command) {
    try {
      onCommand(command);
    } catch (Throwable t) {
      fail(t);
    }
    return Behaviors.same();
  }

  private void onCommand(Command command) {
    switch (command) {
      case Commit commit -> onCommit(commit);
      case Own.FLUSH -> onFlush();
      case Own.SYNC -> onSync();
      case Flushed flushed -> {
        flushing = false;
        finish(flushed);
        sendFlushIfNeeded();
      }
      case FlushFailed failed -> {
        flushing = false;
        answerAll(failed.group(), fail(failed.cause()));
      }
      case Drain drain -> {
        drains.add(drain);
        answerDrains();
      }
    }
  }

  private void onCommit(Commit commit) {
    if (failure != null) {
      answerAll(List.of(commit), failure);
      return;
    }
    queue.add(commit);
    if (gathering && queue.size() >= concurrentCount) {
      gathering = false;
      context.getSelf().tell(Own.FLUSH);
    } else {
      sendFlushIfNeeded();
    }
  }

  private void sendFlushIfNeeded() {
    if (!queue.isEmpty() && !flushSent && !flushing) {
      flushSent = true;
      if (flushNanos >= GATHER_FLUSH_NANOS_MIN && queue.size() < concurrentCount) {
        gather();
      } else {
        context.getSelf().tell(Own.FLUSH);
      }
    }
    answerDrains();
  }

  /// Sends the flush a little later, from the writer thread, which has nothing to do now.
  private void gather() {
    gathering = true;
    long nanos = Math.min(flushNanos / 10, GATHER_NANOS_MAX);
    writerThread.execute(
        () -> {
          LockSupport.parkNanos(nanos);
          context.getSelf().tell(Own.FLUSH);
        });
  }

  private void onFlush() {
    if (flushing) {
      return;
    }
    flushSent = false;
    gathering = false;
    if (failure != null || queue.isEmpty()) {
      return;
    }
    List<Commit> group = takeGroup();
    if (group.isEmpty()) {
      sendFlushIfNeeded();
      return;
    }
    CallerTurn turn = CallerTurn.current();
    if (turn.mayFlush(inlineFlushCountMax)) {
      turn.flushed();
      Flushed flushed;
      try {
        flushed = write(group);
      } catch (Throwable t) {
        answerAll(group, fail(t));
        return;
      }
      finish(flushed);
      sendFlushIfNeeded();
      return;
    }
    flushing = true;
    writerThread.execute(
        () -> {
          Command result;
          try {
            result = write(group);
          } catch (Throwable t) {
            result = new FlushFailed(group, t);
          }
          context.getSelf().tell(result);
        });
  }

  /// Takes what has queued; what fails validation is answered here.
  private List<Commit> takeGroup() {
    List<Commit> group = new ArrayList<>(Math.min(queue.size(), GROUP_COUNT_MAX));
    while (!queue.isEmpty() && group.size() < GROUP_COUNT_MAX) {
      Commit commit = queue.poll();
      if (commit.validation() == null || isValid(commit, commit.validation(), group)) {
        group.add(commit);
      } else {
        answerAll(List.of(commit), serializationFailure());
      }
    }
    return group;
  }

  private boolean isValid(Commit commit, Validation validation, List<Commit> groupMates) {
    int branch = commit.unit().branch();
    if (!recentCommits.validate(validation.registration(), validation.snapshotScn(), branch, validation.reads())) {
      return false;
    }
    for (Commit mate : groupMates) {
      if (!RecentCommits.isIndependent(mate.unit(), branch, validation.reads())) {
        return false;
      }
    }
    return true;
  }

  static SqlException serializationFailure() {
    return new SqlException(
            SqlState.T_R_SERIALIZATION_FAILURE, "could not serialize access due to read/write dependencies among transactions")
        .withDetail("Reason code: Canceled on identification as a pivot, during commit attempt.")
        .withHint("The transaction might succeed if retried.");
  }

  /// On a platform thread.
  private Flushed write(List<Commit> group) {
    List<CommitUnit> units = new ArrayList<>(group.size());
    boolean sync = false;
    for (Commit commit : group) {
      units.add(commit.unit());
      sync |= commit.sync();
    }
    long start = System.nanoTime();
    List<CommitOutcome> outcomes = store.commit(units, sync);
    return new Flushed(group, outcomes, sync && isDurable ? System.nanoTime() - start : 0);
  }

  /// The SCNs are visible; releases the locks, then answers.
  private void finish(Flushed flushed) {
    List<Commit> group = flushed.group();
    List<CommitOutcome> outcomes = flushed.outcomes();
    flushNanos = flushed.nanos();
    concurrentCount = group.size() + queue.size();
    if (recentCommits.isRecording()) {
      for (int i = 0; i < group.size(); i++) {
        if (outcomes.get(i) instanceof CommitOutcome.Committed committed) {
          recentCommits.append(group.get(i).unit(), committed.scn());
        }
      }
    }
    releaseLocks(group);
    counts.groups.increment();
    counts.writtenCommits.add(group.size());
    boolean isSynced = false;
    SqlException fatal = null;
    for (int i = 0; i < group.size(); i++) {
      CommitOutcome outcome = outcomes.get(i);
      isSynced |= group.get(i).sync();
      if (outcome instanceof CommitOutcome.Failed failed && failed.error().state() == SqlState.IO_ERROR) {
        fatal = failed.error();
      }
      group.get(i).replyTo().complete(outcome);
    }
    if (fatal != null) {
      fail(fatal);
    } else if (!isSynced && !syncScheduled) {
      syncScheduled = true;
      context.scheduleOnce(SYNC_DELAY_MAX, context.getSelf(), Own.SYNC);
    }
  }

  private void releaseLocks(List<Commit> group) {
    List<LockOwner> owners = new ArrayList<>(group.size());
    for (Commit commit : group) {
      if (commit.owner() != null) {
        owners.add(commit.owner());
      }
    }
    if (!owners.isEmpty()) {
      lockTable.tell(new LockTable.ReleaseTransactions(owners));
    }
  }

  private void onSync() {
    syncScheduled = false;
    if (failure == null) {
      writerThread.execute(
          () -> {
            try {
              store.sync();
            } catch (Throwable t) {
              context.getSelf().tell(new FlushFailed(List.of(), t));
            }
          });
    }
  }

  private SqlException fail(Throwable cause) {
    if (failure == null) {
      failure =
          cause instanceof SqlException e && e.state() == SqlState.IO_ERROR
              ? e
              : new SqlException(SqlState.IO_ERROR, "the committer failed, the database is closed", cause);
      onFailure.accept(cause);
    }
    answerAll(queue, failure);
    queue.clear();
    answerDrains();
    return failure;
  }

  private void answerAll(Iterable<Commit> commits, SqlException error) {
    List<Commit> all = new ArrayList<>();
    commits.forEach(all::add);
    releaseLocks(all);
    for (Commit commit : all) {
      commit.replyTo().complete(new CommitOutcome.Failed(error));
    }
  }

  private void answerDrains() {
    if (!flushing && queue.isEmpty()) {
      drains.forEach(drain -> drain.replyTo().complete(true));
      drains.clear();
    }
  }
}
