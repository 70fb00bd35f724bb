package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Catalog.OperatorDef;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeCatalog.CompositeField;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns bound nodes into [Expr]s over the row of a plan node.
final class Lowering {
  private final Analysis analysis;
  private final PlanBuilder plans;
  private @Nullable Expr caseOperand;
  private int linkOffset = -1;
  private List<Node> linkLeft = List.of();

  Lowering(Analysis analysis, PlanBuilder plans) {
    this.analysis = analysis;
    this.plans = plans;
  }

  List<Expr> lower(List<Node> nodes, RowFrame frame) {
    List<Expr> result = new ArrayList<>(nodes.size());
    for (Node node : nodes) {
      result.add(lower(node, frame));
    }
    return result;
  }

  @Nullable Expr lowerOptional(@Nullable Node node, RowFrame frame) {
    return node == null ? null : lower(node, frame);
  }

  Expr lower(Node node, RowFrame frame) {
    Expr known = fromRow(node, frame);
    return known != null ? known : compute(node, frame);
  }

  // ------------------------------------------------------------------------------------------ columns of the row

  private @Nullable Expr fromRow(Node node, RowFrame frame) {
    if (linkOffset >= 0) {
      for (int i = 0; i < linkLeft.size(); i++) {
        if (linkLeft.get(i) == node) {
          return new Expr.InputColumn(i, node.type(), node.typmod, node.collation);
        }
      }
    }
    if (node instanceof Node.Var var) {
      return column(var, frame);
    }
    int level = 0;
    for (RowFrame each = frame; each != null; each = each.outer, level++) {
      if (!each.computed.isEmpty()) {
        Integer position = each.computed.get(node);
        if (position != null) {
          return reference(level, position, node);
        }
      }
      if (!each.groups.isEmpty() && !(node instanceof Node.Const) && !(node instanceof Node.Param)) {
        int position = groupPosition(each, node);
        if (position >= 0) {
          return reference(level, position, node);
        }
      }
    }
    return null;
  }

  private int groupPosition(RowFrame frame, Node node) {
    for (int i = 0; i < frame.groups.size(); i++) {
      if (Nodes.equal(node, frame.groups.get(i), analysis)) {
        return i;
      }
    }
    return -1;
  }

  private static Expr reference(int level, int position, Node node) {
    return level == 0
        ? new Expr.InputColumn(position, node.type(), node.typmod, node.collation)
        : new Expr.OuterColumn(level, position, node.type(), node.typmod, node.collation);
  }

  private Expr column(Node.Var var, RowFrame frame) {
    int level = 0;
    for (RowFrame each = frame; each != null; each = each.outer, level++) {
      for (int i = 0; i < each.groups.size(); i++) {
        if (each.groups.get(i) instanceof Node.Var group && group.entry == var.entry && group.attno == var.attno) {
          return reference(level, i, var);
        }
      }
      int position = each.layout.find(var.entry, var.attno);
      if (position >= 0) {
        return reference(level, position, var);
      }
      if (each.layout.isNull(var.entry)) {
        return new Expr.Const(var.type(), var.typmod, var.collation, null);
      }
      if (each.layout.contains(var.entry)) {
        if (var.attno == 0) {
          return wholeRow(var, frame);
        }
        if (var.attno == SystemColumns.TABLEOID && var.entry.relation != null) {
          return new Expr.Const(PgTypes.OID, -1, 0, (long) var.entry.relation.oid());
        }
        if (var.attno == SystemColumns.XMIN) {
          return currentTransaction(var, frame);
        }
        if (var.attno == SystemColumns.XMAX || var.attno == SystemColumns.CMIN || var.attno == SystemColumns.CMAX) {
          return new Expr.Const(var.type(), -1, 0, 0L);
        }
        if (var.attno < 0) {
          throw SqlException.notSupported("system column " + SystemColumns.name(var.attno) + " in RETURNING").at(var.position);
        }
      }
    }
    if (var.entry.kind == RangeEntry.Kind.JOIN) {
      if (var.attno > 0) {
        return lower(var.entry.joinColumns.get(var.attno - 1), frame);
      }
      return wholeRow(var, frame);
    }
    throw new SqlException(
        SqlState.INTERNAL_ERROR, "column " + var.attno + " of \"" + var.entry.name + "\" is not in the row of the plan node");
  }

