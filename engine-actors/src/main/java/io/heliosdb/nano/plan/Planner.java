package io.heliosdb.nano.plan;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.execute.AggregateNode;
import io.heliosdb.nano.execute.AppendNode;
import io.heliosdb.nano.execute.Comparisons;
import io.heliosdb.nano.execute.CteNodes;
import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.ExecutionServices;
import io.heliosdb.nano.execute.FilterNode;
import io.heliosdb.nano.execute.FunctionNodes;
import io.heliosdb.nano.execute.VersionScanNode;
import io.heliosdb.nano.execute.GateNode;
import io.heliosdb.nano.execute.LimitNode;
import io.heliosdb.nano.execute.LockRowsNode;
import io.heliosdb.nano.execute.MemoryAccount;
import io.heliosdb.nano.execute.PlanCost;
import io.heliosdb.nano.execute.ProjectNode;
import io.heliosdb.nano.execute.SetNodes;
import io.heliosdb.nano.execute.SortColumn;
import io.heliosdb.nano.execute.SortNode;
import io.heliosdb.nano.execute.ValuesNode;
import io.heliosdb.nano.execute.WindowNode;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.lock.CancelToken;
import io.heliosdb.nano.plan.logical.LogicalPlan.*;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Chooses how a logical plan is run: access paths, join order and methods, all by estimated cost, in one bottom-up pass.
///
/// One per planning; confined to its thread. The result is immutable and may be cached as long as the catalog objects it was made
/// from are the same. Parameters and lifted literals are values of a run: ranges of keys are computed when a plan is opened.
public final class Planner {
  static final double CPU_OPERATOR = 0.0025;

  private final PlannerContext context;
  private final Estimates estimates;
  private final ScanPlanner scans;
  private final JoinPlanner joins;
  private final SubqueryPlanner subqueries;
  private final AggregatePlanner aggregates;
  private final OrderPlanner orders;
  private final ParallelPlanner parallel;
  private final Map<Integer, Double> cteRows = new HashMap<>();
  private int depth;

  private Planner(PlannerContext context) {
    this.context = context;
    estimates = new Estimates(context);
    scans = new ScanPlanner(this, estimates);
    joins = new JoinPlanner(this, scans, estimates);
    subqueries = new SubqueryPlanner(this, joins);
    aggregates = new AggregatePlanner(this, scans, estimates);
    orders = new OrderPlanner(this, scans);
    parallel = new ParallelPlanner(context, estimates);
  }

  public static PhysicalPlan plan(LogicalPlan logical, PlannerContext context) {
    return new Planner(context).plan(logical);
  }

  /// Whether the plan may be changed; without, joins and sub-queries run as they are written.
  boolean rewrites() {
    return context.isEnabled("heliosdb.enable_rewrites");
  }

  ParallelPlanner parallel() {
    return parallel;
  }

  public PlannerContext context() {
    return context;
  }

