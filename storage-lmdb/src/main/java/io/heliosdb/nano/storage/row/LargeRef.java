package io.heliosdb.nano.storage.row;

/// Names a value that stands in `large` instead of in the row. Values are written once and never change.
public record LargeRef(long id, int length) {
  /// Width of a reference inside a row.
  public static final int BYTES = 12;
}
