package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.spill.SortedRun;
import io.heliosdb.nano.storage.KeyRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The changes of one relation or index that no longer fit into memory: sorted runs, each younger than the one before.
///
/// A record is one version of one key: `sequence u64, command id u32, image`; the versions of a key stand in their run newest first. So the
/// newest version that a command may see is the first found going from the youngest run to the oldest.
/// A run that begins behind the last one's end is appended to it: what comes in key order stays one run. Otherwise [#FAN_IN] runs of one
/// order of magnitude are merged into one, so that there are never more than some twenty.
final class SpilledChanges {
  private static final int FAN_IN = 8;
  private static final int COMMAND_OFFSET = 8;
  private static final int IMAGE_OFFSET = 12;
  static final byte[] NO_SECOND = new byte[0];

  /// A version found: when it was made, and what it is.
  record Version(long sequence, int commandId, byte[] value) {
    ByteBuffer image() {
      return ByteBuffer.wrap(value, IMAGE_OFFSET, value.length - IMAGE_OFFSET);
    }
  }

  /// @param minCommandId commands up to this one see nothing of the run
  private record Run(SortedRun records, long minSequence, long maxSequence, int minCommandId) {
    Run including(long sequence, int commandId) {
      return new Run(records, Math.min(minSequence, sequence), Math.max(maxSequence, sequence), Math.min(minCommandId, commandId));
    }

    static Run empty(SortedRun records) {
      return new Run(records, Long.MAX_VALUE, -1, Integer.MAX_VALUE);
    }
  }

  private final WriteSpill spill;
  private final List<Run> runs = new ArrayList<>(2);

  /// Changes with the runs, so that a scan knows its cursors are stale.
  private int version;

  SpilledChanges(WriteSpill spill) {
    this.spill = spill;
  }

  boolean isEmpty() {
    return runs.isEmpty();
  }

  int version() {
    return version;
  }

  long memoryBytes() {
    long bytes = 0;
    for (Run run : runs) {
      bytes += run.records.memoryBytes();
    }
    return bytes;
  }

  /// Takes one batch of changes: per key in key order its versions, newest first. Nothing is changed before [#finish].
  final class Batch {
    private @Nullable Run run;
    private boolean isNew;
    private SortedRun.@Nullable Writer writer;

    void add(byte[] key, byte[] second, Change change, byte[] image) {
      if (writer == null) {
        isNew = runs.isEmpty() || !runs.getLast().records.endsBefore(key, second);
        run = isNew ? Run.empty(spill.newRun()) : runs.getLast();
        writer = run.records.writer();
      }
      run = run.including(change.sequence, change.commandId);
      writer.add(
          key, second,
          ByteBuffer.allocate(IMAGE_OFFSET + image.length).putLong(change.sequence).putInt(change.commandId).put(image).array());
    }

    void finish() {
      if (writer == null) {
        return;
      }
      writer.finish();
      if (!isNew) {
        runs.removeLast();
      }
      runs.add(run);
      spill.spilled(run.maxSequence);
      version++;
      merge();
    }
  }

  private void merge() {
    while (true) {
      int magnitude = runs.getLast().records.magnitude();
      int first = runs.size();
      while (first > 0 && runs.get(first - 1).records.magnitude() <= magnitude) {
        first--;
      }
      if (runs.size() - first < FAN_IN) {
        return;
      }
      List<Run> merged = runs.subList(first, runs.size());
      Run whole = merge(merged);
      merged.clear();
      if (!whole.records.isEmpty()) {
        runs.add(whole);
      }
      version++;
      if (runs.isEmpty()) {
        return;
      }
    }
  }

  private Run merge(List<Run> sources) {
    SortedRun target = spill.newRun();
    SortedRun.Writer writer = target.writer();
    Run whole = Run.empty(target);
    SortedRun.Cursor[] heads = new SortedRun.Cursor[sources.size()];
    for (int i = 0; i < heads.length; i++) {
      // The youngest comes first.
      heads[i] = sources.get(heads.length - 1 - i).records.cursor();
      heads[i].seekFirst();
    }
    for (SortedRun.Cursor head = SortedRun.least(heads, false); head != null; head = SortedRun.least(heads, false)) {
      long sequence = head.valueLong(0);
      if (!spill.isDead(sequence)) {
        writer.add(head.key(), head.second(), head.value());
        whole = whole.including(sequence, head.valueInt(COMMAND_OFFSET));
      }
      head.next();
    }
    writer.finish();
    return whole;
  }

  /// All changes from this number on are dead.
  void rolledBack(long from) {
    runs.removeIf(run -> run.minSequence >= from);
    version++;
  }

