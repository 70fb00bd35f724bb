package io.heliosdb.nano.session;

import io.heliosdb.nano.analyze.Analyzer;
import io.heliosdb.nano.analyze.BoundCall;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.execute.dml.TriggerFunctions;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.UserAggregate;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.UtilityStatement;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.plpgsql.PlInterpreter;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// User-defined functions, procedures, trigger functions and aggregates: how they run. Stateless; what a language keeps is the session's.
final class Routines {
  /// How a function that is not built in runs; null for one that cannot.
  @Nullable Implementation implementation(SessionCore session, CallSite site) {
    FunctionDef function = site.function();
    return switch (function.body()) {
      case FunctionDef.SqlBody body -> SqlRoutines.implementation(session, site, body);
      case FunctionDef.PlPgSqlBody body -> plpgsql(session, site);
      case FunctionDef.AggregateBody body -> UserAggregate.implementation(body, nested -> implementation(session, nested));
      case FunctionDef.BuiltinBody body -> null;
    };
  }

  private Implementation plpgsql(SessionCore session, CallSite site) {
    FunctionDef function = site.function();
    if (function.returnType() == io.heliosdb.nano.type.PgTypes.TRIGGER.oid()
        || function.returnType() == io.heliosdb.nano.type.PgTypes.EVENT_TRIGGER.oid()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "trigger functions can only be called as triggers");
    }
    PlInterpreter interpreter = session.plpgsql().interpreter();
    if (function.returnsSet()) {
      return (Implementation.SetReturning)
          (context, call, arguments) -> rows(session.inFunction(
              function, () -> inEnvironment(session, function, () -> interpreter.callSet(site, arguments))));
    }
    if (!hasEnvironment(session, function)) {
      return (Implementation.Contextual) (context, call, arguments) -> session.inFunction(function, () -> interpreter.call(site, arguments));
    }
    return (Implementation.Contextual) (context, call, arguments) ->
        session.inFunction(function, () -> inEnvironment(session, function, () -> interpreter.call(site, arguments)));
  }

  static Implementation.RowSource rows(List<@Nullable Object> values) {
    Iterator<@Nullable Object> iterator = values.iterator();
    return () -> iterator.hasNext() ? iterator.next() : Implementation.RowSource.END;
  }

  // ---- SECURITY DEFINER and SET ----

  private static boolean hasEnvironment(SessionCore session, FunctionDef function) {
    Catalog.FunctionDetails details = session.catalog().functionDetails(function.oid());
    return function.securityDefiner() || details != null && !details.settings().isEmpty();
  }

  /// Runs a function as its owner if it is SECURITY DEFINER, with the settings of its SET clauses.
  static <T extends @Nullable Object> T inEnvironment(SessionCore session, FunctionDef function, Supplier<T> work) {
    Catalog.FunctionDetails details = session.catalog().functionDetails(function.oid());
    Map<String, String> settings = details == null ? Map.of() : details.settings();
    if (!function.securityDefiner() && settings.isEmpty()) {
      return work.get();
    }
    Catalog.Role sessionUser = session.sessionUser();
    Catalog.Role role = session.currentRole();
    int level = session.settings().depth();
    session.settings().pushLevel();
    try {
      if (function.securityDefiner()) {
        Catalog.Role owner = session.catalog().role(function.ownerOid());
        if (owner != null) {
          session.setRoles(sessionUser, owner);
        }
      }
      settings.forEach((name, value) -> SettingStatements.set(session, name, value, true));
      return work.get();
    } finally {
      while (session.settings().depth() > level) {
        session.settings().rollbackLevel();
      }
      session.setRoles(sessionUser, role);
    }
  }

  // ---- definitions ----

  /// Checks the body of a PL/pgSQL function as CREATE FUNCTION does: it parses and its declarations make sense.
  void check(SessionCore session, FunctionDef function) {
    if (function.body() instanceof FunctionDef.PlPgSqlBody && session.settings().isOn("check_function_bodies")) {
      session.plpgsql().interpreter().check(function);
    }
  }

  // ---- triggers ----

  /// Fires the event triggers of a command, in order of their names.
  void fireEventTriggers(SessionCore session, String event, String tag) {
    List<io.heliosdb.nano.catalog.CatalogObject.DefinedObject> triggers = new ArrayList<>();
    boolean replica = "replica".equals(session.settings().get("session_replication_role"));
    if (!(session.catalog() instanceof io.heliosdb.nano.catalog.CatalogSnapshot catalog)) {
      return;
    }
    for (io.heliosdb.nano.catalog.CatalogObject.DefinedObject trigger
        : catalog.<io.heliosdb.nano.catalog.CatalogObject.DefinedObject>objects(io.heliosdb.nano.catalog.ObjectClass.EVENT_TRIGGER)) {
      if (io.heliosdb.nano.catalog.ddl.EventTriggerCommands.fires(trigger, event, tag, replica)) {
        triggers.add(trigger);
      }
    }
    triggers.sort(java.util.Comparator.comparing(io.heliosdb.nano.catalog.CatalogObject.DefinedObject::name));
    for (io.heliosdb.nano.catalog.CatalogObject.DefinedObject trigger : triggers) {
      FunctionDef function = session.catalog().function(trigger.references().getFirst().objectOid());
      session.inFunction(function, () -> inEnvironment(session, function, () -> {
        session.plpgsql().interpreter().callEventTrigger(function, event, tag);
        return null;
      }));
    }
  }

  TriggerFunctions triggerFunctions(SessionCore session) {
    return (trigger, event) -> {
      FunctionDef function = session.catalog().function(trigger.functionOid());
      if (function == null) {
        throw new SqlException(SqlState.UNDEFINED_FUNCTION, "function of trigger \"" + trigger.name() + "\" does not exist");
      }
      if (!(function.body() instanceof FunctionDef.PlPgSqlBody)) {
        if (function.name().equals("suppress_redundant_updates_trigger") && function.body() instanceof FunctionDef.BuiltinBody) {
          return suppressRedundant(event);
        }
        if (SearchTriggers.isOne(function.name()) && function.body() instanceof FunctionDef.BuiltinBody) {
          return SearchTriggers.call(session.queries().callContext(), function.name(), trigger, event);
        }
        throw SqlException.notSupported("trigger function " + function.name());
      }
      return session.inFunction(
          function, () -> inEnvironment(session, function, () -> session.plpgsql().interpreter().callTrigger(trigger, function, event)));
    };
  }

  /// The built-in trigger that leaves rows which an UPDATE does not change.
  private static @Nullable Object @Nullable [] suppressRedundant(TriggerFunctions.Event event) {
    String name = "suppress_redundant_updates_trigger";
    if (event.timing() != 'b' || event.event() != 'u' || !event.forEachRow()) {
      String when = event.event() != 'u' ? "on update" : event.timing() != 'b' ? "before update" : "for each row";
      throw new SqlException(SqlState.E_R_I_E_TRIGGER_PROTOCOL_VIOLATED, name + ": must be called " + when);
    }
    return java.util.Arrays.equals(event.oldRow(), event.newRow()) ? null : event.newRow();
  }

  // ---- DO and CALL ----

  void runDoBlock(SessionCore session, UtilityStatement.DoBlock block) {
    String language = block.language() == null ? "plpgsql" : block.language();
    if (!language.equalsIgnoreCase("plpgsql")) {
      if (language.equalsIgnoreCase("sql")) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "language \"sql\" does not support inline code execution");
      }
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "language \"" + language + "\" does not exist");
    }
    session.plpgsql().interpreter().runDoBlock(block.body(), session.plpgsql().isOutermost());
  }

  void call(SessionCore session, Expression.FunctionCall call, List<PgType> types, @Nullable Object[] values) {
    call(session, call, session.queries().analyzerContext(new ArrayList<>(types)), values);
  }

  void call(SessionCore session, Expression.FunctionCall call, io.heliosdb.nano.analyze.AnalyzerContext context, @Nullable Object[] values) {
    BoundCall bound = Analyzer.analyzeCall(call, context);
    @Nullable Object[] arguments = new Object[bound.inputs().size()];
    List<PgType> argumentTypes = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      Expr input = bound.inputs().get(i);
      arguments[i] = Evaluator.compile(input).evaluate(session.plpgsql().expressionContext(values));
      argumentTypes.add(input.type());
    }
    boolean outermost = session.plpgsql().isOutermost() || session.plpgsql().interpreter().isTransactional();
    @Nullable Object[] outputs = callProcedure(session, bound.procedure(), argumentTypes, arguments, !outermost);
    List<OutputColumn> columns = outputColumns(bound);
    if (columns != null) {
      Results results = new Results(session.sink()).columns(columns);
      results.row(outputs);
      results.end("CALL");
    } else {
      session.sink().commandComplete("CALL");
    }
  }

  /// The columns of the row of output arguments; null when the procedure has none.
  @Nullable List<OutputColumn> callColumns(SessionCore session, Expression.FunctionCall call, List<PgType> types) {
    return outputColumns(Analyzer.analyzeCall(call, session.queries().analyzerContext(new ArrayList<>(types))));
  }

  private static @Nullable List<OutputColumn> outputColumns(BoundCall bound) {
    if (bound.outputs().isEmpty()) {
      return null;
    }
    List<OutputColumn> columns = new ArrayList<>();
    bound.outputs().forEach(output -> columns.add(Results.columnOf(output.name(), output.type())));
    return columns;
  }

  /// @param atomic whether the procedure may not end the transaction
  @Nullable Object[] callProcedure(SessionCore session, FunctionDef procedure, List<PgType> types, @Nullable Object[] arguments, boolean atomic) {
    session.engine().privileges().checkExecute(session, procedure);
    boolean closed = atomic || hasEnvironment(session, procedure);
    return switch (procedure.body()) {
      case FunctionDef.PlPgSqlBody body ->
          inEnvironment(session, procedure, () -> session.plpgsql().interpreter().callProcedure(procedure, types, arguments, !closed));
      case FunctionDef.SqlBody body -> SqlRoutines.callProcedure(session, procedure, types, arguments);
      default -> throw SqlException.notSupported("CALL of procedure \"" + procedure.name() + "\"");
    };
  }
}
