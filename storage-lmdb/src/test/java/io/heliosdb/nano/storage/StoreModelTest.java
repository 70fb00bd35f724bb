package io.heliosdb.nano.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.storage.StoreModel.Bytes;
import io.heliosdb.nano.storage.StoreModel.EntryKey;
import io.heliosdb.nano.storage.StoreModel.Row;
import io.heliosdb.nano.storage.StoreModel.Version;
import io.heliosdb.nano.storage.internal.Durability;
import io.heliosdb.nano.storage.internal.StoreHandle;
import io.heliosdb.nano.storage.key.KeyWriter;
import io.heliosdb.nano.storage.lmdb.Memory;
import io.heliosdb.nano.storage.row.ColumnKind;
import io.heliosdb.nano.storage.row.RowLayout;
import io.heliosdb.nano.storage.row.RowReader;
import io.heliosdb.nano.storage.row.RowWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random histories on the store and on [StoreModel], compared through every way of reading.
class StoreModelTest {
  private static final RowLayout LAYOUT = new RowLayout(ColumnKind.INT32, ColumnKind.VARLEN, ColumnKind.VARLEN);
  private static final long[] STORAGES = {7, 300, 70_000};
  private static final byte[] LONG_TEXT = new byte[600];

  static {
    Arrays.fill(LONG_TEXT, (byte) 'x');
  }

  @TempDir Path directory;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final StoreModel model = new StoreModel();
  private final List<ReadView> branches = new ArrayList<>(List.of(ReadView.MAIN_NEWEST));
  private final List<Integer> branchIds = new ArrayList<>(List.of(Branches.MAIN));
  private final KeyWriter keyWriter = new KeyWriter();
  private StoreHandle store;
  private int rowNumber;
  private long clock;

  private boolean isEncrypted;

  private StoreOptions options() {
    // A clock that stands still and jumps back: commit times must rise all the same.
    return StoreTestSupport.onDisk(directory, isEncrypted).withSync(false).withMapBytes(1L << 32).withClock(() -> clock += random.nextInt(3) - 1);
  }

  private Durability durability;

  @Test
  void every_way_of_reading_agrees_with_the_model() {
    runAgainstModel(Durability.NONE);
  }

  /// Whenever the store is left behind like by a dying process, all that was committed comes back from checkpoint and redo log.
  @Test
  void recovery_brings_back_what_the_model_has() {
    runAgainstModel(Durability.DISK);
  }

  @Test
  void an_encrypted_store_agrees_with_the_model_and_comes_back() {
    isEncrypted = true;
    runAgainstModel(Durability.UNFLUSHED);
  }

  private void runAgainstModel(Durability way) {
    durability = way;
    try {
      store = StoreHandle.open(options(), durability);
      for (int step = 0; step < 1_500; step++) {
        int dice = random.nextInt(100);
        if (dice < 60) {
          commitGroup();
        } else if (dice < 63 && branches.size() < 8) {
          fork();
        } else if (dice < 64) {
          reopen();
        } else if (dice < 65) {
          if (isEncrypted && random.nextBoolean()) {
            store.rotateDataKey();
          } else {
            store.checkpoint();
          }
        } else {
          check();
        }
      }
      checkLog();
      store.close();
    } catch (Throwable t) {
      throw new AssertionError("seed " + seed, t);
    }
  }

  private void reopen() {
    if (random.nextBoolean()) {
      store.close();
    } else {
      store.abandon();
    }
    store = StoreHandle.open(options(), durability);
  }

  private void fork() {
    int parent = random.nextInt(branches.size());
    long forkScn = random.nextInt(4) == 0 ? random.nextLong(store.visibleScn() + 1) : store.visibleScn();
    int id = Branches.FIRST_USER_BRANCH + branches.size() * 100;
    ReadView parentView = branches.get(parent).asOf(forkScn);
    Layer[] layers = new Layer[parentView.layerCount() + 1];
    layers[0] = new Layer(id, Layer.NEWEST);
    for (int i = 1; i < layers.length; i++) {
      layers[i] = parentView.layer(i - 1);
    }
    branches.add(new ReadView(layers));
    branchIds.add(id);
  }

