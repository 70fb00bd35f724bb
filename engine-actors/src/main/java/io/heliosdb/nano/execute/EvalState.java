package io.heliosdb.nano.execute;

import io.heliosdb.nano.type.Representation;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the kernels of one [Evaluator] keep during one execution: scratch vectors and other state by slot. Confined to one thread.
final class EvalState {
  private static final int SMALL = 16;

  final ExecutionContext context;
  private final @Nullable Object[] slots;
  private final BitSet forgotten = new BitSet(0);
  private final List<Runnable> onRescan = new ArrayList<>(0);
  private final List<Runnable> onClose = new ArrayList<>(0);

  /// The value that an enclosing array cast or domain check hands to [Kernel.Case].
  @Nullable Object caseValue;

  EvalState(ExecutionContext context, int slotCount) {
    this.context = context;
    slots = new Object[slotCount];
  }

  @Nullable Object slot(int slot) {
    return slots[slot];
  }

  void setSlot(int slot, @Nullable Object value) {
    slots[slot] = value;
  }

  /// Drops whatever the slot holds when outer rows change.
  void forgetOnRescan(int slot) {
    forgotten.set(slot);
  }

  void onRescan(Runnable action) {
    onRescan.add(action);
  }

  void onClose(Runnable action) {
    onClose.add(action);
  }

  /// An empty vector that holds at least `rows` rows.
  ColumnVector vector(int slot, Representation representation, int rows) {
    ColumnVector vector = (ColumnVector) slots[slot];
    if (vector == null || vector.capacity < rows) {
      vector = ColumnVector.of(representation, rows <= SMALL ? SMALL : Math.max(rows, Batch.ROWS_MAX));
      slots[slot] = vector;
      return vector;
    }
    vector.reset();
    return vector;
  }

  void rescan() {
    for (int slot = forgotten.nextSetBit(0); slot >= 0; slot = forgotten.nextSetBit(slot + 1)) {
      slots[slot] = null;
    }
    for (Runnable action : onRescan) {
      action.run();
    }
  }

  void close() {
    for (Runnable action : onClose) {
      action.run();
    }
    onClose.clear();
  }
}
