package io.heliosdb.nano.plan;

import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.*;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Questions to and rewriting of logical plans as trees of expressions.
public final class PlanTrees {
  private PlanTrees() {}

  public static List<LogicalPlan> children(LogicalPlan plan) {
    return switch (plan) {
      case Scan p -> List.of();
      case SystemScan p -> List.of();
      case VersionScan p -> List.of();
      case Values p -> List.of();
      case FunctionScan p -> List.of();
      case CteScan p -> List.of();
      case WorkTableScan p -> List.of();
      case Filter p -> List.of(p.input());
      case Project p -> List.of(p.input());
      case ProjectSet p -> List.of(p.input());
      case Join p -> List.of(p.left(), p.right());
      case Aggregate p -> List.of(p.input());
      case Window p -> List.of(p.input());
      case Sort p -> List.of(p.input());
      case Limit p -> List.of(p.input());
      case Distinct p -> List.of(p.input());
      case SetOperation p -> List.of(p.left(), p.right());
      case With p -> {
        List<LogicalPlan> all = new ArrayList<>();
        p.ctes().forEach(cte -> all.add(cte.plan()));
        all.add(p.body());
        yield all;
      }
      case RecursiveUnion p -> List.of(p.start(), p.step());
      case LockRows p -> List.of(p.input());
      case Insert p -> List.of(p.source());
      case Update p -> List.of(p.input());
      case Delete p -> List.of(p.input());
      case Merge p -> List.of(p.input());
      case ViewModify p -> List.of(p.input());
    };
  }

  /// Rewrites the expressions of one node with `change` and its children with `down(child, isLateralRight)`.
  static LogicalPlan map(LogicalPlan plan, UnaryOperator<Expr> change, BiFunction<LogicalPlan, Boolean, LogicalPlan> down) {
    return switch (plan) {
      case Scan p -> {
        AsOf asOf = p.asOf() == null ? null : p.asOf().withValue(nullable(p.asOf().value(), change));
        TableSample sample = p.sample() == null ? null
            : new TableSample(p.sample().method(), list(p.sample().arguments(), change), nullable(p.sample().repeatable(), change));
        yield p.asOf() == null && p.sample() == null ? p
            : new Scan(p.table(), p.attnums(), p.rowIdentity(), p.only(), asOf, sample, p.alias(), p.output());
      }
      case SystemScan p -> p;
      case VersionScan p -> new VersionScan(p.table(), p.kind(), change.apply(p.low()), change.apply(p.high()), p.alias(), p.output());
      case CteScan p -> p;
      case WorkTableScan p -> p;
      case Values p -> {
        List<List<Expr>> rows = new ArrayList<>(p.rows().size());
        p.rows().forEach(row -> rows.add(list(row, change)));
        yield new Values(rows, p.output());
      }
      case FunctionScan p -> {
        List<TableFunction> functions = new ArrayList<>();
        for (TableFunction f : p.functions()) {
          functions.add(new TableFunction(call(f.call(), change), f.spread(), f.columns()));
        }
        yield new FunctionScan(functions, p.ordinality(), p.alias(), p.output());
      }
      case Filter p -> new Filter(down.apply(p.input(), false), change.apply(p.condition()));
      case Project p -> new Project(down.apply(p.input(), false), list(p.expressions(), change), p.output());
      case ProjectSet p -> {
        List<Expr.Call> calls = new ArrayList<>();
        p.calls().forEach(c -> calls.add(call(c, change)));
        yield new ProjectSet(down.apply(p.input(), false), calls, p.output());
      }
      case Join p -> new Join(p.kind(), down.apply(p.left(), false), down.apply(p.right(), p.lateral()), nullable(p.condition(), change),
          p.lateral(), p.output());
      case Aggregate p -> {
        List<AggregateCall> calls = new ArrayList<>();
        for (AggregateCall c : p.calls()) {
          calls.add(new AggregateCall(c.site(), list(c.arguments(), change), c.distinct(), keys(c.orderBy(), change),
              nullable(c.filter(), change), c.withinGroup(), list(c.direct(), change)));
        }
        yield new Aggregate(down.apply(p.input(), false), list(p.groups(), change), p.groupingSets(), calls, p.output());
      }
      case Window p -> {
        List<WindowCall> calls = new ArrayList<>();
        for (WindowCall c : p.calls()) {
          WindowSpec w = c.window();
          Frame f = w.frame();
          calls.add(new WindowCall(c.site(), list(c.arguments(), change), nullable(c.filter(), change),
              new WindowSpec(list(w.partitionBy(), change), keys(w.orderBy(), change), new Frame(f.mode(), f.start(),
                  nullable(f.startOffset(), change), f.end(), nullable(f.endOffset(), change), f.exclusion()))));
        }
        yield new Window(down.apply(p.input(), false), calls, p.output());
      }
      case Sort p -> new Sort(down.apply(p.input(), false), keys(p.keys(), change));
      case Limit p -> new Limit(down.apply(p.input(), false), nullable(p.count(), change), nullable(p.offset(), change), p.withTies(),
          keys(p.tieKeys(), change));
      case Distinct p -> new Distinct(down.apply(p.input(), false), p.on() == null ? null : list(p.on(), change));
      case SetOperation p -> new SetOperation(p.operator(), p.all(), down.apply(p.left(), false), down.apply(p.right(), false), p.output());
      case With p -> {
        List<Cte> ctes = new ArrayList<>();
        p.ctes().forEach(c -> ctes.add(new Cte(c.id(), c.name(), down.apply(c.plan(), false), c.modifiesData())));
        yield new With(ctes, down.apply(p.body(), false));
      }
      case RecursiveUnion p -> new RecursiveUnion(p.cteId(), down.apply(p.start(), false), down.apply(p.step(), false), p.all(), p.output());
      case LockRows p -> new LockRows(down.apply(p.input(), false), p.targets());
      case Insert p -> {
        OnConflict c = p.onConflict();
        OnConflict conflict = c == null ? null
            : new OnConflict(c.arbiters(), c.doUpdate(), assignments(c.assignments(), change), nullable(c.where(), change));
        yield new Insert(p.table(), down.apply(p.source(), false), conflict, returning(p.returning(), change), p.overridingUser(),
            checks(p.checks(), change));
      }
      case Update p -> new Update(p.table(), down.apply(p.input(), false), p.rowIdColumn(), assignments(p.assignments(), change),
          returning(p.returning(), change), checks(p.checks(), change));
      case Delete p -> new Delete(p.table(), down.apply(p.input(), false), p.rowIdColumn(), returning(p.returning(), change));
      case Merge p -> {
        List<MergeAction> actions = new ArrayList<>();
        for (MergeAction a : p.actions()) {
          actions.add(new MergeAction(a.matched(), nullable(a.condition(), change), a.kind(), assignments(a.assignments(), change)));
        }
        yield new Merge(p.table(), down.apply(p.input(), false), p.rowIdColumn(), actions, checks(p.checks(), change));
      }
      case ViewModify p -> new ViewModify(p.view(), p.event(), down.apply(p.input(), false), assignments(p.assignments(), change),
          returning(p.returning(), change));
    };
  }

