package io.heliosdb.nano.txn.internal;

/// One entry of a write set's history; undone last in, first out.
abstract class Change {
  /// The command that made it.
  final int commandId;

  /// The change's place in the order of the transaction's changes; changes rolled back have had theirs.
  final long sequence;

  Change(int commandId, long sequence) {
    this.commandId = commandId;
    this.sequence = sequence;
  }

  /// Takes the change back: it is the newest of its key.
  abstract void undo();

  /// Memory held, for accounting.
  abstract int bytes();
}
