package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.JoinKind;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.PgType;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Equality join: the right side is built into a hash table, the left side probes it in its own order. All kinds of join. When the
/// right side passes its memory both sides are split into temporary files by hash and joined part by part.
public final class HashJoinNode extends PhysicalPlan {
  private static final int PARTITIONS = 32;

  private final JoinKind kind;
  private final PhysicalPlan left;
  private final PhysicalPlan right;
  private final Evaluator[] leftKeys;
  private final Evaluator[] rightKeys;
  private final HashKey[] hashKeys;
  private final @Nullable Evaluator residual;
  private final boolean nullAware;
  private final String conditionText;
  private final @Nullable String residualText;
  private final BitSet gathered;
  private final BitSet stored;

  /// @param collations per key pair
  /// @param residual further join condition over (left columns, right columns)
  /// @param gathered columns of (left, right) that the residual or anybody above reads; the others hold nothing of use
  /// @param stored those, and the columns that keys read: what the table and temporary files keep
  /// @param nullAware for ANTI: NOT IN, where a NULL on the right ends everything and a NULL on the left matches anything
  public HashJoinNode(JoinKind kind, PhysicalPlan left, PhysicalPlan right, Evaluator[] leftKeys, Evaluator[] rightKeys, int[] collations,
      @Nullable Evaluator residual, boolean nullAware, String conditionText, @Nullable String residualText, List<OutputColumn> output,
      BitSet gathered, BitSet stored, PlanCost cost) {
    super(output, cost.startup(), cost.total(), cost.rows());
    this.kind = kind;
    this.left = left;
    this.right = right;
    this.leftKeys = leftKeys;
    this.rightKeys = rightKeys;
    this.residual = residual;
    this.nullAware = nullAware;
    this.conditionText = conditionText;
    this.residualText = residualText;
    this.gathered = gathered;
    this.stored = stored;
    hashKeys = new HashKey[leftKeys.length];
    for (int i = 0; i < hashKeys.length; i++) {
      hashKeys[i] = HashKey.of(leftKeys[i].type(), collations[i]);
    }
  }

  @Override
  public List<PhysicalPlan> children() {
    return List.of(left, right);
  }

  private boolean conditionsAreParallelSafe() {
    return Evaluator.areParallelSafe(leftKeys) && Evaluator.areParallelSafe(rightKeys) && (residual == null || residual.isParallelSafe());
  }

  /// Each thread builds the table of all right rows and probes it with its part of the left ones.
  @Override
  public @Nullable TableScanNode sharedScan() {
    return kind != JoinKind.RIGHT && kind != JoinKind.FULL && conditionsAreParallelSafe() && right.isParallelSafe() ? left.sharedScan() : null;
  }

  @Override
  public boolean isParallelSafe() {
    return conditionsAreParallelSafe() && left.isParallelSafe() && right.isParallelSafe();
  }

  @Override
  public double repeatedCost() {
    return left.repeatedCost() + (right instanceof GatherNode gather ? gather.input().totalCost() : right.totalCost());
  }

  @Override
  public List<PhysicalPlan> rowIdentitySources(int column) {
    int width = left.output().size();
    return column < width ? left.rowIdentitySources(column) : right.rowIdentitySources(column - width);
  }

  public static List<OutputColumn> concat(List<OutputColumn> a, List<OutputColumn> b) {
    List<OutputColumn> all = new java.util.ArrayList<>(a);
    all.addAll(b);
    return all;
  }

  static String explainName(String method, JoinKind kind) {
    return switch (kind) {
      case INNER -> method;
      case LEFT -> method + " Left";
      case RIGHT -> method + " Right";
      case FULL -> method + " Full";
      case SEMI -> method + " Semi";
      case ANTI, NOT_IN -> method + " Anti";
    };
  }

  @Override
  public List<String> explainNames() {
    List<String> names = new java.util.ArrayList<>(left.explainNames());
    if (output().size() > names.size()) {
      names.addAll(right.explainNames());
    }
    return names;
  }

  @Override
  public void explain(ExplainNode node) {
    node.type(explainName("Hash", kind) + " Join").property("Hash Cond", conditionText).property("Join Filter", residualText)
        .child(left).child(new HashLabel(right));
  }

