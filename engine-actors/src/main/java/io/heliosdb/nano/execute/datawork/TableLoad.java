package io.heliosdb.nano.execute.datawork;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.IndexCodec;
import io.heliosdb.nano.execute.RowCodec;
import io.heliosdb.nano.execute.dml.ConstraintErrors;
import io.heliosdb.nano.execute.dml.Exclusion;
import io.heliosdb.nano.execute.dml.WriteTarget;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.txn.IndexEntryCursor;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.txn.TableCursor;
import io.heliosdb.nano.type.Bytes;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Fills a table that is new in this transaction, its indexes along with it, or only indexes over rows that are there. Unique keys are
/// proved at the end, by one pass over the finished index: 23505 `could not create unique index`.
final class TableLoad implements AutoCloseable {
  private static final int ROW_IDS = 1024;

  private final WriteTarget target;
  private final ExecutionContext context;
  private final StatementAccess access;
  private final LoadWriter out;
  private final RowCodec.Writer rowWriter;
  private final List<Relation.Index> indexes = new ArrayList<>();
  private final List<IndexCodec> codecs = new ArrayList<>();
  private final List<IndexCodec.Writer> writers = new ArrayList<>();
  private long nextRowId;
  private long rowIdEnd;
  private long rows;

  TableLoad(WriteTarget target, List<Relation.Index> fill, ExecutionContext context) {
    this.target = target;
    this.context = context;
    access = context.access();
    out = new LoadWriter(access);
    rowWriter = target.codec().writer();
    for (Relation.Index index : fill) {
      if (index.indexStorageId() != 0 && WriteTarget.isKept(index, target.table(), context.catalog())) {
        IndexCodec codec = new IndexCodec(index, target.table(), context.catalog());
        indexes.add(index);
        codecs.add(codec);
        writers.add(codec.writer(context));
      }
    }
  }

  /// Whether any index has entries to be made.
  boolean hasIndexes() {
    return !indexes.isEmpty();
  }

  /// Adds a row and its index entries.
  ///
  /// @param hiddenKey the row's hidden key so far, null for a new one; unused when the table has a primary key
  void add(@Nullable Object[] row, byte @Nullable [] hiddenKey) {
    byte[] key = target.codec().hasPrimaryKey() ? rowWriter.rowKey(row) : hiddenKey != null ? hiddenKey : RowCodec.hiddenRowKey(nextRowId());
    out.row(target.table().storageId(), key, rowWriter.encode(row), target.table().layoutId());
    addEntries(row, key);
    rows++;
  }

  /// Adds only the index entries of a row.
  void addEntries(@Nullable Object[] row, byte[] key) {
    for (int i = 0; i < writers.size(); i++) {
      if (writers.get(i).covers(row)) {
        out.index(indexes.get(i).indexStorageId(), writers.get(i).key(row), key);
      }
    }
  }

  private long nextRowId() {
    if (nextRowId == rowIdEnd) {
      nextRowId = context.services().dml().counters().nextRowIds(ROW_IDS);
      rowIdEnd = nextRowId + ROW_IDS;
    }
    return nextRowId++;
  }

  /// A pass over the rows again, to name a duplicate.
  interface Rows {
    void forEach(java.util.function.Consumer<@Nullable Object[]> row);
  }

  /// @param again the rows once more; only called when two have the same primary key
  long finish(@Nullable Rows again) {
    out.finish();
    if (again != null && target.codec().hasPrimaryKey() && (out.duplicateKey() != null || out.isBulk() && count() < rows)) {
      throw duplicateRowKey(again);
    }
    for (int i = 0; i < indexes.size(); i++) {
      if (indexes.get(i).unique()) {
        proveUnique(i);
      } else if (!indexes.get(i).exclusionOperators().isEmpty()) {
        proveExclusion(i);
      }
    }
    if (rows > 0) {
      context.services().dml().tableChanged(target.table(), rows, 0, 0);
    }
    return rows;
  }

  private long count() {
    // The rows have just been written past the write set: only a new reader sees them.
    access.releaseReader();
    long count = 0;
    try (TableCursor cursor = access.scanNewest(target.table().storageId(), KeyRange.ALL, false)) {
      while (cursor.next()) {
        count++;
      }
    }
    return count;
  }

  private SqlException duplicateRowKey(Rows again) {
    Set<Bytes> seen = new HashSet<>();
    Object[][] found = new Object[1][];
    again.forEach(row -> {
      if (found[0] == null && !seen.add(Bytes.wrap(rowWriter.rowKey(row)))) {
        found[0] = row.clone();
      }
    });
    Relation.Index index = rowKeyIndex();
    int count = target.codec().keyColumnCount();
    PgType[] types = new PgType[count];
    Object[] values = new Object[count];
    for (int i = 0; i < count; i++) {
      types[i] = target.codec().keyType(i);
      values[i] = found[0][target.codec().keyColumn(i)];
    }
    return duplicate(index, ConstraintErrors.key(target.table(), index, types, values, io()));
  }

