package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.TextSearchObjects;
import io.heliosdb.nano.catalog.ddl.TypeNames;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.SqlQuoting;
import io.heliosdb.nano.parse.ObjectNames;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.RegObjects;
import io.heliosdb.nano.type.Typmods;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Names of `regclass` and its siblings by the session's search path. Source: PostgreSQL 15 manual, "Object Identifier Types".
record SessionRegObjects(SessionCore session) implements RegObjects {
  @Override
  public long lookup(PgType regType, String name) {
    return Integer.toUnsignedLong(
        switch (regType.name()) {
          case "regclass" -> relation(name).oid();
          case "regtype" -> type(name);
          case "regproc" -> routine(name);
          case "regprocedure" -> procedure(name);
          case "regoper" -> operator(name);
          case "regoperator" -> operatorWithTypes(name);
          case "regnamespace" -> namespace(name);
          case "regrole" -> role(name);
          case "regcollation" -> collation(name);
          case "regconfig" -> textSearchObject(TextSearchObjects.Kind.CONFIGURATION, name);
          case "regdictionary" -> textSearchObject(TextSearchObjects.Kind.DICTIONARY, name);
          default -> throw SqlException.notSupported("a name of type " + regType.name());
        });
  }

  private Relation relation(String text) {
    QualifiedName name = ObjectNames.qualified(text);
    if (name.parts().size() > 3) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "improper relation name (too many dotted names): " + name);
    }
    checkDatabase(name, "\"" + name + "\"");
    return session.relation(name);
  }

  private void checkDatabase(QualifiedName name, String shown) {
    if (name.parts().size() > 3) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "improper qualified name (too many dotted names): " + name);
    }
    String database = name.catalog();
    if (database != null && session.catalog().databases().stream().noneMatch(known -> known.name().equals(database))) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "cross-database references are not implemented: " + shown);
    }
  }

  /// A type's name follows the grammar; where in it an error lies is not told.
  private int type(String text) {
    if (text.isBlank()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "invalid type name \"" + text + "\"");
    }
    try {
      return new TypeNames(session.catalog(), session.searchPath()).resolve(Parser.parseTypeName(text)).type().oid();
    } catch (SqlException e) {
      throw e.position() > 0 ? new SqlException(e.state(), e.getMessage()).withDetail(e.detail()).withHint(e.hint()) : e;
    }
  }

  private int namespace(String name) {
    String plain = ObjectNames.plain(name);
    Catalog.Namespace namespace = session.catalog().namespace(plain);
    if (namespace == null) {
      throw new SqlException(SqlState.UNDEFINED_SCHEMA, "schema \"" + plain + "\" does not exist");
    }
    return namespace.oid();
  }

  private int role(String name) {
    String plain = ObjectNames.plain(name);
    Catalog.Role role = session.catalog().role(plain);
    if (role == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "role \"" + plain + "\" does not exist");
    }
    return role.oid();
  }

  private int collation(String name) {
    QualifiedName qualified = qualified(name);
    Catalog.CollationDef collation = session.catalog().collation(qualified.schema(), qualified.name(), session.searchPath().namespaces());
    if (collation == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "collation \"" + qualified + "\" for encoding \"UTF8\" does not exist");
    }
    return collation.oid();
  }

  private int textSearchObject(TextSearchObjects.Kind kind, String name) {
    var object = TextSearchObjects.find(session.catalog(), kind, session.searchPath().namespaces(), name);
    if (object == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, kind.words() + " \"" + name + "\" does not exist");
    }
    return object.oid();
  }

  private @Nullable String textSearchName(TextSearchObjects.Kind kind, int oid) {
    var object = TextSearchObjects.byOid(session.catalog(), kind, oid);
    return object == null ? null : io.heliosdb.nano.function.search.SearchConfiguration.shownName(
        session.catalog(), session.searchPath().namespaces(), object);
  }

  private List<FunctionDef> functions(QualifiedName name) {
    if (name.schema() == null) {
      return session.searchPath().functions(session.catalog(), name.name());
    }
    Catalog.Namespace namespace = session.catalog().namespace(name.schema());
    return namespace == null ? List.of() : session.catalog().functions(namespace.oid(), name.name());
  }

  private QualifiedName qualified(String text) {
    QualifiedName name = ObjectNames.qualified(text);
    checkDatabase(name, name.toString());
    return name;
  }

  private int routine(String name) {
    List<FunctionDef> found = functions(qualified(name));
    if (found.isEmpty()) {
      throw new SqlException(SqlState.UNDEFINED_FUNCTION, "function \"" + name + "\" does not exist");
    }
    if (found.size() > 1) {
      throw new SqlException(SqlState.AMBIGUOUS_FUNCTION, "more than one function named \"" + name + "\"");
    }
    return found.getFirst().oid();
  }

  private int procedure(String text) {
    ObjectNames.Signature signature = ObjectNames.signature(text);
    List<Integer> types = signature.arguments().stream().map(this::type).toList();
    for (FunctionDef function : functions(signature.name())) {
      if (function.argumentTypes().equals(types)) {
        return function.oid();
      }
    }
    throw new SqlException(SqlState.UNDEFINED_FUNCTION, "function \"" + text + "\" does not exist");
  }

  private List<Catalog.OperatorDef> operators(QualifiedName name) {
    String schema = name.schema();
    if (schema != null) {
      Catalog.Namespace namespace = session.catalog().namespace(schema);
      return namespace == null ? List.of() : session.catalog().operators(namespace.oid(), name.name());
    }
    List<Catalog.OperatorDef> found = new ArrayList<>();
    for (int namespace : session.searchPath().namespaces()) {
      found.addAll(session.catalog().operators(namespace, name.name()));
    }
    return found;
  }

  private int operator(String name) {
    List<Catalog.OperatorDef> found = operators(qualified(name));
    if (found.isEmpty()) {
      throw new SqlException(SqlState.UNDEFINED_FUNCTION, "operator does not exist: " + name);
    }
    if (found.size() > 1) {
      throw new SqlException(SqlState.AMBIGUOUS_FUNCTION, "more than one operator named " + name);
    }
    return found.getFirst().oid();
  }

  private int operatorWithTypes(String text) {
    ObjectNames.Signature signature = ObjectNames.signature(text);
    List<Integer> types = signature.arguments().stream().map(name -> name.equalsIgnoreCase("none") ? 0 : type(name)).toList();
    if (types.size() == 1) {
      throw new SqlException(SqlState.UNDEFINED_PARAMETER, "missing argument")
          .withHint("Use NONE to denote the missing argument of a unary operator.");
    }
    if (types.size() != 2) {
      throw new SqlException(SqlState.TOO_MANY_ARGUMENTS, "too many arguments").withHint("Provide two argument types for operator.");
    }
    for (Catalog.OperatorDef operator : operators(signature.name())) {
      if (operator.left() == types.get(0) && operator.right() == types.get(1)) {
        return operator.oid();
      }
    }
    throw new SqlException(SqlState.UNDEFINED_FUNCTION, "operator does not exist: " + text);
  }

  @Override
  public String display(PgType regType, long oid) {
    String shown = shown(regType, (int) oid);
    return shown == null ? Long.toString(oid) : shown;
  }

  private @Nullable String shown(PgType regType, int oid) {
    Catalog catalog = session.catalog();
    return switch (regType.name()) {
      case "regclass" -> {
        Relation relation = catalog.relation(oid);
        yield relation == null
            ? null
            : qualified(relation.namespaceOid(), relation.name(), session.searchPath().isVisible(catalog, relation));
      }
      case "regtype" -> {
        PgType type = catalog.findByOid(oid);
        yield type == null ? null : Typmods.formatType(type, -1, session.io().types());
      }
      case "regproc" -> {
        FunctionDef function = catalog.function(oid);
        yield function == null ? null : qualified(function.namespaceOid(), function.name(), functions(new QualifiedName(List.of(function.name()), 0)).size() == 1);
      }
      case "regprocedure" -> {
        FunctionDef function = catalog.function(oid);
        yield function == null
            ? null
            : qualified(function.namespaceOid(), function.name(), session.searchPath().functions(catalog, function.name()).contains(function)) + "("
                + String.join(",", function.argumentTypes().stream().map(this::typeName).toList()) + ")";
      }
      case "regoper" -> {
        Catalog.OperatorDef operator = catalog.operator(oid);
        yield operator == null ? null : operators(QualifiedName.of(operator.name(), 0)).size() == 1 ? operator.name() : catalog.namespace(operator.namespaceOid()).name() + "." + operator.name();
      }
      case "regoperator" -> {
        Catalog.OperatorDef operator = catalog.operator(oid);
        yield operator == null
            ? null
            : operator.name() + "(" + (operator.left() == 0 ? "NONE" : typeName(operator.left())) + "," + typeName(operator.right()) + ")";
      }
      case "regnamespace" -> {
        Catalog.Namespace namespace = catalog.namespace(oid);
        yield namespace == null ? null : SqlQuoting.identifier(namespace.name());
      }
      case "regrole" -> {
        Catalog.Role role = catalog.role(oid);
        yield role == null ? null : SqlQuoting.identifier(role.name());
      }
      case "regconfig" -> textSearchName(TextSearchObjects.Kind.CONFIGURATION, oid);
      case "regdictionary" -> textSearchName(TextSearchObjects.Kind.DICTIONARY, oid);
      case "regcollation" -> {
        Catalog.CollationDef collation = catalog.collation(oid);
        yield collation == null ? null : qualified(collation.namespaceOid(), collation.name(), session.searchPath().namespaces().contains(collation.namespaceOid()));
      }
      default -> null;
    };
  }

  private String typeName(int oid) {
    PgType type = session.catalog().findByOid(oid);
    return type == null ? Integer.toString(oid) : Typmods.formatType(type, -1, session.io().types());
  }

  private String qualified(int namespaceOid, String name, boolean visible) {
    Catalog.Namespace namespace = session.catalog().namespace(namespaceOid);
    String quoted = SqlQuoting.identifier(name);
    return visible || namespace == null ? quoted : SqlQuoting.identifier(namespace.name()) + "." + quoted;
  }
}
