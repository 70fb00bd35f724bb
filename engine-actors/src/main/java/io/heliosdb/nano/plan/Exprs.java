package io.heliosdb.nano.plan;

import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Questions to and rewriting of bound expressions.
public final class Exprs {
  private Exprs() {}

  /// The direct sub-expressions; of a sub-query the left side only.
  public static List<Expr> children(Expr e) {
    return switch (e) {
      case Expr.Const c -> List.of();
      case Expr.Parameter p -> List.of();
      case Expr.LiftedConst l -> List.of();
      case Expr.InputColumn c -> List.of();
      case Expr.OuterColumn c -> List.of();
      case Expr.CaseValue c -> List.of();
      case Expr.CurrentOf c -> List.of();
      case Expr.Grouping g -> List.of();
      case Expr.Call c -> c.arguments();
      case Expr.And a -> a.arguments();
      case Expr.Or o -> o.arguments();
      case Expr.Not n -> List.of(n.argument());
      case Expr.IsNull n -> List.of(n.argument());
      case Expr.BooleanTest t -> List.of(t.argument());
      case Expr.DistinctFrom d -> List.of(d.left(), d.right());
      case Expr.Case c -> {
        List<Expr> all = new ArrayList<>();
        for (Expr.Case.Branch branch : c.branches()) {
          all.add(branch.condition());
          all.add(branch.result());
        }
        if (c.otherwise() != null) {
          all.add(c.otherwise());
        }
        yield all;
      }
      case Expr.Coalesce c -> c.arguments();
      case Expr.NullIf n -> List.of(n.left(), n.right());
      case Expr.MinMax m -> m.arguments();
      case Expr.ArrayConstructor a -> a.elements();
      case Expr.RowConstructor r -> r.fields();
      case Expr.RowCompare r -> {
        List<Expr> all = new ArrayList<>(r.left());
        all.addAll(r.right());
        yield all;
      }
      case Expr.ArrayQuantified q -> List.of(q.left(), q.array());
      case Expr.Subscript s -> {
        List<Expr> all = new ArrayList<>();
        all.add(s.container());
        for (Expr.Subscript.Index index : s.indexes()) {
          if (index.lower() != null) {
            all.add(index.lower());
          }
          if (index.upper() != null) {
            all.add(index.upper());
          }
        }
        yield all;
      }
      case Expr.FieldSelect f -> List.of(f.record());
      case Expr.Relabel r -> List.of(r.argument());
      case Expr.IoCast c -> List.of(c.argument());
      case Expr.ArrayCast c -> List.of(c.argument(), c.element());
      case Expr.ApplyTypmod a -> List.of(a.argument());
      case Expr.DomainCheck d -> List.of(d.argument());
      case Expr.RowConvert r -> List.of(r.argument());
      case Expr.Subquery s -> s.left();
    };
  }

