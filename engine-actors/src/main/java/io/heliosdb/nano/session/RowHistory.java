package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.RowCodec;
import io.heliosdb.nano.storage.CommitInfo;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.LogCursor;
import io.heliosdb.nano.storage.LogRecord;
import io.heliosdb.nano.storage.ReadView;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.storage.StoreReader;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.txn.TableCursor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All versions that the rows of a table had in a span of SCNs: those of the beginning, then what the log says was changed. In key order.
/// Rows: the table's columns, then start SCN, end SCN, operation (I, U, D), transaction id; the last two null for versions older than the span.
/// Holds the changed keys of the span in memory. Confined to the session's thread.
final class RowHistory implements Iterator<@Nullable Object[]> {
  static final int EXTRA_COLUMNS = 4;

  private final SessionCore session;
  private final Relation.Table table;
  private final RowCodec codec;
  private final ReadView view;
  private final long low;
  private final TableCursor first;
  private final TreeMap<byte[], List<Long>> changes = new TreeMap<>(Arrays::compareUnsigned);
  private final ArrayDeque<@Nullable Object[]> ready = new ArrayDeque<>();
  private boolean firstEnded;

  RowHistory(SessionCore session, Relation.Table table, long low, long high, StatementAccess access) {
    this.session = session;
    this.table = table;
    this.low = low;
    this.codec = new RowCodec(table, session.catalog());
    this.view = session.branchState().readView();
    readLog(high);
    first = access.asOf(view.asOf(low)).scan(table.storageId(), KeyRange.ALL, false);
  }

  private void readLog(long high) {
    try (StoreReader reader = session.engine().system().store().acquireReader(); LogCursor log = reader.readLog(low + 1)) {
      LogRecord record;
      while ((record = log.next()) != null && record.scn() <= high) {
        if (record instanceof LogRecord.RowChanged row && row.storageId() == table.storageId() && isVisible(row)) {
          List<Long> scns = changes.computeIfAbsent(row.key(), key -> new ArrayList<>(1));
          if (scns.isEmpty() || scns.getLast() != row.scn()) {
            scns.add(row.scn());
          }
        }
      }
    }
  }

  private boolean isVisible(LogRecord.RowChanged row) {
    for (int i = 0; i < view.layerCount(); i++) {
      if (view.layer(i).branch() == row.branch()) {
        return row.scn() <= view.layer(i).scn();
      }
    }
    return false;
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty()) {
      session.cancelToken().check();
      if (!firstEnded && first.next()) {
        byte[] key = first.key();
        while (!changes.isEmpty() && Arrays.compareUnsigned(changes.firstKey(), key) < 0) {
          Map.Entry<byte[], List<Long>> entry = changes.pollFirstEntry();
          expand(entry.getKey(), null, 0, entry.getValue());
        }
        List<Long> scns = changes.remove(key);
        expand(key, codec.decode(first.row(), session.queries().callContext().access()::readLarge), first.row().scn(), scns == null ? List.of() : scns);
        continue;
      }
      firstEnded = true;
      if (changes.isEmpty()) {
        return false;
      }
      Map.Entry<byte[], List<Long>> entry = changes.pollFirstEntry();
      expand(entry.getKey(), null, 0, entry.getValue());
    }
    return true;
  }

  /// The versions of one key, oldest first.
  private void expand(byte[] key, @Nullable Object @Nullable [] initial, long initialScn, List<Long> scns) {
    Object[] open = initial == null ? null : row(initial, initialScn, null, 0);
    @Nullable Object[] before = initial;
    try (StoreReader reader = session.engine().system().store().acquireReader()) {
      RowSlot slot = new RowSlot();
      for (long scn : scns) {
        CommitInfo commit = reader.commitInfo(scn);
        long xid = commit == null ? 0 : commit.xid();
        boolean isThere = reader.get(view.asOf(scn), table.storageId(), key, slot);
        @Nullable Object[] values = isThere ? codec.decode(slot, reader::readLarge) : null;
        if (open != null) {
          open[open.length - 3] = scn;
          ready.add(open);
          open = null;
        }
        if (values != null) {
          open = row(values, scn, before == null ? "I" : "U", xid);
        } else if (before != null) {
          ready.add(row(before, scn, "D", xid));
        }
        before = values;
      }
    }
    if (open != null) {
      ready.add(open);
    }
  }

  private @Nullable Object[] row(@Nullable Object[] values, long start, @Nullable String operation, long xid) {
    int width = table.columns().size();
    Object[] row = Arrays.copyOf(values, width + EXTRA_COLUMNS);
    row[width] = start == 0 ? null : start;
    row[width + 2] = operation;
    row[width + 3] = xid == 0 ? null : xid;
    return row;
  }

  @Override
  public @Nullable Object[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.poll();
  }
}
