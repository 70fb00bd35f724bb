package io.heliosdb.nano.parse.ast;

import org.jspecify.annotations.Nullable;

/// One key of ORDER BY. `operator` is that of `USING`, only with direction `USING`.
public record SortItem(
    Expression expression, Direction direction, NullsOrder nulls, @Nullable QualifiedName operator, int position) {
  public enum Direction { DEFAULT, ASCENDING, DESCENDING, USING }

  public enum NullsOrder { DEFAULT, FIRST, LAST }
}
