package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.execute.dml.TriggerFunctions;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.UserAggregate;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.UtilityStatement;
import io.heliosdb.nano.type.PgType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// User-defined functions and procedures: how they run.
final class Routines {
  /// How a function that is not built in runs; null for one that cannot.
  @Nullable Implementation implementation(SessionCore session, CallSite site) {
    return switch (site.function().body()) {
      case FunctionDef.SqlBody body -> SqlRoutines.implementation(session, site, body);
      case FunctionDef.PlPgSqlBody body -> throw SqlException.notSupported("LANGUAGE plpgsql");
      case FunctionDef.AggregateBody body -> UserAggregate.implementation(body, nested -> implementation(session, nested));
      case FunctionDef.BuiltinBody body -> null;
    };
  }

  /// Checks the body of a PL/pgSQL function as CREATE FUNCTION does: it parses.
  void check(SessionCore session, FunctionDef function) {
    if (function.body() instanceof FunctionDef.PlPgSqlBody body && session.settings().isOn("check_function_bodies")) {
      io.heliosdb.nano.parse.plpgsql.PlpgsqlParser.parse(body.source());
    }
  }

  TriggerFunctions triggerFunctions(SessionCore session) {
    return TriggerFunctions.NONE;
  }

  void runDoBlock(SessionCore session, UtilityStatement.DoBlock block) {
    throw SqlException.notSupported("DO");
  }

  void call(SessionCore session, Expression.FunctionCall call, List<PgType> types, @Nullable Object[] values) {
    throw SqlException.notSupported("CALL");
  }
}