  /// The same node over other children, in the order of [#children].
  static Expr withChildren(Expr e, List<Expr> c) {
    return switch (e) {
      case Expr.Const x -> x;
      case Expr.Parameter x -> x;
      case Expr.LiftedConst x -> x;
      case Expr.InputColumn x -> x;
      case Expr.OuterColumn x -> x;
      case Expr.CaseValue x -> x;
      case Expr.CurrentOf x -> x;
      case Expr.Grouping x -> x;
      case Expr.Call x -> new Expr.Call(x.site(), c, x.operatorName(), x.form());
      case Expr.And x -> new Expr.And(x.type(), c);
      case Expr.Or x -> new Expr.Or(x.type(), c);
      case Expr.Not x -> new Expr.Not(x.type(), c.get(0));
      case Expr.IsNull x -> new Expr.IsNull(x.type(), c.get(0), x.negated(), x.rowwise());
      case Expr.BooleanTest x -> new Expr.BooleanTest(x.type(), c.get(0), x.test(), x.negated());
      case Expr.DistinctFrom x -> new Expr.DistinctFrom(x.type(), x.equality(), c.get(0), c.get(1), x.negated());
      case Expr.Case x -> {
        List<Expr.Case.Branch> branches = new ArrayList<>();
        for (int i = 0; i < x.branches().size(); i++) {
          branches.add(new Expr.Case.Branch(c.get(2 * i), c.get(2 * i + 1)));
        }
        yield new Expr.Case(x.type(), x.typmod(), x.collation(), branches, x.otherwise() == null ? null : c.getLast());
      }
      case Expr.Coalesce x -> new Expr.Coalesce(x.type(), x.typmod(), x.collation(), c);
      case Expr.NullIf x -> new Expr.NullIf(x.type(), x.typmod(), x.collation(), x.equality(), c.get(0), c.get(1));
      case Expr.MinMax x -> new Expr.MinMax(x.type(), x.typmod(), x.collation(), x.greatest(), c);
      case Expr.ArrayConstructor x -> new Expr.ArrayConstructor(x.type(), x.elementType(), x.collation(), x.nested(), c);
      case Expr.RowConstructor x -> new Expr.RowConstructor(x.type(), c, x.names());
      case Expr.RowCompare x -> new Expr.RowCompare(x.type(), x.operator(), x.columnOperators(), x.columnEqualities(),
          c.subList(0, x.left().size()), c.subList(x.left().size(), c.size()));
      case Expr.ArrayQuantified x -> new Expr.ArrayQuantified(x.type(), x.operator(), x.operatorName(), x.all(), c.get(0), c.get(1));
      case Expr.Subscript x -> {
        int at = 1;
        List<Expr.Subscript.Index> indexes = new ArrayList<>();
        for (Expr.Subscript.Index index : x.indexes()) {
          Expr lower = index.lower() == null ? null : c.get(at++);
          Expr upper = index.upper() == null ? null : c.get(at++);
          indexes.add(new Expr.Subscript.Index(lower, upper, index.slice()));
        }
        yield new Expr.Subscript(x.type(), x.typmod(), x.collation(), c.get(0), indexes);
      }
      case Expr.FieldSelect x -> new Expr.FieldSelect(x.type(), x.typmod(), x.collation(), c.get(0), x.field());
      case Expr.Relabel x -> new Expr.Relabel(x.type(), x.typmod(), x.collation(), c.get(0), x.form());
      case Expr.IoCast x -> new Expr.IoCast(x.type(), x.typmod(), x.collation(), c.get(0), x.form());
      case Expr.ArrayCast x -> new Expr.ArrayCast(x.type(), x.typmod(), x.collation(), c.get(0), c.get(1), x.form());
      case Expr.ApplyTypmod x -> new Expr.ApplyTypmod(x.type(), x.typmod(), x.collation(), c.get(0), x.explicit());
      case Expr.DomainCheck x -> new Expr.DomainCheck(x.type(), x.typmod(), x.collation(), c.get(0));
      case Expr.RowConvert x -> new Expr.RowConvert(x.type(), c.get(0), x.fields());
      case Expr.Subquery x -> new Expr.Subquery(x.type(), x.typmod(), x.collation(), x.kind(), x.plan(), c, x.test(), x.negated());
    };
  }

  /// Rewrites bottom up; sub-query plans are left alone.
  public static Expr rewrite(Expr e, UnaryOperator<Expr> change) {
    List<Expr> children = children(e);
    if (children.isEmpty()) {
      return change.apply(e);
    }
    List<Expr> changed = new ArrayList<>(children.size());
    boolean same = true;
    for (Expr child : children) {
      Expr c = rewrite(child, change);
      same &= c == child;
      changed.add(c);
    }
    return change.apply(same ? e : withChildren(e, changed));
  }

  /// Moves input columns; inside sub-queries the outer columns that reach this row move along. A result below zero is a mistake of
  /// the caller.
  public static Expr mapColumns(Expr e, IntUnaryOperator mapping) {
    return replaceColumns(e, column -> {
      int to = mapping.applyAsInt(column.index());
      return to == column.index() ? column : new Expr.InputColumn(to, column.type(), column.typmod(), column.collation());
    });
  }

  /// Replaces input columns by expressions over another row. Inside sub-queries an outer column that reaches this row can only be
  /// replaced by a column (or something row independent).
  public static Expr replaceColumns(Expr e, java.util.function.Function<Expr.InputColumn, Expr> replacement) {
    return rewrite(e, x -> switch (x) {
      case Expr.InputColumn c -> replacement.apply(c);
      case Expr.Grouping g when g.groupingIdColumn() >= 0 -> {
        Expr to = replacement.apply(new Expr.InputColumn(g.groupingIdColumn(), io.heliosdb.nano.type.PgTypes.INT4, -1, 0));
        yield new Expr.Grouping(g.type(), ((Expr.InputColumn) to).index(), g.columns());
      }
      case Expr.Subquery q -> {
        LogicalPlan plan = PlanTrees.mapOuter(q.plan(), 1, (level, column) -> {
          if (level != 1) {
            return null;
          }
          Expr to = replacement.apply(new Expr.InputColumn(column.index(), column.type(), column.typmod(), column.collation()));
          return to;
        });
        yield plan == q.plan() ? q : new Expr.Subquery(q.type(), q.typmod(), q.collation(), q.kind(), plan, q.left(), q.test(), q.negated());
      }
      default -> x;
    });
  }

  /// Input columns that the expression reads, those through sub-queries included.
  public static void columns(Expr e, BitSet into) {
    walk(e, x -> {
      switch (x) {
        case Expr.InputColumn c -> into.set(c.index());
        case Expr.Grouping g when g.groupingIdColumn() >= 0 -> into.set(g.groupingIdColumn());
        case Expr.Subquery q -> PlanTrees.outerColumns(q.plan(), (level, column) -> {
          if (level == 1) {
            into.set(column.index());
          }
        });
        default -> {
        }
      }
    });
  }

