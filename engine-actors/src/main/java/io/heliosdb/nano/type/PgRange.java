package io.heliosdb.nano.type;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A range of a subtype's values, already canonical: discrete ranges are `[lower,upper)`, an empty range has no bounds, an
/// infinite bound (null) is exclusive. Built through [Ranges#make]; immutable.
public final class PgRange {
  private final TypeCatalog.RangeInfo info;
  private final boolean empty;
  private final @Nullable Object lower;
  private final @Nullable Object upper;
  private final boolean lowerInclusive;
  private final boolean upperInclusive;

  PgRange(TypeCatalog.RangeInfo info, @Nullable Object lower, boolean lowerInclusive, @Nullable Object upper, boolean upperInclusive) {
    this.info = info;
    this.empty = false;
    this.lower = lower;
    this.upper = upper;
    this.lowerInclusive = lower != null && lowerInclusive;
    this.upperInclusive = upper != null && upperInclusive;
  }

  private PgRange(TypeCatalog.RangeInfo info) {
    this.info = info;
    this.empty = true;
    this.lower = null;
    this.upper = null;
    this.lowerInclusive = false;
    this.upperInclusive = false;
  }

  public static PgRange empty(TypeCatalog.RangeInfo info) {
    return new PgRange(info);
  }

  public TypeCatalog.RangeInfo info() {
    return info;
  }

  public PgType type() {
    return info.range();
  }

  public boolean isEmpty() {
    return empty;
  }

  /// Null when the range is empty or unbounded below.
  public @Nullable Object lower() {
    return lower;
  }

  /// Null when the range is empty or unbounded above.
  public @Nullable Object upper() {
    return upper;
  }

  public boolean lowerInclusive() {
    return lowerInclusive;
  }

  public boolean upperInclusive() {
    return upperInclusive;
  }

  public boolean lowerInfinite() {
    return !empty && lower == null;
  }

  public boolean upperInfinite() {
    return !empty && upper == null;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PgRange r && r.empty == empty && r.lowerInclusive == lowerInclusive
        && r.upperInclusive == upperInclusive && Objects.equals(lower, r.lower) && Objects.equals(upper, r.upper);
  }

  @Override
  public int hashCode() {
    return Objects.hash(empty, lower, upper, lowerInclusive, upperInclusive);
  }

  @Override
  public String toString() {
    return empty ? "empty" : (lowerInclusive ? "[" : "(") + lower + "," + upper + (upperInclusive ? "]" : ")");
  }
}
