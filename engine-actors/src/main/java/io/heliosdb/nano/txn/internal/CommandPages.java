package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.storage.RowPages;
import io.heliosdb.nano.storage.StoreReader;
import io.heliosdb.nano.txn.TablePages;

/// Pages of a table in use by a command.
final class CommandPages implements TablePages, ReaderUser {
  private final CommandAccess access;
  private final StoreReader reader;
  private final RowPages rows;
  private final Runnable readerClosing;
  private boolean isClosed;

  CommandPages(CommandAccess access, StoreReader reader, RowPages rows, Runnable readerClosing) {
    this.access = access;
    this.reader = reader;
    this.rows = rows;
    this.readerClosing = readerClosing;
  }

  @Override
  public RowPages rows() {
    return rows;
  }

  @Override
  public void readerClosing(StoreReader closing) {
    if (closing == reader && !isClosed) {
      readerClosing.run();
    }
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      access.closed(this);
    }
  }
}
