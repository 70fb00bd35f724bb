package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.lmdb.Lmdb;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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

  private final Path directory;
  private final Checkpoint checkpoint;

  private Recovery(Path directory, Checkpoint checkpoint) {
    this.directory = directory;
    this.checkpoint = checkpoint;
  }

  /// Restores the checkpoint, before the data file is opened. Null when the data file stands alone.
  static @Nullable Recovery restore(Path directory) {
    try {
      Checkpoint checkpoint = Checkpoint.read(directory);
      if (checkpoint == null) {
        return null;
      }
      checkpoint.restore(directory);
      return new Recovery(directory, checkpoint);
    } catch (NoSuchFileException missing) {
      throw StoreFailure.corrupted("\"" + Checkpoint.DATA_FILE + "\" is missing beside the checkpoint that belongs to it");
    } catch (EOFException cutShort) {
      throw StoreFailure.corrupted("\"" + Checkpoint.DATA_FILE + "\" ends before its first pages do");
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static SqlException failed(IOException e) {
    return new SqlException(SqlState.IO_ERROR, "could not recover the database: " + e.getMessage(), e);
  }

  /// Applies the log. While the store opens; nobody else uses it.
  ///
  /// @param checkpointer goes on with a log of its own; null when commits are not logged any more
  void run(StoreEngine engine, @Nullable Checkpointer checkpointer) {
    long restoredState = engine.environment().begin(Lmdb.RDONLY);
    try {
      int[] count = new int[1];
      try (RedoLog log = new RedoLog(directory, Durability.NONE)) {
        Set<Long> voided = new HashSet<>();
        log.read(
            checkpoint.segmentNumber(),
            record -> {
              if (record instanceof RedoRecord.Void ended) {
                voided.add(ended.voidedNumber());
              }
            });
        List<RedoRecord> batch = new ArrayList<>();
        log.read(
            checkpoint.segmentNumber(),
            record -> {
              if (!(record instanceof RedoRecord.Void) && !voided.contains(record.number())) {
                batch.add(record);
                count[0]++;
              }
              if (batch.size() >= BATCH_COUNT) {
                engine.redo(batch);
                batch.clear();
              }
            });
        applyLast(engine, batch);
      }
      if (checkpointer != null) {
        checkpointer.startLog(checkpoint.segmentNumber() + 2);
      } else {
        engine.environment().sync();
        Checkpoint.remove(directory);
        RedoLog.remove(directory);
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
      engine.redo(batch);
    } catch (SqlException e) {
      engine.redo(batch.subList(0, batch.size() - 1));
    }
  }

  /// Whether there is a data file yet.
  static boolean isFresh(Path directory) {
    return Files.notExists(directory.resolve(Checkpoint.DATA_FILE));
  }
}
