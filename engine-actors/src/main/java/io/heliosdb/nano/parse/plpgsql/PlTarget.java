package io.heliosdb.nano.parse.plpgsql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something a value can be assigned to: a variable (perhaps `label.variable` or `record.field`), `$n`, elements and fields of it.
///
/// `parts` are the names up to the first subscript; a parameter is the one part `$n`.
public record PlTarget(List<String> parts, List<Step> steps, int position) {
  /// A step after the names.
  public sealed interface Step {}

  /// `[index]`, or a slice `[lower:upper]` where a missing bound is null; a plain index is `upper`.
  public record Subscript(boolean slice, @Nullable PlExpression lower, @Nullable PlExpression upper) implements Step {}

  /// `.field` after a subscript.
  public record Field(String name) implements Step {}
}
