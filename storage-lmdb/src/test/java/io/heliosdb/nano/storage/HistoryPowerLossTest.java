package io.heliosdb.nano.storage;

import static io.heliosdb.nano.storage.StoreTestSupport.TABLE;
import static io.heliosdb.nano.storage.StoreTestSupport.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.storage.fault.UnreliableDisk;
import io.heliosdb.nano.storage.key.ColumnOrder;
import io.heliosdb.nano.storage.key.KeyReader;
import io.heliosdb.nano.storage.row.RowReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Power failures while history is trimmed, branches are removed, rows erased and the data file is compacted: what counts is there afterwards,
/// every moment that is not trimmed reads as it was, and the work can be done again.
///
/// A model keeps, per branch, every state by SCN. `-Dpower.seed=N` runs a seed again, `-Dpower.rounds=N` more rounds.
class HistoryPowerLossTest {
  private static final int ROUNDS = Integer.getInteger("power.rounds", 12);
  private static final int KEYS = 40;
  private static final long INDEX = TABLE + 1;

  @TempDir Path directory;

  private final long seed = Long.getLong("power.seed", System.nanoTime());
  private final Random random = new Random(seed);

  /// By branch: state (key → value) by SCN, and the fork.
  private final Map<Integer, TreeMap<Long, TreeMap<Integer, Integer>>> states = new TreeMap<>();
  private final Map<Integer, ReadView> views = new HashMap<>();
  private long horizon;
  private int nextBranch = Branches.FIRST_USER_BRANCH;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void trimming_removing_erasing_and_compacting_can_be_cut_off_anywhere(boolean encrypted) throws Exception {
    try {
      UnreliableDisk disk = new UnreliableDisk(StoreTestSupport.onDisk(directory, encrypted).withMapBytes(1 << 28));
      states.put(Branches.MAIN, new TreeMap<>(Map.of(0L, new TreeMap<>())));
      views.put(Branches.MAIN, ReadView.MAIN_NEWEST);
      for (int round = 0; round < ROUNDS; round++) {
        Store store = disk.open();
        long scn = store.visibleScn();
        states.values().forEach(byScn -> byScn.tailMap(scn, false).clear());
        check(store);
        for (int i = 0; i < 30; i++) {
          change(store);
        }
        Thread worker = Thread.ofPlatform().start(housekeeping(store));
        for (int i = random.nextInt(60); i > 0; i--) {
          change(store);
        }
        if (random.nextInt(4) == 0) {
          worker.join();
          check(store);
        }
        disk.losePower(random);
        worker.join();
      }
      try (Store store = disk.open()) {
        states.values().forEach(byScn -> byScn.tailMap(store.visibleScn(), false).clear());
        check(store);
      }
    } catch (Throwable t) {
      throw new AssertionError("power.seed=" + seed, t);
    }
  }

  /// What runs beside commits and may be cut off: its errors are those of a store that is gone.
  private Runnable housekeeping(Store store) {
    int kind = random.nextInt(4);
    if (kind == 0) {
      horizon = Math.max(horizon, store.visibleScn() - random.nextInt(40));
      for (int branch : states.keySet()) {
        for (ReadView view : views.values()) {
          for (int i = 1; i < view.layerCount(); i++) {
            horizon = Math.min(horizon, view.layer(i).scn());
          }
        }
      }
      for (int branch : states.keySet()) {
        store.writeCounter(CounterWrite.set(CounterKey.historyStart(branch, 0), horizon), true);
      }
    } else if (kind == 1 && views.size() > 2) {
      int branch = nextBranch - 1;
      states.remove(branch);
      views.remove(branch);
      nextBranch++;
      return () -> untilGone(() -> store.freeBranch(branch));
    } else if (kind == 2) {
      int erased = random.nextInt(KEYS);
      TreeSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
      keys.add(key(erased));
      // Nobody writes the key afterwards, and it is done before anything else happens.
      store.erase(Map.of(TABLE, keys), Set.of(INDEX));
      states.values().forEach(byScn -> byScn.values().forEach(state -> state.remove(erased)));
      return () -> {};
    } else {
      return () -> untilGone(store::compact);
    }
    long limit = horizon;
    return () -> untilGone(() -> store.trimHistory((branch, id) -> limit));
  }

