package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.lock.LockOwner;
import io.heliosdb.nano.lock.LockTable;
import io.heliosdb.nano.lock.ReplySlot;
import io.heliosdb.nano.lock.ThinLocks;
import io.heliosdb.nano.storage.CommitOutcome;
import io.heliosdb.nano.storage.CommitUnit;
import io.heliosdb.nano.storage.Store;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/// Writes commits in SCN order, many in one store commit; one per database.
///
/// Order for each commit: validated → applied to the store → locks released → flushed to the device, its SCN visible → answered.
/// Group commit: while the device is busy with a flush, commits queue; when it ends, all of them are applied in one store commit, and the
/// next flush is for them. Without a device the mailbox makes the groups: a commit sends an `Apply` behind whatever has queued by then.
///
/// Locks are released before the flush (DeWitt et al. 1984; Johnson et al., "Aether", 2010): whoever waited for a row goes on with the
/// newest applied version, and its own commit stands behind that one in the log. What a transaction has seen of versions not yet
/// flushed it must not tell: it ends only when they are ([OpenTransaction#sawApplied]).
///
/// Threads: an `Apply` runs inside one message on one platform thread: on the thread of the session that commits where that has
/// opted in (a few per ask, so nobody is captured by others' commits), else on the writer thread. Flushes have a thread of their own.
/// Invariants: every [Commit] is answered once; a unit refused by validation is not written.
/// Errors: 40001 from validation; the store's for a unit it refuses; 58030 for all once the database has failed.
final class Committer {
  /// More than this many commits are not put into one store commit, so that nobody waits long for others.
  private static final int GROUP_COUNT_MAX = 512;

  /// Groups that a caller's thread applies in one ask: handing over to the writer thread and back costs more than one of them.
  private static final int INLINE_APPLY_COUNT_MAX = 4;

  /// How long an unsynced commit (`synchronous_commit = off`) may stay unsynced.
  private static final Duration SYNC_DELAY_MAX = Duration.ofMillis(200);

  sealed interface Command {}

  /// Asks for one transaction's changes to be committed and its locks to be released, in either outcome.
  ///
  /// @param sync whether to answer only when it is on the device
  /// @param owner whose locks to release, null when the transaction has none
  /// @param fates of the keys that it gives up
  record Commit(
      CommitUnit unit,
      boolean sync,
      @Nullable LockOwner owner,
      @Nullable Validation validation,
      List<RowFates.Fate> fates,
      ReplySlot<CommitOutcome> replyTo)
      implements Command {}

  /// Answers once an SCN is visible.
  record AwaitVisible(CommitOutcome.Committed applied, ReplySlot<CommitOutcome> replyTo) implements Command {}

  /// What a serializable transaction has to be checked against.
  record Validation(RecentCommits.Registration registration, long snapshotScn, SerializableReads reads) {}

  /// Answers once all commits sent before are done.
  record Drain(ReplySlot<Boolean> replyTo) implements Command {}

  private enum Own implements Command {
    APPLY,
    FLUSHED,
    SYNC
  }

  private record Applied(List<Commit> group, List<CommitOutcome> outcomes) implements Command {}

  private record ApplyFailed(List<Commit> group, Throwable cause) implements Command {}

  private record FlushFailed(Throwable cause) implements Command {}

  private final ActorContext<Command> context;
  private final Store store;
  private final ActorRef<LockTable.Command> lockTable;
  private final ThinLocks thinLocks;
  private final RecentCommits recentCommits;
  private final TransactionCounts counts;
  private final Executor writerThread;
  private final Executor flushThread;
  private final Consumer<Throwable> onFailure;
  private final ArrayDeque<Commit> queue = new ArrayDeque<>();
  private final List<Drain> drains = new ArrayList<>();

  /// Applied, but not visible yet.
  private final ArrayList<AwaitVisible> unflushed = new ArrayList<>();

  /// An `APPLY` is on its way.
  private boolean applySent;

  /// The writer thread has a group.
  private boolean applying;

  private boolean flushing;
  private boolean syncScheduled;
  private @Nullable SqlException failure;

  private Committer(
      ActorContext<Command> context,
      Store store,
      ActorRef<LockTable.Command> lockTable,
      ThinLocks thinLocks,
      RecentCommits recentCommits,
      TransactionCounts counts,
      Executor writerThread,
      Executor flushThread,
      Consumer<Throwable> onFailure) {
    this.context = context;
    this.store = store;
    this.lockTable = lockTable;
    this.thinLocks = thinLocks;
    this.recentCommits = recentCommits;
    this.counts = counts;
    this.writerThread = writerThread;
    this.flushThread = flushThread;
    this.onFailure = onFailure;
  }

