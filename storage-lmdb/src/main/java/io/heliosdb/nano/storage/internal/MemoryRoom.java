package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// How much memory there is for a database that lives in it.
final class MemoryRoom {
  private static final Path MEMORY_INFO = Path.of("/proc/meminfo");
  private static final String AVAILABLE = "MemAvailable:";
  private static final long UNKNOWN_BYTES = 4L << 30;

  private MemoryRoom() {}

  /// Memory of the machine, or of the container.
  static long totalBytes() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : UNKNOWN_BYTES;
  }

  /// 53200 when a database of this size has no room: the system would end the process instead.
  static void check(long bytes) {
    long available = availableBytes();
    if (bytes > available) {
      throw new SqlException(
              SqlState.OUT_OF_MEMORY, "the encrypted database takes " + (bytes >> 20) + " MB of memory, " + (available >> 20) + " MB are available")
          .withHint("An encrypted database is held in memory while it is open. Give the machine or container more memory, or keep less history.");
    }
  }

  private static long availableBytes() {
    try {
      for (String line : Files.readAllLines(MEMORY_INFO)) {
        if (line.startsWith(AVAILABLE)) {
          return Math.min(totalBytes(), Long.parseLong(line.replaceAll("\\D", "")) << 10);
        }
      }
    } catch (IOException | NumberFormatException unknown) {
      // The limit on the database's size is checked all the same.
    }
    return totalBytes();
  }
}
