package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.type.PgType;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Binds the expressions and queries that DDL keeps as text, by the rules of the analyzer.
public interface DdlExpressions {
  /// What an expression is for; decides what it may contain and PostgreSQL's words for it in messages.
  enum Use {
    COLUMN_DEFAULT, GENERATED_COLUMN, CHECK_CONSTRAINT, DOMAIN_CHECK, DOMAIN_DEFAULT, INDEX_EXPRESSION, INDEX_PREDICATE, POLICY,
    TRIGGER_WHEN, PARTITION_KEY, PARTITION_BOUND, ALTER_USING, FUNCTION_DEFAULT, STATISTICS
  }

  /// @param text canonical SQL, independent of the search path, that binds to the same expression again
  /// @param columns attnums of the table that it reads, 0 for the whole row
  /// @param volatility the weakest of all functions in it: `i`, `s` or `v`
  /// @param dependencies user-made objects it refers to, besides the table's own columns
  record Bound(String text, PgType type, int typmod, int collationOid, List<Integer> columns, char volatility,
      Set<ObjectAddress> dependencies) {}

  /// The same with a schema in front of the search path.
  default DdlExpressions inSchema(int namespaceOid) {
    return this;
  }

  /// Binds over a row of `table` (null: no columns). With a target type the result is cast to it by assignment.
  Bound bind(Expression expression, @Nullable Relation table, Use use, @Nullable PgType target, int typmod);

  /// The condition of a domain's CHECK, in which VALUE has the domain's base type.
  Bound bindDomainCheck(Expression expression, PgType base, int typmod);

  record QueryColumn(String name, PgType type, int typmod, int collationOid) {}

  /// @param text canonical SQL of the query, independent of the search path
  record BoundQuery(List<QueryColumn> columns, String text, Set<ObjectAddress> dependencies, @Nullable String notUpdatable) {}

  /// Analyzes the query of a view, a materialized view or CREATE TABLE AS.
  ///
  /// @param text the query as written
  BoundQuery bindQuery(Statement query, String text);

  /// Binds a stored query; the result writes it with the names of the time it is called.
  java.util.function.Supplier<String> restateQuery(String text);

  /// The same for an expression over a row of `table` (null for none).
  java.util.function.Supplier<String> restate(String text, @Nullable Relation table, Use use);

  /// The same for an action or the condition of a rule on `relation`.
  java.util.function.Supplier<String> restateRule(String text, Relation relation, char event, boolean action);

  /// @param where, actions of a rule as the catalog keeps them
  record BoundRule(@Nullable String where, List<String> actions, Set<ObjectAddress> dependencies) {}

  /// Checks the condition and the actions of a rule on `relation`.
  BoundRule bindRule(io.heliosdb.nano.parse.ast.RoutineDdl.CreateRule statement, Relation relation, char event);

  /// Checks the body of an SQL function as CREATE FUNCTION does (parse, bind with the arguments, result type).
  void checkSqlFunction(io.heliosdb.nano.function.FunctionDef function);

  /// Checks the syntax of a PL/pgSQL function's body.
  void checkPlPgSqlFunction(io.heliosdb.nano.function.FunctionDef function);

  /// The stored text with `from` renamed to `to`: a column of `table` in an expression over that table.
  ///
  /// @param table the relation before the renaming
  String renameColumn(String text, Relation table, String from, String to);
}
