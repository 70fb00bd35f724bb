package io.heliosdb.nano.txn;

import io.heliosdb.nano.storage.RowPages;

/// The pages of a table, as long as the command keeps the reader they belong to; ended by [#close], the command's end, or whatever takes the reader away.
public interface TablePages extends AutoCloseable {
  RowPages rows();

  @Override
  void close();
}