  /// The "Hash" node PostgreSQL shows above the build side.
  private static final class HashLabel extends PhysicalPlan {
    private final PhysicalPlan input;

    HashLabel(PhysicalPlan input) {
      super(input.output(), input.totalCost(), input.totalCost(), input.rows());
      this.input = input;
    }

    @Override
    protected Operator operator(ExecutionContext context) {
      return input.open(context);
    }

    @Override
    public List<PhysicalPlan> children() {
      return List.of(input);
    }

    @Override
    public void explain(ExplainNode node) {
      node.type("Hash").child(input);
    }

    @Override
    public PhysicalPlan statisticsSource() {
      return input.statisticsSource();
    }
  }

  @Override
  protected Operator operator(ExecutionContext context) {
    return new Join(context);
  }

  private final class Join implements Operator {
    private final ExecutionContext context;
    private final BoundEvaluator[] boundLeft;
    private final BoundEvaluator[] boundRight;
    private final @Nullable BoundEvaluator boundResidual;
    private final boolean keepsRight = kind == JoinKind.RIGHT || kind == JoinKind.FULL;
    private final boolean keepsLeft = kind == JoinKind.LEFT || kind == JoinKind.FULL;
    private final boolean leftOnly = kind == JoinKind.SEMI || kind == JoinKind.ANTI;
    private @Nullable Operator leftInput;
    private @Nullable Operator rightInput;

    private @Nullable RowBuffer rows;
    private @Nullable GroupTable table;
    private int[] heads = new int[64];
    private int[] nexts = new int[64];
    private boolean[] rightMatched = {};
    private final BitSet rightStored = stored.get(left.output().size(), left.output().size() + right.output().size());
    private boolean rightHasNull;
    private boolean rightEmpty = true;

    private @Nullable Batch probe;
    private int[] probeGroups = new int[Batch.ROWS_MAX];
    private boolean[] leftMatched = new boolean[Batch.ROWS_MAX];
    private int probeAt;
    private int chain = -1;
    private boolean unmatchedPhase;
    private boolean leftDone;
    private int rightAt;
    private @Nullable Batch out;
    private int[] pairLeft = new int[Batch.ROWS_MAX];
    private int[] pairRight = new int[Batch.ROWS_MAX];

    /// Set when both sides were split: what remains to be joined.
    private @Nullable Partitions partitions;

    Join(ExecutionContext context) {
      this.context = context;
      boundLeft = BoundEvaluator.bind(leftKeys, context);
      boundRight = BoundEvaluator.bind(rightKeys, context);
      boundResidual = residual == null ? null : residual.bind(context);
    }

    @Override
    public void open(ExecutionContext c) {
      leftInput = left.open(context);
      rightInput = right.open(context);
    }

    private void clearTable() {
      rows = new RowBuffer(RowBuffer.representations(right.output()), rightStored, context.memory());
      table = new GroupTable(hashKeys, context.memory());
      Arrays.fill(heads, 0);
    }

    private void build() {
      clearTable();
      for (Batch batch = rightInput.next(); batch != null; batch = rightInput.next()) {
        context.cancel().check();
        insert(batch);
        if (partitions == null && rows.bytes() + table.bytes() > context.hashMemBytes() && !nullAware && rows.size() > 1000) {
          partitions = new Partitions();
          partitions.spillBuilt();
        }
      }
      if (partitions != null) {
        partitions.spillProbe();
        partitions.nextPart();
      }
      rightMatched = keepsRight ? new boolean[rows.size()] : rightMatched;
    }

    private void insert(Batch batch) {
      rightEmpty = false;
      if (partitions != null) {
        partitions.addRight(batch);
        return;
      }
      link(batch);
    }

