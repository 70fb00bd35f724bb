package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.Representation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Sorts its input, stable. With a bound on the rows wanted it keeps only so many (top-N). Over `work_mem` it writes sorted runs to
/// temporary files and merges them.
public final class SortNode extends OneInputNode {
  private final SortColumn[] keys;
  private final Evaluator[] extra;
  private final PgType[] types;
  private final List<String> keyTexts;
  private final @Nullable Evaluator limit;
  private final @Nullable Evaluator offset;

  /// @param keys over the input's columns followed by the values of `extra`
  /// @param limit, offset of a LIMIT directly above, if only so many rows are wanted
  public SortNode(PhysicalPlan input, SortColumn[] keys, Evaluator[] extra, List<String> keyTexts, @Nullable Evaluator limit,
      @Nullable Evaluator offset, PlanCost cost) {
    super(input, input.output(), cost.startup(), cost.total(), cost.rows());
    this.keys = keys;
    this.extra = extra;
    this.keyTexts = keyTexts;
    this.limit = limit;
    this.offset = offset;
    types = new PgType[input.output().size() + extra.length];
    int i = 0;
    for (OutputColumn column : input.output()) {
      types[i++] = column.type();
    }
    for (Evaluator e : extra) {
      types[i++] = e.type();
    }
  }

  @Override
  public void explain(ExplainNode node) {
    node.type("Sort").property("Sort Key", keyTexts).child(input);
  }

  static Representation[] representations(PgType[] types) {
    Representation[] list = new Representation[types.length];
    for (int i = 0; i < list.length; i++) {
      list[i] = types[i].representation();
    }
    return list;
  }

  @Override
  protected Operator operator(ExecutionContext context) {
    return new Sorter(context);
  }

  private final class Sorter extends OneInputOperator {
    private final BoundEvaluator[] bound;
    private final Representation[] representations = representations(types);
    private @Nullable RowBuffer rows;
    private int @Nullable [] order;
    private int at;

    /// Row that new ones must come before, once enough are kept; -1 before that.
    private int threshold = -1;
    private final List<SpillFiles.SpillFile> runs = new ArrayList<>();
    private @Nullable Merge merge;
    private @Nullable Batch out;

    Sorter(ExecutionContext context) {
      super(SortNode.this.input, context);
      bound = BoundEvaluator.bind(extra, context);
    }

    private void fill() {
      rows = new RowBuffer(representations, context.memory());
      long wanted = limit == null ? -1 : LimitNode.bound(limit, offset, context);
      for (Batch batch = input.next(); batch != null; batch = input.next()) {
        context.cancel().check();
        ColumnVector[] columns = Arrays.copyOf(batch.columns(), types.length);
        for (int i = 0; i < bound.length; i++) {
          columns[batch.columnCount() + i] = bound[i].eval(batch);
        }
        int[] selection = batch.selection();
        int count = batch.rowCount();
        if (threshold >= 0) {
          int[] better = new int[count];
          count = select(columns, selection, count, better);
          selection = better;
        }
        rows.append(columns, selection, count);
        if (wanted >= 0 && wanted <= 100_000 && rows.size() >= Math.max(4096, 4 * wanted)) {
          keepTop((int) wanted);
        } else if (rows.bytes() > context.workMemBytes() && rows.size() > 1000) {
          writeRun();
        }
      }
      if (runs.isEmpty()) {
        order = new RowSorter(rows, keys, context).sort();
      } else {
        writeRun();
        merge = new Merge();
      }
      PlanStatistics statistics = context.statistics();
      if (statistics != null) {
        statistics.node(SortNode.this).details.put("Sort Method", runs.isEmpty()
            ? (wanted >= 0 ? "top-N heapsort" : "quicksort") + "  Memory: " + (rows.bytes() + 1023) / 1024 + "kB"
            : "external merge  Disk: " + runs.stream().mapToLong(SpillFiles.SpillFile::bytes).sum() / 1024 + "kB");
      }
    }

    /// Throws away all but the first rows in order.
    private void keepTop(int wanted) {
      int[] sorted = new RowSorter(rows, keys, context).sort();
      RowBuffer kept = new RowBuffer(representations, context.memory());
      int count = Math.min(wanted, sorted.length);
      for (int i = 0; i < count; i++) {
        kept.append(rows.chunk(sorted[i]), new int[] {RowBuffer.position(sorted[i])}, 1);
      }
      rows.clear();
      rows = kept;
      threshold = count == wanted ? count - 1 : -1;
    }

