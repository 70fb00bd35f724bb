package io.heliosdb.nano.storage.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The redo log: what was committed since the last checkpoint, in two files used in turn (`redo.0`, `redo.1`).
///
/// A commit is durable once its record is forced, one sequential write instead of LMDB's scattered pages and second flush.
/// Bound: the files are begun again at each checkpoint, which [Checkpointer] sees to.
///
/// Threads: all methods under the write lock, one at a time; the files are touched by a thread of the log's own only, since an
/// interrupt of a caller's thread would close their channels. It ends by itself when idle.
final class RedoLog implements AutoCloseable {
  /// A flush failed: nothing is known about what is on the device.
  static final class ForceFailedException extends IOException {
    ForceFailedException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private static final long IDLE_SECONDS = 10;

  private final Path directory;
  private final Durability durability;
  private final RedoSegment[] files = new RedoSegment[2];
  private final RedoBuffer buffer = new RedoBuffer();
  private final ThreadPoolExecutor thread;
  private long segmentNumber;
  private long nextNumber = 1;
  private boolean isForced = true;

  RedoLog(Path directory, Durability durability) {
    this.directory = directory;
    this.durability = durability;
    thread =
        new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Thread.ofPlatform().daemon().name("heliosdb-redo").factory());
    thread.allowCoreThreadTimeOut(true);
  }

  private <T extends @Nullable Object> CompletableFuture<T> run(Callable<T> task) {
    CompletableFuture<T> result = new CompletableFuture<>();
    thread.execute(
        () -> {
          try {
            result.complete(task.call());
          } catch (Throwable t) {
            result.completeExceptionally(t);
          }
        });
    return result;
  }

  /// Runs work on files where no interrupt reaches it.
  <T extends @Nullable Object> T onThread(Callable<T> task) throws IOException {
    return await(run(task));
  }

  /// Waits, whatever interrupts there are.
  static <T extends @Nullable Object> T await(CompletableFuture<T> task) throws IOException {
    try {
      return task.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case RuntimeException runtime -> throw runtime;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  private RedoSegment file(long number) throws IOException {
    int index = (int) (number & 1);
    if (files[index] == null) {
      boolean isNew = Files.notExists(path(index));
      files[index] = RedoSegment.open(path(index), durability);
      if (isNew) {
        Checkpoint.forceDirectory(directory);
      }
    }
    return files[index];
  }

  private Path path(int index) {
    return directory.resolve("redo." + index);
  }

  /// The number that [#append]'s next record has to have.
  long nextNumber() {
    return nextNumber;
  }

  /// An empty buffer for the next record; in use until [#append]'s task is done.
  RedoBuffer buffer() {
    buffer.reset();
    return buffer;
  }

  long segmentNumber() {
    return segmentNumber;
  }

  /// Goes on in this segment, whose file's former content is needed no more. The one before is flushed.
  void beginSegment(long number) throws IOException {
    long former = segmentNumber;
    onThread(
        () -> {
          if (!isForced) {
            force(file(former));
          }
          file(number).begin(number);
          return null;
        });
    segmentNumber = number;
  }

  /// Bytes of the current segment.
  long bytes() {
    RedoSegment current = files[(int) (segmentNumber & 1)];
    return current == null ? 0 : current.position();
  }

  /// Starts to write the record in [#buffer]; done when it is written and, with `force`, on the device.
  CompletableFuture<@Nullable Void> append(RedoBuffer record, boolean force) {
    nextNumber++;
    return run(
        () -> {
          RedoSegment current = file(segmentNumber);
          current.append(record.array(), record.length());
          isForced = false;
          if (force) {
            force(current);
          }
          return null;
        });
  }

  /// The last record was not written: its number is free again.
  void takeBack() {
    nextNumber--;
  }

  /// Flushes what was appended.
  void force() throws IOException {
    onThread(
        () -> {
          if (!isForced) {
            force(file(segmentNumber));
          }
          return null;
        });
  }

  private void force(RedoSegment segment) throws IOException {
    try {
      segment.force();
    } catch (IOException e) {
      throw new ForceFailedException(e);
    }
    isForced = true;
  }

  /// Reads what a former process left, from this segment on; a record cut off ends it. Appending needs a new segment afterwards.
  void read(long firstSegment, Consumer<RedoRecord> consumer) throws IOException {
    onThread(
        () -> {
          readSegments(firstSegment, consumer);
          return null;
        });
  }

  private void readSegments(long firstSegment, Consumer<RedoRecord> consumer) throws IOException {
    long expected = 0;
    for (long number = firstSegment; number < firstSegment + 2 && file(number).startReading(number); number++) {
      for (byte[] body = file(number).readNext(); body != null; body = file(number).readNext()) {
        RedoRecord record = RedoRecord.decode(body);
        if (record == null || (expected != 0 && record.number() != expected)) {
          return;
        }
        expected = record.number() + 1;
        nextNumber = expected;
        consumer.accept(record);
      }
    }
  }

  @Override
  public void close() throws IOException {
    onThread(
        () -> {
          for (RedoSegment file : files) {
            if (file != null) {
              file.close();
            }
          }
          return null;
        });
    thread.shutdown();
  }

  /// Removes the files of a closed log.
  static void remove(Path directory) throws IOException {
    Files.deleteIfExists(directory.resolve("redo.0"));
    Files.deleteIfExists(directory.resolve("redo.1"));
  }
}
