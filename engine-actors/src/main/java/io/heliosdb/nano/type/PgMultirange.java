package io.heliosdb.nano.type;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An ordered set of non-empty ranges that neither overlap nor touch. Built through [Ranges#makeMultirange]; immutable.
public final class PgMultirange {
  private final PgType type;
  private final List<PgRange> ranges;

  PgMultirange(PgType type, List<PgRange> ranges) {
    this.type = type;
    this.ranges = List.copyOf(ranges);
  }

  public static PgMultirange empty(PgType type) {
    return new PgMultirange(type, List.of());
  }

  public PgType type() {
    return type;
  }

  public List<PgRange> ranges() {
    return ranges;
  }

  public boolean isEmpty() {
    return ranges.isEmpty();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PgMultirange m && m.ranges.equals(ranges);
  }

  @Override
  public int hashCode() {
    return ranges.hashCode();
  }

  @Override
  public String toString() {
    return ranges.toString();
  }
}
