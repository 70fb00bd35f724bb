package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.storage.BulkLoad;
import io.heliosdb.nano.storage.BulkWriter;

/// A bulk writer that knows how much went through it, for the counts of the transaction that attaches its load.
final class CountingBulkWriter implements BulkWriter {
  private final BulkWriter writer;
  private long rows;
  private long bytes;

  CountingBulkWriter(BulkWriter writer) {
    this.writer = writer;
  }

  long rows() {
    return rows;
  }

  long bytes() {
    return bytes;
  }

  @Override
  public void row(long storageId, byte[] key, byte[] row, int layoutId) {
    rows++;
    bytes += key.length + row.length;
    writer.row(storageId, key, row, layoutId);
  }

  @Override
  public void index(long indexId, byte[] indexKey, byte[] rowKey) {
    bytes += indexKey.length + rowKey.length;
    writer.index(indexId, indexKey, rowKey);
  }

  @Override
  public void refuseDuplicates() {
    writer.refuseDuplicates();
  }

  @Override
  public int gatheredRowCount() {
    return writer.gatheredRowCount();
  }

  @Override
  public void remove(long storageId, byte[] key) {
    rows++;
    bytes += key.length;
    writer.remove(storageId, key);
  }

  @Override
  public BulkLoad finish() {
    return writer.finish();
  }

  @Override
  public void close() {
    writer.close();
  }
}
