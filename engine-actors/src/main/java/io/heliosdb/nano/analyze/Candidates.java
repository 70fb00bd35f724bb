package io.heliosdb.nano.analyze;

import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Chooses among functions or operators that the argument types could mean.
///
/// Source: PostgreSQL 15 manual, "Type Conversion", "Functions" and "Operators" (steps of the resolution).
final class Candidates {
  private Candidates() {}

  /// A function or operator as a call with a certain number of arguments would see it.
  ///
  /// @param types effective argument types: VARIADIC spread, defaults cut off, in the order of the call
  /// @param definition [io.heliosdb.nano.function.FunctionDef] or [io.heliosdb.nano.catalog.Catalog.OperatorDef]
  record Candidate<T>(T definition, List<PgType> types, int variadicCount, @Nullable PgType variadicElement, int defaultCount,
      int @Nullable [] argumentNumbers, int pathPosition) {}

  /// Those to which the arguments can be converted implicitly.
  static <T> List<Candidate<T>> matching(Analysis analysis, List<PgType> inputs, List<Candidate<T>> candidates) {
    List<Candidate<T>> result = new ArrayList<>();
    for (Candidate<T> candidate : candidates) {
      if (analysis.coercion.canCoerce(inputs, candidate.types(), Coercion.Context.IMPLICIT)) {
        result.add(candidate);
      }
    }
    return result;
  }

  /// The best of several matching candidates, or null if none stands out.
  static <T> @Nullable Candidate<T> select(Analysis analysis, List<PgType> inputs, List<Candidate<T>> matching) {
    int count = inputs.size();
    PgType[] base = new PgType[count];
    int unknownCount = 0;
    for (int i = 0; i < count; i++) {
      PgType input = inputs.get(i);
      base[i] = input.oid() == PgTypes.UNKNOWN.oid() ? input : input.ultimateBase();
      if (base[i].oid() == PgTypes.UNKNOWN.oid()) {
        unknownCount++;
      }
    }
    List<Candidate<T>> best = keepMost(matching, base, false);
    if (best.size() == 1) {
      return best.getFirst();
    }
    best = keepMost(best, base, true);
    if (best.size() == 1) {
      return best.getFirst();
    }
    if (unknownCount == 0) {
      return null;
    }
    best = byUnknownCategory(best, base);
    if (best.size() == 1) {
      return best.getFirst();
    }
    return unknownCount < count ? byKnownType(analysis, best, base) : null;
  }

  /// Those with most exact matches, or with most exact or preferred ones.
  private static <T> List<Candidate<T>> keepMost(List<Candidate<T>> candidates, PgType[] base, boolean orPreferred) {
    int most = 0;
    List<Candidate<T>> kept = new ArrayList<>(candidates.size());
    for (Candidate<T> candidate : candidates) {
      int matches = 0;
      for (int i = 0; i < base.length; i++) {
        if (base[i].oid() == PgTypes.UNKNOWN.oid()) {
          continue;
        }
        PgType declared = candidate.types().get(i);
        if (declared.equals(base[i]) || orPreferred && declared.preferred() && declared.category() == base[i].category()) {
          matches++;
        }
      }
      if (matches > most) {
        most = matches;
        kept.clear();
      }
      if (matches == most) {
        kept.add(candidate);
      }
    }
    return kept;
  }

  private static <T> List<Candidate<T>> byUnknownCategory(List<Candidate<T>> candidates, PgType[] base) {
    char[] category = new char[base.length];
    boolean[] hasPreferred = new boolean[base.length];
    for (int i = 0; i < base.length; i++) {
      if (base[i].oid() != PgTypes.UNKNOWN.oid()) {
        continue;
      }
      boolean conflict = false;
      for (Candidate<T> candidate : candidates) {
        PgType declared = candidate.types().get(i);
        char own = declared.category();
        if (category[i] == 0) {
          category[i] = own;
          hasPreferred[i] = declared.preferred();
        } else if (own == category[i]) {
          hasPreferred[i] |= declared.preferred();
        } else if (own == 'S') {
          category[i] = own;
          hasPreferred[i] = declared.preferred();
        } else {
          conflict = true;
        }
      }
      if (conflict && category[i] != 'S') {
        return candidates;
      }
    }
    List<Candidate<T>> kept = new ArrayList<>(candidates.size());
    for (Candidate<T> candidate : candidates) {
      boolean keep = true;
      for (int i = 0; i < base.length && keep; i++) {
        if (base[i].oid() == PgTypes.UNKNOWN.oid()) {
          PgType declared = candidate.types().get(i);
          keep = declared.category() == category[i] && (declared.preferred() || !hasPreferred[i]);
        }
      }
      if (keep) {
        kept.add(candidate);
      }
    }
    return kept.isEmpty() ? candidates : kept;
  }

  /// Takes unknown arguments to be of the one type that all known ones share.
  private static <T> @Nullable Candidate<T> byKnownType(Analysis analysis, List<Candidate<T>> candidates, PgType[] base) {
    PgType known = null;
    for (PgType type : base) {
      if (type.oid() == PgTypes.UNKNOWN.oid()) {
        continue;
      }
      if (known == null) {
        known = type;
      } else if (!known.equals(type)) {
        return null;
      }
    }
    if (known == null) {
      return null;
    }
    List<PgType> assumed = java.util.Collections.nCopies(base.length, known);
    Candidate<T> found = null;
    for (Candidate<T> candidate : candidates) {
      if (analysis.coercion.canCoerce(assumed, candidate.types(), Coercion.Context.IMPLICIT)) {
        if (found != null) {
          return null;
        }
        found = candidate;
      }
    }
    return found;
  }
}