  private static @Nullable Expr nullable(@Nullable Expr e, UnaryOperator<Expr> change) {
    return e == null ? null : change.apply(e);
  }

  private static Expr.Call call(Expr.Call c, UnaryOperator<Expr> change) {
    return (Expr.Call) Exprs.withChildren(c, list(c.arguments(), change));
  }

  static List<Expr> list(List<Expr> list, UnaryOperator<Expr> change) {
    List<Expr> changed = new ArrayList<>(list.size());
    for (Expr e : list) {
      changed.add(e == null ? null : change.apply(e));
    }
    return changed;
  }

  static List<SortKey> keys(List<SortKey> keys, UnaryOperator<Expr> change) {
    List<SortKey> changed = new ArrayList<>(keys.size());
    for (SortKey k : keys) {
      changed.add(new SortKey(change.apply(k.expression()), k.descending(), k.nullsFirst(), k.ordering()));
    }
    return changed;
  }

  private static List<Assignment> assignments(List<Assignment> list, UnaryOperator<Expr> change) {
    List<Assignment> changed = new ArrayList<>(list.size());
    for (Assignment a : list) {
      changed.add(new Assignment(a.attnum(), change.apply(a.value())));
    }
    return changed;
  }

  private static @Nullable Returning returning(@Nullable Returning r, UnaryOperator<Expr> change) {
    return r == null ? null : new Returning(list(r.expressions(), change), r.output());
  }

  private static List<CheckOption> checks(List<CheckOption> list, UnaryOperator<Expr> change) {
    List<CheckOption> changed = new ArrayList<>(list.size());
    for (CheckOption c : list) {
      changed.add(new CheckOption(change.apply(c.condition()), c.violation(), c.row()));
    }
    return changed;
  }

  /// Visits the expressions of one node.
  public static void expressions(LogicalPlan plan, Consumer<Expr> visitor) {
    map(plan, e -> {
      visitor.accept(e);
      return e;
    }, (child, lateral) -> child);
  }

  /// Visits outer columns that leave `plan`, with their level as seen from its outside: 1 is the row directly around it.
  public static void outerColumns(LogicalPlan plan, BiConsumer<Integer, Expr.OuterColumn> visitor) {
    outerColumns(plan, 0, visitor);
  }

  private static void outerColumns(LogicalPlan plan, int depth, BiConsumer<Integer, Expr.OuterColumn> visitor) {
    expressions(plan, e -> Exprs.walk(e, x -> {
      if (x instanceof Expr.OuterColumn c && c.level() > depth) {
        visitor.accept(c.level() - depth, c);
      } else if (x instanceof Expr.Subquery q) {
        outerColumns(q.plan(), depth + 1, visitor);
        if (q.test() != null) {
          Exprs.walk(q.test(), t -> {
            if (t instanceof Expr.OuterColumn c && c.level() > depth) {
              visitor.accept(c.level() - depth, c);
            }
          });
        }
      }
    }));
    if (plan instanceof Join join && join.lateral()) {
      outerColumns(join.left(), depth, visitor);
      outerColumns(join.right(), depth + 1, visitor);
      return;
    }
    for (LogicalPlan child : children(plan)) {
      outerColumns(child, depth, visitor);
    }
  }

