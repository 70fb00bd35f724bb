package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.storage.KeyRange;
import java.util.Iterator;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/// The rows of a write set in a range, as a command sees them, in key order or reverse; deletes included.
/// Stays right when the write set changes meanwhile.
final class OwnRows {
  private final RowChanges relation;
  private final int commandId;
  private final KeyRange range;
  private final boolean reverse;
  private @Nullable Iterator<RowChange> iterator;
  private int structureVersion;
  private byte @Nullable [] last;

  OwnRows(RowChanges relation, int commandId, KeyRange range, boolean reverse) {
    this.relation = relation;
    this.commandId = commandId;
    this.range = range;
    this.reverse = reverse;
  }

  /// The next change visible to the command, null at the end.
  @Nullable RowChange next() {
    if (range.isEmpty()) {
      return null;
    }
    if (iterator == null || structureVersion != relation.structureVersion) {
      iterator = remaining().values().iterator();
      structureVersion = relation.structureVersion;
    }
    while (iterator.hasNext()) {
      RowChange newest = iterator.next();
      last = newest.key;
      // A value replaced by a write or an undo keeps its place, so the iterator may still show the former one.
      RowChange visible = RowChange.visible(relation.newest(newest.key), commandId);
      if (visible != null) {
        return visible;
      }
    }
    return null;
  }

  private NavigableMap<byte[], RowChange> remaining() {
    NavigableMap<byte[], RowChange> rest = relation.sorted();
    if (range.from() != null) {
      rest = rest.tailMap(range.from(), true);
    }
    if (range.to() != null) {
      rest = rest.headMap(range.to(), false);
    }
    if (last != null) {
      // A former position may lie outside a view's bounds only when the range is already used up.
      rest = reverse ? rest.headMap(last, false) : rest.tailMap(last, false);
    }
    return reverse ? rest.descendingMap() : rest;
  }
}
