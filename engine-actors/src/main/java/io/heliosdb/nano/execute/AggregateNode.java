package io.heliosdb.nano.execute;

import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.txn.TablePages;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// GROUP BY, grouping sets and aggregation without groups, by hashing. DISTINCT and ordered aggregates keep their rows per call and
/// are finished per group. When the hash tables pass their memory, rows of groups not yet known go to temporary files by hash and are
/// aggregated afterwards, partition by partition.
///
/// Output: group columns, aggregates, then with several grouping sets the grouping id: bit `i` is set when group column `i` is not
/// part of the row's set.
public final class AggregateNode extends PhysicalPlan {
  private static final int PARTITION_BITS = 4;
  private static final int DEPTH_MAX = 6;

  /// @param distinct DISTINCT arguments; `order` over (arguments…, extra order expressions…)
  /// @param arguments aggregated arguments, followed by further ORDER BY expressions
  /// @param direct direct arguments of an ordered-set aggregate
  /// @param directColumns where each stands among `arguments` if it reads group columns, -1 if it is the same for all rows
  public record Call(CallSite site, Evaluator[] arguments, int argumentCount, @Nullable Evaluator filter, boolean distinct, SortColumn[] order,
      boolean orderedSet, Evaluator[] direct, int[] directColumns) {
    boolean isBuffered() {
      return distinct || order.length > 0 || orderedSet;
    }
  }

  private final PhysicalPlan input;
  private final Evaluator[] groups;
  private final int[] collations;
  private final int[][] sets;
  private final List<Call> calls;
  private final List<String> groupTexts;
  private final boolean countsTable;
  private final @Nullable ParallelPlan parallel;
  private final @Nullable ExplainLabel gather;
  private final @Nullable ExplainLabel partial;

  /// @param parallel how several threads aggregate parts of the input, which are combined then; null for one thread
  /// @param sets positions of `groups` per grouping set
  public AggregateNode(PhysicalPlan input, Evaluator[] groups, int[] collations, int[][] sets, List<Call> calls, List<String> groupTexts,
      @Nullable ParallelPlan parallel, List<OutputColumn> output, PlanCost cost) {
    super(output, cost.startup(), cost.total(), cost.rows());
    this.input = input;
    this.groups = groups;
    this.collations = collations;
    this.sets = sets;
    this.calls = List.copyOf(calls);
    this.groupTexts = groupTexts;
    this.parallel = parallel;
    countsTable = countsTable(input, groups, sets, calls);
    if (parallel == null) {
      partial = null;
      gather = null;
    } else {
      PlanCost part = new PlanCost(parallel.cost(), parallel.cost(), cost.rows());
      partial = new ExplainLabel(input, this, part, null, node -> describe(node, "Partial "));
      gather = new ExplainLabel(partial, this, part, null, node -> node.type("Gather").property("Workers Planned", parallel.workers()));
    }
  }

  /// Whether only the rows of a whole table are counted, for which the store need not show them.
  public static boolean countsTable(PhysicalPlan input, Evaluator[] groups, int[][] sets, List<Call> calls) {
    return groups.length == 0 && sets.length == 1 && !calls.isEmpty() && input instanceof TableScanNode scan && scan.sharedScan() != null
        && calls.stream().allMatch(c -> c.arguments.length == 0 && c.filter == null && !c.isBuffered() && Aggregators.isMergeable(c.site));
  }

  /// Whether threads can aggregate parts of the input by these and combine their results.
  public static boolean isDivisible(Evaluator[] groups, List<Call> calls) {
    return Evaluator.areParallelSafe(groups) && calls.stream().allMatch(c -> !c.isBuffered() && Aggregators.isMergeable(c.site)
        && Evaluator.areParallelSafe(c.arguments) && (c.filter == null || c.filter.isParallelSafe()));
  }

  @Override
  public List<PhysicalPlan> children() {
    return List.of(input);
  }

  @Override
  public void explain(ExplainNode node) {
    describe(node, gather == null ? "" : "Finalize ");
    node.child(gather == null ? input : gather);
  }

  private void describe(ExplainNode node, String stage) {
    if (groups.length == 0) {
      node.type(stage + "Aggregate");
    } else if (sets.length > 1) {
      node.type(stage + "MixedAggregate");
      List<String> shown = new ArrayList<>();
      for (int[] set : sets) {
        List<String> texts = new ArrayList<>();
        for (int g : set) {
          texts.add(groupTexts.get(g));
        }
        shown.add("(" + String.join(", ", texts) + ")");
      }
      node.property("Hash Keys", shown);
    } else {
      node.type(stage + "HashAggregate").property("Group Key", groupTexts);
    }
  }

