package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.SelectStatement.IntoClause;
import io.heliosdb.nano.parse.ast.SelectStatement.QueryBody;
import io.heliosdb.nano.parse.ast.SelectStatement.SelectCore;
import io.heliosdb.nano.parse.ast.SelectStatement.SetOperation;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.TableDdl;
import io.heliosdb.nano.parse.ast.TableDdl.CreateTableAs;
import io.heliosdb.nano.parse.ast.UtilityStatement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Brings the other ways to make a table from a query to `CREATE TABLE … AS query`: SELECT INTO, and EXECUTE of a prepared query.
final class TableAsSources {
  private TableAsSources() {}

  static boolean isSelectInto(SelectStatement statement) {
    return intoOf(statement.body()) != null;
  }

  /// @param text of the whole statement
  static CreateTableAs ofSelectInto(SelectStatement statement, String text) {
    IntoClause into = intoOf(statement.body());
    if (into == null) {
      throw new IllegalArgumentException("no SELECT INTO");
    }
    SelectStatement query =
        new SelectStatement(
            statement.with(), withoutInto(statement.body()), statement.orderBy(), statement.limit(), statement.locking(), statement.position());
    return new CreateTableAs(
        into.table(), false, into.persistence(), false, List.of(), null, List.of(), TableDdl.OnCommit.UNSPECIFIED, null, query, true, text);
  }

  private static @Nullable IntoClause intoOf(QueryBody body) {
    return switch (body) {
      case SelectCore core -> core.into();
      case SetOperation operation -> intoOf(operation.left());
      default -> null;
    };
  }

  private static QueryBody withoutInto(QueryBody body) {
    return switch (body) {
      case SelectCore core ->
          new SelectCore(
              core.distinct(), core.targets(), null, core.from(), core.where(), core.groupBy(), core.groupByDistinct(), core.having(),
              core.windows(), core.position());
      case SetOperation operation ->
          new SetOperation(operation.operator(), operation.all(), withoutInto(operation.left()), operation.right(), operation.position());
      default -> body;
    };
  }

  /// The statement with the prepared query in place of its EXECUTE, or as it is.
  ///
  /// @throws SqlException 26000 unknown, 42809 no query
  static Statement resolveExecute(SessionCore session, Statement statement) {
    if (!(statement instanceof CreateTableAs tableAs) || !(tableAs.query() instanceof UtilityStatement.Execute execute)) {
      return statement;
    }
    PreparedStatement prepared = session.extended().statement(execute.name());
    if (prepared.parsed() == null || !(prepared.parsed().statement() instanceof Preparable query) || prepared.plan == null) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "prepared statement is not a SELECT");
    }
    return new CreateTableAs(
        tableAs.name(), tableAs.materializedView(), tableAs.persistence(), tableAs.ifNotExists(), tableAs.columns(), tableAs.accessMethod(),
        tableAs.options(), tableAs.onCommit(), tableAs.tablespace(), (Statement) query, tableAs.withData(), prepared.text);
  }
}
