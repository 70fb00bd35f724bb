package io.heliosdb.nano.plpgsql;

import io.heliosdb.nano.analyze.AnalyzedStatement;
import io.heliosdb.nano.analyze.Analyzer;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.ParsedStatement;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.TransactionStatement;
import io.heliosdb.nano.parse.ast.UtilityStatement;
import io.heliosdb.nano.parse.plpgsql.PlStatement;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeIo;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Statements that run SQL: static, dynamic, in loops.
final class PlQueries {
  private PlQueries() {}

  /// The rows a dynamic command gives, and how they look.
  record Dynamic(PlHost.Plan plan, PlHost.Rows rows, RowShape shape) {}

  static final class Sql extends PlNode {
    private final PlCode code;
    private final List<PlTargets.Target> into;
    private final boolean hasInto;
    private final boolean strict;

    Sql(PlCode code, List<PlTargets.Target> into, boolean strict, int line) {
      super(line, "SQL statement");
      this.code = code;
      this.into = into;
      this.hasInto = !into.isEmpty();
      this.strict = strict;
    }

    @Override
    Flow run(PlFrame frame) {
      PlHost.Plan plan = code.plan(frame);
      if (hasInto && !plan.returnsRows()) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "INTO used with a command that cannot return data");
      }
      if (!hasInto && plan.returnsRows()) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "query has no destination for result data")
            .withHint(plan.kind() == AnalyzedStatement.Kind.SELECT ? "If you want to discard the results of a SELECT, use PERFORM instead." : null);
      }
      PlCode.Compiled compiled = code.compiled(frame);
      @Nullable Object[] first = null;
      long count;
      try (PlHost.Rows rows = code.open(frame)) {
        boolean exact = strict || hasInto && PlExtraChecks.level(frame.host, PlExtraChecks.TOO_MANY_ROWS) != PlExtraChecks.Level.NONE;
        count = read(frame, rows, plan, (f, r) -> code.next(f, r), exact, hasInto, row -> {});
        first = lastRow;
        lastRow = null;
        if (plan.kind() != AnalyzedStatement.Kind.SELECT) {
          count = rows.affected();
        }
      } finally {
        frame.sql = null;
      }
      if (hasInto) {
        check(count, strict, plan.kind(), frame, code);
        PlTargets.assignColumns(frame, into, count == 0 ? null : first, plan.columns(), java.util.Objects.requireNonNull(compiled.shape()));
        frame.rowCount = plan.kind() == AnalyzedStatement.Kind.SELECT ? Math.min(count, 1) : count;
      } else {
        frame.rowCount = count;
      }
      frame.setFound(count > 0);
      return Flow.NEXT;
    }

    private @Nullable Object @Nullable [] lastRow;

    private long read(
        PlFrame frame, PlHost.Rows rows, PlHost.Plan plan, Reader reader, boolean exact, boolean wanted, java.util.function.Consumer<@Nullable Object[]> none) {
      boolean select = plan.kind() == AnalyzedStatement.Kind.SELECT;
      long count = 0;
      @Nullable Object[] first = null;
      while (true) {
        @Nullable Object[] row = reader.next(frame, rows);
        if (row == null) {
          break;
        }
        count++;
        if (first == null) {
          first = row;
        }
        // A SELECT needs no more than it takes to know whether there is more than one row; changes run to their ends.
        if (select && wanted && count >= (exact ? 2 : 1)) {
          break;
        }
      }
      lastRow = first;
      return count;
    }
  }

  private interface Reader {
    @Nullable Object @Nullable [] next(PlFrame frame, PlHost.Rows rows);
  }

  private static void check(long count, boolean strict, AnalyzedStatement.Kind kind, PlFrame frame, PlCode code) {
    if (count == 0 && strict) {
      throw new SqlException(SqlState.NO_DATA_FOUND, "query returned no rows").withDetail(code.parameterDetail(frame));
    }
    if (count <= 1) {
      return;
    }
    boolean required = strict || kind != AnalyzedStatement.Kind.SELECT;
    PlExtraChecks.Level level = required ? PlExtraChecks.Level.ERROR : PlExtraChecks.level(frame.host, PlExtraChecks.TOO_MANY_ROWS);
    String message = "query returned more than one row";
    String hint = "Make sure the query returns a single row, or use LIMIT 1.";
    if (level == PlExtraChecks.Level.ERROR) {
      throw new SqlException(SqlState.TOO_MANY_ROWS, message).withDetail(code.parameterDetail(frame)).withHint(hint);
    }
    if (level == PlExtraChecks.Level.WARNING) {
      frame.host.notice("WARNING", SqlState.TOO_MANY_ROWS, message, code.parameterDetail(frame), hint);
    }
  }

  /// A statement that is no query.
  static final class Utility extends PlNode {
    private final String text;
    private final Statement statement;

    /// @param what names the statement in contexts of errors
    Utility(String text, Statement statement, int line, String what) {
      super(line, what);
      this.text = text;
      this.statement = statement;
    }

    @Override
    Flow run(PlFrame frame) {
      runUtility(frame, text, new ParsedStatement(statement, text, 0, text.length(), 0));
      return Flow.NEXT;
    }
  }

  private static PlHost.UtilityResult runUtility(PlFrame frame, String text, ParsedStatement parsed) {
    if (parsed.statement() instanceof TransactionStatement transaction && !(transaction instanceof TransactionStatement.LockTable)
        && !(transaction instanceof TransactionStatement.SetConstraints)) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "unsupported transaction command in PL/pgSQL");
    }
    frame.sql = "SQL statement \"" + text + "\"";
    try {
      PlHost.UtilityResult result = frame.host.utility(parsed, List.of(), new Object[0]);
      frame.rowCount = result.affected();
      return result;
    } catch (SqlException e) {
      throw e.internalQuery() == null && e.position() > 0 && e.context() == null
          ? e.insideQuery(text, 0)
          : PlErrors.add(e, frame.sql == null ? "" : frame.sql);
    } finally {
      frame.sql = null;
    }
  }

  static final class Perform extends PlNode {
    private final PlCode code;

    Perform(PlCode code, int line) {
      super(line, "PERFORM");
      this.code = code;
    }

    @Override
    Flow run(PlFrame frame) {
      long count = 0;
      try (PlHost.Rows rows = code.open(frame)) {
        while (code.next(frame, rows) != null) {
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

  // ---- dynamic SQL ----

  /// The command of EXECUTE and the values after USING.
  record Command(PlCode text, List<PlCode> using) {
    String evaluate(PlFrame frame) {
      Object value = text.eval(frame);
      if (value == null) {
        throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "query string argument of EXECUTE is null");
      }
      return value instanceof String string ? string : TypeIo.toText(text.type(frame), value, frame.host.io());
    }

    @Nullable Object[] values(PlFrame frame) {
      @Nullable Object[] values = new Object[using.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = using.get(i).eval(frame);
      }
      return values;
    }

    List<PgType> types(PlFrame frame) {
      List<PgType> types = new ArrayList<>(using.size());
      for (PlCode code : using) {
        types.add(code.type(frame));
      }
      return types;
    }
  }

  static PlHost.Plan plan(PlFrame frame, String text, Preparable query, List<PgType> types, @Nullable Object[] values) {
    try {
      Supplier<AnalyzedStatement> analysis = () -> Analyzer.analyze(query, frame.host.analyzerContext(types, values).withInferParameters(false));
      return frame.host.atMoments(frame.host.plan(analysis.get(), analysis), values);
    } catch (SqlException e) {
      throw e.position() > 0 ? e.insideQuery(text, 0) : PlErrors.add(e, "SQL statement \"" + text + "\"");
    }
  }

  static List<ParsedStatement> parse(PlFrame frame, String text) {
    try {
      return frame.host.parse(text);
    } catch (SqlException e) {
      throw e.insideQuery(text, 0);
    }
  }

  static PlHost.Rows open(PlFrame frame, String text, PlHost.Plan plan, @Nullable Object[] values) {
    frame.sql = "SQL statement \"" + text + "\"";
    try {
      return frame.host.open(plan, values);
    } catch (SqlException e) {
      throw PlErrors.add(e, "SQL statement \"" + text + "\"");
    }
  }

  static @Nullable Object @Nullable [] next(PlFrame frame, String text, PlHost.Rows rows) {
    frame.sql = "SQL statement \"" + text + "\"";
    try {
      return rows.next();
    } catch (SqlException e) {
      throw PlErrors.add(e, "SQL statement \"" + text + "\"");
    }
  }

  /// The only query of a dynamic command that must give rows.
  static Preparable single(PlFrame frame, String text) {
    List<ParsedStatement> parsed = parse(frame, text);
    if (parsed.size() != 1 || !(parsed.getFirst().statement() instanceof Preparable query)) {
      throw new SqlException(
          SqlState.INVALID_CURSOR_DEFINITION,
          parsed.size() > 1 ? "cannot open multi-query plan as cursor" : "cannot open non-SELECT query as cursor");
    }
    return query;
  }

  static final class Execute extends PlNode {
    private final Command command;
    private final List<PlTargets.Target> into;
    private final boolean strict;

    Execute(Command command, List<PlTargets.Target> into, boolean strict, int line) {
      super(line, "EXECUTE");
      this.command = command;
      this.into = into;
      this.strict = strict;
    }

    @Override
    Flow run(PlFrame frame) {
      String text = command.evaluate(frame);
      @Nullable Object[] values = command.values(frame);
      List<ParsedStatement> parsed = parse(frame, text);
      long count = 0;
      @Nullable Object[] first = null;
      List<OutputColumn> columns = null;
      AnalyzedStatement.Kind kind = AnalyzedStatement.Kind.SELECT;
      for (ParsedStatement statement : parsed) {
        if (statement.statement() instanceof Preparable query && !isSelectInto(query)) {
          PlHost.Plan plan = plan(frame, text, query, command.types(frame), values);
          kind = plan.kind();
          columns = plan.returnsRows() ? plan.columns() : null;
          first = null;
          count = 0;
          try (PlHost.Rows rows = open(frame, text, plan, values)) {
            @Nullable Object[] row;
            while ((row = next(frame, text, rows)) != null) {
              count++;
              if (first == null) {
                first = row;
              }
            }
            if (kind != AnalyzedStatement.Kind.SELECT) {
              count = rows.affected();
            }
          } finally {
            frame.sql = null;
          }
        } else if (isSelectInto(statement.statement())) {
          throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "EXECUTE of SELECT ... INTO is not implemented").withHint(
              "You might want to use EXECUTE ... INTO or EXECUTE CREATE TABLE ... AS instead.");
        } else if (statement.statement() instanceof TransactionStatement transaction && !(transaction instanceof TransactionStatement.LockTable)
            && !(transaction instanceof TransactionStatement.SetConstraints)) {
          throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "EXECUTE of transaction commands is not implemented");
        } else {
          PlHost.UtilityResult result = runUtility(frame, text, statement);
          columns = result.columns().isEmpty() ? null : result.columns();
          first = result.rows().isEmpty() ? null : result.rows().getFirst();
          count = result.columns().isEmpty() ? result.affected() : result.rows().size();
        }
      }
      frame.rowCount = count;
      if (!into.isEmpty()) {
        if (columns == null) {
          throw new SqlException(SqlState.SYNTAX_ERROR, "INTO used with a command that cannot return data");
        }
        if (count == 0 && strict) {
          throw new SqlException(SqlState.NO_DATA_FOUND, "query returned no rows").withDetail(usingDetail(frame, values));
        }
        if (count > 1 && (strict || kind != AnalyzedStatement.Kind.SELECT)) {
          throw new SqlException(SqlState.TOO_MANY_ROWS, "query returned more than one row").withDetail(usingDetail(frame, values));
        }
        PlTargets.assignColumns(frame, into, first, columns, RowShape.of(columns));
      }
      return Flow.NEXT;
    }

    private @Nullable String usingDetail(PlFrame frame, @Nullable Object[] values) {
      if (!frame.function.printStrictParameters || values.length == 0) {
        return null;
      }
      StringBuilder text = new StringBuilder("parameters: ");
      for (int i = 0; i < values.length; i++) {
        text.append(i == 0 ? "" : ", ").append('$').append(i + 1).append(" = ");
        text.append(PlFunction.quoted(values[i], command.using().get(i).type(frame), frame));
      }
      return text.toString();
    }
  }

  static boolean isSelectInto(Statement statement) {
    return statement instanceof io.heliosdb.nano.parse.ast.SelectStatement select
        && select.body() instanceof io.heliosdb.nano.parse.ast.SelectStatement.SelectCore core && core.into() != null;
  }

  // ---- loops ----

  static final class ForQuery extends PlNode.Loop {
    private final List<PlTargets.Target> targets;
    private final PlCode code;

    ForQuery(@Nullable String label, List<PlTargets.Target> targets, PlCode code, PlNode[] body, int line) {
      super(label, body, line, "FOR over SELECT rows");
      this.targets = targets;
      this.code = code;
    }

    @Override
    Flow run(PlFrame frame) {
      PlHost.Plan plan = code.plan(frame);
      RowShape shape = java.util.Objects.requireNonNull(code.compiled(frame).shape());
      if (!plan.returnsRows()) {
        throw new SqlException(SqlState.INVALID_CURSOR_DEFINITION, "cannot open " + plan.kind() + " query as cursor");
      }
      try (PlHost.Rows rows = code.open(frame)) {
        return loop(this, frame, targets, plan.columns(), shape, () -> code.next(frame, rows));
      } finally {
        frame.sql = null;
      }
    }
  }

  static final class ForExecute extends PlNode.Loop {
    private final List<PlTargets.Target> targets;
    private final Command command;

    ForExecute(@Nullable String label, List<PlTargets.Target> targets, Command command, PlNode[] body, int line) {
      super(label, body, line, "FOR over EXECUTE statement");
      this.targets = targets;
      this.command = command;
    }

    @Override
    Flow run(PlFrame frame) {
      String text = command.evaluate(frame);
      @Nullable Object[] values = command.values(frame);
      PlHost.Plan plan = plan(frame, text, single(frame, text), command.types(frame), values);
      try (PlHost.Rows rows = open(frame, text, plan, values)) {
        return loop(this, frame, targets, plan.columns(), RowShape.of(plan.columns()), () -> next(frame, text, rows));
      } finally {
        frame.sql = null;
      }
    }
  }

  /// Runs the body for each row.
  static PlNode.Flow loop(
      PlNode.Loop loop, PlFrame frame, List<PlTargets.Target> targets, List<OutputColumn> columns, RowShape shape,
      java.util.function.Supplier<@Nullable Object @Nullable []> source) {
    boolean found = false;
    PlNode.Flow result = PlNode.Flow.NEXT;
    while (true) {
      @Nullable Object[] row = source.get();
      frame.sql = null;
      if (row == null) {
        if (!found) {
          PlTargets.assignColumns(frame, targets, null, columns, shape);
        }
        break;
      }
      found = true;
      PlTargets.assignColumns(frame, targets, row, columns, shape);
      PlNode.Loop.Step step = loop.step(frame);
      if (step != PlNode.Loop.Step.GO_ON) {
        result = step.flow;
        break;
      }
    }
    frame.setFound(found);
    return result;
  }

  // ---- CALL, DO, transaction control ----

  /// CALL of a procedure; its output values go to the targets among its arguments.
  static final class Call extends PlNode {
    private final PlCall call;

    Call(PlCall call, int line) {
      super(line, "CALL");
      this.call = call;
    }

    @Override
    Flow run(PlFrame frame) {
      call.run(frame);
      return Flow.NEXT;
    }
  }

  static final class EndTransaction extends PlNode {
    private final boolean commit;
    private final boolean chain;

    EndTransaction(boolean commit, boolean chain, int line) {
      super(line, commit ? "COMMIT" : "ROLLBACK");
      this.commit = commit;
      this.chain = chain;
    }

    @Override
    Flow run(PlFrame frame) {
      if (!frame.transactional || !frame.host.isTransactionControlAllowed()) {
        throw new SqlException(SqlState.INVALID_TRANSACTION_TERMINATION, "invalid transaction termination");
      }
      for (PlFrame f = frame; f != null; f = f.caller) {
        if (f.exceptionDepth > 0) {
          throw new SqlException(
              SqlState.INVALID_TRANSACTION_TERMINATION, "cannot " + (commit ? "commit" : "roll back") + " while a subtransaction is active");
        }
      }
      if (commit) {
        frame.host.commit(chain);
      } else {
        frame.host.rollback(chain);
      }
      return Flow.NEXT;
    }
  }

  // ---- diagnostics ----

  record DiagnosticsItem(PlTargets.Target target, PlStatement.DiagnosticsKind kind) {}

  static final class GetDiagnostics extends PlNode {
    private final boolean stacked;
    private final List<DiagnosticsItem> items;

    GetDiagnostics(boolean stacked, List<DiagnosticsItem> items, int line) {
      super(line, stacked ? "GET STACKED DIAGNOSTICS" : "GET DIAGNOSTICS");
      this.stacked = stacked;
      this.items = items;
    }

    @Override
    Flow run(PlFrame frame) {
      if (stacked && frame.handling.isEmpty()) {
        throw new SqlException(
            SqlState.STACKED_DIAGNOSTICS_ACCESSED_WITHOUT_ACTIVE_HANDLER, "GET STACKED DIAGNOSTICS cannot be used outside an exception handler");
      }
      SqlException error = stacked ? frame.handling.getLast() : null;
      for (DiagnosticsItem item : items) {
        if (item.kind() == PlStatement.DiagnosticsKind.ROW_COUNT) {
          PlTargets.assign(frame, item.target(), frame.rowCount, PgTypes.INT8, -1);
        } else if (item.kind() == PlStatement.DiagnosticsKind.PG_CONTEXT) {
          PlTargets.assign(frame, item.target(), frame.stack(), PgTypes.TEXT, -1);
        } else {
          PlTargets.assign(frame, item.target(), of(java.util.Objects.requireNonNull(error), item.kind()), PgTypes.TEXT, -1);
        }
      }
      return Flow.NEXT;
    }

    private static String of(SqlException error, PlStatement.DiagnosticsKind kind) {
      SqlException.ErrorObject object =
          error.object() == null ? new SqlException.ErrorObject(null, null, null, null, null) : error.object();
      String value =
          switch (kind) {
            case ROW_COUNT, PG_CONTEXT -> throw new IllegalStateException();
            case PG_EXCEPTION_CONTEXT -> error.context();
            case PG_EXCEPTION_DETAIL -> error.detail();
            case PG_EXCEPTION_HINT -> error.hint();
            case RETURNED_SQLSTATE -> error.state().code();
            case COLUMN_NAME -> object.column();
            case CONSTRAINT_NAME -> object.constraint();
            case PG_DATATYPE_NAME -> object.dataType();
            case MESSAGE_TEXT -> error.getMessage();
            case TABLE_NAME -> object.table();
            case SCHEMA_NAME -> object.schema();
          };
      return value == null ? "" : value;
    }
  }
}
