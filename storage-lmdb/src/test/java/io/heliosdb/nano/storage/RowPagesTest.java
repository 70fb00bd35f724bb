package io.heliosdb.nano.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.storage.lmdb.Memory;
import io.heliosdb.nano.storage.row.RowReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Rows read page by page from trees of several levels, between other storage ids and with rows that have pages of their own.
class RowPagesTest {
  private static final int ROWS = 30_000;

  private final Random random = new Random(7);

  private void insert(Store store, long storageId, int count) {
    List<RowWrite> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(RowWrite.insert(storageId, StoreTestSupport.key(i), StoreTestSupport.row(i, random.nextInt(50) == 0 ? 2_040 : random.nextInt(60)), 1));
    }
    StoreTestSupport.commit(store, StoreTestSupport.unit(rows.toArray(RowWrite[]::new)));
  }

  private static List<Long> numbers(RowPages pages, int group) {
    List<Long> numbers = new ArrayList<>();
    RowPages.Walk walk = pages.walk();
    walk.seek(group);
    while (walk.nextPage()) {
      long[] offsets = new long[walk.rowCount() + 1];
      walk.rows(offsets, 1);
      for (int i = 0; i < walk.rowCount(); i++) {
        long number = RowReader.getInt64(StoreTestSupport.LAYOUT, Memory.ALL, offsets[i + 1], 0);
        assertArrayEquals(StoreTestSupport.key(number), walk.keyStart(i));
        numbers.add(number);
      }
    }
    return numbers;
  }

  @Test
  void pages_hold_all_rows_of_their_storage_id_in_key_order() {
    try (Store store = Store.open(StoreOptions.inMemory())) {
      for (long storageId : new long[] {998, 999, StoreTestSupport.TABLE, 1_001, 70_000}) {
        insert(store, storageId, storageId == StoreTestSupport.TABLE ? ROWS : (int) (storageId % 10) * 40);
      }
      try (StoreReader reader = store.acquireReader()) {
        for (long storageId : new long[] {5, 997, 998, 999, StoreTestSupport.TABLE, 1_001, 1_002, 70_000, 1L << 40}) {
          int expected = StoreTestSupport.count(store, storageId);
          RowPages pages = reader.pages(ReadView.MAIN_NEWEST, storageId);
          List<Long> all = new ArrayList<>();
          for (int group = 0; group < pages.groupCount(); group++) {
            all.addAll(numbers(pages, group));
          }
          assertEquals(java.util.stream.LongStream.range(0, expected).boxed().toList(), all, "storage id " + storageId);
          assertEquals(expected, pages.countRows());
        }
        assertTrue(reader.pages(ReadView.MAIN_NEWEST, StoreTestSupport.TABLE).groupCount() > 1);
      }
    }
  }

  /// The pages of a reader stay as they are while commits change the rows.
  @Test
  void threads_share_the_state_of_one_reader() throws Exception {
    try (Store store = Store.open(StoreOptions.inMemory()); ExecutorService threads = Executors.newFixedThreadPool(2)) {
      insert(store, StoreTestSupport.TABLE, ROWS);
      try (StoreReader reader = store.acquireReader()) {
        RowPages pages = reader.pages(ReadView.MAIN_NEWEST, StoreTestSupport.TABLE);
        Callable<Long> sum = () -> {
          long total = 0;
          for (int group = 0; group < pages.groupCount(); group++) {
            total += numbers(pages, group).stream().mapToLong(n -> n).sum();
          }
          return total;
        };
        List<Future<Long>> sums = List.of(threads.submit(sum), threads.submit(sum));
        for (int i = 0; i < 200; i++) {
          int number = random.nextInt(ROWS);
          StoreTestSupport.commit(store, StoreTestSupport.unit(
              RowWrite.update(StoreTestSupport.TABLE, StoreTestSupport.key(number), StoreTestSupport.row(-1, random.nextInt(100)), 1)));
        }
        for (Future<Long> one : sums) {
          assertEquals(ROWS * (ROWS - 1L) / 2, one.get());
        }
      }
    }
  }

  private static CommitUnit on(int branch, List<RowWrite> rows) {
    return new CommitUnit(branch, 0, 10, 0, rows, List.of(), List.of());
  }

  /// Changes of random rows on a branch; what is there says the view of it.
  private void change(Store store, int branch, ReadView view, int count, boolean longKeys) {
    List<RowWrite> rows = new ArrayList<>();
    java.util.TreeSet<Integer> numbers = new java.util.TreeSet<>();
    while (numbers.size() < count) {
      numbers.add(random.nextInt(ROWS + 300));
    }
    try (StoreReader reader = store.acquireReader()) {
      RowSlot slot = new RowSlot();
      for (int number : numbers) {
        byte[] key = layeredKey(number, longKeys);
        boolean isThere = reader.get(view, StoreTestSupport.TABLE, key, slot);
        byte[] row = StoreTestSupport.row(number, random.nextInt(60));
        if (!isThere) {
          rows.add(RowWrite.insert(StoreTestSupport.TABLE, key, row, 1));
        } else if (random.nextInt(3) == 0) {
          rows.add(RowWrite.delete(StoreTestSupport.TABLE, key));
        } else {
          rows.add(RowWrite.update(StoreTestSupport.TABLE, key, row, 1));
        }
      }
    }
    StoreTestSupport.commit(store, on(branch, rows));
  }

  private static byte[] layeredKey(int number, boolean longKeys) {
    // A stretch of long keys that agree in all the bytes that the tree keeps.
    return longKeys && number % 1_000 < 20
        ? new io.heliosdb.nano.storage.key.KeyWriter().putInt64(number / 1_000 * 1_000).putText("x".repeat(500) + number).toKey()
        : StoreTestSupport.key(number);
  }

  private static List<Long> byCursor(Store store, ReadView view) {
    List<Long> numbers = new ArrayList<>();
    try (StoreReader reader = store.acquireReader(); RowCursor rows = reader.scan(view, StoreTestSupport.TABLE, KeyRange.ALL, false)) {
      while (rows.next()) {
        numbers.add(rows.row().offset());
        numbers.add((long) java.util.Arrays.hashCode(rows.key()));
      }
    }
    return numbers;
  }

  private static List<Long> offsets(RowPages pages, RowPages.Walk walk, int group) {
    List<Long> offsets = new ArrayList<>();
    walk.seek(group);
    while (walk.nextPage()) {
      long[] page = new long[walk.rowCount()];
      walk.rows(page, 0);
      for (int i = 0; i < page.length; i++) {
        offsets.add(page[i]);
        offsets.add((long) java.util.Arrays.hashCode(walk.keyStart(i)));
      }
    }
    return offsets;
  }

  /// Branches and older states have pages, too, which threads share: the rows and keys that a cursor gives, in its order.
  @Test
  void layers_are_read_by_pages_in_key_order() throws Exception {
    for (boolean longKeys : new boolean[] {false, true}) {
      try (Store store = Store.open(StoreOptions.inMemory()); ExecutorService threads = Executors.newFixedThreadPool(3)) {
        List<RowWrite> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
          rows.add(RowWrite.insert(StoreTestSupport.TABLE, layeredKey(i, longKeys), StoreTestSupport.row(i, random.nextInt(60)), 1));
        }
        long first = StoreTestSupport.commit(store, StoreTestSupport.unit(rows.toArray(RowWrite[]::new)));
        List<Layer> layers = new ArrayList<>(List.of(new Layer(Branches.MAIN, Layer.NEWEST)));
        List<ReadView> views = new ArrayList<>(List.of(new ReadView(new Layer(Branches.MAIN, first))));
        for (int branch = 2; branch < 7; branch++) {
          ReadView parent = new ReadView(layers.toArray(Layer[]::new));
          change(store, layers.getFirst().branch(), parent, branch == 4 ? ROWS / 2 : 300, longKeys);
          long fork = store.visibleScn();
          layers.set(0, new Layer(layers.getFirst().branch(), fork));
          layers.addFirst(new Layer(branch, Layer.NEWEST));
          ReadView view = new ReadView(layers.toArray(Layer[]::new));
          views.add(view.asOf(fork));
          change(store, branch, view, 200, longKeys);
          views.add(view);
          // The parents go on.
          change(store, layers.get(1).branch(), parent, branch == 5 ? ROWS / 2 : 100, longKeys);
          change(store, Branches.MAIN, ReadView.MAIN_NEWEST, branch == 3 ? ROWS / 2 : 100, longKeys);
        }
        for (ReadView view : views) {
          List<Long> expected = byCursor(store, view);
          try (StoreReader reader = store.acquireReader()) {
            RowPages pages = reader.pages(view, StoreTestSupport.TABLE);
            assertTrue(pages.groupCount() > 1);
            assertEquals(expected.size() / 2, pages.countRows());
            List<Future<List<Long>>> groups = new ArrayList<>();
            for (int group = 0; group < pages.groupCount(); group++) {
              int one = group;
              groups.add(threads.submit(() -> offsets(pages, pages.walk(), one)));
            }
            List<Long> found = new ArrayList<>();
            for (Future<List<Long>> group : groups) {
              found.addAll(group.get());
            }
            assertEquals(expected, found);
          }
        }
      }
    }
  }
}