  private byte[] randomKey() {
    keyWriter.reset();
    if (random.nextInt(4) == 0) {
      // Texts that agree for longer than the stored prefixes of rows and of indexes.
      int shared = new int[] {130, 300, 447, 460, 600}[random.nextInt(5)];
      byte[] text = Arrays.copyOf(LONG_TEXT, shared + 1);
      text[shared] = (byte) ('a' + random.nextInt(5));
      keyWriter.putBytes(text, 0, shared + 1);
    } else {
      keyWriter.putText("k" + random.nextInt(40));
    }
    return keyWriter.toKey();
  }

  private void commitGroup() {
    int unitCount = 1 + random.nextInt(3);
    List<CommitUnit> group = new ArrayList<>();
    long firstScn = store.visibleScn() + 1;
    // The model's effects of the group's earlier units decide what later ones may do, so they are applied at once.
    for (int i = 0; i < unitCount; i++) {
      group.add(randomUnit(firstScn + i));
    }
    List<CommitOutcome> outcomes = store.commit(group, random.nextBoolean());
    long time = Long.MIN_VALUE;
    for (int i = 0; i < unitCount; i++) {
      CommitOutcome.Committed committed = assertInstanceOf(CommitOutcome.Committed.class, outcomes.get(i));
      assertEquals(firstScn + i, committed.scn());
      assertTrue(committed.timeMicros() > time);
      time = committed.timeMicros();
    }
    assertEquals(firstScn + unitCount - 1, store.visibleScn());
  }

  private CommitUnit randomUnit(long scn) {
    int branchIndex = random.nextInt(branches.size());
    int branch = branchIds.get(branchIndex);
    List<RowWrite> rows = new ArrayList<>();
    List<IndexWrite> indexes = new ArrayList<>();
    Set<Bytes> touched = new HashSet<>();
    int count = random.nextInt(8);
    for (int i = 0; i < count; i++) {
      long storageId = STORAGES[random.nextInt(STORAGES.length)];
      boolean shared = storageId < Branches.SHARED_STORAGE_ID_LIMIT;
      int home = shared ? Branches.SHARED : branch;
      ReadView view = shared ? ReadView.SHARED_NEWEST : branches.get(branchIndex);
      byte[] key = randomKey();
      if (!touched.add(new Bytes(concat(storageId, key)))) {
        continue;
      }
      Version<Row> before = model.scan(view, storageId).get(new Bytes(key));
      long indexId = storageId + 1;
      if (before != null) {
        Row old = before.content();
        boolean delete = random.nextInt(3) == 0;
        Row row = delete ? null : randomRow();
        rows.add(delete ? RowWrite.delete(storageId, key) : RowWrite.update(storageId, key, encode(row), row.number() % 5));
        model.putRow(home, storageId, key, scn, row);
        byte[] oldIndexKey = indexKey(old);
        byte[] newIndexKey = row == null ? null : indexKey(row);
        if (!Arrays.equals(oldIndexKey, newIndexKey)) {
          indexes.add(new IndexWrite(indexId, oldIndexKey, key, false));
          model.putEntry(home, indexId, oldIndexKey, key, scn, false);
          if (newIndexKey != null) {
            indexes.add(new IndexWrite(indexId, newIndexKey, key, true));
            model.putEntry(home, indexId, newIndexKey, key, scn, true);
          }
        }
      } else {
        Row row = randomRow();
        rows.add(RowWrite.insert(storageId, key, encode(row), row.number() % 5));
        indexes.add(new IndexWrite(indexId, indexKey(row), key, true));
        model.putRow(home, storageId, key, scn, row);
        model.putEntry(home, indexId, indexKey(row), key, scn, true);
      }
    }
    return new CommitUnit(branch, 1_000 + scn, 10, branch % 3, rows, indexes, List.of());
  }

  private static byte[] concat(long storageId, byte[] key) {
    byte[] joined = Arrays.copyOf(key, key.length + 1);
    joined[key.length] = (byte) storageId;
    return joined;
  }

  private Row randomRow() {
    byte[] large = new byte[random.nextInt(10) == 0 ? 2_000 + random.nextInt(90_000) : random.nextInt(20)];
    random.nextBytes(large);
    return new Row(++rowNumber, large);
  }

