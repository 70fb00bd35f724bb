package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.lmdb.Environment;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The files that bring a store back: the newest checkpoint of the environment and the redo log from there on.
///
/// [PlainFiles] leaves the environment's data file itself on disk and notes which state of it is whole. [SealedFiles] has the environment in
/// memory and writes whole states of it, encrypted.
///
/// Life: [#read] what a former process left, then [#startLog] or [#resumeLog], then [#append] and [#force], in between
/// [#beginCheckpoint], at last [#end] after an orderly last checkpoint, or only [#close]. Used by the log's thread, one call at a time;
/// [PendingCheckpoint#write] beside it, [#append] by any
/// thread under the write lock, [#force] beside appends.
interface RecoveryFiles extends AutoCloseable {
  /// A checkpoint whose state is fixed and pinned, but not on the device yet.
  interface PendingCheckpoint {
    /// On the device when it returns; recovery starts from it from then on.
    void write() throws IOException;
  }

  /// How far the log may run ahead of the checkpoint.
  ///
  /// @param groupCount a checkpoint is due after so many groups,
  /// @param logBytes or so much log;
  /// @param groupCountMax past this the committing thread makes one itself,
  /// @param logBytesMax or past this
  /// @param idle a checkpoint is due after so long; null for never
  record Bounds(int groupCount, long logBytes, int groupCountMax, long logBytesMax, @Nullable Duration idle) {}

  /// The environment is open.
  default void opened(Environment environment) {}

  Bounds bounds();

  /// Larger groups are not logged but followed by a checkpoint.
  long groupBytesMax();

  /// Whether bulk loads go through the log; else the groups that name them are followed by a checkpoint.
  boolean isBulkLogged();

  /// Whether the state of the newest checkpoint must stay pinned until the next one is on the device.
  boolean isCheckpointPinned();

  /// Whether what was found has to be replaced by a checkpoint before it is used, even if nothing is to be recovered.
  boolean isCheckpointDue();

  /// Whether there is no checkpoint to start from: the log has to be started before the first change of a new store.
  boolean isNew();

  /// Gives the bodies of the records that were left, in order, until the consumer says that one is not the next.
  void read(Predicate<byte[]> body) throws IOException;

  /// Makes the newest state of the environment the checkpoint and begins a new log from it. Until the checkpoint is on the device what was
  /// left counts.
  void startLog() throws IOException;

  /// Begins to log after an orderly end, before the first change.
  void resumeLog() throws IOException;

  /// Appends a record. After an exception the log is as before.
  void append(byte[] body, int length) throws IOException;

  /// Flushes what was appended.
  void force() throws IOException;

  /// Bytes of the log since the newest checkpoint was begun.
  long logBytes();

  /// Makes sure that the next checkpoint's own files find room, so that a full device shows here, where nothing has begun yet.
  ///
  /// @throws io.heliosdb.nano.error.SqlException 53100
  default void reserveRoom() throws IOException {}

  /// Fixes the newest state, which the caller has pinned, and goes on logging in another segment. What was appended is flushed.
  PendingCheckpoint beginCheckpoint() throws IOException;

  /// Nothing was logged since the last checkpoint: takes away what is needed after a crash only.
  void end() throws IOException;

  @Override
  void close() throws IOException;
}
