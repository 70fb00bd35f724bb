package io.heliosdb.nano.function.search;

import io.heliosdb.nano.type.TsQuery;
import io.heliosdb.nano.type.TsVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Whether lexemes satisfy a query. Phrases are evaluated on positions; a lexeme without positions is in no phrase.
/// Source: PostgreSQL 15 manual, "Text Search Types", "Phrase Search".
public final class QueryMatcher {
  private static final int EMIT_LEFT = 1;
  private static final int EMIT_RIGHT = 2;
  private static final int EMIT_BOTH = 4;

  /// Where an operand stands: null when it is nowhere, an empty array when places are not known.
  @FunctionalInterface
  interface Places {
    int[] of(TsQuery.Operand operand);
  }

  private final Places places;

  QueryMatcher(Places places) {
    this.places = places;
  }

  public static boolean matches(TsVector vector, TsQuery query) {
    return query.root() != null && new QueryMatcher(operand -> places(vector, operand)).matches(query.root());
  }

  /// The places of an operand in a vector that have one of its weights; a lexeme without places has any weight.
  static int[] places(TsVector vector, TsQuery.Operand operand) {
    int[] all = null;
    for (TsVector.Lexeme lexeme : lexemes(vector, operand)) {
      int[] kept = filtered(lexeme.positions(), operand.weights());
      if (kept.length > 0 || lexeme.positions().length == 0) {
        all = all == null ? kept : merged(all, kept);
      }
    }
    return all;
  }

  static List<TsVector.Lexeme> lexemes(TsVector vector, TsQuery.Operand operand) {
    int index = vector.find(operand.text());
    if (!operand.prefix()) {
      return index < 0 ? List.of() : List.of(vector.lexemes().get(index));
    }
    List<TsVector.Lexeme> found = new ArrayList<>();
    for (int i = index < 0 ? -index - 1 : index; i < vector.lexemes().size(); i++) {
      if (!vector.lexemes().get(i).text().startsWith(operand.text())) {
        break;
      }
      found.add(vector.lexemes().get(i));
    }
    return found;
  }

  private static int[] filtered(int[] positions, int weights) {
    int[] out = new int[positions.length];
    int count = 0;
    for (int entry : positions) {
      if (weights == 0 || (weights >> TsVector.Lexeme.weight(entry) & 1) != 0) {
        out[count++] = TsVector.Lexeme.position(entry);
      }
    }
    return count == out.length ? out : Arrays.copyOf(out, count);
  }

  private static int[] merged(int[] a, int[] b) {
    int[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return Arrays.stream(all).sorted().distinct().toArray();
  }

  boolean matches(TsQuery.Node node) {
    return switch (node) {
      case TsQuery.Operand o -> places.of(o) != null;
      case TsQuery.Not n -> !matches(n.argument());
      case TsQuery.And a -> matches(a.left()) && matches(a.right());
      case TsQuery.Or o -> matches(o.left()) || matches(o.right());
      case TsQuery.Phrase p -> {
        Ends ends = phrase(p);
        yield ends != null && ends != UNKNOWN;
      }
    };
  }

  /// Places at which a part of a phrase ends; `negated`: everywhere but there. `width`: places from its start to its end.
  private record Ends(int[] positions, boolean negated, int width) {}

  /// Somewhere, but it is not known where.
  private static final Ends UNKNOWN = new Ends(new int[0], false, 0);

  /// Null when it is nowhere.
  private Ends phrase(TsQuery.Node node) {
    return switch (node) {
      case TsQuery.Operand o -> {
        int[] found = places.of(o);
        yield found == null ? null : found.length == 0 ? UNKNOWN : new Ends(found, false, 0);
      }
      case TsQuery.Not n -> {
        Ends inner = phrase(n.argument());
        if (inner == null || inner == UNKNOWN) {
          yield inner == null ? new Ends(new int[0], true, 0) : UNKNOWN;
        }
        yield inner.negated && inner.positions.length == 0 ? null : new Ends(inner.positions, !inner.negated, inner.width);
      }
      case TsQuery.Or o -> or(phrase(o.left()), phrase(o.right()));
      case TsQuery.And a -> {
        Ends l = phrase(a.left());
        Ends r = l == null ? null : phrase(a.right());
        int width = r == null ? 0 : Math.max(l.width, r.width);
        yield r == null ? null : l == UNKNOWN || r == UNKNOWN ? UNKNOWN : and(l, r, width - l.width, width - r.width, width);
      }
      case TsQuery.Phrase p -> {
        Ends l = phrase(p.left());
        Ends r = l == null ? null : phrase(p.right());
        yield r == null ? null : l == UNKNOWN || r == UNKNOWN ? UNKNOWN : and(l, r, p.distance() + r.width, 0, p.distance() + l.width + r.width);
      }
    };
  }

  private static Ends and(Ends l, Ends r, int leftOffset, int rightOffset, int width) {
    if (l.negated && r.negated) {
      return new Ends(merge(l, r, EMIT_LEFT | EMIT_RIGHT | EMIT_BOTH, leftOffset, rightOffset), true, width);
    }
    int emit = l.negated ? EMIT_RIGHT : r.negated ? EMIT_LEFT : EMIT_BOTH;
    int[] found = merge(l, r, emit, leftOffset, rightOffset);
    return found.length == 0 ? null : new Ends(found, false, width);
  }

  private static Ends or(Ends left, Ends right) {
    if (left == null && right == null) {
      return null;
    }
    if (left == UNKNOWN || right == UNKNOWN) {
      return UNKNOWN;
    }
    Ends l = left == null ? new Ends(new int[0], false, 0) : left;
    Ends r = right == null ? new Ends(new int[0], false, 0) : right;
    int width = Math.max(l.width, r.width);
    int leftOffset = width - l.width;
    int rightOffset = width - r.width;
    if (!l.negated && !r.negated) {
      int[] found = merge(l, r, EMIT_LEFT | EMIT_RIGHT | EMIT_BOTH, leftOffset, rightOffset);
      return found.length == 0 ? null : new Ends(found, false, width);
    }
    int emit = l.negated && r.negated ? EMIT_BOTH : l.negated ? EMIT_LEFT : EMIT_RIGHT;
    return new Ends(merge(l, r, emit, leftOffset, rightOffset), true, width);
  }

  private static int[] merge(Ends l, Ends r, int emit, int leftOffset, int rightOffset) {
    int[] out = new int[l.positions.length + r.positions.length];
    int count = 0;
    int i = 0;
    int j = 0;
    while (i < l.positions.length || j < r.positions.length) {
      int left = i < l.positions.length ? l.positions[i] + leftOffset : Integer.MAX_VALUE;
      int right = j < r.positions.length ? r.positions[j] + rightOffset : Integer.MAX_VALUE;
      int wanted = left < right ? EMIT_LEFT : left > right ? EMIT_RIGHT : EMIT_BOTH;
      if ((emit & wanted) != 0) {
        out[count++] = Math.min(left, right);
      }
      i += left <= right ? 1 : 0;
      j += right <= left ? 1 : 0;
    }
    return Arrays.copyOf(out, count);
  }
}
