package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.lock.ReplySlot;
import io.heliosdb.nano.storage.CounterKey;
import io.heliosdb.nano.storage.CounterWrite;
import io.heliosdb.nano.storage.Store;
import io.heliosdb.nano.txn.Sequences;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/// Hands out sequence values; one per database.
///
/// Invariant: a value handed out is at or before the persisted horizon in the sequence's direction, so after a crash the
/// sequence goes on behind the horizon. The horizon moves ahead in growing steps, so a busy sequence rarely writes.
/// The persisted number is the last value counted as used; "not called yet" is kept as the value one step before, which
/// wraps at the ends of the 64-bit range.
final class SequenceActor {
  /// Values that the first horizon lies ahead, as in PostgreSQL's SEQ_LOG_VALS.
  private static final int STEP_MIN = 32;

  private static final int STEP_MAX = 8_192;

  sealed interface Command {}

  record Next(Sequences.Definition definition, int count, ReplySlot<Sequences.Range> replyTo) implements Command {}

  record SetValue(Sequences.Definition definition, long value, boolean isCalled, ReplySlot<Boolean> replyTo) implements Command {}

  record Read(Sequences.Definition definition, ReplySlot<Sequences.State> replyTo) implements Command {}

  record Drop(int branch, long oid, ReplySlot<Boolean> replyTo) implements Command {}

  /// Persists the exact values, so that a clean restart skips none.
  record Settle(ReplySlot<Boolean> replyTo) implements Command {}

  private static final class Sequence {
    long last;
    boolean isCalled;

    /// Increment steps that are persisted ahead of `last`.
    long stepsAhead;

    int stepCount = STEP_MIN / 2;
    long increment;
  }

  private final Store store;
  private final Map<CounterKey, Sequence> sequences = new HashMap<>();

  private SequenceActor(Store store) {
    this.store = store;
  }

  static Behavior<Command> create(Store store) {
    return Behaviors.setup(
        context -> {
          SequenceActor actor = new SequenceActor(store);
          return Behaviors.receiveMessage(actor::onCommand);
        });
  }

  private Behavior<Command> onCommand(Command command) {
    switch (command) {
      case Next next -> answer(next.replyTo(), () -> next(next.definition(), next.count()));
      case SetValue set -> answer(set.replyTo(), () -> set(set.definition(), set.value(), set.isCalled()));
      case Read read ->
          answer(
              read.replyTo(),
              () -> {
                Sequence sequence = sequence(read.definition());
                return new Sequences.State(sequence.last, sequence.isCalled);
              });
      case Drop drop -> answer(drop.replyTo(), () -> drop(CounterKey.sequence(drop.branch(), drop.oid())));
      case Settle settle -> answer(settle.replyTo(), this::settle);
    }
    return Behaviors.same();
  }

  private static <R> void answer(ReplySlot<R> slot, java.util.function.Supplier<R> work) {
    try {
      slot.complete(work.get());
    } catch (RuntimeException e) {
      slot.fail(e);
    }
  }

  private static CounterKey key(Sequences.Definition definition) {
    return CounterKey.sequence(definition.branch(), definition.oid());
  }

  private Sequence sequence(Sequences.Definition definition) {
    Sequence sequence = sequences.get(key(definition));
    if (sequence == null) {
      sequence = load(definition);
      sequences.put(key(definition), sequence);
    }
    if (sequence.increment != definition.increment()) {
      // Steps persisted ahead counted in the former increment; what is used so far is persisted by the next move.
      sequence.increment = definition.increment();
      sequence.stepsAhead = 0;
    }
    return sequence;
  }

  private Sequence load(Sequences.Definition definition) {
    Sequence sequence = new Sequence();
    sequence.increment = definition.increment();
    OptionalLong persisted = store.readCounter(key(definition));
    long last = persisted.orElse(definition.start());
    boolean isInside = last >= definition.min() && last <= definition.max();
    sequence.isCalled = persisted.isPresent() && isInside;
    sequence.last = isInside ? last : last + definition.increment();
    return sequence;
  }

