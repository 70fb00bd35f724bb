package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeCatalog.CompositeField;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Plans of FROM items, with the layout of the rows they give.
final class FromPlans {
  private final PlanBuilder plans;
  private final Lowering lowering;

  FromPlans(PlanBuilder plans) {
    this.plans = plans;
    this.lowering = plans.lowering;
  }

  record Built(LogicalPlan plan, RowFrame.Layout layout) {}

  /// A comma list of items: a cross join; one row without columns if there is none.
  Built build(List<Query.From> items, @Nullable RowFrame outer) {
    if (items.isEmpty()) {
      return new Built(new LogicalPlan.Values(List.of(List.of()), List.of()), RowFrame.Layout.EMPTY);
    }
    Built result = null;
    for (Query.From item : items) {
      result = result == null ? item(item, outer) : join(LogicalPlan.JoinKind.INNER, result, item, null, outer);
    }
    return result;
  }

  Built item(Query.From item, @Nullable RowFrame outer) {
    return switch (item) {
      case Query.Leaf leaf -> leaf(leaf.entry(), outer);
      case Query.Join join -> join(Node.joinKind(join.type), item(join.left, outer), join.right, join.condition, outer);
    };
  }

  Built join(LogicalPlan.JoinKind kind, Built left, Query.From rightItem, @Nullable Node condition, @Nullable RowFrame outer) {
    boolean lateral = refersTo(rightItem, left.layout());
    Built right = item(rightItem, lateral ? RowFrame.of(outer, left.layout()) : outer);
    RowFrame.Layout layout = new RowFrame.Layout();
    layout.addAll(left.layout());
    layout.addAll(right.layout());
    List<OutputColumn> output = new ArrayList<>(left.plan().output());
    output.addAll(right.plan().output());
    Expr on = condition == null ? null : lowering.lower(condition, RowFrame.of(outer, layout));
    return new Built(new LogicalPlan.Join(kind, left.plan(), right.plan(), on, lateral, output), layout);
  }

  /// Whether a lateral item under `item` uses columns of the left side.
  private static boolean refersTo(Query.From item, RowFrame.Layout left) {
    return switch (item) {
      case Query.Join join -> refersTo(join.left, left) || refersTo(join.right, left);
      case Query.Leaf leaf -> {
        RangeEntry entry = leaf.entry();
        if (!entry.lateralUsed && entry.sample == null) {
          yield false;
        }
        boolean[] found = new boolean[1];
        java.util.function.Consumer<Node> look =
            node -> {
              if (node instanceof Node.Var var && refersTo(var, left)) {
                found[0] = true;
              }
            };
        if (entry.subquery != null) {
          QueryRewriter.visit(entry.subquery, look);
        }
        for (RangeEntry.Function function : entry.functions) {
          QueryRewriter.visit(function.call(), look);
        }
        for (List<Node> row : entry.rows) {
          row.forEach(node -> QueryRewriter.visit(node, look));
        }
        if (entry.sample != null) {
          entry.sample.arguments().forEach(node -> QueryRewriter.visit(node, look));
        }
        yield found[0];
      }
    };
  }

  private static boolean refersTo(Node.Var var, RowFrame.Layout left) {
    if (left.contains(var.entry)) {
      return true;
    }
    if (var.entry.kind == RangeEntry.Kind.JOIN && var.attno > 0) {
      return Nodes.contains(var.entry.joinColumns.get(var.attno - 1), n -> n instanceof Node.Var inner && left.contains(inner.entry));
    }
    return false;
  }

  Built leaf(RangeEntry entry, @Nullable RowFrame outer) {
    return switch (entry.kind) {
      case RELATION -> relation(entry, outer);
      case SUBQUERY -> whole(entry, subquery(entry, outer), outer);
      case FUNCTION -> whole(entry, functions(entry, outer), outer);
      case VALUES -> whole(entry, values(entry, outer), outer);
      case CTE -> whole(entry, cte(entry, outer), outer);
      default -> throw new IllegalStateException("no plan for " + entry);
    };
  }

  // ------------------------------------------------------------------------------------------ relations

  private Built relation(RangeEntry entry, @Nullable RowFrame outer) {
    return switch (entry.relation) {
      case Relation.Table table when entry.versions != null -> {
        RowFrame empty = RowFrame.of(outer, RowFrame.Layout.EMPTY);
        yield whole(entry, new LogicalPlan.VersionScan(
            table, entry.versions.low().kind(), lowering.lower(entry.versions.low().value(), empty), lowering.lower(entry.versions.high().value(), empty),
            entry.name, PlanBuilder.columns(entry)), outer);
      }
      case Relation.Table table -> table(entry, table, outer);
      case Relation.SystemRelation system -> system(entry, system, outer);
      case Relation.Sequence sequence -> whole(entry, SequenceRows.plan(plans.analysis, entry, sequence), outer);
      case null, default -> throw SqlException.notSupported("reading from " + entry.name);
    };
  }

