package io.heliosdb.nano.txn;

/// What became of a batch of row locks, row by row, in the order asked. Immutable.
///
/// @param states per row
/// @param rowKeys per row the key under which it is locked, which differs from the one asked for when the row has moved
/// @param newestScns per row the SCN of the newest committed version; only meaningful where the state is `CHANGED`
public record LockOutcome(State[] states, long[] newestScns, byte[][] rowKeys) {
  /// What a row lock found.
  public enum State {
    /// Locked, and the newest committed version is the one the caller read.
    UNCHANGED,
    /// Locked, but somebody committed a newer version: re-check with [StatementAccess#getNewest].
    CHANGED,
    /// Locked, but somebody deleted the row.
    DELETED,
    /// Not locked: SKIP LOCKED, and somebody else has it.
    SKIPPED
  }

  public byte[] rowKey(int index) {
    return rowKeys[index];
  }

  public State state(int index) {
    return states[index];
  }

  public boolean isAllUnchanged() {
    for (State state : states) {
      if (state != State.UNCHANGED) {
        return false;
      }
    }
    return true;
  }
}
