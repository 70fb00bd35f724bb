package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.BranchUsage;
import io.heliosdb.nano.storage.Branches;
import io.heliosdb.nano.storage.CommitInfo;
import io.heliosdb.nano.storage.CounterKey;
import io.heliosdb.nano.storage.IndexCursor;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.Layer;
import io.heliosdb.nano.storage.LogCursor;
import io.heliosdb.nano.storage.ReadView;
import io.heliosdb.nano.storage.RowCursor;
import io.heliosdb.nano.storage.RowPages;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.storage.StoreReader;
import io.heliosdb.nano.storage.lmdb.Lmdb;
import io.heliosdb.nano.storage.lmdb.LmdbException;
import io.heliosdb.nano.storage.lmdb.Memory;
import io.heliosdb.nano.storage.row.LargeRef;
import java.lang.foreign.Arena;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A pooled LMDB read transaction.
///
/// Invariants: (1) between [#begin] and [#close] the transaction is live and addresses found through it are stable;
/// (2) [#use] differs between any two uses, and everything handed out remembers it, so a cursor kept too long fails with
/// an exception instead of touching memory that is gone; (3) native structures live until the engine frees the reader.
final class LmdbReader implements StoreReader {
  private static final int ABSENT = 0;
  private static final int FOUND = 1;
  private static final int TOMBSTONE = 2;

  /// The key part starts here in the buffer, the prefix is written right before it.
  private static final int PART_OFFSET = 16;

  /// [TreePages] reads LMDB's own numbers, which are in the machine's order.
  private static final boolean IS_LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

  /// More than the longest name of a tree.
  private static final int NAME_BYTES_MAX = 32;

  /// Cursors kept for the next use.
  private static final int CURSORS_KEPT_MAX = 64;

  private final StoreEngine engine;
  private final Arena arena = Arena.ofShared();
  private final long txn;
  private final long keyVal;
  private final long dataVal;
  private final long partBuffer;
  private final long seekBuffer;

  /// For the names of trees, which are looked up while the other buffers hold keys.
  private final long recordBuffer;
  private final List<CursorHandle> cursors = new ArrayList<>();
  private final Version version = new Version();

  /// Where the records of the trees stand, as far as known, in the state with LMDB's transaction number [#treeRecordsTxn]. A use that meets
  /// the same state finds them there.
  private final long[] treeRecords = new long[Tree.COUNT];
  private long treeRecordsTxn = -1;
  private final ReadScope scope;
  private boolean open;

  /// Length of what [#find] found last.
  private int foundBytes;
  private long use;
  private long scn;
  private long scnCeiling;

  /// Begins the transaction; the first use starts right away.
  LmdbReader(StoreEngine engine) {
    this.engine = engine;
    long block = arena.allocate(2 * Lmdb.VAL_BYTES + 2 * Format.KEY_BUFFER_BYTES + NAME_BYTES_MAX, 8).address();
    keyVal = block;
    dataVal = block + Lmdb.VAL_BYTES;
    partBuffer = block + 2 * Lmdb.VAL_BYTES;
    seekBuffer = partBuffer + Format.KEY_BUFFER_BYTES;
    recordBuffer = seekBuffer + Format.KEY_BUFFER_BYTES;
    scope = new ReadScope(this, seekBuffer);
    try {
      txn = engine.environment().begin(Lmdb.RDONLY, keyVal);
    } catch (LmdbException e) {
      arena.close();
      throw StoreFailure.translate(e);
    }
    startUse();
  }

  /// Starts another use of a pooled reader.
  void begin() {
    int code = Lmdb.txnRenew(txn);
    if (code != Lmdb.SUCCESS) {
      throw StoreFailure.translate(new LmdbException("mdb_txn_renew", code));
    }
    startUse();
  }

  private void startUse() {
    use++;
    open = true;
    scn = -1;
    scnCeiling = engine.scnCeiling();
    scope.chains().restart();
    long id = Lmdb.txnId(txn);
    if (id != treeRecordsTxn) {
      treeRecordsTxn = id;
      Arrays.fill(treeRecords, 0);
    }
  }

