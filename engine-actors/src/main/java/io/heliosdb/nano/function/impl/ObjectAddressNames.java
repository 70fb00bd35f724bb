package io.heliosdb.nano.function.impl;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.BuiltinCatalog;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.FactTable;
import io.heliosdb.nano.type.Identifiers;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// `pg_get_object_address`: from kind, names and argument types to an object's address. Source: PostgreSQL 15 manual, "Object
/// Information and Addressing Functions". Errors: 22023, 0A000 and what looking an object up gives.
final class ObjectAddressNames {
  private static final List<PgType> ADDRESS = List.of(PgTypes.OID, PgTypes.OID, PgTypes.INT4);

  private final CallContext context;
  private final Catalog catalog;
  private final List<String> names;
  private final List<String> arguments;

  private ObjectAddressNames(CallContext context, List<String> names, List<String> arguments) {
    this.context = context;
    this.catalog = context.catalog();
    this.names = names;
    this.arguments = arguments;
  }

  static PgRecord address(CallContext context, String kind, PgArray names, PgArray arguments) {
    ObjectAddress found = new ObjectAddressNames(context, texts(names), texts(arguments)).find(kind);
    return PgRecord.of(PgTypes.RECORD, ADDRESS, Integer.toUnsignedLong(found.classOid()), Integer.toUnsignedLong(found.objectOid()),
        found.subId());
  }

  private static List<String> texts(PgArray array) {
    List<String> result = new ArrayList<>();
    for (Object element : array.elements()) {
      if (element == null) {
        throw TypeErrors.invalidParameter("name or argument lists may not contain nulls");
      }
      result.add((String) element);
    }
    return result;
  }

  private ObjectAddress find(String kind) {
    return switch (kind) {
      case "table", "view", "index", "sequence", "materialized view", "foreign table", "toast table" ->
          ObjectAddress.of(ClassOids.CLASS, relation(names, kind).oid());
      case "table column", "view column", "materialized view column", "foreign table column", "composite type column", "index column" -> {
        if (names.size() < 2) {
          throw new SqlException(SqlState.SYNTAX_ERROR, "column name must be qualified");
        }
        Relation relation = relation(names.subList(0, names.size() - 1), "");
        yield new ObjectAddress(ClassOids.CLASS, relation.oid(), column(relation).attnum());
      }
      case "default value" -> {
        needAtLeast(2);
        Relation relation = relation(names.subList(0, names.size() - 1), "");
        yield defaultValue(relation, column(relation).attnum());
      }
      case "schema" -> named(ClassOids.NAMESPACE, PgTypes.REGNAMESPACE);
      case "role" -> named(ClassOids.AUTHID, PgTypes.REGROLE);
      case "collation" -> qualified(ClassOids.COLLATION, PgTypes.REGCOLLATION);
      case "text search configuration" -> qualified(3602, PgTypes.REGCONFIG);
      case "text search dictionary" -> qualified(3600, PgTypes.REGDICTIONARY);
      case "type", "domain" -> {
        needOne();
        yield ObjectAddress.of(ClassOids.TYPE, lookup(PgTypes.REGTYPE, names.getFirst()));
      }
      case "function", "procedure", "aggregate", "routine" -> {
        needAtLeast(1);
        String types = arguments.stream().collect(Collectors.joining(",", "(", ")"));
        try {
          yield ObjectAddress.of(ClassOids.PROC, lookup(PgTypes.REGPROCEDURE, quoted(names) + types));
        } catch (SqlException e) {
          throw e.state().equals(SqlState.UNDEFINED_FUNCTION)
              ? new SqlException(SqlState.UNDEFINED_FUNCTION, "function " + String.join(".", names) + types + " does not exist") : e;
        }
      }
      case "operator" -> {
        if (arguments.size() != 2) {
          throw TypeErrors.invalidParameter("argument list length must be exactly 2");
        }
        String schema = names.size() > 1 ? quoted(names.subList(0, names.size() - 1)) + "." : "";
        yield ObjectAddress.of(ClassOids.OPERATOR,
            lookup(PgTypes.REGOPERATOR, schema + names.getLast() + "(" + arguments.get(0) + "," + arguments.get(1) + ")"));
      }
      case "cast" -> {
        needOne();
        if (arguments.size() != 1) {
          throw TypeErrors.invalidParameter("argument list length must be exactly 1");
        }
        int source = lookup(PgTypes.REGTYPE, names.getFirst());
        int target = lookup(PgTypes.REGTYPE, arguments.getFirst());
        yield catalog.casts().stream().filter(cast -> cast.source() == source && cast.target() == target).findFirst()
            .map(cast -> ObjectAddress.of(ClassOids.CAST, cast.oid()))
            .orElseThrow(() -> missing("cast from type " + names.getFirst() + " to type " + arguments.getFirst() + " does not exist"));
      }
      case "table constraint", "trigger", "rule", "policy" -> part(kind);
      case "domain constraint" -> domainConstraint();
      case "language" -> fact("pg_language", ClassOids.LANGUAGE, "language");
      case "database" -> {
        needOne();
        yield catalog.databases().stream().filter(d -> d.name().equals(names.getFirst())).findFirst()
            .map(d -> ObjectAddress.of(ClassOids.DATABASE, d.oid()))
            .orElseThrow(() -> new SqlException(SqlState.UNDEFINED_DATABASE, "database \"" + names.getFirst() + "\" does not exist"));
      }
      case "extension" -> {
        needOne();
        yield catalog.extensions().stream().filter(e -> e.name().equals(names.getFirst())).findFirst()
            .map(e -> ObjectAddress.of(ClassOids.EXTENSION, e.oid()))
            .orElseThrow(() -> missing("extension \"" + names.getFirst() + "\" does not exist"));
      }
      case "tablespace", "access method", "event trigger", "foreign-data wrapper", "server", "user mapping", "operator class",
          "operator family", "operator of access method", "function of access method", "conversion", "large object", "publication",
          "publication namespace", "publication relation", "subscription", "transform", "statistics object", "default acl",
          "text search parser", "text search template", "parameter ACL" ->
          throw SqlException.notSupported("pg_get_object_address for objects of type \"" + kind + "\"");
      default -> throw TypeErrors.invalidParameter("unrecognized object type \"" + kind + "\"");
    };
  }

