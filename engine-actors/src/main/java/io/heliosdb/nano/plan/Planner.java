package io.heliosdb.nano.plan;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.execute.AggregateNode;
import io.heliosdb.nano.execute.Comparisons;
import io.heliosdb.nano.execute.CteNodes;
import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.ExecutionServices;
import io.heliosdb.nano.execute.FunctionNodes;
import io.heliosdb.nano.execute.LockRowsNode;
import io.heliosdb.nano.execute.MemoryAccount;
import io.heliosdb.nano.execute.Nodes;
import io.heliosdb.nano.execute.SetNodes;
import io.heliosdb.nano.execute.SortColumn;
import io.heliosdb.nano.execute.SortNode;
import io.heliosdb.nano.execute.WindowNode;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.lock.CancelToken;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.*;
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
  private static final double CPU_OPERATOR = 0.0025;

  private final PlannerContext context;
  private final Estimates estimates;
  private final ScanPlanner scans;
  private final JoinPlanner joins;
  private final Map<Integer, Double> cteRows = new HashMap<>();
  private int depth;

  private Planner(PlannerContext context) {
    this.context = context;
    estimates = new Estimates(context.catalog());
    scans = new ScanPlanner(this, estimates);
    joins = new JoinPlanner(this, scans, estimates);
  }

  public static PhysicalPlan plan(LogicalPlan logical, PlannerContext context) {
    return new Planner(context).plan(logical);
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
      LogicalPlan folded = context.folding() == null ? logical : foldPlan(logical);
      return physical(PushDown.rewrite(folded), all(folded));
    } finally {
      depth--;
    }
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

  // Folding

  private LogicalPlan foldPlan(LogicalPlan plan) {
    return PlanTrees.map(plan, this::fold, (child, lateral) -> foldPlan(child));
  }

  /// Evaluates immutable calls over constants. What fails stays as it is, so that the error shows when (and if) it is reached.
  private Expr fold(Expr e) {
    return Exprs.rewrite(e, this::foldOne);
  }

  private Expr foldOne(Expr x) {
    if (x instanceof Expr.And and) {
      return foldAnd(and);
    }
    if (x instanceof Expr.Or or) {
      return foldOr(or);
    }
    if (!(x instanceof Expr.Call || x instanceof Expr.ApplyTypmod || x instanceof Expr.Relabel || x instanceof Expr.ArrayConstructor
        || x instanceof Expr.ArrayCast) || !Exprs.children(x).stream().allMatch(c -> c instanceof Expr.Const || c instanceof Expr.ApplyTypmod)
        || !Exprs.isFoldable(x)) {
      return x;
    }
    try {
      ExecutionContext run = new ExecutionContext(null, context.folding(), new Object[0], new Object[0], new CancelToken(),
          new MemoryAccount(null, 0, "planning"), ExecutionServices.NONE);
      return new Expr.Const(x.type(), x.typmod(), x.collation(), Evaluator.compile(x).evaluate(run));
    } catch (SqlException failed) {
      return x;
    }
  }

  /// `a = 1 OR a = 2` as `a = ANY (ARRAY[1, 2])`, which keys and indexes can answer.
  private static Expr foldOr(Expr.Or or) {
    Expr left = null;
    Expr.Call first = null;
    List<Expr> values = new ArrayList<>();
    for (Expr argument : or.arguments()) {
      if (!(argument instanceof Expr.Call call) || Comparisons.accepted(call.site()) != Comparisons.EQUAL
          || !(call.arguments().get(1) instanceof Expr.Const || call.arguments().get(1) instanceof Expr.Parameter
              || call.arguments().get(1) instanceof Expr.LiftedConst)
          || !(Estimates.strip(call.arguments().get(0)) instanceof Expr.InputColumn)
          || first != null && (call.function().oid() != first.function().oid() || !call.arguments().get(0).equals(left))) {
        return or;
      }
      first = first == null ? call : first;
      left = call.arguments().get(0);
      values.add(call.arguments().get(1));
    }
    PgType element = first == null ? null : first.site().argumentTypes().get(1);
    PgType array = element == null || element.arrayOid() == 0 ? null : PgTypes.byOid(element.arrayOid());
    if (array == null) {
      return or;
    }
    return new Expr.ArrayQuantified(or.type(), first.site(), "=", false, left,
        new Expr.ArrayConstructor(array, element, first.site().collationOid(), false, values));
  }

  private static Expr foldAnd(Expr.And and) {
    List<Expr> left = new ArrayList<>();
    for (Expr c : and.arguments()) {
      if (!(c instanceof Expr.Const k && Boolean.TRUE.equals(k.value()))) {
        left.add(c);
      }
    }
    if (left.size() == and.arguments().size()) {
      return and;
    }
    return left.isEmpty() ? Expr.Const.of(PgTypes.BOOL, true) : Exprs.and(left);
  }

  // Nodes

  static BitSet all(LogicalPlan plan) {
    BitSet set = new BitSet();
    set.set(0, plan.output().size());
    return set;
  }

  private static BitSet columns(List<? extends Expr> expressions) {
    BitSet set = new BitSet();
    expressions.forEach(e -> {
      if (e != null) {
        Exprs.columns(e, set);
      }
    });
    return set;
  }

  private static BitSet union(BitSet a, BitSet b) {
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
        yield new Nodes.ValuesNode(rows, p.output());
      }
      case Scan p -> scans.plan(p, List.of(), needed, null, 1).plan();
      case SystemScan p -> new FunctionNodes.SystemScanNode(p.relation(), p.alias(), p.output());
      case Filter p -> filterNode(p, needed);
      case Project p -> project(p, physical(p.input(), projectNeeds(p, needed)), needed);
      case ProjectSet p -> projectSet(p, needed);
      case FunctionScan p -> functionScan(p);
      case Join p -> joins.plan(p, List.of(), needed);
      case Aggregate p -> aggregate(p);
      case Window p -> window(p, needed);
      case Sort p -> sort(p, needed, null, null, 1);
      case Limit p -> limit(p, needed);
      case Distinct p -> distinct(p, needed);
      case SetOperation p -> setOperation(p);
      case With p -> with(p, needed);
      case CteScan p -> new CteNodes.CteScanNode(p.cteId(), p.alias(), p.output(), cteRows.getOrDefault(p.cteId(), 1000.0));
      case WorkTableScan p -> new CteNodes.WorkTableScanNode(p.cteId(), p.output());
      case RecursiveUnion p -> new CteNodes.RecursiveUnionNode(p.cteId(), physical(p.start(), all(p.start())), physical(p.step(), all(p.step())),
          p.all(), p.output());
      case LockRows p -> lockRows(p);
      case Insert p -> context.dml().insert(p, physical(p.source(), all(p.source())), this);
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
        (Exprs.isVolatile(c) ? late : ahead).add(c);
      }
      plan = scans.plan(scan, ahead, union(needed, columns(rest)), null, 1).plan();
      plan = filter(plan, late, plan.rows() * 0.5);
    } else if (p.input() instanceof Join join && join.kind() == JoinKind.INNER && !join.lateral() && rest.stream().noneMatch(Exprs::isVolatile)) {
      plan = joins.plan(join, rest, needed);
    } else {
      plan = physical(p.input(), union(needed, columns(rest)));
      plan = filter(plan, rest, plan.rows() * estimates.selectivity(rest, null));
    }
    Expr gate = Exprs.and(gates);
    return gate == null ? plan : new Nodes.GateNode(plan, compile(gate), ExprText.of(gate, List.of()));
  }

  /// CURRENT OF reads the row's identity without naming a column.
  private static boolean readsRow(Expr e) {
    boolean[] found = new boolean[1];
    Exprs.walk(e, x -> found[0] |= x instanceof Expr.CurrentOf);
    return found[0];
  }

  /// `plan` with the conditions on top, if there are any.
  PhysicalPlan filter(PhysicalPlan plan, List<Expr> conjuncts, double rows) {
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
    return new Nodes.FilterNode(result, compile(condition), ExprText.of(condition, ExprText.names(plan)), Exprs.isVolatile(condition),
        new Nodes.Cost(plan.startupCost(), plan.totalCost() + plan.rows() * CPU_OPERATOR * plain.size(), Math.max(1, rows)));
  }

  private static BitSet projectNeeds(Project p, BitSet needed) {
    BitSet set = new BitSet();
    for (int i = 0; i < p.expressions().size(); i++) {
      if (needed.get(i) || Exprs.isVolatile(p.expressions().get(i))) {
        Exprs.columns(p.expressions().get(i), set);
      }
    }
    return set;
  }

  private PhysicalPlan project(Project p, PhysicalPlan input, BitSet needed) {
    Evaluator[] expressions = new Evaluator[p.expressions().size()];
    for (int i = 0; i < expressions.length; i++) {
      Expr e = p.expressions().get(i);
      expressions[i] = compile(needed.get(i) || Exprs.isVolatile(e) ? e : new Expr.Const(e.type(), e.typmod(), e.collation(), null));
    }
    return new Nodes.ProjectNode(input, expressions, p.output());
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

  private static List<String> keyTexts(List<SortKey> keys, PhysicalPlan input) {
    List<String> names = ExprText.names(input);
    List<String> texts = new ArrayList<>();
    for (SortKey key : keys) {
      texts.add(ScanPlanner.stripParentheses(ExprText.of(key.expression(), names)) + (key.descending() ? " DESC" : "")
          + (key.nullsFirst() == key.descending() ? "" : key.nullsFirst() ? " NULLS FIRST" : " NULLS LAST"));
    }
    return texts;
  }

  /// @param limit, offset of a LIMIT directly above
  private PhysicalPlan sort(Sort p, BitSet needed, @Nullable Expr limit, @Nullable Expr offset, double fraction) {
    BitSet wanted = union(needed, columns(p.keys().stream().map(SortKey::expression).toList()));
    PhysicalPlan ordered = ordered(p.input(), p.keys(), wanted, fraction);
    if (ordered != null) {
      return ordered;
    }
    return sortNode(physical(p.input(), wanted), p.keys(), limit, offset);
  }

  private PhysicalPlan sortNode(PhysicalPlan input, List<SortKey> keys, @Nullable Expr limit, @Nullable Expr offset) {
    List<Expr> extra = new ArrayList<>();
    SortColumn[] columns = sortColumns(keys, input.output().size(), extra);
    double n = Math.max(2, input.rows());
    double cost = input.totalCost() + n * Math.log(n) / Math.log(2) * 2 * CPU_OPERATOR;
    return new SortNode(input, columns, compileAll(extra), keyTexts(keys, input), limit == null ? null : compile(limit),
        offset == null ? null : compile(offset), new Nodes.Cost(cost, cost + n * CPU_OPERATOR, input.rows()));
  }

  /// The input in the wanted order without a sort, through a projection and a filter down to one table; null when it cannot be.
  private @Nullable PhysicalPlan ordered(LogicalPlan plan, List<SortKey> keys, BitSet needed, double fraction) {
    switch (plan) {
      case Project p -> {
        List<SortKey> below = new ArrayList<>();
        for (SortKey key : keys) {
          BitSet columns = Exprs.columns(key.expression());
          for (int i = columns.nextSetBit(0); i >= 0; i = columns.nextSetBit(i + 1)) {
            if (Exprs.isVolatile(p.expressions().get(i)) || Exprs.hasSubquery(p.expressions().get(i))) {
              return null;
            }
          }
          below.add(new SortKey(Exprs.replaceColumns(key.expression(), c -> p.expressions().get(c.index())), key.descending(), key.nullsFirst(),
              key.ordering()));
        }
        PhysicalPlan input = ordered(p.input(), below, projectNeeds(p, needed), fraction);
        return input == null ? null : project(p, input, needed);
      }
      case Filter p -> {
        List<Expr> conjuncts = Exprs.conjuncts(p.condition());
        if (!(p.input() instanceof Scan scan) || conjuncts.stream().anyMatch(c -> Exprs.isVolatile(c) || Exprs.columns(c).isEmpty() || readsRow(c))) {
          return null;
        }
        ScanPlanner.Planned planned = scans.plan(scan, conjuncts, union(needed, columns(conjuncts)), keys, fraction);
        return planned.ordered() ? planned.plan() : null;
      }
      case Scan scan -> {
        ScanPlanner.Planned planned = scans.plan(scan, List.of(), needed, keys, fraction);
        return planned.ordered() ? planned.plan() : null;
      }
      default -> {
        return null;
      }
    }
  }

  private PhysicalPlan limit(Limit p, BitSet needed) {
    double wanted = p.count() instanceof Expr.Const c && c.value() instanceof Long n ? n : 100;
    double skipped = p.offset() instanceof Expr.Const c && c.value() instanceof Long n ? n : 0;
    BitSet below = union(needed, columns(p.tieKeys().stream().map(SortKey::expression).toList()));
    PhysicalPlan input;
    boolean bounded = p.count() != null && !p.withTies();
    double fraction = p.count() == null ? 1 : 0.05;
    switch (p.input()) {
      case Sort s -> input = sort(s, below, bounded ? p.count() : null, p.offset(), fraction);
      // The usual shape: the select list above the sort.
      case Project q when q.input() instanceof Sort s && q.expressions().stream().noneMatch(Exprs::isVolatile) ->
          input = project(q, sort(s, projectNeeds(q, below), bounded ? p.count() : null, p.offset(), fraction), below);
      default -> input = physical(p.input(), below);
    }
    SortColumn[] ties = null;
    PhysicalPlan source = input;
    List<Expr> extra = new ArrayList<>();
    if (p.withTies()) {
      ties = sortColumns(p.tieKeys(), input.output().size(), extra);
      if (!extra.isEmpty()) {
        source = withExtra(input, extra);
      }
    }
    double rows = p.count() == null ? Math.max(1, input.rows() - skipped) : Math.min(input.rows(), wanted);
    double share = input.rows() <= 0 ? 1 : Math.min(1, (rows + skipped) / input.rows());
    Nodes.Cost cost = new Nodes.Cost(input.startupCost(), input.startupCost() + (input.totalCost() - input.startupCost()) * share, rows);
    PhysicalPlan limited = new Nodes.LimitNode(source, p.count() == null ? null : compile(p.count()), p.offset() == null ? null : compile(p.offset()),
        ties, cost);
    return extra.isEmpty() ? limited : firstColumns(limited, input.output());
  }

  /// The input's columns followed by further values.
  private PhysicalPlan withExtra(PhysicalPlan input, List<Expr> extra) {
    List<Evaluator> expressions = new ArrayList<>();
    List<OutputColumn> output = new ArrayList<>(input.output());
    for (int i = 0; i < input.output().size(); i++) {
      expressions.add(column(input.output(), i));
    }
    for (Expr e : extra) {
      expressions.add(compile(e));
      output.add(OutputColumn.of("?column?", e));
    }
    return new Nodes.ProjectNode(input, expressions.toArray(Evaluator[]::new), output);
  }

  private PhysicalPlan firstColumns(PhysicalPlan input, List<OutputColumn> output) {
    Evaluator[] expressions = new Evaluator[output.size()];
    for (int i = 0; i < expressions.length; i++) {
      expressions[i] = column(output, i);
    }
    return new Nodes.ProjectNode(input, expressions, output);
  }

  Evaluator column(List<OutputColumn> output, int i) {
    OutputColumn c = output.get(i);
    return Evaluator.compile(new Expr.InputColumn(i, c.type(), c.typmod(), c.collation()));
  }

  private PhysicalPlan aggregate(Aggregate p) {
    BitSet needed = columns(p.groups());
    for (AggregateCall c : p.calls()) {
      needed.or(columns(c.arguments()));
      needed.or(columns(c.orderBy().stream().map(SortKey::expression).toList()));
      if (c.filter() != null) {
        Exprs.columns(c.filter(), needed);
      }
    }
    PhysicalPlan extreme = extremeByIndex(p);
    if (extreme != null) {
      return extreme;
    }
    PhysicalPlan input = physical(p.input(), needed);
    int[] collations = p.groups().stream().mapToInt(Expr::collation).toArray();
    int[][] sets = new int[p.groupingSets().size()][];
    for (int i = 0; i < sets.length; i++) {
      sets[i] = p.groupingSets().get(i).stream().mapToInt(Integer::intValue).toArray();
    }
    List<AggregateNode.Call> calls = new ArrayList<>();
    for (AggregateCall c : p.calls()) {
      List<Expr> arguments = new ArrayList<>(c.arguments());
      SortColumn[] order = new SortColumn[c.orderBy().size()];
      for (int i = 0; i < order.length; i++) {
        SortKey key = c.orderBy().get(i);
        int at = indexOf(arguments, key.expression());
        if (at < 0) {
          at = arguments.size();
          arguments.add(key.expression());
        }
        order[i] = new SortColumn(at, key.expression().type(), key.expression().collation(), key.descending(), key.nullsFirst(), key.ordering());
      }
      calls.add(new AggregateNode.Call(c.site(), compileAll(arguments), c.arguments().size(), c.filter() == null ? null : compile(c.filter()),
          c.distinct(), order, c.withinGroup(), compileAll(c.direct())));
    }
    double rows = 1;
    if (!p.groups().isEmpty()) {
      rows = 1;
      for (Expr g : p.groups()) {
        rows *= g instanceof Expr.InputColumn && input.rows() < 200 ? input.rows() : 200;
      }
      rows = Math.max(1, Math.min(rows, input.rows()));
    }
    double cost = input.totalCost() + input.rows() * CPU_OPERATOR * (p.groups().size() + p.calls().size());
    List<String> texts = new ArrayList<>();
    List<String> names = ExprText.names(input);
    p.groups().forEach(g -> texts.add(ExprText.of(g, names)));
    return new AggregateNode(input, compileAll(p.groups()), collations, sets, calls, texts, p.output(),
        new Nodes.Cost(cost, cost + rows * 0.01, rows * sets.length));
  }

  private static int indexOf(List<Expr> list, Expr e) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).equals(e)) {
        return i;
      }
    }
    return -1;
  }

  /// `SELECT min(x)` or `max(x)` from one table whose key or index has x in order: the first row that is not NULL.
  private @Nullable PhysicalPlan extremeByIndex(Aggregate p) {
    if (!p.groups().isEmpty() || p.groupingSets().size() != 1 || p.calls().size() != 1) {
      return null;
    }
    AggregateCall call = p.calls().getFirst();
    String name = call.site().function().name();
    if (call.filter() != null || call.arguments().size() != 1 || !(name.equals("min") || name.equals("max"))
        || call.site().function().namespaceOid() != 11) {
      return null;
    }
    Expr argument = call.arguments().getFirst();
    LogicalPlan input = p.input();
    List<Expr> conjuncts = new ArrayList<>();
    if (input instanceof Filter f) {
      conjuncts.addAll(Exprs.conjuncts(f.condition()));
      input = f.input();
    }
    if (!(input instanceof Scan scan) || !(argument instanceof Expr.InputColumn) || scan.sample() != null
        || conjuncts.stream().anyMatch(c -> Exprs.isVolatile(c) || Exprs.columns(c).isEmpty() || readsRow(c))) {
      return null;
    }
    conjuncts.add(new Expr.IsNull(PgTypes.BOOL, argument, true, false));
    boolean max = name.equals("max");
    BitSet needed = columns(List.of(argument));
    needed.or(columns(conjuncts));
    ScanPlanner.Planned planned = scans.plan(scan, conjuncts, needed, List.of(new SortKey(argument, max, max, null)), 1 / Math.max(1, estimates.rows(scan.table())));
    if (!planned.ordered()) {
      return null;
    }
    PhysicalPlan first = new Nodes.LimitNode(planned.plan(), compile(Expr.Const.of(PgTypes.INT8, 1L)), null, null,
        new Nodes.Cost(planned.plan().startupCost(), planned.plan().startupCost() + 0.3, 1));
    AggregateNode.Call over = new AggregateNode.Call(call.site(), compileAll(call.arguments()), 1, null, false, new SortColumn[0], false, new Evaluator[0]);
    return new AggregateNode(first, new Evaluator[0], new int[0], new int[][] {{}}, List.of(over), List.of(), p.output(),
        new Nodes.Cost(first.totalCost(), first.totalCost() + 0.01, 1));
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
          f.endOffset() == null ? null : compile(f.endOffset())));
    }
    double n = Math.max(2, input.rows());
    double cost = input.totalCost() + calls.size() * n * Math.log(n) / Math.log(2) * 2 * CPU_OPERATOR;
    return new WindowNode(input, calls, p.output(), new Nodes.Cost(cost, cost + n * 0.01, input.rows()));
  }

  private PhysicalPlan distinct(Distinct p, BitSet needed) {
    if (p.on() == null) {
      PhysicalPlan input = physical(p.input(), all(p.input()));
      double rows = Math.max(1, Math.min(input.rows(), input.rows() * 0.2));
      return new SetNodes.DistinctNode(input, null, new int[0], ExprText.names(input.output()),
          new Nodes.Cost(input.startupCost(), input.totalCost() + input.rows() * 0.01, rows));
    }
    PhysicalPlan input = physical(p.input(), union(needed, columns(p.on())));
    int[] collations = p.on().stream().mapToInt(Expr::collation).toArray();
    return new SetNodes.DistinctNode(input, compileAll(p.on()), collations, List.of(),
        new Nodes.Cost(input.startupCost(), input.totalCost() + input.rows() * 0.01, Math.max(1, input.rows() * 0.2)));
  }

  private PhysicalPlan setOperation(SetOperation p) {
    if (p.operator() != SetOperator.UNION) {
      return new SetNodes.SetOpNode(p.operator(), p.all(), physical(p.left(), all(p.left())), physical(p.right(), all(p.right())), p.output());
    }
    List<PhysicalPlan> inputs = new ArrayList<>();
    collectUnion(p, p.all(), inputs);
    PhysicalPlan append = new Nodes.AppendNode(inputs, p.output());
    if (p.all()) {
      return append;
    }
    return new SetNodes.DistinctNode(append, null, new int[0], ExprText.names(p.output()),
        new Nodes.Cost(append.totalCost(), append.totalCost() + append.rows() * 0.01, Math.max(1, append.rows() * 0.5)));
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
    return new LockRowsNode(input, p.targets(), new Nodes.Cost(input.startupCost(), input.totalCost() + input.rows() * 0.01, input.rows()));
  }
}
