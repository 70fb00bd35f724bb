package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.expr.Expr.Call.Form;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.SortItem;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Binds function calls of every kind: plain functions, casts and fields in function notation, aggregates, window functions.
///
/// Source: PostgreSQL 15 manual, "Function Calls", "Aggregate Expressions", "Window Function Calls", "Calling Functions".
final class CallAnalyzer {
  private static final int ARGUMENTS_MAX = 100;
  private final ExpressionAnalyzer expressions;
  private final Scope scope;
  private final Analysis analysis;

  CallAnalyzer(ExpressionAnalyzer expressions) {
    this.expressions = expressions;
    this.scope = expressions.scope;
    this.analysis = expressions.analysis;
  }

  /// A call of a `pg_catalog` function on bound arguments.
  Node system(String name, List<Node> arguments, int position) {
    Expression.FunctionCall call = Expression.FunctionCall.of(QualifiedName.system(name, position), List.of(), position);
    return resolve(call, new ArrayList<>(arguments), List.of(), null, null, position);
  }

  /// `row.name` meant as `name(row)`; null if there is no such function.
  @Nullable Node functionOnRow(String name, Node row, int position) {
    List<PgType> inputs = List.of(row.type());
    List<Node> arguments = new ArrayList<>(List.of(row));
    FunctionResolver.Resolution resolution =
        analysis.functions.resolve(QualifiedName.of(name, position), inputs, List.of(), true, true, false, arguments);
    return switch (resolution) {
      case FunctionResolver.Found found when found.function().kind() == 'f' -> {
        List<Node> converted = convert(found, arguments, inputs);
        if (found.function().returnsSet()) {
          checkSetPlacement(scope.lastSet, position);
        }
        yield function(found, converted, resultType(found, inputs), false, false, null, position);
      }
      case FunctionResolver.TypeCast cast when row.type().oid() != PgTypes.UNKNOWN.oid() -> null;
      default -> null;
    };
  }