  private Built table(RangeEntry entry, Relation.Table table, @Nullable RowFrame outer) {
    if (table.kind() == 'm' && !table.populated()) {
      throw new SqlException(
              SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "materialized view \"" + table.name() + "\" has not been populated")
          .withHint("Use the REFRESH MATERIALIZED VIEW command.");
    }
    List<Integer> attnums = new ArrayList<>();
    for (int bit = entry.used.nextSetBit(RangeEntry.SYSTEM_OFFSET + 1); bit >= 0; bit = entry.used.nextSetBit(bit + 1)) {
      attnums.add(bit - RangeEntry.SYSTEM_OFFSET);
    }
    for (int attno = -1; attno >= SystemColumns.TABLEOID; attno--) {
      if (entry.used.get(attno + RangeEntry.SYSTEM_OFFSET)) {
        attnums.add(attno);
      }
    }
    List<OutputColumn> output = new ArrayList<>(attnums.size() + 1);
    int[] columns = new int[attnums.size() + (entry.rowIdentity ? 1 : 0)];
    for (int i = 0; i < attnums.size(); i++) {
      int attno = attnums.get(i);
      columns[i] = attno;
      output.add(column(entry, attno, table.oid()));
    }
    if (entry.rowIdentity) {
      columns[attnums.size()] = SystemColumns.ROW_IDENTITY;
      output.add(new OutputColumn("rowid", PgTypes.BYTEA, -1, 0, 0, 0));
    }
    RowFrame.Layout layout = new RowFrame.Layout();
    layout.add(entry, columns);
    LogicalPlan.TableSample sample = null;
    if (entry.sample != null) {
      RowFrame empty = RowFrame.of(outer, RowFrame.Layout.EMPTY);
      sample =
          new LogicalPlan.TableSample(
              entry.sample.method(), lowering.lower(entry.sample.arguments(), empty), lowering.lowerOptional(entry.sample.repeatable(), empty));
    }
    LogicalPlan plan = new LogicalPlan.Scan(table, attnums, entry.rowIdentity, entry.only, asOf(entry, outer), sample, entry.name, output);
    plan = secured(entry, plan, layout, outer);
    return withWholeRow(entry, plan, layout, outer);
  }

  static OutputColumn column(RangeEntry entry, int attno, int tableOid) {
    return attno > 0
        ? new OutputColumn(
            entry.columnNames.get(attno - 1), entry.types.get(attno - 1), entry.typmods.get(attno - 1), entry.collations.get(attno - 1), tableOid,
            attno)
        : new OutputColumn(SystemColumns.name(attno), SystemColumns.type(attno), -1, 0, tableOid, attno);
  }

  private LogicalPlan.@Nullable AsOf asOf(RangeEntry entry, @Nullable RowFrame outer) {
    if (entry.asOf == null || entry.asOf.isNow()) {
      return null;
    }
    return new LogicalPlan.AsOf(
        entry.asOf.kind(), lowering.lowerOptional(entry.asOf.value(), RowFrame.of(outer, RowFrame.Layout.EMPTY)), entry.past, entry.asOf.scn(),
        entry.asOf.clause());
  }

  /// Row security and the like: below everything that the statement itself asks of the rows.
  private LogicalPlan secured(RangeEntry entry, LogicalPlan plan, RowFrame.Layout layout, @Nullable RowFrame outer) {
    LogicalPlan result = plan;
    for (Node condition : entry.securityConditions) {
      result = new LogicalPlan.Filter(result, lowering.lower(condition, RowFrame.of(outer, layout)));
    }
    return result;
  }

  private Built system(RangeEntry entry, Relation.SystemRelation relation, @Nullable RowFrame outer) {
    List<OutputColumn> output = new ArrayList<>(entry.columnCount());
    int[] columns = new int[entry.columnCount()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = i + 1;
      output.add(column(entry, i + 1, relation.oid()));
    }
    RowFrame.Layout layout = new RowFrame.Layout();
    layout.add(entry, columns);
    LogicalPlan plan = new LogicalPlan.SystemScan(relation, entry.name, output);
    boolean hidden = false;
    for (int attno = -1; attno >= SystemColumns.TABLEOID; attno--) {
      hidden |= entry.used.get(attno + RangeEntry.SYSTEM_OFFSET);
    }
    if (hidden) {
      return withSystemColumns(entry, relation, plan, columns, outer);
    }
    return withWholeRow(entry, plan, layout, outer);
  }

