package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.LargeValueReader;
import io.heliosdb.nano.execute.RowCodec;
import io.heliosdb.nano.execute.dml.RowReplay;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.type.Jsonb;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeIo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Merges the rows of one table, key by key: base, source and target decide what is written to the target. Confined to the session's thread.
final class MergeRows {
  /// A row version of one side; `values` is null where there is no row.
  private record Version(@Nullable Object @Nullable [] values, long scn) {}

  /// A side: where rows are read, and what their table was or is there.
  record Side(StatementAccess access, Relation.Table table, RowCodec codec, boolean isNewest) {}

  /// A change that is due. Deletes are written first, inserts last, so that unique keys that move between rows meet as rarely as can be.
  private record Write(byte[] key, @Nullable Object @Nullable [] old, @Nullable Object @Nullable [] row) {}

  private static final Object CONFLICT = new Object();

  private final SessionCore session;
  private final @Nullable Side base;
  private final Side source;
  private final Side target;
  private final Relation.Table merged;
  private final RecordMerge.Winner winner;
  private final List<MergeConflict> conflicts;
  private final List<Write> writes = new ArrayList<>();

  /// Whether the target gets the table's storage by this merge. It may see rows there all the same: those that were loaded at once are as old as
  /// the storage, to a branch below as well. They are brought into agreement, and count as inserted.
  private final boolean isNewInTarget;

  private int arrived;
  private int resolved;

  /// @param base null where none of the source's rows were there
  /// @param merged the table's definition after the merge
  MergeRows(SessionCore session, @Nullable Side base, Side source, Side target, Relation.Table merged, boolean isNewInTarget,
      RecordMerge.Winner winner, List<MergeConflict> conflicts) {
    this.session = session;
    this.base = base;
    this.source = source;
    this.target = target;
    this.merged = merged;
    this.isNewInTarget = isNewInTarget;
    this.winner = winner;
    this.conflicts = conflicts;
  }

  int resolved() {
    return resolved;
  }

  int count() {
    return writes.size();
  }

  void merge(Iterable<byte[]> keys) {
    int count = 0;
    for (byte[] key : keys) {
      if ((++count & 0x3ff) == 0) {
        session.cancelToken().check();
      }
      merge(key);
    }
  }

  private void merge(byte[] key) {
    Version b = base == null ? new Version(null, 0) : read(base, key);
    Version s = read(source, key);
    if (same(b.values, s.values) && !isNewInTarget) {
      return;
    }
    Version t = read(target, key);
    if (same(s.values, t.values)) {
      arrived += isNewInTarget ? 1 : 0;
      return;
    }
    if (isNewInTarget || same(t.values, b.values)) {
      writes.add(new Write(key, t.values, s.values));
    } else if (b.values == null || s.values == null || t.values == null) {
      mergeWhole(key, b, s, t);
    } else {
      mergeColumns(key, b, s, t);
    }
  }

  private Version read(Side side, byte[] key) {
    RowSlot slot = new RowSlot();
    LargeValueReader large = side.access()::readLarge;
    boolean found = side.isNewest() ? side.access().getNewest(side.table().storageId(), key, slot) : side.access().get(side.table().storageId(), key, slot);
    return found ? new Version(shaped(side.codec().decode(slot, large)), slot.scn()) : new Version(null, 0);
  }

  /// In the merged table's columns: one that the row's table did not have has its missing value.
  @Nullable Object[] shaped(@Nullable Object[] row) {
    int width = merged.columns().size();
    Object[] result = Arrays.copyOf(row, width);
    for (int i = 0; i < width; i++) {
      Relation.Column column = merged.columns().get(i);
      if (column.dropped()) {
        result[i] = null;
      } else if (i >= row.length) {
        result[i] = column.missingValue();
      }
    }
    return result;
  }

  private static boolean same(@Nullable Object @Nullable [] a, @Nullable Object @Nullable [] b) {
    return a == null || b == null ? a == b : Arrays.equals(a, b);
  }

  /// The row is gone on one side, or both sides made it.
  private void mergeWhole(byte[] key, Version b, Version s, Version t) {
    RecordMerge.Winner choice = choose(merged.options().get("merge_policy"), s, t);
    if (choice == RecordMerge.Winner.NOBODY) {
      if (s.values != null && t.values != null) {
        for (int i = 0; i < s.values.length; i++) {
          if (!isGenerated(i) && !Objects.equals(s.values[i], t.values[i])) {
            conflict(key, s.values, i, null, s.values[i], t.values[i]);
          }
        }
      } else {
        Object[] present = s.values != null ? s.values : t.values;
        conflicts.add(new MergeConflict("row", merged.name(), keyText(key, present), null, text(b.values), text(s.values), text(t.values)));
      }
      return;
    }
    resolved++;
    if (choice == RecordMerge.Winner.SOURCE) {
      writes.add(new Write(key, t.values, s.values));
    }
  }

