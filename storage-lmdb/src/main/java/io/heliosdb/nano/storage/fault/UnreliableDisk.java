package io.heliosdb.nano.storage.fault;

import io.heliosdb.nano.storage.Store;
import io.heliosdb.nano.storage.StoreOptions;
import io.heliosdb.nano.storage.internal.Durability;
import io.heliosdb.nano.storage.internal.StoreHandle;
import io.heliosdb.nano.storage.lmdb.Environment;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A data directory on a device that promises nothing about what it was not told to sync, and whose syncs can be made to fail.
///
/// [#losePower] closes the store the hard way and lets each sector of each file be, by chance, as it was at the file's last sync or
/// as it was written last, in any mixture: what a power failure may do. What a caller saw acknowledged with `sync` must be there after
/// reopening. Slow in the size of the files; for small stores.
public final class UnreliableDisk {
  private static final int SECTOR_BYTES = 512;
  private static final String DATA_FILE = "data.mdb";

  private final StoreOptions options;
  private final Path directory;
  private final Map<Path, byte[]> synced = new ConcurrentHashMap<>();
  private final AtomicInteger syncCount = new AtomicInteger();
  private @Nullable StoreHandle store;
  private volatile boolean syncFails;

  private final Durability durability =
      new Durability() {
        @Override
        public boolean isLogged() {
          return true;
        }

        @Override
        public void force(Path path, FileChannel channel) throws IOException {
          sync(path);
        }

        @Override
        public void syncData(Environment environment) throws IOException {
          sync(directory.resolve(DATA_FILE));
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
  }

  private void sync(Path file) throws IOException {
    if (syncFails) {
      throw new IOException("simulated failure of the device");
    }
    // What is written while the sync runs may or may not be part of it.
    synced.put(file.getFileName(), Files.readAllBytes(file));
    syncCount.incrementAndGet();
  }

  public Store open() {
    store = StoreHandle.open(options, durability);
    return store;
  }

  /// How many syncs have succeeded.
  public int syncCount() {
    return syncCount.get();
  }

  /// Whether syncs fail from now on.
  public void setSyncFails(boolean fails) {
    syncFails = fails;
  }

  /// Ends the store like a power failure; [#open] afterwards.
  public void losePower(Random random) throws IOException {
    if (store == null) {
      throw new IllegalStateException("the store is not open");
    }
    store.abandon();
    store = null;
    for (Path file : writtenInPlace()) {
      byte[] kept = synced.getOrDefault(file.getFileName(), new byte[0]);
      Files.write(file, mixture(kept, Files.readAllBytes(file), random));
    }
  }

  /// Other files are written under another name, synced and renamed.
  private List<Path> writtenInPlace() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.getFileName().toString().matches("redo\\.\\d+|" + Pattern.quote(DATA_FILE))).toList();
    }
  }

  /// Sectors behind the synced length may be missing altogether.
  private static byte[] mixture(byte[] kept, byte[] written, Random random) {
    int sectorsMore = Math.max(0, written.length - kept.length) / SECTOR_BYTES;
    int length = written.length - (random.nextBoolean() ? random.nextInt(sectorsMore + 1) * SECTOR_BYTES : 0);
    byte[] mixed = Arrays.copyOf(written, length);
    int threshold = random.nextInt(101);
    for (int at = 0; at < length; at += SECTOR_BYTES) {
      int end = Math.min(at + SECTOR_BYTES, length);
      if (random.nextInt(100) < threshold) {
        Arrays.fill(mixed, at, end, (byte) 0);
        if (at < kept.length) {
          System.arraycopy(kept, at, mixed, at, Math.min(end, kept.length) - at);
        }
      }
    }
    return mixed;
  }
}
