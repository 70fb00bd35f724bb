package io.heliosdb.nano.lock;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/// Grants locks on keys and queues conflicting requests; one per database.
///
/// Invariants: modes held on a key by different owners are compatible; every waiter conflicts with a holder or with
/// somebody before it in its queue; an owner waits in at most one queue.
/// Order: first come, first served per key, except that a holder goes before the first waiter that waits for it (else both
/// would wait for ever). Example: A holds SHARE, B queues for UPDATE, A asks for NO KEY UPDATE: A goes before B, whose
/// request conflicts with A's SHARE; C asking for SHARE goes behind B although A's hold would admit it, so B is not starved.
/// Deadlock: whoever starts to wait is reported to [WaitForGraph], which answers with a victim as soon as a cycle forms. Where one of the
/// cycle waits only for its turn behind another of it, that turn is changed instead.
/// Weak table modes are mostly taken through a [TableLease], rows and keys that nobody else wants by a [ThinLock]: without a message.
/// Confinement: all state, [LockOwner]'s package-private part included, belongs to this actor, which runs on the thread
/// that asks when it is idle. Waits are bounded by the waiting thread, which sends [GiveUpWait].
/// Bounds: a transaction's locks are accounted by the session ([#BYTES_PER_LOCK] each) against its memory limit.
/// Errors: 55P03, 57014 and 57P01 as given up by the waiter, 40P01 as victim, 58030 once the database has failed.
/// Source: Gray & Reuter, "Transaction Processing", ch. 8; PostgreSQL 15 manual, "Explicit Locking".
public final class LockTable {
  /// What one lock costs in memory, key bytes aside.
  public static final int BYTES_PER_LOCK = 160;

  /// How often one wait may jump its queue to undo a deadlock.
  private static final int JUMPS_MAX = 8;

  public sealed interface Command {}

  /// Asks for one mode on several keys, in order.
  ///
  /// @param transactionSerial age of the transaction, higher is younger
  /// @param xid transaction id, 0 while it has none
  /// @param level savepoint level for [ReleaseSince]
  /// @param isSessionScoped held beyond the transaction (advisory locks); counted
  public record AcquireLocks(
      LockOwner owner,
      long transactionSerial,
      long xid,
      int level,
      List<LockKey> keys,
      TableLockMode mode,
      boolean isSessionScoped,
      WaitPolicy policy,
      ReplySlot<AcquireReply> replyTo)
      implements Command {}

  /// Ends the wait of the request with this slot, unless it has been answered already.
  public record GiveUpWait(LockOwner owner, ReplySlot<AcquireReply> slot, SqlException reason) implements Command {}

  /// What an owner has let go of itself while this table held it in its name.
  ///
  /// @param inflated thin locks that this table took over
  /// @param fingerprints whose keys the owner locks no more
  public record Release(LockOwner owner, List<InflatedLock> inflated, List<LockFingerprints> fingerprints) {}

  /// Modes of a thin lock.
  record InflatedLock(ThinLock lock, int modeBits) {}

  /// Releases all transaction-scoped locks of the owners.
  public record ReleaseTransactions(List<Release> releases) implements Command {}

  /// Releases the transaction-scoped locks taken at this savepoint level or a later one, and what else the session names.
  public record ReleaseSince(LockOwner owner, int level, @Nullable Release release) implements Command {}

  /// Gives back one session-scoped count; answers whether it was held.
  public record ReleaseSessionLock(LockOwner owner, LockKey key, TableLockMode mode, ReplySlot<Boolean> replyTo) implements Command {}

  /// Gives back all session-scoped locks; with `close` everything else too, and the owner asks no more.
  public record ReleaseSession(LockOwner owner, boolean close) implements Command {}

  /// Asks for a weak table lock, and for a lease when that is possible. The answer is `Granted` with the lease.
  public record AcquireWithLease(AcquireLocks request) implements Command {}

  /// The session has let go of these modes of a lease that was revoked under it.
  public record LeaseReleased(TableLease lease, int modeBits) implements Command {}

