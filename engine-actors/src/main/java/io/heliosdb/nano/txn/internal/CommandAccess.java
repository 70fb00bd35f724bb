package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.lock.LockKey;
import io.heliosdb.nano.lock.LockTable;
import io.heliosdb.nano.lock.RowLockMode;
import io.heliosdb.nano.lock.TableLockMode;
import io.heliosdb.nano.lock.WaitPolicy;
import io.heliosdb.nano.storage.Branches;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.ReadView;
import io.heliosdb.nano.storage.RowPages;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.storage.RowWrite;
import io.heliosdb.nano.storage.Store;
import io.heliosdb.nano.storage.StoreReader;
import io.heliosdb.nano.storage.row.LargeRef;
import io.heliosdb.nano.txn.IndexEntryCursor;
import io.heliosdb.nano.txn.LockOutcome;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.txn.TableCursor;
import io.heliosdb.nano.txn.TablePages;
import io.heliosdb.nano.txn.Transaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One command's access: its snapshot, its readers, its open cursors.
///
/// Readers: `reader` serves the snapshot, `newest` the newest state when that has moved on since `reader` was taken. Both
/// are taken on demand and given back by [#releaseReader]; cursors are told first and re-seek later.
/// With `fixedView` set it reads that coordinate, knows no own writes and writes nothing.
final class CommandAccess implements StatementAccess {
  /// Own writes of any command show in newest reads.
  private static final int ALL_COMMANDS = Integer.MAX_VALUE;

  private final OpenTransaction transaction;
  private final Store store;
  private final int commandId;
  private final @Nullable ReadView fixedView;
  private final List<ReaderUser> users = new ArrayList<>(2);
  private long snapshotScn = -1;
  private @Nullable ReadView view;
  private @Nullable ReadView sharedView;
  private @Nullable StoreReader reader;

  /// The applied SCN just before `reader` was taken.
  private long readerScn;

  private @Nullable StoreReader newest;
  private long newestScn;
  private @Nullable List<CommandAccess> others;
  private boolean isClosed;

  CommandAccess(OpenTransaction transaction, int commandId, @Nullable ReadView fixedView) {
    this.transaction = transaction;
    this.store = transaction.engine().store();
    this.commandId = commandId;
    this.fixedView = fixedView;
  }

  @Override
  public Transaction transaction() {
    return transaction;
  }

  @Override
  public int commandId() {
    return commandId;
  }

  @Override
  public long snapshotScn() {
    if (snapshotScn < 0) {
      snapshotScn = transaction.takeSnapshot(false);
    }
    return snapshotScn;
  }

  private ReadView view() {
    if (view == null) {
      view = fixedView != null ? fixedView : transaction.viewAt(snapshotScn());
    }
    return view;
  }

  ReadView viewOf(long storageId) {
    if (storageId >= Branches.SHARED_STORAGE_ID_LIMIT) {
      return view();
    }
    if (sharedView == null) {
      sharedView = ReadView.SHARED_NEWEST.asOf(snapshotScn());
    }
    return sharedView;
  }

  private ReadView newestViewOf(long storageId) {
    return storageId < Branches.SHARED_STORAGE_ID_LIMIT ? ReadView.SHARED_NEWEST : transaction.options().view();
  }

  @Nullable SerializableReads recorder() {
    return fixedView == null ? transaction.reads() : null;
  }

  boolean hasWrites(long storageId) {
    return fixedView == null && transaction.writes().relation(storageId) != null;
  }

  @Override
  public boolean hasOwnWrites(long storageId) {
    RowChanges changes = fixedView != null ? null : transaction.writes().relation(storageId);
    return changes != null && !changes.isEmpty();
  }

  StoreReader reader() {
    if (reader == null) {
      checkOpen();
      snapshotScn();
      readerScn = store.appliedScn();
      reader = store.acquireReader();
    }
    return reader;
  }

  /// A reader that shows every commit applied by now. The snapshot is taken first: [#compare] takes what was read for unchanged when
  /// nothing was applied since the snapshot.
  StoreReader newestReader() {
    snapshotScn();
    long applied = store.appliedScn();
    if (reader != null && readerScn == applied) {
      transaction.sawApplied(reader.scn());
      return reader;
    }
    if (newest != null && newestScn != applied) {
      closeReader(newest);
      newest = null;
    }
    if (newest == null) {
      checkOpen();
      newestScn = store.appliedScn();
      newest = store.acquireReader();
      transaction.sawApplied(newest.scn());
    }
    return newest;
  }

