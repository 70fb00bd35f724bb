package io.heliosdb.nano.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.lock.CancelToken;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.storage.StoreOptions;
import java.nio.ByteBuffer;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Transactions whose write sets go to a file read, undo and commit as those in memory do: random ones against a model, with
/// `-Dspill.steps=N` longer.
final class WriteSetSpillTest {
  private static final long TABLE = 5000;
  private static final long INDEX = 5001;
  private static final int STEPS = Integer.getInteger("spill.steps", 12_000);

  /// Counts what is accounted; changes may hold 64 kB.
  private static final class Account implements SessionEnvironment {
    long bytes;
    long bytesMax;

    @Override
    public long lockTimeoutMillis() {
      return 0;
    }

    @Override
    public boolean synchronousCommit() {
      return true;
    }

    @Override
    public void accountMemory(long added) {
      bytes += added;
      bytesMax = Math.max(bytesMax, bytes);
    }

    @Override
    public long writeSetBytes() {
      return 64 << 10;
    }
  }

  private record Version(int commandId, Integer value) {}

  private record Undo(long key, boolean isEntry) {}

  /// What the transaction should see: per key the versions it made, over what was committed.
  private static final class Model {
    final TreeMap<Long, List<Version>> versions = new TreeMap<>();
    final TreeMap<Long, Integer> committed;
    final List<Undo> history = new ArrayList<>();

    Model(Map<Long, Integer> committed) {
      this.committed = new TreeMap<>(committed);
    }

    void write(long key, int commandId, Integer value) {
      versions.computeIfAbsent(key, k -> new ArrayList<>()).add(new Version(commandId, value));
      history.add(new Undo(key, false));
    }

    void rollbackTo(int size) {
      while (history.size() > size) {
        List<Version> made = versions.get(history.removeLast().key);
        made.removeLast();
      }
    }

    Integer get(long key, int commandId) {
      List<Version> made = versions.getOrDefault(key, List.of());
      for (int i = made.size() - 1; i >= 0; i--) {
        if (made.get(i).commandId < commandId) {
          return made.get(i).value;
        }
      }
      return committed.get(key);
    }

    TreeMap<Long, Integer> all(int commandId) {
      Set<Long> keys = new HashSet<>(committed.keySet());
      keys.addAll(versions.keySet());
      TreeMap<Long, Integer> rows = new TreeMap<>();
      for (long key : keys) {
        Integer value = get(key, commandId);
        if (value != null) {
          rows.put(key, value);
        }
      }
      return rows;
    }
  }

  private static byte[] key(long number) {
    return ByteBuffer.allocate(8).putLong(number).array();
  }

  private static byte[] row(int value) {
    return Arrays.copyOf(ByteBuffer.allocate(4).putInt(value).array(), 4 + Math.floorMod(value, 90));
  }

  private static byte[] indexKey(int value) {
    return ByteBuffer.allocate(4).putInt(value % 500).array();
  }

  private static int value(RowSlot slot) {
    return ByteBuffer.wrap(slot.toByteArray()).getInt();
  }

  private static NavigableMap<Long, Integer> rows(TableCursor cursor) {
    NavigableMap<Long, Integer> rows = new TreeMap<>();
    List<Long> order = new ArrayList<>();
    while (cursor.next()) {
      long key = ByteBuffer.wrap(cursor.key()).getLong();
      order.add(key);
      rows.put(key, value(cursor.row()));
    }
    List<Long> sorted = new ArrayList<>(order);
    sorted.sort(null);
    if (!order.equals(sorted)) {
      assertEquals(sorted.reversed(), order, "keys are out of order");
    }
    assertEquals(order.size(), rows.size(), "a key came twice");
    return rows;
  }

  private static List<String> entries(IndexEntryCursor cursor) {
    List<String> entries = new ArrayList<>();
    while (cursor.next()) {
      entries.add(ByteBuffer.wrap(cursor.indexKey()).getInt() + ":" + ByteBuffer.wrap(cursor.rowKey()).getLong());
    }
    entries.sort(null);
    return entries;
  }

  private static List<String> entries(Map<Long, Integer> rows, int from, int to) {
    return rows.entrySet().stream().filter(e -> e.getValue() % 500 >= from && e.getValue() % 500 < to)
        .map(e -> e.getValue() % 500 + ":" + e.getKey()).sorted().toList();
  }

