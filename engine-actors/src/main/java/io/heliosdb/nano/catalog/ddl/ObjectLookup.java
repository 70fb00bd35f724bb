package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.CatalogObject.CollationObject;
import io.heliosdb.nano.catalog.CatalogObject.OperatorObject;
import io.heliosdb.nano.catalog.CatalogObject.StatisticsObject;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.Index;
import io.heliosdb.nano.catalog.Relation.Sequence;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.Relation.View;
import io.heliosdb.nano.catalog.Relations;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.parse.ast.ObjectKind;
import io.heliosdb.nano.parse.ast.ObjectReference;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.parse.ast.TypeName;
import io.heliosdb.nano.type.PgType;
import org.jspecify.annotations.Nullable;

/// Finds the object that a generic statement (DROP, COMMENT, ALTER … OWNER, SET SCHEMA, RENAME) names.
final class ObjectLookup {
  private final Ddl ddl;

  /// @param ownerOid whose right it is to change the object; `kind` and `name` are for the message "must be owner of …"
  record Found(ObjectAddress address, int ownerOid, String kind, String name, int namespaceOid) {}

  /// Why nothing was found: the message without `, skipping`, as IF EXISTS says it.
  private @Nullable SqlException missing;

  ObjectLookup(Ddl ddl) {
    this.ddl = ddl;
  }

  /// The object; with `missingOk` null (and a notice) when there is none.
  @Nullable Found find(ObjectKind kind, ObjectReference reference, boolean missingOk) {
    Found found;
    try {
      found = lookUp(kind, reference, missingOk);
    } catch (SqlException e) {
      // A type or schema that the reference names may be missing as well.
      boolean nothingThere = e.state().equals(SqlState.UNDEFINED_OBJECT) || e.state().equals(SqlState.UNDEFINED_SCHEMA);
      if (!missingOk || !nothingThere) {
        throw e;
      }
      missing = e;
      found = null;
    }
    if (found == null) {
      if (!missingOk) {
        throw missing;
      }
      boolean nameOnly = reference instanceof ObjectReference.Routine routine && routine.parameters() == null
          && missing.state().equals(SqlState.UNDEFINED_FUNCTION);
      ddl.skipping(nameOnly
          ? kind.lowerWords() + " " + ((ObjectReference.Routine) reference).name() + "() does not exist" : missing.getMessage());
    }
    return found;
  }

  private @Nullable Found miss(SqlState state, String message) {
    missing = new SqlException(state, message);
    return null;
  }

  private @Nullable Found lookUp(ObjectKind kind, ObjectReference reference, boolean missingOk) {
    return switch (reference) {
      case ObjectReference.Named named -> named(kind, named.name(), missingOk);
      case ObjectReference.Type type -> type(type.type(), kind);
      case ObjectReference.Routine routine -> routine(kind, routine);
      case ObjectReference.Aggregate aggregate -> aggregate(aggregate);
      case ObjectReference.Operator operator -> operator(operator);
      case ObjectReference.OnRelation part -> onRelation(kind, part, missingOk);
      case ObjectReference.OnDomain part -> onDomain(part);
      case ObjectReference.Cast cast -> cast(cast);
      case ObjectReference.Transform transform -> throw SqlException.notSupported("TRANSFORM");
      case ObjectReference.OfMethod of -> throw SqlException.notSupported(kind.words());
      case ObjectReference.LargeObject large -> {
        DdlContext.LargeObject object = ddl.context.largeObject((int) large.oid());
        yield object == null ? miss(SqlState.UNDEFINED_OBJECT, "large object " + large.oid() + " does not exist")
            : new Found(ObjectAddress.of(ClassOids.LARGE_OBJECT, object.oid()), object.ownerOid(), "large object", Long.toString(large.oid()), 0);
      }
    };
  }