  @Override
  public void close() {
    if (!open) {
      return;
    }
    open = false;
    use++;
    for (CursorHandle cursor : cursors) {
      cursor.taken = false;
    }
    while (cursors.size() > CURSORS_KEPT_MAX) {
      Lmdb.cursorClose(cursors.removeLast().address);
    }
    Lmdb.txnReset(txn);
    engine.returnReader(this);
  }

  /// Ends the transaction for good.
  void free() {
    for (CursorHandle cursor : cursors) {
      Lmdb.cursorClose(cursor.address);
    }
    Lmdb.txnAbort(txn);
    arena.close();
  }

  long use() {
    return use;
  }

  void checkUse(long expected) {
    if (use != expected) {
      throw new IllegalStateException("the reader has been closed");
    }
  }

  private void checkOpen() {
    if (!open) {
      throw new IllegalStateException("the reader has been closed");
    }
  }

  long keyBuffer() {
    return seekBuffer;
  }

  CursorHandle takeCursor(Tree tree) {
    checkOpen();
    for (int i = 0; i < cursors.size(); i++) {
      CursorHandle cursor = cursors.get(i);
      if (cursor.tree == tree && !cursor.taken) {
        if (cursor.boundIn != use) {
          Lmdb.check("mdb_cursor_renew", Lmdb.cursorRenew(txn, cursor.address));
          cursor.boundIn = use;
        }
        cursor.taken = true;
        return cursor;
      }
    }
    Lmdb.check("mdb_cursor_open", Lmdb.cursorOpen(txn, engine.database(tree), keyVal));
    long structures = arena.allocate(2 * Lmdb.VAL_BYTES, 8).address();
    CursorHandle cursor = new CursorHandle(tree, Memory.getWord(keyVal), structures, structures + Lmdb.VAL_BYTES);
    cursor.taken = true;
    cursor.boundIn = use;
    cursors.add(cursor);
    return cursor;
  }

  void returnCursor(CursorHandle cursor, long takenIn) {
    if (use == takenIn) {
      cursor.taken = false;
    }
  }

  byte[] prefix(int branch, long id) {
    long end = Format.putPrefix(seekBuffer, branch, id);
    return Memory.copyOut(seekBuffer, (int) (end - seekBuffer));
  }

  @Override
  public long scn() {
    if (scn < 0) {
      CursorHandle cursor = takeCursor(Tree.COMMITS);
      int code = Lmdb.cursorGet(cursor.address, cursor.key, cursor.data, Lmdb.LAST);
      scn = code == Lmdb.NOTFOUND ? 0 : Memory.getLongBigEndian(Memory.getWord(checked(cursor, code).key + 8));
      cursor.taken = false;
    }
    return scn;
  }

  static CursorHandle checked(CursorHandle cursor, int code) {
    if (code != Lmdb.SUCCESS) {
      throw StoreFailure.translate(new LmdbException("mdb_cursor_get", code));
    }
    return cursor;
  }

  /// Whether a layer limited to `limit` shows the newest state, so that no history needs to be read.
  boolean isNewest(long limit) {
    return limit >= scnCeiling || limit >= scn();
  }

  @Override
  public boolean get(ReadView view, long storageId, byte[] key, RowSlot slot) {
    return get(view, storageId, key, key.length, slot);
  }

  @Override
  public boolean get(ReadView view, long storageId, byte[] key, int keyLength, RowSlot slot) {
    checkOpen();
    long part = partBuffer + PART_OFFSET;
    return getByPart(view, storageId, Format.putPart(part, key, keyLength, Format.ROW_KEY_PREFIX) - part, slot);
  }

  @Override
  public boolean get(ReadView view, long storageId, IndexCursor entry, RowSlot slot) {
    int length = entry.rowKeyLength();
    if (length >= Format.ROW_KEY_PREFIX) {
      return get(view, storageId, entry.rowKey(), length, slot);
    }
    checkOpen();
    Memory.copy(entry.rowKeyOffset(), partBuffer + PART_OFFSET, length);
    return getByPart(view, storageId, length, slot);
  }

