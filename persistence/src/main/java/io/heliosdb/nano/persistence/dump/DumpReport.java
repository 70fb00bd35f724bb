package io.heliosdb.nano.persistence.dump;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What a dump wrote.
///
/// @param incremental whether the segment holds changes only
/// @param rawBytes uncompressed; `storedBytes` as written by this dump
/// @param checksum CRC32C of the uncompressed payloads, eight hexadecimal digits; empty for a script
/// @param scn the last commit that is in the dump
/// @param notices what the user should know: a full segment where an increment was asked for, and the like
public record DumpReport(
    Path path, boolean incremental, int tablesDumped, long rowsDumped, long rowsDeleted, long rawBytes, long storedBytes, String checksum, long scn,
    Duration duration, List<String> notices) {
  public DumpReport {
    notices = List.copyOf(notices);
  }

  /// Uncompressed bytes per stored byte.
  public double compressionRatio() {
    return storedBytes == 0 ? 1 : (double) rawBytes / storedBytes;
  }
}
