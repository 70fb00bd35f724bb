package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.crypto.FileCipher;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Recovery of an environment in memory: whole states of it and the redo log, all encrypted.
///
/// The log is a chain of segments `redo.N`, `redo.N+1`, …: the checkpoint names the first and has its salt, each later one is bound to the
/// salt of the one before and says how far that went. Segments before the checkpoint's are removed once it is on the device.
///
/// A state is written whole, so a checkpoint is due when the log has grown to half of it, but not before 64 MB and not after 1 GB of log:
/// what is written is in proportion to what is logged, and what is to be read after a crash has a bound.
final class SealedFiles implements RecoveryFiles {
  private static final long LOG_BYTES_DUE_MIN = 64L << 20;
  private static final long LOG_BYTES_DUE_MAX = 1L << 30;

  /// Larger groups would take as much of the heap twice; so the bound goes with the heap.
  private static final long GROUP_BYTES_MAX = Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 16);

  private static final byte[] NO_SALT = new byte[FileCipher.SALT_BYTES];

  private final Path directory;
  private final Durability durability;
  private final KeyRing ring;
  private final Path data;

  /// The newest checkpoint; null before the first.
  private volatile @Nullable SealedCheckpoint found;

  private @Nullable SealedSegment current;

  // The end of the chain, where the next segment goes on.
  private long lastNumber;
  private byte[] lastSalt = NO_SALT;
  private long lastIndex;

  /// Bytes of segments before the current one that the newest checkpoint still needs.
  private volatile long formerBytes;

  private volatile long stateBytes;

  private SealedFiles(Path directory, Durability durability, KeyRing ring, Path data) {
    this.directory = directory;
    this.durability = durability;
    this.ring = ring;
    this.data = data;
  }

  /// Brings the newest checkpoint's state into `data`, if there is one.
  static SealedFiles open(Path directory, Durability durability, KeyRing ring, Path data) throws IOException {
    SealedFiles files = new SealedFiles(directory, durability, ring, data);
    SealedCheckpoint found = SealedCheckpoint.restore(directory, ring, data);
    files.found = found;
    if (found == null && Files.exists(directory.resolve(DataFileCheck.MARKER_NAME))) {
      throw StoreFailure.damagedFile(directory.resolve(SealedCheckpoint.FILE), "is missing");
    }
    files.stateBytes = found == null ? 0 : found.dataBytes();
    return files;
  }

  KeyRing ring() {
    return ring;
  }

  @Override
  public Bounds bounds() {
    long due = Math.clamp(stateBytes / 2, LOG_BYTES_DUE_MIN, LOG_BYTES_DUE_MAX);
    return new Bounds(Integer.MAX_VALUE, due, Integer.MAX_VALUE, 4 * due, null);
  }

  @Override
  public long groupBytesMax() {
    return GROUP_BYTES_MAX;
  }

  @Override
  public boolean isBulkLogged() {
    return true;
  }

  @Override
  public boolean isCheckpointPinned() {
    return false;
  }

  /// A change of data keys was cut off.
  @Override
  public boolean isCheckpointDue() {
    return ring.isChanging();
  }

  @Override
  public boolean isNew() {
    return found == null;
  }

  @Override
  public void read(Predicate<byte[]> body) throws IOException {
    SealedCheckpoint checkpoint = found;
    if (checkpoint == null) {
      return;
    }
    lastNumber = checkpoint.segmentNumber() - 1;
    lastSalt = checkpoint.previousSalt();
    lastIndex = 0;
    while (Files.exists(SealedSegment.path(directory, lastNumber + 1))) {
      try (SealedSegment segment = SealedSegment.open(directory, durability, ring, lastNumber + 1, lastSalt)) {
        if (segment == null) {
          break;
        }
        boolean isFirst = segment.number() == checkpoint.segmentNumber();
        if (isFirst ? !java.util.Arrays.equals(segment.salt(), checkpoint.segmentSalt()) : segment.previousIndex() != lastIndex) {
          throw SealedSegment.damaged(
              SealedSegment.path(directory, isFirst ? segment.number() : lastNumber), isFirst ? "is not the one of the checkpoint" : "ends too early");
        }
        boolean isWhole = segment.read(body);
        lastNumber = segment.number();
        lastSalt = segment.salt();
        lastIndex = segment.writtenIndex();
        if (!isWhole) {
          throw SealedSegment.damaged(SealedSegment.path(directory, lastNumber), "has records that do not follow on each other");
        }
      }
    }
    if (lastNumber < checkpoint.segmentNumber()) {
      throw SealedSegment.damaged(SealedSegment.path(directory, checkpoint.segmentNumber()), "is missing or has no header");
    }
  }

  @Override
  public void startLog() throws IOException {
    lastNumber = Math.max(lastNumber, segmentNumbers().stream().mapToLong(Long::longValue).max().orElse(0));
    beginCheckpoint().write();
  }

  @Override
  public void resumeLog() throws IOException {
    begin();
  }

  private List<Long> segmentNumbers() throws IOException {
    List<Long> numbers = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "redo.*")) {
      for (Path file : files) {
        String number = file.getFileName().toString().substring("redo.".length());
        if (number.matches("\\d{1,18}")) {
          numbers.add(Long.parseLong(number));
        }
      }
    }
    return numbers;
  }

  private void begin() throws IOException {
    SealedSegment next = SealedSegment.create(directory, durability, ring.current(), lastNumber + 1, lastSalt, lastIndex);
    close();
    current = next;
    lastNumber = next.number();
    lastSalt = next.salt();
    lastIndex = 0;
  }

  @Override
  public void append(byte[] body, int length) throws IOException {
    current.append(body, length);
    lastIndex = current.writtenIndex();
  }

  @Override
  public void force() throws IOException {
    current.force();
  }

  @Override
  public long logBytes() {
    return formerBytes + (current == null ? 0 : current.bytes());
  }

  @Override
  public PendingCheckpoint beginCheckpoint() throws IOException {
    LmdbMeta meta = LmdbMeta.newest(data);
    long bytesBefore = logBytes();
    byte[] previousSalt = lastSalt;
    begin();
    formerBytes = bytesBefore;
    SealedCheckpoint checkpoint = new SealedCheckpoint(lastNumber, previousSalt, lastSalt, meta.dataBytes());
    KeyRing.DataKey key = ring.current();
    return () -> {
      checkpoint.write(directory, durability, key, data, meta);
      found = checkpoint;
      stateBytes = checkpoint.dataBytes();
      formerBytes = 0;
      for (long before : segmentNumbers()) {
        if (before < checkpoint.segmentNumber()) {
          Files.deleteIfExists(SealedSegment.path(directory, before));
        }
      }
      ring.retireBefore(key.number());
    };
  }

  @Override
  public void end() {
    // The last segment stays: its header says that nothing follows.
  }

  @Override
  public void close() throws IOException {
    if (current != null) {
      current.close();
      current = null;
    }
  }
}
