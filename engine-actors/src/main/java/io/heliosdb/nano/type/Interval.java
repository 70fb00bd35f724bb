package io.heliosdb.nano.type;

import org.jspecify.annotations.Nullable;

/// A span of time kept as PostgreSQL keeps it: months, days and microseconds apart. Equality and order are of the
/// normalised length with 30 days to a month and 24 hours to a day, so `1 mon` equals `30 days`.
public final class Interval implements Comparable<Interval> {
  public static final Interval ZERO = new Interval(0, 0, 0);

  private static final long DAY_MICROS = 86_400_000_000L;

  private final int months;
  private final int days;
  private final long micros;

  private Interval(int months, int days, long micros) {
    this.months = months;
    this.days = days;
    this.micros = micros;
  }

  public static Interval of(int months, int days, long micros) {
    return new Interval(months, days, micros);
  }

  public int months() {
    return months;
  }

  public int days() {
    return days;
  }

  public long micros() {
    return micros;
  }

  /// High part of the length: whole days with the microseconds' days carried over.
  long normalizedDays() {
    return months * 30L + days + Math.floorDiv(micros, DAY_MICROS);
  }

  /// Low part of the length, within one day.
  long normalizedMicros() {
    return Math.floorMod(micros, DAY_MICROS);
  }

  @Override
  public int compareTo(Interval other) {
    int byDays = Long.compare(normalizedDays(), other.normalizedDays());
    return byDays != 0 ? byDays : Long.compare(normalizedMicros(), other.normalizedMicros());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Interval i && compareTo(i) == 0;
  }

  /// Whether every part is the same, which is stricter than equality.
  public boolean identical(Interval other) {
    return months == other.months && days == other.days && micros == other.micros;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(normalizedDays() * 31 + normalizedMicros());
  }

  @Override
  public String toString() {
    return TypeIo.toText(PgTypes.INTERVAL, this, IoContext.DEFAULT);
  }
}
