package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.expr.Expr.Call.Form;
import io.heliosdb.nano.function.BuiltinCatalog;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.SortItem;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Binds aggregate calls and GROUPING, and decides which query level they belong to.
final class Aggregates {
  private final ExpressionAnalyzer expressions;
  private final Scope scope;
  private final Analysis analysis;

  Aggregates(ExpressionAnalyzer expressions) {
    this.expressions = expressions;
    this.scope = expressions.scope;
    this.analysis = expressions.analysis;
  }

  /// `n` normal, `o` ordered-set, `h` hypothetical-set.
  static char aggregateKind(FunctionDef function) {
    if (function.body() instanceof FunctionDef.AggregateBody body) {
      return body.aggregateKind();
    }
    BuiltinCatalog.AggregateDef builtin = BuiltinCatalog.aggregate(function.oid());
    return builtin == null ? 'n' : builtin.kind();
  }

  private static int directCount(FunctionDef function) {
    if (function.body() instanceof FunctionDef.AggregateBody body) {
      return body.directArgumentCount();
    }
    BuiltinCatalog.AggregateDef builtin = BuiltinCatalog.aggregate(function.oid());
    return builtin == null ? 0 : builtin.directArgumentCount();
  }

  /// Checks the split into direct and aggregated arguments of ordered-set aggregates.
  FunctionResolver.Found checkShape(
      Expression.FunctionCall call, FunctionResolver.Found found, List<Node> arguments, List<PgType> inputs, int position) {
    FunctionDef function = found.function();
    char kind = aggregateKind(function);
    String name = call.name().toString();
    if (kind == 'n') {
      if (call.withinGroup()) {
        throw CallAnalyzer.wrongType(name + " is not an ordered-set aggregate, so it cannot have WITHIN GROUP", position);
      }
      return found;
    }
    if (!call.withinGroup()) {
      throw CallAnalyzer.wrongType("WITHIN GROUP is required for ordered-set aggregate " + name, position);
    }
    if (call.over() != null) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "OVER is not supported for ordered-set aggregate " + name).at(position);
    }
    int aggregated = call.orderBy().size();
    int direct = arguments.size() - aggregated;
    boolean variadicAny = function.variadicType() != 0;
    if (!variadicAny) {
      if (direct != directCount(function)) {
        throw misfit(call, inputs, position)
            .withHint(
                "There is an ordered-set aggregate " + name + ", but it requires " + directCount(function) + " direct argument"
                    + (directCount(function) == 1 ? "" : "s") + ", not " + direct + ".");
      }
      return found;
    }
    if (kind == 'h') {
      if (direct != aggregated) {
        throw misfit(call, inputs, position)
            .withHint(
                "To use the hypothetical-set aggregate " + name + ", the number of hypothetical direct arguments (here " + direct
                    + ") must match the number of ordering columns (here " + aggregated + ").");
      }
      unify(arguments, inputs, found, direct, call);
    }
    return found;
  }

  private SqlException misfit(Expression.FunctionCall call, List<PgType> inputs, int position) {
    return new SqlException(
            SqlState.UNDEFINED_FUNCTION, "function " + analysis.functions.signature(call.name().toString(), inputs, List.of()) + " does not exist")
        .at(position);
  }

  /// Brings each hypothetical argument and its ordering column to a common type.
  private void unify(List<Node> arguments, List<PgType> inputs, FunctionResolver.Found found, int count, Expression.FunctionCall call) {
    for (int i = 0; i < count; i++) {
      Node hypothetical = arguments.get(i);
      Node ordered = arguments.get(count + i);
      PgType common = analysis.coercion.commonType(List.of(ordered, hypothetical), "WITHIN GROUP");
      Node first = analysis.coercion.toTarget(hypothetical, common, -1, Coercion.Context.IMPLICIT, Form.IMPLICIT_CAST, -1);
      Node second = analysis.coercion.toTarget(ordered, common, -1, Coercion.Context.IMPLICIT, Form.IMPLICIT_CAST, -1);
      arguments.set(i, first);
      arguments.set(count + i, second);
      inputs.set(i, common);
      inputs.set(count + i, common);
    }
  }

  Node build(
      Expression.FunctionCall call, FunctionResolver.Found found, PgType result, List<Node> arguments, @Nullable Node filter, boolean variadic,
      int position) {
    FunctionDef function = found.function();
    String name = call.name().toString();
    if (call.arguments().isEmpty() && !call.star() && !call.withinGroup()) {
      throw CallAnalyzer.wrongType(name + "(*) must be used to call a parameterless aggregate function", position);
    }
    if (function.returnsSet()) {
      throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "aggregates cannot return sets").at(position);
    }
    for (Expression.Argument argument : call.arguments()) {
      if (argument.name() != null) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "aggregates cannot use named arguments").at(position);
      }
    }
    List<PgType> types = new ArrayList<>(arguments.size());
    for (Node argument : arguments) {
      types.add(argument.type());
    }
    List<Node> direct = List.of();
    List<Query.Target> targets = new ArrayList<>(arguments.size());
    List<Query.Sort> order = new ArrayList<>();
    List<Query.Sort> distinct = new ArrayList<>();
    if (call.withinGroup()) {
      int directCount = arguments.size() - call.orderBy().size();
      direct = new ArrayList<>(arguments.subList(0, directCount));
      SortClauses clauses = new SortClauses(expressions);
      for (int i = directCount; i < arguments.size(); i++) {
        Query.Target target = new Query.Target(arguments.get(i), "", false);
        targets.add(target);
        order.add(clauses.sort(target, call.orderBy().get(i - directCount), targets));
      }
      if (call.distinct()) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "cannot use DISTINCT with WITHIN GROUP").at(position);
      }
    } else {
      for (Node argument : arguments) {
        targets.add(new Query.Target(argument, "", false));
      }
      SortClauses clauses = new SortClauses(expressions);
      ExprKind outer = scope.kind;
      for (SortItem item : call.orderBy()) {
        Query.Target target = clauses.targetBy99(item.expression(), targets, ExprKind.ORDER_BY);
        clauses.addSort(order, target, item, targets);
      }
      scope.kind = outer;
      if (call.distinct()) {
        distinctArguments(targets, order, distinct, position);
      }
    }
    Node.Aggregate aggregate =
        new Node.Aggregate(
            position, function, result, types, direct, targets, order, distinct, call.distinct(), filter, call.star(), variadic,
            call.withinGroup());
    place(aggregate);
    return aggregate;
  }

  private void distinctArguments(List<Query.Target> targets, List<Query.Sort> order, List<Query.Sort> distinct, int position) {
    for (Query.Sort sort : order) {
      if (sort.target.junk) {
        throw new SqlException(
                SqlState.INVALID_COLUMN_REFERENCE, "in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list")
            .at(Nodes.location(sort.target.expr));
      }
    }
    for (Query.Target target : targets) {
      if (target.junk) {
        continue;
      }
      if (target.expr.isUnknown()) {
        target.expr = analysis.coercion.toDeclared(target.expr, PgTypes.TEXT);
      }
      PgType type = target.expr.type();
      if (analysis.operators.defaultOrdering("=", type) == null) {
        throw new SqlException(SqlState.UNDEFINED_FUNCTION, "could not identify an equality operator for type " + analysis.types.format(type))
            .at(Nodes.location(target.expr));
      }
      if (analysis.operators.defaultOrdering("<", type) == null) {
        throw new SqlException(SqlState.UNDEFINED_FUNCTION, "could not identify an ordering operator for type " + analysis.types.format(type))
            .withDetail("Aggregates with DISTINCT must be able to sort their inputs.")
            .at(Nodes.location(target.expr));
      }
      Query.Sort sort = new Query.Sort(target);
      distinct.add(sort);
    }
  }

  // ------------------------------------------------------------------------------------------ level

  /// Finds the query level an aggregate belongs to: the innermost one whose columns its arguments use.
  private void place(Node.Aggregate aggregate) {
    Levels levels = new Levels();
    for (Query.Target target : aggregate.arguments) {
      levels.walk(target.expr);
    }
    if (aggregate.filter != null) {
      levels.walk(aggregate.filter);
    }
    int depth = levels.deepestVar < 0 && levels.deepestAggregate < 0 ? scope.depth : Math.max(levels.deepestVar, levels.deepestAggregate);
    if (levels.deepestAggregate >= 0 && depth == levels.deepestAggregate) {
      throw new SqlException(SqlState.GROUPING_ERROR, "aggregate function calls cannot be nested").at(Nodes.location(levels.aggregate));
    }
    Levels direct = new Levels();
    for (Node node : aggregate.direct) {
      direct.walk(node);
    }
    if (direct.deepestVar > depth) {
      throw new SqlException(
              SqlState.GROUPING_ERROR, "outer-level aggregate cannot contain a lower-level variable in its direct arguments")
          .at(Nodes.location(aggregate.direct.getFirst()));
    }
    if (direct.deepestAggregate >= 0 && direct.deepestAggregate >= depth) {
      throw new SqlException(SqlState.GROUPING_ERROR, "aggregate function calls cannot be nested").at(Nodes.location(direct.aggregate));
    }
    aggregate.depth = depth;
    checkPlace(depth, aggregate.position, "aggregate functions");
  }

  private void checkPlace(int depth, int position, String what) {
    Scope owner = scope;
    while (owner.depth > depth) {
      owner = owner.parent;
    }
    owner.query.hasAggregates = true;
    ExprKind kind = owner.kind;
    if (!kind.aggregates) {
      String verb = what.equals("aggregate functions") ? what : "grouping operations";
      if (kind == ExprKind.FROM_SUBSELECT) {
        throw new SqlException(SqlState.GROUPING_ERROR, verb + " are not allowed in FROM clause of their own query level").at(position);
      }
      throw new SqlException(SqlState.GROUPING_ERROR, verb + " are not allowed in " + kind.plural).at(position);
    }
  }

  Node grouping(Expression.Grouping grouping) {
    if (grouping.arguments().size() > 31) {
      throw new SqlException(SqlState.TOO_MANY_ARGUMENTS, "GROUPING must have fewer than 32 arguments").at(grouping.position());
    }
    List<Node> arguments = new ArrayList<>(grouping.arguments().size());
    Levels levels = new Levels();
    for (Expression argument : grouping.arguments()) {
      Node node = expressions.bind(argument);
      levels.walk(node);
      arguments.add(node);
    }
    int depth = levels.deepestVar < 0 ? scope.depth : levels.deepestVar;
    checkPlace(depth, grouping.position(), "grouping operations");
    return new Node.Grouping(grouping.position(), arguments, depth);
  }

  /// Deepest levels, up to the current one, of columns and aggregates in an expression.
  private final class Levels {
    int deepestVar = -1;
    int deepestAggregate = -1;
    @Nullable Node aggregate;

    void walk(Node node) {
      see(node);
      if (node instanceof Node.SubLink link) {
        QueryRewriter.visit(link.query, this::seeInner);
      }
      Nodes.children(node, this::walk);
    }

    /// Inside a sub-query, windows and sets are its own business.
    private void seeInner(Node node) {
      if (node instanceof Node.Var || node instanceof Node.Aggregate) {
        see(node);
      }
    }

    private void see(Node node) {
      switch (node) {
        case Node.Var var when var.entry.depth <= scope.depth -> deepestVar = Math.max(deepestVar, var.entry.depth);
        case Node.Aggregate inner when inner.depth <= scope.depth -> {
          if (inner.depth > deepestAggregate) {
            deepestAggregate = inner.depth;
            aggregate = inner;
          }
        }
        case Node.Window window ->
            throw new SqlException(SqlState.GROUPING_ERROR, "aggregate function calls cannot contain window function calls").at(window.position);
        case Node.Func func when func.function.returnsSet() -> refuseSet(func);
        default -> {}
      }
    }

    private void refuseSet(Node func) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "aggregate function calls cannot contain set-returning function calls")
          .withHint("You might be able to move the set-returning function into a LATERAL FROM item.")
          .at(func.position);
    }
  }
}
