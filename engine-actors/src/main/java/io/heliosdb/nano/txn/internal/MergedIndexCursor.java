package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.storage.IndexCursor;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.ReadView;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.storage.StoreReader;
import io.heliosdb.nano.txn.IndexEntryCursor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Merges the store's index entries with a write set's. See [MergedTableCursor].
final class MergedIndexCursor extends IndexEntryCursor implements ReaderUser {
  private final CommandAccess access;
  private final boolean isNewest;
  private final ReadView view;
  private final long indexId;
  private final KeyRange range;
  private final boolean reverse;
  private final @Nullable OwnEntries own;

  private @Nullable StoreReader reader;
  private @Nullable IndexCursor store;
  private boolean isStoreMoved;
  private byte @Nullable [] positionIndexKey;
  private byte @Nullable [] positionRowKey;
  private boolean storeEnded;

  /// The store's next entry, known but not handed out; copies, so that it outlives the reader.
  private byte @Nullable [] aheadIndexKey;

  private byte @Nullable [] aheadRowKey;
  private @Nullable EntryChange ownAhead;
  private boolean ownEnded;

  /// The entry stood on; made on demand while standing on the store's cursor.
  private byte @Nullable [] indexKey;

  private byte @Nullable [] rowKey;
  private boolean isEnded;
  private boolean isClosed;

  MergedIndexCursor(
      CommandAccess access, boolean isNewest, ReadView view, long indexId, KeyRange range, boolean reverse, @Nullable OwnEntries own) {
    this.access = access;
    this.isNewest = isNewest;
    this.view = view;
    this.indexId = indexId;
    this.range = range;
    this.reverse = reverse;
    this.own = own;
  }

  @Override
  public boolean next() {
    if (isClosed) {
      return false;
    }
    indexKey = null;
    rowKey = null;
    if (own != null) {
      return nextMerged();
    }
    if (storeEnded || !moveStore()) {
      isEnded = true;
      return false;
    }
    return true;
  }

  private boolean moveStore() {
    IndexCursor cursor = store == null ? open() : store;
    isStoreMoved = true;
    if (cursor.next()) {
      return true;
    }
    storeEnded = true;
    return false;
  }

  private IndexCursor open() {
    StoreReader opened = isNewest ? access.newestReader() : access.reader();
    IndexCursor cursor = opened.scanIndex(view, indexId, range, reverse);
    if (positionIndexKey != null) {
      cursor.resumeAfter(positionIndexKey, positionRowKey);
    }
    isStoreMoved = false;
    reader = opened;
    store = cursor;
    return cursor;
  }

  private boolean nextMerged() {
    while (true) {
      if (aheadIndexKey == null && !storeEnded && moveStore()) {
        aheadIndexKey = store.indexKey();
        aheadRowKey = store.rowKey();
      }
      if (ownAhead == null && !ownEnded) {
        ownAhead = own.next();
        ownEnded = ownAhead == null;
      }
      if (aheadIndexKey == null && ownAhead == null) {
        isEnded = true;
        return false;
      }
      int order = order();
      if (order < 0) {
        indexKey = aheadIndexKey;
        rowKey = aheadRowKey;
        aheadIndexKey = null;
        return true;
      }
      EntryChange change = ownAhead;
      ownAhead = null;
      if (order == 0) {
        aheadIndexKey = null;
      }
      if (change.isInsert) {
        indexKey = change.indexKey;
        rowKey = change.rowKey;
        return true;
      }
    }
  }

  private int order() {
    if (aheadIndexKey == null) {
      return 1;
    }
    if (ownAhead == null) {
      return -1;
    }
    int order = Arrays.compareUnsigned(aheadIndexKey, ownAhead.indexKey);
    if (order == 0) {
      order = Arrays.compareUnsigned(aheadRowKey, ownAhead.rowKey);
    }
    return reverse ? -order : order;
  }

  @Override
  public void readerClosing(StoreReader closing) {
    if (store == null || reader != closing) {
      return;
    }
    if (isStoreMoved && !storeEnded) {
      positionIndexKey = store.indexKey();
      positionRowKey = store.rowKey();
      if (own == null) {
        indexKey();
        rowKey();
      }
    }
    store = null;
    reader = null;
  }

  @Override
  public byte[] indexKey() {
    if (indexKey == null) {
      indexKey = store.indexKey();
    }
    return indexKey;
  }

  @Override
  public byte[] rowKey() {
    if (rowKey == null) {
      rowKey = store.rowKey();
    }
    return rowKey;
  }

  @Override
  public boolean getRow(long storageId, RowSlot slot) {
    if (own != null || store == null || isNewest || access.hasWrites(storageId) || access.recorder() != null) {
      return isNewest ? access.getNewest(storageId, rowKey(), slot) : access.get(storageId, rowKey(), slot);
    }
    return reader.get(access.viewOf(storageId), storageId, store, slot);
  }

  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    recordReads();
    isClosed = true;
    if (store != null) {
      store.close();
      store = null;
    }
    access.closed(this);
  }

  private void recordReads() {
    SerializableReads recorder = isNewest ? null : access.recorder();
    if (recorder == null) {
      return;
    }
    if (isEnded) {
      recorder.addRange(indexId, range);
      return;
    }
    byte[] reached =
        aheadIndexKey != null
            ? aheadIndexKey
            : store != null && isStoreMoved && !storeEnded ? store.indexKey() : indexKey != null ? indexKey : positionIndexKey;
    if (reached != null && reverse) {
      recorder.add(indexId, reached, range.to());
    } else if (reached != null) {
      recorder.add(indexId, range.from(), Arrays.copyOf(reached, reached.length + 1));
    }
  }
}
