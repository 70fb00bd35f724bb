package io.heliosdb.nano.persistence.dump.schedule;

import io.heliosdb.nano.persistence.dump.DumpManager;
import io.heliosdb.nano.persistence.dump.DumpOptions;
import io.heliosdb.nano.persistence.dump.DumpReport;
import io.heliosdb.nano.session.DatabaseEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes full dumps at scheduled times into a directory, and removes all but the newest. One instance per server.
///
/// States: waiting for the next time → dumping → waiting. One dump at a time: times that pass meanwhile are left out. A dump that fails is logged,
/// shows in `heliosdb_dumps`, and is tried again at the next time. Dumps run on the dispatcher for blocking work.
public final class DumpScheduler {
  private static final Logger LOG = LoggerFactory.getLogger(DumpScheduler.class);
  private static final String PREFIX = "heliosdb-";
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

  /// A timer never waits longer than this, so that changes of the clock are noticed.
  private static final Duration WAIT_MAX = Duration.ofMinutes(10);

  public sealed interface Command {}

  /// Ends the scheduler; a dump that runs is finished.
  public enum Stop implements Command { STOP }

  private enum Tick implements Command { TICK }

  private record Dumped(@Nullable DumpReport report, @Nullable Throwable error) implements Command {}

  /// @param directory made when missing
  /// @param keep how many dumps stay, 0 all
  public record Settings(CronSchedule schedule, Path directory, int keep) {}

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Settings settings;
  private final Clock clock;
  private final Function<Path, CompletionStage<DumpReport>> dump;
  private ZonedDateTime next;

  private DumpScheduler(
      ActorContext<Command> context, TimerScheduler<Command> timers, Settings settings, Clock clock, Function<Path, CompletionStage<DumpReport>> dump) {
    this.context = context;
    this.timers = timers;
    this.settings = settings;
    this.clock = clock;
    this.dump = dump;
    next = settings.schedule().next(ZonedDateTime.now(clock));
    await();
  }

  /// @param dump makes a dump in a file
  static Behavior<Command> create(Settings settings, Clock clock, Function<Path, CompletionStage<DumpReport>> dump) {
    return Behaviors.setup(context -> Behaviors.withTimers(timers -> new DumpScheduler(context, timers, settings, clock, dump).serving()));
  }

  /// Starts the scheduler of a database; closing what is given ends it.
  public static AutoCloseable start(DatabaseEngine engine, Settings settings) {
    Executor blocking = engine.system().actorSystem().dispatchers().lookup(DispatcherSelector.blocking());
    Function<Path, CompletionStage<DumpReport>> dump =
        file -> CompletableFuture.supplyAsync(() -> new DumpManager(engine).dump(DumpOptions.to(file)), blocking);
    ActorRef<Command> scheduler =
        engine.system().actorSystem().systemActorOf(create(settings, Clock.systemDefaultZone(), dump), "dump-scheduler", Props.empty());
    return () -> scheduler.tell(Stop.STOP);
  }

  private Behavior<Command> serving() {
    return Behaviors.receive(Command.class).onAnyMessage(this::onCommand).build();
  }

  private Behavior<Command> onCommand(Command command) {
    return switch (command) {
      case Tick tick -> onTick();
      case Dumped dumped -> onDumped(dumped);
      case Stop stop -> Behaviors.stopped();
    };
  }

  private void await() {
    Duration left = Duration.between(ZonedDateTime.now(clock), next);
    Duration wait = left.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : left.isNegative() ? Duration.ZERO : left;
    timers.startSingleTimer(Tick.TICK, wait.plusMillis(1));
  }

  private Behavior<Command> onTick() {
    ZonedDateTime now = ZonedDateTime.now(clock);
    if (now.isBefore(next)) {
      await();
      return Behaviors.same();
    }
    CompletionStage<DumpReport> running;
    try {
      Files.createDirectories(settings.directory());
      running = dump.apply(settings.directory().resolve(PREFIX + STAMP.format(now) + ".heliodump"));
    } catch (IOException e) {
      running = CompletableFuture.failedStage(e);
    }
    context.pipeToSelf(running, Dumped::new);
    return Behaviors.same();
  }

  private Behavior<Command> onDumped(Dumped dumped) {
    if (dumped.error() != null) {
      LOG.error("scheduled dump failed: {}", dumped.error().getMessage());
    } else if (dumped.report() != null) {
      LOG.info("scheduled dump: {} tables, {} rows to {}", dumped.report().tablesDumped(), dumped.report().rowsDumped(), dumped.report().path());
      removeOld();
    }
    next = settings.schedule().next(ZonedDateTime.now(clock));
    await();
    return Behaviors.same();
  }

  /// Names carry the time, so their order is that of age.
  private void removeOld() {
    if (settings.keep() == 0) {
      return;
    }
    try (Stream<Path> files = Files.list(settings.directory())) {
      List<Path> dumps = files.filter(f -> f.getFileName().toString().matches(PREFIX + "\\d{8}-\\d{6}\\.heliodump")).sorted().toList();
      for (Path old : dumps.subList(0, Math.max(0, dumps.size() - settings.keep()))) {
        Files.deleteIfExists(old);
      }
    } catch (IOException e) {
      LOG.warn("old dumps in {} could not be removed: {}", settings.directory(), e.getMessage());
    }
  }
}