  private void checkOpen() {
    if (isClosed || transaction.isEnded()) {
      throw new IllegalStateException("the command has ended");
    }
    transaction.engine().checkUsable();
  }

  private void closeReader(StoreReader closing) {
    // Backwards, since a user may leave the list when it is told.
    for (int i = users.size() - 1; i >= 0; i--) {
      users.get(i).readerClosing(closing);
    }
    closing.close();
  }

  @Override
  public void releaseReader() {
    if (reader != null) {
      StoreReader closing = reader;
      reader = null;
      closeReader(closing);
    }
    if (newest != null) {
      StoreReader closing = newest;
      newest = null;
      closeReader(closing);
    }
    if (others != null) {
      others.forEach(CommandAccess::releaseReader);
    }
  }

  void closed(ReaderUser user) {
    for (int i = users.size() - 1; i >= 0; i--) {
      if (users.get(i) == user) {
        users.remove(i);
        return;
      }
    }
  }

  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    while (!users.isEmpty()) {
      users.getLast().close();
    }
    if (others != null) {
      others.forEach(CommandAccess::close);
    }
    if (reader != null) {
      reader.close();
      reader = null;
    }
    if (newest != null) {
      newest.close();
      newest = null;
    }
    isClosed = true;
    transaction.commandClosed(this);
  }

  @Override
  public TableCursor scan(long storageId, KeyRange range, boolean reverse) {
    RowChanges changes = fixedView != null ? null : transaction.writes().relation(storageId);
    OwnRows own = changes == null ? null : new OwnRows(changes, commandId, range, reverse);
    return scan(false, viewOf(storageId), storageId, range, reverse, own);
  }

  @Override
  public @Nullable TablePages pages(long storageId, Runnable readerClosing) {
    if (fixedView == null) {
      if (snapshotScn < 0) {
        snapshotScn = transaction.takeSnapshot(true);
      }
      if (transaction.reads() != null || transaction.writes().relation(storageId) != null) {
        return null;
      }
    }
    StoreReader opened = reader();
    RowPages rows = opened.pages(viewOf(storageId), storageId);
    if (rows == null) {
      return null;
    }
    CommandPages pages = new CommandPages(this, opened, rows, readerClosing);
    users.add(pages);
    return pages;
  }

  @Override
  public TableCursor scanNewest(long storageId, KeyRange range, boolean reverse) {
    RowChanges changes = transaction.writes().relation(storageId);
    OwnRows own = changes == null ? null : new OwnRows(changes, ALL_COMMANDS, range, reverse);
    return scan(true, newestViewOf(storageId), storageId, range, reverse, own);
  }

  private TableCursor scan(
      boolean isNewest, ReadView scanned, long storageId, KeyRange range, boolean reverse, @Nullable OwnRows own) {
    checkOpen();
    MergedTableCursor cursor = new MergedTableCursor(this, isNewest, scanned, storageId, range, reverse, own);
    users.add(cursor);
    return cursor;
  }

  @Override
  public IndexEntryCursor scanIndex(long indexStorageId, KeyRange range, boolean reverse) {
    EntryChanges changes = fixedView != null ? null : transaction.writes().index(indexStorageId);
    OwnEntries own = changes == null ? null : new OwnEntries(changes, commandId, range, reverse);
    return scanIndex(false, viewOf(indexStorageId), indexStorageId, range, reverse, own);
  }

  @Override
  public IndexEntryCursor scanIndexNewest(long indexStorageId, KeyRange range, boolean reverse) {
    EntryChanges changes = transaction.writes().index(indexStorageId);
    OwnEntries own = changes == null ? null : new OwnEntries(changes, ALL_COMMANDS, range, reverse);
    return scanIndex(true, newestViewOf(indexStorageId), indexStorageId, range, reverse, own);
  }

  private IndexEntryCursor scanIndex(
      boolean isNewest, ReadView scanned, long indexId, KeyRange range, boolean reverse, @Nullable OwnEntries own) {
    checkOpen();
    MergedIndexCursor cursor = new MergedIndexCursor(this, isNewest, scanned, indexId, range, reverse, own);
    users.add(cursor);
    return cursor;
  }

  @Override
  public boolean get(long storageId, byte[] rowKey, RowSlot slot) {
    if (fixedView == null) {
      // The snapshot comes first: it is what makes the recorder.
      snapshotScn();
      SerializableReads recorder = transaction.reads();
      if (recorder != null) {
        recorder.addKey(storageId, rowKey);
      }
      RowChanges changes = transaction.writes().relation(storageId);
      if (changes != null) {
        RowChange own = changes.visible(rowKey, commandId);
        if (own != null) {
          return fill(own, slot);
        }
      }
    }
    return reader().get(viewOf(storageId), storageId, rowKey, slot);
  }

  private static boolean fill(RowChange own, RowSlot slot) {
    if (own.isDelete()) {
      return false;
    }
    own.fill(slot);
    return true;
  }

  @Override
  public boolean getNewest(long storageId, byte[] rowKey, RowSlot slot) {
    RowChanges changes = transaction.writes().relation(storageId);
    if (changes != null) {
      RowChange own = changes.newest(rowKey);
      if (own != null) {
        return fill(own, slot);
      }
    }
    return newestReader().get(newestViewOf(storageId), storageId, rowKey, slot);
  }

  @Override
  public StatementAccess asOf(ReadView asOfView) {
    CommandAccess other = new CommandAccess(transaction, commandId, asOfView);
    other.snapshotScn = snapshotScn();
    if (others == null) {
      others = new ArrayList<>(2);
    }
    others.add(other);
    return other;
  }

  @Override
  public @Nullable StatementAccess forWorker() {
    if (fixedView == null) {
      snapshotScn();
      if (transaction.reads() != null || !transaction.writes().isEmpty()) {
        return null;
      }
    }
    CommandAccess other = new CommandAccess(transaction, commandId, view());
    other.snapshotScn = snapshotScn();
    return other;
  }

  @Override
  public byte[] readLarge(LargeRef ref, int offset, int length) {
    return reader().readLarge(ref, offset, length);
  }

  @Override
  public void insert(long storageId, byte[] rowKey, byte[] row, int layoutId) {
    write(storageId, rowKey, RowWrite.Op.INSERT, row, layoutId);
  }

  @Override
  public void update(long storageId, byte[] rowKey, byte[] row, int layoutId) {
    write(storageId, rowKey, RowWrite.Op.UPDATE, row, layoutId);
  }

  @Override
  public void delete(long storageId, byte[] rowKey) {
    write(storageId, rowKey, RowWrite.Op.DELETE, null, 0);
  }

  private void write(long storageId, byte[] rowKey, RowWrite.Op op, byte @Nullable [] row, int layoutId) {
    checkWritable();
    transaction.writes().write(commandId, storageId, rowKey, op, row, layoutId);
  }

  @Override
  public void move(long storageId, byte[] rowKey, long newStorageId, byte[] newRowKey) {
    checkWritable();
    transaction.writes().move(commandId, storageId, rowKey, newStorageId, newRowKey);
  }

  @Override
  public void indexInsert(long indexStorageId, byte[] indexKey, byte[] rowKey) {
    checkWritable();
    transaction.writes().writeEntry(commandId, indexStorageId, indexKey, rowKey, true);
  }

  @Override
  public void indexDelete(long indexStorageId, byte[] indexKey, byte[] rowKey) {
    checkWritable();
    transaction.writes().writeEntry(commandId, indexStorageId, indexKey, rowKey, false);
  }

  private void checkWritable() {
    if (fixedView != null || isClosed) {
      throw new IllegalStateException("this access cannot write");
    }
    transaction.checkWritable();
  }

  @Override
  public LockOutcome lockRows(
      long storageId, byte[][] rowKeys, long[] readScns, RowLockMode mode, WaitPolicy policy, String relationName) {
    return lockRows(storageId, rowKeys, readScns, mode, policy, relationName, false);
  }

  @Override
  public LockOutcome lockRowsForSelect(
      long storageId, byte[][] rowKeys, long[] readScns, RowLockMode mode, WaitPolicy policy, String relationName) {
    return lockRows(storageId, rowKeys, readScns, mode, policy, relationName, true);
  }

  private LockOutcome lockRows(
      long storageId, byte[][] rowKeys, long[] readScns, RowLockMode mode, WaitPolicy policy, String relationName, boolean forSelect) {
    LockOutcome outcome = lockRowsNewest(storageId, rowKeys, readScns, mode, policy, relationName);
    for (int i = 0; i < rowKeys.length; i++) {
      LockOutcome.State state = outcome.state(i);
      if (state == LockOutcome.State.CHANGED || state == LockOutcome.State.DELETED) {
        follow(storageId, outcome, i, readScns[i], mode, policy, relationName);
        if (forSelect && mode == RowLockMode.KEY_SHARE && outcome.state(i) == LockOutcome.State.CHANGED && !wasGivenUp(storageId, rowKeys[i], readScns[i])) {
          outcome.states()[i] = LockOutcome.State.UNCHANGED;
          outcome.newestScns()[i] = readScns[i];
        }
      }
    }
    if (transaction.isolation().keepsSnapshot()) {
      for (LockOutcome.State state : outcome.states()) {
        if (state == LockOutcome.State.CHANGED || state == LockOutcome.State.DELETED) {
          throw new SqlException(
              SqlState.T_R_SERIALIZATION_FAILURE,
              "could not serialize access due to concurrent " + (forSelect || state == LockOutcome.State.CHANGED ? "update" : "delete"));
        }
      }
    }
    leaveOutChangedHere(storageId, outcome);
    return outcome;
  }

  /// A row that another part of the same statement (a query of WITH) has changed already is not changed again.
  private void leaveOutChangedHere(long storageId, LockOutcome outcome) {
    RowChanges changes = transaction.writes().relation(storageId);
    for (int i = 0; changes != null && i < outcome.states().length; i++) {
      RowChange newest = outcome.state(i) == LockOutcome.State.UNCHANGED ? changes.newest(outcome.rowKey(i)) : null;
      if (newest != null && newest.commandId == commandId) {
        outcome.states()[i] = LockOutcome.State.DELETED;
      }
    }
  }

  /// Whether the row that was under the key at that SCN has gone or moved since.
  private boolean wasGivenUp(long storageId, byte[] rowKey, long readScn) {
    int branch = Branches.homeOf(transaction.options().branch(), storageId);
    RowFates.Fate fate = transaction.engine().rowFates().of(LockKey.row(branch, storageId, rowKey));
    return fate != null && fate.isAfter(readScn);
  }

  /// Tells a row that was changed from one that went away, and goes after one that moved.
  private void follow(
      long storageId, LockOutcome outcome, int i, long readScn, RowLockMode mode, WaitPolicy policy, String relationName) {
    int branch = Branches.homeOf(transaction.options().branch(), storageId);
    byte[] key = outcome.rowKeys()[i];
    RowFates.Fate last = null;
    while (true) {
      RowFates.Fate fate = transaction.engine().rowFates().of(LockKey.row(branch, storageId, key));
      if (fate == null || !(last == null ? fate.isAfter(readScn) : fate.isAfter(last))) {
        return;
      }
      RowFates.Place place = fate.movedTo;
      if (place == null) {
        outcome.states()[i] = LockOutcome.State.DELETED;
        return;
      }
      if (place.storageId() != storageId) {
        throw movedAway();
      }
      if (transaction.isolation().keepsSnapshot()) {
        outcome.states()[i] = LockOutcome.State.CHANGED;
        return;
      }
      last = fate;
      key = place.rowKey();
      LockOutcome there = lockRowsNewest(storageId, new byte[][] {key}, new long[] {-2}, mode, policy, relationName);
      outcome.states()[i] = there.state(0);
      outcome.newestScns()[i] = there.newestScns()[0];
      outcome.rowKeys()[i] = key;
      if (there.state(0) == LockOutcome.State.SKIPPED) {
        return;
      }
    }
  }

  private SqlException movedAway() {
    return new SqlException(
        SqlState.T_R_SERIALIZATION_FAILURE,
        transaction.isolation().keepsSnapshot()
            ? "could not serialize access due to concurrent update"
            : "tuple to be locked was already moved to another partition due to concurrent update");
  }

  @Override
  public void checkNotMoved(long storageId, byte[] rowKey, long readScn) {
    int branch = Branches.homeOf(transaction.options().branch(), storageId);
    RowFates.Fate fate = transaction.engine().rowFates().of(LockKey.row(branch, storageId, rowKey));
    if (fate != null && fate.isAfter(readScn) && fate.movedTo != null && fate.movedTo.storageId() != storageId) {
      throw movedAway();
    }
  }

  @Override
  public LockOutcome lockRowsNewest(
      long storageId, byte[][] rowKeys, long[] readScns, RowLockMode mode, WaitPolicy policy, String relationName) {
    snapshotScn();
    int branch = Branches.homeOf(transaction.options().branch(), storageId);
    LockKey[] keys = new LockKey[rowKeys.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = LockKey.row(branch, storageId, rowKeys[i]);
    }
    LockTable.AcquireReply reply = transaction.acquireInRow(keys, mode.mode(), policy);
    return switch (reply) {
      case LockTable.Granted granted -> compare(storageId, rowKeys, readScns, granted.skipped());
      case LockTable.NotAvailable ignored ->
          throw new SqlException(SqlState.LOCK_NOT_AVAILABLE, "could not obtain lock on row in relation \"" + relationName + "\"");
    };
  }

  /// Compares the newest committed versions with those read.
  private LockOutcome compare(long storageId, byte[][] rowKeys, long[] readScns, boolean @Nullable [] skipped) {
    LockOutcome.State[] states = new LockOutcome.State[rowKeys.length];
    long[] newestScns = new long[rowKeys.length];
    Arrays.fill(states, LockOutcome.State.UNCHANGED);
    boolean isUnmoved = store.appliedScn() == snapshotScn();
    RowChanges changes = transaction.writes().relation(storageId);
    RowSlot slot = new RowSlot();
    for (int i = 0; i < rowKeys.length; i++) {
      if (skipped != null && skipped[i]) {
        states[i] = LockOutcome.State.SKIPPED;
      } else if (readScns[i] == OWN_WRITE_SCN || (changes != null && changes.newest(rowKeys[i]) != null)) {
        // Written by this transaction, so locked since: nobody can have committed a newer version.
        newestScns[i] = readScns[i];
      } else if (isUnmoved && readScns[i] <= snapshotScn) {
        newestScns[i] = readScns[i];
      } else if (!newestReader().get(newestViewOf(storageId), storageId, rowKeys[i], slot)) {
        states[i] = LockOutcome.State.DELETED;
      } else {
        newestScns[i] = slot.scn();
        if (slot.scn() != readScns[i]) {
          states[i] = LockOutcome.State.CHANGED;
        }
      }
    }
    return new LockOutcome(states, newestScns, rowKeys.clone());
  }

  @Override
  public void lockKeys(long indexStorageId, byte[][] keys) {
    lockKeys(indexStorageId, keys, WaitPolicy.WAIT);
  }

  @Override
  public boolean @Nullable [] tryLockKeys(long indexStorageId, byte[][] keys) {
    return lockKeys(indexStorageId, keys, WaitPolicy.SKIP_LOCKED).skipped();
  }

  private LockTable.Granted lockKeys(long indexStorageId, byte[][] keys, WaitPolicy policy) {
    int branch = Branches.homeOf(transaction.options().branch(), indexStorageId);
    LockKey[] lockKeys = new LockKey[keys.length];
    for (int i = 0; i < keys.length; i++) {
      lockKeys[i] = LockKey.uniqueKey(branch, indexStorageId, keys[i]);
    }
    return switch (transaction.acquireInRow(lockKeys, TableLockMode.EXCLUSIVE, policy)) {
      case LockTable.Granted granted -> granted;
      case LockTable.NotAvailable ignored -> throw new IllegalStateException("keys are never asked for with NOWAIT");
    };
  }

  @Override
  public boolean lockTable(long oid, TableLockMode mode, boolean nowait) {
    return transaction.lockTable(oid, mode, nowait);
  }
}