  /// System relations have no stored rows: their oid is known, the transaction columns are those of rows that were always there.
  private Built withSystemColumns(
      RangeEntry entry, Relation.SystemRelation relation, LogicalPlan plan, int[] columns, @Nullable RowFrame outer) {
    List<Expr> expressions = new ArrayList<>();
    List<OutputColumn> output = new ArrayList<>(plan.output());
    int[] all = java.util.Arrays.copyOf(columns, columns.length + 6);
    for (int i = 0; i < columns.length; i++) {
      OutputColumn column = output.get(i);
      expressions.add(new Expr.InputColumn(i, column.type(), column.typmod(), column.collation()));
    }
    for (int attno = -1; attno >= SystemColumns.TABLEOID; attno--) {
      Object value =
          switch (attno) {
            case SystemColumns.TABLEOID -> (long) relation.oid();
            case SystemColumns.XMIN -> 1L;
            case SystemColumns.CTID -> null;
            default -> 0L;
          };
      all[columns.length - attno - 1] = attno;
      expressions.add(new Expr.Const(SystemColumns.type(attno), -1, 0, value));
      output.add(column(entry, attno, relation.oid()));
    }
    RowFrame.Layout layout = new RowFrame.Layout();
    layout.add(entry, all);
    return withWholeRow(entry, new LogicalPlan.Project(plan, expressions, output), layout, outer);
  }

  // ------------------------------------------------------------------------------------------ other kinds

  private LogicalPlan subquery(RangeEntry entry, @Nullable RowFrame outer) {
    return plans.build(entry.subquery, outer);
  }

  private LogicalPlan cte(RangeEntry entry, @Nullable RowFrame outer) {
    Query.Cte cte = entry.cte;
    List<OutputColumn> output = PlanBuilder.columns(entry);
    if (entry.selfReference) {
      return new LogicalPlan.WorkTableScan(cte.id, output);
    }
    if (cte.inlined) {
      return plans.build(cte.query, outer);
    }
    return new LogicalPlan.CteScan(cte.id, entry.name, output);
  }

  private LogicalPlan values(RangeEntry entry, @Nullable RowFrame outer) {
    RowFrame frame = RowFrame.of(outer, RowFrame.Layout.EMPTY);
    List<List<Expr>> rows = new ArrayList<>(entry.rows.size());
    for (List<Node> row : entry.rows) {
      rows.add(lowering.lower(row, frame));
    }
    return new LogicalPlan.Values(rows, PlanBuilder.columns(entry));
  }

  private LogicalPlan functions(RangeEntry entry, @Nullable RowFrame outer) {
    RowFrame frame = RowFrame.of(outer, RowFrame.Layout.EMPTY);
    List<OutputColumn> output = PlanBuilder.columns(entry);
    List<LogicalPlan.TableFunction> functions = new ArrayList<>(entry.functions.size());
    int next = 0;
    for (RangeEntry.Function function : entry.functions) {
      Expr expr = lowering.lower(function.call(), frame);
      List<OutputColumn> own = new ArrayList<>(output.subList(next, next + function.columnCount()));
      next += function.columnCount();
      if (!(expr instanceof Expr.Call call)) {
        if (entry.functions.size() == 1 && !entry.ordinality && !function.spread()) {
          return new LogicalPlan.Values(List.of(List.of(expr)), own);
        }
        throw SqlException.notSupported("this expression among functions in FROM");
      }
      if (!function.definitions().isEmpty()) {
        List<CompositeField> columns = own.stream().map(c -> new CompositeField(c.name(), c.type(), c.typmod(), c.collation(), false)).toList();
        call = new Expr.Call(call.site().withColumns(columns), call.arguments(), call.operatorName(), call.form());
      }
      functions.add(new LogicalPlan.TableFunction(call, function.spread(), own));
    }
    return new LogicalPlan.FunctionScan(functions, entry.ordinality, entry.name, output);
  }

  /// An entry all of whose columns are in the row, in order.
  private Built whole(RangeEntry entry, LogicalPlan plan, @Nullable RowFrame outer) {
    int[] columns = new int[entry.columnCount()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = i + 1;
    }
    RowFrame.Layout layout = new RowFrame.Layout();
    layout.add(entry, columns);
    return withWholeRow(entry, secured(entry, plan, layout, outer), layout, outer);
  }

  /// Adds the row as one value, where it is referenced: computed below joins, so that outer joins make it NULL.
  private Built withWholeRow(RangeEntry entry, LogicalPlan plan, RowFrame.Layout layout, @Nullable RowFrame outer) {
    if (!entry.wholeRowUsed) {
      return new Built(plan, layout);
    }
    List<Expr> expressions = new ArrayList<>(layout.width + 1);
    List<OutputColumn> output = new ArrayList<>(plan.output());
    for (int i = 0; i < layout.width; i++) {
      OutputColumn column = output.get(i);
      expressions.add(new Expr.InputColumn(i, column.type(), column.typmod(), column.collation()));
    }
    Node.Var row = new Node.Var(0, entry, 0, RowTypes.of(plans.analysis, entry), -1, 0);
    Expr value = lowering.lower(row, RowFrame.of(outer, layout));
    expressions.add(value);
    output.add(OutputColumn.of(entry.name, value));
    RowFrame.Layout extended = new RowFrame.Layout();
    int[] columns = new int[layout.width + 1];
    for (int i = 0; i < layout.width; i++) {
      columns[i] = layout.attnoAt(i);
    }
    extended.add(entry, columns);
    return new Built(new LogicalPlan.Project(plan, expressions, output), extended);
  }
}
