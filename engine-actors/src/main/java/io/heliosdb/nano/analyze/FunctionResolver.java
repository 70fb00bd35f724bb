package io.heliosdb.nano.analyze;

import io.heliosdb.nano.analyze.Candidates.Candidate;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the function meant by a name and argument types.
///
/// Source: PostgreSQL 15 manual, "Type Conversion", "Functions", and "Calling Functions".
final class FunctionResolver {
  private final Analysis analysis;

  FunctionResolver(Analysis analysis) {
    this.analysis = analysis;
  }

  /// What a name and arguments turned out to mean.
  sealed interface Resolution {}

  record NotFound() implements Resolution {}

  record NotUnique() implements Resolution {}

  /// The call is a type cast in function notation.
  record TypeCast(PgType target) implements Resolution {}

  /// @param declared effective argument types in the order of the function's parameters, defaults included
  /// @param variadicCount how many trailing arguments are to be packed into an array; 0 for none
  /// @param order for named notation: parameter position of each given argument, else null
  /// @param defaults expressions for parameters that were not given, in order of position
  record Found(FunctionDef function, List<PgType> declared, int variadicCount, @Nullable PgType variadicElement, int @Nullable [] order,
      List<Node> defaults) implements Resolution {}

  /// @param argumentNames names of the trailing named arguments, empty for positional notation
  Resolution resolve(
      QualifiedName name, List<PgType> inputs, List<String> argumentNames, boolean expandVariadic, boolean expandDefaults, boolean procedure,
      @Nullable List<Node> arguments) {
    List<Candidate<FunctionDef>> candidates = candidates(name, inputs.size(), argumentNames, expandVariadic, expandDefaults, procedure);
    Candidate<FunctionDef> best = exact(candidates, inputs);
    if (best == null) {
      if (inputs.size() == 1 && arguments != null && argumentNames.isEmpty()) {
        PgType target = castTarget(name, inputs.getFirst());
        if (target != null) {
          return new TypeCast(target);
        }
      }
      List<Candidate<FunctionDef>> matching = Candidates.matching(analysis, inputs, candidates);
      if (matching.size() == 1) {
        best = matching.getFirst();
      } else if (matching.size() > 1) {
        best = Candidates.select(analysis, inputs, matching);
        if (best == null) {
          return new NotUnique();
        }
      }
    }
    return best == null ? new NotFound() : found(best, inputs.size());
  }

  private Found found(Candidate<FunctionDef> best, int given) {
    FunctionDef function = best.definition();
    List<PgType> declared = new ArrayList<>(best.types());
    List<Node> defaults = new ArrayList<>();
    if (best.defaultCount() > 0) {
      List<Integer> parameters = function.kind() == 'p' && function.allArgumentTypes() != null ? procedureParameters(function) : function.argumentTypes();
      int count = parameters.size();
      int firstDefault = count - function.defaults().size();
      boolean[] present = new boolean[count];
      if (best.argumentNumbers() == null) {
        java.util.Arrays.fill(present, 0, given, true);
      } else {
        for (int number : best.argumentNumbers()) {
          present[number] = true;
        }
      }
      for (int i = firstDefault; i < count; i++) {
        if (!present[i]) {
          defaults.add(defaultValue(function, i - firstDefault, analysis.types.byOid(parameters.get(i))));
        }
      }
    }
    return new Found(function, declared, best.variadicCount(), best.variadicElement(), best.argumentNumbers(), defaults);
  }

  private Node defaultValue(FunctionDef function, int index, PgType type) {
    Scope scope = Scope.root(analysis);
    ExpressionAnalyzer expressions = new ExpressionAnalyzer(scope);
    Node value = expressions.analyze(Parser.parseExpression(function.defaults().get(index)), ExprKind.FUNCTION_DEFAULT);
    Node converted =
        analysis.coercion.toTarget(
            value, type, -1, Coercion.Context.ASSIGNMENT, io.heliosdb.nano.expr.Expr.Call.Form.IMPLICIT_CAST, 0);
    return converted == null ? value : converted;
  }

  private @Nullable Candidate<FunctionDef> exact(List<Candidate<FunctionDef>> candidates, List<PgType> inputs) {
    for (Candidate<FunctionDef> candidate : candidates) {
      boolean same = true;
      for (int i = 0; i < inputs.size() && same; i++) {
        same = candidate.types().get(i).equals(inputs.get(i));
      }
      if (same) {
        return candidate;
      }
    }
    return null;
  }

  /// The type meant by `typename(x)`, if the cast needs no function of that name.
  private @Nullable PgType castTarget(QualifiedName name, PgType source) {
    PgType target = analysis.types.find(name);
    if (target == null || target.isPseudo()) {
      return null;
    }
    if (source.oid() == PgTypes.UNKNOWN.oid()) {
      return target;
    }
    return switch (analysis.coercion.path(source, target, Coercion.Context.EXPLICIT)) {
      case RELABEL -> target;
      case IO -> {
        boolean rowToText = (source.oid() == PgTypes.RECORD.oid() || source.ultimateBase().isComposite()) && target.category() == 'S';
        yield rowToText ? null : target;
      }
      default -> null;
    };
  }

  /// All functions that a call with this many arguments could mean; earlier schemas hide equal signatures of later ones.
  List<Candidate<FunctionDef>> candidates(
      QualifiedName name, int count, List<String> argumentNames, boolean expandVariadic, boolean expandDefaults, boolean procedure) {
    List<Candidate<FunctionDef>> result = new ArrayList<>();
    if (name.schema() != null) {
      int namespace = analysis.names.schemaOf(name);
      for (FunctionDef function : analysis.catalog.functions(namespace, name.name())) {
        add(result, function, count, argumentNames, expandVariadic, expandDefaults, procedure, 0);
      }
      return result;
    }
    List<Integer> path = analysis.context.searchPath();
    for (int i = 0; i < path.size(); i++) {
      if (path.get(i) == analysis.context.temporaryNamespace() && path.get(i) != 0) {
        continue;
      }
      List<FunctionDef> functions = analysis.catalog.functions(path.get(i), name.name());
      for (int j = 0; j < functions.size(); j++) {
        add(result, functions.get(j), count, argumentNames, expandVariadic, expandDefaults, procedure, i);
      }
    }
    return result;
  }