  private Sequences.Range next(Sequences.Definition definition, int count) {
    Sequence sequence = sequence(definition);
    long first = sequence.isCalled ? following(definition, sequence.last) : sequence.last;
    if (first < definition.min() || first > definition.max()) {
      throw exhausted(definition);
    }
    int got = (int) Math.min(Math.max(count, 1), 1 + stepsLeft(definition, first));
    boolean wrapped = sequence.isCalled && first != sequence.last + definition.increment();
    persistAhead(definition, sequence, first, got, wrapped || !sequence.isCalled);
    sequence.last = first + (got - 1) * definition.increment();
    sequence.isCalled = true;
    return new Sequences.Range(first, got);
  }

  /// The value after `last`, from the other end for a sequence that cycles.
  private static long following(Sequences.Definition definition, long last) {
    long increment = definition.increment();
    boolean isEnd = increment > 0 ? last > definition.max() - increment : last < definition.min() - increment;
    boolean overflows = increment > 0 ? definition.max() - increment > definition.max() : definition.min() - increment < definition.min();
    if (!isEnd && !overflows) {
      return last + increment;
    }
    if (!definition.cycle()) {
      throw exhausted(definition);
    }
    return increment > 0 ? definition.min() : definition.max();
  }

  private static SqlException exhausted(Sequences.Definition definition) {
    boolean ascending = definition.increment() > 0;
    return new SqlException(
        SqlState.SEQUENCE_GENERATOR_LIMIT_EXCEEDED,
        "nextval: reached " + (ascending ? "maximum" : "minimum") + " value of sequence \"" + definition.name() + "\" ("
            + (ascending ? definition.max() : definition.min()) + ")");
  }

  /// Steps from `first` to the end of the sequence; unsigned, since the range may be all of 64 bits.
  private static long stepsLeft(Sequences.Definition definition, long first) {
    long increment = definition.increment();
    long steps =
        increment > 0
            ? Long.divideUnsigned(definition.max() - first, increment)
            : Long.divideUnsigned(first - definition.min(), increment == Long.MIN_VALUE ? increment : -increment);
    return steps < 0 || steps > Integer.MAX_VALUE - 1 ? Integer.MAX_VALUE - 1 : steps;
  }

  /// Makes sure that the horizon covers `count` values from `first`.
  private void persistAhead(Sequences.Definition definition, Sequence sequence, long first, int count, boolean isJump) {
    if (!isJump && sequence.stepsAhead >= count) {
      sequence.stepsAhead -= count;
      return;
    }
    sequence.stepCount = Math.min(STEP_MAX, sequence.stepCount * 2);
    long ahead = Math.min(sequence.stepCount + (long) count - 1, stepsLeft(definition, first));
    store.writeCounter(CounterWrite.set(key(definition), first + ahead * definition.increment()), true);
    sequence.stepsAhead = ahead - (count - 1);
  }

  private Boolean set(Sequences.Definition definition, long value, boolean isCalled) {
    if (value < definition.min() || value > definition.max()) {
      throw new SqlException(
          SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
          "setval: value " + value + " is out of bounds for sequence \"" + definition.name() + "\" (" + definition.min() + ".."
              + definition.max() + ")");
    }
    Sequence sequence = sequence(definition);
    store.writeCounter(CounterWrite.set(key(definition), isCalled ? value : value - definition.increment()), true);
    sequence.last = value;
    sequence.isCalled = isCalled;
    sequence.stepsAhead = 0;
    return true;
  }

  private Boolean drop(CounterKey key) {
    sequences.remove(key);
    store.writeCounter(CounterWrite.remove(key), false);
    return true;
  }

  private Boolean settle() {
    sequences.forEach(
        (key, sequence) -> {
          if (sequence.stepsAhead > 0) {
            store.writeCounter(CounterWrite.set(key, sequence.last), false);
          }
        });
    sequences.clear();
    return true;
  }
}
