package io.heliosdb.nano.parse;

import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.Expression.*;
import java.util.List;
import java.util.stream.Collectors;

/// Prints an expression's tree in a compact prefix form, so that tests can compare shapes.
final class ExpressionPrinter {
  private ExpressionPrinter() {}

  static String print(Expression expression) {
    return switch (expression) {
      case null -> "_";
      case ColumnReference c -> String.join(".", c.parts()) + (c.star() ? (c.parts().isEmpty() ? "*" : ".*") : "");
      case IntegerLiteral i -> Integer.toString(i.value());
      case DecimalLiteral d -> d.text() + "d";
      case StringLiteral s -> "'" + s.value() + "'";
      case BitLiteral b -> (b.hexadecimal() ? "X" : "B") + b.digits();
      case BooleanLiteral b -> Boolean.toString(b.value());
      case NullLiteral n -> "null";
      case LiftedLiteral l -> "?" + l.index() + "=" + print(l.literal());
      case TypedLiteral t -> t.type().name() + "'" + t.value() + "'";
      case Parameter p -> "$" + p.number();
      case DefaultValue d -> "default";
      case SessionValue s -> s.kind().columnName();
      case FunctionCall f -> call(f);
      case OperatorCall o -> "(" + o.operator() + (o.left() == null ? "" : " " + print(o.left())) + " " + print(o.right()) + ")";
      case And a -> "(and " + list(a.operands()) + ")";
      case Or o -> "(or " + list(o.operands()) + ")";
      case Not n -> "(not " + print(n.operand()) + ")";
      case IsTest t -> "(is" + not(t.negated()) + " " + t.kind() + " " + print(t.operand()) + ")";
      case IsDistinctFrom d -> "(distinct" + not(d.negated()) + " " + print(d.left()) + " " + print(d.right()) + ")";
      case Between b -> 
          "(between" + not(b.negated()) + (b.symmetric() ? "-symmetric" : "") + " " + list(List.of(b.operand(), b.low(), b.high())) + ")";
      case InList i -> "(in" + not(i.negated()) + " " + print(i.operand()) + " " + list(i.values()) + ")";
      case Like l -> 
          "(" + l.kind() + not(l.negated()) + " " + print(l.operand()) + " " + print(l.pattern())
              + (l.escape() == null ? "" : " escape " + print(l.escape())) + ")";
      case QuantifiedArray q -> "(" + q.operator() + (q.all() ? " all " : " any ") + print(q.left()) + " " + print(q.array()) + ")";
      case ScalarSubquery s -> "(query)";
      case Exists e -> "(exists)";
      case ArraySubquery a -> "(array-query)";
      case InSubquery i -> "(in-query" + not(i.negated()) + " " + print(i.left()) + ")";
      case QuantifiedSubquery q -> "(" + q.operator() + (q.all() ? " all-query " : " any-query ") + print(q.left()) + ")";
      case Case c -> 
          "(case " + print(c.operand())
              + c.whens().stream().map(w -> " " + print(w.condition()) + "->" + print(w.result())).collect(Collectors.joining())
              + " " + print(c.otherwise()) + ")";
      case Coalesce c -> "(coalesce " + list(c.arguments()) + ")";
      case NullIf n -> "(nullif " + print(n.left()) + " " + print(n.right()) + ")";
      case MinMax m -> "(" + (m.greatest() ? "greatest " : "least ") + list(m.arguments()) + ")";
      case Cast c -> 
          "(:: " + print(c.operand()) + " " + c.type().name()
              + (c.type().modifiers().isEmpty() ? "" : "(" + list(c.type().modifiers()) + ")")
              + "[]".repeat(c.type().arrayBounds().size()) + ")";
      case Collate c -> "(collate " + print(c.operand()) + " " + c.collation() + ")";
      case ArrayConstructor a -> "[" + list(a.elements()) + "]";
      case RowConstructor r -> "(row " + list(r.fields()) + ")";
      case Subscript s -> "(sub " + print(s.base()) + " " + (s.slice() ? print(s.lower()) + ":" : "") + print(s.upper()) + ")";
      case FieldSelection f -> "(field " + print(f.base()) + " " + f.field() + ")";
      case StarSelection s -> "(star " + print(s.base()) + ")";
      default -> expression.getClass().getSimpleName();
    };
  }

  private static String not(boolean negated) {
    return negated ? "-not" : "";
  }

  private static String call(FunctionCall f) {
    String list =
        f.arguments().stream().map(a -> (a.name() == null ? "" : a.name() + "=>") + print(a.value())).collect(Collectors.joining(" "));
    String arguments = f.star() ? "*" : list;
    return f.name() + "(" + (f.distinct() ? "distinct " : "") + (f.variadic() ? "variadic " : "") + arguments + ")"
        + (f.orderBy().isEmpty() ? "" : f.withinGroup() ? " within-group" : " ordered")
        + (f.filter() == null ? "" : " filter " + print(f.filter()))
        + (f.over() == null ? "" : " over");
  }

  private static String list(List<Expression> expressions) {
    return expressions.stream().map(ExpressionPrinter::print).collect(Collectors.joining(" "));
  }
}
