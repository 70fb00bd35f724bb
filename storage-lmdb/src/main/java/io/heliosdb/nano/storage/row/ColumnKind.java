package io.heliosdb.nano.storage.row;

/// How a column is stored in a row. `bytes` is the width in the fixed section, 0 for what goes to the variable part.
public enum ColumnKind {
  BOOL(1),
  INT16(2),
  INT32(4),
  INT64(8),
  FLOAT32(4),
  FLOAT64(8),
  UUID(16),
  VARLEN(0);

  private final int bytes;

  ColumnKind(int bytes) {
    this.bytes = bytes;
  }

  public int bytes() {
    return bytes;
  }

  public boolean isFixed() {
    return bytes > 0;
  }
}
