package io.heliosdb.nano.session;

import io.heliosdb.nano.txn.EngineSystem;
import io.heliosdb.nano.txn.TransactionStatistics;

/// What an in-memory database would lose: the changes committed since it was opened or last dumped. A database on disk has none.
/// Thread-safe; costs nothing until asked.
public final class DirtyState {
  /// Committed changes up to a moment.
  public record Mark(long rows, long bytes) {}

  private final EngineSystem system;
  private final boolean inMemory;
  private volatile Mark saved;

  /// What is there now, made by the opening itself, counts as saved.
  DirtyState(EngineSystem system, boolean inMemory) {
    this.system = system;
    this.inMemory = inMemory;
    this.saved = mark();
  }

  /// To be taken before the snapshot of a dump, for [#dumped]: what commits in between counts as unsaved, although it may be in the dump.
  public Mark mark() {
    TransactionStatistics now = system.statistics();
    return new Mark(now.changedRows(), now.changedBytes());
  }

  /// A dump of everything before the mark is complete.
  public synchronized void dumped(Mark mark) {
    if (mark.rows() >= saved.rows()) {
      saved = mark;
    }
  }

  /// Rows changed that no dump has.
  public long changes() {
    return inMemory ? Math.max(0, mark().rows() - saved.rows()) : 0;
  }

  /// Their bytes.
  public long bytes() {
    return inMemory ? Math.max(0, mark().bytes() - saved.bytes()) : 0;
  }
}
