package io.heliosdb.nano.persistence.dump.schema;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.store.Bootstrap;
import io.heliosdb.nano.function.SqlQuoting;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeCatalog;
import io.heliosdb.nano.type.Typmods;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// How objects are named in statements: always with their schema. For one catalog snapshot.
///
/// @param types names types for an empty search path
record Names(Catalog catalog, TypeCatalog types) {
  static String quote(String name) {
    return SqlQuoting.identifier(name);
  }

  static String literal(String text) {
    String quoted = "'" + text.replace("'", "''") + "'";
    return text.indexOf('\\') < 0 ? quoted : "E" + quoted.replace("\\", "\\\\");
  }

  String schema(int namespaceOid) {
    Catalog.Namespace namespace = catalog.namespace(namespaceOid);
    return namespace == null ? "?" : namespace.name();
  }

  String qualified(int namespaceOid, String name) {
    return quote(schema(namespaceOid)) + "." + quote(name);
  }

  String of(Relation relation) {
    return qualified(relation.namespaceOid(), relation.name());
  }

  String relation(int oid) {
    Relation relation = catalog.relation(oid);
    return relation == null ? "?" : of(relation);
  }

  String of(PgType type) {
    return qualified(type.namespaceOid(), type.name());
  }

  String type(int oid, int typmod) {
    return Typmods.formatType(oid, typmod, types);
  }

  String column(Relation relation, int attnum) {
    return quote(relation.columns().get(attnum - 1).name());
  }

  String columns(Relation relation, List<Integer> attnums) {
    return attnums.stream().map(attnum -> column(relation, attnum)).collect(Collectors.joining(", "));
  }

  /// A role. The one that restores run as is written as CURRENT_USER, so that a script runs elsewhere too.
  String role(int oid) {
    if (oid == Bootstrap.HELIOSDB_ROLE) {
      return "CURRENT_USER";
    }
    Catalog.Role role = catalog.role(oid);
    return oid == 0 ? "PUBLIC" : role == null ? "?" : quote(role.name());
  }

  String collation(int oid) {
    Catalog.CollationDef collation = catalog.collation(oid);
    return collation == null ? "\"C\"" : qualified(collation.namespaceOid(), collation.name());
  }

  static String options(Map<String, String> options) {
    return options.entrySet().stream().map(o -> o.getKey() + "=" + literal(o.getValue())).collect(Collectors.joining(", ", " WITH (", ")"));
  }
}
