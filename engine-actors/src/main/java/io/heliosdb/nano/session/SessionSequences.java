package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.lock.TableLockMode;
import io.heliosdb.nano.txn.Sequences;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
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

  /// What a sequence was before RESTART; per open level of the transaction, the innermost last.
  private record Before(Sequences.Definition definition, Sequences.State state) {}

  private final Deque<List<Before>> restarts = new ArrayDeque<>();
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
    if (restarts.isEmpty()) {
      restarts.addLast(new ArrayList<>());
    }
    restarts.getLast().add(new Before(definition, sequences.state(definition)));
    // Before its locks go.
    session.transactions().current().onEnd(scn -> endTransaction(scn >= 0));
    sequences.set(definition, value, isCalled);
    Cached state = cached.get(sequence.oid());
    if (state != null) {
      state.left = 0;
    }
  }

  void pushLevel() {
    if (restarts.isEmpty()) {
      restarts.addLast(new ArrayList<>());
    }
    restarts.addLast(new ArrayList<>());
  }

  void mergeLevel() {
    if (restarts.size() > 1) {
      List<Before> top = restarts.removeLast();
      restarts.getLast().addAll(top);
    }
  }

  void rollbackLevel() {
    if (!restarts.isEmpty()) {
      undo(restarts.removeLast());
    }
  }

  void endTransaction(boolean committed) {
    while (!restarts.isEmpty()) {
      List<Before> level = restarts.removeLast();
      if (!committed) {
        undo(level);
      }
    }
  }

  private void undo(List<Before> level) {
    for (Before before : level.reversed()) {
      session.engine().system().sequences().set(before.definition(), before.state().lastValue(), before.state().isCalled());
      Cached state = cached.get((int) before.definition().oid());
      if (state != null) {
        state.left = 0;
      }
    }
  }

  /// DISCARD SEQUENCES.
  void discard() {
    cached.clear();
    lastSequence = 0;
  }

}
