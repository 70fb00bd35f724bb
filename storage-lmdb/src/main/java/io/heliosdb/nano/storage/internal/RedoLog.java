package io.heliosdb.nano.storage.internal;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The redo log: what was committed since the last checkpoint.
///
/// A commit is durable once its record is forced, one sequential write instead of LMDB's scattered pages and second flush.
/// Bound: the files are begun again at each checkpoint, which [Checkpointer] sees to.
///
/// Threads: all methods but [#forceHere] under the write lock, one at a time. Records are written by the caller; whatever else is done with the
/// [RecoveryFiles] happens on a thread of the log's own, since an interrupt of a caller's thread would close their channels. It ends by itself
/// when idle. Flushes go on beside writes, one at a time, and not while the log changes to another segment (`forceLock`, after the write lock).
final class RedoLog implements AutoCloseable {
  /// A flush failed: nothing is known about what is on the device.
  static final class ForceFailedException extends IOException {
    ForceFailedException(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private static final long IDLE_SECONDS = 10;

  private final RecoveryFiles files;
  private final RedoBuffer buffer = new RedoBuffer();
  private final ThreadPoolExecutor thread;
  private final ReentrantLock forceLock = new ReentrantLock();
  private long nextNumber = 1;

  /// Records written.
  private volatile long writtenCount;

  /// So many of them are known to be on the device; under the force lock.
  private long forcedCount;

  RedoLog(RecoveryFiles files) {
    this.files = files;
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

  /// The number that [#append]'s next record has to have.
  long nextNumber() {
    return nextNumber;
  }

  /// An empty buffer for the next record.
  RedoBuffer buffer() {
    buffer.reset();
    return buffer;
  }

  /// Bytes since the newest checkpoint was begun.
  long bytes() {
    return files.logBytes();
  }

  /// Flushes what was appended, then runs work that makes the log go on in another segment.
  <T extends @Nullable Object> T switching(Callable<T> task) throws IOException {
    return onThread(
        () -> {
          forceLock.lock();
          try {
            forceHere();
            return task.call();
          } finally {
            forceLock.unlock();
          }
        });
  }

  /// Writes the record in [#buffer], which takes the next number. After an exception the log is as before.
  void append(RedoBuffer record) throws IOException {
    files.append(record.array(), record.length());
    nextNumber++;
    writtenCount++;
  }

  /// Flushes what was appended, on the log's thread.
  void force() throws IOException {
    onThread(
        () -> {
          forceHere();
          return null;
        });
  }

  /// Flushes what was appended before, beside those who append now; on a thread that nobody interrupts.
  void forceHere() throws IOException {
    forceLock.lock();
    try {
      long count = writtenCount;
      if (forcedCount >= count) {
        return;
      }
      files.force();
      forcedCount = count;
    } catch (IOException e) {
      throw new ForceFailedException(e);
    } finally {
      forceLock.unlock();
    }
  }

  /// Takes a record that was read, and how many bytes it had.
  interface Reader {
    void take(RedoRecord record, int bytes);
  }

  /// Reads what a former process left; a record cut off ends it. Appending needs a new segment afterwards.
  void read(Reader reader) throws IOException {
    onThread(
        () -> {
          long[] expected = new long[1];
          files.read(
              body -> {
                RedoRecord record = RedoRecord.decode(body);
                if (record == null || (expected[0] != 0 && record.number() != expected[0])) {
                  return false;
                }
                expected[0] = record.number() + 1;
                nextNumber = expected[0];
                reader.take(record, body.length);
                return true;
              });
          return null;
        });
  }

  @Override
  public void close() throws IOException {
    onThread(
        () -> {
          forceLock.lock();
          try {
            files.close();
            return null;
          } finally {
            forceLock.unlock();
          }
        });
    thread.shutdown();
  }
}