  private void add(
      List<Candidate<FunctionDef>> result, FunctionDef function, int count, List<String> argumentNames, boolean expandVariadic,
      boolean expandDefaults, boolean procedure, int pathPosition) {
    List<Integer> parameters = procedure && function.allArgumentTypes() != null ? procedureParameters(function) : function.argumentTypes();
    int parameterCount = parameters.size();
    boolean variadic = false;
    int defaultCount = 0;
    int[] order = null;
    if (!argumentNames.isEmpty()) {
      if (function.variadicType() != 0 && expandVariadic) {
        return;
      }
      order = matchNames(function, count, argumentNames, parameterCount, expandDefaults);
      if (order == null) {
        return;
      }
      defaultCount = parameterCount - count;
    } else {
      variadic = parameterCount <= count && expandVariadic && function.variadicType() != 0;
      if (parameterCount > count && expandDefaults && count + function.defaults().size() >= parameterCount) {
        defaultCount = parameterCount - count;
      }
      if (count != parameterCount && !variadic && defaultCount == 0) {
        return;
      }
    }
    List<PgType> types = new ArrayList<>(Math.max(count, parameterCount));
    PgType element = null;
    int variadicCount = 0;
    if (variadic) {
      element = analysis.types.byOid(function.variadicType());
      for (int i = 0; i < parameterCount - 1; i++) {
        types.add(analysis.types.byOid(parameters.get(i)));
      }
      variadicCount = count - parameterCount + 1;
      for (int i = 0; i < variadicCount; i++) {
        types.add(element);
      }
    } else if (order != null) {
      for (int i = 0; i < count; i++) {
        types.add(analysis.types.byOid(parameters.get(order[i])));
      }
    } else {
      for (int i = 0; i < count; i++) {
        types.add(analysis.types.byOid(parameters.get(i)));
      }
    }
    Candidate<FunctionDef> candidate = new Candidate<>(function, types, variadicCount, element, defaultCount, order, pathPosition);
    for (int i = 0; i < result.size(); i++) {
      Candidate<FunctionDef> other = result.get(i);
      if (!other.types().equals(types)) {
        continue;
      }
      if (prefers(candidate, other)) {
        result.set(i, candidate);
        return;
      }
      if (prefers(other, candidate)) {
        return;
      }
      // Equal claims: both stay, and the call is ambiguous unless another candidate fits better.
    }
    result.add(candidate);
  }

  private static boolean prefers(Candidate<FunctionDef> a, Candidate<FunctionDef> b) {
    if (a.pathPosition() != b.pathPosition()) {
      return a.pathPosition() < b.pathPosition();
    }
    if ((a.variadicCount() > 0) != (b.variadicCount() > 0)) {
      return a.variadicCount() == 0;
    }
    if (a.variadicCount() != b.variadicCount()) {
      return a.variadicCount() < b.variadicCount();
    }
    return a.defaultCount() < b.defaultCount();
  }

  /// Input and output parameters in order, as CALL sees them.
  private static List<Integer> procedureParameters(FunctionDef function) {
    return function.allArgumentTypes();
  }

  /// Parameter positions of the arguments of a call in named or mixed notation, or null if the names do not fit.
  private static int @Nullable [] matchNames(FunctionDef function, int count, List<String> names, int parameterCount, boolean expandDefaults) {
    if (function.argumentNames() == null || count > parameterCount
        || parameterCount > count && (!expandDefaults || count + function.defaults().size() < parameterCount)) {
      return null;
    }
    int[] order = new int[count];
    boolean[] taken = new boolean[parameterCount];
    int positional = count - names.size();
    for (int i = 0; i < positional; i++) {
      order[i] = i;
      taken[i] = true;
    }
    for (int i = 0; i < names.size(); i++) {
      int at = inputPosition(function, names.get(i));
      if (at < 0 || at >= parameterCount || taken[at]) {
        return null;
      }
      taken[at] = true;
      order[positional + i] = at;
    }
    int firstDefault = parameterCount - function.defaults().size();
    for (int i = 0; i < parameterCount; i++) {
      if (!taken[i] && i < firstDefault) {
        return null;
      }
    }
    return order;
  }

  /// Position of the named parameter among the input parameters, -1 if there is none.
  private static int inputPosition(FunctionDef function, String name) {
    List<String> names = function.argumentNames();
    String modes = function.argumentModes();
    int input = 0;
    for (int i = 0; i < names.size(); i++) {
      boolean isInput = modes == null || function.kind() == 'p' || i < modes.length() && "ibv".indexOf(modes.charAt(i)) >= 0;
      if (isInput) {
        if (name.equals(names.get(i))) {
          return input;
        }
        input++;
      }
    }
    return -1;
  }

  /// `name(type, type)` for messages.
  String signature(String name, List<PgType> types, List<String> argumentNames) {
    StringBuilder text = new StringBuilder(name).append('(');
    int positional = types.size() - argumentNames.size();
    for (int i = 0; i < types.size(); i++) {
      if (i > 0) {
        text.append(", ");
      }
      if (i >= positional) {
        text.append(argumentNames.get(i - positional)).append(" => ");
      }
      text.append(analysis.types.format(types.get(i)));
    }
    return text.append(')').toString();
  }
}
