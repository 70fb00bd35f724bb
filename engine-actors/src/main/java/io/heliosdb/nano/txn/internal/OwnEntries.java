package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.storage.KeyRange;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/// The index entries of a write set in a range, as a command sees them; removals included. See [OwnRows].
final class OwnEntries {
  private static final byte[] NO_ROW_KEY = new byte[0];

  private final EntryChanges index;
  private final int commandId;
  private final KeyRange range;
  private final boolean reverse;
  private @Nullable Iterator<EntryChange> iterator;
  private int structureVersion;
  private @Nullable EntryChange ahead;
  private SpilledChanges.@Nullable Scan scan;
  private byte @Nullable [] lastIndexKey;
  private byte @Nullable [] lastRowKey;

  OwnEntries(EntryChanges index, int commandId, KeyRange range, boolean reverse) {
    this.index = index;
    this.commandId = commandId;
    this.range = range;
    this.reverse = reverse;
  }

  @Nullable EntryChange next() {
    if (range.isEmpty()) {
      return null;
    }
    while (true) {
      SpilledChanges.Scan spilled = spilled();
      EntryChange newest = memory();
      if (newest == null && spilled == null) {
        return null;
      }
      int order = order(newest, spilled);
      byte[] indexKey = order <= 0 ? newest.indexKey : spilled.key();
      byte[] rowKey = order <= 0 ? newest.rowKey : spilled.second();
      lastIndexKey = indexKey;
      lastRowKey = rowKey;
      EntryChange visible = null;
      if (order <= 0) {
        ahead = null;
        visible = EntryChange.visible(index.newest.get(newest), commandId);
      }
      if (order >= 0) {
        SpilledChanges.Version version = spilled.take();
        if (visible == null && version != null) {
          visible = EntryChange.spilled(index, indexKey, rowKey, version);
        }
      }
      if (visible != null) {
        return visible;
      }
    }
  }

  private int order(@Nullable EntryChange newest, SpilledChanges.@Nullable Scan spilled) {
    if (newest == null || spilled == null) {
      return newest == null ? 1 : -1;
    }
    int order = Arrays.compareUnsigned(newest.indexKey, spilled.key());
    if (order == 0) {
      order = Arrays.compareUnsigned(newest.rowKey, spilled.second());
    }
    return reverse ? -order : order;
  }

  private @Nullable EntryChange memory() {
    if (iterator == null || structureVersion != index.structureVersion) {
      iterator = remaining().values().iterator();
      structureVersion = index.structureVersion;
      ahead = null;
    }
    if (ahead == null && iterator.hasNext()) {
      ahead = iterator.next();
    }
    return ahead;
  }

  private SpilledChanges.@Nullable Scan spilled() {
    SpilledChanges changes = index.spilled;
    if (changes == null) {
      return null;
    }
    if (scan == null || scan.isStale()) {
      scan = changes.scan(range, reverse, commandId, lastIndexKey, lastRowKey);
    }
    return scan.isAtEnd() ? null : scan;
  }

  private NavigableMap<EntryChange, EntryChange> remaining() {
    NavigableMap<EntryChange, EntryChange> rest = index.newest;
    if (range.from() != null) {
      rest = rest.tailMap(EntryChanges.probe(range.from(), NO_ROW_KEY), true);
    }
    if (range.to() != null) {
      rest = rest.headMap(EntryChanges.probe(range.to(), NO_ROW_KEY), false);
    }
    if (lastIndexKey != null) {
      EntryChange last = EntryChanges.probe(lastIndexKey, lastRowKey);
      rest = reverse ? rest.headMap(last, false) : rest.tailMap(last, false);
    }
    return reverse ? rest.descendingMap() : rest;
  }
}
