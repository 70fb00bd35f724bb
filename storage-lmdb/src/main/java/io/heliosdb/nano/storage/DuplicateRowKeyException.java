package io.heliosdb.nano.storage;

/// A [BulkWriter] that refuses duplicates has met a row key twice; the slice that it was writing left no trace.
public final class DuplicateRowKeyException extends RuntimeException {
  public DuplicateRowKeyException() {
    super("a row key occurs twice", null, false, false);
  }
}