  @Override
  protected Operator operator(ExecutionContext context) {
    return new Aggregation(context);
  }

  private final class Aggregation extends OneInputOperator implements ParallelRun.Result {
    private final BoundEvaluator[] boundGroups;
    private final BoundEvaluator[][] boundArguments;
    private final @Nullable BoundEvaluator[] boundFilters;
    private final List<SetState> states = new ArrayList<>();
    private int currentSet;
    private int currentGroup;
    private @Nullable Batch out;
    private final int[] groupIds = new int[Batch.ROWS_MAX];

    Aggregation(ExecutionContext context) {
      super(AggregateNode.this.input, context);
      boundGroups = BoundEvaluator.bind(groups, context);
      boundArguments = new BoundEvaluator[calls.size()][];
      boundFilters = new BoundEvaluator[calls.size()];
      for (int i = 0; i < calls.size(); i++) {
        boundArguments[i] = BoundEvaluator.bind(calls.get(i).arguments, context);
        Evaluator filter = calls.get(i).filter;
        boundFilters[i] = filter == null ? null : filter.bind(context);
      }
    }

    private void run() {
      for (int[] set : sets) {
        states.add(new SetState(set, 0));
      }
      if ((parallel == null || !runDivided()) && (!countsTable || !countTable())) {
        if (input == null) {
          openInput();
        }
        readInput();
      }
    }

    /// Counts the table's rows by its pages; false when the statement sees other rows than those.
    private boolean countTable() {
      TableScanNode scan = (TableScanNode) AggregateNode.this.input;
      StatementAccess access = context.accessOrNull();
      TablePages pages = access == null || context.substitution() != null || context.tracksPositions() ? null
          : access.pages(scan.table().storageId(), () -> {});
      if (pages == null) {
        return false;
      }
      long start = System.nanoTime();
      long rows;
      try {
        rows = pages.rows().countRows();
      } finally {
        pages.close();
      }
      for (Aggregators counter : states.getFirst().aggregators) {
        ((Aggregators.Count) counter).addRows(rows);
      }
      context.usage().scanned(scan.table().oid(), TableUsage.SCANS, rows);
      if (context.statistics() != null) {
        context.statistics().node(scan).measured(rows, System.nanoTime() - start);
      }
      return true;
    }

    /// The input is opened when it is known that this operator reads it itself.
    @Override
    public void open(ExecutionContext c) {}

    /// Has several threads aggregate parts of the input and adds up what they found; false when that cannot be done now.
    private boolean runDivided() {
      PlanStatistics statistics = context.statistics();
      long start = System.nanoTime();
      List<Aggregation> parts = ParallelRun.run(context, parallel, own -> {
        long partStart = System.nanoTime();
        Aggregation part = new Aggregation(own);
        boolean complete = false;
        try {
          part.openInput();
          for (int[] set : sets) {
            part.states.add(part.new SetState(set, 0));
          }
          part.readInput();
          complete = true;
        } finally {
          part.closeInputs();
          if (!complete) {
            part.discard();
          }
        }
        if (own.statistics() != null) {
          own.statistics().node(partial).measured(part.states.stream().mapToLong(SetState::groupCount).sum(), System.nanoTime() - partStart);
        }
        return part;
      });
      if (parts == null) {
        return false;
      }
      if (statistics != null) {
        statistics.node(gather).measured(statistics.node(partial).rows, System.nanoTime() - start);
        statistics.node(gather).details.put("Workers Launched", parts.size() - 1);
      }
      try {
        for (Aggregation part : parts) {
          for (int i = 0; i < sets.length; i++) {
            states.get(i).merge(part.states.get(i));
          }
        }
        for (Aggregation part : parts) {
          for (int i = 0; i < sets.length; i++) {
            states.get(i).takeSpilled(part.states.get(i));
          }
        }
      } finally {
        parts.forEach(Aggregation::discard);
      }
      return true;
    }

    @Override
    public void discard() {
      drop();
    }

    private void openInput() {
      super.open(context);
    }

