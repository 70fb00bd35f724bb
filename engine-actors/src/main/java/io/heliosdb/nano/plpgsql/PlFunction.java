package io.heliosdb.nano.plpgsql;

import io.heliosdb.nano.analyze.AnalyzerContext;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeIo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A compiled function, procedure, trigger function or DO block, for certain argument types. Made by [PlCompiler]; confined to one session.
final class PlFunction {
  final String signature;
  final AnalyzerContext.Variables.Conflict conflict;
  final boolean printStrictParameters;
  final boolean trigger;
  final boolean procedure;
  final boolean returnsSet;
  final boolean inline;

  /// The type of the result (of one row of a set); VOID for procedures without output.
  final PgType resultType;

  /// The fields of a row result; null when they are not known or the result is no row.
  final @Nullable RowShape resultShape;

  /// Variables of the input arguments in order, and of the OUT, INOUT and TABLE parameters.
  final List<PlVariable> inputs;
  final List<PlVariable> outputs;

  /// Variables with fixed names that the caller sets (`new`, `tg_op`, …).
  final Map<String, PlVariable> special;

  /// Transition tables by name, with the hidden variable that holds their rows.
  final Map<String, PlVariable> transitionTables;
  int slotCount;
  int codeCount;
  int foundSlot;
  @Nullable PlNode body;

  PlFunction(
      String signature, AnalyzerContext.Variables.Conflict conflict, boolean printStrictParameters, boolean trigger, boolean procedure,
      boolean returnsSet, boolean inline, PgType resultType, @Nullable RowShape resultShape, List<PlVariable> inputs, List<PlVariable> outputs,
      Map<String, PlVariable> special, Map<String, PlVariable> transitionTables) {
    this.signature = signature;
    this.conflict = conflict;
    this.printStrictParameters = printStrictParameters;
    this.trigger = trigger;
    this.procedure = procedure;
    this.returnsSet = returnsSet;
    this.inline = inline;
    this.resultType = resultType;
    this.resultShape = resultShape;
    this.inputs = inputs;
    this.outputs = outputs;
    this.special = special;
    this.transitionTables = transitionTables;
  }

  boolean returnsRow() {
    return resultType.ultimateBase().isComposite() || resultType.oid() == PgTypes.RECORD.oid();
  }

  boolean isVoid() {
    return resultType.oid() == PgTypes.VOID.oid();
  }

  // ---- running ----

  interface Setup {
    void fill(PlFrame frame);
  }

  /// Runs the body; the frame then holds the result.
  PlFrame run(PlInterpreter interpreter, boolean transactional, Setup setup) {
    PlFrame frame = interpreter.enter(this, transactional);
    try {
      frame.setFound(false);
      setup.fill(frame);
      PlNode block = java.util.Objects.requireNonNull(body);
      frame.current = block;
      PlNode.Flow flow = block.run(frame);
      if (flow != PlNode.Flow.RETURN) {
        frame.current = null;
        finish(frame);
      }
      return frame;
    } catch (SqlException e) {
      throw frame.rethrown == e ? e : PlErrors.add(e, frame.describe());
    } catch (StackOverflowError e) {
      throw PlErrors.stackDepth();
    } finally {
      interpreter.leave(frame);
    }
  }

  /// The end of the body without RETURN.
  private void finish(PlFrame frame) {
    if (!outputs.isEmpty() && !returnsSet) {
      frame.returnValue = PlReturns.outputs(frame);
    } else if (trigger) {
      throw new SqlException(
          SqlState.S_R_E_FUNCTION_EXECUTED_NO_RETURN_STATEMENT, "control reached end of trigger procedure without RETURN");
    } else if (!returnsSet && !isVoid() && !procedure && !inline) {
      throw new SqlException(SqlState.S_R_E_FUNCTION_EXECUTED_NO_RETURN_STATEMENT, "control reached end of function without RETURN");
    }
  }

  void setArguments(PlFrame frame, @Nullable Object[] arguments) {
    for (int i = 0; i < inputs.size() && i < arguments.length; i++) {
      PlVariable variable = inputs.get(i);
      Object value = arguments[i];
      if (variable.isRecord() && value instanceof PgRecord record) {
        PlTargets.assign(frame, variable, record, record.type(), -1);
      } else {
        frame.slots[variable.slot] = value;
      }
    }
  }

  @Nullable Object call(PlInterpreter interpreter, @Nullable Object[] arguments) {
    PlFrame frame = run(interpreter, false, f -> setArguments(f, arguments));
    return isVoid() && outputs.isEmpty() ? "" : frame.returnValue;
  }

  List<@Nullable Object> callSet(PlInterpreter interpreter, @Nullable Object[] arguments) {
    return run(interpreter, false, f -> setArguments(f, arguments)).results;
  }

  /// Values of the OUT and INOUT parameters in order.
  @Nullable Object[] callProcedure(PlInterpreter interpreter, @Nullable Object[] arguments, boolean transactional) {
    PlFrame frame = run(interpreter, transactional, f -> setArguments(f, arguments));
    return frame.returnValue instanceof PgRecord record ? record.fields() : new Object[outputs.size()];
  }

  // ---- transition tables ----

  /// The statement with the transition tables it names as common table expressions.
  Preparable withTransitionTables(Preparable statement, String text) {
    return transitionTables.isEmpty() ? statement : PlTransitions.add(statement, text, transitionTables);
  }

  // ---- messages ----

  static String quoted(@Nullable Object value, PgType type, PlFrame frame) {
    return value == null ? "NULL" : "'" + TypeIo.toText(type, value, frame.host.io()).replace("'", "''") + "'";
  }
}
