package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.CounterKey;
import io.heliosdb.nano.storage.StoreEncryption;
import io.heliosdb.nano.storage.StoreOptions;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import io.heliosdb.nano.storage.lmdb.Environment;
import io.heliosdb.nano.storage.lmdb.LmdbException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One open environment: its life cycle and its readers; [StoreWriter] changes it.
///
/// Invariant: after `failure` is set no transaction begins; the environment stays mapped until the last reader is returned.
///
/// States: open → failed (a sync or the environment failed: [#fail]) → closed ([#close]); open → closed.
public final class StoreEngine {
  /// How long closing waits for readers in use.
  private static final long CLOSE_WAIT_SECONDS_MAX = 5;

  private final StoreOptions options;
  private final Durability durability;
  private StoreFiles files;
  private final @Nullable DirectoryLock directoryLock;
  private volatile Environment environment;
  private final int pageBytes;
  private final int[] databases = new int[Tree.COUNT];
  private final ReaderPool readers = new ReaderPool(this, this::lastReaderReturned);
  private final ReentrantLock writeLock = new ReentrantLock();
  private final StoreWriter writer;

  /// Null when commits are not logged.
  private volatile @Nullable Checkpointer checkpointer;

  private volatile @Nullable SqlException failure;
  private volatile boolean closed;

  /// Closed, but readers were left.
  private volatile boolean closeIsDue;

  private boolean filesClosed;

  private StoreEngine(StoreOptions options, Durability durability, StoreFiles files, @Nullable DirectoryLock lock) {
    this.options = options;
    this.durability = durability;
    this.files = files;
    this.directoryLock = lock;
    RecoveryFiles recovery = files.recovery();
    boolean isNew = recovery != null && recovery.isNew();
    environment = DataFile.open(files.environmentDirectory(), options, files.isUnnamed());
    pageBytes = environment.pageBytes();
    checkpointer = recovery != null && files.logs() ? new Checkpointer(this, writeLock, recovery) : null;
    try {
      if (recovery != null) {
        recovery.opened(environment);
      }
      writer = new StoreWriter(this, options, writeLock, recovery);
      if (isNew && checkpointer != null) {
        checkpointer.ensureStarted();
      }
      int version = DataFile.openTrees(writer.transaction(), databases);
      files.removeNames();
      resumeWriter();
      if (recovery != null && files.recovers()) {
        Recovery.run(this, recovery, checkpointer);
      }
      if (version < Format.VERSION) {
        writer.transact(() -> DataFile.putVersion(writer.transaction()));
      }
      new BulkLoadRemoval(this).removeAll();
    } catch (RuntimeException e) {
      if (checkpointer != null) {
        checkpointer.close(false);
      }
      environment.close();
      throw e;
    }
  }

  private void resumeWriter() {
    try (LmdbReader reader = acquireReader()) {
      long scn = reader.scn();
      long timeMicros = scn == 0 ? Long.MIN_VALUE : reader.commitInfo(scn).timeMicros();
      writer.resume(scn, timeMicros, reader.counter(BulkLoads.LARGE_ID).orElse(1));
    }
  }

  /// Opens a data directory that this JVM does not have open.
  static StoreEngine openDirectory(StoreOptions options, Path realDirectory, Durability durability) {
    DirectoryLock lock = DirectoryLock.acquire(realDirectory);
    StoreFiles files = null;
    try {
      StoreEncryption encryption = options.encryption();
      files = encryption == null ? StoreFiles.plain(realDirectory, durability, options) : StoreFiles.sealed(realDirectory, durability, encryption);
      StoreEngine engine = new StoreEngine(options, durability, files, lock);
      DataFileCheck.mark(realDirectory);
      return engine;
    } catch (RuntimeException e) {
      if (files != null) {
        files.close();
      }
      lock.close();
      throw e;
    }
  }

  /// Opens a store whose files have no name any more once it is open.
  static StoreEngine openInMemory(StoreOptions options) {
    return new StoreEngine(options, Durability.NONE, StoreFiles.inMemory(), null);
  }

  Environment environment() {
    return environment;
  }

  int pageBytes() {
    return pageBytes;
  }

  int database(Tree tree) {
    return databases[tree.ordinal()];
  }

  StoreWriter writer() {
    return writer;
  }

  @Nullable Checkpointer checkpointer() {
    return checkpointer;
  }

  @Nullable SqlException failure() {
    return failure;
  }

  @Nullable Path directory() {
    return files.directory();
  }

  boolean isUnnamed() {
    return files.isUnnamed();
  }

  /// At least the newest SCN in the environment.
  long scnCeiling() {
    return writer.scnCeiling();
  }

  long appliedScn() {
    return writer.publication().appliedScn();
  }

  long visibleScn() {
    return writer.publication().visibleScn();
  }

  boolean isUsable() {
    return failure == null && !closed;
  }

  /// Throws what keeps the store from being used, if anything does.
  void checkUsable() {
    if (failure != null) {
      throw failure;
    }
    if (closed) {
      throw StoreFailure.closed();
    }
  }

  boolean isClosed() {
    return closed;
  }

  OverlayKeys overlayKeys() {
    return writer.overlayKeys();
  }

  /// Runs a moment's work while nobody writes, if nobody does now.
  boolean tryUnderWriteLock(Runnable work) {
    if (!writeLock.tryLock()) {
      return false;
    }
    try {
      work.run();
      return true;
    } finally {
      writeLock.unlock();
    }
  }

