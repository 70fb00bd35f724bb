package io.heliosdb.nano.txn;

/// Sequence values, outside transactions. Thread-safe; a call may wait for the sequence actor, never for a lock.
///
/// The actor persists a horizon ahead of the values it hands out, per branch and sequence: a crash skips, never repeats.
public interface Sequences {
  /// What the catalog says about a sequence.
  ///
  /// @param generation changes whenever the definition changes (ALTER, RESTART): sessions drop cached values then
  record Definition(
      int branch, long oid, long start, long increment, long min, long max, boolean cycle, long cache, long generation, String name) {}

  /// `last_value`, `is_called` of a sequence as `SELECT * FROM seq` shows it.
  record State(long lastValue, boolean isCalled) {}

  /// `count` values in a row for one session's cache, fewer at the end of the sequence.
  ///
  /// @return first value and how many
  /// @throws io.heliosdb.nano.error.SqlException 2200H at the end of a sequence that does not cycle
  Range next(Definition definition, int count);

  /// `count` values from `first` in steps of the sequence's increment.
  record Range(long first, int count) {}

  /// `setval`. @throws io.heliosdb.nano.error.SqlException 22003 outside the bounds
  void set(Definition definition, long value, boolean isCalled);

  /// The present state; `start`, not called, for a sequence never used.
  State state(Definition definition);

  /// Forgets a dropped sequence.
  void drop(int branch, long oid);

  /// Gives a new branch its own continuation: the sequence on `toBranch` goes on from the present state of `from`.
  State copy(Definition from, int toBranch);
}
