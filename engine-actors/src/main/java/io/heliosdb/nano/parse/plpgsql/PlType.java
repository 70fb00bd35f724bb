package io.heliosdb.nano.parse.plpgsql;

import io.heliosdb.nano.parse.ast.TypeName;
import java.util.List;

/// The type of a declared variable.
public sealed interface PlType {
  /// An SQL type, also a composite one or RECORD.
  record Named(TypeName type, int position) implements PlType {}

  /// `variable%TYPE` or `table.column%TYPE`; `array` if brackets or ARRAY follow.
  record OfColumn(List<String> parts, boolean array, int position) implements PlType {}

  /// `table%ROWTYPE`.
  record OfRow(List<String> parts, int position) implements PlType {}
}
