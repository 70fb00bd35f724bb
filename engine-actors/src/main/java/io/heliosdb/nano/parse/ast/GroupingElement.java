package io.heliosdb.nano.parse.ast;

import java.util.List;

/// One element of GROUP BY.
public sealed interface GroupingElement {
  int position();

  /// A plain expression.
  record Simple(Expression expression) implements GroupingElement {
    @Override
    public int position() {
      return expression.position();
    }
  }

  /// `()`.
  record Empty(int position) implements GroupingElement {}

  /// `ROLLUP (…)`; a row constructor is one composite element.
  record Rollup(List<Expression> elements, int position) implements GroupingElement {}

  /// `CUBE (…)`.
  record Cube(List<Expression> elements, int position) implements GroupingElement {}

  /// `GROUPING SETS (…)`.
  record GroupingSets(List<GroupingElement> elements, int position) implements GroupingElement {}
}
