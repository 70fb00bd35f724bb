package io.heliosdb.nano.execute;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.txn.IndexEntryCursor;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.txn.TableCursor;
import io.heliosdb.nano.txn.TablePages;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Rows of one stored table: the whole table, ranges of its key, single keys, or through an index. Only the wanted columns are decoded.
public final class TableScanNode extends PhysicalPlan {
  /// How rows are found.
  ///
  /// @param index null: by the table's own key
  /// @param bounds null: everything
  /// @param condition the conditions that `bounds` stand for, over this node's row; checked when a row is substituted
  /// @param indexName shown by EXPLAIN ("t_pkey")
  public record Access(@Nullable IndexCodec index, @Nullable KeyBounds bounds, boolean reverse, @Nullable Evaluator condition,
      @Nullable String indexName, @Nullable String conditionText) {
    public static final Access FULL = new Access(null, null, false, null, null, null);
  }

  /// @param seed of REPEATABLE, null for none
  public record Sample(String method, Evaluator percent, @Nullable Evaluator seed) {}

  private static final int FIRST_ROWS = 64;

  private final Relation.Table table;
  private final RowCodec codec;
  private final Access access;
  private final String alias;
  private final @Nullable Past past;
  private final @Nullable Sample sample;
  private final int identityColumn;

  /// Output positions and stored columns of ordinary attributes; `systemColumns[i]` is the attnum of a system column or 0.
  private final int[] storedTargets;
  private final int[] storedColumns;

  /// The same for columns that are read when a filter above has chosen rows.
  private final int[] lateTargets;
  private final int[] lateColumns;
  private final int[] systemColumns;

  /// Whether the whole table is read and nothing but stored columns.
  private final boolean readsPages;

  /// Set when the entries of the index have all that is read.
  private final @Nullable EntryColumns entryColumns;

  /// Whether several threads divide it among them, for EXPLAIN.
  private boolean isShared;

  /// @param attnums per output column: attnum, negative for a system column, 0 for the row identity
  /// @param needed output columns that anybody reads; the others hold nothing of use
  /// @param late those of them that a filter directly above has read for the rows it lets through ([LateColumns])
  /// @param isIndexOnly whether the entries of the index have all that is read; then nothing is late
  public TableScanNode(Relation.Table table, RowCodec codec, int[] attnums, BitSet needed, BitSet late, Access access, boolean isIndexOnly, String alias,
      @Nullable Past past, @Nullable Sample sample, List<OutputColumn> output, PlanCost cost) {
    super(output, cost.startup(), cost.total(), cost.rows());
    this.table = table;
    this.codec = codec;
    this.access = access;
    this.alias = alias;
    this.past = past;
    this.sample = sample;
    int identity = -1;
    int stored = 0;
    systemColumns = new int[attnums.length];
    for (int i = 0; i < attnums.length; i++) {
      if (attnums[i] > 0) {
        stored += needed.get(i) ? 1 : 0;
      } else if (attnums[i] == 0) {
        identity = i;
      } else if (needed.get(i)) {
        systemColumns[i] = attnums[i];
      }
    }
    identityColumn = identity;
    lateTargets = late.stream().toArray();
    lateColumns = new int[lateTargets.length];
    for (int i = 0; i < lateTargets.length; i++) {
      lateColumns[i] = attnums[lateTargets[i]] - 1;
    }
    storedTargets = new int[stored - lateTargets.length];
    storedColumns = new int[storedTargets.length];
    int at = 0;
    for (int i = 0; i < attnums.length; i++) {
      if (attnums[i] > 0 && needed.get(i) && !late.get(i)) {
        storedTargets[at] = i;
        storedColumns[at++] = attnums[i] - 1;
      }
    }
    entryColumns = isIndexOnly ? EntryColumns.of(access.index(), codec, storedColumns) : null;
    readsPages = access.index() == null && access.bounds() == null && !access.reverse() && sample == null && identityColumn < 0
        && Arrays.stream(systemColumns).allMatch(c -> c == 0);
  }

