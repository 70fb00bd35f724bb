package io.heliosdb.nano.plpgsql;

import io.heliosdb.nano.analyze.AnalyzedStatement;
import io.heliosdb.nano.analyze.Analyzer;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.execute.RowAccess;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.plan.Exprs;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeCatalog.CompositeField;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An expression or a query of a body: analyzed when it first runs, and again when the catalog or the fields of a record it uses have
/// changed. An expression without queries in it is evaluated directly, anything else is planned. Confined to one session.
final class PlCode {
  /// What error contexts call it.
  enum Kind {
    EXPRESSION("SQL expression"), ASSIGNMENT("PL/pgSQL assignment"), STATEMENT("SQL statement");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  /// @param evaluator of a simple expression, null for what needs a plan
  /// @param type of the value, after conversion to the target of a simple expression
  /// @param records fields of the record variables that the meaning relies on, by slot
  record Compiled(
      @Nullable Evaluator evaluator,
      PlHost.@Nullable Plan plan,
      @Nullable PgType type,
      int typmod,
      List<OutputColumn> columns,
      Map<Integer, @Nullable List<CompositeField>> records,
      @Nullable RowShape shape) {}

  final int index;
  final Kind kind;
  final String text;
  private final Preparable statement;
  private final PlScope scope;

  /// The type to convert a single value to; null to leave it.
  private final @Nullable PgType target;
  private final int targetTypmod;

  /// What stands before the text in the query that messages show, for assignments.
  private final String prefix;
  private @Nullable Compiled compiled;
  private @Nullable Object stamp;
  private List<PlVariable> used = List.of();

  PlCode(int index, Kind kind, String prefix, String text, Preparable statement, PlScope scope, @Nullable PgType target, int targetTypmod) {
    this.index = index;
    this.kind = kind;
    this.prefix = prefix;
    this.text = text;
    this.statement = statement;
    this.scope = scope;
    this.target = target;
    this.targetTypmod = targetTypmod;
  }

  /// The text that messages show.
  String shown() {
    return prefix + text;
  }

  String contextLine() {
    return kind.words + " \"" + shown() + "\"";
  }

  // ---- values ----

  /// The value of an expression, converted to its target if it has one.
  @Nullable Object eval(PlFrame frame) {
    Compiled code = compiled(frame);
    if (code.evaluator != null) {
      return frame.bound(this, code).eval(RowAccess.EMPTY);
    }
    return queryValue(frame, code);
  }

  private @Nullable Object queryValue(PlFrame frame, Compiled code) {
    Object value;
    try (PlHost.Rows rows = open(frame)) {
      @Nullable Object[] row = next(frame, rows);
      if (row == null) {
        value = null;
      } else {
        value = row[0];
        if (next(frame, rows) != null) {
          throw new SqlException(SqlState.CARDINALITY_VIOLATION, "query returned more than one row").withContext("query: " + shown());
        }
      }
    } finally {
      frame.sql = null;
    }
    if (target == null) {
      return value;
    }
    OutputColumn column = code.columns.getFirst();
    return frame.cast(frame.interpreter.casts().of(column.type(), column.typmod(), target, targetTypmod), value);
  }

  /// The type that [#eval] gives.
  PgType type(PlFrame frame) {
    Compiled code = compiled(frame);
    return target != null ? target : java.util.Objects.requireNonNull(code.type);
  }

  int typmod(PlFrame frame) {
    return target != null ? targetTypmod : compiled(frame).typmod;
  }

  boolean test(PlFrame frame) {
    return Boolean.TRUE.equals(eval(frame));
  }

  /// The values of the variables that the query uses, when the function asks for them in errors.
  @Nullable String parameterDetail(PlFrame frame) {
    if (!frame.function.printStrictParameters || used.isEmpty()) {
      return null;
    }
    return "parameters: " + String.join(", ", used.stream().map(v -> v.name + " = " + PlFunction.quoted(frame.slots[v.slot], v.type, frame)).toList());
  }

  // ---- rows ----

  /// Starts the query; its rows are read with [#next].
  PlHost.Rows open(PlFrame frame) {
    Compiled code = compiled(frame);
    frame.sql = contextLine();
    frame.sqlScope = scope;
    try {
      return frame.host.open(plan(frame, code), frame.slots.clone());
    } catch (SqlException e) {
      throw inside(e, false);
    }
  }

  @Nullable Object @Nullable [] next(PlFrame frame, PlHost.Rows rows) {
    frame.sql = contextLine();
    try {
      return rows.next();
    } catch (SqlException e) {
      throw inside(e, false);
    }
  }

