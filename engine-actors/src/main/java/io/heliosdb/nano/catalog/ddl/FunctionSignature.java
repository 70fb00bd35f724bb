package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.FunctionParameter;
import io.heliosdb.nano.parse.ast.FunctionParameter.Mode;
import io.heliosdb.nano.parse.ast.RoutineDdl.CreateFunction;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The parameters and result of CREATE FUNCTION in the form of `pg_proc`.
record FunctionSignature(List<Integer> inputs, @Nullable List<Integer> allTypes, @Nullable String modes, @Nullable List<String> names,
    int variadicType, List<String> defaults, int returnType, boolean returnsSet) {

  static FunctionSignature of(Ddl ddl, CreateFunction statement) {
    List<Integer> inputs = new ArrayList<>();
    List<Integer> all = new ArrayList<>();
    List<Integer> outputs = new ArrayList<>();
    StringBuilder modes = new StringBuilder();
    List<String> names = new ArrayList<>();
    List<String> defaults = new ArrayList<>();
    int variadic = 0;
    boolean table = false;
    for (FunctionParameter parameter : statement.parameters()) {
      PgType type = ddl.type(parameter.type()).type();
      if (parameter.type().setOf()) {
        throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION,
            (statement.procedure() ? "procedures" : "functions") + " cannot accept set arguments").at(parameter.position());
      }
      char mode = mode(parameter.mode());
      boolean input = mode == 'i' || mode == 'b' || mode == 'v';
      checkInput(parameter, type, input, variadic != 0, mode, statement.procedure());
      if (input) {
        inputs.add(type.oid());
        addDefault(ddl, parameter, type, defaults, statement.procedure());
      } else if (parameter.defaultValue() != null) {
        throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "only input parameters can have default values");
      }
      if (mode == 'v') {
        variadic = variadicElement(ddl, type);
      }
      if (mode == 'o' || mode == 'b' || mode == 't') {
        outputs.add(type.oid());
      }
      table |= mode == 't';
      all.add(type.oid());
      modes.append(mode);
      names.add(parameter.name() == null ? "" : parameter.name());
    }
    checkNames(statement.parameters());
    boolean plain = modes.chars().allMatch(c -> c == 'i');
    boolean unnamed = names.stream().allMatch(String::isEmpty);
    int result = returnType(ddl, statement, outputs, table);
    boolean set = table || statement.returns() != null && statement.returns().setOf();
    return new FunctionSignature(inputs, plain ? null : all, plain ? null : modes.toString(), unnamed ? null : names, variadic, defaults,
        result, set);
  }

  private static char mode(Mode mode) {
    return switch (mode) {
      case DEFAULT, IN -> 'i';
      case OUT -> 'o';
      case INOUT -> 'b';
      case VARIADIC -> 'v';
      case TABLE -> 't';
    };
  }

  private static void checkInput(FunctionParameter parameter, PgType type, boolean input, boolean afterVariadic, char mode,
      boolean procedure) {
    if (input && afterVariadic) {
      throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "VARIADIC parameter must be the last input parameter")
          .at(parameter.position());
    }
    if (procedure && mode == 'o' && afterVariadic) {
      throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "VARIADIC parameter must be the last parameter").at(parameter.position());
    }
    boolean pseudo = type.kind() == PgType.PSEUDO && !PgTypes.isPolymorphic(type.oid()) && type.oid() != PgTypes.RECORD.oid()
        && !(mode == 'v' && type.oid() == PgTypes.ANY.oid());
    if (pseudo) {
      throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "SQL functions cannot have arguments of type " + type.name());
    }
  }

  private static int variadicElement(Ddl ddl, PgType type) {
    if (type.oid() == PgTypes.ANYARRAY.oid()) {
      return PgTypes.ANYELEMENT.oid();
    }
    if (type.oid() == PgTypes.ANYCOMPATIBLEARRAY.oid()) {
      return PgTypes.ANYCOMPATIBLE.oid();
    }
    if (type.oid() == PgTypes.ANY.oid()) {
      return PgTypes.ANY.oid();
    }
    if (type.category() != 'A' || type.elementOid() == 0) {
      throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "VARIADIC parameter must be an array");
    }
    return type.elementOid();
  }

  private static void addDefault(Ddl ddl, FunctionParameter parameter, PgType type, List<String> defaults, boolean procedure) {
    if (parameter.defaultValue() == null) {
      if (!defaults.isEmpty()) {
        throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION,
            "input parameters after one with a default value must also have defaults").at(parameter.position());
      }
      return;
    }
    PgType target = type.kind() == PgType.PSEUDO ? null : type;
    defaults.add(ddl.expressions().bind(parameter.defaultValue().expression(), null, DdlExpressions.Use.FUNCTION_DEFAULT, target, -1).text());
  }

  private static void checkNames(List<FunctionParameter> parameters) {
    Set<String> inputs = new HashSet<>();
    Set<String> outputs = new HashSet<>();
    for (FunctionParameter parameter : parameters) {
      if (parameter.name() == null) {
        continue;
      }
      char mode = mode(parameter.mode());
      boolean twice = mode != 'o' && mode != 't' && !inputs.add(parameter.name())
          | mode != 'i' && mode != 'v' && !outputs.add(parameter.name())
          || (mode == 't' && inputs.contains(parameter.name()));
      if (twice) {
        throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "parameter name \"" + parameter.name() + "\" used more than once")
            .at(parameter.position());
      }
    }
  }

  private static int returnType(Ddl ddl, CreateFunction statement, List<Integer> outputs, boolean table) {
    if (statement.procedure()) {
      return outputs.isEmpty() ? PgTypes.VOID.oid() : PgTypes.RECORD.oid();
    }
    int fromOutputs = outputs.size() > 1 ? PgTypes.RECORD.oid() : outputs.size() == 1 ? outputs.get(0) : 0;
    if (statement.returns() == null) {
      if (fromOutputs == 0) {
        throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "function result type must be specified");
      }
      return fromOutputs;
    }
    PgType type = ddl.type(statement.returns()).type();
    if (!table && fromOutputs != 0 && type.oid() != fromOutputs) {
      String wanted = ddl.format(ddl.catalog().byOid(fromOutputs));
      throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "function result type must be " + wanted + " because of OUT parameters");
    }
    return table ? fromOutputs : type.oid();
  }
}