    private void link(Batch batch) {
      int count = batch.rowCount();
      ColumnVector[] keys = BoundEvaluator.evaluate(boundRight, batch);
      int first = rows.size();
      rows.append(batch);
      int[] wanted = new int[count];
      int[] ids = new int[count];
      int kept = 0;
      for (int i = 0; i < count; i++) {
        int r = batch.rowIndex(i);
        if (hasNull(keys, r)) {
          rightHasNull = true;
        } else {
          wanted[kept] = r;
          ids[kept++] = first + i;
        }
      }
      int[] groups = new int[count];
      table.find(keys, wanted, kept, groups, true);
      if (heads.length < table.size()) {
        heads = Arrays.copyOf(heads, Math.max(heads.length * 2, table.size()));
      }
      if (nexts.length < rows.size()) {
        nexts = Arrays.copyOf(nexts, Math.max(nexts.length * 2, rows.size()));
      }
      for (int i = 0; i < kept; i++) {
        nexts[ids[i]] = heads[groups[i]];
        heads[groups[i]] = ids[i] + 1;
      }
    }

    private static boolean hasNull(ColumnVector[] keys, int row) {
      for (ColumnVector key : keys) {
        if (key.isNull(row)) {
          return true;
        }
      }
      return false;
    }

    private @Nullable Batch nextProbe(int maxRows) {
      if (partitions != null) {
        return partitions.nextProbe(maxRows);
      }
      return leftInput.next(maxRows);
    }

    private boolean fetchProbe(int maxRows) {
      while (true) {
        probe = nextProbe(maxRows);
        if (probe == null) {
          return false;
        }
        context.cancel().check();
        int count = probe.rowCount();
        ColumnVector[] keys = BoundEvaluator.evaluate(boundLeft, probe);
        table.find(keys, probe.selection(), count, probeGroups, false);
        for (int i = 0; i < count; i++) {
          if (hasNull(keys, probe.rowIndex(i))) {
            probeGroups[i] = nullAware ? -2 : -1;
          }
          leftMatched[i] = false;
        }
        probeAt = 0;
        chain = 0;
        unmatchedPhase = false;
        return true;
      }
    }

    @Override
    public @Nullable Batch next(int maxRows) {
      if (rows == null) {
        build();
      }
      while (true) {
        if (!leftDone) {
          if (probe == null && !fetchProbe(maxRows)) {
            if (partitions != null && !keepsRight && partitions.nextPart()) {
              continue;
            }
            leftDone = true;
            rightAt = 0;
            continue;
          }
          Batch result = leftOnly ? semi() : pairs(maxRows);
          if (result != null) {
            return result;
          }
          probe = null;
          continue;
        }
        if (keepsRight) {
          Batch result = unmatchedRight(maxRows);
          if (result != null) {
            return result;
          }
          if (partitions != null && partitions.nextPart()) {
            leftDone = false;
            rightMatched = new boolean[rows.size()];
            continue;
          }
        }
        return null;
      }
    }

    /// SEMI and ANTI: a selection of the probe batch.
    private @Nullable Batch semi() {
      if (unmatchedPhase) {
        return null;
      }
      unmatchedPhase = true;
      int count = probe.rowCount();
      if (boundResidual == null) {
        for (int i = 0; i < count; i++) {
          leftMatched[i] = probeGroups[i] >= 0;
        }
      } else {
        while (collect(Batch.ROWS_MAX) > 0) {
          // Matches are marked on the way.
        }
      }
      int[] selected = new int[count];
      int kept = 0;
      for (int i = 0; i < count; i++) {
        boolean take = kind == JoinKind.SEMI ? leftMatched[i]
            : nullAware ? rightEmpty || !leftMatched[i] && !rightHasNull && probeGroups[i] != -2 : !leftMatched[i];
        if (take) {
          selected[kept++] = probe.rowIndex(i);
        }
      }
      if (kept == 0) {
        return null;
      }
      probe.select(selected, kept);
      return probe;
    }

    private int pairCount;

