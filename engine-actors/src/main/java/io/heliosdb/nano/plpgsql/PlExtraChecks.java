package io.heliosdb.nano.plpgsql;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import org.jspecify.annotations.Nullable;

/// The checks that `plpgsql.extra_warnings` and `plpgsql.extra_errors` turn on: lists of their names, `all` or `none`.
final class PlExtraChecks {
  static final String SHADOWED_VARIABLES = "shadowed_variables";
  static final String TOO_MANY_ROWS = "too_many_rows";
  static final String STRICT_MULTI_ASSIGNMENT = "strict_multi_assignment";

  enum Level { NONE, WARNING, ERROR }

  private PlExtraChecks() {}

  static Level level(PlHost host, String check) {
    if (contains(host.setting("plpgsql.extra_errors"), check)) {
      return Level.ERROR;
    }
    return contains(host.setting("plpgsql.extra_warnings"), check) ? Level.WARNING : Level.NONE;
  }

  private static boolean contains(@Nullable String list, String check) {
    if (list == null || list.equals("none")) {
      return false;
    }
    for (String word : list.split(",")) {
      if (word.strip().equals(check) || word.strip().equals("all")) {
        return true;
      }
    }
    return false;
  }

  /// Says that an assignment has more or fewer fields than targets.
  static void checkAssignment(PlFrame frame, int sources, int targets) {
    Level level = sources == targets ? Level.NONE : level(frame.host, STRICT_MULTI_ASSIGNMENT);
    if (level == Level.NONE) {
      return;
    }
    String message = "number of source and target fields in assignment does not match";
    String detail = "strict_multi_assignment check of extra_" + (level == Level.ERROR ? "errors" : "warnings") + " is active.";
    String hint = "Make sure the query returns the exact list of columns.";
    if (level == Level.ERROR) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, message).withDetail(detail).withHint(hint);
    }
    frame.host.notice("WARNING", SqlState.DATATYPE_MISMATCH, message, detail, hint);
  }
}