  /// The moment of a scan of another time.
  ///
  /// @param fromPastCatalog whether the table is as it was then; else it is as it is now, which must be the same
  /// @param plannedScn the SCN the moment meant when the plan was made, -1 when that was not known
  /// @param clause identity of the clause in the statement, null for the session's setting
  public record Past(LogicalPlan.AsOf.Kind kind, @Nullable Evaluator value, boolean fromPastCatalog, long plannedScn, String text, @Nullable Object clause) {
    public @Nullable Object evaluate(ExecutionContext context) {
      return value == null ? null : value.evaluate(context);
    }
  }

  public @Nullable Past past() {
    return past;
  }

  public Relation.Table table() {
    return table;
  }

  public RowCodec codec() {
    return codec;
  }

  public Access access() {
    return access;
  }

  /// Position of the hidden row identity in the output, -1 when it is not shown.
  public int identityColumn() {
    return identityColumn;
  }

  @Override
  public List<PhysicalPlan> children() {
    return List.of();
  }

  @Override
  public @Nullable TableScanNode sharedScan() {
    return readsPages && past == null ? this : null;
  }

  @Override
  public boolean isParallelSafe() {
    return past == null && sample == null && identityColumn < 0 && Arrays.stream(systemColumns).allMatch(c -> c == 0)
        && (access.bounds() == null || access.bounds().isParallelSafe());
  }

  /// The planner has decided to divide it.
  public void share() {
    isShared = true;
  }

  @Override
  public List<PhysicalPlan> rowIdentitySources(int column) {
    return column == identityColumn ? List.of(this) : List.of();
  }

  @Override
  public List<String> explainNames() {
    String prefix = io.heliosdb.nano.type.Identifiers.quoteIfNeeded(alias) + ".";
    return output().stream().map(c -> prefix + io.heliosdb.nano.type.Identifiers.quoteIfNeeded(c.name())).toList();
  }

  @Override
  public void explain(ExplainNode node) {
    String on = "on " + io.heliosdb.nano.type.Identifiers.quoteIfNeeded(table.name())
        + (alias.equals(table.name()) ? "" : " " + io.heliosdb.nano.type.Identifiers.quoteIfNeeded(alias));
    if (access.indexName() == null) {
      node.type(isShared ? "Parallel Seq Scan" : sample == null ? "Seq Scan" : "Sample Scan").suffix(on);
    } else {
      String type = entryColumns != null ? "Index Only Scan" : "Index Scan";
      node.type(access.reverse() ? type + " Backward" : type).suffix("using " + access.indexName() + " " + on);
    }
    node.structured("Index Name", access.indexName()).structured("Relation Name", table.name()).structured("Alias", alias);
    if (sample != null) {
      node.property("Sampling", sample.method());
    }
    if (past != null) {
      node.property("As Of", past.kind() + (past.plannedScn() >= 0 && past.kind() != LogicalPlan.AsOf.Kind.SCN ? " (SCN " + past.plannedScn() + ")" : " " + past.text()));
    }
    node.property("Index Cond", access.conditionText());
  }

  @Override
  protected Operator operator(ExecutionContext context) {
    return new Scan(context);
  }

  private final class Scan implements Operator, LateColumns {
    private final ExecutionContext context;
    private final RowSlot slot = new RowSlot();
    private StatementAccess data;
    private boolean started;
    private boolean first = true;
    private @Nullable Batch batch;
    private ColumnVector[] targets = {};
    private ColumnVector[] late = {};

    /// The row identity and system columns.
    private ColumnVector[] others = {};

    /// Where the rows of the batch lie, if columns are read later.
    private MemorySegment[] memories = {};
    private long[] offsets = {};

    /// The whole table by pages, while that is possible; what is left when it no longer is stands in `ranges`.
    private @Nullable TablePages pages;
    private @Nullable PageReader pageReader;

