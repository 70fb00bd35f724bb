package io.heliosdb.nano.session;

import java.util.concurrent.atomic.LongAdder;

/// How often one statement ran, how long and with how many rows; one line of `pg_stat_statements`. Any thread may add.
///
/// `minMicros` and `maxMicros` are kept without a lock: of two extremes at the very same moment one may be missed.
final class StatementCounters {
  /// @param userOid who ran it
  /// @param key normalised text
  record Key(int userOid, String key) {}

  final Key key;

  /// Text with `$n` in place of its literals.
  final String text;
  final long queryId;
  private final LongAdder calls = new LongAdder();
  private final LongAdder rows = new LongAdder();
  private final LongAdder micros = new LongAdder();
  private long minMicros = Long.MAX_VALUE;
  private long maxMicros;

  StatementCounters(Key key, String text) {
    this.key = key;
    this.text = text;
    this.queryId = hash(key.key());
  }

  /// FNV-1a, 64 bits: the same text has the same number in every process.
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash == 0 ? 1 : hash;
  }

  void ran(long elapsedMicros, long rowCount) {
    calls.increment();
    rows.add(rowCount);
    micros.add(elapsedMicros);
    if (elapsedMicros < minMicros) {
      minMicros = elapsedMicros;
    }
    if (elapsedMicros > maxMicros) {
      maxMicros = elapsedMicros;
    }
  }

  void reset() {
    calls.reset();
    rows.reset();
    micros.reset();
    minMicros = Long.MAX_VALUE;
    maxMicros = 0;
  }

  long calls() {
    return calls.sum();
  }

  long rows() {
    return rows.sum();
  }

  long micros() {
    return micros.sum();
  }

  long minMicros() {
    return maxMicros == 0 && minMicros == Long.MAX_VALUE ? 0 : minMicros;
  }

  long maxMicros() {
    return maxMicros;
  }
}
