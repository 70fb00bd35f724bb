package io.heliosdb.nano.plpgsql;

import io.heliosdb.nano.analyze.Analyzer;
import io.heliosdb.nano.analyze.BoundCall;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.plpgsql.PlTarget;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// CALL inside a body: arguments are evaluated, the procedure runs, and its output goes to the variables given for OUT and INOUT
/// parameters.
final class PlCall {
  private final String text;
  private final Expression.FunctionCall call;
  private final PlScope scope;
  private final PlStatementCompiler compiler;

  PlCall(String text, Expression.FunctionCall call, PlScope scope, PlStatementCompiler compiler) {
    this.text = text;
    this.call = call;
    this.scope = scope;
    this.compiler = compiler;
  }

  void run(PlFrame frame) {
    PlNames names = new PlNames(scope, frame, frame.function.conflict);
    frame.sql = "SQL statement \"" + text + "\"";
    try {
      BoundCall bound = Analyzer.analyzeCall(call, frame.host.analyzerContext(List.of()).withInferParameters(false).withVariables(names));
      @Nullable Object[] values = new Object[bound.inputs().size()];
      List<PgType> types = new ArrayList<>();
      for (int i = 0; i < values.length; i++) {
        Expr input = bound.inputs().get(i);
        values[i] = Evaluator.compile(input).evaluate(frame.context);
        types.add(input.type());
      }
      @Nullable Object[] outputs = frame.host.callProcedure(bound.procedure(), types, values, !frame.transactional);
      assign(frame, bound, outputs);
    } catch (SqlException e) {
      throw e.position() > 0 && e.internalQuery() == null && e.context() == null
          ? e.insideQuery(text, 0)
          : PlErrors.add(e, "SQL statement \"" + text + "\"");
    } finally {
      frame.sql = null;
    }
  }

  private void assign(PlFrame frame, BoundCall bound, @Nullable Object[] outputs) {
    for (int i = 0; i < bound.outputs().size(); i++) {
      BoundCall.Output output = bound.outputs().get(i);
      if (!(output.argument() instanceof Expression.ColumnReference reference) || reference.star()) {
        throw new SqlException(
            SqlState.SYNTAX_ERROR, "procedure parameter \"" + output.name() + "\" is an output parameter but corresponding argument is not writable");
      }
      PlTargets.Target target;
      try {
        target = compiler.target(new PlTarget(reference.parts(), List.of(), 0), scope);
      } catch (SqlException e) {
        throw new SqlException(
            SqlState.SYNTAX_ERROR, "procedure parameter \"" + output.name() + "\" is an output parameter but corresponding argument is not writable");
      }
      PlTargets.assign(frame, target, outputs[i], output.type(), -1);
    }
  }
}
