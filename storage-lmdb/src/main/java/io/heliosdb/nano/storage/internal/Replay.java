package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.CounterWrite;

/// Carries records of the redo log out again inside one write transaction, in order. Used while the store opens.
final class Replay {
  private final WriteTransaction txn;
  private final UnitWriter unitWriter;
  private final LargeValues largeValues;
  private final OverlayKeys overlayKeys;
  private long scn;
  private long timeMicros;

  /// @param scn of the newest commit there is, made at `timeMicros`
  Replay(WriteTransaction txn, UnitWriter unitWriter, LargeValues largeValues, OverlayKeys overlayKeys, long scn, long timeMicros) {
    this.txn = txn;
    this.unitWriter = unitWriter;
    this.largeValues = largeValues;
    this.overlayKeys = overlayKeys;
    this.scn = scn;
    this.timeMicros = timeMicros;
  }

  /// The newest commit now.
  long scn() {
    return scn;
  }

  long timeMicros() {
    return timeMicros;
  }

  void apply(RedoRecord record) {
    switch (record) {
      case RedoRecord.Group group -> apply(group);
      case RedoRecord.Counters written -> txn.applyCounters(written.writes());
      case RedoRecord.Slice slice -> {
        largeValues.skipTo(slice.firstLargeId());
        new BulkSlice(txn, largeValues, overlayKeys).write(slice.content());
      }
      case RedoRecord.LoadRemoved removed -> BulkLoadRemoval.removeAtOnce(txn, removed.load());
      case RedoRecord.Void ended -> {}
    }
  }

  private void apply(RedoRecord.Group group) {
    if (group.firstScn() != scn + 1) {
      throw StoreFailure.corrupted("the redo log goes on at SCN " + group.firstScn() + ", the data file ends at " + scn);
    }
    largeValues.skipTo(group.firstLargeId());
    for (int i = 0; i < group.times().length; i++) {
      unitWriter.apply(group.units().get(i), group.firstScn() + i, group.times()[i]);
    }
    largeValues.persist(txn);
    txn.applyCounters(group.horizons());
    scn += group.times().length;
    timeMicros = group.times()[group.times().length - 1];
  }
}
