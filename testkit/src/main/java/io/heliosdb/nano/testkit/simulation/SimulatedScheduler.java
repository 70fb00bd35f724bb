package io.heliosdb.nano.testkit.simulation;

import com.typesafe.config.Config;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.AbstractScheduler;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.event.LoggingAdapter;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/// The actor system's timers, in simulated time. Made by the actor system, which knows of it by its class name only, so the host is found by a
/// setting.
public final class SimulatedScheduler extends AbstractScheduler {
  static final String HOST_ID = "heliosdb.simulated-host";
  private static final double FREQUENCY_MAX = 1_000_000;

  private final SimulatedHost host;

  public SimulatedScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {
    host = SimulatedHost.withId(config.getString(HOST_ID));
  }

  private static final class Timer implements Cancellable {
    private final AtomicBoolean isOver = new AtomicBoolean();

    @Override
    public boolean cancel() {
      return isOver.compareAndSet(false, true);
    }

    @Override
    public boolean isCancelled() {
      return isOver.get();
    }
  }

  @Override
  public Cancellable schedule(FiniteDuration initialDelay, FiniteDuration interval, Runnable task, ExecutionContext executor) {
    Timer timer = new Timer();
    repeat(timer, initialDelay.toNanos(), interval.toNanos(), task, executor);
    return timer;
  }

  private void repeat(Timer timer, long delayNanos, long intervalNanos, Runnable task, ExecutionContext executor) {
    host.startAfter(delayNanos, () -> {
      if (!timer.isCancelled()) {
        executor.execute(task);
        repeat(timer, intervalNanos, intervalNanos, task, executor);
      }
    });
  }

  @Override
  public Cancellable scheduleOnce(FiniteDuration delay, Runnable task, ExecutionContext executor) {
    Timer timer = new Timer();
    host.startAfter(delay.toNanos(), () -> {
      if (timer.cancel()) {
        executor.execute(task);
      }
    });
    return timer;
  }

  @Override
  public double maxFrequency() {
    return FREQUENCY_MAX;
  }
}
