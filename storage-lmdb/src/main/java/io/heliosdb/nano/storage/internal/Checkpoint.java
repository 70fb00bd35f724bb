package io.heliosdb.nano.storage.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A state of the data file that is whole on the device, and where the redo log goes on from it. Kept in the file
/// `checkpoint`, which is there exactly while the data file may be ahead of what is flushed.
///
/// ```
/// file := "HDBCKPT", version of the [Checksum], segment number u64 BE, meta bytes u32 BE, meta, checksum of all before
/// ```
///
/// @param segmentNumber the first segment of the redo log that has records newer than the state
record Checkpoint(LmdbMeta meta, long segmentNumber) {
  static final String FILE = "checkpoint";
  static final String DATA_FILE = DataFileCheck.FILE_NAME;

  private static final long MAGIC = 0x48444243_4B505400L;
  private static final int MAGIC_BYTES = 8;
  private static final int CONTENT_BYTES = MAGIC_BYTES + 8 + 4 + LmdbMeta.BYTES;
  private static final byte[] NOTHING = {};

  /// The checkpoint of the newest state in the data file. No transaction may be committed meanwhile.
  static Checkpoint ofNewest(Path directory, long segmentNumber) throws IOException {
    return new Checkpoint(LmdbMeta.newest(directory.resolve(DATA_FILE)), segmentNumber);
  }

  void write(Path directory, Durability durability, Checksum checksum) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(CONTENT_BYTES + checksum.bytes);
    bytes.putLong(MAGIC | checksum.version).putLong(segmentNumber).putInt(LmdbMeta.BYTES).put(meta.body());
    bytes.put(checksum.of(NOTHING, bytes.array(), CONTENT_BYTES)).flip();
    FileReplacement.write(directory, FILE, durability, bytes);
  }

  /// Null when there is none: the data file alone is the database.
  static @Nullable Checkpoint read(Path directory) throws IOException {
    byte[] content;
    try {
      content = Files.readAllBytes(directory.resolve(FILE));
    } catch (NoSuchFileException none) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.wrap(content);
    Checksum checksum = content.length == CONTENT_BYTES + Checksum.SHA_256.bytes ? Checksum.SHA_256 : Checksum.CRC32C;
    if (content.length != CONTENT_BYTES + checksum.bytes || bytes.getLong() != (MAGIC | checksum.version)) {
      throw StoreFailure.corrupted("the file \"" + FILE + "\" is not a checkpoint");
    }
    long segmentNumber = bytes.getLong();
    int metaBytes = bytes.getInt();
    if (metaBytes != LmdbMeta.BYTES) {
      throw StoreFailure.corrupted("the file \"" + FILE + "\" is not a checkpoint");
    }
    byte[] meta = new byte[metaBytes];
    bytes.get(meta);
    byte[] expected = new byte[checksum.bytes];
    bytes.get(expected);
    if (!checksum.fits(expected, NOTHING, content, CONTENT_BYTES)) {
      throw StoreFailure.corrupted("the checksum of the file \"" + FILE + "\" is wrong");
    }
    return new Checkpoint(new LmdbMeta(meta), segmentNumber);
  }

  /// Brings the state back, before the data file is opened.
  void restore(Path directory) throws IOException {
    meta.restore(directory.resolve(DATA_FILE));
  }

  /// Takes the file away: the data file is whole on the device.
  static void remove(Path directory) throws IOException {
    if (Files.deleteIfExists(directory.resolve(FILE))) {
      FileReplacement.forceDirectory(directory);
    }
  }
}
