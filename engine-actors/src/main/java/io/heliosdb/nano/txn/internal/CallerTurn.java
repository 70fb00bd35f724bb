package io.heliosdb.nano.txn.internal;

import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.dispatch.Mailbox;
import org.jspecify.annotations.Nullable;

/// What the current thread may run inline, and what it is running; one per thread.
///
/// A thread opts in around an ask ([#enter]/[#leave]), because only then may it block. Inside, it runs inline the core
/// actors (lock table, wait-for graph, committer, sequences) and its own session's actor, each at most once on its stack: a
/// mailbox that asks to be run again while it stands on the stack has left-overs of other people's work, and those go to
/// a thread of their own. An interrupt that arrives while a mailbox runs is kept and given back when it has run.
public final class CallerTurn {
  private static final ThreadLocal<CallerTurn> CURRENT = ThreadLocal.withInitial(CallerTurn::new);

  /// Deeper nesting than session, committer, lock table, graph means an actor asks in circles.
  private static final int DEPTH_MAX = 8;

  private final Mailbox[] running = new Mailbox[DEPTH_MAX];
  private int depth;
  private int optIns;
  private @Nullable ActorRef session;
  private int applyCount;
  private boolean isSpawning;
  private boolean isWriter;

  private CallerTurn() {}

  public static CallerTurn current() {
    return CURRENT.get();
  }

  /// Opts the thread in for the core actors.
  public void enter() {
    optIns++;
  }

  /// The same for a thread that makes an actor: the first turn of the new one, in which it comes to life, is taken here too. Elsewhere it
  /// would still be under way when the first message comes, which would then be worked on there.
  void enterSpawn() {
    optIns++;
    isSpawning = true;
  }

  void leaveSpawn() {
    isSpawning = false;
    leave();
  }

  /// Ends what [#enter] began.
  public void leave() {
    if (--optIns == 0 && depth == 0) {
      endTurn();
    }
  }

  /// Opts the thread in for one session as well. Returns false when it is in the middle of another session's work, which
  /// then has to run elsewhere; [#leaveSession] is to be called in either case.
  boolean enterSession(ActorRef own) {
    if (session == own) {
      throw new IllegalStateException("a session asks itself");
    }
    optIns++;
    if (session == null) {
      session = own;
      return true;
    }
    return false;
  }

  void leaveSession(boolean entered) {
    if (entered) {
      session = null;
    }
    leave();
  }

  private void endTurn() {
    applyCount = 0;
  }

  /// Marks a thread whose only job is to apply and flush for the committer.
  void becomeWriter() {
    isWriter = true;
    optIns++;
  }

  /// Whether the committer may apply a group here: an LMDB write transaction needs one platform thread from begin to end, and a
  /// caller's thread does few of them in one ask, so that it is not captured by those who queue meanwhile.
  boolean mayApply(int countMax) {
    return isWriter || (optIns > 0 && applyCount < countMax && !Thread.currentThread().isVirtual());
  }

  void applied() {
    applyCount++;
  }

  /// Runs the mailbox here if the rules allow it.
  boolean tryRun(Mailbox mailbox, boolean isCore) {
    if (optIns == 0 || depth == DEPTH_MAX) {
      return false;
    }
    for (int i = 0; i < depth; i++) {
      if (running[i] == mailbox) {
        return false;
      }
    }
    if (!isCore && !isSpawning && (session == null || mailbox.actor().self() != session)) {
      return false;
    }
    run(mailbox);
    return true;
  }

  /// Runs a mailbox on a thread made for it; core actors it asks run inline there too.
  void runAlone(Mailbox mailbox) {
    optIns++;
    session = mailbox.actor().self();
    run(mailbox);
  }

  private void run(Mailbox mailbox) {
    // Pekko stops a mailbox with an InterruptedException when it sees the flag, so it is kept away from it.
    boolean wasInterrupted = Thread.interrupted();
    running[depth++] = mailbox;
    try {
      mailbox.run();
    } catch (Throwable t) {
      if (!(t instanceof InterruptedException)) {
        throw t;
      }
      wasInterrupted = true;
    } finally {
      running[--depth] = null;
    }
    if (wasInterrupted) {
      // The work around this one polls the flag, and so does a wait for the answer.
      Thread.currentThread().interrupt();
    }
  }
}
