package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.lock.TableLockMode;
import io.heliosdb.nano.txn.Sequences;
import java.util.HashMap;
import java.util.Map;

/// Sequences as one session uses them: its cached values, `currval`, `lastval`. Values are outside transactions. Confined to the session.
final class SessionSequences {
  /// How many values are taken at once when the sequence itself caches one only: a sequence without CACHE must stay dense across sessions.
  private static final class Cached {
    long generation;
    long next;
    long left;
    long increment;
    long last;
    boolean used;
  }

  private final SessionCore session;
  private final Map<Integer, Cached> cached = new HashMap<>();

  private int lastSequence;

  SessionSequences(SessionCore session) {
    this.session = session;
  }

  Sequences.Definition definition(Relation.Sequence sequence) {
    return definition(session.branchState().id(), sequence);
  }

  static Sequences.Definition definition(int branch, Relation.Sequence sequence) {
    return new Sequences.Definition(
        branch, Integer.toUnsignedLong(sequence.oid()), sequence.start(), sequence.increment(), sequence.minimum(), sequence.maximum(),
        sequence.cycle(), sequence.cache(), sequence.version(), sequence.name());
  }

  private Relation.Sequence sequence(int oid) {
    if (session.catalog().relation(oid) instanceof Relation.Sequence sequence) {
      return sequence;
    }
    Relation other = session.catalog().relation(oid);
    if (other != null) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + other.name() + "\" is not a sequence");
    }
    throw new SqlException(SqlState.UNDEFINED_TABLE, "could not open relation with OID " + oid);
  }

  long next(int oid) {
    sequence(oid);
    // Waits for a change of the definition that is not committed yet.
    session.transactions().current().lockTable(Integer.toUnsignedLong(oid), TableLockMode.ROW_EXCLUSIVE, false);
    Relation.Sequence sequence = sequence(oid);
    session.engine().privileges().checkSequence(session, sequence, "Uw");
    if (session.transactions().current().isReadOnly() && sequence.persistence() != Relation.Persistence.TEMPORARY) {
      throw new SqlException(SqlState.READ_ONLY_SQL_TRANSACTION, "cannot execute nextval() in a read-only transaction");
    }
    Cached state = cached.computeIfAbsent(oid, key -> new Cached());
    if (state.left == 0 || state.generation != sequence.version()) {
      int count = (int) Math.min(1_000_000, sequence.cache());
      Sequences.Range range = session.engine().system().sequences().next(definition(sequence), count);
      state.next = range.first();
      state.left = range.count();
      state.increment = sequence.increment();
      state.generation = sequence.version();
    }
    long value = state.next;
    state.next += state.increment;
    state.left--;
    state.last = value;
    state.used = true;
    lastSequence = oid;
    return value;
  }

  long current(int oid) {
    Relation.Sequence sequence = sequence(oid);
    session.engine().privileges().checkSequence(session, sequence, "rU");
    Cached state = cached.get(oid);
    if (state == null || !state.used) {
      throw new SqlException(
          SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "currval of sequence \"" + sequence.name() + "\" is not yet defined in this session");
    }
    return state.last;
  }

  long last() {
    if (lastSequence == 0 || session.catalog().relation(lastSequence) == null) {
      throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "lastval is not yet defined in this session");
    }
    return current(lastSequence);
  }

  void set(int oid, long value, boolean isCalled) {
    Relation.Sequence sequence = sequence(oid);
    session.engine().privileges().checkSequence(session, sequence, "w");
    if (session.transactions().current().isReadOnly() && sequence.persistence() != Relation.Persistence.TEMPORARY) {
      throw new SqlException(SqlState.READ_ONLY_SQL_TRANSACTION, "cannot execute setval() in a read-only transaction");
    }
    if (value < sequence.minimum() || value > sequence.maximum()) {
      throw new SqlException(
          SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
          "setval: value " + value + " is out of bounds for sequence \"" + sequence.name() + "\" (" + sequence.minimum() + ".." + sequence.maximum() + ")");
    }
    session.engine().system().sequences().set(definition(sequence), value, isCalled);
    Cached state = cached.computeIfAbsent(oid, key -> new Cached());
    state.left = 0;
    if (isCalled) {
      state.last = value;
      state.used = true;
    }
  }

  /// Last value and 1 if it was handed out, else 0.
  long[] state(Relation.Sequence sequence) {
    Sequences.State state = session.engine().system().sequences().state(definition(sequence));
    return new long[] {state.lastValue(), state.isCalled() ? 1 : 0};
  }

  // ---- RESTART, which belongs to its transaction unlike setval ----

  /// Gives a sequence another state, until the transaction or the level is rolled back. The caller holds the lock that keeps others away.
  void restart(Relation.Sequence sequence, long value, boolean isCalled) {
    Sequences sequences = session.engine().system().sequences();
    Sequences.Definition definition = definition(sequence);
    Sequences.State before = sequences.state(definition);
    session.transactions().current().onEnd(scn -> {
      if (scn < 0) {
        set(definition, before.lastValue(), before.isCalled());
      }
    });
    set(definition, value, isCalled);
  }

  private void set(Sequences.Definition definition, long value, boolean isCalled) {
    session.engine().system().sequences().set(definition, value, isCalled);
    Cached state = cached.get((int) definition.oid());
    if (state != null) {
      state.left = 0;
    }
  }

  /// DISCARD SEQUENCES.
  void discard() {
    cached.clear();
    lastSequence = 0;
  }
}