  /// xmin of a row that this statement writes.
  private Expr currentTransaction(Node.Var var, RowFrame frame) {
    FunctionDef function = analysis.catalog.functions(io.heliosdb.nano.catalog.Catalog.PG_CATALOG, "pg_current_xact_id").getFirst();
    Node call = new Node.Func(var.position, function, PgTypes.XID8, List.of(), Expr.Call.Form.FUNCTION, false, false);
    Node converted =
        analysis.coercion.toTarget(call, PgTypes.XID, -1, Coercion.Context.EXPLICIT, Expr.Call.Form.IMPLICIT_CAST, var.position);
    return lower(converted == null ? call : converted, frame);
  }

  /// A row built from its columns, where it was not carried as one value.
  private Expr wholeRow(Node.Var var, RowFrame frame) {
    RangeEntry entry = var.entry;
    List<Expr> fields = new ArrayList<>(entry.columnCount());
    List<String> names = new ArrayList<>(entry.columnCount());
    List<CompositeField> declared = var.type().isComposite() ? analysis.types.fields(var.type()) : List.of();
    for (int i = 0; i < entry.columnCount(); i++) {
      String name = entry.columnNames.get(i);
      if (name == null) {
        // Rows of functions are values already, which leave out dropped attributes.
        if (var.type().isComposite() && entry.kind != RangeEntry.Kind.FUNCTION) {
          fields.add(Expr.Const.of(PgTypes.INT4, null));
          names.add("");
        }
        continue;
      }
      fields.add(lower(new Node.Var(var.position, entry, i + 1, entry.types.get(i), entry.typmods.get(i), entry.collations.get(i)), frame));
      // A named row type keeps its own field names, whatever the alias calls the columns.
      names.add(i < declared.size() ? declared.get(i).name() : name);
    }
    return new Expr.RowConstructor(var.type(), fields, names);
  }

  // ------------------------------------------------------------------------------------------ computed expressions