  private @Nullable Found named(ObjectKind kind, QualifiedName name, boolean missingOk) {
    return switch (kind) {
      case TABLE, VIEW, MATERIALIZED_VIEW, INDEX, SEQUENCE, FOREIGN_TABLE -> relation(kind, name);
      case COLUMN -> column(name);
      case SCHEMA -> schema(name.name());
      case TYPE, DOMAIN -> type(TypeName.of(name, name.position()), kind);
      case COLLATION -> collation(name);
      case ROLE -> {
        Catalog.Role role = ddl.catalog().role(name.name());
        yield role == null ? miss(SqlState.UNDEFINED_OBJECT, "role \"" + name + "\" does not exist")
            : new Found(ObjectAddress.of(ClassOids.AUTHID, role.oid()), 0, "role", role.name(), 0);
      }
      case DATABASE -> {
        for (Catalog.Database database : ddl.catalog().databases()) {
          if (database.name().equals(name.name())) {
            yield new Found(ObjectAddress.of(ClassOids.DATABASE, database.oid()), database.ownerOid(), "database", database.name(), 0);
          }
        }
        yield miss(SqlState.UNDEFINED_DATABASE, "database \"" + name + "\" does not exist");
      }
      case EXTENSION -> {
        for (Catalog.Extension extension : ddl.catalog().extensions()) {
          if (extension.name().equals(name.name())) {
            yield new Found(ObjectAddress.of(ClassOids.EXTENSION, extension.oid()), extension.ownerOid(), "extension", extension.name(), 0);
          }
        }
        yield miss(SqlState.UNDEFINED_OBJECT, "extension \"" + name + "\" does not exist");
      }
      case LANGUAGE -> {
        int oid = FunctionCommands.languageOid(name.name());
        yield oid == 0 ? miss(SqlState.UNDEFINED_OBJECT, "language \"" + name + "\" does not exist")
            : new Found(ObjectAddress.of(ClassOids.LANGUAGE, oid), 10, "language", name.name(), 0);
      }
      case STATISTICS -> statistics(name);
      case TEXT_SEARCH_CONFIGURATION, TEXT_SEARCH_DICTIONARY, TEXT_SEARCH_PARSER, TEXT_SEARCH_TEMPLATE -> {
        var object = schemaMissing(name) ? null : new TextSearchCommands(ddl).find(TextSearchCommands.kind(kind), name);
        yield object == null ? miss(SqlState.UNDEFINED_OBJECT, kind.lowerWords() + " \"" + name + "\" does not exist")
            : new Found(object.key(), object.ownerOid(), kind.lowerWords(), object.name(), object.namespaceOid());
      }
      case FUNCTION, PROCEDURE, ROUTINE, AGGREGATE -> routine(kind, new ObjectReference.Routine(name, null));
      case EVENT_TRIGGER, PUBLICATION, SUBSCRIPTION, SERVER, FOREIGN_DATA_WRAPPER -> {
        var object = DefinedObjects.find(ddl, DefinedObjects.classOf(kind), name.name());
        yield object == null
            ? miss(SqlState.UNDEFINED_OBJECT, DefinedObjects.shortWord(object, DefinedObjects.classOf(kind)) + " \"" + name + "\" does not exist")
            : new Found(object.key(), object.ownerOid(), DefinedObjects.word(object.objectClass()), object.name(), 0);
      }
      case ACCESS_METHOD -> {
        int oid = DefinedObjects.accessMethod(name.name());
        yield oid == 0 ? miss(SqlState.UNDEFINED_OBJECT, "access method \"" + name + "\" does not exist")
            : new Found(ObjectAddress.of(2601, oid), 10, "access method", name.name(), 0);
      }
      case CONVERSION, TABLESPACE ->
          miss(SqlState.UNDEFINED_OBJECT, kind.lowerWords() + " \"" + name + "\" does not exist");
      default -> throw SqlException.notSupported(kind.words());
    };
  }