    /// The rows that come before the last one kept so far.
    private int select(ColumnVector[] columns, int @Nullable [] selection, int count, int[] better) {
      int kept = 0;
      for (int i = 0; i < count; i++) {
        int r = selection == null ? i : selection[i];
        if (comesBefore(columns, r)) {
          better[kept++] = r;
        }
      }
      return kept;
    }

    private boolean comesBefore(ColumnVector[] columns, int row) {
      for (SortColumn key : keys) {
        int order = key.compare(columns[key.column()], row, rows.vector(key.column(), threshold), RowBuffer.position(threshold), context);
        if (order != 0) {
          return order < 0;
        }
      }
      return false;
    }

    private void writeRun() {
      int[] sorted = new RowSorter(rows, keys, context).sort();
      SpillFiles.SpillFile file = context.spill().create();
      runs.add(file);
      TupleCodec.Writer writer = new TupleCodec(types, context.catalog()).writer();
      for (int id : sorted) {
        file.append(writer.encode(rows.chunk(id), RowBuffer.position(id)));
      }
      rows.clear();
      rows = new RowBuffer(representations, context.memory());
    }

    @Override
    public @Nullable Batch next(int maxRows) {
      if (rows == null) {
        fill();
      }
      if (merge != null) {
        return merge.next(maxRows);
      }
      int count = Math.min(maxRows, order.length - at);
      if (count <= 0) {
        return null;
      }
      int width = output().size();
      if (out == null || width > 0 && out.column(0).capacity < count) {
        out = Batch.of(output(), count);
      }
      out.reset();
      for (int c = 0; c < width; c++) {
        rows.gather(c, order, at, count, out.column(c));
      }
      at += count;
      out.setRowCount(count);
      return out;
    }

    /// Merges the runs; the run number breaks ties, so that the sort stays stable.
    private final class Merge {
      private final TupleCodec codec = new TupleCodec(types, context.catalog());
      private final PriorityQueue<Head> heads;

      Merge() {
        heads = new PriorityQueue<>((a, b) -> {
          for (SortColumn key : keys) {
            int order = key.compare(a.row[key.column()], b.row[key.column()], context);
            if (order != 0) {
              return order;
            }
          }
          return Integer.compare(a.run, b.run);
        });
        for (int i = 0; i < runs.size(); i++) {
          Head head = new Head(i, runs.get(i).reader());
          if (head.advance()) {
            heads.add(head);
          }
        }
      }

      private final class Head {
        final int run;
        final SpillFiles.Reader reader;
        @Nullable Object[] row = {};

        Head(int run, SpillFiles.Reader reader) {
          this.run = run;
          this.reader = reader;
        }

        boolean advance() {
          byte[] record = reader.next();
          if (record == null) {
            reader.close();
            return false;
          }
          row = codec.decode(record, ref -> context.access().readLarge(ref));
          return true;
        }
      }

      @Nullable Batch next(int maxRows) {
        if (out == null) {
          out = Batch.of(output(), Batch.ROWS_MAX);
        }
        out.reset();
        int width = output().size();
        int count = 0;
        while (count < maxRows && !heads.isEmpty()) {
          Head head = heads.poll();
          for (int c = 0; c < width; c++) {
            out.column(c).set(count, head.row[c]);
          }
          count++;
          if (head.advance()) {
            heads.add(head);
          }
        }
        out.setRowCount(count);
        return count == 0 ? null : out;
      }

      void close() {
        heads.forEach(head -> head.reader.close());
      }
    }

    private void drop() {
      if (rows != null) {
        rows.clear();
        rows = null;
      }
      if (merge != null) {
        merge.close();
        merge = null;
      }
      runs.forEach(SpillFiles.SpillFile::delete);
      runs.clear();
      order = null;
      at = 0;
      threshold = -1;
    }

    @Override
    public void rescan() {
      drop();
      BoundEvaluator.rescanAll(bound);
      super.rescan();
    }

    @Override
    public void close() {
      drop();
      BoundEvaluator.closeAll(bound);
      super.close();
    }
  }
}
