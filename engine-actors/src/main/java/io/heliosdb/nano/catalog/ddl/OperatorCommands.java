package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Catalog.CastDef;
import io.heliosdb.nano.catalog.Catalog.OperatorDef;
import io.heliosdb.nano.catalog.CatalogObject.CastObject;
import io.heliosdb.nano.catalog.CatalogObject.OperatorObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.ast.ObjectKind;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.RoutineDdl.CreateCast;
import io.heliosdb.nano.parse.ast.RoutineDdl.CreateOperator;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// CREATE OPERATOR and CREATE CAST.
final class OperatorCommands {
  private final Ddl ddl;

  OperatorCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  /// The operator with exactly those operand types (0 for none), or null.
  static @Nullable OperatorDef find(Ddl ddl, QualifiedName name, int left, int right) {
    List<Integer> namespaces = name.schema() == null ? ddl.path().namespaces()
        : List.of(ddl.namespace(name.schema(), name.position()).oid());
    for (int namespaceOid : namespaces) {
      for (OperatorDef operator : ddl.catalog().operators(namespaceOid, name.name())) {
        if (operator.left() == left && operator.right() == right) {
          return operator;
        }
      }
    }
    return null;
  }

  String create(CreateOperator statement) {
    int namespaceOid = ddl.creationNamespace(statement.name());
    PgType left = null;
    PgType right = null;
    QualifiedName functionName = null;
    QualifiedName commutator = null;
    QualifiedName negator = null;
    boolean merges = false;
    boolean hashes = false;
    for (Option option : statement.options()) {
      switch (option.name()) {
        case "leftarg" -> left = type(option);
        case "rightarg" -> right = type(option);
        case "function", "procedure" -> functionName = name(option);
        case "commutator" -> commutator = name(option);
        case "negator" -> negator = name(option);
        case "restrict", "join" -> { }
        case "merges" -> merges = true;
        case "hashes" -> hashes = true;
        default -> ddl.context.notice("WARNING", SqlState.SYNTAX_ERROR, "operator attribute \"" + option.name() + "\" not recognized", null, null);
      }
    }
    if (functionName == null) {
      throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "operator function must be specified");
    }
    if (left == null && right == null) {
      throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "operator argument types must be specified");
    }
    if (right == null) {
      throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "operator right argument type must be specified")
          .withDetail("Postfix operators are not supported.");
    }
    List<Integer> types = new ArrayList<>();
    if (left != null) {
      types.add(left.oid());
    }
    types.add(right.oid());
    FunctionDef function = new RoutineLookup(ddl).require(functionName, types);
    int leftOid = left == null ? 0 : left.oid();
    QualifiedName own = new QualifiedName(List.of(ddl.namespaceName(namespaceOid), statement.name().name()), 0);
    if (find(ddl, own, leftOid, right.oid()) != null) {
      throw new SqlException(SqlState.DUPLICATE_FUNCTION, "operator " + statement.name().name() + " already exists");
    }
    int commutatorOid = commutator == null ? 0 : oid(find(ddl, commutator, right.oid(), leftOid));
    int negatorOid = negator == null ? 0 : oid(find(ddl, negator, leftOid, right.oid()));
    int oid = ddl.nextOid();
    boolean selfCommutes = commutator != null && commutatorOid == 0 && commutator.name().equals(statement.name().name())
        && leftOid == right.oid();
    ddl.put(new OperatorObject(new OperatorDef(oid, namespaceOid, statement.name().name(), leftOid, right.oid(), function.returnType(),
        function.oid(), selfCommutes ? oid : commutatorOid, negatorOid, merges, hashes), ddl.user(), 0));
    linkBack(oid, commutatorOid, negatorOid);
    return "CREATE OPERATOR";
  }

  /// The other operator of a commutator or negator pair learns of the new one.
  private void linkBack(int oid, int commutatorOid, int negatorOid) {
    for (int partner : new int[] {commutatorOid, negatorOid}) {
      Object stored = ddl.catalog().object(ObjectClass.OPERATOR, Catalog.ObjectAddress.of(ClassOids.OPERATOR, partner));
      if (stored instanceof OperatorObject object) {
        OperatorDef p = object.operator();
        int commutator = partner == commutatorOid && p.commutator() == 0 ? oid : p.commutator();
        int negator = partner == negatorOid && p.negator() == 0 ? oid : p.negator();
        ddl.put(new OperatorObject(new OperatorDef(p.oid(), p.namespaceOid(), p.name(), p.left(), p.right(), p.result(), p.functionOid(),
            commutator, negator, p.canMerge(), p.canHash()), object.ownerOid(), 0));
      }
    }
  }

  private static int oid(@Nullable OperatorDef operator) {
    return operator == null ? 0 : operator.oid();
  }

  private @Nullable PgType type(Option option) {
    if (!(option.value() instanceof Option.TypeValue value)) {
      return null;
    }
    if (value.type().setOf()) {
      throw new SqlException(SqlState.INVALID_FUNCTION_DEFINITION, "SETOF type not allowed for operator argument");
    }
    return ddl.type(value.type()).type();
  }

  static QualifiedName name(Option option) {
    return switch (option.value()) {
      case Option.TypeValue value -> value.type().name();
      case Option.NameValue value -> value.name();
      case Option.OperatorValue value -> value.operator();
      case null -> throw new SqlException(SqlState.SYNTAX_ERROR, option.name() + " requires a parameter");
      default -> QualifiedName.of(option.text(), option.position());
    };
  }

  String createCast(CreateCast statement) {
    PgType source = ddl.type(statement.source()).type();
    PgType target = ddl.type(statement.target()).type();
    checkCastTypes(source, target);
    int functionOid = 0;
    char method = statement.inout() ? 'i' : 'b';
    if (statement.function() != null) {
      FunctionDef function = new RoutineLookup(ddl).find(ObjectKind.FUNCTION, statement.function());
      if (function == null) {
        throw new SqlException(SqlState.UNDEFINED_FUNCTION, "function " + statement.function().name() + " does not exist");
      }
      checkCastFunction(function, source, target);
      functionOid = function.oid();
      method = 'f';
    } else if (!statement.inout()) {
      ddl.checkSuperuser("must be superuser to create a cast WITHOUT FUNCTION");
      if (source.representation() != target.representation() || source.length() != target.length()) {
        throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "source and target data types are not physically compatible");
      }
    }
    if (ddl.catalog().cast(source.oid(), target.oid()) != null) {
      throw new SqlException(SqlState.DUPLICATE_OBJECT,
          "cast from type " + ddl.format(source) + " to type " + ddl.format(target) + " already exists");
    }
    char context = switch (statement.context()) {
      case EXPLICIT -> 'e';
      case ASSIGNMENT -> 'a';
      case IMPLICIT -> 'i';
    };
    ddl.put(new CastObject(new CastDef(ddl.nextOid(), source.oid(), target.oid(), functionOid, context, method), 0));
    return "CREATE CAST";
  }

  private void checkCastTypes(PgType source, PgType target) {
    if (source.kind() == PgType.PSEUDO) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "source data type " + ddl.format(source) + " is a pseudo-type");
    }
    if (target.kind() == PgType.PSEUDO) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "target data type " + ddl.format(target) + " is a pseudo-type");
    }
    boolean owner = owns(source) || owns(target);
    if (!owner) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE,
          "must be owner of type " + ddl.format(source) + " or type " + ddl.format(target));
    }
    if (source.oid() == target.oid()) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "source data type and target data type are the same");
    }
  }

  private boolean owns(PgType type) {
    Catalog.TypeDef definition = ddl.catalog().typeDef(type.oid());
    return ddl.isSuperuser() || definition != null && Privileges.isOwner(ddl.catalog(), ddl.user(), definition.ownerOid());
  }

  private void checkCastFunction(FunctionDef function, PgType source, PgType target) {
    int count = function.argumentTypes().size();
    if (count < 1 || count > 3) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "cast function must take one to three arguments");
    }
    if (!isCompatible(source, function.argumentTypes().get(0))) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION,
          "argument of cast function must match or be binary-coercible from source data type");
    }
    if (count > 1 && function.argumentTypes().get(1) != PgTypes.INT4.oid()) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "second argument of cast function must be type integer");
    }
    if (!isCompatible(ddl.catalog().byOid(function.returnType()), target.oid())) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION,
          "return data type of cast function must match or be binary-coercible to target data type");
    }
    if (function.kind() != 'f') {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "cast function must be a normal function");
    }
    if (function.returnsSet()) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "cast function must not return a set");
    }
  }

  private boolean isCompatible(PgType from, int to) {
    CastDef cast = from.oid() == to ? null : ddl.catalog().cast(from.oid(), to);
    return from.oid() == to || from.ultimateBase().oid() == to || cast != null && cast.method() == 'b';
  }
}
