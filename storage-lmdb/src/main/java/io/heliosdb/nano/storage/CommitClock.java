package io.heliosdb.nano.storage;

import java.time.Instant;

/// The clock commit times are taken from; replaced in tests and simulations.
///
/// Unit: microseconds since 2000-01-01 00:00:00 UTC, the epoch of PostgreSQL's timestamps. It may go backwards: the
/// store makes commit times strictly monotonic by itself.
@FunctionalInterface
public interface CommitClock {
  long nowMicros();

  /// Seconds between 1970-01-01 and 2000-01-01.
  long EPOCH_SHIFT_SECONDS = 946_684_800L;

  /// The system's clock.
  CommitClock SYSTEM =
      () -> {
        Instant now = Instant.now();
        return (now.getEpochSecond() - EPOCH_SHIFT_SECONDS) * 1_000_000L + now.getNano() / 1_000;
      };
}