  public static BitSet columns(Expr e) {
    BitSet set = new BitSet();
    columns(e, set);
    return set;
  }

  public static void walk(Expr e, Consumer<Expr> visitor) {
    visitor.accept(e);
    for (Expr child : children(e)) {
      walk(child, visitor);
    }
    if (e instanceof Expr.Subquery q && q.test() != null) {
      // The test has a row of its own; only calls in it matter to the outside.
      walk(q.test(), x -> {
        if (x instanceof Expr.Call) {
          visitor.accept(x);
        }
      });
    }
  }

  private static boolean any(Expr e, java.util.function.Predicate<Expr> test) {
    boolean[] found = new boolean[1];
    walk(e, x -> found[0] |= test.test(x));
    return found[0];
  }

  private static boolean isVolatileSite(@Nullable CallSite site) {
    return site != null && site.function().isVolatile();
  }

  /// Whether evaluating twice may differ or have effects.
  public static boolean isVolatile(Expr e) {
    return any(e, x -> switch (x) {
      case Expr.Call c -> isVolatileSite(c.site());
      case Expr.ArrayQuantified q -> isVolatileSite(q.operator());
      case Expr.Subquery q -> PlanTrees.isVolatile(q.plan());
      default -> false;
    });
  }

  /// Whether a volatile routine that somebody wrote is called: it may look at what the statement has done so far.
  public static boolean callsVolatileRoutine(Expr e) {
    return any(e, x -> switch (x) {
      case Expr.Call c -> isVolatileRoutine(c.site());
      case Expr.ArrayQuantified q -> isVolatileRoutine(q.operator());
      case Expr.Subquery q -> PlanTrees.callsVolatileRoutine(q.plan());
      default -> false;
    });
  }

  private static boolean isVolatileRoutine(@Nullable CallSite site) {
    return isVolatileSite(site) && !(site.function().body() instanceof FunctionDef.BuiltinBody);
  }

  public static boolean hasSubquery(Expr e) {
    return any(e, x -> x instanceof Expr.Subquery);
  }

  public static boolean hasOuterColumn(Expr e) {
    boolean[] found = new boolean[1];
    walk(e, x -> {
      if (x instanceof Expr.OuterColumn) {
        found[0] = true;
      } else if (x instanceof Expr.Subquery q) {
        PlanTrees.outerColumns(q.plan(), (level, column) -> found[0] |= level > 1);
      }
    });
    return found[0];
  }

  /// Whether the value is known when a scan starts: no input columns, nothing volatile, no sub-query.
  public static boolean isRuntimeConstant(Expr e) {
    return !any(e, x -> switch (x) {
      case Expr.InputColumn c -> true;
      case Expr.Subquery q -> true;
      case Expr.CaseValue c -> true;
      case Expr.CurrentOf c -> true;
      case Expr.Grouping g -> true;
      case Expr.Call c -> isVolatileSite(c.site());
      default -> false;
    });
  }

  /// Whether the expression can be evaluated now: constants and immutable functions only.
  public static boolean isFoldable(Expr e) {
    return !any(e, x -> switch (x) {
      case Expr.InputColumn c -> true;
      case Expr.OuterColumn c -> true;
      case Expr.Parameter p -> true;
      case Expr.LiftedConst l -> true;
      case Expr.Subquery q -> true;
      case Expr.CaseValue c -> true;
      case Expr.CurrentOf c -> true;
      case Expr.Grouping g -> true;
      // Text forms may depend on settings, domains on the catalog.
      case Expr.IoCast c -> true;
      case Expr.DomainCheck d -> true;
      case Expr.Call c -> !c.function().isImmutable();
      case Expr.ArrayQuantified q -> !q.operator().function().isImmutable();
      default -> false;
    });
  }

  /// The conjuncts of a condition.
  public static List<Expr> conjuncts(@Nullable Expr condition) {
    List<Expr> all = new ArrayList<>();
    if (condition != null) {
      addConjuncts(condition, all);
    }
    return all;
  }

  private static void addConjuncts(Expr condition, List<Expr> into) {
    if (condition instanceof Expr.And and) {
      for (Expr argument : and.arguments()) {
        addConjuncts(argument, into);
      }
    } else if (!(condition instanceof Expr.Const c && Boolean.TRUE.equals(c.value()))) {
      into.add(condition);
    }
  }

  /// The conjunction, null when there is nothing to check.
  public static @Nullable Expr and(List<Expr> conjuncts) {
    if (conjuncts.isEmpty()) {
      return null;
    }
    return conjuncts.size() == 1 ? conjuncts.getFirst() : new Expr.And(io.heliosdb.nano.type.PgTypes.BOOL, List.copyOf(conjuncts));
  }
}
