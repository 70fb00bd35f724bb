package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.store.CatalogRowWriter;
import io.heliosdb.nano.txn.StatementAccess;

/// Writes catalog rows through a statement's data access, like any row.
record AccessRowWriter(StatementAccess access) implements CatalogRowWriter {
  @Override
  public void insert(long storageId, byte[] rowKey, byte[] row, int layoutId) {
    access.insert(storageId, rowKey, row, layoutId);
  }

  @Override
  public void update(long storageId, byte[] rowKey, byte[] row, int layoutId) {
    access.update(storageId, rowKey, row, layoutId);
  }

  @Override
  public void delete(long storageId, byte[] rowKey) {
    access.delete(storageId, rowKey);
  }
}
