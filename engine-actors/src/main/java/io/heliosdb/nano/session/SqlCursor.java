package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.AppendNode;
import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.execute.FilterNode;
import io.heliosdb.nano.execute.LimitNode;
import io.heliosdb.nano.execute.LockRowsNode;
import io.heliosdb.nano.execute.ProjectNode;
import io.heliosdb.nano.execute.TableScanNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.type.Bytes;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A cursor made by DECLARE or OPEN. Rows read so far are kept while it may scroll; a held cursor keeps all rows at commit.
///
/// Position 0 is before the first row. Memory of kept rows is accounted to the session.
final class SqlCursor implements AutoCloseable {
  private static final long ROW_BYTES_ESTIMATE = 64;

  final String name;
  final String text;
  final boolean scroll;
  final boolean forwardOnly;
  final boolean hold;
  final boolean binary;
  final long createdMicros;
  private final SessionCore session;
  private final List<OutputColumn> columns;
  private final List<@Nullable Object[]> kept = new ArrayList<>();
  private final CachedPlan plan;

  /// Beside each kept row the rows of tables it came from.
  private final List<Map<PhysicalPlan, Bytes>> keptPositions = new ArrayList<>();

  private QueryExecutor.@Nullable Running running;
  private int depth;
  private @Nullable Object @Nullable [] currentRow;
  private long position;
  private long keptFrom = 1;
  private boolean exhausted;
  private @Nullable Batch batch;
  private int batchNext;

  SqlCursor(SessionCore session, String name, String text, Boolean scroll, boolean hold, boolean binary, QueryExecutor.Running running) {
    this.session = session;
    this.name = name;
    this.text = text;
    this.scroll = Boolean.TRUE.equals(scroll);
    this.forwardOnly = Boolean.FALSE.equals(scroll);
    this.hold = hold;
    this.binary = binary;
    this.running = running;
    this.plan = running.plan;
    running.trackPositions();
    this.columns = running.plan.columns();
    this.createdMicros = session.engine().clockMicros();
    this.depth = session.transactions().depth();
  }

  /// For a cursor made of a portal: so many rows have been given out already, all of them or not.
  void standAfter(long rows, boolean all, int madeAtDepth) {
    depth = madeAtDepth;
    position = all ? rows + 1 : rows;
    keptFrom = rows + 1;
    if (all) {
      exhausted = true;
      running = null;
    }
  }

  /// Whether reading a row has failed: it cannot be read from any more.
  private boolean failed;

  /// Savepoints around it when it was made; 0 once its transaction is over.
  int depth() {
    return depth;
  }

  void released(int newDepth) {
    depth = Math.min(depth, newDepth);
  }

  List<OutputColumn> columns() {
    return columns;
  }

  @Nullable Object @Nullable [] currentRow() {
    return currentRow;
  }

  /// The row of a table on which the cursor stands, for `WHERE CURRENT OF`; null when it stands on a row of another partition.
  ///
  /// @throws SqlException 24000 when it stands on no row, or its query does not lead back to one row of the table
  @Nullable Bytes position(Relation.Table table) {
    if (hold && running == null) {
      throw invalid("is held from a previous transaction");
    }
    List<PhysicalPlan> scans = new ArrayList<>();
    boolean[] isSimple = {true};
    collect(plan.physical, table, false, scans, isSimple);
    if (scans.size() != 1 || !isSimple[0]) {
      throw invalid("is not a simply updatable scan of table \"" + table.name() + "\"");
    }
    if (currentRow == null) {
      throw invalid("is not positioned on a row");
    }
    long index = position - keptFrom;
    Bytes identity = index >= 0 && index < keptPositions.size() ? keptPositions.get((int) index).get(scans.getFirst()) : null;
    return identity;
  }

  private SqlException invalid(String what) {
    return new SqlException(SqlState.INVALID_CURSOR_STATE, "cursor \"" + name + "\" " + what);
  }