  private boolean getByPart(ReadView view, long storageId, long partBytes, RowSlot slot) {
    OverlayKeys overlays = engine.overlayKeys();
    long hash = Branches.isOverlay(view.layer(0).branch()) ? OverlayKeys.hash(partBuffer + PART_OFFSET, (int) partBytes) : 0;
    for (int i = 0; i < view.layerCount(); i++) {
      Layer layer = view.layer(i);
      if (Branches.isOverlay(layer.branch()) && !overlays.mayContain(layer.branch(), storageId, hash)) {
        continue;
      }
      switch (getInLayer(layer, storageId, (int) partBytes, slot)) {
        case FOUND:
          return true;
        case TOMBSTONE:
          return false;
        default:
      }
    }
    return false;
  }

  private int getInLayer(Layer layer, long storageId, int partBytes, RowSlot slot) {
    int prefixBytes = orderedBytes(layer.branch()) + orderedBytes(storageId);
    long key = partBuffer + PART_OFFSET - prefixBytes;
    Format.putPrefix(key, layer.branch(), storageId);
    long value = find(Tree.CURRENT, key, prefixBytes + partBytes);
    boolean newest = isNewest(layer.scn());
    if (value != 0) {
      long rowScn = Memory.getLong(value + Format.ROW_SCN);
      if (newest || rowScn <= layer.scn()) {
        int flags = Memory.getByte(value + Format.ROW_FLAGS);
        if ((flags & Format.ROW_TOMBSTONE) != 0) {
          return TOMBSTONE;
        }
        int content = Format.rowOffset(value, flags);
        slot.set(
            Memory.ALL, value + content, foundBytes - content, rowScn, Memory.getInt(value + Format.ROW_LAYOUT));
        return FOUND;
      }
      if ((Memory.getByte(value + Format.ROW_FLAGS) & Format.ROW_CHAINED) != 0
          && scope.chains().findBehind(value, layer.scn(), version)) {
        return take(version, slot);
      }
    }
    // A key that is deleted in an overlay leaves a tombstone in `current`.
    return newest || Branches.isOverlay(layer.branch()) ? ABSENT : getPast(key, prefixBytes + partBytes, layer.scn(), slot);
  }

  private static int take(Version found, RowSlot slot) {
    if (found.tombstone) {
      return TOMBSTONE;
    }
    slot.set(Memory.ALL, found.rowAddress, found.rowBytes, found.scn, found.layoutId);
    return FOUND;
  }

  /// Looks for the incarnation of a deleted key that was alive at `limit`.
  private int getPast(long key, int keyBytes, long limit, RowSlot slot) {
    CursorHandle cursor = takeCursor(Tree.PAST_ROWS);
    try {
      Memory.putLongBigEndian(key + keyBytes, limit + 1);
      Memory.putWord(cursor.key, keyBytes + 8);
      Memory.putWord(cursor.key + 8, key);
      int code = Lmdb.cursorGet(cursor.address, cursor.key, cursor.data, Lmdb.SET_RANGE);
      if (code == Lmdb.NOTFOUND) {
        return ABSENT;
      }
      checked(cursor, code);
      long found = Memory.getWord(cursor.key + 8);
      if (Memory.getWord(cursor.key) != keyBytes + 8 || Memory.compare(found, keyBytes, key, keyBytes) != 0) {
        return ABSENT;
      }
      long value = Memory.getWord(cursor.data + 8);
      long died = Memory.getLongBigEndian(found + keyBytes);
      if (Memory.getLong(value + Format.PAST_BORN) > limit
          || !scope.chains().find(died, Memory.getInt(value + Format.PAST_SEQUENCE), limit, version)) {
        return ABSENT;
      }
      return take(version, slot);
    } finally {
      cursor.taken = false;
    }
  }

  ReadScope scope() {
    return scope;
  }

  VersionChains chains() {
    return scope.chains();
  }

  /// Where the value of a key stands, with its length in [#foundBytes]; 0 when there is none. Reads the pages where they are mapped: a call into
  /// LMDB costs half as much again.
  private long find(Tree tree, long key, int keyBytes) {
    checkOpen();
    if (IS_LITTLE_ENDIAN) {
      long node = PageCursor.find(treeRecord(tree), engine.pageBytes(), key, keyBytes);
      if (node == 0) {
        return 0;
      }
      foundBytes = Memory.getInt(node);
      return PageCursor.value(node, engine.pageBytes());
    }
    return call(engine.database(tree), key, keyBytes);
  }

