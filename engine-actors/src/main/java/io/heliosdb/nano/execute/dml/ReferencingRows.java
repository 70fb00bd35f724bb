package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.BoundEvaluator;
import io.heliosdb.nano.execute.IndexCodec;
import io.heliosdb.nano.execute.KeyCodec;
import io.heliosdb.nano.lock.RowLockMode;
import io.heliosdb.nano.lock.WaitPolicy;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.key.ColumnOrder;
import io.heliosdb.nano.storage.key.KeyWriter;
import io.heliosdb.nano.txn.IndexEntryCursor;
import io.heliosdb.nano.txn.LockOutcome;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.txn.TableCursor;
import io.heliosdb.nano.type.Bytes;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds the rows of one stored table that refer to given keys: through an index (or the primary key) that begins with the referencing
/// columns when there is one, else with one pass over the table for all keys.
final class ReferencingRows {
  /// Called for each row, which is locked and in its newest version; `position` tells the key.
  interface Consumer {
    void accept(int position, byte[] rowKey, @Nullable Object[] row);
  }

  private record Found(int position, byte[] rowKey, long scn) {}

  private static final int CHUNK = 1024;

  private final ReferencingTables.Reference reference;
  private final int[] columns;
  private final TableWriter writer;
  private final WriteRun run;
  private final ColumnCast[] casts;
  private final BoundEvaluator[] bound;
  private boolean lost;

  ReferencingRows(ReferencingTables.Reference reference, int[] columns, TableWriter writer, WriteRun run) {
    this.reference = reference;
    this.columns = columns;
    this.writer = writer;
    this.run = run;
    casts = new ColumnCast[columns.length];
    bound = new BoundEvaluator[columns.length];
    int[] referenced = ForeignKey.positions(reference.constraint().referencedColumns());
    for (int i = 0; i < columns.length; i++) {
      PgType type = run.catalog().byOid(reference.referenced().columns().get(referenced[i]).typeOid());
      casts[i] = new ColumnCast(writer.target().table(), columns[i], type, -1, run.catalog());
      bound[i] = casts[i].bind(run.context());
    }
  }

  /// @return false when rows were no longer where they had been found: they may be under another key by now, so the caller looks once more
  boolean find(List<@Nullable Object[]> keys, Consumer consumer) {
    lost = false;
    findAll(keys, consumer);
    return !lost;
  }

  private void findAll(List<@Nullable Object[]> keys, Consumer consumer) {
    boolean direct = true;
    for (ColumnCast cast : casts) {
      direct &= cast.isDirect();
    }
    int[] order = direct ? primaryKeyPrefix() : null;
    if (order != null) {
      for (int i = 0; i < keys.size(); i++) {
        byte[] prefix = prefix(keys.get(i), order, null);
        if (prefix != null) {
          byPrimaryKey(i, prefix, keys, consumer);
        }
      }
      return;
    }
    int index = direct ? indexWithPrefix() : -1;
    if (index >= 0) {
      IndexCodec codec = writer.indexes()[index].codec();
      int[] indexOrder = new int[columns.length];
      for (int i = 0; i < indexOrder.length; i++) {
        indexOrder[i] = codec.attnum(i) - 1;
      }
      for (int i = 0; i < keys.size(); i++) {
        byte[] prefix = prefix(keys.get(i), indexOrder, codec);
        if (prefix != null) {
          byIndex(i, prefix, writer.indexes()[index].storageId(), keys, consumer);
        }
      }
      return;
    }
    byScan(keys, consumer);
  }

  private @Nullable BitSet columnSet() {
    BitSet set = new BitSet();
    for (int column : columns) {
      set.set(column);
    }
    return set.cardinality() == columns.length ? set : null;
  }

  private int @Nullable [] primaryKeyPrefix() {
    BitSet wanted = columnSet();
    var codec = writer.target().codec();
    if (wanted == null || codec.keyColumnCount() < columns.length) {
      return null;
    }
    int[] order = new int[columns.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = codec.keyColumn(i);
      if (!wanted.get(order[i])) {
        return null;
      }
    }
    return order;
  }

  private int indexWithPrefix() {
    BitSet wanted = columnSet();
    for (int x = 0; wanted != null && x < writer.indexes().length; x++) {
      IndexCodec codec = writer.indexes()[x].codec();
      if (codec.predicate() != null || codec.keyCount() < columns.length || writer.isExclusion(x)) {
        continue;
      }
      boolean fits = true;
      for (int i = 0; i < columns.length && fits; i++) {
        fits = codec.attnum(i) != 0 && wanted.get(codec.attnum(i) - 1);
      }
      if (fits) {
        return x;
      }
    }
    return -1;
  }

  /// The key bytes of the referenced values in the types of this table; null when no row can have them.
  private byte @Nullable [] prefix(@Nullable Object[] key, int[] order, @Nullable IndexCodec codec) {
    KeyWriter out = new KeyWriter();
    for (int i = 0; i < order.length; i++) {
      int position = 0;
      while (columns[position] != order[i]) {
        position++;
      }
      Relation.Column column = writer.target().table().columns().get(order[i]);
      PgType type = writer.target().codec().type(order[i] + 1);
      int[] referenced = ForeignKey.positions(reference.constraint().referencedColumns());
      ColumnCast back = new ColumnCast(reference.referenced(), referenced[position], type, -1, run.catalog());
      Object value = back.direct(key[position]);
      if (value == ColumnCast.NO_VALUE) {
        return null;
      }
      out.order(codec == null ? ColumnOrder.ASC_NULLS_LAST : codec.order(i));
      KeyCodec.put(out, type, value, codec == null ? column.collationOid() : codec.collation(i));
    }
    return out.toKey();
  }

