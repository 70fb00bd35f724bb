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
}