  LmdbReader acquireReader() {
    return readers.acquire();
  }

  void returnReader(LmdbReader reader) {
    readers.giveBack(reader);
  }

  /// The last reader of a closed store was returned.
  private void lastReaderReturned() {
    if (closeIsDue) {
      writeLock.lock();
      try {
        closeFiles();
      } finally {
        writeLock.unlock();
      }
    }
  }

  SqlException fail(String what, Exception cause) {
    SqlException fatal =
        new SqlException(SqlState.IO_ERROR, what + ": " + cause.getMessage(), cause)
            .withHint("The database is closed; open it again once the cause is removed.");
    failure = fatal;
    return fatal;
  }

  OptionalLong readCounter(CounterKey key) {
    try (LmdbReader reader = acquireReader()) {
      return reader.counter(key);
    }
  }

  long usedBytes() {
    // A reader keeps the environment from being closed meanwhile.
    try (LmdbReader reader = acquireReader()) {
      return environment.usedBytes();
    }
  }

  void sync() {
    writer.writing(
        () -> {
          if (checkpointer != null) {
            writer.forceLog();
            return null;
          }
          try {
            environment.sync();
          } catch (LmdbException e) {
            throw fail("could not flush the database", e);
          }
          return null;
        });
  }

  void checkpoint() {
    if (checkpointer == null) {
      sync();
      return;
    }
    writer.writing(
        () -> {
          checkpointer.checkpoint();
          return null;
        });
  }

  void checkKey(@Nullable EncryptionKey key) {
    files.checkKey(key);
  }

  @Nullable EncryptionKey encryptionKey() {
    KeyRing ring = files.keyRing();
    return ring == null ? null : ring.master();
  }

  KeyChange keyChange() {
    checkUsable();
    KeyRing ring = files.keyRing();
    if (ring == null || checkpointer == null) {
      throw StoreFiles.notEncrypted(files.directory());
    }
    return new KeyChange(this, ring, checkpointer);
  }

  /// Writes the data file anew and goes on with the new one. Commits wait meanwhile, readers only at the end. In memory there is no file
  /// whose content would outlive the process (encrypted databases write theirs sealed), and nothing is done.
  ///
  /// @return false where nothing was done
  /// @throws SqlException 55006 when readers stay in use
  boolean compact() {
    if (files.isUnnamed()) {
      return false;
    }
    writer.writing(
        () -> {
          Compaction compaction = new Compaction(files.environmentDirectory(), durability);
          try (LmdbReader reader = acquireReader()) {
            compaction.write(reader, options);
          } catch (RuntimeException e) {
            compaction.discard();
            throw e;
          }
          if (!readers.pause(CLOSE_WAIT_SECONDS_MAX)) {
            compaction.discard();
            throw new SqlException(SqlState.OBJECT_IN_USE, "the data file cannot be compacted while statements read");
          }
          try {
            changeOver(compaction);
          } finally {
            readers.resume();
          }
          return null;
        });
    return true;
  }

  /// Under the write lock, while nobody reads.
  private void changeOver(Compaction compaction) {
    try {
      readers.freeIdle();
      if (checkpointer != null) {
        checkpointer.close(true);
      }
      environment.close();
      writer.transaction().free();
      compaction.install();
      files = StoreFiles.plain(files.directory(), durability, options);
      if (files.recovers()) {
        throw new IOException("the redo log could not be ended");
      }
      RecoveryFiles recovery = files.recovery();
      environment = DataFile.open(files.environmentDirectory(), options, false);
      checkpointer = recovery == null ? null : new Checkpointer(this, writeLock, recovery);
      if (recovery != null) {
        recovery.opened(environment);
      }
      writer.changeEnvironment();
      DataFile.openTrees(writer.transaction(), databases);
    } catch (IOException | RuntimeException e) {
      throw fail("could not go on with the compacted data file", e);
    }
  }

  /// Closes the environment. Readers still in use are waited for; if they stay, 55006 is thrown and the files are closed
  /// when the last of them is returned (taking the mapping away from under a reader would end the process).
  void close() {
    close(true);
  }

  /// Closing without the last write, as a process that dies would.
  void abandon() {
    close(false);
  }

  private void close(boolean settle) {
    writeLock.lock();
    try {
      if (closed) {
        return;
      }
      boolean isWhole = failure == null && settle;
      if (isWhole) {
        writer.settle();
      }
      if (checkpointer != null) {
        checkpointer.close(isWhole && failure == null);
      }
      closed = true;
      readers.awaitReturn(CLOSE_WAIT_SECONDS_MAX);
      closeIsDue = true;
      int readersLeft = readers.inUseCount();
      if (readersLeft > 0) {
        throw new SqlException(SqlState.OBJECT_IN_USE, "the database is closed while " + readersLeft + " readers are in use");
      }
      closeFiles();
    } finally {
      writeLock.unlock();
    }
  }

  /// Takes the environment out of memory; once, when nobody reads any more. Under the write lock.
  private void closeFiles() {
    if (filesClosed || readers.inUseCount() > 0) {
      return;
    }
    filesClosed = true;
    try {
      readers.freeIdle();
      environment.close();
      writer.transaction().free();
    } finally {
      if (directoryLock != null) {
        directoryLock.close();
      }
      files.close();
    }
  }


}
