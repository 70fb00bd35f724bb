package io.heliosdb.nano.analyze;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.QualifiedName;
import io.heliosdb.nano.type.Identifiers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds schemas, relations and collations by (qualified) name along the search path.
final class Names {
  private final Analysis analysis;

  Names(Analysis analysis) {
    this.analysis = analysis;
  }

  /// The schema's oid.
  ///
  /// @throws SqlException 3F000
  int namespace(String name, int position) {
    if (name.equals("pg_catalog")) {
      return Catalog.PG_CATALOG;
    }
    if (name.equals("pg_temp")) {
      return analysis.context.temporaryNamespace();
    }
    Catalog.Namespace namespace = analysis.catalog.namespace(name);
    if (namespace == null) {
      throw new SqlException(SqlState.UNDEFINED_SCHEMA, "schema \"" + name + "\" does not exist").at(position);
    }
    return namespace.oid();
  }

  /// The schema of a qualified name, after its catalog part was checked; -1 for an unqualified name.
  int schemaOf(QualifiedName name) {
    if (name.parts().size() > 3) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "improper qualified name (too many dotted names): " + name).at(name.position());
    }
    String schema = name.schema();
    return schema == null ? -1 : namespace(schema, name.position());
  }

  @Nullable Relation findRelation(QualifiedName name) {
    if (name.parts().size() > 3) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "improper relation name (too many dotted names): " + name).at(name.position());
    }
    String schema = name.schema();
    if (schema != null) {
      if (schema.equals("pg_catalog")) {
        return analysis.catalog.relation(Catalog.PG_CATALOG, name.name());
      }
      if (schema.equals("pg_temp")) {
        return analysis.catalog.relation(analysis.context.temporaryNamespace(), name.name());
      }
      Catalog.Namespace namespace = analysis.catalog.namespace(schema);
      return namespace == null ? null : analysis.catalog.relation(namespace.oid(), name.name());
    }
    List<Integer> path = analysis.context.searchPath();
    for (int i = 0; i < path.size(); i++) {
      Relation relation = analysis.catalog.relation(path.get(i), name.name());
      if (relation != null) {
        return relation;
      }
    }
    return null;
  }

  boolean isVisible(Relation relation) {
    for (int namespace : analysis.context.searchPath()) {
      Relation found = analysis.catalog.relation(namespace, relation.name());
      if (found != null) {
        return found.oid() == relation.oid();
      }
    }
    return false;
  }

  Catalog.CollationDef collation(QualifiedName name, int position) {
    Catalog.CollationDef found =
        analysis.catalog.collation(name.schema(), name.name(), analysis.context.searchPath());
    if (found == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "collation \"" + name + "\" for encoding \"UTF8\" does not exist").at(position);
    }
    return found;
  }

  /// A relation's name for SQL text, qualified unless the path leads to it.
  String display(Relation relation) {
    String own = Identifiers.quoteIfNeeded(relation.name());
    if (isVisible(relation)) {
      return own;
    }
    Catalog.Namespace namespace = analysis.catalog.namespace(relation.namespaceOid());
    return namespace == null ? own : Identifiers.quoteIfNeeded(namespace.name()) + "." + own;
  }

  String schemaName(int namespaceOid) {
    Catalog.Namespace namespace = analysis.catalog.namespace(namespaceOid);
    return namespace == null ? "pg_temp" : namespace.name();
  }
}
