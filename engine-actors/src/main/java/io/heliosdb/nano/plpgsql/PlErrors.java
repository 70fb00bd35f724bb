package io.heliosdb.nano.plpgsql;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.plpgsql.PlStatement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Error contexts and conditions.
final class PlErrors {
  private PlErrors() {}

  /// The error with a line added to its context, which grows outwards.
  static SqlException add(SqlException e, String line) {
    return e.withContext(e.context() == null ? line : e.context() + "\n" + line);
  }

  /// A mistake in a body that the client's statement holds: its position becomes one in the statement, or else in the body, which is
  /// shown then. Without a position the context says where it is.
  ///
  /// @param statement the client's text, null when there is none
  static SqlException inBody(SqlException e, String body, @Nullable String statement, String function) {
    if (e.internalQuery() != null) {
      return e;
    }
    if (e.position() == 0) {
      String near = e.context();
      return near == null || !near.startsWith("near line ") ? e
          : e.withContext("compilation of PL/pgSQL function \"" + function + "\" " + near);
    }
    int at = statement == null ? -1 : statement.indexOf(body);
    if (at < 0 || statement.indexOf(body, at + 1) >= 0) {
      return e.insideQuery(body, 0);
    }
    SqlException moved = new SqlException(e.state(), e.getMessage()).withDetail(e.detail()).withHint(e.hint()).withContext(e.context());
    return moved.at(e.position() + statement.codePointCount(0, at));
  }

  static SqlException stackDepth() {
    return new SqlException(SqlState.STATEMENT_TOO_COMPLEX, "stack depth limit exceeded")
        .withHint("The functions call one another too deeply.");
  }

  /// Whether a handler's conditions name the error. `others` leaves out cancellation and failed assertions; what ends the session is never
  /// handled.
  static boolean matches(List<PlStatement.Condition> conditions, SqlException e) {
    if (e.state().endsSession()) {
      return false;
    }
    String code = e.state().code();
    for (PlStatement.Condition condition : conditions) {
      if (condition.sqlState() != null) {
        if (matches(condition.sqlState(), code)) {
          return true;
        }
      } else if ("others".equals(condition.name())) {
        if (!e.state().equals(SqlState.QUERY_CANCELED) && !e.state().equals(SqlState.ASSERT_FAILURE)) {
          return true;
        }
      } else {
        SqlState state = state(condition.name());
        if (state != null && matches(state.code(), code)) {
          return true;
        }
      }
    }
    return false;
  }

  /// A code whose last three digits are 000 stands for its whole class.
  private static boolean matches(String wanted, String code) {
    return wanted.equals(code) || wanted.endsWith("000") && code.startsWith(wanted.substring(0, 2));
  }

  static @Nullable SqlState state(@Nullable String condition) {
    return condition == null ? null : SqlState.ofCondition(condition);
  }
}
