package io.heliosdb.nano.type;

/// A time of day with a zone offset: microseconds of the day (local), seconds **west** of UTC. Ordered by the instant, then
/// by zone.
public record TimeTz(long micros, int zoneSecondsWest) implements Comparable<TimeTz> {
  /// Microseconds of the day in UTC, not wrapped.
  public long utcMicros() {
    return micros + zoneSecondsWest * 1_000_000L;
  }

  @Override
  public int compareTo(TimeTz other) {
    int byInstant = Long.compare(utcMicros(), other.utcMicros());
    return byInstant != 0 ? byInstant : Integer.compare(zoneSecondsWest, other.zoneSecondsWest);
  }
}
