package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.FromItem;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.TypeName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// XMLTABLE as a lateral sub-query: a function gives each row as an array of text, and the targets make the columns' types of its elements.
///
/// ```
/// XMLTABLE(row PASSING doc COLUMNS a int PATH p DEFAULT d, n FOR ORDINALITY)
/// (SELECT CASE WHEN r[1] IS NULL THEN d::int ELSE r[1]::int END AS a, o::int AS n
///    FROM heliosdb_xmltable(row, doc, namespaces, ARRAY[p], kinds) WITH ORDINALITY AS x (r, o))
/// ```
/// Pure rewriting of syntax trees.
final class XmlTableQuery {
  /// Names that no user writes, so that nothing of the outer query is hidden.
  private static final String ROWS = "?xmltable?";
  private static final String VALUES = "?values?";
  private static final String NUMBER = "?number?";

  private static final Set<String> NUMBER_TYPES = Set.of(
      "int2", "int4", "int8", "smallint", "int", "integer", "bigint", "float4", "float8", "real", "numeric", "decimal", "money", "oid");

  private XmlTableQuery() {}

  static FromItem.Subquery of(FromItem.XmlTable xml) {
    int at = xml.position();
    FromItem.Alias alias = xml.alias() == null ? new FromItem.Alias("xmltable", List.of(), at) : xml.alias();
    if (alias.columns().size() > xml.columns().size()) {
      throw new SqlException(SqlState.INVALID_COLUMN_REFERENCE,
          "XMLTABLE function has " + xml.columns().size() + " columns available but " + alias.columns().size() + " columns specified");
    }
    List<Expression> paths = new ArrayList<>();
    List<Expression> kinds = new ArrayList<>();
    List<SelectStatement.TargetItem> targets = new ArrayList<>();
    Set<String> names = new HashSet<>();
    boolean ordinality = false;
    for (FromItem.XmlColumn column : xml.columns()) {
      if (!names.add(column.name())) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "column name \"" + column.name() + "\" is not unique").at(column.position());
      }
      if (column.type() == null) {
        if (ordinality) {
          throw new SqlException(SqlState.SYNTAX_ERROR, "only one FOR ORDINALITY column is allowed").at(column.position());
        }
        ordinality = true;
        targets.add(target(new Expression.Cast(reference(NUMBER, at), TypeName.system("int4", at), at), column));
        continue;
      }
      paths.add(column.path() == null ? new Expression.StringLiteral(column.name(), column.position()) : column.path());
      boolean checked = column.notNull() && column.defaultValue() == null;
      kinds.add(new Expression.StringLiteral(kind(column.type()) + (checked ? "!" : " ") + column.name(), at));
      targets.add(target(value(column, paths.size()), column));
    }
    List<Expression> namespaces = new ArrayList<>();
    for (FromItem.XmlNamespace namespace : xml.namespaces()) {
      if (namespace.name() == null) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "DEFAULT namespace is not supported").at(namespace.position());
      }
      namespaces.add(new Expression.StringLiteral(namespace.name(), namespace.position()));
      namespaces.add(namespace.uri());
    }
    Expression call = Expression.FunctionCall.system(
        "heliosdb_xmltable", at, xml.row(), xml.document(), texts(namespaces, at), texts(paths, at), texts(kinds, at));
    FromItem rows = new FromItem.Functions(true, false, List.of(new FromItem.RangeFunction(call, List.of())), true,
        new FromItem.Alias(ROWS, List.of(VALUES, NUMBER), at), List.of(), at);
    SelectStatement query = new SelectStatement(null,
        new SelectStatement.SelectCore(null, targets, null, List.of(rows), null, List.of(), false, null, List.of(), at), List.of(), null, List.of(), at);
    return new FromItem.Subquery(true, query, alias, at);
  }

  private static char kind(TypeName type) {
    String name = type.name().name();
    return type.isArray() ? 't' : name.equals("xml") ? 'x' : NUMBER_TYPES.contains(name) ? 'n' : 't';
  }

  private static Expression texts(List<Expression> elements, int at) {
    TypeName text = TypeName.system("_text", at);
    return new Expression.Cast(new Expression.ArrayConstructor(elements, at), text, at);
  }

  private static Expression reference(String column, int at) {
    return new Expression.ColumnReference(List.of(ROWS, column), false, at);
  }

  private static SelectStatement.TargetItem target(Expression value, FromItem.XmlColumn column) {
    return new SelectStatement.TargetItem(value, column.name(), column.position());
  }

  private static Expression value(FromItem.XmlColumn column, int index) {
    int at = column.position();
    Expression text = new Expression.Subscript(reference(VALUES, at), false, null, new Expression.IntegerLiteral(index, at), false, at);
    Expression value = new Expression.Cast(text, column.type(), at);
    if (column.defaultValue() == null) {
      return value;
    }
    Expression otherwise = new Expression.Cast(column.defaultValue(), column.type(), at);
    if (column.notNull()) {
      Expression error = Expression.FunctionCall.system("heliosdb_xmltable_null", at, new Expression.StringLiteral(column.name(), at));
      otherwise = new Expression.Coalesce(List.of(otherwise, new Expression.Cast(error, column.type(), at)), at);
    }
    return new Expression.Coalesce(List.of(value, otherwise), at);
  }
}
