package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.lock.ReplySlot;
import io.heliosdb.nano.txn.Sequences;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/// Asks the sequence actor from any thread.
final class SequenceClient implements Sequences {
  private final Engine engine;
  private final ActorRef<SequenceActor.Command> actor;

  SequenceClient(Engine engine, ActorRef<SequenceActor.Command> actor) {
    this.engine = engine;
    this.actor = actor;
  }

  private <R> R ask(Function<ReplySlot<R>, SequenceActor.Command> message) {
    engine.checkUsable();
    return askAlways(message);
  }

  private <R> R askAlways(Function<ReplySlot<R>, SequenceActor.Command> message) {
    ReplySlot<R> slot = new ReplySlot<>();
    CallerTurn turn = CallerTurn.current();
    turn.enter();
    try {
      actor.tell(message.apply(slot));
      return slot.await(engine::checkRunning);
    } finally {
      turn.leave();
    }
  }

  @Override
  public Range next(Definition definition, int count) {
    return ask(slot -> new SequenceActor.Next(definition, count, slot));
  }

  @Override
  public void set(Definition definition, long value, boolean isCalled) {
    this.<Boolean>ask(slot -> new SequenceActor.SetValue(definition, value, isCalled, slot));
  }

  @Override
  public State state(Definition definition) {
    return ask(slot -> new SequenceActor.Read(definition, slot));
  }

  @Override
  public void drop(int branch, long oid) {
    this.<Boolean>ask(slot -> new SequenceActor.Drop(branch, oid, slot));
  }

  @Override
  public State copy(Definition from, int toBranch) {
    State state = state(from);
    Definition to =
        new Definition(
            toBranch, from.oid(), from.start(), from.increment(), from.min(), from.max(), from.cycle(), from.cache(),
            from.generation(), from.name());
    set(to, state.lastValue(), state.isCalled());
    return state;
  }

  /// Persists exact values; while closing.
  void settle() {
    this.<Boolean>askAlways(SequenceActor.Settle::new);
  }
}