    private void readInput() {
      for (Batch batch = input.next(); batch != null; batch = input.next()) {
        context.cancel().check();
        ColumnVector[] keys = BoundEvaluator.evaluate(boundGroups, batch);
        ColumnVector[][] arguments = new ColumnVector[calls.size()][];
        int[][] rows = new int[calls.size()][];
        int[] counts = new int[calls.size()];
        for (int c = 0; c < arguments.length; c++) {
          rows[c] = batch.selection();
          counts[c] = batch.rowCount();
          if (boundFilters[c] != null) {
            int[] kept = new int[batch.rowCount()];
            counts[c] = boundFilters[c].select(batch, batch.selection(), batch.rowCount(), kept);
            rows[c] = kept;
          }
          arguments[c] = new ColumnVector[boundArguments[c].length];
          for (int a = 0; a < arguments[c].length; a++) {
            arguments[c][a] = boundArguments[c][a].eval(batch, rows[c], counts[c]);
          }
        }
        for (SetState state : states) {
          state.add(keys, batch.selection(), batch.rowCount(), arguments, rows, counts);
        }
      }
    }

    /// The groups of one grouping set.
    private final class SetState {
      final int[] set;
      final int depth;
      final int groupingId;
      final GroupTable table;
      final Aggregators[] aggregators = new Aggregators[calls.size()];
      final OrderedAggregation[] buffered = new OrderedAggregation[calls.size()];
      SpillFiles.SpillFile @Nullable [] partitions;
      TupleCodec.@Nullable Writer spillWriter;
      boolean full;

      SetState(int[] set, int depth) {
        this.set = set;
        this.depth = depth;
        int id = (1 << groups.length) - 1;
        HashKey[] keys = new HashKey[set.length];
        for (int i = 0; i < set.length; i++) {
          id &= ~(1 << set[i]);
          keys[i] = HashKey.of(groups[set[i]].type(), collations[set[i]]);
        }
        groupingId = groups.length == 0 ? 0 : id;
        table = new GroupTable(keys, context.memory());
        for (int c = 0; c < aggregators.length; c++) {
          Call call = calls.get(c);
          if (call.isBuffered()) {
            buffered[c] = new OrderedAggregation(call, context);
          } else {
            aggregators[c] = Aggregators.of(call.site, context);
          }
        }
        if (set.length == 0) {
          ensure(1);
        }
      }

      int groupCount() {
        return set.length == 0 ? 1 : table.size();
      }

      private void ensure(int count) {
        for (Aggregators a : aggregators) {
          if (a != null) {
            a.ensure(count);
          }
        }
      }

      void add(ColumnVector[] allKeys, int @Nullable [] rows, int count, ColumnVector[][] arguments, int[][] callRows, int[] callCounts) {
        int[] ids = groupIds;
        if (set.length == 0) {
          java.util.Arrays.fill(ids, 0, count, 0);
        } else {
          ColumnVector[] keys = new ColumnVector[set.length];
          for (int i = 0; i < set.length; i++) {
            keys[i] = allKeys[set[i]];
          }
          table.find(keys, rows, count, ids, !full);
          ensure(table.size());
          if (full) {
            spill(keys, rows, count, ids, arguments, callRows, callCounts);
          } else if (depth < DEPTH_MAX && table.size() > 1000 && heldBytes() > context.hashMemBytes() / sets.length && canSpill()) {
            full = true;
          }
        }
        for (int c = 0; c < aggregators.length; c++) {
          int[] forCall = ids;
          int[] wanted = callRows[c];
          int n = callCounts[c];
          if (set.length > 0 && (n < count || full)) {
            // Rows that the filter or a full table left out.
            int[] keptRows = new int[n];
            int[] keptIds = new int[n];
            int kept = 0;
            int at = 0;
            for (int i = 0; i < n; i++) {
              int r = wanted == null ? i : wanted[i];
              while ((rows == null ? at : rows[at]) != r) {
                at++;
              }
              if (ids[at] >= 0) {
                keptRows[kept] = r;
                keptIds[kept++] = ids[at];
              }
            }
            wanted = keptRows;
            forCall = keptIds;
            n = kept;
          }
          if (aggregators[c] != null) {
            aggregators[c].add(arguments[c], wanted, n, set.length == 0 ? null : forCall);
          } else {
            buffered[c].add(arguments[c], wanted, n, forCall);
          }
        }
      }

      private boolean canSpill() {
        for (int i = 0; i < calls.size(); i++) {
          for (Evaluator e : calls.get(i).arguments) {
            if (e.type().isPseudo()) {
              return false;
            }
          }
        }
        return true;
      }

