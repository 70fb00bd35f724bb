package io.heliosdb.nano.execute;

import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.Representation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// Sorts rows, stable: in memory, over `work_mem` by sorted runs in temporary files that are merged while they are read.
///
/// At most [#FAN_IN] runs are merged at once: so many of one level become a run of the next. With a bound on the rows wanted it keeps
/// only so many (top-N). First all rows are added, then they are read.
final class ExternalSort {
  private static final int FAN_IN = 64;
  private static final int TOP_ROWS_MAX = 100_000;
  private static final long RUN_BYTES_MIN = 32 << 10;

  private final PgType[] types;
  private final Representation[] representations;
  private final SortColumn[] keys;
  private final int width;
  private final long wanted;
  private final ExecutionContext context;
  private final boolean canSpill;

  private RowBuffer rows;
  private int[] order = {};
  private int at;

  /// Row that new ones must come before, once enough are kept; -1 before that.
  private int threshold = -1;

  /// By level; a run holds what was added before all runs of lower levels.
  private final List<List<SpillFiles.SpillFile>> levels = new ArrayList<>();
  private @Nullable Merge merge;
  private @Nullable Batch out;

  /// @param width how many columns are given back
  /// @param wanted how many rows are asked for at most, -1 for all
  ExternalSort(PgType[] types, SortColumn[] keys, int width, long wanted, ExecutionContext context) {
    this.types = types;
    this.keys = keys;
    this.width = width;
    this.wanted = wanted;
    this.context = context;
    representations = SortNode.representations(types);
    canSpill = Arrays.stream(types).noneMatch(PgType::isPseudo);
    rows = new RowBuffer(representations, context.memory());
  }

  void add(ColumnVector[] columns, int @Nullable [] selection, int count) {
    if (threshold >= 0) {
      int[] better = new int[count];
      int kept = select(columns, selection, count, better);
      rows.append(columns, better, kept);
    } else {
      rows.append(columns, selection, count);
    }
    if (wanted >= 0 && wanted <= TOP_ROWS_MAX && rows.size() >= Math.max(4096, 4 * wanted)) {
      keepTop((int) wanted);
    } else if (canSpill && rows.bytes() > Math.max(RUN_BYTES_MIN, context.workMemBytes())) {
      writeRun();
    }
  }

  /// To be called once, after the last row.
  void finish() {
    if (levels.isEmpty()) {
      order = new RowSorter(rows, keys, context).sort();
    } else {
      writeRun();
      merge = new Merge(runs());
    }
  }

  /// How it went, for EXPLAIN ANALYZE.
  String method() {
    return levels.isEmpty()
        ? (wanted >= 0 ? "top-N heapsort" : "quicksort") + "  Memory: " + (rows.bytes() + 1023) / 1024 + "kB"
        : "external merge  Disk: " + runs().stream().mapToLong(SpillFiles.SpillFile::bytes).sum() / 1024 + "kB";
  }

  /// All runs, oldest rows first.
  private List<SpillFiles.SpillFile> runs() {
    return levels.reversed().stream().flatMap(List::stream).toList();
  }

  /// Throws away all but the first rows in order.
  private void keepTop(int count) {
    int[] sorted = new RowSorter(rows, keys, context).sort();
    RowBuffer kept = new RowBuffer(representations, context.memory());
    int n = Math.min(count, sorted.length);
    for (int i = 0; i < n; i++) {
      kept.append(rows.chunk(sorted[i]), new int[] {RowBuffer.position(sorted[i])}, 1);
    }
    rows.clear();
    rows = kept;
    threshold = n == count ? n - 1 : -1;
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
    TupleCodec.Writer writer = new TupleCodec(types, context.catalog()).writer();
    for (int id : sorted) {
      file.append(writer.encode(rows.chunk(id), RowBuffer.position(id)));
    }
    rows.clear();
    threshold = -1;
    addRun(file, 0);
  }

  private void addRun(SpillFiles.SpillFile file, int level) {
    if (level == levels.size()) {
      levels.add(new ArrayList<>());
    }
    List<SpillFiles.SpillFile> runs = levels.get(level);
    runs.add(file);
    if (runs.size() < FAN_IN) {
      return;
    }
    SpillFiles.SpillFile merged = context.spill().create();
    try (Merge merging = new Merge(runs)) {
      for (byte[] record = merging.nextRecord(); record != null; record = merging.nextRecord()) {
        merged.append(record);
      }
    }
    runs.forEach(SpillFiles.SpillFile::delete);
    runs.clear();
    addRun(merged, level + 1);
  }

  /// The next rows in order, null at the end; the batch is filled anew by the next call.
  @Nullable Batch next(int maxRows) {
    if (merge == null && at >= order.length) {
      return null;
    }
    int count = merge == null ? Math.min(maxRows, order.length - at) : maxRows;
    if (out == null || width > 0 && out.column(0).capacity < count) {
      out = Batch.of(Arrays.copyOf(representations, width), Math.max(count, merge == null ? 1 : Batch.ROWS_MAX));
    }
    out.reset();
    if (merge != null) {
      count = merge.fill(out, maxRows);
    } else {
      for (int c = 0; c < width; c++) {
        rows.gather(c, order, at, count, out.column(c));
      }
      at += count;
    }
    out.setRowCount(count);
    return count == 0 ? null : out;
  }

  void close() {
    rows.clear();
    if (merge != null) {
      merge.close();
      merge = null;
    }
    levels.forEach(runs -> runs.forEach(SpillFiles.SpillFile::delete));
    levels.clear();
    order = new int[0];
    at = 0;
  }

  /// Merges runs; the run number breaks ties, so that the sort stays stable.
  private final class Merge implements AutoCloseable {
    private final TupleCodec codec = new TupleCodec(types, context.catalog());
    private final PriorityQueue<Head> heads;
    private int polled;

    Merge(List<SpillFiles.SpillFile> runs) {
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
      byte[] record = {};
      @Nullable Object[] row = {};

      Head(int run, SpillFiles.Reader reader) {
        this.run = run;
        this.reader = reader;
      }

      boolean advance() {
        byte[] next = reader.next();
        if (next == null) {
          reader.close();
          return false;
        }
        record = next;
        row = codec.decode(next, ref -> context.access().readLarge(ref));
        return true;
      }
    }

    byte @Nullable [] nextRecord() {
      if ((++polled & 0xfff) == 0) {
        context.cancel().check();
      }
      Head head = heads.poll();
      if (head == null) {
        return null;
      }
      byte[] record = head.record;
      if (head.advance()) {
        heads.add(head);
      }
      return record;
    }

    int fill(Batch batch, int maxRows) {
      int count = 0;
      while (count < maxRows && !heads.isEmpty()) {
        Head head = heads.poll();
        for (int c = 0; c < width; c++) {
          batch.column(c).set(count, head.row[c]);
        }
        count++;
        if (head.advance()) {
          heads.add(head);
        }
      }
      return count;
    }

    @Override
    public void close() {
      heads.forEach(head -> head.reader.close());
    }
  }
}