  Node call(Expression.FunctionCall call) {
    Node setBefore = scope.lastSet;
    List<Node> arguments = new ArrayList<>(call.arguments().size());
    List<String> names = new ArrayList<>(0);
    for (Expression.Argument argument : call.arguments()) {
      Node node = expressions.bind(argument.value());
      if (argument.name() != null) {
        if (names.contains(argument.name().text())) {
          throw new SqlException(SqlState.SYNTAX_ERROR, "argument name \"" + argument.name().text() + "\" used more than once")
              .at(argument.name().position());
        }
        names.add(argument.name().text());
      } else if (!names.isEmpty()) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "positional argument cannot follow named argument").at(node.position);
      }
      arguments.add(node);
    }
    // JDBC declares the place of an OUT parameter as a parameter of type void: PostgreSQL leaves it out of the call.
    arguments.removeIf(argument -> names.isEmpty() && argument instanceof Node.Param && argument.type().oid() == PgTypes.VOID.oid());
    Node filter = null;
    if (call.filter() != null) {
      filter = expressions.condition(call.filter(), ExprKind.FILTER, "FILTER");
    }
    if (call.withinGroup()) {
      for (SortItem item : call.orderBy()) {
        arguments.add(expressions.analyze(item.expression(), ExprKind.ORDER_BY));
      }
    }
    return resolve(call, arguments, names, filter, setBefore, call.position());
  }

  private Node resolve(
      Expression.FunctionCall call, List<Node> arguments, List<String> names, @Nullable Node filter, @Nullable Node setBefore, int position) {
    QualifiedName name = call.name();
    if (arguments.size() > ARGUMENTS_MAX) {
      throw new SqlException(SqlState.TOO_MANY_ARGUMENTS, "cannot pass more than " + ARGUMENTS_MAX + " arguments to a function").at(position);
    }
    boolean plain =
        !call.star() && !call.distinct() && !call.variadic() && call.orderBy().isEmpty() && call.filter() == null && call.over() == null
            && !call.withinGroup();
    boolean projection = plain && arguments.size() == 1 && names.isEmpty() && !name.isQualified();
    List<PgType> inputs = new ArrayList<>(arguments.size());
    for (Node argument : arguments) {
      inputs.add(argument.type());
    }
    FunctionResolver.Resolution resolution =
        analysis.functions.resolve(name, inputs, names, !call.variadic(), true, false, plain ? arguments : null);
    return switch (resolution) {
      case FunctionResolver.TypeCast cast ->
          analysis.coercion.coerce(arguments.getFirst(), cast.target(), -1, Coercion.Context.EXPLICIT, Form.EXPLICIT_CAST, position);
      case FunctionResolver.NotUnique notUnique ->
          throw new SqlException(
                  SqlState.AMBIGUOUS_FUNCTION,
                  "function " + analysis.functions.signature(name.toString(), inputs, names) + " is not unique")
              .withHint("Could not choose a best candidate function. You might need to add explicit type casts.")
              .at(position);
      case FunctionResolver.NotFound notFound -> {
        Node field = projection ? fieldNotation(arguments.getFirst(), name.name(), position) : null;
        if (field != null) {
          yield field;
        }
        throw notFound(call, inputs, names, position);
      }
      case FunctionResolver.Found found -> found(call, found, arguments, inputs, names, filter, setBefore, position);
    };
  }

  private @Nullable Node fieldNotation(Node argument, String name, int position) {
    boolean composite = argument.type().ultimateBase().isComposite() || argument.type().oid() == PgTypes.RECORD.oid();
    return composite ? expressions.references().fieldOf(argument, name, position) : null;
  }

  private SqlException notFound(Expression.FunctionCall call, List<PgType> inputs, List<String> names, int position) {
    boolean orderedAggregate = call.orderBy().size() > 1 && !call.withinGroup();
    return new SqlException(
            SqlState.UNDEFINED_FUNCTION,
            "function " + analysis.functions.signature(call.name().toString(), inputs, names) + " does not exist")
        .withHint(
            orderedAggregate
                ? "No aggregate function matches the given name and argument types. Perhaps you misplaced ORDER BY; ORDER BY must appear after all"
                    + " regular arguments of the aggregate."
                : "No function matches the given name and argument types. You might need to add explicit type casts.")
        .at(position);
  }

  private Node found(
      Expression.FunctionCall call, FunctionResolver.Found found, List<Node> arguments, List<PgType> inputs, List<String> names,
      @Nullable Node filter, @Nullable Node setBefore, int position) {
    FunctionDef function = found.function();
    String name = call.name().toString();
    switch (function.kind()) {
      case 'p' ->
          throw new SqlException(
                  SqlState.WRONG_OBJECT_TYPE, analysis.functions.signature(name, inputs, names) + " is a procedure")
              .withHint("To call a procedure, use CALL.")
              .at(position);
      case 'a' -> {}
      case 'w' -> {
        if (call.withinGroup()) {
          throw wrongType("window function " + name + " cannot have WITHIN GROUP", position);
        }
      }
      default -> refuseDecorations(call, name, position);
    }
    Aggregates aggregates = new Aggregates(expressions);
    FunctionResolver.Found checked = function.kind() == 'a' ? aggregates.checkShape(call, found, arguments, inputs, position) : found;
    PgType result = resultType(checked, inputs, arguments);
    List<Node> converted = convert(checked, arguments, inputs);
    boolean variadic = call.variadic();
    if (function.returnsSet()) {
      checkSetPlacement(setBefore, position);
    }
    return switch (function.kind()) {
      case 'a' -> call.over() != null
          ? new Windows(expressions).call(call, function, result, converted, filter, variadic, position)
          : aggregates.build(call, checked, result, converted, filter, variadic, position);
      case 'w' -> {
        if (call.over() == null) {
          throw wrongType("window function " + name + " requires an OVER clause", position);
        }
        yield new Windows(expressions).call(call, function, result, converted, filter, variadic, position);
      }
      default -> function(checked, converted, result, variadic, call.sqlSyntax(), setBefore, position);
    };
  }

  private static void refuseDecorations(Expression.FunctionCall call, String name, int position) {
    if (call.star()) {
      throw wrongType(name + "(*) specified, but " + name + " is not an aggregate function", position);
    }
    if (call.distinct()) {
      throw wrongType("DISTINCT specified, but " + name + " is not an aggregate function", position);
    }
    if (call.withinGroup()) {
      throw wrongType("WITHIN GROUP specified, but " + name + " is not an aggregate function", position);
    }
    if (!call.orderBy().isEmpty()) {
      throw wrongType("ORDER BY specified, but " + name + " is not an aggregate function", position);
    }
    if (call.filter() != null) {
      throw wrongType("FILTER specified, but " + name + " is not an aggregate function", position);
    }
    if (call.over() != null) {
      throw wrongType("OVER specified, but " + name + " is not a window function nor an aggregate function", position);
    }
  }

  static SqlException wrongType(String message, int position) {
    return new SqlException(SqlState.WRONG_OBJECT_TYPE, message).at(position);
  }

  PgType resultType(FunctionResolver.Found found, List<PgType> inputs) {
    return resultType(found, inputs, List.of());
  }

  /// Replaces polymorphic types in `found.declared` and gives the result type.
  private PgType resultType(FunctionResolver.Found found, List<PgType> inputs, List<Node> arguments) {
    List<PgType> actual = inputs;
    PgType declaredResult = analysis.types.byOid(found.function().returnType());
    if (!found.defaults().isEmpty() && found.order() == null) {
      actual = new ArrayList<>(inputs);
      List<PgType> declared = found.declared();
      for (int i = 0; i < found.defaults().size(); i++) {
        actual.add(found.defaults().get(i).type());
        declared.add(analysis.types.byOid(found.function().argumentTypes().get(inputs.size() + i)));
      }
    }
    return Polymorphism.enforce(analysis, actual, found.declared(), declaredResult, false);
  }

  /// Arguments as the function takes them: converted, named ones in place, defaults added, VARIADIC ones packed.
  List<Node> convert(FunctionResolver.Found found, List<Node> arguments, List<PgType> inputs) {
    List<Node> result = new ArrayList<>(arguments.size() + found.defaults().size());
    for (int i = 0; i < arguments.size(); i++) {
      result.add(analysis.coercion.toDeclared(arguments.get(i), found.declared().get(i)));
    }
    int[] order = found.order();
    if (order != null) {
      int count = found.function().argumentTypes().size();
      Node[] placed = new Node[count];
      for (int i = 0; i < order.length; i++) {
        placed[order[i]] = result.get(i);
      }
      int next = 0;
      for (int i = 0; i < count; i++) {
        if (placed[i] == null) {
          placed[i] = found.defaults().get(next++);
        }
      }
      return new ArrayList<>(List.of(placed));
    }
    for (int i = 0; i < found.defaults().size(); i++) {
      PgType declared = found.declared().size() > arguments.size() + i ? found.declared().get(arguments.size() + i) : null;
      Node value = found.defaults().get(i);
      result.add(declared == null ? value : analysis.coercion.toDeclared(value, declared));
    }
    if (found.variadicCount() > 0 && found.variadicElement() != null && found.variadicElement().oid() != PgTypes.ANY.oid()) {
      int from = result.size() - found.variadicCount();
      List<Node> packed = new ArrayList<>(result.subList(from, result.size()));
      result.subList(from, result.size()).clear();
      PgType element = packed.getFirst().type();
      PgType array = analysis.types.arrayOf(element);
      if (array == null) {
        throw new SqlException(SqlState.UNDEFINED_OBJECT, "could not find array type for data type " + analysis.types.format(element))
            .at(Nodes.location(packed.getFirst()));
      }
      result.add(new Node.Array(Nodes.location(packed.getFirst()), array, element, false, packed));
    }
    return result;
  }

  private Node function(
      FunctionResolver.Found found, List<Node> arguments, PgType result, boolean variadic, boolean sqlSyntax, @Nullable Node setBefore,
      int position) {
    boolean packed = found.variadicCount() > 0 && found.variadicElement() != null && found.variadicElement().oid() != PgTypes.ANY.oid();
    if (variadic && found.function().variadicType() == PgTypes.ANY.oid() && !arguments.isEmpty()) {
      PgType last = arguments.getLast().type();
      if (!last.ultimateBase().isArray()) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH, "VARIADIC argument must be an array").at(Nodes.location(arguments.getLast()));
      }
    }
    Node.Func call = new Node.Func(position, found.function(), result, arguments, Form.FUNCTION, variadic || packed, sqlSyntax);
    call.defaulted = found.order() == null && !packed ? found.defaults().size() : 0;
    if (found.function().returnsSet()) {
      scope.lastSet = call;
    }
    return call;
  }

  /// Set-returning calls stand at the top of FROM functions, in the select list, or as arguments of each other.
  void checkSetPlacement(@Nullable Node setBefore, int position) {
    ExprKind kind = scope.kind;
    if (kind == ExprKind.FROM_FUNCTION) {
      if (scope.lastSet != setBefore && scope.lastSet != null) {
        throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "set-returning functions must appear at top level of FROM")
            .at(Nodes.location(scope.lastSet));
      }
      return;
    }
    if (!kind.sets) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "set-returning functions are not allowed in " + kind.plural).at(position);
    }
    scope.query.hasTargetSets = true;
  }
}
