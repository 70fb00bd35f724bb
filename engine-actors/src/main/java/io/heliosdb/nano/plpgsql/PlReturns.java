package io.heliosdb.nano.plpgsql;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeIo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// RETURN, RETURN NEXT, RETURN QUERY, and how results get the shape the function declares.
final class PlReturns {
  private PlReturns() {}

  static final class Return extends PlNode {
    private final @Nullable PlCode value;

    Return(@Nullable PlCode value, int line) {
      super(line, "RETURN");
      this.value = value;
    }

    @Override
    Flow run(PlFrame frame) {
      PlFunction function = frame.function;
      if (value == null) {
        frame.returnValue = function.outputs.isEmpty() ? null : outputs(frame);
      } else if (function.trigger) {
        Object row = value.eval(frame);
        if (row != null && !(row instanceof PgRecord)) {
          throw new SqlException(SqlState.DATATYPE_MISMATCH, "cannot return non-composite value from function returning composite type");
        }
        frame.returnValue = row;
      } else if (function.returnsRow()) {
        Object row = value.eval(frame);
        if (row != null && !(row instanceof PgRecord)) {
          throw new SqlException(SqlState.DATATYPE_MISMATCH, "cannot return non-composite value from function returning composite type");
        }
        frame.returnValue = conform(frame, (PgRecord) row, "returned record type does not match expected record type");
      } else {
        frame.returnValue = value.eval(frame);
      }
      return Flow.RETURN;
    }
  }

  /// The result that the OUT parameters make.
  static @Nullable Object outputs(PlFrame frame) {
    PlFunction function = frame.function;
    List<PlVariable> outputs = function.outputs;
    if (outputs.size() == 1 && !function.procedure) {
      return frame.slots[outputs.getFirst().slot];
    }
    @Nullable Object[] values = new Object[outputs.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = frame.slots[outputs.get(i).slot];
    }
    return java.util.Objects.requireNonNull(function.resultShape).record(function.resultType, values);
  }

  /// A row as the function's result type has it; types must agree exactly.
  static @Nullable PgRecord conform(PlFrame frame, @Nullable PgRecord record, String message) {
    if (record == null) {
      return null;
    }
    PlFunction function = frame.function;
    RowShape wanted = function.resultShape;
    if (record.type().equals(function.resultType) && record.type().isComposite()) {
      return record;
    }
    RowShape given = RowShape.ofRecord(record, frame.host);
    if (wanted == null) {
      return given.record(PgTypes.RECORD, record.fields());
    }
    check(frame, given.types(), wanted, message);
    return wanted.record(function.resultType, record.fields());
  }

  static void check(PlFrame frame, List<PgType> given, RowShape wanted, String message) {
    for (int i = 0; i < Math.min(given.size(), wanted.size()); i++) {
      PgType expected = wanted.types().get(i);
      if (!given.get(i).equals(expected)) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH, message)
            .withDetail(
                "Returned type " + TypeIo.typeName(given.get(i), -1, frame.host.catalog()) + " does not match expected type "
                    + TypeIo.typeName(expected, -1, frame.host.catalog()) + " in column " + (i + 1) + ".");
      }
    }
    if (given.size() != wanted.size()) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH, message)
          .withDetail(
              "Number of returned columns (" + given.size() + ") does not match expected column count (" + wanted.size() + ").");
    }
  }

  static final class ReturnNext extends PlNode {
    private final @Nullable PlCode value;
    private final boolean variable;

    ReturnNext(@Nullable PlCode value, boolean variable, int line) {
      super(line, "RETURN NEXT");
      this.value = value;
      this.variable = variable;
    }

    @Override
    Flow run(PlFrame frame) {
      PlFunction function = frame.function;
      Object result;
      if (value == null) {
        result = outputs(frame);
      } else {
        result = value.eval(frame);
        if (function.returnsRow()) {
          if (result != null && !(result instanceof PgRecord)) {
            throw new SqlException(SqlState.DATATYPE_MISMATCH, "cannot return non-composite value from function returning composite type");
          }
          result = conform(
              frame, (PgRecord) result,
              variable ? "wrong record type supplied in RETURN NEXT" : "returned record type does not match expected record type");
          if (result == null && function.resultShape != null) {
            result = function.resultShape.record(function.resultType, new Object[function.resultShape.size()]);
          }
        }
      }
      frame.results.add(result);
      return Flow.NEXT;
    }
  }

  private static void add(PlFrame frame, @Nullable Object[] row, RowShape given) {
    PlFunction function = frame.function;
    if (function.returnsRow()) {
      RowShape shape = function.resultShape == null ? given : function.resultShape;
      frame.results.add(shape.record(function.resultShape == null ? PgTypes.RECORD : function.resultType, row));
    } else {
      frame.results.add(row[0]);
    }
  }

  private static void check(PlFrame frame, PlHost.Plan plan, RowShape given) {
    if (!plan.returnsRows()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "cannot open " + plan.kind() + " query as cursor");
    }
    PlFunction function = frame.function;
    RowShape wanted = function.resultShape;
    if (!function.returnsRow()) {
      PgType type = function.resultType;
      wanted = RowShape.of(List.of(new OutputColumn("", type, -1, type.collationOid(), 0, 0)));
    }
    if (wanted != null) {
      check(frame, given.types(), wanted, "structure of query does not match function result type");
    }
  }

  static final class ReturnQuery extends PlNode {
    private final PlCode code;

    ReturnQuery(PlCode code, int line) {
      super(line, "RETURN QUERY");
      this.code = code;
    }

    @Override
    Flow run(PlFrame frame) {
      PlHost.Plan plan = code.plan(frame);
      RowShape given = java.util.Objects.requireNonNull(code.compiled(frame).shape());
      try {
        check(frame, plan, given);
      } catch (SqlException e) {
        throw PlErrors.add(e, code.contextLine());
      }
      long count = 0;
      try (PlHost.Rows rows = code.open(frame)) {
        @Nullable Object[] row;
        while ((row = code.next(frame, rows)) != null) {
          add(frame, row, given);
          count++;
        }
      } finally {
        frame.sql = null;
      }
      frame.rowCount = count;
      frame.setFound(count > 0);
      return Flow.NEXT;
    }
  }

  static final class ReturnQueryExecute extends PlNode {
    private final PlQueries.Command command;

    ReturnQueryExecute(PlQueries.Command command, int line) {
      super(line, "RETURN QUERY");
      this.command = command;
    }

    @Override
    Flow run(PlFrame frame) {
      String text = command.evaluate(frame);
      @Nullable Object[] values = command.values(frame);
      PlHost.Plan plan = PlQueries.plan(frame, text, PlQueries.single(frame, text), command.types(frame), values);
      RowShape given = RowShape.of(plan.columns());
      try {
        check(frame, plan, given);
      } catch (SqlException e) {
        throw PlErrors.add(e, "SQL statement \"" + text + "\"");
      }
      long count = 0;
      try (PlHost.Rows rows = PlQueries.open(frame, text, plan, values)) {
        @Nullable Object[] row;
        while ((row = PlQueries.next(frame, text, rows)) != null) {
          add(frame, row, given);
          count++;
        }
      } finally {
        frame.sql = null;
      }
      frame.rowCount = count;
      frame.setFound(count > 0);
      return Flow.NEXT;
    }
  }
}
