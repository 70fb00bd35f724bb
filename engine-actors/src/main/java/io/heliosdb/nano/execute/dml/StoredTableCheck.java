package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.IndexCodec;
import io.heliosdb.nano.execute.RowCodec;
import io.heliosdb.nano.execute.dml.WriteTarget.IndexTarget;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.txn.IndexEntryCursor;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.txn.TableCursor;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Checks one stored table as the transaction sees it: rows can be read, stand under their own keys, keep the table's rules, and agree
/// with the index entries in both directions.
///
/// Cost per row: one look-up per index and per foreign key; per index entry one look-up of its row. Confined to the session's thread.
public final class StoredTableCheck implements AutoCloseable {
  private static final int CANCEL_CHECK = 1024;

  private final WriteRun run;
  private final StatementAccess access;
  private final WriteTarget target;
  private final TableWriter writer;
  private final RowCodec.Writer keys;
  private final ForeignKey[] foreignKeys;
  private final ExistingRows.ReferenceProof[] references;
  private final Consumer<String> onProblem;
  private final String name;
  private long rows;
  private long entries;

  /// @param table one that stores rows itself
  /// @param onProblem told of each violation, in words
  public StoredTableCheck(Relation.Table table, WriteTargets targets, ExecutionContext context, Consumer<String> onProblem) {
    run = new WriteRun(context, targets);
    access = context.access();
    target = targets.of(table, context.catalog());
    writer = run.writer(table);
    keys = target.codec().writer();
    this.onProblem = onProblem;
    name = "table \"" + target.schema() + "." + table.name() + "\"";
    foreignKeys = Arrays.stream(target.foreignKeys()).filter(key -> key.constraint().validated()).toArray(ForeignKey[]::new);
    references = new ExistingRows.ReferenceProof[foreignKeys.length];
    for (int i = 0; i < references.length; i++) {
      references[i] = new ExistingRows.ReferenceProof(table, foreignKeys[i].constraint(), targets, context);
    }
  }

  public long rows() {
    return rows;
  }

  public long entries() {
    return entries;
  }

  public void check() {
    long[] covered = new long[target.indexes().length];
    try (TableCursor cursor = access.scan(writer.storageId(), KeyRange.ALL, false)) {
      while (cursor.next()) {
        if (++rows % CANCEL_CHECK == 0) {
          run.context().cancel().check();
        }
        byte[] key = cursor.key().clone();
        Object[] row = decode(cursor.row(), key);
        if (row != null) {
          checkRow(key, row, covered);
        }
      }
    }
    for (int x = 0; x < covered.length; x++) {
      checkEntries(x, covered[x]);
    }
  }

  private void problem(byte[] key, String text) {
    onProblem.accept(name + ", row " + HexFormat.of().formatHex(key) + ": " + text);
  }

  private @Nullable Object @Nullable [] decode(RowSlot slot, byte[] key) {
    try {
      return target.codec().decode(slot, run.large());
    } catch (RuntimeException e) {
      problem(key, "cannot be read: " + e.getMessage());
      return null;
    }
  }

  private void checkRow(byte[] key, @Nullable Object[] row, long[] covered) {
    if (target.codec().hasPrimaryKey() && !Arrays.equals(keys.rowKey(row), key)) {
      problem(key, "stands under another key than its own");
    }
    try {
      writer.checkConstraints(row.clone(), null);
    } catch (SqlException e) {
      problem(key, e.getMessage());
    }
    for (ExistingRows.ReferenceProof reference : references) {
      try {
        reference.check(row);
      } catch (SqlException e) {
        problem(key, e.getMessage());
      }
    }
    for (int x = 0; x < covered.length; x++) {
      IndexCodec.Writer index = writer.indexWriter(x);
      if (index.covers(row)) {
        covered[x]++;
        if (!hasEntry(target.indexes()[x], index.key(row), key)) {
          problem(key, "has no entry in index \"" + target.indexes()[x].index().name() + "\"");
        }
      }
    }
  }

  private boolean hasEntry(IndexTarget index, byte[] entryKey, byte[] rowKey) {
    try (IndexEntryCursor cursor = access.scanIndex(index.storageId(), KeyRange.prefix(entryKey), false)) {
      while (cursor.next()) {
        if (Arrays.equals(cursor.rowKey(), rowKey)) {
          return true;
        }
      }
    }
    return false;
  }

  private void checkEntries(int x, long covered) {
    Relation.Index index = target.indexes()[x].index();
    String indexName = "index \"" + target.schema() + "." + index.name() + "\"";
    RowSlot slot = new RowSlot();
    long count = 0;
    byte[] previous = null;
    try (IndexEntryCursor cursor = access.scanIndex(target.indexes()[x].storageId(), KeyRange.ALL, false)) {
      while (cursor.next()) {
        if (++count % CANCEL_CHECK == 0) {
          run.context().cancel().check();
        }
        byte[] entryKey = cursor.indexKey().clone();
        byte[] rowKey = cursor.rowKey().clone();
        String entry = indexName + ", entry " + HexFormat.of().formatHex(entryKey) + " of row " + HexFormat.of().formatHex(rowKey) + ": ";
        if (!access.get(writer.storageId(), rowKey, slot)) {
          onProblem.accept(entry + "the row does not exist");
          continue;
        }
        Object[] row = decode(slot, rowKey);
        if (row == null) {
          continue;
        }
        IndexCodec.Writer keyWriter = writer.indexWriter(x);
        if (!keyWriter.covers(row) || !Arrays.equals(keyWriter.key(row), entryKey)) {
          onProblem.accept(entry + "the row has another key");
        } else if (index.unique() && Arrays.equals(previous, entryKey) && (index.nullsNotDistinct() || !keyWriter.hasNull())) {
          onProblem.accept(entry + "the key is there twice");
        }
        previous = entryKey;
      }
    }
    entries += count;
    if (count != covered) {
      onProblem.accept(indexName + ": " + count + " entries for " + covered + " rows");
    }
  }

  @Override
  public void close() {
    for (ExistingRows.ReferenceProof reference : references) {
      reference.close();
    }
    run.close();
  }
}