  private void byPrimaryKey(int position, byte[] prefix, List<@Nullable Object[]> keys, Consumer consumer) {
    List<Found> found = new ArrayList<>();
    try (TableCursor cursor = run.access().scanNewest(writer.storageId(), KeyRange.prefix(prefix), false)) {
      while (cursor.next()) {
        found.add(new Found(position, cursor.key(), cursor.row().scn()));
      }
    }
    give(found, keys, consumer);
  }

  private void byIndex(int position, byte[] prefix, long indexStorageId, List<@Nullable Object[]> keys, Consumer consumer) {
    List<Found> found = new ArrayList<>();
    try (IndexEntryCursor cursor = run.access().scanIndexNewest(indexStorageId, KeyRange.prefix(prefix), false)) {
      while (cursor.next()) {
        found.add(new Found(position, cursor.rowKey().clone(), Long.MIN_VALUE));
      }
    }
    give(found, keys, consumer);
  }

  private void byScan(List<@Nullable Object[]> keys, Consumer consumer) {
    PgType[] types = new PgType[columns.length];
    int[] collations = new int[columns.length];
    ColumnOrder[] orders = new ColumnOrder[columns.length];
    int[] referenced = ForeignKey.positions(reference.constraint().referencedColumns());
    for (int i = 0; i < columns.length; i++) {
      Relation.Column column = reference.referenced().columns().get(referenced[i]);
      types[i] = run.catalog().byOid(column.typeOid());
      collations[i] = column.collationOid();
      orders[i] = ColumnOrder.ASC_NULLS_LAST;
    }
    Map<Bytes, Integer> wanted = new HashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      wanted.put(Bytes.wrap(KeyCodec.key(types, collations, orders, keys.get(i))), i);
    }
    List<Found> found = new ArrayList<>();
    try (TableCursor cursor = run.access().scanNewest(writer.storageId(), KeyRange.ALL, false)) {
      int count = 0;
      while (cursor.next()) {
        if ((++count & 1023) == 0) {
          run.context().cancel().check();
        }
        Object[] row = writer.target().codec().decode(cursor.row(), run.large());
        Object[] values = values(row);
        Integer position = values == null ? null : wanted.get(Bytes.wrap(KeyCodec.key(types, collations, orders, values)));
        if (position != null) {
          found.add(new Found(position, cursor.key(), cursor.row().scn()));
        }
      }
    }
    give(found, keys, consumer);
  }

  /// The row's referencing values in the referenced types; null when one is NULL or fits none.
  private @Nullable Object @Nullable [] values(@Nullable Object[] row) {
    Object[] values = new Object[columns.length];
    for (int i = 0; i < columns.length; i++) {
      if (row[columns[i]] == null) {
        return null;
      }
      values[i] = casts[i].convert(row[columns[i]], bound[i], row);
      if (values[i] == ColumnCast.NO_VALUE || values[i] == null) {
        return null;
      }
    }
    return values;
  }

  /// Locks the rows, reads their newest versions and hands over those that still refer to the key.
  private void give(List<Found> found, List<@Nullable Object[]> keys, Consumer consumer) {
    PgType[] types = new PgType[columns.length];
    int[] referenced = ForeignKey.positions(reference.constraint().referencedColumns());
    for (int i = 0; i < types.length; i++) {
      types[i] = run.catalog().byOid(reference.referenced().columns().get(referenced[i]).typeOid());
    }
    for (int from = 0; from < found.size(); from += CHUNK) {
      List<Found> chunk = found.subList(from, Math.min(found.size(), from + CHUNK));
      lock(chunk);
      for (Found one : chunk) {
        Object[] row = writer.readNewest(one.rowKey());
        lost |= row == null;
        Object[] values = row == null ? null : values(row);
        if (values != null && isEqual(types, referenced, values, keys.get(one.position()))) {
          consumer.accept(one.position(), one.rowKey(), row);
        }
      }
    }
  }

  private boolean isEqual(PgType[] types, int[] referenced, @Nullable Object[] values, @Nullable Object[] key) {
    for (int i = 0; i < types.length; i++) {
      int collation = reference.referenced().columns().get(referenced[i]).collationOid();
      if (!io.heliosdb.nano.type.Values.equal(types[i], values[i], key[i], collation)) {
        return false;
      }
    }
    return true;
  }

  private void lock(List<Found> chunk) {
    byte[][] rowKeys = new byte[chunk.size()][];
    long[] scns = new long[chunk.size()];
    for (int i = 0; i < rowKeys.length; i++) {
      rowKeys[i] = chunk.get(i).rowKey();
      scns[i] = chunk.get(i).scn() == Long.MIN_VALUE ? StatementAccess.OWN_WRITE_SCN : chunk.get(i).scn();
    }
    LockOutcome ignored = run.access().lockRowsNewest(writer.storageId(), rowKeys, scns, RowLockMode.UPDATE, WaitPolicy.WAIT,
        writer.target().table().name());
  }
}
