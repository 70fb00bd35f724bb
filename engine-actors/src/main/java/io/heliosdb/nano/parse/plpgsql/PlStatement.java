package io.heliosdb.nano.parse.plpgsql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement of PL/pgSQL. `line` is that of its first word, for error contexts ("line 3 at RAISE"); [#describe] gives the words after it.
public sealed interface PlStatement {
  int line();

  /// The name of the statement in error contexts.
  default String describe() {
    return PlDescriptions.of(this);
  }

  /// `[<<label>>] [DECLARE …] BEGIN … [EXCEPTION …] END`.
  record Block(
      @Nullable String label, List<PlDeclaration> declarations, List<PlStatement> body, List<Handler> handlers, int line)
      implements PlStatement {}

  /// `WHEN condition OR … THEN …`.
  record Handler(List<Condition> conditions, List<PlStatement> body, int line) {}

  /// A condition by name (`others` catches nearly all) or by SQLSTATE; the other component is null.
  record Condition(@Nullable String name, @Nullable String sqlState) {}

  record Assign(PlTarget target, PlExpression value, int line) implements PlStatement {}

  /// IF and its ELSIFs; `otherwise` is empty without ELSE.
  record If(List<Branch> branches, List<PlStatement> otherwise, int line) implements PlStatement {}

  record Branch(PlExpression condition, List<PlStatement> body, int line) {}

  /// CASE; with an operand, the expressions of each WHEN are compared with it. `otherwise` null means no ELSE (then no match is an error).
  record Case(@Nullable PlExpression operand, List<CaseWhen> whens, @Nullable List<PlStatement> otherwise, int line)
      implements PlStatement {}

  /// Without operand there is exactly one expression, a condition.
  record CaseWhen(List<PlExpression> expressions, List<PlStatement> body, int line) {}

  record Loop(@Nullable String label, List<PlStatement> body, int line) implements PlStatement {}

  record While(@Nullable String label, PlExpression condition, List<PlStatement> body, int line) implements PlStatement {}

  /// `FOR variable IN [REVERSE] low..high [BY step] LOOP`; declares its variable.
  record ForInteger(
      @Nullable String label,
      String variable,
      boolean reverse,
      PlExpression low,
      PlExpression high,
      @Nullable PlExpression step,
      List<PlStatement> body,
      int line)
      implements PlStatement {}

  /// `FOR targets IN query LOOP`.
  record ForQuery(@Nullable String label, List<PlTarget> targets, PlSql query, List<PlStatement> body, int line) implements PlStatement {}

  /// `FOR record IN cursor [(arguments)] LOOP`; declares its record.
  record ForCursor(
      @Nullable String label, String variable, String cursor, List<CursorValue> arguments, List<PlStatement> body, int line)
      implements PlStatement {}

  /// `FOR targets IN EXECUTE text [USING …] LOOP`.
  record ForExecute(
      @Nullable String label,
      List<PlTarget> targets,
      PlExpression command,
      List<PlExpression> using,
      List<PlStatement> body,
      int line)
      implements PlStatement {}

  /// `FOREACH targets [SLICE n] IN ARRAY array LOOP`.
  record ForEach(
      @Nullable String label, List<PlTarget> targets, int slice, PlExpression array, List<PlStatement> body, int line)
      implements PlStatement {}

  /// EXIT, or CONTINUE.
  record Exit(boolean isContinue, @Nullable String label, @Nullable PlExpression when, int line, int position) implements PlStatement {}

  record Return(@Nullable PlExpression value, int line) implements PlStatement {}

  /// RETURN NEXT; no value where OUT parameters are returned.
  record ReturnNext(@Nullable PlExpression value, int line) implements PlStatement {}

  record ReturnQuery(PlSql query, int line) implements PlStatement {}

  record ReturnQueryExecute(PlExpression command, List<PlExpression> using, int line) implements PlStatement {}

  /// RAISE. All parts null or empty is a re-throw. At most one of `format`, `condition`, `sqlState` is given.
  record Raise(
      Level level,
      boolean rethrow,
      @Nullable String format,
      List<PlExpression> parameters,
      @Nullable String condition,
      @Nullable String sqlState,
      List<RaiseOption> options,
      int line)
      implements PlStatement {}

  enum Level { DEBUG, LOG, INFO, NOTICE, WARNING, EXCEPTION }

  record RaiseOption(RaiseOptionKind kind, PlExpression value) {}

  enum RaiseOptionKind { ERRCODE, MESSAGE, DETAIL, HINT, COLUMN, CONSTRAINT, DATATYPE, TABLE, SCHEMA }

  record Assert(PlExpression condition, @Nullable PlExpression message, int line) implements PlStatement {}

  /// An SQL statement; `into` is empty without INTO.
  record Sql(PlSql sql, List<PlTarget> into, boolean strict, int line) implements PlStatement {}

  /// `PERFORM query`, where the query is what follows SELECT.
  record Perform(PlExpression query, int line) implements PlStatement {}

  /// `CALL …` or `DO …`; INOUT results go to the argument variables.
  record Call(PlSql sql, boolean isCall, int line) implements PlStatement {}

  /// `EXECUTE text [INTO …] [USING …]`.
  record Execute(PlExpression command, List<PlTarget> into, boolean strict, List<PlExpression> using, int line) implements PlStatement {}

  record GetDiagnostics(boolean stacked, List<DiagnosticsItem> items, int line) implements PlStatement {}

  record DiagnosticsItem(PlTarget target, DiagnosticsKind kind) {}

  enum DiagnosticsKind {
    ROW_COUNT(false), PG_CONTEXT(false), PG_EXCEPTION_CONTEXT(true), PG_EXCEPTION_DETAIL(true), PG_EXCEPTION_HINT(true),
    RETURNED_SQLSTATE(true), COLUMN_NAME(true), CONSTRAINT_NAME(true), PG_DATATYPE_NAME(true), MESSAGE_TEXT(true), TABLE_NAME(true),
    SCHEMA_NAME(true);

    private final boolean stacked;

    DiagnosticsKind(boolean stacked) {
      this.stacked = stacked;
    }

    /// Whether the item belongs to GET STACKED DIAGNOSTICS.
    public boolean isStacked() {
      return stacked;
    }
  }

  /// OPEN of a bound cursor, with values for its arguments.
  record OpenBound(String cursor, List<CursorValue> arguments, int line) implements PlStatement {}

  /// `OPEN cursor [[NO] SCROLL] FOR query`.
  record OpenQuery(PlTarget cursor, @Nullable Boolean scroll, PlSql query, int line) implements PlStatement {}

  /// `OPEN cursor [[NO] SCROLL] FOR EXECUTE text [USING …]`.
  record OpenExecute(PlTarget cursor, @Nullable Boolean scroll, PlExpression command, List<PlExpression> using, int line)
      implements PlStatement {}

  /// A value for a cursor's argument, with the argument's name if written.
  record CursorValue(@Nullable String name, PlExpression value) {}

  /// FETCH or MOVE. `count` null with direction FORWARD/BACKWARD is one row, `all` every row; for ABSOLUTE and RELATIVE it is the position.
  record Fetch(
      boolean move,
      FetchDirection direction,
      @Nullable PlExpression count,
      boolean all,
      PlTarget cursor,
      List<PlTarget> into,
      int line)
      implements PlStatement {}

  /// FIRST and LAST are positions of their own here.
  enum FetchDirection { NEXT, PRIOR, FIRST, LAST, ABSOLUTE, RELATIVE, FORWARD, BACKWARD }

  record Close(PlTarget cursor, int line) implements PlStatement {}

  record Null(int line) implements PlStatement {}

  record Commit(boolean chain, int line) implements PlStatement {}

  record Rollback(boolean chain, int line) implements PlStatement {}
}