  /// The session gives back leases that it does not use now.
  public record DropLeases(List<TableLease> leases) implements Command {}

  /// Refuses everybody who waits and whoever asks from now on.
  public record Fail(SqlException reason) implements Command {}

  /// From the graph: these waits form a cycle, each waiting for the next; the first is the victim.
  record AbortVictim(List<CycleMember> cycle) implements Command {}

  /// A wait in a cycle.
  record CycleMember(LockOwner owner, long waitSerial) {}

  public sealed interface AcquireReply {}

  /// @param skipped per key whether SKIP LOCKED left it out; null when none was
  /// @param acquiredCount locks the owner did not hold before, for the accounting of memory
  /// @param lease a lease that holds the mode in place of an ordinary lock, null for none
  public record Granted(boolean @Nullable [] skipped, int acquiredCount, @Nullable TableLease lease) implements AcquireReply {
    private static final Granted NOTHING_NEW = new Granted(null, 0, null);
    private static final Granted ONE_NEW = new Granted(null, 1, null);

    public static Granted of(boolean @Nullable [] skipped, int acquiredCount) {
      if (skipped == null && acquiredCount <= 1) {
        return acquiredCount == 0 ? NOTHING_NEW : ONE_NEW;
      }
      return new Granted(skipped, acquiredCount, null);
    }
  }

  /// NOWAIT, and the key with this index is not free.
  public record NotAvailable(int keyIndex) implements AcquireReply {}

  private final LockDirectory directory;
  private final ThinLocks thinLocks;
  private final Map<LockKey, LockEntry> entries;
  private final ActorContext<Command> context;
  private final Consumer<Throwable> onFailure;
  private final ActorRef<WaitForGraph.Command> graph;
  private long waitSerial;
  private long leaseSerial;
  private @Nullable SqlException failure;

  private LockTable(
      ActorContext<Command> context, LockDirectory directory, ActorRef<WaitForGraph.Command> graph, Consumer<Throwable> onFailure) {
    this.directory = directory;
    thinLocks = directory.thinLocks();
    entries = directory.entries();
    this.context = context;
    this.graph = graph;
    this.onFailure = onFailure;
  }

  /// @param directory where this table keeps what others may read
  /// @param graphProps how to run the wait-for graph, which this actor spawns
  /// @param onFailure told of any Throwable; must close the database
  public static Behavior<Command> create(LockDirectory directory, Props graphProps, Consumer<Throwable> onFailure) {
    return Behaviors.setup(
        context -> {
          ActorRef<WaitForGraph.Command> graph = context.spawn(WaitForGraph.create(onFailure), "wait-for-graph", graphProps);
          LockTable table = new LockTable(context, directory, graph, onFailure);
          return Behaviors.receiveMessage(table::onCommandGuarded);
        });
  }

  /// A failed lock table cannot be restarted, since locks would be forgotten: it refuses everything and has the database closed.
  private Behavior<Command> onCommandGuarded(Command command) {
    directory.changing();
    try {
      onCommand(command);
    } catch (Throwable t) {
      SqlException reason = new SqlException(SqlState.IO_ERROR, "the lock table failed, the database is closed", t);
      onFail(reason);
      answerFailed(command, reason);
      onFailure.accept(t);
    } finally {
      directory.changed();
    }
    return Behaviors.same();
  }

  private void onCommand(Command command) {
    if (failure != null) {
      answerFailed(command, failure);
      return;
    }
    switch (command) {
      case AcquireLocks acquire -> onAcquireLocks(acquire);
      case AcquireWithLease acquire -> onAcquireWithLease(acquire.request());
      case LeaseReleased released -> onLeaseReleased(released.lease(), released.modeBits());
      case DropLeases drop -> drop.leases().forEach(this::dropLease);
      case GiveUpWait giveUp -> onGiveUpWait(giveUp);
      case ReleaseTransactions release -> release.releases().forEach(this::onRelease);
      case ReleaseSince release -> onReleaseSince(release);
      case ReleaseSessionLock release -> onReleaseSessionLock(release);
      case ReleaseSession release -> onReleaseSession(release);
      case Fail fail -> onFail(fail.reason());
      case AbortVictim abort -> onAbortVictim(abort);
    }
  }

