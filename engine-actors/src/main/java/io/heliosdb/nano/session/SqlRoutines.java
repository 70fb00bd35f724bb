package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.SessionServices.NestedResult;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// LANGUAGE SQL functions: the body's statements run with the arguments as parameters, the last one gives the result.
final class SqlRoutines {
  private SqlRoutines() {}

  static Implementation implementation(SessionCore session, CallSite site, FunctionDef.SqlBody body) {
    FunctionDef function = site.function();
    if (function.returnsSet()) {
      return (Implementation.SetReturning) (context, call, arguments) -> rows(run(session, site, body, arguments), site, session);
    }
    return (Implementation.Contextual)
        (context, call, arguments) -> {
          NestedResult result = run(session, site, body, arguments);
          if (function.returnType() == io.heliosdb.nano.type.PgTypes.VOID.oid() || result.rows().isEmpty()) {
            return null;
          }
          return value(result.rows().getFirst(), result, site, session);
        };
  }

  private static NestedResult run(SessionCore session, CallSite site, FunctionDef.SqlBody body, @Nullable Object[] arguments) {
    List<Integer> types = site.argumentTypes().stream().map(PgType::oid).toList();
    try {
      return SqlFunctionBodies.run(session, site.function(), body.source(), Arrays.asList(arguments.clone()), types);
    } catch (SqlException e) {
      throw e.context() != null ? e : e.withContext("SQL function \"" + site.function().name() + "\" statement 1");
    }
  }

  /// CALL of a procedure: the last statement's row gives the OUT parameters.
  static @Nullable Object[] callProcedure(SessionCore session, FunctionDef procedure, List<PgType> types, @Nullable Object[] arguments) {
    PgType result = session.catalog().byOid(procedure.returnType());
    CallSite site = new CallSite(procedure, types, result, -1, 0, false);
    NestedResult rows = run(session, site, (FunctionDef.SqlBody) procedure.body(), arguments);
    return rows.rows().isEmpty() ? new Object[0] : rows.rows().getFirst();
  }

  private static @Nullable Object value(@Nullable Object[] row, NestedResult result, CallSite site, SessionCore session) {
    boolean composite = site.resultType().isComposite() || site.resultType().oid() == 2249;
    if (composite && !(row.length == 1 && (row[0] instanceof PgRecord || row[0] == null && isComposite(result, session)))) {
      List<PgType> types = new ArrayList<>();
      result.typeOids().forEach(oid -> types.add(session.catalog().byOid(oid)));
      return PgRecord.of(site.resultType(), types, row);
    }
    if (row.length == 0) {
      throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "SQL function returned a row without columns");
    }
    return row[0];
  }

  private static boolean isComposite(NestedResult result, SessionCore session) {
    return session.catalog().byOid(result.typeOids().getFirst()).isComposite();
  }

  private static Implementation.RowSource rows(NestedResult result, CallSite site, SessionCore session) {
    Iterator<@Nullable Object[]> iterator = result.rows().iterator();
    return () -> iterator.hasNext() ? value(iterator.next(), result, site, session) : Implementation.RowSource.END;
  }
}
