package io.heliosdb.nano.analyze;

import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.SelectStatement;
import org.jspecify.annotations.Nullable;

/// The name an output column gets when none was written. Source: PostgreSQL 15 manual, SELECT, "SELECT List".
final class ColumnNames {
  private ColumnNames() {}

  /// A name and how much it counts: a strong one is not overridden by the type name of a cast around it.
  private record Choice(@Nullable String name, int strength) {
    static final Choice NONE = new Choice(null, 0);

    static Choice strong(String name) {
      return new Choice(name, 2);
    }
  }

  static String of(Expression expression) {
    String name = choose(expression).name();
    return name == null ? "?column?" : name;
  }

  /// As [#of], for functions in FROM and index columns: null if nothing suggests a name.
  static @Nullable String orNull(Expression expression) {
    return choose(expression).name();
  }

  private static Choice choose(@Nullable Expression expression) {
    return switch (expression) {
      case null -> Choice.NONE;
      case Expression.ColumnReference column -> column.star() && column.parts().isEmpty() ? Choice.NONE : Choice.strong(column.name());
      case Expression.FieldSelection field -> Choice.strong(field.field());
      case Expression.Subscript subscript -> choose(subscript.base());
      case Expression.FunctionCall call -> Choice.strong(call.name().name());
      case Expression.NullIf nullIf -> Choice.strong("nullif");
      case Expression.Cast cast -> {
        Choice inner = choose(cast.operand());
        yield inner.strength() <= 1 ? new Choice(cast.type().simpleName(), 1) : inner;
      }
      case Expression.TypedLiteral typed -> new Choice(typed.type().simpleName(), 1);
      case Expression.LiftedLiteral lifted -> choose(lifted.literal());
      case Expression.Collate collate -> choose(collate.operand());
      case Expression.Grouping grouping -> Choice.strong("grouping");
      case Expression.Exists exists -> Choice.strong("exists");
      case Expression.ArraySubquery array -> Choice.strong("array");
      case Expression.ScalarSubquery subquery -> ofSubquery(subquery.query());
      case Expression.Case c -> {
        Choice otherwise = choose(c.otherwise());
        yield otherwise.strength() <= 1 ? new Choice("case", 1) : otherwise;
      }
      case Expression.ArrayConstructor array -> Choice.strong("array");
      case Expression.RowConstructor row -> Choice.strong("row");
      case Expression.Coalesce coalesce -> Choice.strong("coalesce");
      case Expression.MinMax minMax -> Choice.strong(minMax.greatest() ? "greatest" : "least");
      case Expression.SessionValue value -> Choice.strong(value.kind().columnName());
      case Expression.XmlConcat xml -> Choice.strong("xmlconcat");
      case Expression.XmlElement xml -> Choice.strong("xmlelement");
      case Expression.XmlForest xml -> Choice.strong("xmlforest");
      case Expression.XmlParse xml -> Choice.strong("xmlparse");
      case Expression.XmlPi xml -> Choice.strong("xmlpi");
      case Expression.XmlRoot xml -> Choice.strong("xmlroot");
      case Expression.XmlSerialize xml -> Choice.strong("xmlserialize");
      default -> Choice.NONE;
    };
  }

  private static Choice ofSubquery(SelectStatement query) {
    SelectStatement.QueryBody body = query.body();
    while (body instanceof SelectStatement.NestedQuery nested) {
      body = nested.query().body();
    }
    while (body instanceof SelectStatement.SetOperation set) {
      body = set.left();
    }
    if (body instanceof SelectStatement.SelectCore core && !core.targets().isEmpty()) {
      SelectStatement.TargetItem first = core.targets().getFirst();
      if (first.label() != null) {
        return Choice.strong(first.label());
      }
      return choose(first.expression());
    }
    return body instanceof SelectStatement.ValuesRows ? Choice.strong("column1") : Choice.NONE;
  }
}