  private static void answerFailed(Command command, SqlException reason) {
    switch (command) {
      case AcquireLocks acquire -> acquire.replyTo().fail(reason);
      case AcquireWithLease acquire -> acquire.request().replyTo().fail(reason);
      case ReleaseSessionLock release -> release.replyTo().complete(false);
      case GiveUpWait giveUp -> {
        if (!giveUp.slot().isDone()) {
          giveUp.slot().fail(reason);
        }
      }
      case ReleaseTransactions ignored -> {}
      case ReleaseSince ignored -> {}
      case LeaseReleased ignored -> {}
      case DropLeases ignored -> {}
      case ReleaseSession ignored -> {}
      case Fail ignored -> {}
      case AbortVictim ignored -> {}
    }
  }

  private void onFail(SqlException reason) {
    failure = reason;
    for (LockEntry entry : entries.values()) {
      for (LockWaiter waiter : entry.queue) {
        waiter.owner.waiting = null;
        waiter.request.replyTo().fail(reason);
      }
    }
    entries.clear();
  }

  private void onAcquireLocks(AcquireLocks request) {
    LockOwner owner = request.owner();
    if (owner.isClosed) {
      request.replyTo().fail(new SqlException(SqlState.INTERNAL_ERROR, "the session is closed"));
      return;
    }
    acquireFrom(request, 0, 0);
  }

  private void onAcquireWithLease(AcquireLocks request) {
    LockOwner owner = request.owner();
    LockKey key = request.keys().get(0);
    LockEntry entry = entries.get(key);
    if (owner.isClosed || (entry != null && !entry.admitsLease())) {
      onAcquireLocks(request);
      return;
    }
    if (entry == null) {
      entry = new LockEntry(key);
      entries.put(entry, entry);
    }
    TableLease lease = entry.addLease(owner, ++leaseSerial);
    lease.take(request.mode());
    owner.leases.add(lease);
    request.replyTo().complete(new Granted(null, 0, lease));
  }

  private void onLeaseReleased(TableLease lease, int modeBits) {
    LockEntry.Hold hold = lease.entry.holdOf(lease.owner);
    if (hold != null) {
      hold.leaseBits &= ~modeBits;
      if (hold.bits() == 0) {
        lease.entry.removeHold(hold);
      }
      afterChange(lease.entry);
    }
  }

  private void dropLease(TableLease lease) {
    lease.entry.dropLease(lease);
    afterChange(lease.entry);
  }

  /// Takes the keys from `start` on; answers when all are done or one has to wait.
  private void acquireFrom(AcquireLocks request, int start, int acquiredBefore) {
    List<LockKey> keys = request.keys();
    boolean[] skipped = null;
    int acquired = acquiredBefore;
    for (int i = start; i < keys.size(); i++) {
      LockKey key = keys.get(i);
      LockEntry entry = entries.get(key);
      if (entry == null) {
        entry = new LockEntry(key);
        entries.put(entry, entry);
        if (entry.isInRow()) {
          thinLocks.inflate(entry);
        }
      }
      if (entry.leases != null && !TableLease.isWeak(request.mode())) {
        entry.revokeLeases();
      }
      LockEntry.Hold held = entry.holdOf(request.owner());
      int heldBits = held == null ? 0 : held.bits();
      if (isCovered(entry, held, request)) {
        continue;
      }
      int place = entry.placeFor(heldBits);
      boolean isFree =
          !entry.conflictsWithHolders(request.owner(), request.mode()) && !entry.conflictsWithWaiters(request.mode(), place);
      if (isFree) {
        grant(entry, held, request);
        acquired++;
        continue;
      }
      switch (request.policy()) {
        case WAIT -> {
          startWait(entry, request, i, place, acquired);
          return;
        }
        case NOWAIT -> {
          request.replyTo().complete(new NotAvailable(i));
          return;
        }
        case SKIP_LOCKED -> {
          skipped = skipped == null ? new boolean[keys.size()] : skipped;
          skipped[i] = true;
        }
      }
    }
    request.replyTo().complete(Granted.of(skipped, acquired));
  }