  private Relation.Index rowKeyIndex() {
    for (Relation.Index index : context.catalog().indexesOf(target.table().oid())) {
      if (index.primary()) {
        return index;
      }
    }
    throw new SqlException(SqlState.INTERNAL_ERROR, "table \"" + target.table().name() + "\" has no primary key index");
  }

  private void proveUnique(int i) {
    Relation.Index index = indexes.get(i);
    byte[] last = null;
    try (IndexEntryCursor cursor = access.scanIndexNewest(index.indexStorageId(), KeyRange.ALL, false)) {
      while (cursor.next()) {
        byte[] key = cursor.indexKey();
        if (last != null && Arrays.equals(last, key)) {
          checkDuplicate(i, cursor.rowKey().clone());
        } else {
          last = key.clone();
        }
      }
    }
  }

  private void checkDuplicate(int i, byte[] rowKey) {
    Relation.Index index = indexes.get(i);
    RowSlot slot = new RowSlot();
    if (!access.getNewest(target.table().storageId(), rowKey, slot)) {
      throw new SqlException(SqlState.INDEX_CORRUPTED, "index \"" + index.name() + "\" refers to a row that does not exist");
    }
    Object[] row = target.codec().decode(slot, access::readLarge);
    IndexCodec codec = codecs.get(i);
    PgType[] types = new PgType[codec.keyCount()];
    Object[] values = new Object[types.length];
    boolean hasNull = false;
    for (int k = 0; k < types.length; k++) {
      types[k] = codec.type(k);
      values[k] = writers.get(i).value(k, row);
      hasNull |= values[k] == null;
    }
    if (!hasNull || index.nullsNotDistinct()) {
      throw duplicate(index, ConstraintErrors.key(target.table(), index, types, values, io()));
    }
  }

  /// Compares each row with those before it that have the same entry key.
  private void proveExclusion(int i) {
    Relation.Index index = indexes.get(i);
    IndexCodec codec = codecs.get(i);
    PgType[] types = new PgType[codec.keyCount()];
    for (int k = 0; k < types.length; k++) {
      types[k] = codec.type(k);
    }
    access.releaseReader();
    List<Object[]> group = new ArrayList<>();
    byte[] last = null;
    RowSlot slot = new RowSlot();
    List<byte[]> rowKeys = new ArrayList<>();
    List<byte[]> entryKeys = new ArrayList<>();
    try (IndexEntryCursor cursor = access.scanIndexNewest(index.indexStorageId(), KeyRange.ALL, false)) {
      while (cursor.next()) {
        entryKeys.add(cursor.indexKey().clone());
        rowKeys.add(cursor.rowKey().clone());
      }
    }
    try (Exclusion.Test test = Exclusion.of(index, types, context.catalog()).bind(context)) {
      for (int e = 0; e < rowKeys.size(); e++) {
        context.cancel().check();
        if (last == null || !Arrays.equals(last, entryKeys.get(e))) {
          group.clear();
          last = entryKeys.get(e);
        }
        if (!access.getNewest(target.table().storageId(), rowKeys.get(e), slot)) {
          throw new SqlException(SqlState.INDEX_CORRUPTED, "index \"" + index.name() + "\" refers to a row that does not exist");
        }
        Object[] row = target.codec().decode(slot, access::readLarge);
        Object[] values = new Object[types.length];
        for (int k = 0; k < types.length; k++) {
          values[k] = writers.get(i).value(k, row);
        }
        for (Object[] other : group) {
          if (test.conflict(other, values)) {
            throw new SqlException(SqlState.EXCLUSION_VIOLATION, "could not create exclusion constraint \"" + index.name() + "\"")
                .withDetail("Key " + ConstraintErrors.key(target.table(), index, types, other, io()) + " conflicts with key "
                    + ConstraintErrors.key(target.table(), index, types, values, io()) + ".")
                .aboutConstraint(target.schema(), target.table().name(), index.name());
          }
        }
        group.add(values);
      }
    }
  }

  private SqlException duplicate(Relation.Index index, String key) {
    return new SqlException(SqlState.UNIQUE_VIOLATION, "could not create unique index \"" + index.name() + "\"")
        .withDetail("Key " + key + " is duplicated.")
        .aboutConstraint(target.schema(), target.table().name(), index.name());
  }

  private IoContext io() {
    return context.call().io();
  }

  @Override
  public void close() {
    out.close();
  }
}