  private Expr compute(Node node, RowFrame frame) {
    return switch (node) {
      case Node.Const c -> constant(c);
      case Node.Param p -> new Expr.Parameter(p.number, p.type(), p.typmod, p.collation);
      case Node.Var v -> throw new IllegalStateException("handled as a column");
      case Node.Func f -> function(f, frame);
      case Node.Op o -> operator(o, frame);
      case Node.Bool b ->
          switch (b.kind) {
            case AND -> new Expr.And(PgTypes.BOOL, lower(b.arguments, frame));
            case OR -> new Expr.Or(PgTypes.BOOL, lower(b.arguments, frame));
            case NOT -> new Expr.Not(PgTypes.BOOL, lower(b.arguments.getFirst(), frame));
          };
      case Node.NullTest t -> {
        PgType type = t.argument.type().ultimateBase();
        boolean rowwise = type.isComposite() || type.oid() == PgTypes.RECORD.oid();
        yield new Expr.IsNull(PgTypes.BOOL, lower(t.argument, frame), t.negated, rowwise);
      }
      case Node.BooleanTest t -> new Expr.BooleanTest(PgTypes.BOOL, lower(t.argument, frame), t.test, t.negated);
      case Node.Distinct d ->
          new Expr.DistinctFrom(
              PgTypes.BOOL, site(d.equality), lower(d.equality.arguments.get(0), frame), lower(d.equality.arguments.get(1), frame), d.negated);
      case Node.NullIf n ->
          new Expr.NullIf(
              n.type(), n.typmod, n.collation, site(n.equality), lower(n.equality.arguments.get(0), frame),
              lower(n.equality.arguments.get(1), frame));
      case Node.Case c -> caseExpression(c, frame);
      case Node.CaseTest t -> caseOperand != null ? caseOperand : new Expr.CaseValue(t.type(), t.typmod, t.collation);
      case Node.Coalesce c -> new Expr.Coalesce(c.type(), c.typmod, c.collation, lower(c.arguments, frame));
      case Node.MinMax m -> new Expr.MinMax(m.type(), m.typmod, m.collation, m.greatest, lower(m.arguments, frame));
      case Node.Array a -> new Expr.ArrayConstructor(a.type(), a.elementType, a.collation, a.nested, lower(a.elements, frame));
      case Node.Row r -> new Expr.RowConstructor(r.type(), lower(r.fields, frame), r.names);
      case Node.RowCompare r -> rowCompare(r, frame);
      case Node.ArrayOp a ->
          new Expr.ArrayQuantified(
              PgTypes.BOOL, new CallSite(a.function, a.argumentTypes, PgTypes.BOOL, -1, a.inputCollation, false), a.operator.name(), a.all,
              lower(a.left, frame), lower(a.array, frame));
      case Node.Subscript s -> subscript(s, frame);
      case Node.FieldSelect f -> new Expr.FieldSelect(f.type(), f.typmod, f.collation, lower(f.argument, frame), f.field - 1);
      case Node.FieldStore f -> fieldStore(f, frame);
      case Node.Relabel r -> new Expr.Relabel(r.type(), r.typmod, r.collation, lower(r.argument, frame), r.form);
      case Node.IoCast c -> new Expr.IoCast(c.type(), c.typmod, c.collation, lower(c.argument, frame), c.form);
      case Node.ArrayCoerce a -> {
        Expr argument = lower(a.argument, frame);
        Expr outer = caseOperand;
        caseOperand = null;
        Expr element = lower(a.element, frame);
        caseOperand = outer;
        yield new Expr.ArrayCast(a.type(), a.typmod, a.collation, argument, element, a.form);
      }
      case Node.TypmodCoerce t ->
          new Expr.ApplyTypmod(t.type(), t.typmod, t.collation, lower(t.argument, frame), t.explicit);
      case Node.DomainCoerce d -> new Expr.DomainCheck(d.type(), d.typmod, d.collation, lower(d.argument, frame));
      case Node.RowConvert r -> new Expr.RowConvert(r.type(), lower(r.argument, frame), r.fields);
      case Node.Collate c -> {
        Expr argument = lower(c.argument, frame);
        yield new Expr.Relabel(c.type(), c.typmod, c.collation, argument, Expr.Call.Form.IMPLICIT_CAST);
      }
      case Node.SubLink s -> subLink(s, frame);
      case Node.LinkColumn l -> new Expr.InputColumn(Math.max(linkOffset, 0) + l.index, l.type(), l.typmod, l.collation);
      case Node.Grouping g -> grouping(g, frame);
      case Node.CurrentOf c -> new Expr.CurrentOf(PgTypes.BOOL, c.cursor);
      case Node.SessionValue s -> lower(s.value, frame);
      case Node.Named n -> lower(n.value, frame);
      case Node.Default d -> throw new SqlException(SqlState.SYNTAX_ERROR, "DEFAULT is not allowed in this context").at(d.position);
      case Node.Aggregate a -> throw new SqlException(SqlState.INTERNAL_ERROR, "aggregate outside of an aggregation").at(a.position);
      case Node.Window w -> throw new SqlException(SqlState.INTERNAL_ERROR, "window function outside of a window node").at(w.position);
    };
  }

  private Expr constant(Node.Const c) {
    if (c.slot >= 0 && !analysis.fixedLiterals.get(c.slot)) {
      return new Expr.LiftedConst(c.slot, c.type(), c.typmod, c.collation);
    }
    return new Expr.Const(c.type(), c.typmod, c.collation, c.value);
  }

