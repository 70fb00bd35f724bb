package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.ErasedCounts;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.lmdb.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Removes all that the store has under some row keys, of all times and on all branches: rows, tombstones, deleted incarnations, index
/// entries, log records.
///
/// Order, so that being cut off leaves a store that reads well and can be erased from again: deleted incarnations first, then `current` and
/// the entries from the roots up (a tombstone goes when there is nothing left for it to hide), and last the log, which the others refer to.
/// Nobody may write under these keys meanwhile. Small transactions; durable with the next checkpoint.
final class Erasure {
  private static final int SLICE_COUNT = 10_000;

  private final StoreEngine engine;
  private final Map<Long, TreeSet<byte[]>> rows;
  private final Set<Long> indexes;
  private final Set<Integer> touched = new TreeSet<>();
  private long versions;
  private long entries;
  private long bytes;

  /// @param rows row keys by storage id
  /// @param indexes the index ids that may have entries for them
  Erasure(StoreEngine engine, Map<Long, TreeSet<byte[]>> rows, Set<Long> indexes) {
    this.engine = engine;
    this.rows = rows;
    this.indexes = indexes;
  }

  ErasedCounts run() {
    Set<Integer> branches;
    try (LmdbReader reader = engine.acquireReader()) {
      branches = reader.branches();
    }
    branches.forEach(branch -> eraseRows(Tree.PAST_ROWS, branch));
    for (int branch : branches) {
      eraseRows(Tree.CURRENT, branch);
      eraseEntries(Tree.INDEX, branch);
      eraseEntries(Tree.PAST_INDEX, branch);
    }
    new LogSweep(engine, 0, this::isDoomed).run(Long.MAX_VALUE);
    if (versions > 0) {
      engine.writer().transact(() -> engine.writer().transaction().putCounter(LargeValues.GARBAGE, 1));
      new LargeSweep(engine).run();
    }
    return new ErasedCounts(versions, entries, bytes, touched);
  }

  private void eraseRows(Tree tree, int branch) {
    List<byte[]> doomed = new ArrayList<>();
    try (LmdbReader reader = engine.acquireReader()) {
      Set<Long> there = new TreeSet<>(new Inventory(reader).ids(tree, branch));
      EntryCursor cursor = reader.cursor(tree);
      rows.forEach((id, keys) -> {
        if (there.contains(id)) {
          keys.forEach(key -> chooseRow(reader, cursor, branch, id, key, doomed));
        }
      });
    }
    delete(tree, branch, doomed);
  }

  /// Finds the entries of one row key: one in `current`, one per deleted incarnation in `past_rows`.
  private void chooseRow(LmdbReader reader, EntryCursor cursor, int branch, long id, byte[] key, List<byte[]> doomed) {
    long buffer = reader.keyBuffer();
    int length = (int) (Format.putPart(Format.putPrefix(buffer, branch, id), key, key.length, Format.ROW_KEY_PREFIX) - buffer);
    boolean found = cursor.seek(buffer, length);
    while (found && cursor.keyBytes >= length && Memory.compare(cursor.keyAddress, length, buffer, length) == 0) {
      doomed.add(Memory.copyOut(cursor.keyAddress, cursor.keyBytes));
      bytes += cursor.keyBytes + cursor.valueBytes;
      found = cursor.next();
    }
  }

  private void eraseEntries(Tree tree, int branch) {
    List<byte[]> doomed = new ArrayList<>();
    try (LmdbReader reader = engine.acquireReader()) {
      for (long id : new Inventory(reader).ids(tree, branch)) {
        if (indexes.contains(id)) {
          TreeWalk walk = new TreeWalk(reader.scope(), tree, branch, id, KeyRange.ALL, false);
          while (walk.next()) {
            if (isErased(Memory.copyOut(walk.bAddress, walk.bBytes))) {
              doomed.add(Memory.copyOut(walk.keyAddress, walk.keyBytes));
              bytes += walk.keyBytes + walk.valueBytes;
            }
          }
          walk.close();
        }
      }
    }
    entries += doomed.size();
    delete(tree, branch, doomed);
  }

  private boolean isErased(byte[] rowKey) {
    for (TreeSet<byte[]> keys : rows.values()) {
      if (keys.contains(rowKey)) {
        return true;
      }
    }
    return false;
  }

  private void delete(Tree tree, int branch, List<byte[]> keys) {
    if (!keys.isEmpty()) {
      touched.add(branch);
    }
    for (int from = 0; from < keys.size(); from += SLICE_COUNT) {
      List<byte[]> slice = keys.subList(from, Math.min(keys.size(), from + SLICE_COUNT));
      engine.writer().transact(() -> slice.forEach(key -> delete(tree, key)));
    }
  }

  private void delete(Tree tree, byte[] key) {
    WriteTransaction txn = engine.writer().transaction();
    Memory.copyIn(key, 0, txn.keyBuffer, key.length);
    if (tree == Tree.CURRENT && txn.get(tree, txn.keyBuffer, key.length)) {
      versions += (Memory.getByte(txn.valueAddress() + Format.ROW_FLAGS) & Format.ROW_TOMBSTONE) == 0 ? 1 : 0;
    }
    txn.delete(tree, txn.keyBuffer, key.length);
  }

  private boolean isDoomed(long scn, long record, int recordBytes) {
    if (Memory.getByte(record + Format.LOG_KIND) != Format.LOG_KIND_ROW) {
      return false;
    }
    int flags = Memory.getByte(record + Format.LOG_FLAGS);
    boolean replaced = (flags & Format.LOG_REPLACED) != 0;
    long at = record + (replaced ? Format.LOG_CHAINED_HEADER : Format.LOG_PLAIN_HEADER);
    int branch = (int) Format.getOrdered(at);
    at += Format.orderedBytes(at);
    at += Format.orderedBytes(at);
    TreeSet<byte[]> keys = rows.get(Format.getOrdered(at));
    at += Format.orderedBytes(at);
    if (keys == null || !keys.contains(Memory.copyOut(at + 4, Memory.getInt(at)))) {
      return false;
    }
    versions += replaced && (flags & Format.LOG_REPLACED_TOMBSTONE) == 0 ? 1 : 0;
    bytes += Format.LOG_KEY_BYTES + recordBytes;
    touched.add(branch);
    return true;
  }
}
