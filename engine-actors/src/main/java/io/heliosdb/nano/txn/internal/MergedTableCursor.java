package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.ReadView;
import io.heliosdb.nano.storage.RowCursor;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.storage.StoreReader;
import io.heliosdb.nano.txn.TableCursor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Merges the store's rows with a write set's; with no own writes it is a thin shell around the store's cursor.
///
/// In a merge the store's cursor may stand one row ahead of what was handed out. When the reader goes, that row is copied,
/// and the scan continues behind it with the next reader.
final class MergedTableCursor extends TableCursor implements ReaderUser {
  private final CommandAccess access;
  private final boolean isNewest;
  private final ReadView view;
  private final long storageId;
  private final KeyRange range;
  private final boolean reverse;
  private final @Nullable OwnRows own;
  private final RowSlot ownSlot = new RowSlot();

  private @Nullable StoreReader reader;
  private @Nullable RowCursor store;
  private byte @Nullable [] storePosition;
  private boolean storeEnded;

  /// Whether the store's next row is known (cursor stands on it, or it is in `aheadKey`) but not handed out.
  private boolean isAhead;

  private byte @Nullable [] aheadKey;
  private final RowSlot aheadSlot = new RowSlot();

  private @Nullable RowChange ownAhead;
  private boolean ownEnded;

  /// The own row stood on; null when standing on a store row.
  private @Nullable RowChange current;

  /// The store row stood on is the copy in `aheadKey` and `aheadSlot`.
  private boolean onCopy;

  private byte @Nullable [] lastKey;
  private boolean isEnded;
  private boolean isClosed;

  MergedTableCursor(
      CommandAccess access, boolean isNewest, ReadView view, long storageId, KeyRange range, boolean reverse, @Nullable OwnRows own) {
    this.access = access;
    this.isNewest = isNewest;
    this.view = view;
    this.storageId = storageId;
    this.range = range;
    this.reverse = reverse;
    this.own = own;
  }

  @Override
  public boolean next() {
    if (own != null) {
      return nextMerged();
    }
    RowCursor cursor = store;
    if (cursor == null) {
      if (storeEnded || isClosed) {
        return false;
      }
      cursor = open();
    }
    if (cursor.next()) {
      return true;
    }
    storeEnded = true;
    isEnded = true;
    return false;
  }

  private RowCursor open() {
    StoreReader opened = isNewest ? access.newestReader() : access.reader();
    RowCursor cursor = opened.scan(view, storageId, range, reverse);
    if (storePosition != null) {
      cursor.resumeAfter(storePosition);
    }
    reader = opened;
    store = cursor;
    return cursor;
  }

  private boolean nextMerged() {
    if (isClosed) {
      return false;
    }
    onCopy = false;
    while (true) {
      fetchStore();
      if (ownAhead == null && !ownEnded) {
        ownAhead = own.next();
        ownEnded = ownAhead == null;
      }
      if (!isAhead && ownAhead == null) {
        isEnded = true;
        current = null;
        return false;
      }
      int order = order();
      if (order < 0) {
        isAhead = false;
        onCopy = aheadKey != null;
        current = null;
        return true;
      }
      RowChange change = ownAhead;
      ownAhead = null;
      if (order == 0) {
        isAhead = false;
        aheadKey = null;
      }
      if (!change.isDelete()) {
        current = change;
        change.fill(ownSlot);
        return true;
      }
      lastKey = change.key;
    }
  }

  private void fetchStore() {
    if (isAhead || storeEnded) {
      return;
    }
    aheadKey = null;
    RowCursor cursor = store == null ? open() : store;
    isAhead = cursor.next();
    storeEnded = !isAhead;
  }

  /// Negative when the store's row comes first, 0 for the same key.
  private int order() {
    if (!isAhead) {
      return 1;
    }
    if (ownAhead == null) {
      return -1;
    }
    int order =
        aheadKey != null
            ? Arrays.compareUnsigned(aheadKey, ownAhead.key)
            : compare(store.keyMemory(), store.keyOffset(), store.keyLength(), ownAhead.key);
    return reverse ? -order : order;
  }

  static int compare(MemorySegment memory, long offset, int length, byte[] key) {
    int common = Math.min(length, key.length);
    for (int i = 0; i < common; i++) {
      int difference = (memory.get(ValueLayout.JAVA_BYTE, offset + i) & 0xFF) - (key[i] & 0xFF);
      if (difference != 0) {
        return difference;
      }
    }
    return length - key.length;
  }

  @Override
  public void readerClosing(StoreReader closing) {
    if (store == null || reader != closing) {
      return;
    }
    if (isAhead && aheadKey == null) {
      aheadKey = store.key();
      RowSlot row = store.row();
      byte[] copy = row.toByteArray();
      aheadSlot.set(MemorySegment.ofArray(copy), 0, copy.length, row.scn(), row.layoutId());
      storePosition = aheadKey;
    } else if (!storeEnded && isPositioned()) {
      storePosition = store.key();
    }
    lastKey = storePosition;
    store = null;
    reader = null;
  }

  /// Whether the store's cursor has been moved since it was opened.
  private boolean isPositioned() {
    return store.row().memory() != MemorySegment.NULL;
  }

  @Override
  public RowSlot row() {
    if (current != null) {
      return ownSlot;
    }
    return onCopy ? aheadSlot : store.row();
  }

  @Override
  public MemorySegment keyMemory() {
    return current != null ? MemorySegment.ofArray(current.key) : onCopy ? MemorySegment.ofArray(aheadKey) : store.keyMemory();
  }

  @Override
  public long keyOffset() {
    return current != null || onCopy ? 0 : store.keyOffset();
  }

  @Override
  public int keyLength() {
    return current != null ? current.key.length : onCopy ? aheadKey.length : store.keyLength();
  }

  @Override
  public byte[] key() {
    return current != null ? current.key : onCopy ? aheadKey : super.key();
  }

  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    recordReads();
    if (store != null) {
      store.close();
      store = null;
    }
    access.closed(this);
  }

  /// Tells a serializable transaction how far the scan came.
  private void recordReads() {
    SerializableReads recorder = isNewest ? null : access.recorder();
    if (recorder == null) {
      return;
    }
    if (isEnded) {
      recorder.addRange(storageId, range);
      return;
    }
    byte[] reached = current != null ? current.key : store != null && isPositioned() ? store.key() : lastKey;
    if (reached != null && reverse) {
      recorder.add(storageId, reached, range.to());
    } else if (reached != null) {
      recorder.add(storageId, range.from(), Arrays.copyOf(reached, reached.length + 1));
    }
  }
}
