package io.heliosdb.nano.catalog;

import io.heliosdb.nano.catalog.Relation.AclItem;
import io.heliosdb.nano.catalog.Relation.Column;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Collects the properties of a column, from nothing or from an existing one. Confined to its caller.
public final class ColumnBuilder {
  public String name;
  public int attnum;
  public int typeOid;
  public int typmod = -1;
  public int collationOid;
  public boolean notNull;
  public @Nullable String defaultExpression;
  public int defaultOid;
  public char generated;
  public char identity;
  public boolean dropped;
  public @Nullable Object missingValue;
  public int sinceLayoutId;
  public int statisticsTarget = -1;
  public boolean local = true;
  public int inheritedCount;
  public char storage;
  public @Nullable List<AclItem> acl;
  public Map<String, String> options = Map.of();

  public ColumnBuilder(String name, int attnum, int typeOid) {
    this.name = name;
    this.attnum = attnum;
    this.typeOid = typeOid;
  }

  public ColumnBuilder(Column c) {
    name = c.name();
    attnum = c.attnum();
    typeOid = c.typeOid();
    typmod = c.typmod();
    collationOid = c.collationOid();
    notNull = c.notNull();
    defaultExpression = c.defaultExpression();
    defaultOid = c.defaultOid();
    generated = c.generated();
    identity = c.identity();
    dropped = c.dropped();
    missingValue = c.missingValue();
    sinceLayoutId = c.sinceLayoutId();
    statisticsTarget = c.statisticsTarget();
    local = c.local();
    inheritedCount = c.inheritedCount();
    storage = c.storage();
    acl = c.acl();
    options = c.options();
  }

  public ColumnBuilder type(int oid, int modifier, int collation) {
    typeOid = oid;
    typmod = modifier;
    collationOid = collation;
    return this;
  }

  public ColumnBuilder notNull(boolean value) {
    notNull = value;
    return this;
  }

  /// Sets or (with null) removes the default; `oid` is that of its catalog row.
  public ColumnBuilder defaultValue(@Nullable String expression, int oid) {
    defaultExpression = expression;
    defaultOid = expression == null ? 0 : oid;
    return this;
  }

  public Column build() {
    return new Column(name, attnum, typeOid, typmod, collationOid, notNull, defaultExpression, defaultOid, generated, identity, dropped,
        missingValue, sinceLayoutId, statisticsTarget, local, inheritedCount, storage, acl, options);
  }
}
