package io.heliosdb.nano.catalog.store;

/// Where catalog rows are written: a transaction's statement access, or a test's map.
public interface CatalogRowWriter {
  void insert(long storageId, byte[] rowKey, byte[] row, int layoutId);

  void update(long storageId, byte[] rowKey, byte[] row, int layoutId);

  void delete(long storageId, byte[] rowKey);
}
