package io.heliosdb.nano.catalog;

import io.heliosdb.nano.catalog.Catalog.CastDef;
import io.heliosdb.nano.catalog.Catalog.CollationDef;
import io.heliosdb.nano.catalog.Catalog.OperatorDef;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.type.PgType;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The objects every database has from the start and that no statement changes: system relations, built-in types, functions,
/// operators, casts, collations. Immutable; one per process.
public interface BuiltinObjects {
  Relation.@Nullable SystemRelation relation(int oid);

  Relation.@Nullable SystemRelation relation(int namespaceOid, String name);

  Collection<Relation.SystemRelation> relations();

  /// Built-in types and the row types of system relations.
  @Nullable PgType type(int oid);

  @Nullable PgType type(int namespaceOid, String name);

  Collection<PgType> types();

  List<FunctionDef> functions(int namespaceOid, String name);

  @Nullable FunctionDef function(int oid);

  Collection<FunctionDef> functions();

  List<OperatorDef> operators(String name);

  @Nullable OperatorDef operator(int oid);

  Collection<OperatorDef> operators();

  @Nullable CastDef cast(int sourceType, int targetType);

  Collection<CastDef> casts();

  @Nullable CollationDef collation(String name);

  @Nullable CollationDef collation(int oid);

  Collection<CollationDef> collations();
}
