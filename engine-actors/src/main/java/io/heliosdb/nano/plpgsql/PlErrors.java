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
