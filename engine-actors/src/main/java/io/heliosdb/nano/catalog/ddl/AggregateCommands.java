package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.FunctionDetails;
import io.heliosdb.nano.catalog.CatalogObject.FunctionObject;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.FunctionDef.AggregateBody;
import io.heliosdb.nano.parse.ast.FunctionParameter;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.RoutineDdl.CreateAggregate;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// CREATE AGGREGATE: a plain aggregate made of a transition function and, as a rule, a final function.
final class AggregateCommands {
  private final Ddl ddl;
  private @Nullable QualifiedName transition;
  private @Nullable QualifiedName finalName;
  private @Nullable QualifiedName combine;
  private @Nullable PgType stateType;
  private @Nullable PgType baseType;
  private @Nullable String initial;
  private boolean finalExtra;
  private char parallel = 'u';
  /// Element type of a VARIADIC parameter, 0 for none.
  private int variadicElement;
  private @Nullable QualifiedName movingTransition;
  private @Nullable QualifiedName movingInverse;
  private @Nullable PgType movingType;
  private @Nullable String movingInitial;

  AggregateCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  String create(CreateAggregate statement) {
    if (statement.orderBy() != null) {
      throw SqlException.notSupported("CREATE AGGREGATE with ORDER BY");
    }
    int namespaceOid = ddl.creationNamespace(statement.name());
    statement.options().forEach(this::take);
    if (stateType == null) {
      throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "aggregate stype must be specified");
    }
    if (transition == null) {
      throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "aggregate sfunc must be specified");
    }
    List<Integer> inputs = inputs(statement);
    List<Integer> transitionArguments = new ArrayList<>();
    transitionArguments.add(stateType.oid());
    transitionArguments.addAll(inputs);
    FunctionDef step = new RoutineLookup(ddl).require(transition, transitionArguments);
    boolean polymorphic = PgTypes.isPolymorphic(stateType.oid());
    if (!polymorphic && step.returnType() != stateType.oid() && !PgTypes.isPolymorphic(step.returnType())) {
      throw new SqlException(SqlState.DATATYPE_MISMATCH,
          "return type of transition function " + step.name() + " is not " + ddl.format(stateType));
    }
    boolean sameAsInput = !inputs.isEmpty() && inputs.get(0) == stateType.oid();
    if (step.strict() && initial == null && !sameAsInput) {
      throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION,
          "must not omit initial value when transition function is strict and transition type is not compatible with input type");
    }
    FunctionDef last = null;
    if (finalName != null) {
      List<Integer> finalArguments = new ArrayList<>(List.of(stateType.oid()));
      if (finalExtra) {
        finalArguments.addAll(inputs);
      }
      last = new RoutineLookup(ddl).require(finalName, finalArguments);
    }
    FunctionDef combiner = combine == null ? null : new RoutineLookup(ddl).require(combine, List.of(stateType.oid(), stateType.oid()));
    put(statement, namespaceOid, inputs, step, last, combiner);
    return "CREATE AGGREGATE";
  }

  private void put(CreateAggregate statement, int namespaceOid, List<Integer> inputs, FunctionDef step, @Nullable FunctionDef last,
      @Nullable FunctionDef combiner) {
    FunctionDef existing = null;
    for (FunctionDef candidate : ddl.catalog().functions(namespaceOid, statement.name().name())) {
      if (candidate.argumentTypes().equals(inputs)) {
        existing = candidate;
      }
    }
    if (existing != null && !statement.orReplace()) {
      throw new SqlException(SqlState.DUPLICATE_FUNCTION, "function \"" + existing.name() + "\" already exists with same argument types");
    }
    if (existing != null) {
      ddl.checkOwner(existing.ownerOid(), FunctionCommands.kindWord(existing), existing.name());
      if (existing.kind() != 'a') {
        throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot change routine kind")
            .withDetail("\"" + existing.name() + "\" is a " + FunctionCommands.kindWord(existing) + ".");
      }
    }
    int result = last != null ? last.returnType() : stateType.oid();
    FunctionDef forward = null;
    FunctionDef inverse = null;
    if (movingType != null) {
      List<Integer> arguments = new ArrayList<>(List.of(movingType.oid()));
      arguments.addAll(inputs);
      forward = moving(movingTransition, "msfunc", "transition", arguments);
      inverse = moving(movingInverse, "minvfunc", "inverse transition", arguments);
      if (forward.strict() != inverse.strict()) {
        throw new SqlException(
            SqlState.INVALID_FUNCTION_DEFINITION, "strictness of aggregate's forward and inverse transition functions must match");
      }
    } else if (movingTransition != null || movingInverse != null) {
      throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION,
          "aggregate " + (movingTransition != null ? "msfunc" : "minvfunc") + " must not be specified without mstype");
    }
    AggregateBody body = new AggregateBody('n', 0, step.oid(), last == null ? 0 : last.oid(), finalExtra,
        combiner == null ? 0 : combiner.oid(), stateType.oid(), initial, 0, forward == null ? 0 : forward.oid(),
        inverse == null ? 0 : inverse.oid(), 0, movingType == null ? 0 : movingType.oid(), movingInitial);
    int oid = existing == null ? ddl.nextOid() : existing.oid();
    List<String> names = new ArrayList<>();
    statement.parameters().forEach(parameter -> names.add(parameter.name() == null ? "" : parameter.name()));
    boolean unnamed = names.stream().allMatch(String::isEmpty);
    boolean variadic = variadicElement != 0;
    FunctionDef function = new FunctionDef(oid, namespaceOid, statement.name().name(), 'a', inputs, variadic ? inputs : null,
        variadic ? "i".repeat(inputs.size() - 1) + "v" : null, unnamed ? null : names, variadicElement, List.of(), result, false, false, 'i', parallel, false, false, FunctionCommands.INTERNAL, ddl.user(), 1, 0, body);
    ddl.put(new FunctionObject(function,
        new FunctionDetails(oid, DefaultPrivileges.of(ddl, 'f', ddl.user(), namespaceOid), Map.of(), null), 0));
  }

  /// A function of the moving-aggregate mode. Windows compute each frame from its rows; the functions are checked and kept.
  private FunctionDef moving(@Nullable QualifiedName name, String attribute, String role, List<Integer> arguments) {
    if (name == null) {
      throw new SqlException(
          SqlState.INVALID_FUNCTION_DEFINITION, "aggregate " + attribute + " must be specified when mstype is specified");
    }
    FunctionDef function = new RoutineLookup(ddl).require(name, arguments);
    if (function.returnType() != movingType.oid() && !PgTypes.isPolymorphic(movingType.oid()) && !PgTypes.isPolymorphic(function.returnType())) {
      throw new SqlException(
          SqlState.DATATYPE_MISMATCH, "return type of " + role + " function " + function.name() + " is not " + ddl.format(movingType));
    }
    return function;
  }

  private List<Integer> inputs(CreateAggregate statement) {
    List<Integer> inputs = new ArrayList<>();
    if (statement.oldStyle()) {
      if (baseType == null) {
        throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "aggregate input type must be specified");
      }
      if (baseType.oid() != PgTypes.ANY.oid()) {
        inputs.add(baseType.oid());
      }
      return inputs;
    }
    for (FunctionParameter parameter : statement.parameters()) {
      PgType type = ddl.type(parameter.type()).type();
      if (parameter.mode() == FunctionParameter.Mode.VARIADIC) {
        variadicElement = type.oid() == PgTypes.ANYARRAY.oid() ? PgTypes.ANYELEMENT.oid()
            : type.oid() == PgTypes.ANYCOMPATIBLEARRAY.oid() ? PgTypes.ANYCOMPATIBLE.oid() : type.elementOid();
        if (variadicElement == 0) {
          throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "VARIADIC parameter must be an array");
        }
      }
      inputs.add(type.oid());
    }
    return inputs;
  }

  private void take(Option option) {
    switch (option.name()) {
      case "sfunc", "sfunc1" -> transition = OperatorCommands.name(option);
      case "finalfunc" -> finalName = OperatorCommands.name(option);
      case "combinefunc" -> combine = OperatorCommands.name(option);
      case "stype", "stype1" -> stateType = type(option);
      case "basetype" -> baseType = "any".equalsIgnoreCase(option.text()) ? PgTypes.ANY : type(option);
      case "initcond", "initcond1" -> initial = option.text();
      case "finalfunc_extra" -> finalExtra = option.value() == null || "true".equals(option.text());
      case "sspace", "finalfunc_modify", "msspace", "mfinalfunc_modify" -> { }
      case "msfunc" -> movingTransition = OperatorCommands.name(option);
      case "minvfunc" -> movingInverse = OperatorCommands.name(option);
      case "mstype" -> movingType = type(option);
      case "minitcond" -> movingInitial = option.text();
      case "parallel" -> parallel = switch (option.text().toLowerCase(java.util.Locale.ROOT)) {
        case "safe" -> 's';
        case "restricted" -> 'r';
        case "unsafe" -> 'u';
        default -> throw new SqlException(SqlState.SYNTAX_ERROR, "parameter \"parallel\" must be SAFE, RESTRICTED, or UNSAFE");
      };
      case "hypothetical", "serialfunc", "deserialfunc", "mfinalfunc", "mfinalfunc_extra", "sortop" -> throw SqlException.notSupported("aggregate attribute \"" + option.name() + "\"");
      default ->
          ddl.context.notice("WARNING", SqlState.SYNTAX_ERROR, "aggregate attribute \"" + option.name() + "\" not recognized", null, null);
    }
  }

  private PgType type(Option option) {
    if (option.value() instanceof Option.TypeValue value) {
      return ddl.type(value.type()).type();
    }
    throw new SqlException(SqlState.SYNTAX_ERROR, "argument of " + option.name() + " must be a type name");
  }
}
