package io.heliosdb.nano.execute;

import org.jspecify.annotations.Nullable;

/// The row of an enclosing query as a sub-plan sees it: one link of a chain, innermost first. The owner moves `row` between rescans.
public final class OuterRow {
  public final @Nullable OuterRow parent;
  public RowAccess row = RowAccess.EMPTY;

  public OuterRow(@Nullable OuterRow parent) {
    this.parent = parent;
  }

  /// The row `level` boundaries up, 1 being this one.
  public RowAccess at(int level) {
    OuterRow link = this;
    for (int i = 1; i < level; i++) {
      link = link.parent;
      if (link == null) {
        throw new IllegalStateException("no outer row " + level + " levels up");
      }
    }
    return link.row;
  }
}
