package io.heliosdb.nano.storage.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Room on the device that is kept for the small files of a checkpoint: a file that is given up when they find no other.
///
/// So a device that is full is noticed before a checkpoint begins ([#ensure]), and what has begun comes to its end. Used on the log's thread.
final class CheckpointReserve {
  static final String FILE = "checkpoint.reserve";
  private static final int BYTES = 64 << 10;

  interface Writing {
    void run() throws IOException;
  }

  private final Path file;

  CheckpointReserve(Path directory) {
    file = directory.resolve(FILE);
  }

  /// @param segment makes room in the next segment of the log
  /// @throws io.heliosdb.nano.error.SqlException 53100 when there is no room for it
  void ensure(Writing segment) throws IOException {
    try {
      segment.run();
      if (!Files.exists(file) || Files.size(file) != BYTES) {
        makeFile();
      }
    } catch (IOException e) {
      if (StoreFailure.isDeviceFull(e)) {
        throw StoreFailure.deviceFull("the checkpoint", e);
      }
      throw e;
    }
  }

  private void makeFile() throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
      FileReplacement.writeFully(channel, ByteBuffer.allocate(BYTES));
      channel.force(false);
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /// Writes small files, with the room kept for them if need be.
  void spend(Writing writing) throws IOException {
    try {
      writing.run();
    } catch (IOException e) {
      if (!StoreFailure.isDeviceFull(e) || !Files.deleteIfExists(file)) {
        throw e;
      }
      writing.run();
    }
  }

  void remove() throws IOException {
    Files.deleteIfExists(file);
  }
}