    /// Gathers up to `maxRows` pairs that pass the residual into `out`; returns how many pairs were looked at, 0 at the probe's end.
    private int collect(int maxRows) {
      pairCount = 0;
      int count = probe.rowCount();
      int[] positions = new int[Math.min(maxRows, Batch.ROWS_MAX)];
      while (pairCount < positions.length && probeAt < count) {
        if (chain == 0) {
          int group = probeGroups[probeAt];
          chain = group < 0 ? -1 : heads[group];
          if (chain == 0) {
            chain = -1;
          }
        }
        if (chain < 0) {
          probeAt++;
          chain = 0;
          continue;
        }
        positions[pairCount] = probeAt;
        pairLeft[pairCount] = probe.rowIndex(probeAt);
        pairRight[pairCount++] = chain - 1;
        chain = nexts[chain - 1];
        if (chain == 0) {
          chain = -1;
        }
      }
      if (pairCount == 0) {
        return 0;
      }
      gather(pairCount);
      if (boundResidual != null) {
        boundResidual.filter(out);
      }
      for (int i = 0; i < out.rowCount(); i++) {
        int pair = out.rowIndex(i);
        leftMatched[positions[pair]] = true;
        if (keepsRight) {
          rightMatched[pairRight[pair]] = true;
        }
      }
      return pairCount;
    }

    private void gather(int count) {
      int leftWidth = left.output().size();
      prepareOut();
      for (int c = gathered.nextSetBit(0); c >= 0; c = gathered.nextSetBit(c + 1)) {
        if (c < leftWidth) {
          out.column(c).gather(probe.column(c), pairLeft, 0, count, 0);
        } else {
          rows.gather(c - leftWidth, pairRight, 0, count, out.column(c));
        }
      }
      out.setRowCount(count);
    }

    private void prepareOut() {
      if (out == null) {
        out = Batch.of(HashJoinNode.concat(left.output(), right.output()), Batch.ROWS_MAX);
      }
      out.reset();
    }

    private @Nullable Batch pairs(int maxRows) {
      if (!unmatchedPhase) {
        while (collect(maxRows) > 0) {
          if (out.rowCount() > 0) {
            return out;
          }
          context.cancel().check();
        }
        unmatchedPhase = true;
        probeAt = 0;
      }
      if (!keepsLeft) {
        return null;
      }
      int n = 0;
      while (n < maxRows && probeAt < probe.rowCount()) {
        if (!leftMatched[probeAt]) {
          pairLeft[n] = probe.rowIndex(probeAt);
          pairRight[n++] = -1;
        }
        probeAt++;
      }
      if (n == 0) {
        return null;
      }
      gather(n);
      return out;
    }

    private @Nullable Batch unmatchedRight(int maxRows) {
      int n = 0;
      while (n < maxRows && rightAt < rows.size()) {
        if (!rightMatched[rightAt]) {
          pairRight[n++] = rightAt;
        }
        rightAt++;
      }
      if (n == 0) {
        return null;
      }
      prepareOut();
      int leftWidth = left.output().size();
      for (int c = 0; c < leftWidth; c++) {
        for (int i = 0; i < n; i++) {
          out.column(c).setNull(i);
        }
      }
      for (int c = gathered.nextSetBit(leftWidth); c >= 0; c = gathered.nextSetBit(c + 1)) {
        rows.gather(c - leftWidth, pairRight, 0, n, out.column(c));
      }
      out.setRowCount(n);
      return out;
    }

    /// Both sides by hash in temporary files.
    private final class Partitions {
      private final SpillFiles.SpillFile[] rightFiles = new SpillFiles.SpillFile[PARTITIONS];
      private final SpillFiles.SpillFile[] leftFiles = new SpillFiles.SpillFile[PARTITIONS];
      private final TupleCodec rightCodec = new TupleCodec(types(right.output()), context.catalog());
      private final TupleCodec leftCodec = new TupleCodec(types(left.output()), context.catalog());
      private final TupleCodec.Writer rightWriter = rightCodec.writer();
      private final TupleCodec.Writer leftWriter = leftCodec.writer();
      private final GroupTable hasher = new GroupTable(hashKeys, context.memory());
      private int part = -1;
      private SpillFiles.@Nullable Reader probeReader;
      private @Nullable Batch probeBatch;

      Partitions() {
        for (int i = 0; i < PARTITIONS; i++) {
          rightFiles[i] = context.spill().create();
          leftFiles[i] = context.spill().create();
        }
      }

      private static PgType[] types(List<OutputColumn> columns) {
        return columns.stream().map(OutputColumn::type).toArray(PgType[]::new);
      }

