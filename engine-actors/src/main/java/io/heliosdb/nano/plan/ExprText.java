package io.heliosdb.nano.plan;

import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.Identifiers;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.Typmods;
import io.heliosdb.nano.type.TypeIo;
import java.util.ArrayList;
import java.util.List;

/// Expressions as EXPLAIN shows them. Computed when EXPLAIN asks, over the names of the row's columns.
final class ExprText {
  private final List<String> columns;
  private final IoContext io;

  private ExprText(List<String> columns) {
    this.columns = columns;
    io = IoContext.DEFAULT;
  }

  static List<String> names(List<OutputColumn> output) {
    List<String> names = new ArrayList<>(output.size());
    for (OutputColumn column : output) {
      names.add(Identifiers.quoteIfNeeded(column.name()));
    }
    return names;
  }

  static String of(Expr e, List<String> columns) {
    return new ExprText(columns).text(e);
  }

  /// Over the row of a join.
  static String of(Expr e, PhysicalPlan left, PhysicalPlan right) {
    List<String> names = new ArrayList<>(left.explainNames());
    names.addAll(right.explainNames());
    return of(e, names);
  }

  /// Column names over one input: qualified when it joins several relations.
  static List<String> names(PhysicalPlan input) {
    return input.joinsRelations() ? input.explainNames() : names(input.output());
  }

  private String column(int index) {
    return index < columns.size() ? columns.get(index) : "$col" + index;
  }

  private String list(List<? extends Expr> list) {
    return String.join(", ", list.stream().map(this::text).toList());
  }

  private static String typeName(PgType type, int typmod) {
    return Typmods.formatType(type, typmod, PgTypes.BUILTIN);
  }

  private String text(Expr e) {
    return switch (e) {
      case Expr.Const c -> constant(c);
      case Expr.Parameter p -> "$" + p.index();
      case Expr.LiftedConst l -> "$" + (l.slot() + 1);
      case Expr.InputColumn c -> column(c.index());
      case Expr.OuterColumn c -> "$" + c.index();
      case Expr.CaseValue c -> "VALUE";
      case Expr.Call c -> call(c);
      case Expr.And a -> "(" + String.join(" AND ", a.arguments().stream().map(this::text).toList()) + ")";
      case Expr.Or o -> "(" + String.join(" OR ", o.arguments().stream().map(this::text).toList()) + ")";
      case Expr.Not n -> "(NOT " + text(n.argument()) + ")";
      case Expr.IsNull n -> "(" + text(n.argument()) + (n.negated() ? " IS NOT NULL)" : " IS NULL)");
      case Expr.BooleanTest t -> "(" + text(t.argument()) + " IS " + (t.negated() ? "NOT " : "")
          + (t.test() == null ? "UNKNOWN" : t.test() ? "TRUE" : "FALSE") + ")";
      case Expr.DistinctFrom d -> "(" + text(d.left()) + (d.negated() ? " IS NOT DISTINCT FROM " : " IS DISTINCT FROM ") + text(d.right()) + ")";
      case Expr.Case c -> {
        StringBuilder out = new StringBuilder("CASE");
        c.branches().forEach(b -> out.append(" WHEN ").append(text(b.condition())).append(" THEN ").append(text(b.result())));
        if (c.otherwise() != null) {
          out.append(" ELSE ").append(text(c.otherwise()));
        }
        yield out.append(" END").toString();
      }
      case Expr.Coalesce c -> "COALESCE(" + list(c.arguments()) + ")";
      case Expr.NullIf n -> "NULLIF(" + text(n.left()) + ", " + text(n.right()) + ")";
      case Expr.MinMax m -> (m.greatest() ? "GREATEST(" : "LEAST(") + list(m.arguments()) + ")";
      case Expr.ArrayConstructor a -> "ARRAY[" + list(a.elements()) + "]";
      case Expr.RowConstructor r -> "ROW(" + list(r.fields()) + ")";
      case Expr.RowCompare r -> "(ROW(" + list(r.left()) + ") " + r.operator() + " ROW(" + list(r.right()) + "))";
      case Expr.ArrayQuantified q -> "(" + text(q.left()) + " " + q.operatorName() + (q.all() ? " ALL (" : " ANY (") + text(q.array()) + "))";
      case Expr.Subscript s -> {
        StringBuilder out = new StringBuilder(text(s.container()));
        for (Expr.Subscript.Index index : s.indexes()) {
          out.append('[').append(index.slice() ? (index.lower() == null ? "" : text(index.lower())) + ":" : "")
              .append(index.upper() == null ? "" : text(index.upper())).append(']');
        }
        yield out.toString();
      }
      case Expr.FieldSelect f -> "(" + text(f.record()) + ").f" + (f.field() + 1);
      case Expr.Relabel r -> cast(r.argument(), r.type(), r.typmod());
      case Expr.IoCast c -> cast(c.argument(), c.type(), c.typmod());
      case Expr.ArrayCast c -> cast(c.argument(), c.type(), c.typmod());
      case Expr.ApplyTypmod a -> cast(a.argument(), a.type(), a.typmod());
      case Expr.DomainCheck d -> cast(d.argument(), d.type(), d.typmod());
      case Expr.RowConvert r -> cast(r.argument(), r.type(), -1);
      case Expr.Subquery q -> switch (q.kind()) {
        case EXISTS -> (q.negated() ? "(NOT (SubPlan))" : "(SubPlan)");
        case ANY, ALL -> "(" + (q.negated() ? "NOT " : "") + "(hashed SubPlan))";
        default -> "(SubPlan)";
      };
      case Expr.CurrentOf c -> "CURRENT OF " + c.cursor();
      case Expr.Grouping g -> "GROUPING(…)";
    };
  }

  private String cast(Expr argument, PgType type, int typmod) {
    String inner = text(argument);
    return (argument instanceof Expr.InputColumn ? "(" + inner + ")" : inner) + "::" + typeName(type, typmod);
  }

  private String constant(Expr.Const c) {
    if (c.value() == null) {
      return "NULL::" + typeName(c.type(), c.typmod());
    }
    String value = TypeIo.toText(c.type(), c.value(), io);
    return switch (c.type().family()) {
      case INT4 -> value.startsWith("-") ? "'" + value + "'::integer" : value;
      case NUMERIC -> value.startsWith("-") || !Character.isDigit(value.charAt(0)) ? "'" + value + "'::numeric" : value;
      case BOOL -> value.equals("t") ? "true" : "false";
      default -> "'" + value.replace("'", "''") + "'::" + typeName(c.type(), c.typmod());
    };
  }

  private String call(Expr.Call c) {
    String operator = c.operatorName();
    if (c.form() == Expr.Call.Form.OPERATOR && operator != null) {
      return c.arguments().size() == 2
          ? "(" + text(c.arguments().get(0)) + " " + operator + " " + text(c.arguments().get(1)) + ")"
          : "(" + operator + " " + text(c.arguments().get(0)) + ")";
    }
    if (c.form() == Expr.Call.Form.IMPLICIT_CAST || c.form() == Expr.Call.Form.EXPLICIT_CAST) {
      return cast(c.arguments().getFirst(), c.type(), c.typmod());
    }
    return c.function().name() + "(" + list(c.arguments()) + ")";
  }
}
