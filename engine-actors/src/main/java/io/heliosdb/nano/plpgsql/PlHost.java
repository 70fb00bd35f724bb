package io.heliosdb.nano.plpgsql;

import io.heliosdb.nano.analyze.AnalyzedStatement;
import io.heliosdb.nano.analyze.AnalyzerContext;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.SearchPath;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.ast.ParsedStatement;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the interpreter needs of the session it runs in. Confined to the session's thread.
public interface PlHost {
  Catalog catalog();

  SearchPath searchPath();

  IoContext io();

  /// A context in which expressions without queries are evaluated; `parameters` is read at each evaluation.
  ExecutionContext expressionContext(@Nullable Object[] parameters);

  default AnalyzerContext analyzerContext(List<? extends @Nullable PgType> parameterTypes) {
    return analyzerContext(parameterTypes, null);
  }

  /// @param values of the parameters, or of all variables; null when they are not known yet
  AnalyzerContext analyzerContext(List<? extends @Nullable PgType> parameterTypes, @Nullable Object @Nullable [] values);

  /// An object that is another one once a plan made before may be wrong: catalog, settings, role or search path changed.
  Object planStamp();

  /// A statement that is planned.
  interface Plan {
    List<OutputColumn> columns();

    boolean returnsRows();

    AnalyzedStatement.Kind kind();

    /// Whether the plan may still be used although the stamp has changed.
    boolean isValid();
  }

  /// @param again analyzes the statement once more, for when its tables change while it waits for them
  Plan plan(AnalyzedStatement statement, Supplier<AnalyzedStatement> again);

  /// The plan with AS OF clauses bound to what they mean for these values: its columns may be others.
  Plan atMoments(Plan plan, @Nullable Object[] values);

  /// Checks privileges on relations for an expression that needs no plan.
  void checkPermissions(AnalyzedStatement statement);

  /// Rows of a running statement, one at a time.
  interface Rows extends AutoCloseable {
    /// The next row as boxed values the caller may keep, or null.
    @Nullable Object @Nullable [] next();

    /// How many rows the statement has changed so far.
    long affected();

    @Override
    void close();
  }

  /// Starts a statement as a command of its own. `values` must not be changed while it runs.
  Rows open(Plan plan, @Nullable Object[] values);

  /// Runs a statement that is no query and gives the rows it returns (EXPLAIN, SHOW) and its command tag.
  UtilityResult utility(ParsedStatement statement, List<PgType> parameterTypes, @Nullable Object[] values);

  record UtilityResult(List<OutputColumn> columns, List<@Nullable Object[]> rows, String tag, long affected) {}

  List<ParsedStatement> parse(String text);

  // ---- transactions ----

  /// Opens a level that can be undone alone; gives its depth.
  int pushLevel();

  void releaseLevel(int depth);

  void rollbackLevel(int depth);

  /// Whether the transaction is over already, so that no level can be undone any more.
  boolean isTransactionEnded();

  /// Whether COMMIT and ROLLBACK are allowed where the call stands.
  boolean isTransactionControlAllowed();

  /// Commits and begins the next transaction; cursors of loops are read to their ends before.
  void commit(boolean chain);

  void rollback(boolean chain);

  // ---- cursors ----

  /// A cursor that SQL can use by its name too.
  interface Cursor {
    List<OutputColumn> columns();

    @Nullable Object @Nullable [] forward();

    @Nullable Object @Nullable [] backward();

    @Nullable Object @Nullable [] absolute(long position);

    @Nullable Object @Nullable [] relative(long offset);
  }

  /// @param scroll null when not said
  void openCursor(String name, String text, @Nullable Boolean scroll, Plan plan, @Nullable Object[] values);

  boolean cursorExists(String name);

  /// @throws io.heliosdb.nano.error.SqlException 34000
  Cursor cursor(String name);

  void closeCursor(String name);

  // ---- others ----

  void notice(String severity, SqlState state, String message, @Nullable String detail, @Nullable String hint);

  @Nullable String setting(String name);

  /// What the client sent last.
  String statementText();

  void checkCancelled();

  /// Calls a procedure whose call has been bound; gives the values of its OUT and INOUT parameters in order.
  @Nullable Object[] callProcedure(FunctionDef procedure, List<PgType> argumentTypes, @Nullable Object[] arguments, boolean atomic);

  /// The name of a function as messages show it: `f(integer)`.
  String signature(FunctionDef function);
}
