package io.heliosdb.nano.function.impl;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Catalog.Dependency;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.SqlQuoting;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// `pg_identify_object`: kind, schema, name and full identity of an object given by its address. An object that is not there has its
/// kind alone. Source: PostgreSQL 15 manual, "Object Information and Addressing Functions".
final class ObjectIdentity {
  private final CallContext context;
  private final Catalog catalog;

  private ObjectIdentity(CallContext context) {
    this.context = context;
    this.catalog = context.catalog();
  }

  static PgRecord of(CallContext context, int classOid, int objectOid, int subId) {
    return new ObjectIdentity(context).identify(classOid, objectOid, subId);
  }

  private PgRecord identify(int classOid, int objectOid, int subId) {
    return switch (classOid) {
      case ClassOids.CLASS -> relation(objectOid, subId);
      case ClassOids.NAMESPACE -> global("schema", catalog.namespace(objectOid) instanceof Catalog.Namespace n ? n.name() : null);
      case ClassOids.AUTHID -> global("role", catalog.role(objectOid) instanceof Catalog.Role r ? r.name() : null);
      case ClassOids.TYPE -> type(catalog.findByOid(objectOid));
      case ClassOids.PROC -> function(catalog.function(objectOid));
      case ClassOids.TRIGGER -> onTable("trigger", catalog.trigger(objectOid) instanceof Catalog.Trigger t ? t.name() : null,
          catalog.trigger(objectOid) instanceof Catalog.Trigger t ? t.tableOid() : 0);
      case ClassOids.POLICY -> onTable("policy", catalog.policy(objectOid) instanceof Catalog.Policy p ? p.name() : null,
          catalog.policy(objectOid) instanceof Catalog.Policy p ? p.tableOid() : 0);
      case ClassOids.REWRITE -> onTable(
          "rule", catalog.rules().stream().filter(rule -> rule.oid() == objectOid).map(Catalog.Rule::name).findFirst().orElse("_RETURN"),
          owner(classOid, objectOid));
      case ClassOids.CONSTRAINT -> constraint(objectOid);
      case ClassOids.ATTRDEF -> defaultValue(objectOid);
      case ClassOids.COLLATION -> catalog.collation(objectOid) instanceof Catalog.CollationDef c
          ? named("collation", c.namespaceOid(), c.name(), "") : row("collation", null, null, null);
      case ClassOids.EXTENSION -> global("extension", catalog.extensions().stream().filter(e -> e.oid() == objectOid).map(e -> e.name()).findFirst().orElse(null));
      case ClassOids.OPERATOR -> operator(catalog.operator(objectOid));
      default -> throw SqlException.notSupported("pg_identify_object for objects of class " + Integer.toUnsignedString(classOid));
    };
  }

  private static PgRecord row(String kind, @Nullable String schema, @Nullable String name, @Nullable String identity) {
    return PgRecord.of(PgTypes.RECORD, List.of(PgTypes.TEXT, PgTypes.TEXT, PgTypes.TEXT, PgTypes.TEXT), kind, schema, name, identity);
  }

  private static PgRecord global(String kind, @Nullable String name) {
    return row(kind, null, name == null ? null : SqlQuoting.identifier(name), name == null ? null : SqlQuoting.identifier(name));
  }

  private PgRecord named(String kind, int namespaceOid, String name, String arguments) {
    String schema = schema(namespaceOid);
    return row(kind, schema, SqlQuoting.identifier(name), schema + "." + SqlQuoting.identifier(name) + arguments);
  }

  private String schema(int oid) {
    Catalog.Namespace namespace = catalog.namespace(oid);
    return namespace == null ? Integer.toUnsignedString(oid) : SqlQuoting.identifier(namespace.name());
  }

  private String qualified(Relation relation) {
    return schema(relation.namespaceOid()) + "." + SqlQuoting.identifier(relation.name());
  }

  private PgRecord relation(int oid, int attnum) {
    Relation relation = catalog.relation(oid);
    if (relation == null) {
      return row("relation", null, null, null);
    }
    String kind =
        switch (relation.kind()) {
          case 'v' -> "view";
          case 'm' -> "materialized view";
          case 'i', 'I' -> "index";
          case 'S' -> "sequence";
          case 'c' -> "composite type";
          default -> "table";
        };
    if (attnum > 0 && attnum <= relation.columns().size()) {
      String identity = qualified(relation) + "." + SqlQuoting.identifier(relation.columns().get(attnum - 1).name());
      return row(kind + " column", schema(relation.namespaceOid()), SqlQuoting.identifier(relation.name()), identity);
    }
    return named(kind, relation.namespaceOid(), relation.name(), "");
  }

