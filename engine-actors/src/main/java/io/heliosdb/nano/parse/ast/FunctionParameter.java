package io.heliosdb.nano.parse.ast;

import org.jspecify.annotations.Nullable;

/// A parameter of a function definition or signature. `mode` DEFAULT means not written (IN).
public record FunctionParameter(
    Mode mode, @Nullable String name, TypeName type, @Nullable SourceExpression defaultValue, int position) {
  public enum Mode { DEFAULT, IN, OUT, INOUT, VARIADIC, TABLE }
}
