package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.storage.KeyRange;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/// The rows of a write set in a range, as a command sees them, in key order or reverse; deletes included.
/// Merges those in memory with the spilled ones. Stays right when the write set changes meanwhile.
final class OwnRows {
  private final RowChanges relation;
  private final int commandId;
  private final KeyRange range;
  private final boolean reverse;
  private @Nullable Iterator<RowChange> iterator;
  private int structureVersion;

  /// The iterator's next, not handed out yet.
  private @Nullable RowChange ahead;

  private SpilledChanges.@Nullable Scan scan;
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
    while (true) {
      SpilledChanges.Scan spilled = spilled();
      RowChange newest = memory();
      if (newest == null && spilled == null) {
        return null;
      }
      int order = order(newest, spilled);
      byte[] key = order <= 0 ? newest.key : spilled.key();
      last = key;
      RowChange visible = null;
      if (order <= 0) {
        ahead = null;
        // A value replaced by a write or an undo keeps its place, so the iterator may still show the former one.
        visible = RowChange.visible(relation.inMemory(key), commandId);
      }
      if (order >= 0) {
        SpilledChanges.Version version = spilled.take();
        if (visible == null && version != null) {
          visible = RowChange.spilled(relation, key, version);
        }
      }
      if (visible != null) {
        return visible;
      }
    }
  }

  private int order(@Nullable RowChange newest, SpilledChanges.@Nullable Scan spilled) {
    if (newest == null || spilled == null) {
      return newest == null ? 1 : -1;
    }
    int order = Arrays.compareUnsigned(newest.key, spilled.key());
    return reverse ? -order : order;
  }

  private @Nullable RowChange memory() {
    if (iterator == null || structureVersion != relation.structureVersion) {
      iterator = remaining().values().iterator();
      structureVersion = relation.structureVersion;
      ahead = null;
    }
    if (ahead == null && iterator.hasNext()) {
      ahead = iterator.next();
    }
    return ahead;
  }

  /// The scan of what was spilled, null at its end.
  private SpilledChanges.@Nullable Scan spilled() {
    SpilledChanges changes = relation.spilled;
    if (changes == null) {
      return null;
    }
    if (scan == null || scan.isStale()) {
      scan = changes.scan(range, reverse, commandId, last, SpilledChanges.NO_SECOND);
    }
    return scan.isAtEnd() ? null : scan;
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
