package io.heliosdb.nano.parse.plpgsql;

import org.jspecify.annotations.Nullable;

/// A whole function body: compile options (`#variable_conflict …`, `#print_strict_params …`; null if not given), the outermost block.
public record PlFunctionBody(@Nullable VariableConflict variableConflict, @Nullable Boolean printStrictParams, PlStatement.Block block) {
  /// Who wins when a name could be a variable or a column.
  public enum VariableConflict { ERROR, USE_VARIABLE, USE_COLUMN }
}
