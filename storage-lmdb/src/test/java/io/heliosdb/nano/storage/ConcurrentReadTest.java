package io.heliosdb.nano.storage;

import static io.heliosdb.nano.storage.StoreTestSupport.LAYOUT;
import static io.heliosdb.nano.storage.StoreTestSupport.TABLE;
import static io.heliosdb.nano.storage.StoreTestSupport.commit;
import static io.heliosdb.nano.storage.StoreTestSupport.key;
import static io.heliosdb.nano.storage.StoreTestSupport.row;
import static io.heliosdb.nano.storage.StoreTestSupport.unit;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.storage.row.RowReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConcurrentReadTest {
  private static final int ACCOUNTS = 200;
  private static final long SUM = ACCOUNTS * 100L;

  @Test
  void readers_see_whole_commits_now_and_in_the_past_while_money_moves() throws Exception {
    try (Store store = Store.open(StoreOptions.inMemory());
        ExecutorService threads = Executors.newFixedThreadPool(3)) {
      long[] balances = new long[ACCOUNTS];
      RowWrite[] opening =
          IntStream.range(0, ACCOUNTS).mapToObj(i -> RowWrite.insert(TABLE, key(i), row(100, i), 1)).toArray(RowWrite[]::new);
      Arrays.fill(balances, 100);
      long firstScn = commit(store, unit(opening));
      AtomicBoolean done = new AtomicBoolean();
      List<Future<Integer>> readers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int number = i;
        Callable<Integer> reader = () -> readUntil(done, store, new Random(number), firstScn);
        readers.add(threads.submit(reader));
      }
      Random random = new Random(11);
      try {
        for (int i = 0; i < 4_000; i++) {
          int from = random.nextInt(ACCOUNTS);
          int to = (from + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
          long amount = random.nextInt(50);
          balances[from] -= amount;
          balances[to] += amount;
          commit(
              store,
              unit(
                  RowWrite.update(TABLE, key(from), row(balances[from], random.nextInt(200)), 1),
                  RowWrite.update(TABLE, key(to), row(balances[to], random.nextInt(200)), 1)));
        }
      } finally {
        done.set(true);
      }
      for (Future<Integer> reader : readers) {
        assertTrue(reader.get() > 0);
      }
    }
  }

  private static int readUntil(AtomicBoolean done, Store store, Random random, long firstScn) {
    int rounds = 0;
    long lastScn = 0;
    while (!done.get() || rounds == 0) {
      long published = store.visibleScn();
      try (StoreReader reader = store.acquireReader()) {
        assertTrue(reader.scn() >= published && reader.scn() >= lastScn);
        lastScn = reader.scn();
        assertEquals(SUM, sum(reader, ReadView.MAIN_NEWEST));
        assertEquals(SUM, sum(reader, ReadView.MAIN_NEWEST.asOf(firstScn + random.nextLong(lastScn - firstScn + 1))));
      }
      // A snapshot outlives its reader: the same SCN through another one shows the same state.
      try (StoreReader later = store.acquireReader()) {
        assertEquals(SUM, sum(later, ReadView.MAIN_NEWEST.asOf(lastScn)));
      }
      rounds++;
    }
    return rounds;
  }

  private static long sum(StoreReader reader, ReadView view) {
    long sum = 0;
    try (RowCursor cursor = reader.scan(view, TABLE, KeyRange.ALL, false)) {
      while (cursor.next()) {
        sum += RowReader.getInt64(LAYOUT, cursor.row().memory(), cursor.row().offset(), 0);
      }
    }
    return sum;
  }

  @Test
  void threads_that_allocate_at_once_get_different_numbers() throws Exception {
    try (Store store = Store.open(StoreOptions.inMemory());
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<List<Long>>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(threads.submit(() -> IntStream.range(0, 10_000).mapToObj(n -> store.allocate(CounterKey.XID, 1)).toList()));
      }
      for (int i = 0; i < 50; i++) {
        commit(store, StoreTestSupport.insert(i));
      }
      Set<Long> numbers = new HashSet<>();
      for (Future<List<Long>> numbersOfOne : all) {
        numbers.addAll(numbersOfOne.get());
      }
      assertEquals(40_000, numbers.size());
    }
  }
}