      void spillBuilt() {
        RowBuffer built = rows;
        int at = 0;
        for (Batch slice = built.slice(0, Batch.ROWS_MAX); slice != null; slice = built.slice(at, Batch.ROWS_MAX)) {
          addRight(slice);
          at += slice.rowCount();
        }
        built.clear();
        table.clear();
        clearTable();
      }

      void addRight(Batch batch) {
        add(batch, boundRight, rightFiles, rightWriter, left.output().size());
      }

      void spillProbe() {
        for (Batch batch = leftInput.next(); batch != null; batch = leftInput.next()) {
          context.cancel().check();
          add(batch, boundLeft, leftFiles, leftWriter, 0);
        }
      }

      private void add(Batch batch, BoundEvaluator[] bound, SpillFiles.SpillFile[] files, TupleCodec.Writer writer, int firstColumn) {
        ColumnVector[] columns = new ColumnVector[batch.columnCount()];
        for (int c = 0; c < columns.length; c++) {
          columns[c] = stored.get(firstColumn + c) ? batch.column(c) : null;
        }
        int[] hashes = hasher.hashes(BoundEvaluator.evaluate(bound, batch), batch.selection(), batch.rowCount());
        for (int i = 0; i < batch.rowCount(); i++) {
          int p = (hashes[i] ^ hashes[i] >>> 13 ^ hashes[i] >>> 21) & PARTITIONS - 1;
          files[p].append(writer.encode(columns, batch.rowIndex(i)));
        }
      }

      /// Loads the next pair of files; false when there is none.
      boolean nextPart() {
        closeReader();
        if (part >= 0) {
          rightFiles[part].delete();
          leftFiles[part].delete();
        }
        part++;
        if (part >= PARTITIONS) {
          return false;
        }
        rows.clear();
        table.clear();
        clearTable();
        try (SpillFiles.Reader reader = rightFiles[part].reader()) {
          Batch batch = Batch.of(right.output(), Batch.ROWS_MAX);
          while (fill(batch, reader, rightCodec, Batch.ROWS_MAX)) {
            link(batch);
          }
        }
        probeReader = leftFiles[part].reader();
        probe = null;
        return true;
      }

      private boolean fill(Batch batch, SpillFiles.Reader reader, TupleCodec codec, int maxRows) {
        batch.reset();
        int n = 0;
        while (n < maxRows) {
          byte[] record = reader.next();
          if (record == null) {
            break;
          }
          Object[] row = codec.decode(record, ref -> context.access().readLarge(ref));
          for (int c = 0; c < row.length; c++) {
            batch.column(c).set(n, row[c]);
          }
          n++;
        }
        batch.setRowCount(n);
        return n > 0;
      }

      @Nullable Batch nextProbe(int maxRows) {
        if (probeReader == null) {
          return null;
        }
        if (probeBatch == null) {
          probeBatch = Batch.of(left.output(), Batch.ROWS_MAX);
        }
        return fill(probeBatch, probeReader, leftCodec, maxRows) ? probeBatch : null;
      }

      private void closeReader() {
        if (probeReader != null) {
          probeReader.close();
          probeReader = null;
        }
      }

      void close() {
        closeReader();
        for (int i = 0; i < PARTITIONS; i++) {
          rightFiles[i].delete();
          leftFiles[i].delete();
        }
      }
    }

    private void drop() {
      if (rows != null) {
        rows.clear();
        table.clear();
        rows = null;
      }
      if (partitions != null) {
        partitions.close();
        partitions = null;
      }
      probe = null;
      leftDone = false;
      rightHasNull = false;
      rightEmpty = true;
    }

    @Override
    public void rescan() {
      drop();
      BoundEvaluator.rescanAll(boundLeft);
      BoundEvaluator.rescanAll(boundRight);
      if (boundResidual != null) {
        boundResidual.rescan();
      }
      leftInput.rescan();
      rightInput.rescan();
    }

    @Override
    public void close() {
      drop();
      BoundEvaluator.closeAll(boundLeft);
      BoundEvaluator.closeAll(boundRight);
      if (boundResidual != null) {
        boundResidual.close();
      }
      if (leftInput != null) {
        leftInput.close();
      }
      if (rightInput != null) {
        rightInput.close();
      }
    }
  }
}