  private void mergeColumns(byte[] key, Version b, Version s, Version t) {
    Object[] row = t.values.clone();
    boolean failed = false;
    for (int i = 0; i < row.length; i++) {
      if (Objects.equals(s.values[i], b.values[i]) || Objects.equals(s.values[i], t.values[i]) || isGenerated(i)) {
        continue;
      }
      if (Objects.equals(t.values[i], b.values[i])) {
        row[i] = s.values[i];
        continue;
      }
      Object value = mergeColumn(i, b, s, t);
      if (value == CONFLICT) {
        conflict(key, t.values, i, b.values[i], s.values[i], t.values[i]);
        failed = true;
      } else {
        row[i] = value;
      }
    }
    if (!failed && !Arrays.equals(row, t.values)) {
      writes.add(new Write(key, t.values, row));
    }
  }

  /// A generated column follows from the merged row, and is computed when that is written.
  private boolean isGenerated(int i) {
    return merged.columns().get(i).generated() != 0;
  }

  private @Nullable Object mergeColumn(int i, Version b, Version s, Version t) {
    Relation.Column column = merged.columns().get(i);
    String policy = column.options().getOrDefault("merge_policy", merged.options().get("merge_policy"));
    Object bValue = b.values[i];
    Object sValue = s.values[i];
    Object tValue = t.values[i];
    if (policy == null && (bValue instanceof Jsonb || bValue == null) && sValue instanceof Jsonb sj && tValue instanceof Jsonb tj) {
      Jsonb value = MergeValues.json((Jsonb) bValue, sj, tj);
      if (value != null) {
        return value;
      }
    }
    Object combined = null;
    if ("sum".equals(policy)) {
      combined = MergeValues.sum(bValue, sValue, tValue);
    } else if ("union".equals(policy)) {
      combined = MergeValues.union(bValue, sValue, tValue, elementType(tValue, target.codec().columnCount() > i ? target.codec().type(i + 1) : source.codec().type(i + 1)));
    }
    if (combined != null) {
      resolved++;
      return combined;
    }
    return switch (choose(policy, s, t)) {
      case SOURCE -> {
        resolved++;
        yield sValue;
      }
      case TARGET -> {
        resolved++;
        yield tValue;
      }
      case NOBODY -> CONFLICT;
    };
  }

  private static PgType elementType(@Nullable Object value, PgType type) {
    return value instanceof PgArray array ? array.elementType() : type;
  }

  private RecordMerge.Winner choose(@Nullable String policy, Version s, Version t) {
    return switch (policy == null ? "" : policy) {
      case "branch" -> RecordMerge.Winner.SOURCE;
      case "target" -> RecordMerge.Winner.TARGET;
      case "latest" -> s.scn >= t.scn ? RecordMerge.Winner.SOURCE : RecordMerge.Winner.TARGET;
      case "fail" -> RecordMerge.Winner.NOBODY;
      default -> winner;
    };
  }

  // ---- conflicts ----

  private void conflict(byte[] key, @Nullable Object[] row, int column, @Nullable Object b, @Nullable Object s, @Nullable Object t) {
    PgType type = merged.columns().size() > column && source.codec().columnCount() > column ? source.codec().type(column + 1) : target.codec().type(column + 1);
    conflicts.add(new MergeConflict(
        "column", merged.name(), keyText(key, row), merged.columns().get(column).name(), text(type, b), text(type, s), text(type, t)));
  }

  private @Nullable String text(PgType type, @Nullable Object value) {
    return value == null ? null : TypeIo.toText(type, value, session.io());
  }

  private @Nullable String text(@Nullable Object @Nullable [] row) {
    if (row == null) {
      return null;
    }
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < row.length; i++) {
      if (!merged.columns().get(i).dropped()) {
        parts.add(merged.columns().get(i).name() + "=" + text(typeOf(i), row[i]));
      }
    }
    return String.join(", ", parts);
  }

  private PgType typeOf(int column) {
    return source.codec().columnCount() > column ? source.codec().type(column + 1) : target.codec().type(column + 1);
  }

  private String keyText(byte[] key, @Nullable Object[] row) {
    return keyText(session, source.table().columns().size() >= row.length ? source : target, key, row);
  }

  /// The key of a row as conflicts show it.
  static String keyText(SessionCore session, Side side, byte[] key, @Nullable Object[] row) {
    if (side.table().primaryKey().isEmpty()) {
      return "row " + new java.math.BigInteger(1, key);
    }
    List<String> parts = new ArrayList<>();
    for (int attnum : side.table().primaryKey()) {
      Object value = row[attnum - 1];
      parts.add(value == null ? "null" : TypeIo.toText(side.codec().type(attnum), value, session.io()));
    }
    return String.join(", ", parts);
  }

  // ---- writing ----

  /// How many rows were inserted, updated, deleted.
  int[] write(RowReplay replay, int phase) {
    int[] counts = {phase == 0 ? arrived : 0, 0, 0};
    for (Write write : writes) {
      int kind = write.row == null ? 2 : write.old == null ? 0 : 1;
      if (kind == 2 && phase == 0) {
        replay.delete(merged, write.key, write.old);
      } else if (kind == 1 && phase == 1) {
        replay.update(merged, write.key, write.old, write.row);
      } else if (kind == 0 && phase == 2) {
        replay.insert(merged, write.key, write.row);
      } else {
        continue;
      }
      if (!isNewInTarget) {
        counts[kind]++;
      } else if (kind != 2) {
        counts[0]++;
      }
    }
    return counts;
  }
}