  private long call(int database, long key, int keyBytes) {
    Memory.putWord(keyVal, keyBytes);
    Memory.putWord(keyVal + 8, key);
    int code = Lmdb.get(txn, database, keyVal, dataVal);
    if (code == Lmdb.NOTFOUND) {
      return 0;
    }
    if (code != Lmdb.SUCCESS) {
      throw StoreFailure.translate(new LmdbException("mdb_get", code));
    }
    foundBytes = (int) Memory.getWord(dataVal);
    return Memory.getWord(dataVal + 8);
  }

  private static int orderedBytes(long value) {
    return Long.compareUnsigned(value, 0xF8) < 0 ? 1 : 1 + ((71 - Long.numberOfLeadingZeros(value)) >> 3);
  }

  @Override
  public RowCursor scan(ReadView view, long storageId, KeyRange range, boolean reverse) {
    return new LayerRowCursor(layers(scope, Tree.CURRENT, view, storageId, range, reverse));
  }

  @Override
  public @Nullable RowPages pages(ReadView view, long storageId) {
    checkOpen();
    if (view.layerCount() > 1 || !isNewest(view.layer(0).scn())) {
      return new LayeredPages(this, view, storageId);
    }
    return treePages(view.layer(0).branch(), storageId);
  }

  /// The pages of a branch's own rows; null where they cannot be read without calls into LMDB.
  @Nullable TreePages treePages(int branch, long storageId) {
    return IS_LITTLE_ENDIAN ? new TreePages(this, treeRecord(Tree.CURRENT), engine.pageBytes(), prefix(branch, storageId)) : null;
  }

  /// After this, threads with a [ReadScope] of their own may walk rows of this use of the reader.
  void prepareWalks() {
    scn();
    treeRecord(Tree.CURRENT);
    treeRecord(Tree.PAST_ROWS);
    treeRecord(Tree.LOG);
  }

  /// Where the record of a tree stands in the main tree.
  private long treeRecord(Tree tree) {
    long record = treeRecords[tree.ordinal()];
    if (record == 0) {
      byte[] name = tree.storedName().getBytes(StandardCharsets.US_ASCII);
      Memory.copyIn(name, 0, recordBuffer, name.length);
      record = call(Lmdb.MAIN_DATABASE, recordBuffer, name.length);
      if (record == 0) {
        throw StoreFailure.corrupted("the tree " + tree.storedName() + " is missing");
      }
      treeRecords[tree.ordinal()] = record;
    }
    return record;
  }

  /// A cursor of its own on a tree, for this use of the reader.
  EntryCursor cursor(Tree tree) {
    checkOpen();
    return IS_LITTLE_ENDIAN ? new PageCursor(treeRecord(tree), engine.pageBytes()) : new EntryCursor.Calling(this, tree);
  }

  @Override
  public IndexCursor scanIndex(ReadView view, long indexId, KeyRange range, boolean reverse) {
    return new LayerIndexCursor(layers(scope, Tree.INDEX, view, indexId, range, reverse));
  }

  private LayerWalk layers(ReadScope thread, Tree tree, ReadView view, long id, KeyRange range, boolean reverse) {
    LayerWalk[] walks = new LayerWalk[view.layerCount()];
    for (int i = 0; i < walks.length; i++) {
      walks[i] = layer(thread, tree, view.layer(i), id, range, reverse);
    }
    return walks.length == 1 ? walks[0] : new MergedLayers(walks, tree.isIndex(), reverse);
  }

  /// The rows of all layers, in key order.
  LayerWalk rows(ReadScope thread, ReadView view, long id, KeyRange range) {
    return layers(thread, Tree.CURRENT, view, id, range, false);
  }

  LayerWalk layer(ReadScope thread, Tree tree, Layer layer, long id, KeyRange range, boolean reverse) {
    if (isNewest(layer.scn())) {
      return new NewestLayer(thread, tree, layer.branch(), id, range, reverse);
    }
    return tree.isIndex() ? new HistoricEntries(thread, layer, id, range, reverse) : new HistoricRows(thread, layer, id, range, reverse);
  }

