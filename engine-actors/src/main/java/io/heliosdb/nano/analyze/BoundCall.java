package io.heliosdb.nano.analyze;

import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.type.PgType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A CALL whose procedure has been found.
///
/// @param inputs values of the IN, INOUT and VARIADIC parameters, converted, defaults added
/// @param outputs the OUT and INOUT parameters in order
public record BoundCall(FunctionDef procedure, List<Expr> inputs, List<Output> outputs) {
  /// @param argument what was written for the parameter; null when its default is used
  public record Output(String name, PgType type, @Nullable Expression argument) {}
}
