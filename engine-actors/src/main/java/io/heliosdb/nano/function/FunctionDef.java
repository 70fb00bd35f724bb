package io.heliosdb.nano.function;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One SQL function, procedure, aggregate or window function: the row that `pg_proc` shows, and what runs when it is called.
/// Built-in ones come from one fact table and one registered implementation each; user-made ones from CREATE FUNCTION.
///
/// @param kind `f` function, `p` procedure, `a` aggregate, `w` window function (as `pg_proc.prokind`)
/// @param argumentTypes oids of the input arguments; for a variadic function the last one is the array type
/// @param argumentModes null when all are IN, else one of `i o b v t` per entry of `allArgumentTypes`
/// @param variadicType element oid of a VARIADIC last argument, 2276 for VARIADIC "any", 0 for none
/// @param defaults bound lazily from SQL text, one per trailing argument that has a default
/// @param returnType oid, 2249 for record
/// @param volatility `i` immutable, `s` stable, `v` volatile
public record FunctionDef(
    int oid,
    int namespaceOid,
    String name,
    char kind,
    List<Integer> argumentTypes,
    @Nullable List<Integer> allArgumentTypes,
    @Nullable String argumentModes,
    @Nullable List<String> argumentNames,
    int variadicType,
    List<String> defaults,
    int returnType,
    boolean returnsSet,
    boolean strict,
    char volatility,
    char parallel,
    boolean leakproof,
    boolean securityDefiner,
    int languageOid,
    int ownerOid,
    float cost,
    float rows,
    Body body) {

  /// What a call runs.
  public sealed interface Body {}

  /// A built-in; `symbol` is pg_proc.prosrc and, with the signature, finds the implementation in [Builtins].
  public record BuiltinBody(String symbol) implements Body {}

  /// LANGUAGE SQL, as text; `parsed` BEGIN ATOMIC bodies are kept as text too.
  public record SqlBody(String source) implements Body {}

  /// LANGUAGE plpgsql.
  public record PlPgSqlBody(String source) implements Body {}

  /// An aggregate made by CREATE AGGREGATE from other functions (oids, 0 for none).
  public record AggregateBody(
      char aggregateKind,
      int directArgumentCount,
      int transitionFunction,
      int finalFunction,
      boolean finalExtra,
      int combineFunction,
      int transitionType,
      @Nullable String initialValue,
      int sortOperator,
      int movingTransitionFunction,
      int movingInverseFunction,
      int movingFinalFunction,
      int movingTransitionType,
      @Nullable String movingInitialValue)
      implements Body {}

  public FunctionDef {
    argumentTypes = List.copyOf(argumentTypes);
    defaults = List.copyOf(defaults);
  }

  public boolean isAggregate() {
    return kind == 'a';
  }

  public boolean isWindow() {
    return kind == 'w';
  }

  public boolean isImmutable() {
    return volatility == 'i';
  }

  public boolean isVolatile() {
    return volatility == 'v';
  }
}