      long heldBytes() {
        long bytes = table.bytes() + 40L * table.size() * Math.max(1, aggregators.length);
        for (int c = 0; c < aggregators.length; c++) {
          bytes += aggregators[c] != null ? aggregators[c].heldBytes() : 0;
        }
        return bytes;
      }

      /// Types of a spilled row: keys, then per call its arguments and whether its filter passed.
      private PgType[] spillTypes() {
        List<PgType> types = new ArrayList<>();
        for (int g : set) {
          types.add(groups[g].type());
        }
        for (Call call : calls) {
          for (Evaluator e : call.arguments) {
            types.add(e.type());
          }
          types.add(PgTypes.BOOL);
        }
        return types.toArray(PgType[]::new);
      }

      private void spill(ColumnVector[] keys, int @Nullable [] rows, int count, int[] ids, ColumnVector[][] arguments, int[][] callRows,
          int[] callCounts) {
        if (partitions == null) {
          partitions = new SpillFiles.SpillFile[1 << PARTITION_BITS];
          for (int p = 0; p < partitions.length; p++) {
            partitions[p] = context.spill().create();
          }
          spillWriter = new TupleCodec(spillTypes(), context.catalog()).writer();
        }
        int[] hashes = table.hashes(keys, rows, count);
        int[] callAt = new int[calls.size()];
        for (int i = 0; i < count; i++) {
          int r = rows == null ? i : rows[i];
          List<ColumnVector> columns = ids[i] >= 0 ? null : new ArrayList<>(List.of(keys));
          for (int c = 0; c < callAt.length; c++) {
            boolean passed = callAt[c] < callCounts[c] && (callRows[c] == null ? callAt[c] : callRows[c][callAt[c]]) == r;
            if (passed) {
              callAt[c]++;
            }
            if (columns != null) {
              for (ColumnVector argument : arguments[c]) {
                columns.add(passed ? argument : null);
              }
              columns.add(passed ? always(r) : null);
            }
          }
          if (columns != null) {
            int partition = hashes[i] >>> depth * PARTITION_BITS & partitions.length - 1;
            partitions[partition].append(spillWriter.encode(columns.toArray(ColumnVector[]::new), r));
          }
        }
      }

      private ColumnVector.@Nullable Bools always;

      private ColumnVector always(int row) {
        if (always == null || always.capacity <= row) {
          always = new ColumnVector.Bools(Math.max(row + 1, Batch.ROWS_MAX));
          java.util.Arrays.fill(always.values, true);
        }
        return always;
      }

      /// Adds the groups of another thread's part.
      void merge(SetState other) {
        int total = other.groupCount();
        int[] ids = new int[Batch.ROWS_MAX];
        ColumnVector[] keys = new ColumnVector[set.length];
        for (int from = 0; from < total; from += Batch.ROWS_MAX) {
          context.cancel().check();
          int count = Math.min(Batch.ROWS_MAX, total - from);
          if (set.length > 0) {
            for (int k = 0; k < keys.length; k++) {
              keys[k] = ColumnVector.of(groups[set[k]].type().representation(), count);
              for (int i = 0; i < count; i++) {
                other.table.copyKey(k, from + i, keys[k], i);
              }
            }
            table.find(keys, null, count, ids, true);
            ensure(table.size());
          }
          for (int c = 0; c < aggregators.length; c++) {
            aggregators[c].merge(other.aggregators[c], from, count, ids);
          }
        }
      }

      /// Aggregates the rows that another thread's part had no room for.
      void takeSpilled(SetState other) {
        if (other.partitions != null) {
          full |= heldBytes() > context.hashMemBytes() / sets.length && canSpill();
          for (SpillFiles.SpillFile file : other.partitions) {
            load(file, this);
          }
        }
      }

      /// Aggregates one partition of rows that did not fit.
      SetState reload(SpillFiles.SpillFile file) {
        SetState part = new SetState(set, depth + 1);
        load(file, part);
        return part;
      }

      private void load(SpillFiles.SpillFile file, SetState part) {
        PgType[] types = spillTypes();
        TupleCodec codec = new TupleCodec(types, context.catalog());
        Batch batch = Batch.of(SortNode.representations(types), Batch.ROWS_MAX);
        try (SpillFiles.Reader reader = file.reader()) {
          boolean more = true;
          while (more) {
            context.cancel().check();
            batch.reset();
            int n = 0;
            while (n < Batch.ROWS_MAX) {
              byte[] record = reader.next();
              if (record == null) {
                more = false;
                break;
              }
              Object[] row = codec.decode(record, ref -> context.access().readLarge(ref));
              for (int c = 0; c < row.length; c++) {
                batch.column(c).set(n, row[c]);
              }
              n++;
            }
            part.addReloaded(batch, n);
          }
        }
        file.delete();
      }

