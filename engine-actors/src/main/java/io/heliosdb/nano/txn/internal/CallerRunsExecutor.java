package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.lock.Host;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.dispatch.Mailbox;

/// Runs a mailbox on the thread that sent the message where [CallerTurn] allows it, else on a new thread: a virtual one for a core actor,
/// whose messages are short; a platform thread for a session, whose statement may compute for minutes and would keep others off the few
/// carriers of virtual threads.
///
/// There is no queue: mailboxes hold what waits, and each is scheduled at most once.
final class CallerRunsExecutor extends AbstractExecutorService {
  private static final Thread.Builder.OfVirtual VIRTUAL = Thread.ofVirtual().name("heliosdb-actor-", 0);

  private static final int STACK_BYTES = 16 << 20;
  private static final Thread.Builder PLATFORM = Thread.ofPlatform().daemon().stackSize(STACK_BYTES).name("heliosdb-session-", 0);

  private final boolean isCore;
  private final Host host;
  private volatile boolean stopped;

  CallerRunsExecutor(boolean isCore, Host host) {
    this.host = host;
    this.isCore = isCore;
  }

  @Override
  public void execute(Runnable task) {
    if (task instanceof Mailbox mailbox) {
      if (isCore && !host.runsInline() || !CallerTurn.current().tryRun(mailbox, isCore)) {
        host.start(isCore ? VIRTUAL : PLATFORM, () -> CallerTurn.current().runAlone(mailbox));
      }
    } else {
      host.start(VIRTUAL, task);
    }
  }

  @Override
  public void shutdown() {
    stopped = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    stopped = true;
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return stopped;
  }

  @Override
  public boolean isTerminated() {
    return stopped;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return stopped;
  }
}
