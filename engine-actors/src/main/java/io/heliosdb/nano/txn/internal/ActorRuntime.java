package io.heliosdb.nano.txn.internal;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.heliosdb.nano.lock.Host;
import io.heliosdb.nano.lock.ReplySlot;
import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Optional;
import java.util.jar.JarFile;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// The actor system of one database: its configuration, its dispatchers, and the spawning of actors from any thread.
///
/// Dispatchers: `heliosdb.core` (lock table, wait-for graph, committer, sequences) and `heliosdb.session` run on callers;
/// everything else uses the small default dispatcher.
final class ActorRuntime {
  static final DispatcherSelector CORE = DispatcherSelector.fromConfig("heliosdb.core");
  static final DispatcherSelector SESSION = DispatcherSelector.fromConfig("heliosdb.session");

  private static final String OVERRIDES =
      """
      pekko {
        loggers = []
        library-extensions = []
        scheduler { tick-duration = 50ms, ticks-per-wheel = 128 }
        use-slf4j = off
        loglevel = "OFF"
        stdout-loglevel = "OFF"
        log-dead-letters = off
        daemonic = on
        jvm-exit-on-fatal-error = off
        jvm-shutdown-hooks = off
        java-flight-recorder.enabled = false
        coordinated-shutdown { terminate-actor-system = off, run-by-jvm-shutdown-hook = off, run-by-actor-system-terminate = off }
        actor {
          typed.library-extensions = []
          default-dispatcher.fork-join-executor { parallelism-min = 2, parallelism-max = 4 }
          internal-dispatcher.fork-join-executor { parallelism-min = 1, parallelism-max = 2 }
        }
      }
      heliosdb {
        core {
          type = Dispatcher
          executor = "io.heliosdb.nano.txn.internal.CallerRunsConfigurator"
          core = on
          throughput = 256
          shutdown-timeout = 0s
        }
        session {
          type = Dispatcher
          executor = "io.heliosdb.nano.txn.internal.CallerRunsConfigurator"
          core = off
          throughput = 1
          shutdown-timeout = 0s
        }
      }
      """;

  /// One class loader for here and for Pekko, since what the library reads of the reference configuration is kept by class loader.
  private static final class Configuration {
    static final ClassLoader LOADER = new WithoutManifests(ActorRuntime.class.getClassLoader());
    static final Config CONFIG = ConfigFactory.parseString(OVERRIDES).withFallback(ConfigFactory.defaultReference(LOADER)).resolve();
  }

  /// The class loader without the manifests of its jars. Pekko reads all of them when it starts, to compare the versions of its parts, which
  /// makes the JDK check the signatures of signed jars: three quarters of the time that an actor system takes to start. The build pins the
  /// versions.
  private static final class WithoutManifests extends ClassLoader {
    WithoutManifests(ClassLoader parent) {
      super(parent);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return name.equals(JarFile.MANIFEST_NAME) ? Collections.emptyEnumeration() : super.getResources(name);
    }
  }

  /// Starts an actor with the given properties and answers with its reference.
  private record Spawn<C>(Behavior<C> behavior, String name, Props props, ReplySlot<ActorRef<C>> replyTo) {}

  private final ActorSystem<Void> system;
  private final ActorRef<Spawn<?>> spawner;

  private ActorRuntime(ActorSystem<Void> system, ActorRef<Spawn<?>> spawner) {
    this.system = system;
    this.spawner = spawner;
  }

  static ActorRuntime start(Host host) {
    ReplySlot<ActorRef<Spawn<?>>> started = new ReplySlot<>();
    Behavior<Void> guardian =
        Behaviors.setup(
            context -> {
              started.complete(context.spawn(spawning(), "actors", CORE));
              return Behaviors.empty();
            });
    ActorSystem<Void> system = ActorSystem.create(guardian, "heliosdb", setup(host));
    return new ActorRuntime(system, started.await());
  }

  /// Of the machine all threads are Pekko's and ours; another host gets them all through [HostExecutor].
  private static ActorSystemSetup setup(Host host) {
    Config config = Configuration.CONFIG;
    if (host != Host.SYSTEM) {
      config =
          ConfigFactory.parseMap(host.actorSettings())
              .withFallback(ConfigFactory.parseString("pekko.actor.internal-dispatcher.executor = default-executor"))
              .withFallback(config);
    }
    BootstrapSetup setup =
        BootstrapSetup.create(
            Optional.of(Configuration.LOADER),
            Optional.of(config),
            host == Host.SYSTEM ? Optional.empty() : Optional.of(new HostExecutor(host)));
    return ActorSystemSetup.create(setup);
  }

  private static Behavior<Spawn<?>> spawning() {
    return Behaviors.receive(
        (context, spawn) -> {
          spawn(context, spawn);
          return Behaviors.same();
        });
  }

  private static <C> void spawn(org.apache.pekko.actor.typed.javadsl.ActorContext<?> context, Spawn<C> spawn) {
    try {
      spawn.replyTo.complete(
          spawn.name.isEmpty()
              ? context.spawnAnonymous(spawn.behavior, spawn.props)
              : context.spawn(spawn.behavior, spawn.name, spawn.props));
    } catch (RuntimeException e) {
      spawn.replyTo.fail(e);
    }
  }

  /// Spawns an actor; an empty name lets the system choose one.
  <C> ActorRef<C> spawn(Behavior<C> behavior, String name, Props props) {
    ReplySlot<ActorRef<C>> slot = new ReplySlot<>();
    CallerTurn turn = CallerTurn.current();
    turn.enterSpawn();
    try {
      spawner.tell(new Spawn<>(behavior, name, props, slot));
      return slot.await();
    } finally {
      turn.leaveSpawn();
    }
  }

  ActorSystem<Void> system() {
    return system;
  }

  void stop() {
    system.terminate();
  }
}
