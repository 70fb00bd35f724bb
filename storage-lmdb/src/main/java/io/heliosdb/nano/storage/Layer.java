package io.heliosdb.nano.storage;

/// One branch's own rows as of an SCN.
public record Layer(int branch, long scn) {
  /// Stands for "whatever is newest in the reader".
  public static final long NEWEST = Long.MAX_VALUE;
}
