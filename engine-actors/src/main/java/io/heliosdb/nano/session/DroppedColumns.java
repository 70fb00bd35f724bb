package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.txn.TableCursor;
import io.heliosdb.nano.type.TypeIo;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Columns that one side of a merge dropped and the other side changed in rows that both have: the changes would be lost without a word.
final class DroppedColumns {
  private DroppedColumns() {}

  /// Attnums that the base and `kept` have, but `dropping` has no more.
  static List<Integer> of(Relation.Table base, Relation.Table kept, Relation.Table dropping) {
    List<Integer> attnums = new ArrayList<>();
    for (Relation.Column column : base.columns()) {
      int attnum = column.attnum();
      if (!column.dropped() && attnum <= kept.columns().size() && !kept.column(attnum).dropped()
          && (attnum > dropping.columns().size() || dropping.column(attnum).dropped())) {
        attnums.add(attnum);
      }
    }
    return attnums;
  }

  /// Adds a conflict per changed value.
  ///
  /// @param keys of the rows to look at, null for all
  /// @param isSource whether `changed` is the source
  static void check(
      SessionCore session, MergeRows.Side base, MergeRows.Side changed, List<Integer> attnums, @Nullable Iterable<byte[]> keys, boolean isSource,
      List<MergeConflict> conflicts) {
    if (attnums.isEmpty()) {
      return;
    }
    RowSlot slot = new RowSlot();
    if (keys != null) {
      for (byte[] key : keys) {
        session.cancelToken().check();
        boolean found = changed.isNewest() ? changed.access().getNewest(changed.table().storageId(), key, slot)
            : changed.access().get(changed.table().storageId(), key, slot);
        if (found) {
          compare(session, base, changed, key, changed.codec().decode(slot, changed.access()::readLarge), attnums, isSource, conflicts);
        }
      }
      return;
    }
    try (TableCursor rows = changed.access().scanNewest(changed.table().storageId(), KeyRange.ALL, false)) {
      while (rows.next()) {
        session.cancelToken().check();
        compare(session, base, changed, rows.key(), changed.codec().decode(rows.row(), changed.access()::readLarge), attnums, isSource, conflicts);
      }
    }
  }

  private static void compare(
      SessionCore session, MergeRows.Side base, MergeRows.Side changed, byte[] key, @Nullable Object[] row, List<Integer> attnums, boolean isSource,
      List<MergeConflict> conflicts) {
    RowSlot slot = new RowSlot();
    if (!base.access().get(base.table().storageId(), key, slot)) {
      return;
    }
    @Nullable Object[] before = base.codec().decode(slot, base.access()::readLarge);
    for (int attnum : attnums) {
      Object was = before[attnum - 1];
      Object is = row[attnum - 1];
      if (!Objects.equals(was, is)) {
        String text = is == null ? null : TypeIo.toText(changed.codec().type(attnum), is, session.io());
        conflicts.add(new MergeConflict(
            "schema", changed.table().name(), MergeRows.keyText(session, changed, key, row), changed.table().column(attnum).name(),
            was == null ? null : TypeIo.toText(base.codec().type(attnum), was, session.io()), isSource ? text : null, isSource ? null : text));
      }
    }
  }
}
