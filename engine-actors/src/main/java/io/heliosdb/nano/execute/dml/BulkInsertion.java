package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.ExecutionContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Rows that come from outside a plan (COPY FROM), inserted like those of one INSERT statement: partitions, triggers, constraints, keys. Where nobody
/// else can see the table's rows yet, all but the first few thousand go past the write set ([DirectInsertion]).
///
/// Rows are boxed values by `attnum - 1`, defaults filled in already. Confined to the session's thread; the caller runs the statement-end
/// work of [PendingChecks] after [#finish].
public final class BulkInsertion implements AutoCloseable {
  private static final int BATCH_ROWS = 256;

  /// Fewer rows than this fit the write set without thinking.
  private static final int DIRECT_ROWS_MIN = 4096;

  private record Batch(@Nullable Object[][] rows, long[] lines, int count) {}

  private final WriteRun run;
  private final RowInsertion insertion;
  private @Nullable Object[][] batch = new Object[BATCH_ROWS][];
  private long[] lines = new long[BATCH_ROWS];
  private int buffered;
  private long failedLine;
  private @Nullable String failedPlace;

  /// Places of the rows of [#batch] with their text, where errors of single rows come only when the batch is written.
  private final @Nullable String @Nullable [] places;
  private long written;
  private boolean begun;

  /// Batches that wait until there are enough rows for [DirectInsertion]; null when that way is not open, or is taken already.
  private @Nullable List<Batch> waiting;
  private @Nullable DirectInsertion direct;

  public BulkInsertion(ExecutionContext context, Relation.Table table, WriteTargets targets) {
    run = new WriteRun(context, targets);
    insertion = new RowInsertion(run, table, CheckOptions.NONE);
    places = insertion.isPlain() ? null : new String[BATCH_ROWS];
    if (insertion.isPlain() && DirectInsertion.isPossible(run, insertion.plainWriter().target())) {
      waiting = new ArrayList<>();
    }
  }

  /// Adds a row.
  ///
  /// @param line where it comes from, see [#failedLine]
  /// @param place the same with the row's text, see [#failedPlace]
  public void row(@Nullable Object[] values, long line, Supplier<@Nullable String> place) {
    if (!begun) {
      begun = true;
      insertion.begin();
    }
    if (insertion.isPlain()) {
      complete(values, line);
    }
    lines[buffered] = line;
    if (places != null) {
      places[buffered] = place.get();
    }
    batch[buffered++] = values;
    if (buffered == BATCH_ROWS) {
      flush();
    }
  }

  /// Checks the row's own rules at once. When it breaks one, the rows before it are written first, so that the first error in row order is
  /// the one reported.
  private void complete(@Nullable Object[] values, long line) {
    try {
      insertion.completePlain(values);
    } catch (SqlException e) {
      writeAll();
      failedLine = line;
      throw e;
    }
  }

  private void flush() {
    Batch full = new Batch(batch, lines, buffered);
    if (waiting == null && direct == null) {
      insert(full);
      Arrays.fill(batch, 0, buffered, null);
      buffered = 0;
      return;
    }
    batch = new Object[BATCH_ROWS][];
    lines = new long[BATCH_ROWS];
    buffered = 0;
    if (direct != null) {
      insertDirectly(full);
      return;
    }
    waiting.add(full);
    if (waiting.size() * BATCH_ROWS >= DIRECT_ROWS_MIN) {
      direct = new DirectInsertion(run, insertion.plainWriter());
      waiting.forEach(this::insertDirectly);
      waiting = null;
    }
  }

  private void insert(Batch rows) {
    try {
      if (insertion.isPlain()) {
        insertion.insertPlain(rows.rows(), rows.count());
        written += rows.count();
      } else {
        written += insertion.insert(rows.rows(), rows.count());
      }
    } catch (SqlException e) {
      int position = Math.min(insertion.failedPosition(), rows.count() - 1);
      failedLine = rows.lines()[position];
      // Keys are looked at when rows are written, for many at a time here as in PostgreSQL.
      failedPlace = places == null || e.state().equals(SqlState.UNIQUE_VIOLATION) && !insertion.writesOneByOne() ? null : places[position];
      throw e;
    }
  }

  private void insertDirectly(Batch rows) {
    try {
      direct.add(rows.rows(), rows.lines(), rows.count());
      written += rows.count();
    } catch (SqlException e) {
      failedLine = direct.failedLine();
      throw e;
    }
  }

  /// The line of the row that could not be written, 0 when it is not known.
  public long failedLine() {
    return failedLine;
  }

  /// Where that row stands, with its text; null for errors that come without.
  public @Nullable String failedPlace() {
    return failedPlace;
  }

  /// Writes what is buffered; returns the number of rows written in all.
  public long finish() {
    if (!begun) {
      insertion.begin();
    }
    writeAll();
    insertion.end();
    return written;
  }

  private void writeAll() {
    if (waiting != null) {
      List<Batch> few = waiting;
      waiting = null;
      few.forEach(this::insert);
    }
    if (buffered > 0) {
      flush();
    }
    if (direct != null) {
      try {
        direct.finish();
      } catch (SqlException e) {
        failedLine = direct.failedLine();
        throw e;
      }
    }
  }

  @Override
  public void close() {
    try {
      if (direct != null) {
        direct.close();
      }
    } finally {
      run.close();
    }
  }
}
