package io.heliosdb.nano.session;

import io.heliosdb.nano.analyze.AnalyzerContext;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.SessionServices.NestedResult;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.ParsedStatement;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs the text of a SQL function: arguments are `$n` and, where a column does not take the name, their names.
final class SqlFunctionBodies {
  private SqlFunctionBodies() {}

  static NestedResult run(SessionCore session, FunctionDef function, String source, List<@Nullable Object> arguments, List<Integer> typeOids) {
    List<@Nullable PgType> types = new ArrayList<>();
    typeOids.forEach(oid -> types.add(session.catalog().byOid(oid)));
    NestedResult result = new NestedResult(List.of(), List.of(), List.of(), 0, "");
    for (ParsedStatement statement : Parser.parse(source, session.parseSettings())) {
      if (statement.statement() instanceof Preparable query) {
        AnalyzerContext context = session.queries().analyzerContext(types).withVariables(new ArgumentNames(function, types));
        result = NestedStatements.run(session, session.queries().plan(query, context), arguments.toArray());
      } else {
        result = NestedStatements.run(session, statement, arguments.toArray(), types);
      }
    }
    return result;
  }

  /// Checks a body as CREATE FUNCTION does: it parses and its queries bind.
  static void check(SessionCore session, FunctionDef function) {
    if (!(function.body() instanceof FunctionDef.SqlBody body) || !session.settings().isOn("check_function_bodies")) {
      return;
    }
    List<@Nullable PgType> types = new ArrayList<>();
    for (int oid : function.argumentTypes()) {
      PgType type = session.catalog().byOid(oid);
      if (type.isPseudo()) {
        return;
      }
      types.add(type);
    }
    for (ParsedStatement statement : Parser.parse(body.source(), session.parseSettings())) {
      if (statement.statement() instanceof Preparable query) {
        io.heliosdb.nano.analyze.Analyzer.analyze(query, session.queries().analyzerContext(types).withVariables(new ArgumentNames(function, types)));
      }
    }
  }

  /// Argument names as variables; a column of the same name wins, as PostgreSQL's SQL functions have it.
  private record ArgumentNames(FunctionDef function, List<? extends @Nullable PgType> types) implements AnalyzerContext.Variables {
    @Override
    public Conflict conflict() {
      return Conflict.COLUMN;
    }

    @Override
    public @Nullable Variable resolve(List<String> parts) {
      int first = parts.size() > 1 && parts.getFirst().equals(function.name()) ? 1 : 0;
      List<String> names = function.argumentNames();
      if (names == null) {
        return null;
      }
      int input = 0;
      for (int i = 0; i < names.size(); i++) {
        char mode = function.argumentModes() == null ? 'i' : function.argumentModes().charAt(i);
        if (mode == 'o' || mode == 't') {
          continue;
        }
        if (names.get(i).equals(parts.get(first)) && input < types.size()) {
          PgType type = types.get(input);
          return new Variable(input + 1, type, -1, type.collationOid(), first + 1);
        }
        input++;
      }
      return null;
    }
  }
}