    /// Set when the table's pages are divided among several threads.
    private @Nullable SharedScan shared;
    private int[] rest = {};

    private List<byte[]> keys = List.of();
    private List<KeyRange> ranges = List.of();
    private int at;
    private @Nullable TableCursor rows;
    private @Nullable IndexEntryCursor entries;

    /// Columns are taken from the entries, and no row is read.
    private boolean readsEntries;
    private @Nullable SplittableRandom random;
    private double fraction = 1;
    private boolean substituted;
    private LargeValueReader large = ref -> new byte[0];

    Scan(ExecutionContext context) {
      this.context = context;
    }

    @Override
    public void open(ExecutionContext c) {
      data = context.access();
    }

    private void start() {
      started = true;
      at = 0;
      data = context.access();
      if (past != null) {
        data = context.services().asOf(past.kind(), past.evaluate(context), data);
      }
      StatementAccess source = data;
      large = source::readLarge;
      RowSubstitution substitution = context.substitution();
      substituted = substitution != null && substitution.find(TableScanNode.this) != null;
      if (substituted) {
        return;
      }
      if (sample != null) {
        startSample();
      }
      readsEntries = entryColumns != null && !context.tracksPositions();
      KeyBounds bounds = access.bounds();
      if (bounds == null) {
        ranges = List.of(KeyRange.ALL);
        openPages();
      } else if (access.index() == null && bounds.isFullKey()) {
        keys = bounds.keys(context);
        keys = access.reverse() ? reversed(keys) : keys;
        ranges = List.of();
      } else {
        ranges = bounds.ranges(context);
        ranges = access.reverse() ? reversed(ranges) : ranges;
      }
    }

    private void openPages() {
      shared = context.sharedScan(TableScanNode.this);
      if (shared != null) {
        pageReader = new PageReader(shared.pages(), shared::nextGroup, false);
        ranges = List.of();
        return;
      }
      if (!readsPages || context.tracksPositions()) {
        return;
      }
      pages = data.pages(table.storageId(), this::leavePages);
      if (pages != null) {
        pageReader = new PageReader(pages.rows(), PageReader.all(pages.rows()), codec.keysCanBeLong());
        ranges = List.of();
      }
    }

    /// Goes on with the keys behind the last row given.
    private void leavePages() {
      KeyRange left = pageReader.rest();
      ranges = left == null ? List.of() : List.of(left);
      at = 0;
      batch = null;
      closePages();
    }

    private void closePages() {
      if (pages != null) {
        pages.close();
        pages = null;
      }
      pageReader = null;
    }

    private static <T> List<T> reversed(List<T> list) {
      List<T> copy = new ArrayList<>(list);
      Collections.reverse(copy);
      return copy;
    }

    private void startSample() {
      Object percent = sample.percent().evaluate(context);
      if (percent == null) {
        throw new SqlException(SqlState.INVALID_TABLESAMPLE_ARGUMENT, "TABLESAMPLE parameter cannot be null");
      }
      double p = ((Number) percent).doubleValue();
      if (!(p >= 0 && p <= 100)) {
        throw new SqlException(SqlState.INVALID_TABLESAMPLE_ARGUMENT, "sample percentage must be between 0 and 100");
      }
      fraction = p / 100;
      if (sample.seed() == null) {
        random = new SplittableRandom(context.call().random().nextLong());
      } else {
        Object seed = sample.seed().evaluate(context);
        if (seed == null) {
          throw new SqlException(SqlState.INVALID_TABLESAMPLE_REPEAT, "TABLESAMPLE REPEATABLE parameter cannot be null");
        }
        random = new SplittableRandom(Double.doubleToLongBits(((Number) seed).doubleValue()));
      }
    }

