package io.heliosdb.nano.parse.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An item of FROM.
public sealed interface FromItem {
  int position();

  /// `name [(column, …)]` after an item; columns may be empty.
  record Alias(String name, List<String> columns, int position) {}

  /// A table, view or common table expression. `only` excludes children. `version` is AS OF or VERSIONS BETWEEN.
  record Table(
      QualifiedName name,
      boolean only,
      @Nullable Alias alias,
      @Nullable TableSample sample,
      @Nullable VersionClause version,
      int position)
      implements FromItem {}

  /// `TABLESAMPLE method (arguments) [REPEATABLE (seed)]`.
  record TableSample(QualifiedName method, List<Expression> arguments, @Nullable Expression repeatable, int position) {}

  /// `[LATERAL] (SELECT …)`.
  record Subquery(boolean lateral, SelectStatement query, @Nullable Alias alias, int position) implements FromItem {}

  /// `[LATERAL] f(…)` (one function) or `ROWS FROM (f(…), …)`.
  record Functions(
      boolean lateral,
      boolean rowsFrom,
      List<RangeFunction> functions,
      boolean withOrdinality,
      @Nullable Alias alias,
      List<ColumnDefinition> columns,
      int position)
      implements FromItem {}

  /// One function of a [Functions] item, with the column definition list it has inside ROWS FROM. The call is a [Expression.FunctionCall]
  /// or one of the special forms that PostgreSQL accepts as a table function (COALESCE, CURRENT_DATE, …).
  record RangeFunction(Expression call, List<ColumnDefinition> columns) {}

  /// A column of a column definition list: `name type [COLLATE c]`.
  record ColumnDefinition(String name, TypeName type, @Nullable QualifiedName collation, int position) {}

  /// `[LATERAL] XMLTABLE(…)`.
  record XmlTable(
      boolean lateral,
      List<XmlNamespace> namespaces,
      Expression row,
      Expression document,
      List<XmlColumn> columns,
      @Nullable Alias alias,
      int position)
      implements FromItem {}

  /// A namespace of XMLTABLE; name null means DEFAULT.
  record XmlNamespace(@Nullable String name, Expression uri, int position) {}

  /// A column of XMLTABLE; type null means FOR ORDINALITY.
  record XmlColumn(
      String name,
      @Nullable TypeName type,
      @Nullable Expression path,
      @Nullable Expression defaultValue,
      boolean notNull,
      int position) {}

  /// A join. At most one of natural, using, on is given; a cross join has none. `alias` is that of a parenthesised join,
  /// `usingAlias` the one of `USING (…) AS alias`. Position is that of the left item.
  record Join(
      JoinType type,
      FromItem left,
      FromItem right,
      boolean natural,
      List<Name> using,
      @Nullable Alias usingAlias,
      @Nullable Expression on,
      @Nullable Alias alias,
      int position)
      implements FromItem {}

  enum JoinType { CROSS, INNER, LEFT, RIGHT, FULL }
}