  PlHost.Plan plan(PlFrame frame) {
    return plan(frame, compiled(frame));
  }

  private PlHost.Plan plan(PlFrame frame, Compiled code) {
    if (code.plan == null) {
      throw new IllegalStateException("an expression has no plan");
    }
    return code.plan;
  }

  // ---- compilation ----

  Compiled compiled(PlFrame frame) {
    Compiled known = compiled;
    if (known != null) {
      Object now = frame.host.planStamp();
      if (now != stamp) {
        if (known.plan == null || !known.plan.isValid()) {
          known = null;
        } else {
          stamp = now;
        }
      }
      if (known != null && (known.records.isEmpty() || sameRecords(known, frame))) {
        return known.plan == null ? known : atMoments(known, frame);
      }
    }
    stamp = frame.host.planStamp();
    try {
      compiled = compile(frame);
    } catch (SqlException e) {
      throw inside(e, true);
    }
    return compiled.plan == null ? compiled : atMoments(compiled, frame);
  }

  /// The same for the schemas of the moments that the variables mean now.
  private Compiled atMoments(Compiled code, PlFrame frame) {
    PlHost.Plan plan;
    try {
      plan = frame.host.atMoments(code.plan, frame.slots);
    } catch (SqlException e) {
      throw inside(e, false);
    }
    if (plan == code.plan) {
      return code;
    }
    List<OutputColumn> columns = plan.columns();
    PgType type = columns.size() == 1 ? columns.getFirst().type() : null;
    return new Compiled(null, plan, type, columns.size() == 1 ? columns.getFirst().typmod() : -1, columns, code.records, RowShape.of(columns));
  }

  private static boolean sameRecords(Compiled code, PlFrame frame) {
    for (Map.Entry<Integer, @Nullable List<CompositeField>> entry : code.records.entrySet()) {
      List<CompositeField> now = frame.shapes[entry.getKey()];
      if (now != entry.getValue() && (now == null || !now.equals(entry.getValue()))) {
        return false;
      }
    }
    return true;
  }

  private Compiled compile(PlFrame frame) {
    PlNames names = new PlNames(scope, frame, frame.function.conflict);
    AnalyzedStatement analyzed = analyze(frame, names);
    List<OutputColumn> columns = analyzed.columns();
    used = names.used.stream().sorted(java.util.Comparator.comparingInt(v -> v.slot)).toList();
    if (kind != Kind.STATEMENT) {
      if (columns.size() != 1) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "query returned " + columns.size() + " column" + (columns.size() == 1 ? "" : "s"))
            .withContext("query: " + shown());
      }
      Expr expression = simple(analyzed.plan());
      if (expression != null) {
        frame.host.checkPermissions(analyzed);
        if (target != null) {
          expression = frame.interpreter.casts().convert(expression, target, targetTypmod);
        }
        PgType type = expression.type().oid() == PgTypes.UNKNOWN.oid() ? PgTypes.TEXT : expression.type();
        return new Compiled(Evaluator.compile(expression), null, type, expression.typmod(), columns, names.records, null);
      }
    }
    PlHost.Plan plan = frame.host.plan(analyzed, () -> analyze(frame, new PlNames(scope, frame, frame.function.conflict)));
    PgType type = columns.size() == 1 ? columns.getFirst().type() : null;
    int typmod = columns.size() == 1 ? columns.getFirst().typmod() : -1;
    return new Compiled(null, plan, type, typmod, columns, names.records, RowShape.of(columns));
  }

  private AnalyzedStatement analyze(PlFrame frame, PlNames names) {
    return Analyzer.analyze(
        frame.function.withTransitionTables(statement, text),
        frame.host.analyzerContext(List.of(), frame.slots).withInferParameters(false).withVariables(names));
  }

  /// The expression of `SELECT expression`, if it has no query inside.
  private static @Nullable Expr simple(LogicalPlan plan) {
    if (plan instanceof LogicalPlan.Project project && project.expressions().size() == 1
        && project.input() instanceof LogicalPlan.Values values && values.rows().size() == 1 && values.rows().getFirst().isEmpty()) {
      Expr expression = project.expressions().getFirst();
      return Exprs.hasSubquery(expression) ? null : expression;
    }
    return null;
  }

  /// An error of this query: its position becomes one inside the query, or the query becomes a line of the context.
  SqlException inside(SqlException e, boolean analysis) {
    if (e.internalQuery() != null) {
      return e;
    }
    if (e.position() > 0 && e.context() == null) {
      return e.insideQuery(shown(), prefix.length());
    }
    return PlErrors.add(e, contextLine());
  }
}
