package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.lock.ReplySlot;
import io.heliosdb.nano.txn.InlineActor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/// An inline actor that can serve before the actor system has started, so that the first statements of a process do not
/// wait for it.
///
/// Until then a lock gives what the mailbox gives later: one message at a time, on the asking thread. The actor is spawned
/// under the same lock, so the two never run side by side.
final class StartingInlineActor<C> implements InlineActor<C> {
  private final Engine engine;
  private final Consumer<C> handler;
  private final String name;
  private final ReentrantLock starting = new ReentrantLock(true);
  private volatile @Nullable InlineActorRef<C> actor;

  StartingInlineActor(Engine engine, Consumer<C> handler, String name) {
    this.engine = engine;
    this.handler = handler;
    this.name = name;
  }

  private Behavior<C> behavior() {
    return Behaviors.receiveMessage(
        message -> {
          handler.accept(message);
          return Behaviors.same();
        });
  }

  /// The actor, spawned now if the system is there; waits for the system when `isNeeded`.
  private @Nullable InlineActorRef<C> actor(boolean isNeeded) {
    InlineActorRef<C> spawned = actor;
    if (spawned != null || !(isNeeded || engine.hasActors())) {
      return spawned;
    }
    if (starting.isHeldByCurrentThread()) {
      throw new IllegalStateException("a session asks itself");
    }
    starting.lock();
    try {
      if (actor == null) {
        actor = InlineActorRef.spawn(engine.runtime(), behavior(), name);
      }
      return actor;
    } finally {
      starting.unlock();
    }
  }

  @Override
  public ActorRef<C> ref() {
    return actor(true).ref();
  }

  @Override
  public <R> R ask(Function<ReplySlot<R>, C> message) {
    InlineActorRef<C> spawned = actor(false);
    if (spawned != null) {
      return spawned.ask(message);
    }
    if (starting.isHeldByCurrentThread()) {
      throw new IllegalStateException("a session asks itself");
    }
    starting.lock();
    try {
      if (actor == null) {
        ReplySlot<R> slot = new ReplySlot<>();
        handler.accept(message.apply(slot));
        return slot.await();
      }
    } finally {
      starting.unlock();
    }
    return actor.ask(message);
  }

  @Override
  public void tell(C message) {
    InlineActorRef<C> spawned = actor(true);
    spawned.tell(message);
  }

  @Override
  public void stop() {
    InlineActorRef<C> spawned = actor;
    if (spawned != null) {
      spawned.stop();
    }
  }
}
