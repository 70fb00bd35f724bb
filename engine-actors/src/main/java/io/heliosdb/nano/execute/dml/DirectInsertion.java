package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.copy.Handoff;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.execute.IndexCodec;
import io.heliosdb.nano.execute.RowCodec;
import io.heliosdb.nano.execute.dml.WriteTarget.IndexTarget;
import io.heliosdb.nano.storage.BulkWriter;
import io.heliosdb.nano.storage.DuplicateRowKeyException;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.type.Bytes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Rows of a COPY on their way straight into the store, past the write set: into a table that nobody else can see the rows of, because this transaction
/// has made or truncated it. No key has to be locked there, and memory holds a few batches, whatever the number of rows.
///
/// The session's thread checks rows and hands them over in batches; a thread of its own encodes and writes them. What is written is removed by [#close]
/// before [#finish], by the transaction's rollback after it, and by the next start after a crash.
///
/// Errors: 23505 for a primary key that occurs twice, with [#failedLine].
final class DirectInsertion implements AutoCloseable {
  private static final int BATCHES_MAX = 8;

  /// Completed rows.
  ///
  /// @param lines where they stand in the data
  /// @param firstRowId hidden row id of the first, for tables without a primary key
  private record Batch(@Nullable Object[][] rows, long[] lines, int count, long firstRowId) {}

  private record Gathered(byte[] key, byte[] row, long line) {}

  private final WriteRun run;
  private final TableWriter writer;
  private final WriteTarget target;
  private final BulkWriter bulk;
  private final Handoff<Batch> batches = new Handoff<>(BATCHES_MAX);
  private final List<Gathered> gathered = new ArrayList<>();
  private final Thread thread;
  private volatile @Nullable Throwable failure;
  private long failedLine;
  private boolean finished;

  /// Whether rows of this table may take this way.
  static boolean isPossible(WriteRun run, WriteTarget target) {
    return target.foreignKeys().length == 0
        && java.util.Arrays.stream(target.indexes()).noneMatch(index -> index.index().unique() || index.exclusion() != null || index.columns() == null)
        && run.services().isUnseen(target.table())
        && !run.access().hasOwnWrites(target.table().storageId());
  }

  DirectInsertion(WriteRun run, TableWriter writer) {
    this.run = run;
    this.writer = writer;
    target = writer.target();
    bulk = run.access().transaction().bulkWriter();
    bulk.refuseDuplicates();
    thread = Thread.ofPlatform().daemon().name("heliosdb-copy-writer").start(this::write);
  }

  /// Takes a batch over.
  void add(@Nullable Object[][] rows, long[] lines, int count) {
    long firstRowId = target.codec().hasPrimaryKey() ? 0 : run.services().counters().nextRowIds(count);
    if (!batches.put(new Batch(rows, lines, count, firstRowId))) {
      throw failed();
    }
    writer.countInserted(count);
  }

  private void write() {
    try {
      RowCodec.Writer rowWriter = target.codec().writer();
      IndexTarget[] indexes = target.indexes();
      IndexCodec.Writer[] indexWriters = new IndexCodec.Writer[indexes.length];
      for (int i = 0; i < indexes.length; i++) {
        indexWriters[i] = indexes[i].codec().writer(run.context());
      }
      Batch batch;
      while ((batch = batches.take()) != null) {
        for (int i = 0; i < batch.count(); i++) {
          write(batch.rows()[i], batch.lines()[i], batch.firstRowId() + i, rowWriter, indexes, indexWriters);
        }
      }
    } catch (Throwable e) {
      failure = e;
      batches.close();
    }
  }

  private void write(
      @Nullable Object[] row, long line, long rowId, RowCodec.Writer rowWriter, IndexTarget[] indexes, IndexCodec.Writer[] indexWriters) {
    Relation.Table table = target.table();
    byte[] key = target.codec().hasPrimaryKey() ? rowWriter.rowKey(row) : RowCodec.hiddenRowKey(rowId);
    byte[] bytes = rowWriter.encode(row);
    gathered.add(new Gathered(key, bytes, line));
    bulk.row(table.storageId(), key, bytes, table.layoutId());
    for (int i = 0; i < indexes.length; i++) {
      if (indexWriters[i].covers(row)) {
        bulk.index(indexes[i].storageId(), indexWriters[i].key(row), key);
      }
    }
    if (bulk.gatheredRowCount() == 0) {
      gathered.clear();
    }
  }

  /// Waits until everything is written and makes it part of the transaction.
  void finish() {
    batches.end();
    join();
    if (failure == null) {
      try {
        run.access().transaction().attach(bulk.finish());
      } catch (DuplicateRowKeyException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failed();
    }
    finished = true;
    // What went past the write set only a new reader sees.
    run.access().releaseReader();
  }

  private RuntimeException failed() {
    join();
    Throwable cause = failure;
    if (cause instanceof DuplicateRowKeyException) {
      return duplicate();
    }
    return cause instanceof Error error ? new IllegalStateException(error) : (RuntimeException) cause;
  }

  /// The first row, in the order of the data, whose key was there before it.
  private SqlException duplicate() {
    run.access().releaseReader();
    Set<Bytes> keys = new HashSet<>();
    RowSlot slot = new RowSlot();
    for (Gathered row : gathered) {
      if (!keys.add(Bytes.wrap(row.key())) || run.access().getNewest(target.table().storageId(), row.key(), slot)) {
        failedLine = row.line();
        return writer.duplicateRowKey(target.codec().decode(row.row(), run.large()));
      }
    }
    throw new IllegalStateException("a row key occurs twice, but cannot be found");
  }

  /// The line of the row that could not be written, 0 when it is not known.
  long failedLine() {
    return failedLine;
  }

  private void join() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    if (!finished) {
      finished = true;
      batches.close();
      join();
      bulk.close();
    }
  }
}