  /// Whether what the transaction holds already excludes all that the mode excludes, so that nothing needs to be recorded.
  /// For tables every mode is recorded, since `pg_locks` lists them.
  private static boolean isCovered(LockEntry entry, LockEntry.@Nullable Hold held, AcquireLocks request) {
    if (held == null || request.isSessionScoped()) {
      return false;
    }
    return entry.isInRow() ? covers(held.transactionModes(), request.mode()) : (held.transactionBits & request.mode().bit()) != 0;
  }

  /// Whether one of the modes held of a row excludes all that a mode excludes.
  static boolean covers(int heldBits, TableLockMode mode) {
    for (int bits = heldBits & ThinLock.MODES; bits != 0; bits &= bits - 1) {
      int mask = TableLockMode.of(Integer.numberOfTrailingZeros(bits)).conflictMask();
      if ((mode.conflictMask() & ~mask) == 0) {
        return true;
      }
    }
    return false;
  }

  private void grant(LockEntry entry, LockEntry.@Nullable Hold held, AcquireLocks request) {
    LockOwner owner = request.owner();
    LockEntry.Hold hold = held == null ? entry.addHold(owner) : held;
    TableLockMode mode = request.mode();
    if (request.isSessionScoped()) {
      if (mode == TableLockMode.SHARE) {
        hold.sessionShared++;
      } else {
        hold.sessionExclusive++;
      }
      owner.sessionHolds.add(entry);
    } else if ((hold.transactionBits & mode.bit()) == 0) {
      hold.transactionBits |= mode.bit();
      owner.record(entry, mode.ordinal(), request.level());
    }
  }

  private void startWait(LockEntry entry, AcquireLocks request, int keyIndex, int place, int acquired) {
    LockWaiter waiter =
        new LockWaiter(request.owner(), entry, request.mode(), request, keyIndex, acquired, ++waitSerial, Host.current().instant().toEpochMilli());
    entry.enqueue(waiter, place);
    request.owner().waiting = waiter;
    reportEdges(entry);
  }

  private void endWait(LockWaiter waiter) {
    waiter.entry.dequeue(waiter);
    waiter.owner.waiting = null;
    graph.tell(new WaitForGraph.WaitEnded(waiter.owner, waiter.serial));
  }

  /// Tells the graph whose blockers have changed since it was told last.
  private void reportEdges(LockEntry entry) {
    LockWaiter[] lastOfMode = new LockWaiter[8];
    for (LockWaiter waiter : entry.queue) {
      List<LockOwner> edges = entry.edgesOf(waiter, lastOfMode[waiter.mode.ordinal()]);
      lastOfMode[waiter.mode.ordinal()] = waiter;
      if (!edges.equals(waiter.reported)) {
        waiter.reported = edges;
        graph.tell(
            new WaitForGraph.WaitChanged(
                waiter.owner, waiter.serial, waiter.owner.transactionSerial, edges, context.getSelf()));
      }
    }
  }

  private void onGiveUpWait(GiveUpWait giveUp) {
    LockWaiter waiter = giveUp.owner().waiting;
    if (waiter != null && waiter.request.replyTo() == giveUp.slot()) {
      refuse(waiter, giveUp.reason());
    }
  }

  private void refuse(LockWaiter waiter, SqlException reason) {
    endWait(waiter);
    afterChange(waiter.entry);
    waiter.request.replyTo().fail(reason);
  }

  /// Grants what has become free in the queue, and drops the entry when nobody is interested any more.
  private void afterChange(LockEntry entry) {
    if (!entry.queue.isEmpty()) {
      grantQueue(entry);
    }
    if (entry.isUnused() && entries.remove(entry, entry) && entry.mark != null) {
      thinLocks.deflate(entry);
    }
  }

