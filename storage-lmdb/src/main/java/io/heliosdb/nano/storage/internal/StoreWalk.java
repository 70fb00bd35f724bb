package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.CounterKey;
import io.heliosdb.nano.storage.StoreCheck;
import io.heliosdb.nano.storage.StoreCheck.RelationKey;
import io.heliosdb.nano.storage.lmdb.Lmdb;
import io.heliosdb.nano.storage.lmdb.LmdbException;
import io.heliosdb.nano.storage.lmdb.Memory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;

/// Walks all trees of one snapshot and checks the invariants of `docs/data-file.md`: commits are consecutive, every version is reached
/// from its key through the log, whatever left a tree died after it was born.
///
/// Cost: every entry and every superseded version once, each version with one look-up. Memory: a counter per relation.
final class StoreWalk {
  private final LmdbReader reader;
  private final Consumer<String> onProblem;
  private final long scn;
  private final Map<CounterKey, Long> historyStarts;
  private final Map<RelationKey, Long> rows = new HashMap<>();
  private final Map<RelationKey, Long> entries = new HashMap<>();
  private long versions;
  private long commits;
  private long loads;
  private long problems;

  /// An entry of a tree by address.
  @FunctionalInterface
  private interface Visitor {
    void visit(long key, int keyBytes, long value, int valueBytes);
  }

  StoreWalk(LmdbReader reader, Consumer<String> onProblem) {
    this.reader = reader;
    this.onProblem = onProblem;
    scn = reader.scn();
    historyStarts = reader.historyStarts();
  }

  StoreCheck run() {
    checkCommits();
    walk(Tree.CURRENT, this::checkRow);
    walk(Tree.PAST_ROWS, this::checkPastRow);
    walk(Tree.INDEX, this::checkEntry);
    walk(Tree.PAST_INDEX, this::checkPastEntry);
    walk(Tree.META, (key, keyBytes, value, valueBytes) -> loads += Memory.getByte(key) == 'L' ? 1 : 0);
    return new StoreCheck(rows, entries, versions, commits, loads, problems);
  }

  private void problem(String text) {
    problems++;
    onProblem.accept(text);
  }

  private void walk(Tree tree, Visitor visitor) {
    CursorHandle cursor = reader.takeCursor(tree);
    long use = reader.use();
    try {
      int code = Lmdb.cursorGet(cursor.address, cursor.key, cursor.data, Lmdb.FIRST);
      while (code == Lmdb.SUCCESS) {
        visitor.visit(
            Memory.getWord(cursor.key + 8), (int) Memory.getWord(cursor.key), Memory.getWord(cursor.data + 8), (int) Memory.getWord(cursor.data));
        code = Lmdb.cursorGet(cursor.address, cursor.key, cursor.data, Lmdb.NEXT);
      }
      if (code != Lmdb.NOTFOUND) {
        throw StoreFailure.translate(new LmdbException("mdb_cursor_get", code));
      }
    } finally {
      reader.returnCursor(cursor, use);
    }
  }

  private void checkCommits() {
    long[] last = {0, Long.MIN_VALUE};
    walk(Tree.COMMITS, (key, keyBytes, value, valueBytes) -> {
      long commit = Memory.getLongBigEndian(key);
      long micros = Memory.getLong(value);
      if (last[0] != 0 && commit != last[0] + 1) {
        problem("commits " + (last[0] + 1) + " to " + (commit - 1) + " are missing");
      }
      if (micros <= last[1]) {
        problem("commit " + commit + " is not later than the one before");
      }
      last[0] = commit;
      last[1] = micros;
      commits++;
    });
    if (last[0] != scn) {
      problem("the newest commit on record is " + last[0] + ", the newest visible " + scn);
    }
  }

  // ---- rows ----

  private void checkRow(long key, int keyBytes, long value, int valueBytes) {
    int prefix = prefixBytes(key);
    rows.merge(relation(key), 1L, Long::sum);
    long born = Memory.getLong(value + Format.ROW_SCN);
    int flags = Memory.getByte(value + Format.ROW_FLAGS);
    if (born > scn) {
      problem(name("row", key, keyBytes) + " is of the future commit " + born);
    } else if (born > 0) {
      byte[] rowKey =
          (flags & Format.ROW_LONG_KEY) != 0 ? longKey(value + Format.longKeyOffset(flags)) : Memory.copyOut(key + prefix, keyBytes - prefix);
      checkChain(name("row", key, keyBytes), relation(key), rowKey, born, Memory.getInt(value + Format.ROW_SEQUENCE),
          (flags & Format.ROW_CHAINED) != 0 ? Memory.getInt(value + Format.CHAIN_ORDINAL) : 0);
    }
  }

