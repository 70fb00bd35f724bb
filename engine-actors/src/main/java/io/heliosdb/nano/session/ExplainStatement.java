package io.heliosdb.nano.session;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.execute.PlanStatistics;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.parse.ast.UtilityStatement;
import io.heliosdb.nano.plan.ExplainOptions;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// EXPLAIN [ANALYZE]: the plan as text, one line a row; other formats as one row.
final class ExplainStatement {
  private final SessionCore session;
  private final UtilityStatement.Explain statement;

  ExplainStatement(SessionCore session, UtilityStatement.Explain statement) {
    this.session = session;
    this.statement = statement;
  }

  static PgType columnType(UtilityStatement.Explain statement) {
    return switch (format(statement)) {
      case JSON -> PgTypes.JSON;
      case XML -> PgTypes.XML;
      case TEXT, YAML -> PgTypes.TEXT;
    };
  }

  private static ExplainOptions.Format format(UtilityStatement.Explain statement) {
    for (Option option : statement.options()) {
      if (option.name().equals("format")) {
        String value = OptionValues.text(option);
        try {
          return ExplainOptions.Format.valueOf(value.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
          throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "unrecognized value for EXPLAIN option \"format\": \"" + value + "\"").at(option.position());
        }
      }
    }
    return ExplainOptions.Format.TEXT;
  }

  private ExplainOptions options() {
    boolean analyze = false;
    boolean verbose = false;
    boolean costs = true;
    Boolean timing = null;
    Boolean summary = null;
    for (Option option : statement.options()) {
      switch (option.name()) {
        case "analyze" -> analyze = OptionValues.bool(option);
        case "verbose" -> verbose = OptionValues.bool(option);
        case "costs" -> costs = OptionValues.bool(option);
        case "timing" -> timing = OptionValues.bool(option);
        case "summary" -> summary = OptionValues.bool(option);
        case "buffers", "wal", "settings" -> OptionValues.bool(option);
        case "format" -> {}
        default -> throw new SqlException(SqlState.SYNTAX_ERROR, "unrecognized EXPLAIN option \"" + option.name() + "\"").at(option.position());
      }
    }
    if (Boolean.TRUE.equals(timing) && !analyze) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "EXPLAIN option TIMING requires ANALYZE");
    }
    return new ExplainOptions(
        analyze, verbose, costs, timing == null ? analyze : timing, summary == null ? analyze : summary, format(statement));
  }

  void run(List<PgType> types, @Nullable Object[] values) {
    ExplainOptions options = options();
    Statement inner = statement.statement();
    if (inner instanceof UtilityStatement.Execute execute) {
      PreparedStatement prepared = session.extended().statement(execute.name());
      explain(session.queries().validated(prepared), new Object[prepared.parameterTypes.size()], options, () -> session.queries().validated(prepared));
      return;
    }
    if (inner instanceof UtilityStatement.DeclareCursor declare) {
      QueryExecutor.PlanSource source = () -> session.queries().plan(declare.query(), List.of());
      explain(source.plan(), new Object[0], options, source);
      return;
    }
    if (!(inner instanceof Preparable query)) {
      throw SqlException.notSupported("EXPLAIN of this statement");
    }
    long start = System.nanoTime();
    QueryExecutor.PlanSource source = () -> session.queries().plan(query, new ArrayList<>(types));
    CachedPlan plan = source.plan();
    planningNanos = System.nanoTime() - start;
    explain(plan, values, options, source);
  }

  private long planningNanos;

  private void explain(CachedPlan plan, @Nullable Object[] values, ExplainOptions options, QueryExecutor.PlanSource source) {
    PlanStatistics statistics = null;
    long start = System.nanoTime();
    if (options.analyze()) {
      statistics = new PlanStatistics();
      try (QueryExecutor.Running running = session.queries().startExplained(plan, values, statistics, source)) {
        while (running.next(Batch.ROWS_MAX) != null) {
          // Rows of EXPLAIN ANALYZE are thrown away.
        }
      }
    } else {
      session.engine().privileges().check(session, plan.analyzed.permissions());
    }
    List<String> lines = new ArrayList<>(plan.physical.explain(options, statistics));
    if (options.summary() && options.format() == ExplainOptions.Format.TEXT) {
      lines.add(String.format(Locale.ROOT, "Planning Time: %.3f ms", planningNanos / 1e6));
      if (options.analyze()) {
        lines.add(String.format(Locale.ROOT, "Execution Time: %.3f ms", (System.nanoTime() - start) / 1e6));
      }
    }
    Results results = new Results(session.sink()).column("QUERY PLAN", columnType(statement));
    if (options.format() == ExplainOptions.Format.TEXT) {
      lines.forEach(results::row);
    } else {
      results.row(String.join("\n", lines));
    }
    results.end("EXPLAIN");
  }
}
