package io.heliosdb.nano.storage;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How to open a [Store]; immutable.
///
/// @param directory the data directory, created when missing; null means in memory
/// @param sync whether commits that ask for it are flushed to the device; false only for data that may be lost in a
///     power failure (a crash of the process alone loses nothing)
/// @param readerCountMax the most readers in use at one time (each costs 64 bytes of shared memory)
/// @param mapBytes the address space reserved for the data file: a limit on its size, not memory or disk in use
/// @param clock where commit times come from
/// @param encryption null for a plain store
/// @param fips whether SHA-256 tells what is whole, instead of CRC32C; an encrypted store has tags of its cipher for that anyway
public record StoreOptions(@Nullable Path directory, boolean sync, int readerCountMax, long mapBytes, CommitClock clock, @Nullable StoreEncryption encryption, boolean fips) {
  public static final int DEFAULT_READER_COUNT_MAX = 4096;
  public static final long DEFAULT_MAP_BYTES = 1L << 40;

  public StoreOptions {
    if (readerCountMax < 1 || readerCountMax > 1 << 20) {
      throw new IllegalArgumentException("reader count out of range: " + readerCountMax);
    }
    if (encryption != null && directory == null) {
      throw new IllegalArgumentException("a store in memory is not encrypted");
    }
    if (mapBytes < 1 << 20) {
      throw new IllegalArgumentException("map size too small: " + mapBytes);
    }
  }

  /// A durable store in a directory.
  public static StoreOptions onDisk(Path directory) {
    return new StoreOptions(directory, true, DEFAULT_READER_COUNT_MAX, DEFAULT_MAP_BYTES, CommitClock.SYSTEM, null, false);
  }

  /// A store that is gone when it is closed. It lives in shared memory where the platform has it, else in the
  /// temporary directory.
  public static StoreOptions inMemory() {
    return new StoreOptions(null, false, DEFAULT_READER_COUNT_MAX, DEFAULT_MAP_BYTES, CommitClock.SYSTEM, null, false);
  }

  public boolean isInMemory() {
    return directory == null;
  }

  public StoreOptions withSync(boolean newSync) {
    return new StoreOptions(directory, newSync, readerCountMax, mapBytes, clock, encryption, fips);
  }

  public StoreOptions withReaderCountMax(int newReaderCountMax) {
    return new StoreOptions(directory, sync, newReaderCountMax, mapBytes, clock, encryption, fips);
  }

  public StoreOptions withMapBytes(long newMapBytes) {
    return new StoreOptions(directory, sync, readerCountMax, newMapBytes, clock, encryption, fips);
  }

  public StoreOptions withClock(CommitClock newClock) {
    return new StoreOptions(directory, sync, readerCountMax, mapBytes, newClock, encryption, fips);
  }

  /// Only for a store in a directory.
  public StoreOptions withEncryption(@Nullable StoreEncryption newEncryption) {
    return new StoreOptions(directory, sync, readerCountMax, mapBytes, clock, newEncryption, fips);
  }

  public StoreOptions withFips(boolean newFips) {
    return new StoreOptions(directory, sync, readerCountMax, mapBytes, clock, encryption, newFips);
  }
}
