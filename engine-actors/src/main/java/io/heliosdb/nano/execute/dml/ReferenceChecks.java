package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.execute.BoundEvaluator;
import io.heliosdb.nano.type.Bytes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks that new rows of one table refer to rows that exist, for one foreign key and one statement; equal keys are looked up once.
final class ReferenceChecks {
  private static final int BATCH_MAX = 1024;
  private static final int KNOWN_MAX = 1 << 16;

  private final WriteTarget target;
  private final ForeignKey foreignKey;
  private final List<byte[]> rowKeys = new ArrayList<>();
  private final List<@Nullable Object[]> rows = new ArrayList<>();
  private final Set<Bytes> known = new HashSet<>();
  private int unchecked;
  private @Nullable KeyLookup lookup;
  private @Nullable BoundEvaluator @Nullable [] casts;

  ReferenceChecks(WriteTarget target, ForeignKey foreignKey) {
    this.target = target;
    this.foreignKey = foreignKey;
  }

  void add(byte[] rowKey, @Nullable Object[] row, WriteRun run) {
    rowKeys.add(rowKey);
    rows.add(row);
    if (++unchecked >= BATCH_MAX) {
      check(run, false);
      unchecked = 0;
    }
  }

  /// Checks what is left; false if there was nothing.
  boolean finish(WriteRun run) {
    if (rows.isEmpty()) {
      return false;
    }
    check(run, true);
    unchecked = 0;
    return true;
  }

  private void check(WriteRun run, boolean last) {
    if (lookup == null) {
      lookup = new KeyLookup(foreignKey.referencedTable(), foreignKey.referencedColumns(), run, foreignKey.constraint().name());
      casts = new BoundEvaluator[foreignKey.casts().length];
      for (int i = 0; i < casts.length; i++) {
        casts[i] = foreignKey.casts()[i].bind(run.context());
      }
    }
    List<@Nullable Object[]> values = new ArrayList<>(rows.size());
    List<byte[]> keys = new ArrayList<>(rows.size());
    List<Integer> positions = new ArrayList<>(rows.size());
    BitSet missing = new BitSet();
    Set<Bytes> inBatch = rows.size() > 1 ? new HashSet<>() : null;
    for (int i = 0; i < rows.size(); i++) {
      if (!foreignKey.refers(rows.get(i), target.schema())) {
        continue;
      }
      Object[] key = referencedValues(rows.get(i));
      if (key == null) {
        missing.set(i);
        continue;
      }
      byte[] bytes = lookup.key(key);
      Bytes wrapped = Bytes.wrap(bytes);
      if (known.contains(wrapped) || inBatch != null && !inBatch.add(wrapped) && !last) {
        continue;
      }
      values.add(key);
      keys.add(bytes);
      positions.add(i);
    }
    BitSet absent = lookup.lockAll(values, keys);
    for (int i = 0; i < keys.size(); i++) {
      if (absent.get(i)) {
        missing.set(positions.get(i));
      } else if (!last && known.size() < KNOWN_MAX) {
        known.add(Bytes.wrap(keys.get(i)));
      }
    }
    if (missing.isEmpty()) {
      rowKeys.clear();
      rows.clear();
      return;
    }
    keepMissing(run, last, missing, inBatch);
  }

  private void keepMissing(WriteRun run, boolean last, BitSet missing, @Nullable Set<Bytes> inBatch) {
    if (last) {
      for (int i = missing.nextSetBit(0); i >= 0; i = missing.nextSetBit(i + 1)) {
        // The row itself may be gone or changed by now (a trigger, a cascade); then its check has no object any more.
        Object[] now = run.writer(target.table()).readNewest(rowKeys.get(i));
        if (now != null && isSameKey(now, rows.get(i))) {
          throw foreignKey.missing(rows.get(i), target.schema(), run.context().call());
        }
      }
      rowKeys.clear();
      rows.clear();
      return;
    }
    // Duplicates of a missing key were passed over: keep every row whose key is not known to be there.
    List<byte[]> keptKeys = new ArrayList<>();
    List<@Nullable Object[]> keptRows = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (!foreignKey.refers(rows.get(i), target.schema())) {
        continue;
      }
      Object[] key = referencedValues(rows.get(i));
      if (key == null || !known.contains(Bytes.wrap(lookup.key(key)))) {
        keptKeys.add(rowKeys.get(i));
        keptRows.add(rows.get(i));
      }
    }
    rowKeys.clear();
    rows.clear();
    rowKeys.addAll(keptKeys);
    rows.addAll(keptRows);
  }

  private boolean isSameKey(@Nullable Object[] a, @Nullable Object[] b) {
    for (int column : foreignKey.columns()) {
      if (!Rows.same(target, column, a[column], b[column])) {
        return false;
      }
    }
    return true;
  }

  /// The values of the referenced key, null when its types cannot hold them.
  private @Nullable Object @Nullable [] referencedValues(@Nullable Object[] row) {
    Object[] values = new Object[foreignKey.columns().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = foreignKey.casts()[i].convert(row[foreignKey.columns()[i]], casts[i], row);
      if (values[i] == ColumnCast.NO_VALUE) {
        return null;
      }
    }
    return values;
  }
}
