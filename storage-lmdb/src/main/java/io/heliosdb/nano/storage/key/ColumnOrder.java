package io.heliosdb.nano.storage.key;

/// Direction and place of nulls of one key column.
public enum ColumnOrder {
  ASC_NULLS_LAST(false, false),
  ASC_NULLS_FIRST(false, true),
  DESC_NULLS_FIRST(true, true),
  DESC_NULLS_LAST(true, false);

  private final boolean descending;
  private final boolean nullsFirst;

  ColumnOrder(boolean descending, boolean nullsFirst) {
    this.descending = descending;
    this.nullsFirst = nullsFirst;
  }

  public static ColumnOrder of(boolean descending, boolean nullsFirst) {
    return descending ? (nullsFirst ? DESC_NULLS_FIRST : DESC_NULLS_LAST) : (nullsFirst ? ASC_NULLS_FIRST : ASC_NULLS_LAST);
  }

  public boolean descending() {
    return descending;
  }

  public boolean nullsFirst() {
    return nullsFirst;
  }

  /// XORed with every byte of a value.
  int mask() {
    return descending ? 0xFF : 0;
  }

  byte nullMarker() {
    return nullsFirst ? KeyFormat.NULL_FIRST : KeyFormat.NULL_LAST;
  }
}
