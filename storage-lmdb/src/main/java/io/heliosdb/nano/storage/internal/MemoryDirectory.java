package io.heliosdb.nano.storage.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Places for the files of in-memory databases.
final class MemoryDirectory {
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  /// Containers often have 64 MB of shared memory, too little to be called a database.
  private static final long ROOM_BYTES_MIN = 512L << 20;

  private MemoryDirectory() {}

  /// A new directory in shared memory, or in the temporary directory where there is none or it is small.
  static Path create() throws IOException {
    if (Files.isDirectory(SHARED_MEMORY)
        && Files.isWritable(SHARED_MEMORY)
        && Files.getFileStore(SHARED_MEMORY).getUsableSpace() >= ROOM_BYTES_MIN) {
      return Files.createTempDirectory(SHARED_MEMORY, "heliosdb-");
    }
    return Files.createTempDirectory("heliosdb-");
  }

  /// Removes the names of the files; where an open file cannot be removed it is tried again at close.
  static void delete(Path directory) {
    for (String name : List.of(DataFileCheck.FILE_NAME, "lock.mdb", "")) {
      try {
        Files.deleteIfExists(directory.resolve(name));
      } catch (IOException inUse) {
        return;
      }
    }
  }
}
