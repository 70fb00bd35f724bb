package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.expr.Expr.Call.Form;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.WindowDefinition;
import io.heliosdb.nano.parse.ast.WindowReference;
import io.heliosdb.nano.plan.logical.LogicalPlan.Frame;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Binds window function calls and window definitions.
///
/// Errors: 42P20. Source: PostgreSQL 15 manual, "Window Function Calls".
final class Windows {
  private final ExpressionAnalyzer expressions;
  private final Scope scope;
  private final Analysis analysis;

  Windows(ExpressionAnalyzer expressions) {
    this.expressions = expressions;
    this.scope = expressions.scope;
    this.analysis = expressions.analysis;
  }

  Node call(
      Expression.FunctionCall call, FunctionDef function, PgType result, List<Node> arguments, @Nullable Node filter, boolean variadic,
      int position) {
    String name = call.name().toString();
    if (call.distinct()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "DISTINCT is not implemented for window functions").at(position);
    }
    if (function.isAggregate() && call.arguments().isEmpty() && !call.star()) {
      throw CallAnalyzer.wrongType(name + "(*) must be used to call a parameterless aggregate function", position);
    }
    if (!call.orderBy().isEmpty()) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "aggregate ORDER BY is not implemented for window functions").at(position);
    }
    if (!function.isAggregate() && filter != null) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "FILTER is not implemented for non-aggregate window functions").at(position);
    }
    for (Node argument : arguments) {
      refuseInner(argument);
    }
    if (filter != null) {
      refuseInner(filter);
    }
    if (function.returnsSet()) {
      throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "window functions cannot return sets").at(position);
    }
    if (!scope.kind.windows) {
      throw new SqlException(SqlState.WINDOWING_ERROR, "window functions are not allowed in " + scope.kind.plural).at(position);
    }
    scope.query.hasWindows = true;
    return new Node.Window(position, function, result, arguments, filter, call.star(), variadic, reference(call.over()));
  }

  private void refuseInner(Node node) {
    Node window = Nodes.find(node, n -> n instanceof Node.Window);
    if (window != null) {
      throw new SqlException(SqlState.WINDOWING_ERROR, "window function calls cannot be nested").at(window.position);
    }
    Node set = Nodes.find(node, Nodes::isSetReturning);
    if (set != null) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "window function calls cannot contain set-returning function calls")
          .withHint("You might be able to move the set-returning function into a LATERAL FROM item.")
          .at(set.position);
    }
  }

  /// Number of the window among the definitions of the query.
  private int reference(WindowReference reference) {
    List<WindowDefinition> definitions = scope.windowDefinitions;
    switch (reference) {
      case WindowReference.Named named -> {
        for (int i = 0; i < definitions.size(); i++) {
          if (named.name().equals(definitions.get(i).name())) {
            return i;
          }
        }
        throw new SqlException(SqlState.UNDEFINED_OBJECT, "window \"" + named.name() + "\" does not exist").at(named.position());
      }
      case WindowDefinition definition -> {
        for (int i = 0; i < definitions.size(); i++) {
          if (definitions.get(i) == definition) {
            return i;
          }
        }
        definitions.add(definition);
        return definitions.size() - 1;
      }
    }
  }

  /// Binds all definitions, after select list and ORDER BY are known; may add hidden targets.
  List<Query.WindowClause> bindDefinitions(List<Query.Target> targets) {
    List<Query.WindowClause> result = new ArrayList<>(scope.windowDefinitions.size());
    for (int i = 0; i < scope.windowDefinitions.size(); i++) {
      Query.WindowClause clause = define(scope.windowDefinitions.get(i), result, targets);
      clause.number = i;
      result.add(clause);
    }
    return result;
  }

  private static Query.@Nullable WindowClause find(List<Query.WindowClause> clauses, String name) {
    for (Query.WindowClause clause : clauses) {
      if (name.equals(clause.name)) {
        return clause;
      }
    }
    return null;
  }

  private static SqlException error(String message, int position) {
    return new SqlException(SqlState.WINDOWING_ERROR, message).at(position);
  }

  private Query.WindowClause define(WindowDefinition definition, List<Query.WindowClause> known, List<Query.Target> targets) {
    int position = definition.position();
    if (definition.name() != null && find(known, definition.name()) != null) {
      throw error("window \"" + definition.name() + "\" is already defined", position);
    }
    Query.WindowClause base = null;
    if (definition.base() != null) {
      base = find(known, definition.base());
      if (base == null) {
        throw new SqlException(SqlState.UNDEFINED_OBJECT, "window \"" + definition.base() + "\" does not exist").at(position);
      }
    }
    SortClauses clauses = new SortClauses(expressions);
    List<Query.Sort> order = clauses.orderBy(definition.orderBy(), targets, ExprKind.WINDOW_ORDER, true);
    List<Query.Sort> partition = clauses.partitionBy(definition.partitionBy(), targets, order);
    Query.WindowClause clause = new Query.WindowClause();
    clause.name = definition.name();
    clause.base = definition.base();
    clause.partitionBy = partition;
    clause.orderBy = order;
    if (base != null) {
      inherit(clause, base, definition, position);
    }
    frame(clause, definition.frame(), position);
    return clause;
  }

  private static void inherit(Query.WindowClause clause, Query.WindowClause base, WindowDefinition definition, int position) {
    if (!clause.partitionBy.isEmpty()) {
      throw error("cannot override PARTITION BY clause of window \"" + definition.base() + "\"", position);
    }
    clause.partitionBy = base.partitionBy;
    if (!clause.orderBy.isEmpty() && !base.orderBy.isEmpty()) {
      throw error("cannot override ORDER BY clause of window \"" + definition.base() + "\"", position);
    }
    if (clause.orderBy.isEmpty()) {
      clause.orderBy = base.orderBy;
      clause.copiedOrder = true;
    }
    if (base.explicitFrame) {
      SqlException error = error("cannot copy window \"" + definition.base() + "\" because it has a frame clause", position);
      throw definition.name() != null || !definition.orderBy().isEmpty() || definition.frame() != null
          ? error : error.withHint("Omit the parentheses in this OVER clause.");
    }
  }

  private void frame(Query.WindowClause clause, WindowDefinition.@Nullable Frame frame, int position) {
    if (frame == null) {
      return;
    }
    clause.explicitFrame = true;
    clause.between = frame.between();
    clause.mode =
        switch (frame.mode()) {
          case RANGE -> Frame.Mode.RANGE;
          case ROWS -> Frame.Mode.ROWS;
          case GROUPS -> Frame.Mode.GROUPS;
        };
    clause.exclusion =
        switch (frame.exclusion()) {
          case NO_OTHERS -> Frame.Exclusion.NO_OTHERS;
          case CURRENT_ROW -> Frame.Exclusion.CURRENT_ROW;
          case GROUP -> Frame.Exclusion.GROUP;
          case TIES -> Frame.Exclusion.TIES;
        };
    clause.start = bound(frame.start());
    clause.end = bound(frame.end());
    boolean offset = frame.start().offset() != null || frame.end().offset() != null;
    if (clause.mode == Frame.Mode.RANGE && offset && clause.orderBy.size() != 1) {
      throw error("RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column", position);
    }
    if (clause.mode == Frame.Mode.GROUPS && clause.orderBy.isEmpty()) {
      throw error("GROUPS mode requires an ORDER BY clause", position);
    }
    clause.startOffset = offset(clause, frame.start());
    clause.endOffset = offset(clause, frame.end());
  }

  private static Frame.Bound bound(WindowDefinition.FrameBound bound) {
    return switch (bound.kind()) {
      case UNBOUNDED_PRECEDING -> Frame.Bound.UNBOUNDED_PRECEDING;
      case OFFSET_PRECEDING -> Frame.Bound.PRECEDING;
      case CURRENT_ROW -> Frame.Bound.CURRENT_ROW;
      case OFFSET_FOLLOWING -> Frame.Bound.FOLLOWING;
      case UNBOUNDED_FOLLOWING -> Frame.Bound.UNBOUNDED_FOLLOWING;
    };
  }

  private @Nullable Node offset(Query.WindowClause clause, WindowDefinition.FrameBound bound) {
    if (bound.offset() == null) {
      return null;
    }
    Node node = expressions.analyze(bound.offset(), ExprKind.WINDOW_FRAME);
    String name = clause.mode.name();
    Node result =
        switch (clause.mode) {
          case ROWS, GROUPS -> analysis.coercion.toSpecific(node, PgTypes.INT8, name);
          case RANGE -> rangeOffset(clause.orderBy.getFirst().target.expr, node);
        };
    Node variable = Nodes.find(result, n -> n instanceof Node.Var var && var.entry.depth == scope.depth);
    if (variable != null) {
      throw new SqlException(SqlState.INVALID_COLUMN_REFERENCE, "argument of " + name + " must not contain variables").at(variable.position);
    }
    return result;
  }

  private Node rangeOffset(Node column, Node offset) {
    PgType type = column.type().ultimateBase();
    List<PgType> allowed =
        switch (type.oid()) {
          case 20 -> List.of(PgTypes.INT8);
          case 23, 21 -> List.of(PgTypes.INT8, PgTypes.INT4, PgTypes.INT2);
          case 700, 701 -> List.of(PgTypes.FLOAT8);
          case 1700 -> List.of(PgTypes.NUMERIC);
          case 1082, 1083, 1266, 1114, 1184, 1186 -> List.of(PgTypes.INTERVAL);
          default -> List.of();
        };
    if (allowed.isEmpty()) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED,
              "RANGE with offset PRECEDING/FOLLOWING is not supported for column type " + analysis.types.format(column.type()))
          .at(Nodes.location(offset));
    }
    PgType target = null;
    if (offset.isUnknown()) {
      target = allowed.contains(type) ? type : allowed.getFirst();
    } else {
      for (PgType each : allowed) {
        if (each.equals(offset.type())) {
          target = each;
        }
      }
      for (PgType each : allowed) {
        if (target == null && analysis.coercion.canCoerce(offset.type(), each, Coercion.Context.IMPLICIT)) {
          target = each;
        }
      }
    }
    if (target == null) {
      throw new SqlException(
              SqlState.FEATURE_NOT_SUPPORTED,
              "RANGE with offset PRECEDING/FOLLOWING is not supported for column type " + analysis.types.format(column.type())
                  + " and offset type " + analysis.types.format(offset.type()))
          .withHint("Cast the offset value to an appropriate type.")
          .at(Nodes.location(offset));
    }
    Node converted = analysis.coercion.toTarget(offset, target, -1, Coercion.Context.IMPLICIT, Form.IMPLICIT_CAST, -1);
    return converted == null ? offset : converted;
  }
}
