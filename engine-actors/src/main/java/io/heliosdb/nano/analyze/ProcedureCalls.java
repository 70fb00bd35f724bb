package io.heliosdb.nano.analyze;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.expr.Expr.Call.Form;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Binds CALL: output parameters take part in finding the procedure, but their arguments are not evaluated.
///
/// Source: PostgreSQL 15 manual, CALL.
final class ProcedureCalls {
  private ProcedureCalls() {}

  static BoundCall bind(Expression.FunctionCall call, Analysis analysis) {
    Scope scope = Scope.root(analysis);
    ExpressionAnalyzer expressions = new ExpressionAnalyzer(scope);
    List<Node> nodes = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<PgType> inputs = new ArrayList<>();
    for (Expression.Argument argument : call.arguments()) {
      Node node = expressions.analyze(argument.value(), ExprKind.CALL_ARGUMENT);
      if (argument.name() != null) {
        names.add(argument.name().text());
      } else if (!names.isEmpty()) {
        throw new SqlException(SqlState.SYNTAX_ERROR, "positional argument cannot follow named argument").at(node.position);
      }
      nodes.add(node);
      inputs.add(node.type());
    }
    FunctionResolver.Resolution resolution = analysis.functions.resolve(call.name(), inputs, names, !call.variadic(), true, true, null);
    if (!(resolution instanceof FunctionResolver.Found found)) {
      String signature = analysis.functions.signature(call.name().toString(), inputs, names);
      throw resolution instanceof FunctionResolver.NotUnique
          ? new SqlException(SqlState.AMBIGUOUS_FUNCTION, "procedure " + signature + " is not unique")
              .withHint("Could not choose a best candidate procedure. You might need to add explicit type casts.")
              .at(call.position())
          : new SqlException(SqlState.UNDEFINED_FUNCTION, "procedure " + signature + " does not exist")
              .withHint("No procedure matches the given name and argument types. You might need to add explicit type casts.")
              .at(call.position());
    }
    FunctionDef procedure = found.function();
    if (procedure.kind() != 'p') {
      throw new SqlException(
              SqlState.WRONG_OBJECT_TYPE, analysis.functions.signature(call.name().toString(), inputs, names) + " is not a procedure")
          .withHint("To call a function, use SELECT.")
          .at(call.position());
    }
    return place(call, analysis, found, nodes, inputs);
  }

  private static BoundCall place(Expression.FunctionCall call, Analysis analysis, FunctionResolver.Found found, List<Node> nodes, List<PgType> inputs) {
    FunctionDef procedure = found.function();
    List<Integer> parameters = procedure.allArgumentTypes() == null ? procedure.argumentTypes() : procedure.allArgumentTypes();
    Polymorphism.enforce(analysis, inputs, found.declared(), PgTypes.VOID, false);
    int count = parameters.size();
    Node[] placed = new Node[count];
    int[] given = new int[count];
    java.util.Arrays.fill(given, -1);
    int plain = nodes.size() - found.variadicCount();
    List<Node> packed = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      Node converted = analysis.coercion.toDeclared(nodes.get(i), found.declared().get(i));
      if (found.variadicCount() > 0 && i >= plain) {
        packed.add(converted);
        continue;
      }
      int at = found.order() == null ? i : found.order()[i];
      placed[at] = converted;
      given[at] = i;
    }
    if (!packed.isEmpty()) {
      PgType element = packed.getFirst().type();
      PgType array = analysis.types.arrayOf(element);
      placed[plain] = new Node.Array(Nodes.location(packed.getFirst()), java.util.Objects.requireNonNull(array), element, false, packed);
    }
    int firstDefault = count - procedure.defaults().size();
    List<Expr> values = new ArrayList<>();
    List<BoundCall.Output> outputs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      char mode = procedure.argumentModes() == null ? 'i' : procedure.argumentModes().charAt(i);
      PgType declared = analysis.types.byOid(parameters.get(i));
      PgType type = placed[i] == null || !analysis.types.isPolymorphic(declared.oid()) ? declared : placed[i].type();
      if (mode != 'o' && mode != 't') {
        Node value = placed[i] == null ? defaultValue(procedure.defaults().get(i - firstDefault), type, analysis) : placed[i];
        values.add(lower(value, analysis));
      }
      if (mode == 'o' || mode == 'b') {
        String name = procedure.argumentNames() == null ? "" : procedure.argumentNames().get(i);
        outputs.add(
            new BoundCall.Output(
                name == null || name.isEmpty() ? "column" + (outputs.size() + 1) : name, type,
                given[i] < 0 ? null : call.arguments().get(given[i]).value()));
      }
    }
    return new BoundCall(procedure, List.copyOf(values), List.copyOf(outputs));
  }

  private static Node defaultValue(String text, PgType type, Analysis analysis) {
    Scope scope = Scope.root(analysis);
    Node value = new ExpressionAnalyzer(scope).analyze(Parser.parseExpression(text), ExprKind.FUNCTION_DEFAULT);
    @Nullable Node converted = analysis.coercion.toTarget(value, type, -1, Coercion.Context.ASSIGNMENT, Form.IMPLICIT_CAST, 0);
    return converted == null ? value : converted;
  }

  private static Expr lower(Node node, Analysis analysis) {
    CollationAssigner.assign(analysis, node);
    return new PlanBuilder(analysis).lowering.lower(node, RowFrame.of(null, new RowFrame.Layout()));
  }
}
