package io.heliosdb.nano.parse.plpgsql;

import io.heliosdb.nano.parse.ast.QualifiedName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A declaration in a DECLARE section.
public sealed interface PlDeclaration {
  String name();

  int line();

  record Variable(
      String name,
      boolean constant,
      PlType type,
      @Nullable QualifiedName collation,
      boolean notNull,
      @Nullable PlExpression initial,
      int position,
      int line)
      implements PlDeclaration {}

  /// `name ALIAS FOR target`; the target is a variable's name or `$n` (one part).
  record Alias(String name, List<String> target, int position, int line) implements PlDeclaration {}

  /// `name [[NO] SCROLL] CURSOR [(arguments)] FOR query`; `scroll` null means not said.
  record Cursor(String name, @Nullable Boolean scroll, List<CursorArgument> arguments, PlSql query, int position, int line)
      implements PlDeclaration {}

  record CursorArgument(String name, PlType type) {}
}