  private static List<PgType> types(List<Node> nodes) {
    List<PgType> types = new ArrayList<>(nodes.size());
    for (Node node : nodes) {
      types.add(node.type());
    }
    return types;
  }

  private Expr function(Node.Func f, RowFrame frame) {
    CallSite site = new CallSite(f.function, types(f.arguments), f.type(), f.typmod, f.inputCollation, f.variadic);
    return new Expr.Call(site, lower(f.arguments, frame), null, f.form);
  }

  private Expr operator(Node.Op o, RowFrame frame) {
    return new Expr.Call(site(o), lower(o.arguments, frame), o.operator.name(), Expr.Call.Form.OPERATOR);
  }

  CallSite site(Node.Op o) {
    return new CallSite(o.function, types(o.arguments), o.type(), -1, o.inputCollation, false);
  }

  private Expr caseExpression(Node.Case c, RowFrame frame) {
    Expr operand = c.operand == null ? null : lower(c.operand, frame);
    List<Expr.Case.Branch> branches = new ArrayList<>(c.branches.size());
    for (Node.CaseBranch branch : c.branches) {
      Expr outer = caseOperand;
      if (operand != null) {
        caseOperand = operand;
      }
      Expr condition = lower(branch.condition(), frame);
      caseOperand = outer;
      branches.add(new Expr.Case.Branch(condition, lower(branch.result(), frame)));
    }
    return new Expr.Case(c.type(), c.typmod, c.collation, branches, lower(c.otherwise, frame));
  }

  private Expr rowCompare(Node.RowCompare r, RowFrame frame) {
    List<CallSite> operators = new ArrayList<>(r.columns.size());
    List<CallSite> equalities = new ArrayList<>(r.columns.size());
    List<Expr> left = new ArrayList<>(r.columns.size());
    List<Expr> right = new ArrayList<>(r.columns.size());
    for (Node.Op op : r.columns) {
      operators.add(site(op));
      Node.Op equality =
          analysis.operators.make(QualifiedName.system("=", op.position), op.arguments.get(0), op.arguments.get(1), op.position);
      equality.inputCollation = op.inputCollation;
      equalities.add(site(equality));
      left.add(lower(op.arguments.get(0), frame));
      right.add(lower(op.arguments.get(1), frame));
    }
    return new Expr.RowCompare(PgTypes.BOOL, r.operatorName, operators, equalities, left, right);
  }

  private Expr subscript(Node.Subscript s, RowFrame frame) {
    List<Expr.Subscript.Index> indexes = new ArrayList<>(s.indexes.size());
    for (Node.Index index : s.indexes) {
      indexes.add(
          new Expr.Subscript.Index(lowerOptional(index.lower(), frame), lowerOptional(index.upper(), frame), index.slice()));
    }
    if (s.source != null) {
      return plans.subscriptAssignment(s, lower(s.container, frame), indexes, lower(s.source, frame));
    }
    return new Expr.Subscript(s.type(), s.typmod, s.collation, lower(s.container, frame), indexes);
  }

  private Expr fieldStore(Node.FieldStore f, RowFrame frame) {
    List<CompositeField> fields = analysis.types.fields(f.type());
    Expr record = lower(f.argument, frame);
    boolean isNull = record instanceof Expr.Const c && c.value() == null;
    List<Expr> values = new ArrayList<>(fields.size());
    List<String> names = new ArrayList<>(fields.size());
    for (int i = 0; i < fields.size(); i++) {
      CompositeField field = fields.get(i);
      names.add(field.name());
      if (i == f.field - 1) {
        values.add(lower(f.value, frame));
      } else if (isNull || field.dropped()) {
        values.add(new Expr.Const(field.dropped() ? PgTypes.INT4 : field.type(), field.typmod(), field.collationOid(), null));
      } else {
        values.add(new Expr.FieldSelect(field.type(), field.typmod(), field.collationOid(), record, i));
      }
    }
    return new Expr.RowConstructor(f.type(), values, names);
  }