  private boolean schemaMissing(QualifiedName name) {
    if (name.schema() != null && !name.schema().equals("pg_temp") && ddl.catalog().namespace(name.schema()) == null) {
      miss(SqlState.UNDEFINED_SCHEMA, "schema \"" + name.schema() + "\" does not exist");
      return true;
    }
    return false;
  }

  private @Nullable Found relation(ObjectKind kind, QualifiedName name) {
    Relation relation = ddl.findRelation(name);
    if (relation == null) {
      if (schemaMissing(name)) {
        return null;
      }
      SqlState state = kind == ObjectKind.INDEX || kind == ObjectKind.FOREIGN_TABLE ? SqlState.UNDEFINED_OBJECT : SqlState.UNDEFINED_TABLE;
      return miss(state, kind.lowerWords() + " \"" + name + "\" does not exist");
    }
    checkKind(kind, relation);
    return found(relation);
  }

  private static Found found(Relation relation) {
    return new Found(Ddl.address(relation), relation.ownerOid(), Ddl.kindName(relation), relation.name(), relation.namespaceOid());
  }

  static void checkKind(ObjectKind kind, Relation relation) {
    boolean fits = switch (kind) {
      case TABLE -> relation instanceof Table table && table.kind() != 'm' && table.kind() != 'f' || relation instanceof Relation.SystemRelation s && s.kind() == 'r';
      case VIEW -> relation instanceof View || relation instanceof Relation.SystemRelation s && s.kind() == 'v';
      case MATERIALIZED_VIEW -> relation.kind() == 'm';
      case INDEX -> relation instanceof Index;
      case SEQUENCE -> relation instanceof Sequence;
      case FOREIGN_TABLE -> relation.kind() == 'f';
      default -> true;
    };
    if (fits) {
      return;
    }
    String article = kind == ObjectKind.INDEX ? "an " : "a ";
    String hint = switch (relation.kind()) {
      case 'f' -> "Use DROP FOREIGN TABLE to remove a foreign table.";
      case 'r', 'p' -> "Use DROP TABLE to remove a table.";
      case 'v' -> "Use DROP VIEW to remove a view.";
      case 'm' -> "Use DROP MATERIALIZED VIEW to remove a materialized view.";
      case 'i' -> "Use DROP INDEX to remove an index.";
      case 'S' -> "Use DROP SEQUENCE to remove a sequence.";
      case 'c' -> "Use DROP TYPE to remove a type.";
      default -> null;
    };
    throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + relation.name() + "\" is not " + article + kind.lowerWords()).withHint(hint);
  }

  private @Nullable Found column(QualifiedName name) {
    if (name.schema() == null) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "column name must be qualified");
    }
    QualifiedName owner = new QualifiedName(name.parts().subList(0, name.parts().size() - 1), name.position());
    Relation relation = ddl.relation(owner);
    Relation.Column column = Relations.column(relation, name.name());
    if (column == null) {
      throw Ddl.undefinedColumn(name.name(), relation);
    }
    return new Found(Ddl.columnAddress(relation, column.attnum()), relation.ownerOid(), Ddl.kindName(relation), relation.name(), 0);
  }

  private @Nullable Found schema(String name) {
    Catalog.Namespace namespace = ddl.catalog().namespace(name);
    return namespace == null ? miss(SqlState.UNDEFINED_SCHEMA, "schema \"" + name + "\" does not exist")
        : new Found(ObjectAddress.of(ClassOids.NAMESPACE, namespace.oid()), namespace.ownerOid(), "schema", name, 0);
  }

  private @Nullable Found type(TypeName name, ObjectKind kind) {
    if (schemaMissing(name.name())) {
      return null;
    }
    PgType type = ddl.typeNames().find(name.name());
    if (type == null || name.isArray() && type.arrayOid() == 0) {
      return miss(SqlState.UNDEFINED_OBJECT, "type \"" + name.name() + "\" does not exist");
    }
    type = name.isArray() ? ddl.catalog().byOid(type.arrayOid()) : type;
    if (kind == ObjectKind.DOMAIN && !type.isDomain()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + name.name() + "\" is not a domain");
    }
    Catalog.TypeDef definition = ddl.catalog().typeDef(type.oid());
    int owner = definition == null ? 10 : definition.ownerOid();
    if (definition != null && owner == 0) {
      owner = implicitOwner(type);
    }
    return new Found(ObjectAddress.of(ClassOids.TYPE, type.oid()), owner, "type", ddl.format(type), type.namespaceOid());
  }

  /// Owner of a row type or array type: that of the relation or element.
  private int implicitOwner(PgType type) {
    if (type.relationOid() != 0 && ddl.catalog().relation(type.relationOid()) != null) {
      return ddl.catalog().relation(type.relationOid()).ownerOid();
    }
    Catalog.TypeDef element = ddl.catalog().typeDef(type.elementOid());
    return element == null ? 10 : element.ownerOid() != 0 ? element.ownerOid() : implicitOwner(element.type());
  }

  private @Nullable Found collation(QualifiedName name) {
    Catalog.CollationDef collation = ddl.catalog().collation(name.schema(), name.name(), ddl.path().namespaces());
    if (collation == null) {
      return miss(SqlState.UNDEFINED_OBJECT, "collation \"" + name + "\" for encoding \"UTF8\" does not exist");
    }
    ObjectAddress address = ObjectAddress.of(ClassOids.COLLATION, collation.oid());
    int owner = ddl.catalog().object(ObjectClass.COLLATION, address) instanceof CollationObject object ? object.ownerOid() : 10;
    return new Found(address, owner, "collation", collation.name(), collation.namespaceOid());
  }

  private @Nullable Found statistics(QualifiedName name) {
    for (StatisticsObject statistics : ddl.catalog().<StatisticsObject>objects(ObjectClass.STATISTICS_OBJECT)) {
      boolean inPath = name.schema() == null ? ddl.path().namespaces().contains(statistics.namespaceOid())
          : ddl.namespaceName(statistics.namespaceOid()).equals(name.schema());
      if (inPath && statistics.name().equals(name.name())) {
        return new Found(statistics.key(), statistics.ownerOid(), "statistics object", statistics.name(), statistics.namespaceOid());
      }
    }
    return miss(SqlState.UNDEFINED_OBJECT, "statistics object \"" + name + "\" does not exist");
  }

  private @Nullable Found routine(ObjectKind kind, ObjectReference.Routine reference) {
    RoutineLookup lookup = new RoutineLookup(ddl);
    FunctionDef function = lookup.find(kind, reference);
    if (function == null) {
      missing = lookup.missing();
      return null;
    }
    return found(function);
  }

  private static Found found(FunctionDef function) {
    return new Found(ObjectAddress.of(ClassOids.PROC, function.oid()), function.ownerOid(), FunctionCommands.kindWord(function), function.name(),
        function.namespaceOid());
  }

  private @Nullable Found aggregate(ObjectReference.Aggregate reference) {
    RoutineLookup lookup = new RoutineLookup(ddl);
    FunctionDef function = lookup.findAggregate(reference);
    if (function == null) {
      missing = lookup.missing();
      return null;
    }
    return found(function);
  }

  private @Nullable Found operator(ObjectReference.Operator reference) {
    int left = reference.left() == null ? 0 : ddl.typeNames().resolve(reference.left()).type().oid();
    int right = reference.right() == null ? 0 : ddl.typeNames().resolve(reference.right()).type().oid();
    Catalog.OperatorDef operator = OperatorCommands.find(ddl, reference.name(), left, right);
    if (operator == null) {
      String text = (left == 0 ? "" : ddl.format(ddl.catalog().byOid(left)) + " ") + reference.name().name()
          + (right == 0 ? "" : " " + ddl.format(ddl.catalog().byOid(right)));
      return miss(SqlState.UNDEFINED_FUNCTION, "operator does not exist: " + text);
    }
    ObjectAddress address = ObjectAddress.of(ClassOids.OPERATOR, operator.oid());
    int owner = ddl.catalog().object(ObjectClass.OPERATOR, address) instanceof OperatorObject object ? object.ownerOid() : 10;
    return new Found(address, owner, "operator", operator.name(), operator.namespaceOid());
  }

  private @Nullable Found onRelation(ObjectKind kind, ObjectReference.OnRelation part, boolean missingOk) {
    Relation relation = ddl.findRelation(part.relation());
    if (relation == null) {
      if (missingOk) {
        return schemaMissing(part.relation()) ? null
            : miss(SqlState.UNDEFINED_TABLE, "relation \"" + part.relation() + "\" does not exist");
      }
      throw ddl.undefinedRelation(part.relation());
    }
    String of = missingOk ? "\" for relation \"" : "\" for table \"";
    ObjectAddress address = null;
    String word = kind.lowerWords();
    switch (kind) {
      case TRIGGER -> {
        for (int oid : Relations.triggerOids(relation)) {
          if (ddl.catalog().trigger(oid).name().equals(part.name())) {
            address = ObjectAddress.of(ClassOids.TRIGGER, oid);
          }
        }
      }
      case POLICY -> {
        for (int oid : relation instanceof Table table ? table.policyOids() : java.util.List.<Integer>of()) {
          if (ddl.catalog().policy(oid).name().equals(part.name())) {
            address = ObjectAddress.of(ClassOids.POLICY, oid);
          }
        }
      }
      case TABLE_CONSTRAINT -> {
        Constraint constraint = relation instanceof Table table ? table.constraint(part.name()) : null;
        address = constraint == null ? null : ObjectAddress.of(ClassOids.CONSTRAINT, constraint.oid());
      }
      case RULE -> {
        if (relation instanceof View view && part.name().equals("_RETURN")) {
          address = ObjectAddress.of(ClassOids.REWRITE, view.ruleOid());
        }
        for (Catalog.Rule rule : ddl.catalog().rulesOf(relation.oid())) {
          if (rule.name().equals(part.name())) {
            address = ObjectAddress.of(ClassOids.REWRITE, rule.oid());
          }
        }
        of = "\" for relation \"";
      }
      default -> throw SqlException.notSupported(kind.words());
    }
    return address == null ? miss(SqlState.UNDEFINED_OBJECT, word + " \"" + part.name() + of + relation.name() + "\" does not exist")
        : new Found(address, relation.ownerOid(), "relation", relation.name(), 0);
  }

  private @Nullable Found onDomain(ObjectReference.OnDomain part) {
    PgType domain = ddl.typeNames().resolve(part.domain()).type();
    if (ddl.catalog().typeDetails(domain.oid()) instanceof Catalog.DomainDetails details) {
      for (Constraint check : details.checks()) {
        if (check.name().equals(part.name())) {
          return new Found(ObjectAddress.of(ClassOids.CONSTRAINT, check.oid()), ddl.catalog().typeDef(domain.oid()).ownerOid(), "type",
              domain.name(), 0);
        }
      }
    }
    return miss(SqlState.UNDEFINED_OBJECT, "constraint \"" + part.name() + "\" for domain " + ddl.format(domain) + " does not exist");
  }

  private @Nullable Found cast(ObjectReference.Cast reference) {
    PgType source = ddl.typeNames().resolve(reference.source()).type();
    PgType target = ddl.typeNames().resolve(reference.target()).type();
    Catalog.CastDef cast = ddl.catalog().cast(source.oid(), target.oid());
    return cast == null
        ? miss(SqlState.UNDEFINED_OBJECT, "cast from type " + ddl.format(source) + " to type " + ddl.format(target) + " does not exist")
        : new Found(ObjectAddress.of(ClassOids.CAST, cast.oid()), 10, "cast", "", 0);
  }
}