  private void needOne() {
    if (names.size() != 1) {
      throw TypeErrors.invalidParameter("name list length must be exactly 1");
    }
  }

  private void needAtLeast(int count) {
    if (names.size() < count) {
      throw TypeErrors.invalidParameter("name list length must be at least " + count);
    }
  }

  private static String quoted(List<String> parts) {
    return parts.stream().map(Identifiers::quote).collect(Collectors.joining("."));
  }

  private int lookup(PgType regType, String text) {
    return (int) context.io().regObjects().lookup(regType, text);
  }

  private static SqlException missing(String message) {
    return new SqlException(SqlState.UNDEFINED_OBJECT, message);
  }

  private ObjectAddress named(int classOid, PgType regType) {
    needOne();
    return ObjectAddress.of(classOid, lookup(regType, Identifiers.quote(names.getFirst())));
  }

  private ObjectAddress qualified(int classOid, PgType regType) {
    needAtLeast(1);
    return ObjectAddress.of(classOid, lookup(regType, quoted(names)));
  }

  private Relation relation(List<String> parts, String kind) {
    needAtLeast(1);
    Relation relation = catalog.relation(lookup(PgTypes.REGCLASS, quoted(parts)));
    boolean fits = switch (kind) {
      case "table" -> relation.kind() == 'r' || relation.kind() == 'p';
      case "view" -> relation.kind() == 'v';
      case "index" -> relation.kind() == 'i' || relation.kind() == 'I';
      case "sequence" -> relation.kind() == 'S';
      case "materialized view" -> relation.kind() == 'm';
      case "foreign table" -> relation.kind() == 'f';
      default -> true;
    };
    if (!fits) {
      String article = kind.equals("index") ? "an " : "a ";
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + relation.name() + "\" is not " + article + kind);
    }
    return relation;
  }

  private Relation.Column column(Relation relation) {
    for (Relation.Column column : relation.columns()) {
      if (!column.dropped() && column.name().equals(names.getLast())) {
        return column;
      }
    }
    throw new SqlException(SqlState.UNDEFINED_COLUMN,
        "column \"" + names.getLast() + "\" of relation \"" + relation.name() + "\" does not exist");
  }

  private ObjectAddress defaultValue(Relation relation, int attnum) {
    ObjectAddress column = new ObjectAddress(ClassOids.CLASS, relation.oid(), attnum);
    for (ObjectAddress dependent : catalog.dependentsOn(column)) {
      if (dependent.classOid() == ClassOids.ATTRDEF) {
        return dependent;
      }
    }
    throw new SqlException(SqlState.UNDEFINED_COLUMN,
        "default value for column \"" + names.getLast() + "\" of relation \"" + relation.name() + "\" does not exist");
  }

  private ObjectAddress part(String kind) {
    needAtLeast(2);
    Relation relation = relation(names.subList(0, names.size() - 1), "");
    String name = names.getLast();
    ObjectAddress found = switch (kind) {
      case "table constraint" -> relation instanceof Relation.Table table ? table.constraints().stream()
          .filter(c -> c.name().equals(name)).findFirst().map(c -> ObjectAddress.of(ClassOids.CONSTRAINT, c.oid())).orElse(null) : null;
      case "trigger" -> relation instanceof Relation.Table table ? table.triggerOids().stream().map(catalog::trigger)
          .filter(t -> t != null && t.name().equals(name)).findFirst().map(t -> ObjectAddress.of(ClassOids.TRIGGER, t.oid())).orElse(null) : null;
      case "policy" -> relation instanceof Relation.Table table ? table.policyOids().stream().map(catalog::policy)
          .filter(p -> p != null && p.name().equals(name)).findFirst().map(p -> ObjectAddress.of(ClassOids.POLICY, p.oid())).orElse(null) : null;
      default -> catalog.rulesOf(relation.oid()).stream().filter(r -> r.name().equals(name)).findFirst()
          .map(r -> ObjectAddress.of(ClassOids.REWRITE, r.oid())).orElse(null);
    };
    if (found == null) {
      String word = kind.equals("table constraint") ? "constraint" : kind;
      throw missing(word + " \"" + name + "\" for " + (kind.equals("rule") ? "relation" : "table") + " \"" + relation.name()
          + "\" does not exist");
    }
    return found;
  }

  private ObjectAddress domainConstraint() {
    needOne();
    if (arguments.size() != 1) {
      throw TypeErrors.invalidParameter("argument list length must be exactly 1");
    }
    int domainOid = lookup(PgTypes.REGTYPE, names.getFirst());
    if (catalog.typeDetails(domainOid) instanceof Catalog.DomainDetails domain) {
      for (Relation.Constraint check : domain.checks()) {
        if (check.name().equals(arguments.getFirst())) {
          return ObjectAddress.of(ClassOids.CONSTRAINT, check.oid());
        }
      }
    }
    throw missing("constraint \"" + arguments.getFirst() + "\" for domain " + names.getFirst() + " does not exist");
  }

  private ObjectAddress fact(String table, int classOid, String what) {
    needOne();
    for (FactTable.Row row : BuiltinCatalog.facts(table).rows()) {
      if (names.getFirst().equals(row.text(1))) {
        return ObjectAddress.of(classOid, row.oid("oid"));
      }
    }
    throw missing(what + " \"" + names.getFirst() + "\" does not exist");
  }

  /// The inverse: kind, names and argument types of an object.
  static PgRecord parts(CallContext context, int classOid, int objectOid, int subId) {
    PgRecord identity = ObjectIdentity.of(context, classOid, objectOid, subId);
    Catalog catalog = context.catalog();
    String kind = (String) identity.field(0);
    @Nullable List<String> names = null;
    List<String> arguments = List.of();
    switch (classOid) {
      case ClassOids.CLASS -> {
        Relation relation = catalog.relation(objectOid);
        if (relation != null) {
          names = withSchema(catalog, relation.namespaceOid(), relation.name());
          if (subId > 0 && subId <= relation.columns().size()) {
            names.add(relation.columns().get(subId - 1).name());
          }
        }
      }
      case ClassOids.PROC -> {
        var function = catalog.function(objectOid);
        if (function == null) {
          kind = "routine";
        } else {
          names = withSchema(catalog, function.namespaceOid(), function.name());
          arguments = function.argumentTypes().stream().map(oid -> typeIdentity(context, oid)).toList();
        }
      }
      case ClassOids.OPERATOR -> {
        Catalog.OperatorDef operator = catalog.operator(objectOid);
        if (operator != null) {
          names = withSchema(catalog, operator.namespaceOid(), operator.name());
          arguments = operator.left() == 0 ? List.of(typeIdentity(context, operator.right()))
              : List.of(typeIdentity(context, operator.left()), typeIdentity(context, operator.right()));
        }
      }
      case ClassOids.COLLATION -> {
        Catalog.CollationDef collation = catalog.collation(objectOid);
        names = collation == null ? null : withSchema(catalog, collation.namespaceOid(), collation.name());
      }
      case ClassOids.TYPE -> names = identity.field(3) == null ? null : List.of((String) identity.field(3));
      case ClassOids.NAMESPACE -> names = catalog.namespace(objectOid) instanceof Catalog.Namespace n ? List.of(n.name()) : null;
      case ClassOids.AUTHID -> names = catalog.role(objectOid) instanceof Catalog.Role r ? List.of(r.name()) : null;
      case ClassOids.TRIGGER -> names = catalog.trigger(objectOid) instanceof Catalog.Trigger t ? onTable(catalog, t.tableOid(), t.name()) : null;
      case ClassOids.POLICY -> names = catalog.policy(objectOid) instanceof Catalog.Policy p ? onTable(catalog, p.tableOid(), p.name()) : null;
      case ClassOids.REWRITE -> names = catalog.rules().stream().filter(r -> r.oid() == objectOid).findFirst()
          .map(r -> onTable(catalog, r.relationOid(), r.name())).orElse(null);
      case ClassOids.CONSTRAINT -> names = constraint(catalog, objectOid);
      case ClassOids.EXTENSION -> names = identity.field(2) == null ? null : List.of((String) identity.field(2));
      default -> throw SqlException.notSupported("pg_identify_object_as_address for objects of class " + Integer.toUnsignedString(classOid));
    }
    return PgRecord.of(PgTypes.RECORD, List.of(PgTypes.TEXT, PgTypes.TEXT_ARRAY, PgTypes.TEXT_ARRAY), kind,
        names == null ? null : PgArray.of(PgTypes.TEXT, names.toArray()), names == null ? null : PgArray.of(PgTypes.TEXT, arguments.toArray()));
  }

  private static String typeIdentity(CallContext context, int oid) {
    return String.valueOf(ObjectIdentity.of(context, ClassOids.TYPE, oid, 0).field(3));
  }

  private static List<String> withSchema(Catalog catalog, int namespaceOid, String name) {
    Catalog.Namespace namespace = catalog.namespace(namespaceOid);
    List<String> names = new ArrayList<>();
    names.add(namespace == null ? Integer.toUnsignedString(namespaceOid) : namespace.name());
    names.add(name);
    return names;
  }

  private static @Nullable List<String> onTable(Catalog catalog, int tableOid, String name) {
    Relation table = catalog.relation(tableOid);
    if (table == null) {
      return null;
    }
    List<String> names = withSchema(catalog, table.namespaceOid(), table.name());
    names.add(name);
    return names;
  }

  private static @Nullable List<String> constraint(Catalog catalog, int oid) {
    for (Relation relation : catalog.relations()) {
      if (relation instanceof Relation.Table table) {
        for (Relation.Constraint constraint : table.constraints()) {
          if (constraint.oid() == oid) {
            return onTable(catalog, table.oid(), constraint.name());
          }
        }
      }
    }
    return null;
  }
}
