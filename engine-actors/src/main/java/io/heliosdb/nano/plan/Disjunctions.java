package io.heliosdb.nano.plan;

import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// What follows from an OR of ANDs. Three-valued logic holds for both rewrites: AND and OR distribute over each other there too.
final class Disjunctions {
  private Disjunctions() {}

  /// `(a AND b) OR (a AND c)` as the conjuncts `a` and `b OR c`; other conditions as they are.
  static List<Expr> factored(List<Expr> conjuncts) {
    if (conjuncts.stream().noneMatch(c -> c instanceof Expr.Or)) {
      return conjuncts;
    }
    List<Expr> result = new ArrayList<>();
    for (Expr c : conjuncts) {
      if (c instanceof Expr.Or or && !Exprs.isVolatile(or)) {
        factor(or, result);
      } else {
        result.add(c);
      }
    }
    return result;
  }

  private static void factor(Expr.Or or, List<Expr> into) {
    List<Expr> common = new ArrayList<>(Exprs.conjuncts(or.arguments().getFirst()));
    for (Expr arm : or.arguments()) {
      common.retainAll(Exprs.conjuncts(arm));
    }
    if (common.isEmpty()) {
      into.add(or);
      return;
    }
    into.addAll(common);
    List<Expr> rests = new ArrayList<>();
    for (Expr arm : or.arguments()) {
      List<Expr> rest = new ArrayList<>(Exprs.conjuncts(arm));
      rest.removeAll(common);
      if (rest.isEmpty()) {
        // This arm asks for no more than what is common.
        return;
      }
      rests.add(Exprs.and(rest));
    }
    into.add(new Expr.Or(PgTypes.BOOL, rests));
  }

  /// What an OR says about the columns in `[from, to)` alone: the OR of each arm's conditions on them; null when an arm says nothing.
  static @org.jspecify.annotations.Nullable Expr restriction(Expr condition, int from, int to) {
    if (!(condition instanceof Expr.Or or) || Exprs.isVolatile(or) || Exprs.hasSubquery(or)) {
      return null;
    }
    List<Expr> arms = new ArrayList<>();
    for (Expr arm : or.arguments()) {
      List<Expr> own = new ArrayList<>();
      for (Expr c : Exprs.conjuncts(arm)) {
        BitSet columns = Exprs.columns(c);
        if (!columns.isEmpty() && columns.nextSetBit(0) >= from && columns.length() <= to) {
          own.add(c);
        }
      }
      if (own.isEmpty()) {
        return null;
      }
      arms.add(Exprs.and(own));
    }
    return new Expr.Or(PgTypes.BOOL, arms);
  }
}