  private void grantQueue(LockEntry entry) {
    List<LockWaiter> granted = new ArrayList<>(1);
    int aheadMask = 0;
    for (LockWaiter waiter : entry.queue) {
      boolean isFree = (waiter.mode.conflictMask() & aheadMask) == 0 && !entry.conflictsWithHolders(waiter.owner, waiter.mode);
      if (isFree) {
        grant(entry, entry.holdOf(waiter.owner), waiter.request);
        granted.add(waiter);
      } else {
        aheadMask |= waiter.mode.bit();
        if (aheadMask == 0xFF) {
          break;
        }
      }
    }
    granted.forEach(this::endWait);
    if (!entry.queue.isEmpty()) {
      reportEdges(entry);
    }
    for (LockWaiter waiter : granted) {
      acquireFrom(waiter.request, waiter.keyIndex + 1, waiter.acquiredCount + 1);
    }
  }

  private void onRelease(Release release) {
    releaseTransaction(release.owner());
    releaseTakenOver(release);
  }

  private void onReleaseSince(ReleaseSince request) {
    releaseSince(request.owner(), request.level());
    if (request.release() != null) {
      releaseTakenOver(request.release());
    }
  }

  private void releaseTakenOver(Release release) {
    for (InflatedLock inflated : release.inflated()) {
      LockEntry entry = entries.get(inflated.lock().key);
      LockEntry.Hold hold = entry == null || entry.mark != inflated.lock() ? null : entry.holdOf(release.owner());
      if (hold != null) {
        hold.thinBits &= ~inflated.modeBits();
        afterRelease(entry, hold);
      }
    }
    for (LockFingerprints prints : release.fingerprints()) {
      for (LockEntry entry : prints.inflated) {
        LockEntry.Hold hold = entry.holdOf(prints.owner);
        if (hold != null) {
          hold.removeFingerprints(prints);
          afterRelease(entry, hold);
        }
      }
      prints.inflated.clear();
    }
  }

  private void afterRelease(LockEntry entry, LockEntry.Hold hold) {
    if (hold.bits() == 0) {
      entry.removeHold(hold);
    }
    afterChange(entry);
  }

  private void releaseTransaction(LockOwner owner) {
    int count = owner.acquiredCount;
    LockEntry[] acquired = owner.acquired;
    for (int i = 0; i < count; i++) {
      release(owner, acquired[i], owner.acquiredAs[i] & 7);
      acquired[i] = null;
    }
    owner.forgetAcquired();
  }

  private void releaseSince(LockOwner owner, int level) {
    while (owner.acquiredCount > 0 && owner.acquiredAs[owner.acquiredCount - 1] >> 3 >= level) {
      int last = --owner.acquiredCount;
      release(owner, owner.acquired[last], owner.acquiredAs[last] & 7);
      owner.acquired[last] = null;
    }
  }

  private void release(LockOwner owner, LockEntry entry, int mode) {
    LockEntry.Hold hold = entry.holdOf(owner);
    hold.transactionBits &= ~(1 << mode);
    afterRelease(entry, hold);
  }

  private void onReleaseSessionLock(ReleaseSessionLock request) {
    LockEntry entry = entries.get(request.key());
    LockEntry.Hold hold = entry == null ? null : entry.holdOf(request.owner());
    boolean isShared = request.mode() == TableLockMode.SHARE;
    if (hold == null || (isShared ? hold.sessionShared : hold.sessionExclusive) == 0) {
      request.replyTo().complete(false);
      return;
    }
    if (isShared) {
      hold.sessionShared--;
    } else {
      hold.sessionExclusive--;
    }
    afterSessionRelease(request.owner(), entry, hold);
    request.replyTo().complete(true);
  }

  private void afterSessionRelease(LockOwner owner, LockEntry entry, LockEntry.Hold hold) {
    if (hold.sessionShared == 0 && hold.sessionExclusive == 0) {
      owner.sessionHolds.remove(entry);
    }
    afterRelease(entry, hold);
  }