  private PgRecord type(@Nullable PgType type) {
    if (type == null) {
      return row("type", null, null, null);
    }
    PgType element = type.isArray() && type.elementOid() != 0 ? catalog.findByOid(type.elementOid()) : null;
    PgType shown = element == null ? type : element;
    String identity = hasOwnSyntax(shown) ? format(shown) : schema(shown.namespaceOid()) + "." + SqlQuoting.identifier(shown.name());
    return row("type", schema(type.namespaceOid()), SqlQuoting.identifier(type.name()), identity + (element == null ? "" : "[]"));
  }

  /// Whether SQL's grammar has a name for the type, which needs no schema.
  private boolean hasOwnSyntax(PgType type) {
    if (type.namespaceOid() != Catalog.PG_CATALOG) {
      return false;
    }
    String name = type.name();
    return name.equals("numeric") || name.equals("interval") || name.equals("bit") || !format(type).equals(SqlQuoting.identifier(name));
  }

  private String format(PgType type) {
    return io.heliosdb.nano.type.Typmods.formatType(type.oid(), -1, context.io().types());
  }

  private PgRecord function(@Nullable FunctionDef function) {
    if (function == null) {
      return row("function", null, null, null);
    }
    String kind = function.kind() == 'p' ? "procedure" : function.kind() == 'a' ? "aggregate" : "function";
    String arguments = function.argumentTypes().stream().map(oid -> String.valueOf(type(catalog.findByOid(oid)).fields()[3])).collect(Collectors.joining(","));
    String schema = schema(function.namespaceOid());
    // Overloads share a name, so the name alone says nothing.
    return row(kind, schema, null, schema + "." + SqlQuoting.identifier(function.name()) + "(" + arguments + ")");
  }

  private PgRecord operator(Catalog.@Nullable OperatorDef operator) {
    if (operator == null) {
      return row("operator", null, null, null);
    }
    String schema = schema(operator.namespaceOid());
    String left = operator.left() == 0 ? "NONE" : format(catalog.findByOid(operator.left()));
    return row("operator", schema, null, schema + "." + operator.name() + "(" + left + "," + format(catalog.findByOid(operator.right())) + ")");
  }

  private PgRecord onTable(String kind, @Nullable String name, int tableOid) {
    Relation table = catalog.relation(tableOid);
    return row(kind, null, null, name == null || table == null ? null : SqlQuoting.identifier(name) + " on " + qualified(table));
  }

  /// The relation that a part belongs to by an automatic or internal dependency, 0 if there is none.
  private int owner(int classOid, int objectOid) {
    for (Dependency dependency : catalog.dependenciesOf(ObjectAddress.of(classOid, objectOid))) {
      if (dependency.kind() != 'n' && dependency.target().classOid() == ClassOids.CLASS) {
        return dependency.target().objectOid();
      }
    }
    return 0;
  }

  private PgRecord constraint(int oid) {
    if (catalog.relation(owner(ClassOids.CONSTRAINT, oid)) instanceof Relation.Table table) {
      for (Relation.Constraint constraint : table.constraints()) {
        if (constraint.oid() == oid) {
          return row("table constraint", schema(table.namespaceOid()), null, SqlQuoting.identifier(constraint.name()) + " on " + qualified(table));
        }
      }
    }
    for (PgType type : catalog.types()) {
      if (type.isDomain() && catalog.typeDetails(type.oid()) instanceof Catalog.DomainDetails domain) {
        for (Relation.Constraint check : domain.checks()) {
          if (check.oid() == oid) {
            String identity = SqlQuoting.identifier(check.name()) + " on " + schema(type.namespaceOid()) + "." + SqlQuoting.identifier(type.name());
            return row("domain constraint", schema(type.namespaceOid()), null, identity);
          }
        }
      }
    }
    return row("table constraint", null, null, null);
  }

  private PgRecord defaultValue(int oid) {
    for (Dependency dependency : catalog.dependenciesOf(ObjectAddress.of(ClassOids.ATTRDEF, oid))) {
      ObjectAddress target = dependency.target();
      if (target.subId() > 0 && catalog.relation(target.objectOid()) instanceof Relation relation) {
        return row("default value", null, null, "for " + qualified(relation) + "." + SqlQuoting.identifier(relation.columns().get(target.subId() - 1).name()));
      }
    }
    return row("default value", null, null, null);
  }
}
