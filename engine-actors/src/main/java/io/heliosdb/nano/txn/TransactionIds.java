package io.heliosdb.nano.txn;

import java.util.LinkedHashSet;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/// Which transaction ids are in use and what became of those given out since the database was opened. Thread-safe.
///
/// An id counts as open until its transaction's commit is visible or it has rolled back, so that a snapshot read here after the ids
/// never takes a commit for finished that its rows do not show. Of transactions that committed without writing anything the store
/// knows nothing; the last [#REMEMBERED_MAX] are remembered here.
public final class TransactionIds {
  private static final int REMEMBERED_MAX = 4096;

  /// What became of a transaction, as far as is known here.
  public enum Fate { FUTURE, IN_PROGRESS, COMMITTED_EMPTY, ENDED, FORGOTTEN }

  /// The open ids in order, and the newest that has ended (0 for none).
  public record Open(long newestEnded, long[] ids) {}

  private final LongSupplier source;
  private final TreeSet<Long> open = new TreeSet<>();
  private final LinkedHashSet<Long> emptyCommits = new LinkedHashSet<>();
  private long first;
  private long newest;
  private long newestEnded;
  private long newestForgotten;

  /// @param source gives ids that ascend
  public TransactionIds(LongSupplier source) {
    this.source = source;
  }

  public synchronized long assign() {
    long id = source.getAsLong();
    begin(id);
    open.add(id);
    return id;
  }

  private void begin(long id) {
    first = first == 0 ? id : first;
    newest = Math.max(newest, id);
  }

  /// The transaction has ended: `scn` is that of its commit, 0 for a commit that wrote nothing, -1 for a rollback.
  public synchronized void ended(long id, long scn) {
    open.remove(id);
    newestEnded = Math.max(newestEnded, id);
    if (scn == 0) {
      emptyCommits.add(id);
      if (emptyCommits.size() > REMEMBERED_MAX) {
        long oldest = emptyCommits.removeFirst();
        newestForgotten = Math.max(newestForgotten, oldest);
      }
    }
  }

  public synchronized Open open() {
    started();
    return new Open(newestEnded, open.stream().mapToLong(Long::longValue).toArray());
  }

  /// The id that the next transaction gets, at the earliest.
  public synchronized long next() {
    started();
    return newest + 1;
  }

  /// `ENDED` is committed if the store knows its commit, else rolled back.
  public synchronized Fate fate(long id) {
    started();
    if (Long.compareUnsigned(id, newest) > 0) {
      return Fate.FUTURE;
    }
    if (open.contains(id)) {
      return Fate.IN_PROGRESS;
    }
    if (emptyCommits.contains(id)) {
      return Fate.COMMITTED_EMPTY;
    }
    return id < first || id <= newestForgotten ? Fate.FORGOTTEN : Fate.ENDED;
  }

  /// Before the first transaction of this process an id is spent to learn where the counter stands.
  private void started() {
    if (newest == 0) {
      begin(source.getAsLong());
      newestEnded = newest;
    }
  }
}