  /// Writes one row and its index entry.
  private static void write(StatementAccess access, Model model, long key, Integer newValue) {
    Integer old = model.get(key, Integer.MAX_VALUE);
    if (newValue == null) {
      if (old == null) {
        return;
      }
      access.delete(TABLE, key(key));
    } else if (old == null) {
      access.insert(TABLE, key(key), row(newValue), 7);
    } else {
      access.update(TABLE, key(key), row(newValue), 7);
    }
    if (old != null) {
      access.indexDelete(INDEX, indexKey(old), key(key));
    }
    if (newValue != null) {
      access.indexInsert(INDEX, indexKey(newValue), key(key));
    }
    model.write(key, access.commandId(), newValue);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void random_transactions_agree_with_a_model(long seed) {
    Random random = new Random(seed);
    Account account = new Account();
    try (EngineSystem engine = EngineSystem.open(new EngineOptions(StoreOptions.inMemory()));
        TxnSession session = engine.openSession(1, 5, account, new CancelToken())) {
      Map<Long, Integer> committed = Map.of();
      for (int round = 0; round < 2; round++) {
        Model model = new Model(committed);
        Transaction transaction = session.begin(TransactionOptions.DEFAULT);
        run(random, transaction, model, seed);
        TreeMap<Long, Integer> result = model.all(Integer.MAX_VALUE);
        transaction.commit();
        assertEquals(0, account.bytes, "memory is given back");
        committed = result;
        Transaction reading = session.begin(TransactionOptions.DEFAULT);
        try (StatementAccess access = reading.beginCommand();
            TableCursor cursor = access.scan(TABLE, KeyRange.ALL, false);
            IndexEntryCursor index = access.scanIndex(INDEX, KeyRange.ALL, false)) {
          assertEquals(result, rows(cursor));
          assertEquals(entries(result, 0, 500), entries(index));
        }
        reading.commit();
      }
      assertTrue(account.bytesMax < 400_000, () -> "held " + account.bytesMax);
    }
  }

  private record Mark(Transaction.Savepoint savepoint, int historySize) {}

  private static void run(Random random, Transaction transaction, Model model, long seed) {
    List<Mark> marks = new ArrayList<>();
    StatementAccess early = transaction.beginCommand();
    StatementAccess access = transaction.beginCommand();
    int keys = 300 + random.nextInt(3_000);
    long next = 0;
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(400)) {
        case 0 -> {
          marks.add(new Mark(transaction.savepoint(), model.history.size()));
        }
        case 1 -> {
          if (!marks.isEmpty()) {
            int index = random.nextInt(marks.size());
            Mark mark = marks.get(index);
            marks.subList(index, marks.size()).clear();
            transaction.rollbackTo(mark.savepoint);
            model.rollbackTo(mark.historySize);
          }
        }
        case 2, 3, 4 -> {
          access.close();
          access = transaction.beginCommand();
        }
        case 5 -> {
          access.close();
          early.close();
          early = transaction.beginCommand();
          access = transaction.beginCommand();
        }
        case 6, 7 -> check(random, random.nextBoolean() ? early : access, model, keys);
        case 8 -> {
          if (random.nextInt(12) == 0) {
            scanWhileWriting(random, transaction, model, keys);
          }
        }
        default -> {
          long key = seed % 2 == 0 ? next++ % (2L * keys) : random.nextInt(keys);
          write(access, model, key, random.nextInt(4) == 0 ? null : random.nextInt(100_000));
        }
      }
    }
    check(random, access, model, keys);
    access.close();
    early.close();
  }

  private static void check(Random random, StatementAccess access, Model model, int keys) {
    long from = random.nextInt(keys);
    long to = from + random.nextInt(keys);
    NavigableMap<Long, Integer> expected = model.all(access.commandId()).subMap(from, true, to, true);
    boolean reverse = random.nextBoolean();
    try (TableCursor cursor = access.scan(TABLE, KeyRange.of(key(from), true, key(to), true), reverse)) {
      assertEquals(expected, rows(cursor));
    }
    int low = random.nextInt(500);
    int high = low + random.nextInt(200);
    try (IndexEntryCursor cursor =
        access.scanIndex(INDEX, KeyRange.of(key32(low), true, key32(high), false), reverse)) {
      assertEquals(entries(model.all(access.commandId()), low, high), entries(cursor));
    }
    RowSlot slot = new RowSlot();
    for (int i = 0; i < 40; i++) {
      long key = random.nextInt(keys);
      Integer seen = access.get(TABLE, key(key), slot) ? (Integer) value(slot) : null;
      assertEquals(model.get(key, access.commandId()), seen);
      Integer newest = access.getNewest(TABLE, key(key), slot) ? (Integer) value(slot) : null;
      assertEquals(model.get(key, Integer.MAX_VALUE), newest);
    }
  }

  private static byte[] key32(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  /// A scan shows what its command may see although its command writes and the write set goes to the file meanwhile.
  private static void scanWhileWriting(Random random, Transaction transaction, Model model, int keys) {
    try (StatementAccess access = transaction.beginCommand();
        TableCursor cursor = access.scan(TABLE, KeyRange.ALL, random.nextBoolean())) {
      TreeMap<Long, Integer> expected = model.all(access.commandId());
      TreeMap<Long, Integer> seen = new TreeMap<>();
      while (cursor.next()) {
        seen.put(ByteBuffer.wrap(cursor.key()).getLong(), value(cursor.row()));
        write(access, model, random.nextInt(keys), random.nextInt(100_000));
      }
      assertEquals(expected, seen);
    }
  }

  @Test
  void rows_in_key_order_stay_one_run_and_their_rollback_leaves_nothing() {
    Account account = new Account();
    try (EngineSystem engine = EngineSystem.open(new EngineOptions(StoreOptions.inMemory()));
        TxnSession session = engine.openSession(1, 5, account, new CancelToken())) {
      Transaction transaction = session.begin(TransactionOptions.DEFAULT);
      Transaction.Savepoint savepoint = transaction.savepoint();
      try (StatementAccess access = transaction.beginCommand()) {
        for (int i = 0; i < 50_000; i++) {
          access.insert(TABLE, key(i), row(i), 1);
        }
      }
      assertTrue(transaction.writeSetBytes() > 7_000_000);
      assertTrue(account.bytesMax < 400_000, () -> "held " + account.bytesMax);
      transaction.rollbackTo(savepoint);
      assertTrue(!transaction.hasWrites());
      try (StatementAccess access = transaction.beginCommand()) {
        access.insert(TABLE, key(17), row(1), 1);
      }
      transaction.commit();
      Transaction reading = session.begin(TransactionOptions.DEFAULT);
      try (StatementAccess access = reading.beginCommand(); TableCursor cursor = access.scan(TABLE, KeyRange.ALL, false)) {
        assertEquals(Map.of(17L, 1), rows(cursor));
      }
      reading.commit();
    }
  }
}