  private Expr grouping(Node.Grouping g, RowFrame frame) {
    int level = 0;
    for (RowFrame each = frame; each != null; each = each.outer, level++) {
      if (each.aggregated) {
        if (each.groupingIdColumn < 0) {
          return Expr.Const.of(PgTypes.INT4, 0);
        }
        if (level == 0) {
          return new Expr.Grouping(PgTypes.INT4, each.groupingIdColumn, g.groups);
        }
      }
    }
    throw SqlException.notSupported("GROUPING of an outer query inside a sub-query").at(g.position);
  }

  // ------------------------------------------------------------------------------------------ sub-queries

  private Expr subLink(Node.SubLink s, RowFrame frame) {
    LogicalPlan plan = plans.build(s.query, frame);
    Expr.SubqueryKind kind =
        switch (s.kind) {
          case EXPR -> Expr.SubqueryKind.SCALAR;
          case EXISTS -> Expr.SubqueryKind.EXISTS;
          case ARRAY -> Expr.SubqueryKind.ARRAY;
          case ANY -> Expr.SubqueryKind.ANY;
          case ALL -> Expr.SubqueryKind.ALL;
          case ROW_COMPARE -> Expr.SubqueryKind.ROW;
        };
    if (s.kind == Node.LinkKind.EXPR && plan.output().size() > 1) {
      OutputColumn column = plan.output().get(s.column);
      plan =
          new LogicalPlan.Project(
              plan, List.of(new Expr.InputColumn(s.column, column.type(), column.typmod(), column.collation())), List.of(column));
    }
    if (s.test == null) {
      return new Expr.Subquery(s.type(), s.typmod, s.collation, kind, plan, List.of(), null, false);
    }
    List<Node> left = new ArrayList<>();
    collectLeft(s.test, left);
    List<Expr> leftValues = lower(left, frame);
    int outerOffset = linkOffset;
    List<Node> outerLeft = linkLeft;
    linkOffset = left.size();
    linkLeft = left;
    Expr test = lower(s.test, new RowFrame(null, RowFrame.Layout.EMPTY, List.of(), java.util.Map.of()));
    linkOffset = outerOffset;
    linkLeft = outerLeft;
    return new Expr.Subquery(s.type(), s.typmod, s.collation, kind, plan, leftValues, test, false);
  }

  /// The left operands of the comparisons of a test: they are evaluated once, outside of the sub-query.
  private static void collectLeft(Node test, List<Node> left) {
    switch (test) {
      case Node.Op op -> left.add(op.arguments.getFirst());
      case Node.Bool bool -> bool.arguments.forEach(each -> collectLeft(each, left));
      case Node.RowCompare compare -> compare.columns.forEach(each -> left.add(each.arguments.getFirst()));
      default -> throw new IllegalStateException("unexpected test of a sub-query");
    }
  }

  // ------------------------------------------------------------------------------------------ sort keys and call sites

  LogicalPlan.SortKey sortKey(Query.Sort sort, Expr expression) {
    return new LogicalPlan.SortKey(expression, sort.descending, sort.nullsFirst, sort.ordering == null ? null : ordering(sort.ordering, expression));
  }

  private CallSite ordering(OperatorDef operator, Expr expression) {
    FunctionDef function = analysis.catalog.function(operator.functionOid());
    if (function == null) {
      throw new SqlException(SqlState.UNDEFINED_FUNCTION, "operator is only a shell: " + operator.name());
    }
    return new CallSite(function, List.of(expression.type(), expression.type()), PgTypes.BOOL, -1, expression.collation(), false);
  }

  CallSite site(Node.Aggregate a) {
    return new CallSite(a.function, a.argumentTypes, a.type(), -1, a.inputCollation, a.variadic);
  }

  CallSite site(Node.Window w) {
    return new CallSite(w.function, types(w.arguments), w.type(), -1, w.inputCollation, w.variadic);
  }
}
