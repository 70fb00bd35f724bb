package io.heliosdb.nano.testkit.simulation;

import io.heliosdb.nano.lock.Host;
import io.heliosdb.nano.lock.HostedThread;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// A thread that runs only when it has been given the turn.
final class SimulatedThread extends HostedThread {
  private final SimulatedHost host;
  private final Runnable task;
  private final Semaphore turn = new Semaphore(0);
  private boolean hasPermit;

  /// Counts the parks, so that an alarm of an earlier one is told from this one's. Belongs to the running thread.
  long parkNumber;

  SimulatedThread(SimulatedHost host, Runnable task, String name) {
    super(() -> {}, name);
    this.host = host;
    this.task = task;
  }

  @Override
  public Host host() {
    return host;
  }

  @Override
  public void run() {
    awaitTurn();
    @Nullable Throwable error = null;
    try {
      task.run();
    } catch (Throwable t) {
      error = t;
    }
    host.ended(error);
  }

  void awaitTurn() {
    turn.acquireUninterruptibly();
  }

  void grant() {
    turn.release();
  }

  void givePermit() {
    hasPermit = true;
  }

  boolean takePermit() {
    boolean had = hasPermit;
    hasPermit = false;
    return had;
  }
}