  private static byte[] encode(Row row) {
    RowWriter writer = new RowWriter(LAYOUT);
    writer.setInt32(0, row.number());
    writer.setVarlen(1, "fill".getBytes());
    writer.setVarlen(2, row.large());
    return writer.toRow();
  }

  private byte[] indexKey(Row row) {
    keyWriter.reset();
    int bucket = row.number() % 11;
    if (bucket == 0) {
      keyWriter.putBytes(LONG_TEXT, 0, 290 + row.number() % 3);
    } else {
      keyWriter.putInt32(bucket);
    }
    return keyWriter.toKey();
  }

  private void check() {
    long newest = store.visibleScn();
    int branchIndex = random.nextInt(branches.size());
    long storageId = STORAGES[random.nextInt(STORAGES.length)];
    ReadView view = storageId < Branches.SHARED_STORAGE_ID_LIMIT ? ReadView.SHARED_NEWEST : branches.get(branchIndex);
    if (random.nextBoolean()) {
      view = view.asOf(random.nextInt(3) == 0 ? newest : random.nextLong(newest + 1));
    }
    TreeMap<Bytes, Version<Row>> expected = model.scan(view, storageId);
    StoreReader reader = store.acquireReader();
    try {
      assertEquals(newest, reader.scn());
      checkGets(reader, view, storageId, expected);
    } finally {
      reader.close();
    }
    checkScan(view, storageId, expected);
    checkPages(view, storageId, expected);
    checkIndexScan(view, storageId, model.scanIndex(view, storageId + 1));
  }

  private void checkGets(StoreReader reader, ReadView view, long storageId, Map<Bytes, Version<Row>> expected) {
    RowSlot slot = new RowSlot();
    expected.forEach(
        (key, version) -> {
          assertTrue(reader.get(view, storageId, key.value(), slot));
          checkRow(reader, slot, version);
        });
    for (int i = 0; i < 10; i++) {
      byte[] key = randomKey();
      assertEquals(expected.containsKey(new Bytes(key)), reader.get(view, storageId, key, slot));
    }
  }

  private static void checkRow(StoreReader reader, RowSlot slot, Version<Row> version) {
    assertEquals(version.scn(), slot.scn());
    assertEquals(version.content().number() % 5, slot.layoutId());
    assertEquals(version.content().number(), RowReader.getInt32(LAYOUT, slot.memory(), slot.offset(), 0));
    byte[] expected = version.content().large();
    boolean large = RowReader.isLarge(LAYOUT, slot.memory(), slot.offset(), 2);
    assertEquals(expected.length > 2048, large);
    if (large) {
      assertArrayEquals(expected, reader.readLarge(RowReader.largeRef(LAYOUT, slot.memory(), slot.offset(), 2)));
    } else {
      assertArrayEquals(expected, RowReader.varlenBytes(LAYOUT, slot.memory(), slot.offset(), 2));
    }
  }

  private void checkPages(ReadView view, long storageId, Map<Bytes, Version<Row>> expected) {
    try (StoreReader reader = store.acquireReader()) {
      RowPages pages = reader.pages(view, storageId);
      List<Integer> numbers = new ArrayList<>();
      RowPages.Walk walk = pages.walk();
      for (int group = 0; group < pages.groupCount(); group++) {
        walk.seek(group);
        while (walk.nextPage()) {
          long[] offsets = new long[walk.rowCount()];
          walk.rows(offsets, 0);
          for (long offset : offsets) {
            numbers.add(RowReader.getInt32(LAYOUT, Memory.ALL, offset, 0));
          }
        }
      }
      assertEquals(expected.values().stream().map(v -> v.content().number()).sorted().toList(), numbers.stream().sorted().toList());
      assertEquals(expected.size(), pages.countRows());
    }
  }

  private KeyRange randomRange() {
    byte[] lower = random.nextInt(3) == 0 ? null : randomBound();
    byte[] upper = random.nextInt(3) == 0 ? null : randomBound();
    return KeyRange.of(lower, random.nextBoolean(), upper, random.nextBoolean());
  }

  private byte[] randomBound() {
    byte[] key = random.nextBoolean() ? randomKey() : indexKey(new Row(random.nextInt(11), new byte[0]));
    return random.nextInt(3) == 0 ? Arrays.copyOf(key, 1 + random.nextInt(key.length)) : key;
  }

