package io.heliosdb.nano.storage.crypto;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// How much memory there is for what lives in it so that no disk sees it: encrypted databases, archives on their way into them.
public final class MemoryRoom {
  private static final Path MEMORY_INFO = Path.of("/proc/meminfo");
  private static final String AVAILABLE = "MemAvailable:";
  private static final long UNKNOWN_BYTES = 4L << 30;

  private MemoryRoom() {}

  /// Memory of the machine, or of the container.
  public static long totalBytes() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : UNKNOWN_BYTES;
  }

  /// 53200 when there is no room for so much: the system would end the process instead.
  public static void check(String what, long bytes) {
    long available = availableBytes();
    if (bytes > available) {
      throw new SqlException(
              SqlState.OUT_OF_MEMORY, what + " takes " + (bytes >> 20) + " MB of memory, " + (available >> 20) + " MB are available")
          .withHint("What belongs to an encrypted database is held in memory while it is in use. Give the machine or container more memory, or keep less history.");
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
