package io.heliosdb.nano.txn.internal;

/// One entry of a write set's history; undone last in, first out.
abstract class Change {
  /// The command that made it.
  final int commandId;

  Change(int commandId) {
    this.commandId = commandId;
  }

  /// Takes the change back: it is the newest of its key.
  abstract void undo();

  /// Memory held, for accounting.
  abstract int bytes();
}