  /// Plans a further tree of the same statement.
  public PhysicalPlan plan(LogicalPlan logical) {
    if (++depth > 500) {
      throw new SqlException(io.heliosdb.nano.error.SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded");
    }
    try {
      LogicalPlan folded = context.folding() == null ? logical : new Folding(context).foldPlan(logical);
      return planRewritten(folded);
    } finally {
      depth--;
    }
  }

  /// Plans a tree that was made of parts of a rewritten one.
  PhysicalPlan planRewritten(LogicalPlan logical) {
    return physical(rewrites() ? PushDown.rewrite(logical) : logical, all(logical));
  }

  /// Compiles an expression over the row of a node of this statement; its sub-queries are planned along.
  public Evaluator compile(Expr expression) {
    return Evaluator.compile(expression, this::plan);
  }

  Evaluator[] compileAll(List<? extends Expr> expressions) {
    Evaluator[] compiled = new Evaluator[expressions.size()];
    for (int i = 0; i < compiled.length; i++) {
      compiled[i] = compile(expressions.get(i));
    }
    return compiled;
  }

  // Nodes

  static BitSet all(LogicalPlan plan) {
    BitSet set = new BitSet();
    set.set(0, plan.output().size());
    return set;
  }

  static BitSet columns(List<? extends Expr> expressions) {
    BitSet set = new BitSet();
    expressions.forEach(e -> {
      if (e != null) {
        Exprs.columns(e, set);
      }
    });
    return set;
  }

  static BitSet union(BitSet a, BitSet b) {
    BitSet set = (BitSet) a.clone();
    set.or(b);
    return set;
  }

  /// @param needed output columns that anybody reads
  PhysicalPlan physical(LogicalPlan plan, BitSet needed) {
    return switch (plan) {
      case Values p -> {
        Evaluator[][] rows = new Evaluator[p.rows().size()][];
        for (int i = 0; i < rows.length; i++) {
          rows[i] = compileAll(p.rows().get(i));
        }
        yield new ValuesNode(rows, p.output());
      }
      case Scan p -> scans.plan(p, List.of(), needed, null, 1).plan();
      case LogicalPlan.VersionScan p -> new VersionScanNode(p.table(), p.kind(), compile(p.low()), compile(p.high()), p.alias(), p.output());
      case SystemScan p -> new FunctionNodes.SystemScanNode(p.relation(), p.alias(), p.output());
      case Filter p -> filterNode(p, needed);
      case Project p -> project(p, physical(p.input(), projectNeeds(p, needed)), needed);
      case ProjectSet p -> projectSet(p, needed);
      case FunctionScan p -> functionScan(p);
      case Join p -> joins.plan(p, List.of(), needed);
      case Aggregate p -> aggregates.plan(p);
      case Window p -> window(p, needed);
      case Sort p -> orders.sort(p, needed, null, null, 1);
      case Limit p -> orders.limit(p, needed);
      case Distinct p -> distinct(p, needed);
      case SetOperation p -> setOperation(p);
      case With p -> with(p, needed);
      case CteScan p -> new CteNodes.CteScanNode(p.cteId(), p.alias(), p.output(), cteRows.getOrDefault(p.cteId(), 1000.0));
      case WorkTableScan p -> new CteNodes.WorkTableScanNode(p.cteId(), p.output());
      case RecursiveUnion p -> new CteNodes.RecursiveUnionNode(p.cteId(), physical(p.start(), all(p.start())), physical(p.step(), all(p.step())),
          p.all(), p.output());
      case LockRows p -> lockRows(p);
      case Insert p -> {
        io.heliosdb.nano.catalog.ForeignTables.refuse(p.table(), context.catalog());
        yield context.dml().insert(p, physical(p.source(), all(p.source())), this);
      }
      case Update p -> context.dml().update(p, physical(p.input(), all(p.input())), this);
      case Delete p -> context.dml().delete(p, physical(p.input(), all(p.input())), this);
      case Merge p -> context.dml().merge(p, physical(p.input(), all(p.input())), this);
      case ViewModify p -> context.dml().viewModify(p, physical(p.input(), all(p.input())), this);
    };
  }

  private PhysicalPlan filterNode(Filter p, BitSet needed) {
    List<Expr> conjuncts = Exprs.conjuncts(p.condition());
    List<Expr> gates = new ArrayList<>();
    List<Expr> rest = new ArrayList<>();
    for (Expr c : conjuncts) {
      (Exprs.columns(c).isEmpty() && !Exprs.isVolatile(c) && !readsRow(c) ? gates : rest).add(c);
    }
    PhysicalPlan plan;
    if (p.input() instanceof Scan scan) {
      List<Expr> ahead = new ArrayList<>();
      List<Expr> late = new ArrayList<>();
      for (Expr c : rest) {
        (Exprs.isVolatile(c) || PushDown.runsPerRow(c) ? late : ahead).add(c);
      }
      BitSet wanted = union(needed, columns(rest));
      plan = scans.plan(scan, ahead, wanted, null, 1).plan();
      plan = subqueryFilter(plan, late, needed);
    } else {
      List<Expr> perRow = new ArrayList<>();
      List<Expr> plain = new ArrayList<>();
      for (Expr c : rest) {
        (Exprs.hasSubquery(c) || Exprs.isVolatile(c) ? perRow : plain).add(c);
      }
      BitSet wanted = union(needed, columns(rest));
      if (p.input() instanceof Join join && JoinGraph.accepts(join)) {
        plan = joins.plan(join, plain, wanted);
      } else {
        plan = physical(p.input(), wanted);
        plan = filter(plan, plain, plan.rows() * estimates.selectivity(plain, null));
      }
      plan = subqueryFilter(plan, perRow, needed);
    }
    Expr gate = Exprs.and(gates);
    return gate == null ? plan : new GateNode(plan, compile(gate), ExprText.of(gate, List.of()));
  }

  /// Conditions with sub-queries, checked after the others.
  private PhysicalPlan subqueryFilter(PhysicalPlan plan, List<Expr> conditions, BitSet needed) {
    if (conditions.isEmpty()) {
      return plan;
    }
    SubqueryPlanner.Rewritten rewritten = subqueries.join(plan, conditions, needed);
    PhysicalPlan result = filter(rewritten.plan(), rewritten.expressions(), plan.rows() * estimates.selectivity(conditions, null));
    return rewritten.plan() == plan ? result : firstColumns(result, plan.output());
  }

  /// CURRENT OF reads the row's identity without naming a column.
  static boolean readsRow(Expr e) {
    boolean[] found = new boolean[1];
    Exprs.walk(e, x -> found[0] |= x instanceof Expr.CurrentOf);
    return found[0];
  }

  /// `plan` with the conditions on top, if there are any.
  PhysicalPlan filter(PhysicalPlan plan, List<Expr> conjuncts, double rows) {
    return filter(plan, conjuncts, rows, false);
  }

  /// @param late whether the plan is a scan with columns to be read behind the filter
  PhysicalPlan filter(PhysicalPlan plan, List<Expr> conjuncts, double rows, boolean late) {
    List<Expr> plain = new ArrayList<>();
    PhysicalPlan result = plan;
    for (Expr c : conjuncts) {
      if (c instanceof Expr.CurrentOf current) {
        result = LockRowsNode.currentOf(result, current.cursor());
      } else {
        plain.add(c);
      }
    }
    Expr condition = Exprs.and(plain);
    if (condition == null) {
      return result;
    }
    return new FilterNode(result, compile(condition), ExprText.of(condition, ExprText.names(plan)), Exprs.isVolatile(condition), late,
        new PlanCost(plan.startupCost(), plan.totalCost() + plan.rows() * CPU_OPERATOR * plain.size(), Math.max(1, rows)));
  }

  static BitSet projectNeeds(Project p, BitSet needed) {
    BitSet set = new BitSet();
    for (int i = 0; i < p.expressions().size(); i++) {
      if (needed.get(i) || Exprs.isVolatile(p.expressions().get(i))) {
        Exprs.columns(p.expressions().get(i), set);
      }
    }
    return set;
  }

  PhysicalPlan project(Project p, PhysicalPlan input, BitSet needed) {
    List<Expr> expressions = new ArrayList<>();
    for (int i = 0; i < p.expressions().size(); i++) {
      Expr e = p.expressions().get(i);
      expressions.add(needed.get(i) || Exprs.isVolatile(e) ? e : new Expr.Const(e.type(), e.typmod(), e.collation(), null));
    }
    SubqueryPlanner.Rewritten rewritten = subqueries.join(input, expressions, new BitSet());
    return new ProjectNode(rewritten.plan(), compileAll(rewritten.expressions()), p.output());
  }

  private PhysicalPlan firstColumns(PhysicalPlan input, List<OutputColumn> output) {
    Evaluator[] expressions = new Evaluator[output.size()];
    for (int i = 0; i < expressions.length; i++) {
      expressions[i] = column(output, i);
    }
    return new ProjectNode(input, expressions, output);
  }

  private FunctionNodes.TableCall call(Expr.Call call, boolean spread, int columns) {
    return new FunctionNodes.TableCall(call.site(), compileAll(call.arguments()), spread, columns);
  }

  private PhysicalPlan projectSet(ProjectSet p, BitSet needed) {
    List<FunctionNodes.TableCall> calls = new ArrayList<>();
    BitSet wanted = new BitSet();
    p.calls().forEach(c -> {
      calls.add(call(c, false, 1));
      Exprs.columns(c, wanted);
    });
    int width = p.input().output().size();
    for (int i = needed.nextSetBit(0); i >= 0 && i < width; i = needed.nextSetBit(i + 1)) {
      wanted.set(i);
    }
    PhysicalPlan input = physical(p.input(), wanted);
    return new FunctionNodes.ProjectSetNode(input, calls, p.output(), input.rows() * Math.max(1, p.calls().getFirst().function().rows()));
  }

  private PhysicalPlan functionScan(FunctionScan p) {
    List<FunctionNodes.TableCall> calls = new ArrayList<>();
    double rows = 1;
    for (TableFunction f : p.functions()) {
      calls.add(call(f.call(), f.spread(), f.columns().size()));
      rows = Math.max(rows, f.call().function().returnsSet() ? Math.max(1, f.call().function().rows()) : 1);
    }
    return new FunctionNodes.FunctionScanNode(calls, p.ordinality(), p.alias(), p.output(), rows);
  }

  /// Sort keys over a row of `width` columns; keys that are not columns become values behind the row.
  SortColumn[] sortColumns(List<SortKey> keys, int width, List<Expr> extra) {
    SortColumn[] columns = new SortColumn[keys.size()];
    for (int i = 0; i < columns.length; i++) {
      SortKey key = keys.get(i);
      Expr e = key.expression();
      int column;
      if (e instanceof Expr.InputColumn c) {
        column = c.index();
      } else {
        column = width + extra.size();
        extra.add(e);
      }
      columns[i] = new SortColumn(column, e.type(), e.collation(), key.descending(), key.nullsFirst(), key.ordering());
    }
    return columns;
  }

  Evaluator column(List<OutputColumn> output, int i) {
    OutputColumn c = output.get(i);
    return Evaluator.compile(new Expr.InputColumn(i, c.type(), c.typmod(), c.collation()));
  }

  private PhysicalPlan window(Window p, BitSet needed) {
    int width = p.input().output().size();
    BitSet below = new BitSet();
    for (int i = needed.nextSetBit(0); i >= 0 && i < width; i = needed.nextSetBit(i + 1)) {
      below.set(i);
    }
    for (WindowCall c : p.calls()) {
      below.or(columns(c.arguments()));
      if (c.filter() != null) {
        Exprs.columns(c.filter(), below);
      }
      below.or(columns(c.window().partitionBy()));
      below.or(columns(c.window().orderBy().stream().map(SortKey::expression).toList()));
    }
    PhysicalPlan input = physical(p.input(), below);
    List<WindowNode.Call> calls = new ArrayList<>();
    for (WindowCall c : p.calls()) {
      WindowSpec spec = c.window();
      List<Expr> extra = new ArrayList<>();
      List<SortKey> partition = new ArrayList<>();
      for (Expr e : spec.partitionBy()) {
        partition.add(new SortKey(e, false, false, null));
      }
      SortColumn[] partitionColumns = sortColumns(partition, width, extra);
      SortColumn[] orderColumns = sortColumns(spec.orderBy(), width, extra);
      Frame f = spec.frame();
      calls.add(new WindowNode.Call(c.site(), compileAll(c.arguments()), c.filter() == null ? null : compile(c.filter()), compileAll(extra),
          partitionColumns, orderColumns, f, f.startOffset() == null ? null : compile(f.startOffset()),
          f.endOffset() == null ? null : compile(f.endOffset()),
          c.arguments().stream().anyMatch(Exprs::isVolatile) || c.filter() != null && Exprs.isVolatile(c.filter())));
    }
    double n = Math.max(2, input.rows());
    double cost = input.totalCost() + calls.size() * n * Math.log(n) / Math.log(2) * 2 * CPU_OPERATOR;
    return new WindowNode(input, calls, p.output(), new PlanCost(cost, cost + n * 0.01, input.rows()));
  }

  private PhysicalPlan distinct(Distinct p, BitSet needed) {
    if (p.on() == null) {
      PhysicalPlan input = physical(p.input(), all(p.input()));
      double rows = Math.max(1, Math.min(input.rows(), input.rows() * 0.2));
      PhysicalPlan divided = aggregates.dividedDistinct(p, input);
      if (divided != null) {
        return divided;
      }
      return new SetNodes.DistinctNode(input, null, new int[0], ExprText.names(input.output()),
          new PlanCost(input.startupCost(), input.totalCost() + input.rows() * 0.01, rows));
    }
    PhysicalPlan input = physical(p.input(), union(needed, columns(p.on())));
    int[] collations = p.on().stream().mapToInt(Expr::collation).toArray();
    return new SetNodes.DistinctNode(input, compileAll(p.on()), collations, List.of(),
        new PlanCost(input.startupCost(), input.totalCost() + input.rows() * 0.01, Math.max(1, input.rows() * 0.2)));
  }

  private PhysicalPlan setOperation(SetOperation p) {
    if (p.operator() != SetOperator.UNION) {
      return new SetNodes.SetOpNode(p.operator(), p.all(), physical(p.left(), all(p.left())), physical(p.right(), all(p.right())), p.output());
    }
    List<PhysicalPlan> inputs = new ArrayList<>();
    collectUnion(p, p.all(), inputs);
    PhysicalPlan append = new AppendNode(inputs, p.output());
    if (p.all()) {
      return append;
    }
    return new SetNodes.DistinctNode(append, null, new int[0], ExprText.names(p.output()),
        new PlanCost(append.totalCost(), append.totalCost() + append.rows() * 0.01, Math.max(1, append.rows() * 0.5)));
  }

  /// The branches of nested unions; below a distinct union it does not matter whether inner ones are.
  private void collectUnion(LogicalPlan plan, boolean all, List<PhysicalPlan> into) {
    if (plan instanceof SetOperation p && p.operator() == SetOperator.UNION && (p.all() || !all)) {
      collectUnion(p.left(), all, into);
      collectUnion(p.right(), all, into);
    } else {
      into.add(physical(plan, all(plan)));
    }
  }

  private PhysicalPlan with(With p, BitSet needed) {
    List<CteNodes.Cte> ctes = new ArrayList<>();
    for (Cte c : p.ctes()) {
      PhysicalPlan plan = physical(c.plan(), all(c.plan()));
      cteRows.put(c.id(), plan.rows());
      ctes.add(new CteNodes.Cte(c.id(), c.name(), plan, c.modifiesData()));
    }
    return new CteNodes.WithNode(ctes, physical(p.body(), needed));
  }

  private PhysicalPlan lockRows(LockRows p) {
    PhysicalPlan input = physical(p.input(), all(p.input()));
    return new LockRowsNode(input, p.targets(), new PlanCost(input.startupCost(), input.totalCost() + input.rows() * 0.01, input.rows()));
  }
}
