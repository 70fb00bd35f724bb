package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.persistence.dump.format.Frame;
import io.heliosdb.nano.persistence.dump.format.PayloadWriter;
import io.heliosdb.nano.persistence.dump.format.RowBlockBuilder;
import io.heliosdb.nano.persistence.dump.format.TableEntry;
import io.heliosdb.nano.persistence.dump.format.TableEntry.Content;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.RowCursor;
import io.heliosdb.nano.storage.StoreReader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// The blocks of a segment behind its schema: all rows of tables, then changes from the log. A block is made when it is asked for; a reader of
/// the store is held while one is made, not between. Used by one thread at a time.
final class RowSource implements Iterator<PendingBlock> {
  private final DumpSession session;
  private final Deque<Table> full = new ArrayDeque<>();
  private final Map<Integer, TableEntry> earlier;
  private final List<TableEntry> entries = new ArrayList<>();
  private final Deque<PendingBlock> ready = new ArrayDeque<>();
  private @Nullable TableScan scan;
  private @Nullable ChangeSource changes;

  /// @param earlier what the segment before says about tables, by oid; empty for a full segment
  /// @param fromScn the last commit of the segment before
  RowSource(DumpSession session, List<Table> tables, Map<Integer, TableEntry> earlier, long fromScn) {
    this.session = session;
    this.earlier = earlier;
    Map<Long, TableShape> continuing = new HashMap<>();
    for (Table table : tables) {
      TableShape shape = new TableShape(table, session.schemaName(table), session.catalog(), session.io());
      TableEntry before = earlier.get(table.oid());
      if (before != null && shape.entry(Content.CHANGES).continues(before)) {
        continuing.put(table.storageId(), shape);
        ready.add(tableBlock(shape.entry(Content.UNCHANGED)));
      } else {
        full.add(table);
      }
    }
    if (!continuing.isEmpty()) {
      changes = new ChangeSource(session, continuing, fromScn);
    }
  }

  static PendingBlock tableBlock(TableEntry entry) {
    PayloadWriter payload = new PayloadWriter();
    entry.write(payload);
    return new PendingBlock(Frame.Kind.TABLE, entry, payload.toByteArray(), 0);
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty()) {
      if (scan != null) {
        byte[] payload = scan.nextBlock();
        if (payload != null) {
          ready.add(new PendingBlock(Frame.Kind.ROWS, scan.entry, payload, scan.lastRows));
        } else {
          scan = null;
        }
      } else if (!full.isEmpty()) {
        scan = new TableScan(full.poll());
        ready.add(tableBlock(scan.entry));
      } else if (changes != null) {
        if (!changes.fill(ready)) {
          changes = null;
        }
      } else {
        return false;
      }
    }
    return true;
  }

  @Override
  public PendingBlock next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.poll();
  }

  /// All rows of one table in key order.
  private final class TableScan {
    final TableEntry entry;
    int lastRows;
    private final TableShape shape;
    private final RowBlockBuilder builder;
    private byte @Nullable [] lastKey;
    private boolean finished;

    TableScan(Table table) {
      shape = new TableShape(table, session.schemaName(table), session.catalog(), session.io());
      entry = shape.entry(Content.ALL);
      builder = shape.builder(entry);
    }

    byte @Nullable [] nextBlock() {
      if (finished) {
        return null;
      }
      try (StoreReader reader = session.store().acquireReader();
          RowCursor cursor = reader.scan(session.view(), shape.table.storageId(), KeyRange.ALL, false)) {
        if (lastKey != null) {
          cursor.resumeAfter(lastKey);
        }
        finished = true;
        while (cursor.next()) {
          boolean hidden = shape.hasHiddenKey();
          if (shape.add(cursor.row(), hidden ? cursor.key() : null, reader::readLarge)) {
            shape.flush(builder);
            if (builder.isFull()) {
              lastKey = cursor.key();
              finished = false;
              break;
            }
          }
        }
      }
      shape.flush(builder);
      lastRows = builder.rows();
      return lastRows == 0 ? null : builder.payload();
    }
  }
}