    private Batch batch(int rowsWanted) {
      if (batch == null || capacity < rowsWanted) {
        capacity = rowsWanted <= FIRST_ROWS ? rowsWanted : Batch.ROWS_MAX;
        batch = Batch.of(output(), capacity);
        targets = new ColumnVector[storedTargets.length];
        for (int i = 0; i < targets.length; i++) {
          targets[i] = batch.column(storedTargets[i]);
        }
        List<ColumnVector> system = new ArrayList<>();
        for (int i = 0; i < systemColumns.length; i++) {
          if (systemColumns[i] != 0 || i == identityColumn) {
            system.add(batch.column(i));
          }
        }
        others = system.toArray(ColumnVector[]::new);
        late = new ColumnVector[lateTargets.length];
        for (int i = 0; i < late.length; i++) {
          late[i] = batch.column(lateTargets[i]);
        }
        if (late.length > 0 || pageReader != null) {
          offsets = new long[capacity];
        }
        if (pageReader != null) {
          rest = new int[capacity];
        } else if (late.length > 0) {
          memories = new MemorySegment[capacity];
        }
      }
      // Columns that nobody reads are never written, so there is nothing to forget in them.
      for (ColumnVector column : targets) {
        column.reset();
      }
      for (ColumnVector column : late) {
        column.reset();
      }
      for (ColumnVector column : others) {
        column.reset();
      }
      batch.setRowCount(0);
      return batch;
    }

    private int capacity;
    private long rowsRead;

    @Override
    public @Nullable Batch next(int maxRows) {
      if (!started) {
        start();
      }
      context.cancel().check();
      if (substituted) {
        return substitute();
      }
      Batch out = read(maxRows);
      rowsRead += out == null ? 0 : out.rowCount();
      return out;
    }

    private @Nullable Batch read(int maxRows) {
      if (!keys.isEmpty()) {
        return nextKeys(maxRows);
      }
      // Most short queries end within the first batch: it is small, so that they do not pay for wide vectors.
      int wanted = first ? Math.min(maxRows, FIRST_ROWS) : maxRows;
      first = false;
      if (pageReader != null) {
        Batch out = readPages(wanted);
        if (out != null) {
          return out;
        }
      }
      Batch out = null;
      int count = 0;
      while (count < wanted) {
        if (!advance()) {
          break;
        }
        if (random != null && random.nextDouble() >= fraction) {
          continue;
        }
        if (out == null) {
          out = batch(wanted);
        }
        if (rows != null) {
          put(rows.row(), null, out, count++);
        } else if (readsEntries) {
          entryColumns.decode(
              entryColumns.needsIndexKey() ? entries.indexKey() : null, entryColumns.needsRowKey() ? entries.rowKey() : null, targets, count++);
        } else {
          put(slot, entries.rowKey(), out, count++);
        }
      }
      if (count == 0) {
        return null;
      }
      out.setRowCount(count);
      return out;
    }

    private @Nullable Batch readPages(int wanted) {
      Batch out = batch(wanted);
      int count = pageReader.read(offsets, wanted);
      if (count == 0) {
        leavePages();
        return null;
      }
      codec.decode(offsets, null, count, storedColumns, targets, large, rest);
      out.setRowCount(count);
      return out;
    }

    private @Nullable Batch nextKeys(int maxRows) {
      Batch out = batch(Math.min(maxRows, Math.max(1, Math.min(keys.size(), Batch.ROWS_MAX))));
      int count = 0;
      while (count < maxRows && count < capacity && at < keys.size()) {
        byte[] key = keys.get(at++);
        if (data.get(table.storageId(), key, slot)) {
          put(slot, key, out, count++);
        }
      }
      if (count == 0) {
        return null;
      }
      out.setRowCount(count);
      return out;
    }

    private boolean advance() {
      while (true) {
        if (access.index() == null) {
          if (rows == null) {
            if (at >= ranges.size()) {
              return false;
            }
            rows = data.scan(table.storageId(), ranges.get(at++), access.reverse());
          }
          if (rows.next()) {
            return true;
          }
          rows.close();
          rows = null;
        } else {
          if (entries == null) {
            if (at >= ranges.size()) {
              return false;
            }
            entries = data.scanIndex(access.index().index().indexStorageId(), ranges.get(at++), access.reverse());
          }
          while (entries.next()) {
            if (readsEntries || entries.getRow(table.storageId(), slot)) {
              return true;
            }
          }
          entries.close();
          entries = null;
        }
      }
    }