  private void checkPastRow(long key, int keyBytes, long value, int valueBytes) {
    int prefix = prefixBytes(key);
    long died = Memory.getLongBigEndian(key + keyBytes - 8);
    long born = Memory.getLong(value + Format.PAST_BORN);
    int flags = Memory.getByte(value + Format.PAST_FLAGS);
    if (born >= died || died > scn) {
      problem(name("deleted row", key, keyBytes) + " was born at " + born + " and died at " + died);
      return;
    }
    byte[] rowKey =
        (flags & Format.ROW_LONG_KEY) != 0 ? longKey(value + Format.PAST_HEADER) : Memory.copyOut(key + prefix, keyBytes - prefix - 8);
    checkChain(name("deleted row", key, keyBytes), relation(key), rowKey, died, Memory.getInt(value + Format.PAST_SEQUENCE), -1);
  }

  /// Follows the log from the record that made the newest version, or deleted it, to the first.
  ///
  /// @param ordinal what the newest version says its place in the chain is, -1 when it does not say
  private void checkChain(String what, RelationKey relation, byte[] rowKey, long firstScn, int firstSequence, int ordinal) {
    long recordScn = firstScn;
    int sequence = firstSequence;
    int place = ordinal;
    while (true) {
      long record = reader.chains().record(recordScn, sequence);
      String where = what + ": log record " + recordScn + "/" + sequence;
      if (record == 0) {
        if (recordScn > historyStart(relation)) {
          problem(where + " is missing");
        }
        return;
      }
      if (Memory.getByte(record + Format.LOG_KIND) != Format.LOG_KIND_ROW) {
        problem(where + " is not about a row");
        return;
      }
      boolean isReplacing = (Memory.getByte(record + Format.LOG_FLAGS) & Format.LOG_REPLACED) != 0;
      if (!isOf(record + (isReplacing ? Format.LOG_CHAINED_HEADER : Format.LOG_PLAIN_HEADER), relation, rowKey)) {
        problem(where + " is about another row");
        return;
      }
      if (!isReplacing) {
        if (place > 0) {
          problem(where + " ends the chain although " + place + " versions should precede");
        }
        return;
      }
      int here = Memory.getInt(record + Format.LOG_ORDINAL);
      if (place >= 0 && here != place) {
        problem(where + " is number " + here + " of its chain, not " + place);
        return;
      }
      long replacedScn = Memory.getLong(record + Format.LOG_REPLACED_SCN);
      if (replacedScn >= recordScn) {
        problem(where + " replaces a version of commit " + replacedScn);
        return;
      }
      versions++;
      if (replacedScn == 0) {
        // Bulk-loaded rows have no record.
        return;
      }
      place = here - 1;
      recordScn = replacedScn;
      sequence = Memory.getInt(record + Format.LOG_REPLACED_SEQUENCE);
    }
  }

  /// Up to which SCN records may have been trimmed.
  private long historyStart(RelationKey relation) {
    long own = historyStarts.getOrDefault(CounterKey.historyStart(relation.branch(), relation.id()), 0L);
    return Math.max(own, historyStarts.getOrDefault(CounterKey.historyStart(relation.branch(), 0), 0L));
  }

  private static boolean isOf(long address, RelationKey relation, byte[] rowKey) {
    long branch = Format.getOrdered(address);
    long at = address + Format.orderedBytes(address);
    at += Format.orderedBytes(at);
    long id = Format.getOrdered(at);
    at += Format.orderedBytes(at);
    return branch == relation.branch() && id == relation.id() && Arrays.equals(Memory.copyOut(at + 4, Memory.getInt(at)), rowKey);
  }

  // ---- index entries ----

  private void checkEntry(long key, int keyBytes, long value, int valueBytes) {
    entries.merge(relation(key), 1L, Long::sum);
    long born = Memory.getLong(value + Format.INDEX_BORN);
    if (born > scn) {
      problem(name("index entry", key, keyBytes) + " is of the future commit " + born);
    }
  }

  private void checkPastEntry(long key, int keyBytes, long value, int valueBytes) {
    long born = Memory.getLong(value + Format.INDEX_BORN);
    long died = Memory.getLongBigEndian(key + keyBytes - 8);
    if (born > died || died > scn) {
      problem(name("past index entry", key, keyBytes) + " was born at " + born + " and died at " + died);
    }
  }

  // ---- parts of keys ----

  private static int prefixBytes(long key) {
    int branch = Format.orderedBytes(key);
    return branch + Format.orderedBytes(key + branch);
  }

  private static RelationKey relation(long key) {
    return new RelationKey((int) Format.getOrdered(key), Format.getOrdered(key + Format.orderedBytes(key)));
  }

  private static byte[] longKey(long address) {
    return Memory.copyOut(address + 4, Memory.getInt(address));
  }

  private static String name(String what, long key, int keyBytes) {
    int prefix = prefixBytes(key);
    RelationKey relation = relation(key);
    return what + " " + HexFormat.of().formatHex(Memory.copyOut(key + prefix, keyBytes - prefix)) + " of storage id " + relation.id() + " in branch "
        + relation.branch();
  }
}
