package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.lmdb.Lmdb;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Brings a database back that was not closed: the state of the last checkpoint, then the redo log from there.
///
/// Until it has ended nothing of what it starts from is changed, so it can be cut off anywhere and begun again.
final class Recovery {
  /// Records are applied in transactions of about this many, which is much faster than one by one.
  private static final int BATCH_COUNT = 2_000;

  private static final long BATCH_BYTES = 16L << 20;

  private static final Set<SqlState> NO_ROOM = Set.of(SqlState.DISK_FULL, SqlState.OUT_OF_MEMORY);

  private final RecoveryFiles files;

  private Recovery(RecoveryFiles files) {
    this.files = files;
  }

  private static SqlException failed(IOException e) {
    return new SqlException(SqlState.IO_ERROR, "could not recover the database: " + e.getMessage(), e);
  }

  /// Applies the log that the files have. While the store opens; nobody else uses it.
  ///
  /// @param checkpointer goes on with a log of its own; null when commits are not logged any more
  static void run(StoreEngine engine, RecoveryFiles files, @Nullable Checkpointer checkpointer) {
    new Recovery(files).run(engine, checkpointer);
  }

  private void run(StoreEngine engine, @Nullable Checkpointer checkpointer) {
    long restoredState = engine.environment().begin(Lmdb.RDONLY);
    try {
      int[] count = new int[1];
      long[] batchBytes = new long[1];
      try (RedoLog log = new RedoLog(files)) {
        Set<Long> voided = new HashSet<>();
        log.read(
            (record, bytes) -> {
              if (record instanceof RedoRecord.Void ended) {
                voided.add(ended.voidedNumber());
              }
            });
        List<RedoRecord> batch = new ArrayList<>();
        log.read(
            (record, bytes) -> {
              if (!(record instanceof RedoRecord.Void) && !voided.contains(record.number())) {
                batch.add(record);
                count[0]++;
                batchBytes[0] += bytes;
              }
              if (batch.size() >= BATCH_COUNT || batchBytes[0] >= BATCH_BYTES) {
                engine.writer().redo(batch);
                batch.clear();
                batchBytes[0] = 0;
              }
            });
        applyLast(engine, batch);
      }
      if (checkpointer == null) {
        engine.environment().sync();
        files.end();
      } else if (count[0] > 0 || files.isCheckpointDue()) {
        checkpointer.startLog();
      }
      if (count[0] > 0) {
        System.getLogger(Recovery.class.getName())
            .log(System.Logger.Level.INFO, "the database was not shut down properly; commit groups recovered: {0}", count[0]);
      }
    } catch (IOException e) {
      throw failed(e);
    } finally {
      Lmdb.txnAbort(restoredState);
    }
  }

  /// The last record may be of a group that the store refused, with the process gone before it could say so in the log; nobody
  /// was told that it was committed.
  private static void applyLast(StoreEngine engine, List<RedoRecord> batch) {
    if (batch.isEmpty()) {
      return;
    }
    try {
      engine.writer().redo(batch);
    } catch (SqlException e) {
      if (NO_ROOM.contains(e.state())) {
        // It may have been committed when there was room.
        throw e;
      }
      engine.writer().redo(batch.subList(0, batch.size() - 1));
    }
  }
}