      private void addReloaded(Batch batch, int n) {
        ColumnVector[] keys = new ColumnVector[groups.length];
        int at = 0;
        for (int g : set) {
          keys[g] = batch.column(at++);
        }
        ColumnVector[][] arguments = new ColumnVector[calls.size()][];
        int[][] rows = new int[calls.size()][];
        int[] counts = new int[calls.size()];
        for (int c = 0; c < arguments.length; c++) {
          arguments[c] = new ColumnVector[calls.get(c).arguments.length];
          for (int a = 0; a < arguments[c].length; a++) {
            arguments[c][a] = batch.column(at++);
          }
          ColumnVector passed = batch.column(at++);
          rows[c] = new int[n];
          for (int i = 0; i < n; i++) {
            if (!passed.isNull(i)) {
              rows[c][counts[c]++] = i;
            }
          }
        }
        add(keys, null, n, arguments, rows, counts);
      }

      void clear() {
        table.clear();
        for (Aggregators a : aggregators) {
          if (a != null) {
            a.clear();
          }
        }
        for (OrderedAggregation call : buffered) {
          if (call != null) {
            call.clear();
          }
        }
      }
    }

    @Override
    public @Nullable Batch next(int maxRows) {
      if (states.isEmpty()) {
        run();
      }
      int width = output().size();
      while (currentSet < states.size()) {
        SetState state = states.get(currentSet);
        int total = state.groupCount();
        if (currentGroup >= total) {
          if (state.partitions != null) {
            for (SpillFiles.SpillFile file : state.partitions) {
              if (file.count() > 0) {
                spilled.add(new Pending(state, file));
              } else {
                file.delete();
              }
            }
          }
          state.clear();
          currentGroup = 0;
          if (!spilled.isEmpty()) {
            Pending pending = spilled.removeFirst();
            states.set(currentSet, pending.owner.reload(pending.file));
          } else {
            currentSet++;
          }
          continue;
        }
        int count = Math.min(maxRows, total - currentGroup);
        if (out == null || width > 0 && out.column(0).capacity < count) {
          out = Batch.of(output(), count);
        }
        out.reset();
        for (int g = 0; g < groups.length; g++) {
          int position = -1;
          for (int i = 0; i < state.set.length; i++) {
            position = state.set[i] == g ? i : position;
          }
          ColumnVector column = out.column(g);
          for (int i = 0; i < count; i++) {
            if (position < 0) {
              column.setNull(i);
            } else {
              state.table.copyKey(position, currentGroup + i, column, i);
            }
          }
        }
        for (int c = 0; c < calls.size(); c++) {
          ColumnVector column = out.column(groups.length + c);
          for (int i = 0; i < count; i++) {
            int group = currentGroup + i;
            column.set(i, state.aggregators[c] != null ? state.aggregators[c].result(group) : state.buffered[c].result(group));
          }
        }
        if (width > groups.length + calls.size()) {
          for (int i = 0; i < count; i++) {
            out.column(width - 1).set(i, state.groupingId);
          }
        }
        currentGroup += count;
        out.setRowCount(count);
        return out;
      }
      return null;
    }

    private record Pending(SetState owner, SpillFiles.SpillFile file) {}

    private final java.util.ArrayDeque<Pending> spilled = new java.util.ArrayDeque<>();

    private void drop() {
      states.forEach(SetState::clear);
      states.clear();
      spilled.forEach(p -> p.file.delete());
      spilled.clear();
      currentSet = 0;
      currentGroup = 0;
    }

    @Override
    public void rescan() {
      drop();
      BoundEvaluator.rescanAll(boundGroups);
      for (BoundEvaluator[] b : boundArguments) {
        BoundEvaluator.rescanAll(b);
      }
      for (BoundEvaluator b : boundFilters) {
        if (b != null) {
          b.rescan();
        }
      }
      if (input != null) {
        super.rescan();
      }
    }

    private void closeInputs() {
      BoundEvaluator.closeAll(boundGroups);
      for (BoundEvaluator[] b : boundArguments) {
        BoundEvaluator.closeAll(b);
      }
      super.close();
    }

    @Override
    public void close() {
      drop();
      closeInputs();
    }
  }
}
