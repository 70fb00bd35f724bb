package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.expr.Expr.Call.Form;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.List;
import java.util.Locale;

/// CURRENT_DATE, CURRENT_USER and their kin, as calls of ordinary functions.
final class SessionValues {
  private SessionValues() {}

  static Node bind(Analysis analysis, Expression.SessionValue value) {
    int position = value.position();
    Node result =
        switch (value.kind()) {
          case CURRENT_DATE -> fromNow(analysis, PgTypes.DATE, value);
          case CURRENT_TIME -> fromNow(analysis, PgTypes.TIMETZ, value);
          case CURRENT_TIMESTAMP -> fromNow(analysis, PgTypes.TIMESTAMPTZ, value);
          case LOCALTIME -> fromNow(analysis, PgTypes.TIME, value);
          case LOCALTIMESTAMP -> fromNow(analysis, PgTypes.TIMESTAMP, value);
          case CURRENT_ROLE, CURRENT_USER, USER -> call(analysis, "current_user", position);
          case SESSION_USER -> call(analysis, "session_user", position);
          case CURRENT_CATALOG -> call(analysis, "current_database", position);
          case CURRENT_SCHEMA -> call(analysis, "current_schema", position);
        };
    String text = value.kind().name().toUpperCase(Locale.ROOT);
    return new Node.SessionValue(position, value.precision() < 0 ? text : text + "(" + value.precision() + ")", result);
  }

  private static Node fromNow(Analysis analysis, PgType type, Expression.SessionValue value) {
    Node now = call(analysis, "now", value.position());
    int precision = value.precision();
    if (precision > 6) {
      precision = 6;
    }
    Node result = analysis.coercion.toTarget(now, type, precision, Coercion.Context.EXPLICIT, Form.IMPLICIT_CAST, value.position());
    if (result == null) {
      throw new SqlException(SqlState.INTERNAL_ERROR, "no conversion of now() to " + type.name());
    }
    return result;
  }

  private static Node call(Analysis analysis, String name, int position) {
    for (FunctionDef function : analysis.catalog.functions(Catalog.PG_CATALOG, name)) {
      if (function.argumentTypes().isEmpty()) {
        return new Node.Func(position, function, analysis.types.byOid(function.returnType()), List.of(), Form.FUNCTION, false, true);
      }
    }
    throw new SqlException(SqlState.UNDEFINED_FUNCTION, "function " + name + "() does not exist").at(position);
  }
}