  /// Gathers the scans of a table; rows must come from them one by one, or be identified where they are locked.
  private static void collect(PhysicalPlan node, Relation.Table table, boolean isIdentified, List<PhysicalPlan> scans, boolean[] isSimple) {
    if (node instanceof TableScanNode scan) {
      if (scan.table().oid() == table.oid()) {
        scans.add(scan);
      }
      return;
    }
    boolean identified = isIdentified || node instanceof LockRowsNode;
    boolean passes = identified || node instanceof ProjectNode || node instanceof FilterNode || node instanceof LimitNode || node instanceof AppendNode;
    int before = scans.size();
    node.children().forEach(child -> collect(child, table, identified, scans, isSimple));
    isSimple[0] &= passes || scans.size() == before;
  }

  QueryExecutor.@Nullable Running running() {
    return running;
  }

  /// Moves one row forward; null at the end.
  @Nullable Object @Nullable [] forward() {
    long target = position + 1;
    @Nullable Object[] row = rowAt(target);
    position = row == null ? endPosition() : target;
    currentRow = row;
    return row;
  }

  private long endPosition() {
    return keptFrom + kept.size();
  }

  @Nullable Object @Nullable [] backward() {
    if (position <= 1) {
      position = 0;
      currentRow = null;
      return null;
    }
    requireBackward();
    position--;
    currentRow = rowAt(position);
    return currentRow;
  }

  void requireBackward() {
    if (forwardOnly) {
      throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "cursor can only scan forward")
          .withHint("Declare it with SCROLL option to enable backward scan.");
    }
  }

  private @Nullable Object @Nullable [] rowAt(long target) {
    while (target >= endPosition() && !exhausted) {
      @Nullable Object[] row = pull();
      Map<PhysicalPlan, Bytes> positions = running == null ? Map.of() : running.positions();
      if (row == null) {
        exhausted = true;
        close(false);
        break;
      }
      if (forwardOnly && !hold) {
        keptFrom += kept.size();
        kept.clear();
        keptPositions.clear();
      } else {
        session.accountMemory(ROW_BYTES_ESTIMATE + 16L * row.length);
      }
      kept.add(row);
      keptPositions.add(positions);
    }
    long index = target - keptFrom;
    return index >= 0 && index < kept.size() ? kept.get((int) index) : null;
  }

  private @Nullable Object @Nullable [] pull() {
    if (failed) {
      throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "portal \"" + name + "\" cannot be run");
    }
    if (running == null) {
      return null;
    }
    if (batch == null || batchNext >= batch.rowCount()) {
      try {
        batch = running.next(1);
      } catch (RuntimeException e) {
        failed = true;
        throw e;
      }
      batchNext = 0;
      if (batch == null) {
        return null;
      }
    }
    @Nullable Object[] row = batch.row(batch.rowIndex(batchNext++));
    if (batchNext >= batch.rowCount()) {
      batch = null;
    }
    running.pause();
    return row;
  }

  long position() {
    return position;
  }

  /// Goes to a position counted from the start (positive) or from the end (negative); 0 is before the first row.
  @Nullable Object @Nullable [] absolute(long target) {
    if (target < 0) {
      while (rowAt(endPosition()) != null) {
        // Reads to the end to know where it is.
      }
      target = Math.max(0, endPosition() + target);
    }
    if (target < position) {
      requireBackward();
    }
    @Nullable Object[] row = target == 0 ? null : rowAt(target);
    position = target == 0 ? 0 : row == null ? endPosition() : target;
    currentRow = row;
    return row;
  }

  /// Reads all rows, so that the cursor outlives its transaction.
  void materialize() {
    depth = 0;
    while (rowAt(endPosition()) != null) {
      session.cancelToken().check();
    }
  }

  private void close(boolean forget) {
    if (running != null) {
      running.close();
      running = null;
    }
    batch = null;
    if (forget) {
      session.accountMemory(-kept.stream().mapToLong(row -> forwardOnly && !hold ? 0 : ROW_BYTES_ESTIMATE + 16L * row.length).sum());
      kept.clear();
    }
  }

  @Override
  public void close() {
    close(true);
  }
}
