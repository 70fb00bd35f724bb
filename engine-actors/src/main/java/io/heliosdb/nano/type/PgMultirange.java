package io.heliosdb.nano.type;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An ordered set of non-empty ranges that neither overlap nor touch. Built through [Ranges#makeMultirange]; immutable.
public final class PgMultirange {
  private final TypeCatalog.RangeInfo info;
  private final List<PgRange> ranges;

  PgMultirange(TypeCatalog.RangeInfo info, List<PgRange> ranges) {
    this.info = info;
    this.ranges = List.copyOf(ranges);
  }

  public static PgMultirange empty(TypeCatalog.RangeInfo info) {
    return new PgMultirange(info, List.of());
  }

  public TypeCatalog.RangeInfo info() {
    return info;
  }

  public PgType type() {
    return info.multirange();
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
