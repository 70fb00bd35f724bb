package io.heliosdb.nano.storage;

import static io.heliosdb.nano.storage.StoreTestSupport.TABLE;
import static io.heliosdb.nano.storage.StoreTestSupport.commit;
import static io.heliosdb.nano.storage.StoreTestSupport.count;
import static io.heliosdb.nano.storage.StoreTestSupport.has;
import static io.heliosdb.nano.storage.StoreTestSupport.insert;
import static io.heliosdb.nano.storage.StoreTestSupport.key;
import static io.heliosdb.nano.storage.StoreTestSupport.onDisk;
import static io.heliosdb.nano.storage.StoreTestSupport.row;
import static io.heliosdb.nano.storage.StoreTestSupport.unit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.fault.UnreliableDisk;
import io.heliosdb.nano.storage.internal.StoreHandle;
import io.heliosdb.nano.storage.row.LargeRef;
import io.heliosdb.nano.storage.row.RowReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommitTest {
  @TempDir Path directory;

  @Test
  void only_the_guilty_unit_of_a_group_fails() {
    try (Store store = Store.open(StoreOptions.inMemory())) {
      commit(store, insert(1));
      List<CommitOutcome> outcomes = store.commit(List.of(insert(2), insert(1), insert(3)), true);
      assertEquals(2, assertInstanceOf(CommitOutcome.Committed.class, outcomes.get(0)).scn());
      assertEquals(SqlState.INTERNAL_ERROR, assertInstanceOf(CommitOutcome.Failed.class, outcomes.get(1)).error().state());
      assertEquals(3, assertInstanceOf(CommitOutcome.Committed.class, outcomes.get(2)).scn());
      assertEquals(3, store.visibleScn());
      assertEquals(3, count(store, TABLE));
    }
  }

  @Test
  void a_transaction_that_finds_no_room_fails_alone_with_53100() {
    aTransactionThatFindsNoRoomFailsAlone(StoreOptions.onDisk(directory));
  }

  @Test
  void in_memory_too_a_transaction_that_finds_no_room_fails_alone() {
    aTransactionThatFindsNoRoomFailsAlone(StoreOptions.inMemory());
  }

  private static void aTransactionThatFindsNoRoomFailsAlone(StoreOptions options) {
    try (Store store = Store.open(options.withMapBytes(4 << 20))) {
      commit(store, insert(1));
      RowWrite[] tooMuch =
          IntStream.range(10, 5_000).mapToObj(i -> RowWrite.insert(TABLE, key(i), row(i, 2_000), 1)).toArray(RowWrite[]::new);
      List<CommitOutcome> outcomes = store.commit(List.of(insert(2), unit(tooMuch), insert(3)), true);
      assertInstanceOf(CommitOutcome.Committed.class, outcomes.get(0));
      assertEquals(SqlState.DISK_FULL, assertInstanceOf(CommitOutcome.Failed.class, outcomes.get(1)).error().state());
      assertInstanceOf(CommitOutcome.Committed.class, outcomes.get(2));
      commit(store, insert(4));
      assertEquals(4, count(store, TABLE));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void what_was_acknowledged_with_sync_survives_a_power_failure_and_nothing_is_half_there(boolean encrypted) throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    UnreliableDisk disk = new UnreliableDisk(onDisk(directory, encrypted).withMapBytes(1 << 28));
    long next = 0;
    long durableScn = 0;
    for (int round = 0; round < 12; round++) {
      Store store = disk.open();
      assertTrue(store.visibleScn() >= durableScn, "seed " + seed);
      // Every commit inserts the two halves of a pair: SCN n brought rows 2n and 2n + 1.
      long scn = store.visibleScn();
      assertEquals(2 * scn, count(store, TABLE), "seed " + seed);
      for (int i = 0; i < 20; i++) {
        next = ++scn;
        boolean sync = random.nextInt(4) == 0;
        store.commit(
            List.of(
                unit(
                    RowWrite.insert(TABLE, key(2 * next), row(2 * next, 10), 1),
                    RowWrite.insert(TABLE, key(2 * next + 1), row(1, 10), 1))),
            sync);
        durableScn = sync ? next : durableScn;
        if (random.nextInt(15) == 0) {
          store.checkpoint();
          durableScn = next;
        }
      }
      disk.losePower(random);
    }
    assertTrue(disk.syncCount() > 0);
    assertTrue(durableScn > 0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_failed_sync_closes_the_store(boolean encrypted) throws Exception {
    UnreliableDisk disk = new UnreliableDisk(onDisk(directory, encrypted).withMapBytes(1 << 28));
    Store store = disk.open();
    commit(store, insert(1));
    disk.setSyncFails(true);
    List<CommitOutcome> outcomes = store.commit(List.of(insert(2), insert(3)), true);
    for (CommitOutcome outcome : outcomes) {
      assertEquals(SqlState.IO_ERROR, assertInstanceOf(CommitOutcome.Failed.class, outcome).error().state());
    }
    assertEquals(SqlState.IO_ERROR, assertThrows(SqlException.class, store::acquireReader).state());
    CommitOutcome later = store.commit(List.of(insert(4)), false).getFirst();
    assertEquals(SqlState.IO_ERROR, assertInstanceOf(CommitOutcome.Failed.class, later).error().state());
    assertEquals(1, store.visibleScn());
    disk.losePower(new Random(1));
    disk.setSyncFails(false);
    try (Store reopened = disk.open()) {
      assertTrue(has(reopened, 1));
      assertFalse(has(reopened, 2));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void counters_never_repeat_a_number_and_skip_none_at_an_orderly_restart(boolean encrypted) {
    Random random = new Random(7);
    Set<Long> seen = new HashSet<>();
    long last = 0;
    for (int round = 0; round < 8; round++) {
      StoreHandle store = (StoreHandle) Store.open(onDisk(directory, encrypted).withSync(false));
      if (round == 1) {
        assertEquals(last + 1, store.allocate(CounterKey.OID, 1));
        seen.add(last + 1);
      }
      // Few in some rounds: a crash before the first horizon was moved must not repeat numbers either.
      for (int i = 0; i < (round % 2 == 0 ? 3_000 : 3); i++) {
        int count = 1 + random.nextInt(5);
        long first = store.allocate(CounterKey.OID, count);
        for (int j = 0; j < count; j++) {
          last = first + j;
          assertTrue(seen.add(last));
        }
        if (i % 1_000 == 999) {
          commit(store, insert(round * 10_000L + i));
        }
      }
      if (round == 0) {
        store.close();
      } else {
        store.abandon();
      }
    }
  }

  @Test
  void a_sequence_horizon_goes_along_with_a_commit_or_alone() {
    CounterKey sequence = CounterKey.sequence(Branches.MAIN, 16_400);
    try (Store store = Store.open(StoreOptions.inMemory())) {
      assertTrue(store.readCounter(sequence).isEmpty());
      store.writeCounter(CounterWrite.set(sequence, 33), true);
      assertEquals(33, store.readCounter(sequence).orElseThrow());
      commit(store, new CommitUnit(0, 0, 10, 0, List.of(), List.of(), List.of(CounterWrite.set(sequence, -66))));
      assertEquals(-66, store.readCounter(sequence).orElseThrow());
      commit(store, new CommitUnit(0, 0, 10, 0, List.of(), List.of(), List.of(CounterWrite.remove(sequence))));
      assertTrue(store.readCounter(sequence).isEmpty());
      store.raiseCounter(CounterKey.OID, 16_384);
      assertEquals(16_384, store.allocate(CounterKey.OID, 1));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_bulk_load_is_kept_by_the_commit_that_names_it_and_removed_otherwise(boolean encrypted) {
    StoreOptions options = onDisk(directory, encrypted).withSync(false);
    StoreHandle store = (StoreHandle) Store.open(options);
    BulkLoad kept = load(store, 2_000, 30_000);
    BulkLoad discarded = load(store, 2_001, 100);
    load(store, 2_002, 30_000);
    try (BulkWriter unfinished = store.bulkWriter(Branches.MAIN)) {
      unfinished.row(2_003, key(1), row(1, 10), 1);
    }
    RelationEvent event = new RelationEvent(RelationEvent.Kind.BULK_LOADED, 16_500, 2_000, 0);
    CommitUnit naming = new CommitUnit(0, 5, 10, 3, List.of(), List.of(), List.of(), List.of(event), List.of(kept));
    long scn = commit(store, naming);
    store.discard(discarded);
    CommitOutcome again = store.commit(List.of(naming), false).getFirst();
    assertInstanceOf(CommitOutcome.Failed.class, again);
    store.abandon();
    try (Store reopened = Store.open(options)) {
      assertEquals(30_000, count(reopened, 2_000));
      for (long storageId = 2_001; storageId < 2_004; storageId++) {
        assertEquals(0, count(reopened, storageId));
        assertEquals(0, indexCount(reopened, storageId + 100));
      }
      assertEquals(30_000, indexCount(reopened, 2_100));
      try (StoreReader reader = reopened.acquireReader();
          LogCursor log = reader.readLog(scn)) {
        assertEquals(new LogRecord.RelationChanged(scn, 0, 0, 3, event), log.next());
        assertEquals(null, log.next());
      }
      // Bulk-loaded rows have versions like others from here on.
      commit(reopened, unit(RowWrite.update(2_000, key(7), row(8, 3), 1)));
      commit(reopened, unit(RowWrite.delete(2_000, key(8))));
      try (StoreReader reader = reopened.acquireReader()) {
        RowSlot slot = new RowSlot();
        assertTrue(reader.get(ReadView.MAIN_NEWEST.asOf(scn), 2_000, key(7), slot));
        assertEquals(0, slot.scn());
        assertTrue(reader.get(ReadView.MAIN_NEWEST.asOf(scn), 2_000, key(8), slot));
        assertFalse(reader.get(ReadView.MAIN_NEWEST, 2_000, key(8), slot));
      }
    }
  }

  @Test
  void a_discarded_load_takes_its_large_values_along() {
    try (Store store = Store.open(StoreOptions.inMemory())) {
      BulkWriter writer = store.bulkWriter(Branches.MAIN);
      writer.row(2_000, key(1), row(1, 100_000), 1);
      BulkLoad load = writer.finish();
      LargeRef ref;
      try (StoreReader reader = store.acquireReader()) {
        RowSlot slot = new RowSlot();
        assertTrue(reader.get(ReadView.MAIN_NEWEST, 2_000, key(1), slot));
        ref = RowReader.largeRef(StoreTestSupport.LAYOUT, slot.memory(), slot.offset(), 1);
        assertEquals(100_000, reader.readLarge(ref).length);
        assertEquals(10, reader.readLarge(ref, 99_990, 10).length);
      }
      store.discard(load);
      try (StoreReader reader = store.acquireReader()) {
        assertEquals(SqlState.DATA_CORRUPTED, assertThrows(SqlException.class, () -> reader.readLarge(ref, 99_990, 10)).state());
      }
    }
  }

  /// Ids of large values go to others too: to loads that are in no log and to groups that failed.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void rows_that_share_a_large_value_still_do_after_recovery(boolean encrypted) {
    StoreOptions options = onDisk(directory, encrypted).withSync(false);
    UnreliableDisk disk = new UnreliableDisk(onDisk(directory, encrypted));
    StoreHandle store = (StoreHandle) disk.open();
    commit(store, insert(1));
    BulkWriter loading = store.bulkWriter(Branches.MAIN);
    IntStream.range(0, 3_000).forEach(i -> loading.row(2_000, key(i), row(i, 5_000), 1));
    commit(store, unit(RowWrite.insert(TABLE, key(2), row(2, 100_000), 1)));
    assertInstanceOf(CommitOutcome.Failed.class, store.commit(List.of(unit(RowWrite.insert(TABLE, key(2), row(3, 5_000), 1))), true).getFirst());
    commit(store, unit(RowWrite.insert(TABLE, key(3), row(3, 90_000), 1)));
    for (long number = 2; number <= 3; number++) {
      commit(store, unit(RowWrite.insert(TABLE, key(number + 10), stored(store, number), 1)));
    }
    store.abandon();
    try (Store reopened = Store.open(options)) {
      assertEquals(100_000, largeBytes(reopened, 12));
      assertEquals(90_000, largeBytes(reopened, 13));
    }
  }

  private static byte[] stored(Store store, long number) {
    try (StoreReader reader = store.acquireReader()) {
      RowSlot slot = new RowSlot();
      assertTrue(reader.get(ReadView.MAIN_NEWEST, TABLE, key(number), slot));
      return slot.toByteArray();
    }
  }

  private static int largeBytes(Store store, long number) {
    try (StoreReader reader = store.acquireReader()) {
      RowSlot slot = new RowSlot();
      assertTrue(reader.get(ReadView.MAIN_NEWEST, TABLE, key(number), slot));
      return reader.readLarge(RowReader.largeRef(StoreTestSupport.LAYOUT, slot.memory(), slot.offset(), 1)).length;
    }
  }

  private static BulkLoad load(Store store, long storageId, int rowCount) {
    try (BulkWriter writer = store.bulkWriter(Branches.MAIN)) {
      for (int i = 0; i < rowCount; i++) {
        writer.row(storageId, key(i), row(i, 100), 1);
        writer.index(storageId + 100, key(-i), key(i));
      }
      return writer.finish();
    }
  }

  private static int indexCount(Store store, long indexId) {
    try (StoreReader reader = store.acquireReader();
        IndexCursor cursor = reader.scanIndex(ReadView.MAIN_NEWEST, indexId, KeyRange.ALL, false)) {
      int count = 0;
      while (cursor.next()) {
        count++;
      }
      return count;
    }
  }

  @Test
  void a_version_any_number_of_updates_back_is_found() {
    try (Store store = Store.open(StoreOptions.inMemory())) {
      long first = commit(store, insert(0));
      List<CommitUnit> group = new ArrayList<>();
      int updates = 2_000;
      for (int i = 1; i <= updates; i++) {
        group.add(unit(RowWrite.update(TABLE, key(0), row(i, 5), i)));
      }
      store.commit(group, false);
      try (StoreReader reader = store.acquireReader()) {
        RowSlot slot = new RowSlot();
        for (int i = 0; i <= updates; i++) {
          assertTrue(reader.get(ReadView.MAIN_NEWEST.asOf(first + i), TABLE, key(0), slot));
          assertEquals(first + i, slot.scn());
          assertEquals(i == 0 ? 1 : i, slot.layoutId());
        }
        assertFalse(reader.get(ReadView.MAIN_NEWEST.asOf(first - 1), TABLE, key(0), slot));
      }
    }
  }
}
