package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.storage.KeyRange;
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
  private @Nullable EntryChange last;

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
    if (iterator == null || structureVersion != index.structureVersion) {
      iterator = remaining().values().iterator();
      structureVersion = index.structureVersion;
    }
    while (iterator.hasNext()) {
      EntryChange newest = iterator.next();
      last = newest;
      EntryChange visible = EntryChange.visible(index.newest.get(newest), commandId);
      if (visible != null) {
        return visible;
      }
    }
    return null;
  }

  private NavigableMap<EntryChange, EntryChange> remaining() {
    NavigableMap<EntryChange, EntryChange> rest = index.newest;
    if (range.from() != null) {
      rest = rest.tailMap(EntryChanges.probe(range.from(), NO_ROW_KEY), true);
    }
    if (range.to() != null) {
      rest = rest.headMap(EntryChanges.probe(range.to(), NO_ROW_KEY), false);
    }
    if (last != null) {
      rest = reverse ? rest.headMap(last, false) : rest.tailMap(last, false);
    }
    return reverse ? rest.descendingMap() : rest;
  }
}