  OptionalLong counter(CounterKey key) {
    int keyBytes = WriteTransaction.putCounterKey(seekBuffer, key);
    long value = find(Tree.COUNTERS, seekBuffer, keyBytes);
    return value == 0 ? OptionalLong.empty() : OptionalLong.of(Memory.getLong(value));
  }

  @Override
  public byte[] readLarge(LargeRef ref, int offset, int length) {
    if (offset < 0 || length < 0 || offset > ref.length() - length) {
      throw new IllegalArgumentException("outside the value: " + offset + "+" + length + " of " + ref.length());
    }
    byte[] value = new byte[length];
    int done = 0;
    while (done < length) {
      int position = offset + done;
      int chunk = position / Format.LARGE_CHUNK_BYTES;
      Memory.putLongBigEndian(seekBuffer, ref.id());
      Memory.putIntBigEndian(seekBuffer + 8, chunk);
      int inChunk = position - chunk * Format.LARGE_CHUNK_BYTES;
      long found = find(Tree.LARGE, seekBuffer, Format.LARGE_KEY_BYTES);
      if (found == 0 || foundBytes <= inChunk) {
        throw StoreFailure.corrupted("chunk " + chunk + " of large value " + ref.id() + " is missing");
      }
      int part = Math.min(foundBytes - inChunk, length - done);
      Memory.copyOut(found + inChunk, value, done, part);
      done += part;
    }
    return value;
  }

  @Override
  public BranchUsage branchUsage(int branch, long firstStorageId) {
    return new Inventory(this).branchUsage(branch, firstStorageId);
  }

  @Override
  public long historyBytes(int branch, long id) {
    return new Inventory(this).historyBytes(branch, id);
  }

  @Override
  public Map<CounterKey, Long> historyStarts() {
    return new Inventory(this).historyStarts();
  }

  @Override
  public Set<Integer> branches() {
    return new Inventory(this).branches();
  }

  @Override
  public List<Long> storageIds(int branch) {
    return new Inventory(this).ids(Tree.CURRENT, branch);
  }

  @Override
  public void changedKeys(int branch, long storageId, long afterScn, Consumer<byte[]> keys) {
    TreeWalk walk = new TreeWalk(scope, Tree.CURRENT, branch, storageId, KeyRange.ALL, false);
    while (walk.next()) {
      if (afterScn < 0 || Memory.getLong(walk.valueAddress + Format.ROW_SCN) > afterScn) {
        keys.accept(Memory.copyOut(walk.aAddress, walk.aBytes));
      }
    }
    walk.close();
  }

  @Override
  public LogCursor readLog(long fromScn, int fromSequence) {
    return new LmdbLogCursor(this, fromScn, fromSequence);
  }

  @Override
  public @Nullable CommitInfo commitInfo(long wantedScn) {
    Memory.putLongBigEndian(seekBuffer, wantedScn);
    long value = find(Tree.COMMITS, seekBuffer, 8);
    return value == 0 ? null : LogFormat.readCommit(wantedScn, value);
  }

  @Override
  public long scnAtTime(long micros) {
    CursorHandle cursor = takeCursor(Tree.COMMITS);
    try {
      if (Lmdb.cursorGet(cursor.address, cursor.key, cursor.data, Lmdb.FIRST) == Lmdb.NOTFOUND) {
        return 0;
      }
      long low = Memory.getLongBigEndian(Memory.getWord(cursor.key + 8)) - 1;
      long high = Math.max(low, Math.min(scn(), engine.visibleScn()));
      // The answer is in [low, high]; low stands for "before the first".
      while (low < high) {
        long middle = low + (high - low + 1) / 2;
        CommitInfo commit = commitInfo(middle);
        if (commit == null) {
          throw StoreFailure.corrupted("commit " + middle + " is missing");
        }
        if (commit.timeMicros() <= micros) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      CommitInfo commit = commitInfo(low);
      return commit == null ? 0 : low;
    } finally {
      cursor.taken = false;
    }
  }

  @Override
  public long scnOfTransaction(long xid) {
    Memory.putLongBigEndian(seekBuffer, xid);
    long value = find(Tree.TRANSACTIONS, seekBuffer, 8);
    return value == 0 ? 0 : Memory.getLong(value);
  }
}
