package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.persistence.dump.format.Frame;
import io.heliosdb.nano.persistence.dump.format.RowBlockBuilder;
import io.heliosdb.nano.persistence.dump.format.TableEntry;
import io.heliosdb.nano.persistence.dump.format.TableEntry.Content;
import io.heliosdb.nano.storage.LogCursor;
import io.heliosdb.nano.storage.LogRecord;
import io.heliosdb.nano.storage.LogRecord.RowChanged;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.storage.RowWrite;
import io.heliosdb.nano.storage.StoreReader;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The net changes of tables between two commits, read forward from the log.
///
/// A row is written when the record at hand is its last change, which shows in the version that a read as of the dump finds: so a row that
/// changed a thousand times is written once, with no memory of what was seen. A key that has no row at the end is written as deleted (twice,
/// if it was deleted twice: deleting is idempotent). Blocks of several tables are built side by side within [#BYTES_MAX].
final class ChangeSource {
  private static final int RECORDS_PER_READER = 4096;

  /// Above this the largest unfinished block is written, full or not.
  private static final long BYTES_MAX = 32L << 20;

  private static final class Target {
    final TableShape shape;
    final TableEntry entry;
    final RowBlockBuilder rows;
    final RowBlockBuilder deleted;
    long bytes;

    Target(TableShape shape) {
      this.shape = shape;
      entry = shape.entry(Content.CHANGES);
      rows = shape.builder(entry);
      deleted = new RowBlockBuilder(entry.keyEncodings());
    }
  }

  private final DumpSession session;
  private final Map<Long, TableShape> tables;
  private final Map<Long, Target> targets = new HashMap<>();
  private final RowSlot slot = new RowSlot();
  private @Nullable Target last;
  private long scn;
  private int sequence;
  private long bytes;
  private boolean finished;

  /// @param tables by storage id
  /// @param fromScn the last commit that is known already
  ChangeSource(DumpSession session, Map<Long, TableShape> tables, long fromScn) {
    this.session = session;
    this.tables = tables;
    scn = fromScn + 1;
  }

  /// Adds blocks; false when there are no more.
  boolean fill(Deque<PendingBlock> out) {
    if (finished) {
      return false;
    }
    finished = true;
    try (StoreReader reader = session.store().acquireReader(); LogCursor log = reader.readLog(scn, sequence)) {
      int count = 0;
      LogRecord record;
      while ((record = log.next()) != null && record.scn() <= session.scn()) {
        scn = record.scn();
        sequence = record.sequence() + 1;
        if (record instanceof RowChanged change && change.branch() == session.branchId()) {
          change(change, reader, out);
        }
        if (++count >= RECORDS_PER_READER || !out.isEmpty()) {
          finished = false;
          break;
        }
      }
    }
    if (finished) {
      targets.values().forEach(target -> flush(target, out));
      return !out.isEmpty();
    }
    return true;
  }

  private void change(RowChanged change, StoreReader reader, Deque<PendingBlock> out) {
    TableShape shape = tables.get(change.storageId());
    if (shape == null) {
      return;
    }
    Target target = targets.computeIfAbsent(change.storageId(), id -> new Target(shape));
    if (reader.get(session.view(), change.storageId(), change.key(), slot)) {
      if (slot.scn() != change.scn()) {
        return;
      }
      added(target, slot.length());
      shape.add(slot, change.key(), reader::readLarge);
      shape.flush(target.rows);
    } else if (change.op() == RowWrite.Op.DELETE) {
      byte[] row = change.replaced();
      if (row == null && reader.get(session.view().asOf(change.scn() - 1), change.storageId(), change.key(), slot)) {
        row = slot.toByteArray();
      }
      if (row == null) {
        return;
      }
      added(target, change.key().length + 8);
      shape.addKey(change.key(), row, target.deleted, reader::readLarge);
    }
    if (target.rows.isFull() || target.deleted.isFull()) {
      flush(target, out);
    } else if (bytes > BYTES_MAX) {
      flush(targets.values().stream().max(Comparator.comparingLong(t -> t.bytes)).orElseThrow(), out);
    }
  }

  private void added(Target target, long count) {
    target.bytes += count;
    bytes += count;
  }

  private void flush(Target target, Deque<PendingBlock> out) {
    if (target.rows.rows() == 0 && target.deleted.rows() == 0) {
      return;
    }
    if (last != target) {
      out.add(RowSource.tableBlock(target.entry));
      last = target;
    }
    if (target.deleted.rows() > 0) {
      int count = target.deleted.rows();
      out.add(new PendingBlock(Frame.Kind.DELETED, target.entry, target.deleted.payload(), count));
    }
    if (target.rows.rows() > 0) {
      int count = target.rows.rows();
      out.add(new PendingBlock(Frame.Kind.ROWS, target.entry, target.rows.payload(), count));
    }
    bytes -= target.bytes;
    target.bytes = 0;
  }
}
