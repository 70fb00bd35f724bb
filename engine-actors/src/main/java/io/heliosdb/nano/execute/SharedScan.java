package io.heliosdb.nano.execute;

import io.heliosdb.nano.storage.RowPages;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// A scan whose groups of pages several threads take one after the other. Thread-safe.
final class SharedScan {
  private final TableScanNode node;
  private final RowPages pages;
  private final AtomicInteger next = new AtomicInteger();
  private final LongAdder rowsRead = new LongAdder();
  private volatile boolean stopped;

  SharedScan(TableScanNode node, RowPages pages) {
    this.node = node;
    this.pages = pages;
  }

  TableScanNode node() {
    return node;
  }

  RowPages pages() {
    return pages;
  }

  /// The next group of pages for the thread that asks; -1 when none is left.
  int nextGroup() {
    int group = stopped ? pages.groupCount() : next.getAndIncrement();
    return group < pages.groupCount() ? group : -1;
  }

  /// Lets all threads come to their end soon, since one of them failed.
  void stop() {
    stopped = true;
  }

  void addRows(long count) {
    rowsRead.add(count);
  }

  long rowsRead() {
    return rowsRead.sum();
  }
}