  /// Replaces outer columns. `replacement` gets the level as seen from outside `plan` (1 = directly around it) and the column, and gives
  /// null to leave it, or an expression in terms of the row that level names: an input column becomes an outer column again.
  static LogicalPlan mapOuter(LogicalPlan plan, int unused, BiFunction<Integer, Expr.OuterColumn, @Nullable Expr> replacement) {
    boolean[] found = new boolean[1];
    outerColumns(plan, (level, column) -> found[0] |= replacement.apply(level, column) != null);
    return found[0] ? mapOuterAt(plan, 0, replacement) : plan;
  }

  private static LogicalPlan mapOuterAt(LogicalPlan plan, int depth, BiFunction<Integer, Expr.OuterColumn, @Nullable Expr> replacement) {
    return map(plan, e -> mapOuterIn(e, depth, replacement), (child, lateral) -> mapOuterAt(child, lateral ? depth + 1 : depth, replacement));
  }

  private static Expr mapOuterIn(Expr expression, int depth, BiFunction<Integer, Expr.OuterColumn, @Nullable Expr> replacement) {
    return Exprs.rewrite(expression, x -> switch (x) {
      case Expr.OuterColumn c when c.level() > depth -> {
        Expr to = replacement.apply(c.level() - depth, c);
        yield to == null ? c : pushDown(to, c.level());
      }
      case Expr.Subquery q -> new Expr.Subquery(q.type(), q.typmod(), q.collation(), q.kind(), mapOuterAt(q.plan(), depth + 1, replacement),
          q.left(), q.test() == null ? null : mapOuterIn(q.test(), depth, replacement), q.negated());
      default -> x;
    });
  }

  /// An expression over a row, as seen from `level` boundaries further in.
  private static Expr pushDown(Expr e, int level) {
    return Exprs.rewrite(e, x -> switch (x) {
      case Expr.InputColumn c -> new Expr.OuterColumn(level, c.index(), c.type(), c.typmod(), c.collation());
      case Expr.OuterColumn c -> new Expr.OuterColumn(c.level() + level, c.index(), c.type(), c.typmod(), c.collation());
      default -> x;
    });
  }

  /// Shifts the levels of outer columns that leave `plan` by `by` (a sub-query boundary was added or removed around it).
  static LogicalPlan shiftOuter(LogicalPlan plan, int by) {
    return shiftOuterAt(plan, 0, by);
  }

  /// The same for one expression.
  static Expr shiftOuterExpr(Expr e, int by) {
    return shiftOuterIn(e, 0, by);
  }

  private static LogicalPlan shiftOuterAt(LogicalPlan plan, int depth, int by) {
    return map(plan, e -> shiftOuterIn(e, depth, by), (child, lateral) -> shiftOuterAt(child, lateral ? depth + 1 : depth, by));
  }

  private static Expr shiftOuterIn(Expr expression, int depth, int by) {
    return Exprs.rewrite(expression, x -> switch (x) {
      case Expr.OuterColumn c when c.level() > depth -> new Expr.OuterColumn(c.level() + by, c.index(), c.type(), c.typmod(), c.collation());
      case Expr.Subquery q -> new Expr.Subquery(q.type(), q.typmod(), q.collation(), q.kind(), shiftOuterAt(q.plan(), depth + 1, by),
          q.left(), q.test() == null ? null : shiftOuterIn(q.test(), depth, by), q.negated());
      default -> x;
    });
  }

  /// Whether running the plan twice may differ or have effects.
  public static boolean isVolatile(LogicalPlan plan) {
    boolean[] found = new boolean[1];
    switch (plan) {
      case Insert p -> found[0] = true;
      case Update p -> found[0] = true;
      case Delete p -> found[0] = true;
      case Merge p -> found[0] = true;
      case ViewModify p -> found[0] = true;
      case LockRows p -> found[0] = true;
      default -> {
      }
    }
    expressions(plan, e -> found[0] |= Exprs.isVolatile(e));
    for (LogicalPlan child : children(plan)) {
      found[0] = found[0] || isVolatile(child);
    }
    return found[0];
  }

  /// As [Exprs#callsVolatileRoutine], anywhere in the plan.
  public static boolean callsVolatileRoutine(LogicalPlan plan) {
    boolean[] found = new boolean[1];
    expressions(plan, e -> found[0] |= Exprs.callsVolatileRoutine(e));
    for (LogicalPlan child : children(plan)) {
      found[0] = found[0] || callsVolatileRoutine(child);
    }
    return found[0];
  }
}
