package io.heliosdb.nano.type;

import org.jspecify.annotations.Nullable;

/// A text search condition. Immutable; `root` is null for the empty query.
public record TsQuery(@Nullable Node root) {
  public static final TsQuery EMPTY = new TsQuery(null);

  /// An operator or operand of the condition.
  public sealed interface Node {}

  /// A lexeme; `weights` is a bit set with D=1, C=2, B=4, A=8, 0 for any.
  public record Operand(String text, int weights, boolean prefix) implements Node {}

  public record Not(Node argument) implements Node {}

  public record And(Node left, Node right) implements Node {}

  public record Or(Node left, Node right) implements Node {}

  /// `left <distance> right`.
  public record Phrase(Node left, Node right, int distance) implements Node {}

  @Override
  public String toString() {
    return TypeIo.toText(PgTypes.TSQUERY, this, IoContext.DEFAULT);
  }
}