    /// @param key the row's key; null to take it from the table cursor
    private void put(RowSlot row, byte @Nullable [] key, Batch out, int position) {
      codec.decode(row, storedColumns, targets, position, large);
      if (late.length > 0) {
        memories[position] = row.memory();
        offsets[position] = row.offset();
      }
      if (identityColumn >= 0) {
        out.column(identityColumn).set(position, RowIdentity.of(table.oid(), row.scn(), key != null ? key : rows.key()));
      }
      if (context.tracksPositions()) {
        context.standOnlyOn(TableScanNode.this, RowIdentity.of(table.oid(), row.scn(), key != null ? key : rows.key()));
      }
      for (int i = 0; i < systemColumns.length; i++) {
        if (systemColumns[i] != 0) {
          out.column(i).set(position, systemColumn(systemColumns[i], row, key != null ? key : rows.key()));
        }
      }
    }

    @Override
    public void materialize(int[] chosen, int count) {
      if (pageReader != null) {
        codec.decode(offsets, chosen, count, lateColumns, late, large, rest);
        return;
      }
      for (int i = 0; i < count; i++) {
        int r = chosen[i];
        codec.decode(memories[r], offsets[r], lateColumns, late, r, large);
      }
    }

    private Object systemColumn(int attnum, RowSlot row, byte[] key) {
      return switch (attnum) {
        case -6 -> Integer.toUnsignedLong(table.oid());
        case -2 -> row.scn() == StatementAccess.OWN_WRITE_SCN ? data.transaction().xidIfAssigned() : Math.max(2, row.scn());
        case -1 -> {
          long number = 0;
          for (byte b : key) {
            number = number * 31 + (b & 0xff);
          }
          // Block and offset as PostgreSQL shows them; only equality of two reads of one row means something.
          yield (number >>> 16 & 0xffffffffL) << 16 | (number & 0x7fff) + 1;
        }
        default -> 0L;
      };
    }

    /// The one row that stands for this scan in a re-check.
    private @Nullable Batch substitute() {
      RowSubstitution.Row row = context.substitution().find(TableScanNode.this);
      if (at++ > 0 || row.identity() == null || RowIdentity.tableOid(row.identity()) != table.oid()) {
        return null;
      }
      byte[] key = RowIdentity.rowKey(row.identity());
      boolean found = row.newest() ? data.getNewest(table.storageId(), key, slot) : data.get(table.storageId(), key, slot);
      if (!found) {
        return null;
      }
      Batch out = batch(1);
      put(slot, key, out, 0);
      out.setRowCount(1);
      if (access.condition() != null) {
        BoundEvaluator condition = access.condition().bind(context);
        if (!condition.test(new RowAccess.OfBatch(out.columns(), 0))) {
          return null;
        }
      }
      return out;
    }

    private void closeCursors() {
      closePages();
      if (rows != null) {
        rows.close();
        rows = null;
      }
      if (entries != null) {
        entries.close();
        entries = null;
      }
    }

    /// Counts the scan that ends here.
    private void count() {
      if (shared != null) {
        shared.addRows(rowsRead);
      } else if (started && !substituted) {
        boolean byKey = access.index() == null && access.bounds() != null;
        int oid = access.index() == null ? table.oid() : access.index().index().oid();
        context.usage().scanned(oid, byKey ? TableUsage.KEY_SCANS : TableUsage.SCANS, rowsRead);
      }
      started = false;
      rowsRead = 0;
    }

    @Override
    public void rescan() {
      closeCursors();
      count();
      keys = List.of();
      ranges = List.of();
    }

    @Override
    public void close() {
      closeCursors();
      count();
    }
  }
}
