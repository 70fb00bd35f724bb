package io.heliosdb.nano.persistence.dump;

import java.time.Duration;
import java.util.List;

/// What a restore did.
///
/// @param rowsRestored rows in the restored tables, or added to them
/// @param segments how many segments of the file were replayed
/// @param rawBytes of row data that was read, uncompressed
/// @param skipped objects that were there already and stayed
public record RestoreReport(int tablesRestored, long rowsRestored, int segments, long rawBytes, Duration duration, List<String> skipped) {
  public RestoreReport {
    skipped = List.copyOf(skipped);
  }
}
