package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.lmdb.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Recovery from the data file on disk: a checkpoint names a state of it that is whole on the device, the log is in two files used in
/// turn (`redo.0`, `redo.1`).
///
/// A checkpoint is due after 5,000 groups, because each leaves some twenty superseded pages that stay until then.
final class PlainFiles implements RecoveryFiles {
  private static final Bounds BOUNDS = new Bounds(5_000, 16L << 20, 40_000, 96L << 20, Duration.ofSeconds(20));
  private static final long GROUP_BYTES_MAX = 16L << 20;

  private final Path directory;
  private final Durability durability;
  private final Checksum checksum;

  /// What a former process left; null when it closed the database.
  private final @Nullable Checkpoint found;

  private final RedoSegment[] files = new RedoSegment[2];
  private final CheckpointReserve reserve;
  private long segmentNumber;

  private @Nullable Environment environment;

  PlainFiles(Path directory, Durability durability, Checksum checksum, @Nullable Checkpoint found) {
    this.directory = directory;
    this.durability = durability;
    this.checksum = checksum;
    this.found = found;
    reserve = new CheckpointReserve(directory);
  }

  @Override
  public void opened(Environment opened) {
    environment = opened;
  }

  @Override
  public Bounds bounds() {
    return BOUNDS;
  }

  @Override
  public long groupBytesMax() {
    return GROUP_BYTES_MAX;
  }

  @Override
  public boolean isBulkLogged() {
    return false;
  }

  @Override
  public boolean isCheckpointPinned() {
    return true;
  }

  @Override
  public boolean isCheckpointDue() {
    return true;
  }

  @Override
  public boolean isNew() {
    return Files.notExists(directory.resolve(Checkpoint.DATA_FILE));
  }

  private RedoSegment file(long number) throws IOException {
    int index = (int) (number & 1);
    if (files[index] == null) {
      Path path = directory.resolve("redo." + index);
      boolean isNew = Files.notExists(path);
      files[index] = RedoSegment.open(path, durability, checksum);
      if (isNew) {
        FileReplacement.forceDirectory(directory);
      }
    }
    return files[index];
  }

  @Override
  public void read(Predicate<byte[]> body) throws IOException {
    if (found == null) {
      return;
    }
    long first = found.segmentNumber();
    for (long number = first; number < first + 2 && file(number).startReading(number); number++) {
      for (byte[] next = file(number).readNext(); next != null; next = file(number).readNext()) {
        if (!body.test(next)) {
          return;
        }
      }
    }
  }

  @Override
  public void startLog() throws IOException {
    // What is left of an earlier log has another number: after a recovery the log may be in segments `found` and `found + 1`.
    long number = found == null ? ThreadLocalRandom.current().nextLong(1L << 62) : found.segmentNumber() + 2;
    reserveRoom(number);
    durability.syncData(environment);
    Checkpoint checkpoint = Checkpoint.ofNewest(directory, number);
    reserve.spend(() -> checkpoint.write(directory, durability, checksum));
    begin(number);
  }

  @Override
  public void resumeLog() throws IOException {
    startLog();
  }

  private void begin(long number) throws IOException {
    file(number).begin(number);
    segmentNumber = number;
  }

  @Override
  public void append(byte[] body, int length) throws IOException {
    file(segmentNumber).append(body, length);
  }

  @Override
  public void force() throws IOException {
    file(segmentNumber).force();
  }

  @Override
  public long logBytes() {
    RedoSegment current = files[(int) (segmentNumber & 1)];
    return current == null ? 0 : current.position();
  }

  @Override
  public void reserveRoom() throws IOException {
    reserveRoom(segmentNumber + 1);
  }

  private void reserveRoom(long nextSegment) throws IOException {
    reserve.ensure(() -> file(nextSegment).reserve());
  }

  @Override
  public PendingCheckpoint beginCheckpoint() throws IOException {
    reserveRoom();
    Checkpoint checkpoint = Checkpoint.ofNewest(directory, segmentNumber + 1);
    begin(segmentNumber + 1);
    return () -> {
      durability.syncData(environment);
      reserve.spend(() -> checkpoint.write(directory, durability, checksum));
    };
  }

  @Override
  public void end() throws IOException {
    Checkpoint.remove(directory);
    close();
    Files.deleteIfExists(directory.resolve("redo.0"));
    Files.deleteIfExists(directory.resolve("redo.1"));
    reserve.remove();
  }

  @Override
  public void close() throws IOException {
    for (int i = 0; i < files.length; i++) {
      if (files[i] != null) {
        files[i].close();
        files[i] = null;
      }
    }
  }
}
