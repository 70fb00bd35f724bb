package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Exclusive ownership of a data directory by one process: a locked file that holds the owner's process id.
///
/// The file is opened once per JVM (a system property says so across class loaders), because closing any handle of it
/// would drop the lock of the whole process. File channels are closed by an interrupt of the thread that uses them, so
/// the work is done on a thread of its own that nobody can interrupt.
final class DirectoryLock implements AutoCloseable {
  static final String FILE_NAME = "heliosdb.lock";
  private static final String PROPERTY = "io.heliosdb.nano.open:";

  private final String property;
  private final FileChannel channel;

  private DirectoryLock(String property, FileChannel channel) {
    this.property = property;
    this.channel = channel;
  }

  /// Takes the lock; F0001 when another process has it.
  static DirectoryLock acquire(Path realDirectory) {
    String property = PROPERTY + realDirectory;
    if (System.getProperties().putIfAbsent(property, "open") != null) {
      throw inUse(realDirectory, Long.toString(ProcessHandle.current().pid()));
    }
    AtomicReference<Object> result = new AtomicReference<>();
    Thread thread =
        Thread.ofPlatform().daemon().name("heliosdb-lock").unstarted(() -> result.set(tryAcquire(realDirectory, property)));
    thread.start();
    joinUninterruptibly(thread);
    if (result.get() instanceof DirectoryLock lock) {
      return lock;
    }
    System.getProperties().remove(property);
    throw result.get() instanceof SqlException e
        ? e
        : new SqlException(SqlState.INTERNAL_ERROR, "could not lock data directory \"" + realDirectory + "\"");
  }

  private static Object tryAcquire(Path directory, String property) {
    Path file = directory.resolve(FILE_NAME);
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        String owner = readOwner(channel);
        channel.close();
        return inUse(directory, owner);
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
      return new DirectoryLock(property, channel);
    } catch (OverlappingFileLockException e) {
      // This JVM has the directory open under another name: it was moved, or another class loader knows it.
      closeQuietly(channel, e);
      return inUse(directory, Long.toString(ProcessHandle.current().pid()));
    } catch (IOException | RuntimeException e) {
      closeQuietly(channel, e);
      return new SqlException(SqlState.IO_ERROR, "could not lock data directory \"" + directory + "\": " + e.getMessage(), e);
    }
  }

  private static String readOwner(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(32);
    channel.read(buffer, 0);
    return new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII).trim();
  }

  private static void closeQuietly(@Nullable FileChannel channel, Exception cause) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }

  private static SqlException inUse(Path directory, String owner) {
    return new SqlException(SqlState.LOCK_FILE_EXISTS, "data directory \"" + directory + "\" is in use by another process")
        .withHint(owner.isEmpty() ? "Close the other process first." : "Is another process (PID " + owner + ") using the database?");
  }

  private static void joinUninterruptibly(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Checks that a path can be a data directory, makes it if it is missing, and gives its real path.
  static Path prepare(Path directory) {
    try {
      Path existing = directory.toAbsolutePath();
      while (existing.getParent() != null && !Files.exists(existing)) {
        existing = existing.getParent();
      }
      if (!Files.isDirectory(existing)) {
        throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "data directory \"" + existing + "\" is not a directory");
      }
      Files.createDirectories(directory);
      if (!Files.isReadable(directory) || !Files.isWritable(directory) || !Files.isExecutable(directory)) {
        throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "could not access data directory \"" + directory + "\": Permission denied")
            .withHint("The data directory must be readable and writable by the user that runs the database.");
      }
      return directory.toRealPath();
    } catch (AccessDeniedException e) {
      throw new SqlException(
          SqlState.INSUFFICIENT_PRIVILEGE, "could not create data directory \"" + directory + "\": Permission denied", e);
    } catch (IOException e) {
      throw new SqlException(SqlState.IO_ERROR, "could not create data directory \"" + directory + "\": " + e.getMessage(), e);
    }
  }

  /// The file stays: removing it would let two processes lock two files of one name.
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new SqlException(SqlState.IO_ERROR, "could not release the data directory: " + e.getMessage(), e);
    } finally {
      System.getProperties().remove(property);
    }
  }
}
