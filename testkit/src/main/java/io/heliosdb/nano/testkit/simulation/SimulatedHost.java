package io.heliosdb.nano.testkit.simulation;

import io.heliosdb.nano.lock.Host;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A clock and a scheduler that a seed decides.
///
/// During [#run] one simulated thread runs at a time; it goes on until it parks, ends, or sends to an actor, where the seed may have another
/// one go first. Who that is the seed decides among all that can run. Time passes by a few simulated microseconds at each such step, and by
/// leaps to the next alarm when nobody can run. When there is no alarm either, a wake-up has been lost: [StuckException].
/// Before and after a run threads are the machine's; a run begins when none of the machine's has anything left to do.
///
/// ```
///   PARKED --wake or alarm--> READY --chosen--> RUNNING --park--> PARKED
///                                               RUNNING --the seed--> READY
///                                               RUNNING --task done--> gone
/// ```
public final class SimulatedHost implements Host {
  /// Nobody can run any more, or simulated time runs without end.
  public static final class StuckException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StuckException(String message) {
      super(message);
    }
  }

  /// Wakes a thread or starts a task at a moment; alarms of the same moment go off in the order they were set.
  private record Alarm(long nanos, long number, @Nullable SimulatedThread thread, long parkNumber, @Nullable Runnable task) implements Comparable<Alarm> {
    @Override
    public int compareTo(Alarm other) {
      int byTime = Long.compare(nanos, other.nanos);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  private static final Map<String, SimulatedHost> RUNNING = new ConcurrentHashMap<>();
  private static final Instant ORIGIN = Instant.parse("2020-02-29T12:00:00Z");
  private static final long STEP_NANOS_MAX = 20_000;
  private static final long SIMULATED_NANOS_MAX = TimeUnit.HOURS.toNanos(1);
  private static final long REAL_SECONDS_MAX = 60;

  /// Of a hundred messages to an actor how many find it busy, and before how many another thread goes first.
  private static final int BUSY_PERCENT = 12;

  private static final int PREEMPTED_PERCENT = 20;

  private final String id = UUID.randomUUID().toString();
  private final Random random;
  private final AtomicInteger machineTasks = new AtomicInteger();

  // What follows belongs to the thread that runs.
  private final List<SimulatedThread> ready = new ArrayList<>();
  private final Set<SimulatedThread> parked = new HashSet<>();
  private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
  private int clientCount;
  private long alarmCount;
  private int threadCount;
  private @Nullable Throwable failure;
  private CountDownLatch ended = new CountDownLatch(0);
  private volatile long nanos;
  private volatile boolean isRunning;

  public SimulatedHost(long seed) {
    random = new Random(seed);
    RUNNING.put(id, this);
  }

  static SimulatedHost withId(String id) {
    return RUNNING.get(id);
  }

  @Override
  public Map<String, String> actorSettings() {
    return Map.of("pekko.scheduler.implementation", SimulatedScheduler.class.getName(), SimulatedScheduler.HOST_ID, id);
  }

  @Override
  public long nanoTime() {
    return nanos;
  }

  @Override
  public Instant instant() {
    return ORIGIN.plusNanos(nanos);
  }

  boolean isRunning() {
    return isRunning;
  }

  /// Waits until no task is left on a thread of the machine.
  private void awaitQuiet() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(REAL_SECONDS_MAX);
    while (machineTasks.get() > 0) {
      if (System.nanoTime() > deadline) {
        throw new StuckException("the database does not come to rest");
      }
      Thread.onSpinWait();
    }
  }

  /// Runs the clients from their beginnings to their ends.
  ///
  /// @throws StuckException when that cannot be
  public void run(List<Runnable> clients) {
    awaitQuiet();
    ended = new CountDownLatch(1);
    clientCount = clients.size();
    isRunning = true;
    for (Runnable client : clients) {
      add(new SimulatedThread(this, () -> asClient(client), "simulated-client-" + ++threadCount));
    }
    chosen().grant();
    try {
      if (!ended.await(REAL_SECONDS_MAX, TimeUnit.SECONDS)) {
        isRunning = false;
        throw new StuckException("a simulated thread waits for something that is not simulated: " + stacks());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StuckException("interrupted");
    }
    if (failure != null) {
      throw failure instanceof StuckException stuck ? stuck : new IllegalStateException(failure);
    }
  }

  private void asClient(Runnable client) {
    try {
      client.run();
    } finally {
      clientCount--;
    }
  }

  private void add(SimulatedThread thread) {
    ready.add(thread);
    thread.setDaemon(true);
    thread.start();
  }

  // ---- called by the database ----

  @Override
  public void start(Thread.Builder kind, Runnable task) {
    if (isRunning) {
      add(new SimulatedThread(this, task, "simulated-" + ++threadCount));
      return;
    }
    machineTasks.incrementAndGet();
    kind.start(() -> {
      try {
        task.run();
      } finally {
        machineTasks.decrementAndGet();
      }
    });
  }

  @Override
  public boolean runsInline() {
    if (!isRunning || !(Thread.currentThread() instanceof SimulatedThread thread)) {
      return true;
    }
    if (random.nextInt(100) < PREEMPTED_PERCENT) {
      ready.add(thread);
      giveUpTurn(thread);
    }
    return random.nextInt(100) >= BUSY_PERCENT;
  }

  @Override
  public void park(Object blocker, long forNanos) {
    if (!isRunning) {
      SYSTEM.park(blocker, forNanos);
      return;
    }
    SimulatedThread thread = (SimulatedThread) Thread.currentThread();
    if (thread.takePermit()) {
      return;
    }
    thread.parkNumber++;
    parked.add(thread);
    if (forNanos != Long.MAX_VALUE) {
      alarms.add(new Alarm(nanos + Math.max(0, forNanos), ++alarmCount, thread, thread.parkNumber, null));
    }
    giveUpTurn(thread);
  }

  @Override
  public void wake(Thread thread) {
    SimulatedThread simulated = (SimulatedThread) thread;
    if (!isRunning) {
      simulated.grant();
      SYSTEM.wake(thread);
    } else if (parked.remove(simulated)) {
      ready.add(simulated);
    } else {
      simulated.givePermit();
    }
  }

  /// Starts a task later.
  void startAfter(long delayNanos, Runnable task) {
    alarms.add(new Alarm(nanos + delayNanos, ++alarmCount, null, 0, task));
  }

  /// Has a client do nothing for so long.
  public void sleep(long forNanos) {
    long end = nanos + forNanos;
    for (long left = forNanos; left > 0; left = end - nanos) {
      park(this, left);
    }
  }

  // ---- scheduling ----

  private void giveUpTurn(SimulatedThread thread) {
    SimulatedThread next = chosen();
    if (next != thread) {
      if (next != null) {
        next.grant();
      }
      thread.awaitTurn();
    }
  }

  /// The running thread has come to its end.
  void ended(@Nullable Throwable error) {
    if (!isRunning) {
      return;
    }
    if (error != null) {
      fail(error);
      return;
    }
    SimulatedThread next = chosen();
    if (next != null) {
      next.grant();
    }
  }

  /// Takes the next thread to run; null when the run has ended.
  private @Nullable SimulatedThread chosen() {
    if (failure != null) {
      return null;
    }
    nanos += random.nextLong(STEP_NANOS_MAX);
    goOff();
    while (ready.isEmpty()) {
      if (clientCount == 0) {
        isRunning = false;
        ended.countDown();
        return null;
      }
      if (alarms.isEmpty() || alarms.peek().nanos > SIMULATED_NANOS_MAX) {
        fail(new StuckException((alarms.isEmpty() ? "nobody can run" : "time runs without end") + ": " + stacks()));
        return null;
      }
      nanos = Math.max(nanos, alarms.peek().nanos);
      goOff();
    }
    return ready.remove(random.nextInt(ready.size()));
  }

  private void goOff() {
    while (!alarms.isEmpty() && alarms.peek().nanos <= nanos) {
      Alarm alarm = alarms.poll();
      SimulatedThread thread = alarm.thread;
      if (thread == null) {
        add(new SimulatedThread(this, alarm.task, "simulated-" + ++threadCount));
      } else if (thread.parkNumber == alarm.parkNumber && parked.remove(thread)) {
        ready.add(thread);
      }
    }
  }

  private void fail(Throwable error) {
    failure = error;
    isRunning = false;
    ended.countDown();
  }

  private String stacks() {
    StringBuilder text = new StringBuilder();
    for (SimulatedThread thread : parked) {
      text.append("\n").append(thread.getName());
      for (StackTraceElement element : thread.getStackTrace()) {
        text.append("\n  ").append(element);
      }
    }
    return text.toString();
  }

  /// Forgets this host.
  public void close() {
    isRunning = false;
    RUNNING.remove(id);
  }
}
