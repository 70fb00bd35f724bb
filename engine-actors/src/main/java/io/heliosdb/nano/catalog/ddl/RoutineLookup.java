package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.ast.FunctionParameter;
import io.heliosdb.nano.parse.ast.ObjectKind;
import io.heliosdb.nano.parse.ast.ObjectReference;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds functions, procedures and aggregates by name and signature.
final class RoutineLookup {
  private final Ddl ddl;
  private @Nullable SqlException missing;

  RoutineLookup(Ddl ddl) {
    this.ddl = ddl;
  }

  /// Why the last search found nothing.
  SqlException missing() {
    return missing;
  }

  /// All routines of that name in its schema or along the search path.
  List<FunctionDef> candidates(QualifiedName name) {
    if (name.schema() == null) {
      return ddl.path().functions(ddl.catalog(), name.name());
    }
    return ddl.catalog().functions(ddl.namespace(name.schema(), name.position()).oid(), name.name());
  }

  /// The function with exactly those input types, or null.
  @Nullable FunctionDef exact(QualifiedName name, List<Integer> types) {
    for (FunctionDef candidate : candidates(name)) {
      if (candidate.argumentTypes().equals(types)) {
        return candidate;
      }
    }
    return null;
  }

  @Nullable FunctionDef find(ObjectKind kind, ObjectReference.Routine reference) {
    String word = switch (kind) {
      case PROCEDURE -> "procedure";
      case ROUTINE -> "routine";
      case AGGREGATE -> "aggregate";
      default -> "function";
    };
    List<FunctionDef> candidates;
    try {
      candidates = candidates(reference.name());
    } catch (SqlException e) {
      missing = e;
      return null;
    }
    if (reference.parameters() == null) {
      return byNameAlone(kind, word, reference.name(), candidates);
    }
    List<Integer> inputs = new ArrayList<>();
    List<Integer> all = new ArrayList<>();
    for (FunctionParameter parameter : reference.parameters()) {
      int type = ddl.typeNames().resolve(parameter.type()).type().oid();
      all.add(type);
      if (parameter.mode() != FunctionParameter.Mode.OUT && parameter.mode() != FunctionParameter.Mode.TABLE) {
        inputs.add(type);
      }
    }
    for (FunctionDef candidate : candidates) {
      boolean matches = candidate.argumentTypes().equals(inputs)
          || candidate.kind() == 'p' && candidate.allArgumentTypes() != null && candidate.allArgumentTypes().equals(all);
      if (matches) {
        checkKind(kind, candidate);
        return candidate;
      }
    }
    missing = new SqlException(SqlState.UNDEFINED_FUNCTION, word + " " + signature(reference.name(), inputs) + " does not exist");
    return null;
  }

  private String signature(QualifiedName name, List<Integer> types) {
    return name + "(" + String.join(", ", types.stream().map(oid -> ddl.format(ddl.catalog().byOid(oid))).toList()) + ")";
  }

  private @Nullable FunctionDef byNameAlone(ObjectKind kind, String word, QualifiedName name, List<FunctionDef> candidates) {
    List<FunctionDef> fitting = candidates.stream().filter(candidate -> fits(kind, candidate)).toList();
    if (fitting.isEmpty()) {
      missing = new SqlException(SqlState.UNDEFINED_FUNCTION, "could not find a " + word + " named \"" + name + "\"");
      return null;
    }
    if (fitting.size() > 1) {
      throw new SqlException(SqlState.AMBIGUOUS_FUNCTION, word + " name \"" + name + "\" is not unique")
          .withHint("Specify the argument list to select the " + word + " unambiguously.");
    }
    return fitting.get(0);
  }

  private static boolean fits(ObjectKind kind, FunctionDef function) {
    return switch (kind) {
      case PROCEDURE -> function.kind() == 'p';
      case AGGREGATE -> function.kind() == 'a';
      case FUNCTION -> function.kind() == 'f' || function.kind() == 'w';
      default -> true;
    };
  }

  private void checkKind(ObjectKind kind, FunctionDef function) {
    if (!fits(kind, function) && !(kind == ObjectKind.FUNCTION && function.kind() == 'a')) {
      String text = new ObjectDescriptions(ddl.catalog(), ddl.path()).signature(function);
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE,
          text + " is not " + (kind == ObjectKind.AGGREGATE ? "an aggregate" : "a " + kind.lowerWords()));
    }
    if (kind == ObjectKind.FUNCTION && function.kind() == 'a') {
      String text = new ObjectDescriptions(ddl.catalog(), ddl.path()).signature(function);
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, text + " is an aggregate function")
          .withHint("Use DROP AGGREGATE to drop aggregate functions.");
    }
  }

  @Nullable FunctionDef findAggregate(ObjectReference.Aggregate reference) {
    List<Integer> types = new ArrayList<>();
    for (FunctionParameter parameter : reference.parameters()) {
      types.add(ddl.typeNames().resolve(parameter.type()).type().oid());
    }
    for (FunctionParameter parameter : reference.orderBy() == null ? List.<FunctionParameter>of() : reference.orderBy()) {
      types.add(ddl.typeNames().resolve(parameter.type()).type().oid());
    }
    FunctionDef found = exact(reference.name(), types);
    if (found == null) {
      String shown = reference.star() ? reference.name() + "(*)" : signature(reference.name(), types);
      missing = new SqlException(SqlState.UNDEFINED_FUNCTION, "aggregate " + shown + " does not exist");
      return null;
    }
    checkKind(ObjectKind.AGGREGATE, found);
    return found;
  }

  /// A support function by name with given argument types, for aggregates, operators, triggers and casts.
  FunctionDef require(QualifiedName name, List<Integer> types) {
    FunctionDef exact = exact(name, types);
    if (exact != null) {
      return exact;
    }
    for (FunctionDef candidate : candidates(name)) {
      if (candidate.argumentTypes().size() == types.size() && accepts(candidate, types)) {
        return candidate;
      }
    }
    throw new SqlException(SqlState.UNDEFINED_FUNCTION, "function " + signature(name, types) + " does not exist");
  }

  private boolean accepts(FunctionDef candidate, List<Integer> types) {
    for (int i = 0; i < types.size(); i++) {
      int wanted = candidate.argumentTypes().get(i);
      boolean coercible = wanted == types.get(i) || PgTypes.isPolymorphic(wanted) || wanted == PgTypes.ANY.oid();
      var cast = coercible ? null : ddl.catalog().cast(types.get(i), wanted);
      if (!coercible && (cast == null || cast.method() != 'b' || cast.context() != 'i')) {
        return false;
      }
    }
    return true;
  }
}