  private void checkScan(ReadView view, long storageId, TreeMap<Bytes, Version<Row>> all) {
    KeyRange range = randomRange();
    boolean reverse = random.nextBoolean();
    NavigableMap<Bytes, Version<Row>> inRange = new TreeMap<>(all);
    inRange.keySet().removeIf(key -> !range.contains(key.value()));
    NavigableMap<Bytes, Version<Row>> expected = reverse ? inRange.descendingMap() : inRange;
    int pauseAfter = random.nextInt(8);
    StoreReader reader = store.acquireReader();
    RowCursor cursor = reader.scan(view, storageId, range, reverse);
    int count = 0;
    for (Map.Entry<Bytes, Version<Row>> entry : expected.entrySet()) {
      assertTrue(cursor.next());
      byte[] key = cursor.key();
      assertArrayEquals(entry.getKey().value(), key);
      checkRow(reader, cursor.row(), entry.getValue());
      if (++count == pauseAfter) {
        cursor.close();
        reader.close();
        reader = store.acquireReader();
        cursor = reader.scan(view, storageId, range, reverse);
        cursor.resumeAfter(key);
      }
    }
    assertFalse(cursor.next());
    cursor.close();
    reader.close();
  }

  private void checkIndexScan(ReadView view, long storageId, TreeMap<EntryKey, Version<Boolean>> all) {
    KeyRange range = randomRange();
    boolean reverse = random.nextBoolean();
    NavigableMap<EntryKey, Version<Boolean>> inRange = new TreeMap<>(all);
    inRange.keySet().removeIf(key -> !range.contains(key.indexKey().value()));
    NavigableMap<EntryKey, Version<Boolean>> expected = reverse ? inRange.descendingMap() : inRange;
    int pauseAfter = random.nextInt(8);
    StoreReader reader = store.acquireReader();
    IndexCursor cursor = reader.scanIndex(view, storageId + 1, range, reverse);
    RowSlot slot = new RowSlot();
    int count = 0;
    for (EntryKey entry : expected.keySet()) {
      assertTrue(cursor.next());
      assertArrayEquals(entry.indexKey().value(), cursor.indexKey());
      assertArrayEquals(entry.rowKey().value(), cursor.rowKey());
      assertTrue(reader.get(view, storageId, cursor, slot));
      if (++count == pauseAfter) {
        cursor.close();
        reader.close();
        reader = store.acquireReader();
        cursor = reader.scanIndex(view, storageId + 1, range, reverse);
        cursor.resumeAfter(entry.indexKey().value(), entry.rowKey().value());
      }
    }
    assertFalse(cursor.next());
    cursor.close();
    reader.close();
  }

  /// The log names exactly the versions of the model, in order, and each commit's time translates back to its SCN.
  private void checkLog() {
    try (StoreReader reader = store.acquireReader()) {
      long lastScn = 0;
      int records = 0;
      try (LogCursor log = reader.readLog(1)) {
        for (LogRecord record = log.next(); record != null; record = log.next()) {
          LogRecord.RowChanged change = assertInstanceOf(LogRecord.RowChanged.class, record);
          assertTrue(change.scn() >= lastScn);
          lastScn = change.scn();
          records++;
          ReadView after = new ReadView(new Layer(change.branch(), change.scn()));
          Version<Row> version = model.scan(after, change.storageId()).get(new Bytes(change.key()));
          assertEquals(change.op() == RowWrite.Op.DELETE, version == null);
          Version<Row> before = model.scan(after.asOf(change.scn() - 1), change.storageId()).get(new Bytes(change.key()));
          assertEquals(before == null ? 0 : before.scn(), change.replacedScn());
          assertEquals(before == null, change.replaced() == null);
        }
      }
      assertTrue(records > 0);
      for (int i = 0; i < 50; i++) {
        long scn = 1 + random.nextLong(reader.scn());
        CommitInfo commit = reader.commitInfo(scn);
        assertEquals(1_000 + scn, commit.xid());
        assertEquals(commit.branch() % 3, commit.tenant());
        assertEquals(scn, reader.scnAtTime(commit.timeMicros()));
        assertEquals(scn, reader.scnOfTransaction(commit.xid()));
      }
      assertEquals(0, reader.scnAtTime(reader.commitInfo(1).timeMicros() - 1));
    }
  }
}