  private void onReleaseSession(ReleaseSession request) {
    LockOwner owner = request.owner();
    if (request.close()) {
      owner.isClosed = true;
      LockWaiter waiter = owner.waiting;
      if (waiter != null) {
        refuse(waiter, new SqlException(SqlState.ADMIN_SHUTDOWN, "terminating connection due to administrator command"));
      }
      releaseTransaction(owner);
      List.copyOf(owner.leases).forEach(this::dropLease);
    }
    for (LockEntry entry : List.copyOf(owner.sessionHolds)) {
      LockEntry.Hold hold = entry.holdOf(owner);
      hold.sessionShared = 0;
      hold.sessionExclusive = 0;
      afterSessionRelease(owner, entry, hold);
    }
  }

  /// A deadlock stays until one of its waits ends, so it is real exactly when each of the cycle still waits for the next.
  private void onAbortVictim(AbortVictim abort) {
    CycleMember first = abort.cycle().get(0);
    LockWaiter victim = first.owner().waiting;
    if (victim == null || victim.serial != first.waitSerial()) {
      return;
    }
    if (!isStanding(abort.cycle()) || letJump(abort.cycle())) {
      // The graph has forgotten the victim's wait, which goes on.
      victim.reported = List.of();
      if (victim.owner.waiting == victim) {
        reportEdges(victim.entry);
      }
      return;
    }
    refuse(
        victim,
        new SqlException(SqlState.T_R_DEADLOCK_DETECTED, "deadlock detected")
            .withDetail(describe(abort.cycle()))
            .withHint("See server log for query details."));
  }

  /// Waits may have ended meanwhile, and somebody may have jumped a queue to undo another cycle.
  private static boolean isStanding(List<CycleMember> cycle) {
    for (int i = 0; i < cycle.size(); i++) {
      LockWaiter waiter = cycle.get(i).owner().waiting;
      if (waiter == null || waiter.serial != cycle.get(i).waitSerial()
          || !waiter.entry.blockersOf(waiter).contains(cycle.get((i + 1) % cycle.size()).owner())) {
        return false;
      }
    }
    return true;
  }

  /// Undoes a cycle in which somebody waits only because the next one asked earlier: the oldest of them goes before the one it waits for.
  /// A new cycle that comes of it is found when the changed waits are reported; each wait jumps a few times at most, so this ends.
  /// Source: PostgreSQL, `src/backend/storage/lmgr/README`, "The Deadlock Detection Algorithm" (soft edges).
  private boolean letJump(List<CycleMember> cycle) {
    LockWaiter jumper = null;
    LockWaiter passed = null;
    for (int i = 0; i < cycle.size(); i++) {
      LockWaiter waiter = cycle.get(i).owner().waiting;
      LockOwner next = cycle.get((i + 1) % cycle.size()).owner();
      boolean isSoft = waiter.jumpCount < JUMPS_MAX && next.waiting.entry == waiter.entry && !waiter.entry.isHeldAgainst(next, waiter.mode);
      if (isSoft && (jumper == null || waiter.owner.transactionSerial < jumper.owner.transactionSerial)) {
        jumper = waiter;
        passed = next.waiting;
      }
    }
    if (jumper == null) {
      return false;
    }
    jumper.jumpCount++;
    jumper.entry.moveBefore(jumper, passed);
    afterChange(jumper.entry);
    return true;
  }

  private static String describe(List<CycleMember> cycle) {
    Map<LockOwner, LockOwner> next = new LinkedHashMap<>();
    for (int i = 0; i < cycle.size(); i++) {
      next.put(cycle.get(i).owner(), cycle.get((i + 1) % cycle.size()).owner());
    }
    StringBuilder text = new StringBuilder();
    next.forEach(
        (owner, blocker) -> {
          LockWaiter waiter = owner.waiting;
          boolean onTransaction = waiter.entry.isInRow() && waiter.entry.holdOf(blocker) != null;
          text.append(text.isEmpty() ? "" : "\n")
              .append("Process ").append(owner.pid).append(" waits for ")
              .append(onTransaction ? "ShareLock on transaction " + blocker.xid
                  : waiter.mode.displayName() + " on " + waiter.entry.describe(owner.databaseOid))
              .append("; blocked by process ").append(blocker.pid).append('.');
        });
    return text.toString();
  }
}