  private static void untilGone(Runnable work) {
    try {
      work.run();
    } catch (SqlException e) {
      // 57P03: the store was closed under it.
      assertTrue(e.state().code().equals("57P03") || e.state().code().equals("55006"), e::toString);
    }
  }

  private void change(Store store) {
    long scn = store.visibleScn() + 1;
    List<Integer> branches = new ArrayList<>(states.keySet());
    if (branches.size() < 4 && random.nextInt(25) == 0) {
      fork(branches.get(random.nextInt(branches.size())), store.visibleScn());
      return;
    }
    int branch = branches.get(random.nextInt(branches.size()));
    TreeMap<Integer, Integer> state = new TreeMap<>(states.get(branch).floorEntry(scn).getValue());
    List<RowWrite> rows = new ArrayList<>();
    List<IndexWrite> entries = new ArrayList<>();
    for (int key : Set.of(random.nextInt(KEYS / 2), KEYS / 2 + random.nextInt(KEYS / 2))) {
      Integer old = state.get(key);
      int value = random.nextInt(1_000);
      if (old != null) {
        entries.add(new IndexWrite(INDEX, key(old), key(key), false));
      }
      if (old == null) {
        rows.add(RowWrite.insert(TABLE, key(key), StoreTestSupport.row(value, 30), 1));
      } else if (random.nextInt(3) == 0) {
        rows.add(RowWrite.delete(TABLE, key(key)));
        state.remove(key);
        continue;
      } else {
        rows.add(RowWrite.update(TABLE, key(key), StoreTestSupport.row(value, 30), 1));
      }
      entries.add(new IndexWrite(INDEX, key(value), key(key), true));
      state.put(key, value);
    }
    CommitOutcome outcome = store.commit(List.of(new CommitUnit(branch, 0, 10, 0, rows, entries, List.of())), true).getFirst();
    if (outcome instanceof CommitOutcome.Committed committed) {
      assertEquals(scn, committed.scn());
      states.get(branch).put(scn, state);
    } else {
      throw new AssertionError(outcome);
    }
  }

  private void fork(int parent, long scn) {
    ReadView below = views.get(parent).asOf(scn);
    Layer[] layers = new Layer[below.layerCount() + 1];
    layers[0] = new Layer(nextBranch, Layer.NEWEST);
    for (int i = 0; i < below.layerCount(); i++) {
      layers[i + 1] = below.layer(i);
    }
    views.put(nextBranch, new ReadView(layers));
    // Before the fork the branch is what its parent was.
    TreeMap<Long, TreeMap<Integer, Integer>> own = new TreeMap<>();
    states.get(parent).headMap(scn, true).forEach((at, state) -> own.put(at, new TreeMap<>(state)));
    states.put(nextBranch, own);
    nextBranch++;
  }

  private void check(Store store) {
    List<String> problems = new ArrayList<>();
    store.check(problems::add);
    assertEquals(List.of(), problems);
    try (StoreReader reader = store.acquireReader()) {
      for (int branch : states.keySet()) {
        for (int i = 0; i < 6; i++) {
          long scn = i == 0 ? reader.scn() : horizon + random.nextLong(reader.scn() - horizon + 1);
          ReadView view = views.get(branch).asOf(scn);
          TreeMap<Integer, Integer> found = new TreeMap<>();
          TreeSet<Integer> indexed = new TreeSet<>();
          try (RowCursor rows = reader.scan(view, TABLE, KeyRange.ALL, false)) {
            while (rows.next()) {
              RowSlot slot = rows.row();
              int value = (int) RowReader.getInt64(StoreTestSupport.LAYOUT, slot.memory(), slot.offset(), 0);
              KeyReader reading = new KeyReader(rows.key());
              reading.isNull(ColumnOrder.ASC_NULLS_LAST);
              int key = (int) reading.getInt64();
              found.put(key, value);
            }
          }
          assertEquals(states.get(branch).floorEntry(scn).getValue(), found, "branch " + branch + " as of " + scn + ", horizon " + horizon);
          try (IndexCursor entries = reader.scanIndex(view, INDEX, KeyRange.ALL, false)) {
            RowSlot slot = new RowSlot();
            while (entries.next()) {
              assertTrue(reader.get(view, TABLE, entries, slot));
              indexed.add((int) RowReader.getInt64(StoreTestSupport.LAYOUT, slot.memory(), slot.offset(), 0));
            }
          }
          assertEquals(new TreeSet<>(found.values()), indexed);
        }
      }
    }
  }
}