  /// @param flushThread runs one flush at a time; nobody interrupts it
  /// @param onFailure told of any Throwable and of a store that has closed itself; must close the database
  static Behavior<Command> create(
      Store store,
      ActorRef<LockTable.Command> lockTable,
      ThinLocks thinLocks,
      RecentCommits recentCommits,
      TransactionCounts counts,
      Executor writerThread,
      Executor flushThread,
      Consumer<Throwable> onFailure) {
    return Behaviors.setup(
        context -> {
          Committer committer = new Committer(context, store, lockTable, thinLocks, recentCommits, counts, writerThread, flushThread, onFailure);
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
      case AwaitVisible awaiting -> onAwaitVisible(awaiting);
      case Own.APPLY -> onApply();
      case Own.FLUSHED -> onFlushed();
      case Own.SYNC -> onSync();
      case Applied applied -> {
        applying = false;
        finish(applied);
        sendApplyIfNeeded();
      }
      case ApplyFailed failed -> {
        applying = false;
        answerAll(failed.group(), fail(failed.cause()));
      }
      case FlushFailed failed -> {
        flushing = false;
        fail(failed.cause());
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
    sendApplyIfNeeded();
  }

  private void onAwaitVisible(AwaitVisible awaiting) {
    if (failure != null) {
      awaiting.replyTo().complete(new CommitOutcome.Failed(failure));
      return;
    }
    unflushed.add(awaiting);
    answerVisible();
    startFlushIfNeeded();
  }

  private void sendApplyIfNeeded() {
    if (!queue.isEmpty() && !applySent && !applying && !flushing) {
      applySent = true;
      context.getSelf().tell(Own.APPLY);
    }
    answerDrains();
  }

  private void onApply() {
    if (applying) {
      return;
    }
    applySent = false;
    if (failure != null || queue.isEmpty()) {
      return;
    }
    List<Commit> group = takeGroup();
    if (group.isEmpty()) {
      sendApplyIfNeeded();
      return;
    }
    CallerTurn turn = CallerTurn.current();
    if (turn.mayApply(INLINE_APPLY_COUNT_MAX)) {
      turn.applied();
      Applied applied;
      try {
        applied = apply(group);
      } catch (Throwable t) {
        answerAll(group, fail(t));
        return;
      }
      finish(applied);
      sendApplyIfNeeded();
      return;
    }
    applying = true;
    writerThread.execute(
        () -> {
          Command result;
          try {
            result = apply(group);
          } catch (Throwable t) {
            result = new ApplyFailed(group, t);
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
  private Applied apply(List<Commit> group) {
    List<CommitUnit> units = new ArrayList<>(group.size());
    boolean sync = false;
    for (Commit commit : group) {
      units.add(commit.unit());
      sync |= commit.sync();
    }
    return new Applied(group, store.apply(units, sync));
  }

  /// The changes are in the store; lets others at the rows, and answers who need not wait for the device.
  private void finish(Applied applied) {
    List<Commit> group = applied.group();
    List<CommitOutcome> outcomes = applied.outcomes();
    boolean isRecording = recentCommits.isRecording();
    boolean isSynced = false;
    SqlException fatal = null;
    for (int i = 0; i < group.size(); i++) {
      Commit commit = group.get(i);
      isSynced |= commit.sync();
      switch (outcomes.get(i)) {
        case CommitOutcome.Committed committed -> {
          RowFates.committed(commit.fates(), committed.scn());
          if (isRecording) {
            recentCommits.append(commit.unit(), committed.scn());
          }
        }
        case CommitOutcome.Failed failed -> {
          if (failed.error().state() == SqlState.IO_ERROR) {
            fatal = failed.error();
          }
        }
      }
    }
    releaseLocks(group);
    counts.groups.increment();
    counts.writtenCommits.add(group.size());
    long visible = store.visibleScn();
    for (int i = 0; i < group.size(); i++) {
      ReplySlot<CommitOutcome> replyTo = group.get(i).replyTo();
      if (outcomes.get(i) instanceof CommitOutcome.Committed committed && committed.scn() > visible) {
        unflushed.add(new AwaitVisible(committed, replyTo));
      } else {
        replyTo.complete(outcomes.get(i));
      }
    }
    if (fatal != null) {
      fail(fatal);
      return;
    }
    startFlushIfNeeded();
    if (!isSynced && !syncScheduled) {
      syncScheduled = true;
      context.scheduleOnce(SYNC_DELAY_MAX, context.getSelf(), Own.SYNC);
    }
  }

  private void startFlushIfNeeded() {
    if (!unflushed.isEmpty() && !flushing) {
      flush();
    }
  }

  private void flush() {
    flushing = true;
    flushThread.execute(
        () -> {
          Command result = Own.FLUSHED;
          try {
            store.force();
          } catch (Throwable t) {
            result = new FlushFailed(t);
          }
          context.getSelf().tell(result);
        });
  }

  private void onFlushed() {
    flushing = false;
    answerVisible();
    sendApplyIfNeeded();
    if (!applySent && !applying) {
      startFlushIfNeeded();
    }
  }

  private void answerVisible() {
    long visible = store.visibleScn();
    for (int i = unflushed.size() - 1; i >= 0; i--) {
      AwaitVisible awaiting = unflushed.get(i);
      if (awaiting.applied().scn() <= visible) {
        unflushed.remove(i);
        awaiting.replyTo().complete(awaiting.applied());
      }
    }
  }

  private void releaseLocks(List<Commit> group) {
    List<LockTable.Release> releases = null;
    for (Commit commit : group) {
      LockTable.Release release = commit.owner() == null ? null : thinLocks.releaseAll(commit.owner());
      if (release != null) {
        releases = releases == null ? new ArrayList<>() : releases;
        releases.add(release);
      }
    }
    if (releases != null) {
      lockTable.tell(new LockTable.ReleaseTransactions(releases));
    }
  }

  private void onSync() {
    syncScheduled = false;
    if (failure == null && !flushing) {
      flush();
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
    unflushed.forEach(awaiting -> awaiting.replyTo().complete(new CommitOutcome.Failed(failure)));
    unflushed.clear();
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
    if (!applying && !flushing && queue.isEmpty() && unflushed.isEmpty()) {
      drains.forEach(drain -> drain.replyTo().complete(true));
      drains.clear();
    }
  }
}
