package io.heliosdb.nano.execute.dml;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows of the transition tables of one statement, in the columns of the table the statement names. The memory is the session's: a statement
/// that changes more rows than fit fails with 53200 through the write set's limit first.
final class TransitionRows {
  final @Nullable List<@Nullable Object[]> oldRows;
  final @Nullable List<@Nullable Object[]> newRows;

  TransitionRows(boolean old, boolean fresh) {
    oldRows = old ? new ArrayList<>() : null;
    newRows = fresh ? new ArrayList<>() : null;
  }

  void add(@Nullable Object @Nullable [] old, @Nullable Object @Nullable [] row) {
    if (oldRows != null && old != null) {
      oldRows.add(old);
    }
    if (newRows != null && row != null) {
      newRows.add(row);
    }
  }
}
