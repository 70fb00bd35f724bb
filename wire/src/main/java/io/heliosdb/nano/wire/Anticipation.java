package io.heliosdb.nano.wire;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Looks for a client's next message for a moment before the thread sleeps, where that is likely to come at once and nobody else needs the
/// processor: being woken takes longer than a short statement.
///
/// Used when no other connection of the server works, there is a processor for the client besides, and the last message came soon.
/// Bound: [#WATCH_NANOS_MAX] per message. One per connection, used by its thread.
final class Anticipation {
  private static final long WATCH_NANOS_MAX = 60_000;

  /// Who took longer last time, being woken included, is not watched for.
  private static final long GAP_NANOS_MAX = 120_000;

  private static final boolean HAS_PROCESSORS = Runtime.getRuntime().availableProcessors() > 1;

  /// Connections that work on a message.
  private final AtomicInteger working;

  private boolean waits = true;
  private long waitStart;
  private long lastGapNanos = Long.MAX_VALUE;

  Anticipation(AtomicInteger working) {
    this.working = working;
  }

  /// Returns when there is input, or when it is time to sleep.
  ///
  /// @param in null where nobody can tell whether there is any
  void awaitInput(@Nullable InputStream in) throws IOException {
    boolean isAlone = working.decrementAndGet() == 0;
    waits = true;
    waitStart = System.nanoTime();
    if (in == null || !HAS_PROCESSORS || !isAlone || lastGapNanos > GAP_NANOS_MAX) {
      return;
    }
    while (in.available() == 0 && working.get() == 0 && System.nanoTime() - waitStart < WATCH_NANOS_MAX) {
      Thread.onSpinWait();
    }
  }

  /// Work begins: there is input, or the connection has begun or ended.
  void arrived() {
    if (waits) {
      waits = false;
      working.incrementAndGet();
      lastGapNanos = System.nanoTime() - waitStart;
    }
  }

  /// The connection works no more.
  void close() {
    if (!waits) {
      waits = true;
      working.decrementAndGet();
    }
  }
}