  /// The newest version that a command sees, null when there is none.
  @Nullable Version newest(byte[] key, byte[] second, int commandId) {
    for (int i = runs.size() - 1; i >= 0; i--) {
      Run run = runs.get(i);
      SortedRun.Cursor cursor = run.minCommandId < commandId ? run.records.find(key, second) : null;
      for (; cursor != null && cursor.isValid() && cursor.compare(key, second) == 0; cursor.next()) {
        Version found = visible(cursor, commandId);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private @Nullable Version visible(SortedRun.Cursor cursor, int commandId) {
    int madeBy = cursor.valueInt(COMMAND_OFFSET);
    long sequence = cursor.valueLong(0);
    return madeBy < commandId && !spill.isDead(sequence) ? new Version(sequence, madeBy, cursor.value()) : null;
  }

  /// Keys in a range in order, each with the version that a command sees. Stale once [#version] changes.
  ///
  /// @param lastKey goes on behind this key; null from the start
  Scan scan(KeyRange range, boolean reverse, int commandId, byte @Nullable [] lastKey, byte @Nullable [] lastSecond) {
    return new Scan(range, reverse, commandId, lastKey, lastSecond);
  }

  final class Scan {
    private final KeyRange range;
    private final boolean reverse;
    private final int commandId;
    private final int madeAt = version;
    private final SortedRun.Cursor[] cursors;

    /// The cursor with the key the scan stands on, null at the end.
    private SortedRun.@Nullable Cursor current;

    private byte[] key = NO_SECOND;
    private byte[] second = NO_SECOND;

    private Scan(KeyRange range, boolean reverse, int commandId, byte @Nullable [] lastKey, byte @Nullable [] lastSecond) {
      this.range = range;
      this.reverse = reverse;
      this.commandId = commandId;
      List<SortedRun.Cursor> opened = new ArrayList<>(runs.size());
      for (int i = runs.size() - 1; i >= 0; i--) {
        if (runs.get(i).minCommandId < commandId) {
          SortedRun.Cursor cursor = runs.get(i).records.cursor();
          start(cursor, lastKey, lastSecond);
          opened.add(cursor);
        }
      }
      cursors = opened.toArray(SortedRun.Cursor[]::new);
      choose();
    }

    private void start(SortedRun.Cursor cursor, byte @Nullable [] lastKey, byte @Nullable [] lastSecond) {
      if (reverse) {
        if (lastKey != null) {
          cursor.seek(lastKey, lastSecond);
        } else if (range.to() != null) {
          cursor.seek(range.to(), NO_SECOND);
        } else {
          cursor.seekEnd();
        }
        stepBack(cursor);
      } else if (lastKey != null) {
        cursor.seek(lastKey, lastSecond);
        while (cursor.isValid() && cursor.compare(lastKey, lastSecond) == 0) {
          cursor.next();
        }
      } else if (range.from() != null) {
        cursor.seek(range.from(), NO_SECOND);
      } else {
        cursor.seekFirst();
      }
    }

    /// From the first version of a key to the first version of the key before.
    private void stepBack(SortedRun.Cursor cursor) {
      cursor.previous();
      if (!cursor.isValid()) {
        return;
      }
      SortedRun.Cursor before = newCursorAt(cursor);
      before.previous();
      while (before.isValid() && before.compare(cursor) == 0) {
        cursor.moveTo(before);
        before.previous();
      }
    }

    private SortedRun.Cursor newCursorAt(SortedRun.Cursor cursor) {
      SortedRun.Cursor copy = cursor.run().cursor();
      copy.moveTo(cursor);
      return copy;
    }

    private void choose() {
      current = SortedRun.least(cursors, reverse);
      if (current == null) {
        return;
      }
      boolean isOutside =
          reverse ? range.from() != null && current.compareFirst(range.from()) < 0 : range.to() != null && current.compareFirst(range.to()) >= 0;
      if (isOutside) {
        current = null;
        return;
      }
      key = current.key();
      second = current.second();
    }

    boolean isStale() {
      return madeAt != version;
    }

    boolean isAtEnd() {
      return current == null;
    }

    byte[] key() {
      return key;
    }

    byte[] second() {
      return second;
    }

    /// The version of the key stood on that the command sees, null for none. Moves on to the next key.
    @Nullable Version take() {
      Version found = null;
      for (SortedRun.Cursor cursor : cursors) {
        if (!cursor.isValid() || cursor.compare(key, second) != 0) {
          continue;
        }
        SortedRun.Cursor first = reverse ? newCursorAt(cursor) : null;
        for (; cursor.isValid() && cursor.compare(key, second) == 0; cursor.next()) {
          if (found == null) {
            found = visible(cursor, commandId);
          }
          if (reverse && found != null) {
            break;
          }
        }
        if (reverse) {
          cursor.moveTo(first);
          stepBack(cursor);
        }
      }
      choose();
      return found;
    }
  }
}
