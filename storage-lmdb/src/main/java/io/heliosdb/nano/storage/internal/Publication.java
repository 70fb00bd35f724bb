package io.heliosdb.nano.storage.internal;

/// How far commits have come: into the environment, and before everybody's eyes.
///
/// Invariants: visible ≤ applied; what is visible is as durable as its commits asked for, with all before it. Thread-safe: applied to under the
/// write lock, told of flushes by other threads.
final class Publication {
  private volatile long appliedScn;
  private volatile long visibleScn;

  /// The newest SCN whose commit waits for the device, or did.
  private long awaitingScn;

  long appliedScn() {
    return appliedScn;
  }

  long visibleScn() {
    return visibleScn;
  }

  /// Everything up to there was found in the environment.
  synchronized void restart(long scn) {
    appliedScn = scn;
    visibleScn = scn;
  }

  /// @param awaitsDevice whether it is visible only once it is on the device; else as soon as nothing before it waits for that
  synchronized void applied(long scn, boolean awaitsDevice) {
    appliedScn = scn;
    if (awaitsDevice) {
      awaitingScn = scn;
    }
    publish();
  }

  /// Everything up to there is on the device.
  synchronized void flushed(long scn) {
    visibleScn = Math.max(visibleScn, scn);
    publish();
  }

  private void publish() {
    if (awaitingScn <= visibleScn) {
      visibleScn = appliedScn;
    }
  }
}
