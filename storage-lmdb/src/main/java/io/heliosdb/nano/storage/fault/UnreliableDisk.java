package io.heliosdb.nano.storage.fault;

import io.heliosdb.nano.storage.Store;
import io.heliosdb.nano.storage.StoreOptions;
import io.heliosdb.nano.storage.internal.Durability;
import io.heliosdb.nano.storage.internal.StoreHandle;
import io.heliosdb.nano.storage.lmdb.Environment;
import io.heliosdb.nano.storage.lmdb.Lmdb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/// A data directory on a device that keeps nothing it was not told to sync, and whose syncs can be made to fail.
///
/// Each sync sets a copy of the data file aside; [#loseUnsynced] closes the store the hard way and puts the newest copy
/// in its place, which is the worst a power failure may do. What a caller saw acknowledged with `sync` must be there after
/// reopening. Slow in the size of the data file; for small stores. Used by one thread at a time.
public final class UnreliableDisk {
  private static final String DATA_FILE = "data.mdb";

  private final StoreOptions options;
  private final Path directory;
  private final Path syncedFile;
  private @Nullable StoreHandle store;
  private boolean syncFails;
  private int syncCount;

  private final Durability durability =
      new Durability() {
        @Override
        public int environmentFlags() {
          return Lmdb.NOSYNC;
        }

        @Override
        public int transactionFlags(boolean sync) {
          return 0;
        }

        @Override
        public void committed(Environment environment, boolean sync) throws IOException {
          if (!sync) {
            return;
          }
          if (syncFails) {
            throw new IOException("simulated failure of the device");
          }
          Path copy = Files.createTempDirectory(directory, "sync");
          environment.copyTo(copy);
          Files.move(copy.resolve(DATA_FILE), syncedFile, StandardCopyOption.REPLACE_EXISTING);
          Files.delete(copy);
          syncCount++;
        }
      };

  /// @param options options of a store in a directory
  public UnreliableDisk(StoreOptions options) {
    Path given = options.directory();
    if (given == null) {
      throw new IllegalArgumentException("the store must be in a directory");
    }
    this.options = options;
    directory = given;
    syncedFile = given.resolve("synced.mdb");
  }

  public Store open() {
    store = StoreHandle.open(options, durability);
    return store;
  }

  /// How many syncs have succeeded.
  public int syncCount() {
    return syncCount;
  }

  /// Whether syncs fail from now on.
  public void setSyncFails(boolean fails) {
    syncFails = fails;
  }

  /// Ends the store like a power failure; [#open] afterwards.
  public void loseUnsynced() throws IOException {
    if (store == null) {
      throw new IllegalStateException("the store is not open");
    }
    store.abandon();
    store = null;
    if (Files.exists(syncedFile)) {
      Files.copy(syncedFile, directory.resolve(DATA_FILE), StandardCopyOption.REPLACE_EXISTING);
    } else {
      Files.deleteIfExists(directory.resolve(DATA_FILE));
    }
  }
}
