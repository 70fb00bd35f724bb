package io.heliosdb.nano.parse.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `WITH [RECURSIVE] …`.
public record WithClause(boolean recursive, List<CommonTableExpression> tables, int position) {

  /// One common table expression; `materialized` null means the planner decides.
  public record CommonTableExpression(
      Name name,
      List<Name> columns,
      @Nullable Boolean materialized,
      Preparable query,
      @Nullable SearchClause search,
      @Nullable CycleClause cycle,
      int position) {}

  /// `SEARCH DEPTH|BREADTH FIRST BY … SET column`.
  public record SearchClause(boolean breadthFirst, List<Name> by, String sequenceColumn, int position) {}

  /// `CYCLE … SET mark [TO value DEFAULT value] USING path`; values null mean TRUE and FALSE.
  public record CycleClause(
      List<Name> columns,
      String markColumn,
      @Nullable Expression markValue,
      @Nullable Expression markDefault,
      String pathColumn,
      int position) {}
}
