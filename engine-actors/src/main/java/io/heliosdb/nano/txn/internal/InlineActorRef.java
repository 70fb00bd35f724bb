package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.lock.ReplySlot;
import io.heliosdb.nano.txn.InlineActor;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// An actor on the session dispatcher and the way to ask it inline.
final class InlineActorRef<C> implements InlineActor<C> {
  /// Ends the actor; a message of its own class, so that the protocol needs none for it.
  private static final Object STOP = new Object();

  private final ActorRef<Object> ref;
  private final org.apache.pekko.actor.ActorRef classic;

  private InlineActorRef(ActorRef<Object> ref) {
    this.ref = ref;
    classic = Adapter.toClassic(ref);
  }

  static <C> InlineActorRef<C> spawn(ActorRuntime runtime, Behavior<C> behavior, String name) {
    return new InlineActorRef<>(runtime.spawn(stoppable(behavior), name, ActorRuntime.SESSION));
  }

  @SuppressWarnings("unchecked")
  private static <C> Behavior<Object> stoppable(Behavior<C> behavior) {
    return Behaviors.intercept(Stopping::new, (Behavior<Object>) behavior);
  }

  private static final class Stopping extends org.apache.pekko.actor.typed.BehaviorInterceptor<Object, Object> {
    Stopping() {
      super(Object.class);
    }

    @Override
    public Behavior<Object> aroundReceive(
        org.apache.pekko.actor.typed.TypedActorContext<Object> context, Object message, ReceiveTarget<Object> target) {
      return message == STOP ? Behaviors.stopped() : target.apply(context, message);
    }
  }

  @Override
  @SuppressWarnings("unchecked")
  public ActorRef<C> ref() {
    return (ActorRef<C>) (ActorRef<?>) ref;
  }

  @Override
  public <R> R ask(Function<ReplySlot<R>, C> message) {
    ReplySlot<R> slot = new ReplySlot<>();
    CallerTurn turn = CallerTurn.current();
    boolean entered = turn.enterSession(classic);
    try {
      ref.tell(message.apply(slot));
      return slot.isDone() ? slot.get() : slot.await();
    } finally {
      turn.leaveSession(entered);
    }
  }

  @Override
  public void tell(C message) {
    ref.tell(message);
  }

  @Override
  public void stop() {
    ref.tell(STOP);
  }
}
