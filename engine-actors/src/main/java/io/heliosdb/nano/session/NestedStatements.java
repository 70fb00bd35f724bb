package io.heliosdb.nano.session;

import io.heliosdb.nano.analyze.AnalyzerContext;
import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.function.SessionServices.NestedResult;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.ParsedStatement;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs statements inside a running statement: bodies of SQL functions, PL/pgSQL, foreign key actions. Each is a command of its own in the
/// same transaction, so it sees what earlier commands did.
final class NestedStatements {
  private NestedStatements() {}

  static NestedResult run(SessionCore session, String sql, List<@Nullable Object> parameters, List<Integer> parameterTypes) {
    List<ParsedStatement> parsed = Parser.parse(sql, session.parseSettings());
    NestedResult result = new NestedResult(List.of(), List.of(), List.of(), 0, "");
    List<@Nullable PgType> types = new ArrayList<>();
    for (int oid : parameterTypes) {
      types.add(session.catalog().byOid(oid));
    }
    for (ParsedStatement statement : parsed) {
      result = run(session, statement, parameters.toArray(), types);
    }
    return result;
  }

  static NestedResult run(SessionCore session, ParsedStatement statement, @Nullable Object[] values, List<@Nullable PgType> types) {
    if (statement.statement() instanceof Preparable query) {
      AnalyzerContext context = session.queries().analyzerContext(types);
      CachedPlan plan = session.queries().plan(query, context);
      if (plan.analyzed.into() == null) {
        return run(session, plan, values, () -> session.queries().plan(query, session.queries().analyzerContext(types)));
      }
    }
    CollectingSink sink = new CollectingSink(session.sink());
    session.withSink(sink, () -> session.runUtility(statement, types.stream().map(t -> t == null ? io.heliosdb.nano.type.PgTypes.TEXT : t).toList(), values));
    return sink.result();
  }

  static NestedResult run(SessionCore session, CachedPlan plan, @Nullable Object[] values, QueryExecutor.PlanSource source) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    SessionCallContext context = session.queries().callContext();
    var outer = context.access();
    try (QueryExecutor.Running running = session.queries().start(plan, values, source)) {
      Batch batch;
      while ((batch = running.next(Batch.ROWS_MAX)) != null) {
        if (plan.returnsRows()) {
          for (int i = 0; i < batch.rowCount(); i++) {
            rows.add(batch.row(batch.rowIndex(i)));
          }
        }
      }
      List<String> names = plan.columns().stream().map(OutputColumn::name).toList();
      List<Integer> oids = plan.columns().stream().map(column -> column.type().oid()).toList();
      long affected = plan.analyzed.kind() == io.heliosdb.nano.analyze.AnalyzedStatement.Kind.SELECT ? rows.size() : running.affectedRows();
      return new NestedResult(names, oids, rows, affected, CommandTags.of(plan.analyzed.kind(), rows.size(), running.affectedRows()));
    } finally {
      context.restoreAccess(outer);
    }
  }

  /// Gathers what a utility statement sends.
  private static final class CollectingSink implements ResultSink {
    private List<OutputColumn> columns = List.of();
    private final List<@Nullable Object[]> rows = new ArrayList<>();
    private final ResultSink outer;
    private String tag = "";

    CollectingSink(ResultSink outer) {
      this.outer = outer;
    }

    @Override
    public void notice(Notice notice) {
      outer.notice(notice);
    }

    @Override
    public void rowDescription(List<OutputColumn> newColumns) {
      columns = newColumns;
      rows.clear();
    }

    @Override
    public void rows(Batch batch, List<OutputColumn> ignored) {
      for (int i = 0; i < batch.rowCount(); i++) {
        rows.add(batch.row(batch.rowIndex(i)));
      }
    }

    @Override
    public void commandComplete(String newTag) {
      tag = newTag;
    }

    NestedResult result() {
      int space = tag.lastIndexOf(' ');
      long affected = space > 0 && Character.isDigit(tag.charAt(tag.length() - 1)) ? Long.parseLong(tag, space + 1, tag.length(), 10) : rows.size();
      return new NestedResult(columns.stream().map(OutputColumn::name).toList(), columns.stream().map(c -> c.type().oid()).toList(), rows, affected, tag);
    }
  }
}
