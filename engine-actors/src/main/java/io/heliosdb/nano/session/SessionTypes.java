package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.type.EnumValue;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeCatalog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The types of a catalog snapshot, with names found by the session's search path and domains checked by the session.
record SessionTypes(SessionCore session, CatalogSnapshot catalog) implements TypeCatalog {
  @Override
  public @Nullable PgType findByOid(int oid) {
    return catalog.findByOid(oid);
  }

  @Override
  public @Nullable PgType find(@Nullable String schema, String name) {
    return schema == null ? session.searchPath().type(catalog, name) : catalog.find(schema, name);
  }

  @Override
  public List<EnumValue> enumValues(PgType enumType) {
    return catalog.enumValues(enumType);
  }

  @Override
  public List<CompositeField> compositeFields(PgType composite) {
    return catalog.compositeFields(composite);
  }

  @Override
  public RangeInfo range(PgType range) {
    return catalog.range(range);
  }

  @Override
  public RangeInfo rangeOfMultirange(PgType multirange) {
    return catalog.rangeOfMultirange(multirange);
  }

  @Override
  public String displayName(PgType type) {
    if (session.searchPath().isVisible(catalog, type)) {
      return io.heliosdb.nano.type.Identifiers.quoteIfNeeded(type.name());
    }
    var namespace = catalog.namespace(type.namespaceOid());
    String prefix = namespace == null ? "" : io.heliosdb.nano.type.Identifiers.quoteIfNeeded(namespace.name()) + ".";
    return prefix + io.heliosdb.nano.type.Identifiers.quoteIfNeeded(type.name());
  }

  @Override
  public void checkDomain(PgType domain, @Nullable Object value) {
    session.queries().checkDomain(domain, value);
  }
}
