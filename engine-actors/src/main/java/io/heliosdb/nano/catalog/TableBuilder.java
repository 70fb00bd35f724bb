package io.heliosdb.nano.catalog;

import io.heliosdb.nano.catalog.Relation.AclItem;
import io.heliosdb.nano.catalog.Relation.Column;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.OnCommit;
import io.heliosdb.nano.catalog.Relation.PartitionBound;
import io.heliosdb.nano.catalog.Relation.PartitionScheme;
import io.heliosdb.nano.catalog.Relation.Persistence;
import io.heliosdb.nano.catalog.Relation.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Collects the properties of a table, from nothing or from an existing one; lists are the builder's own and may be changed in place.
/// Confined to its caller.
public final class TableBuilder {
  public int oid;
  public String name;
  public int namespaceOid;
  public int ownerOid;
  public long version;
  public char kind = 'r';
  public Persistence persistence = Persistence.PERMANENT;
  public long storageId;
  public int layoutId = 1;
  public List<Column> columns = new ArrayList<>();
  public List<Integer> primaryKey = new ArrayList<>();
  public List<Constraint> constraints = new ArrayList<>();
  public List<Integer> indexOids = new ArrayList<>();
  public List<Integer> triggerOids = new ArrayList<>();
  public List<Integer> policyOids = new ArrayList<>();
  public int rowTypeOid;
  public @Nullable PartitionScheme partitionScheme;
  public int partitionOf;
  public @Nullable PartitionBound partitionBound;
  public List<Integer> inherits = new ArrayList<>();
  public boolean rowSecurity;
  public boolean forceRowSecurity;
  public @Nullable String definition;
  public boolean populated = true;
  public char replicaIdentity = 'd';
  public OnCommit onCommit = OnCommit.PRESERVE_ROWS;
  public int ofType;
  public @Nullable List<AclItem> acl;
  public Map<String, String> options = new TreeMap<>();
  public int clusterIndex;
  public int replicaIndex;
  /// DISABLE TRIGGER ALL: foreign keys from and to the table are not looked after.
  public boolean constraintTriggersOff;

  public TableBuilder(int oid, String name, int namespaceOid) {
    this.oid = oid;
    this.name = name;
    this.namespaceOid = namespaceOid;
  }

  public TableBuilder(Table t) {
    oid = t.oid();
    name = t.name();
    namespaceOid = t.namespaceOid();
    ownerOid = t.ownerOid();
    version = t.version();
    kind = t.kind();
    persistence = t.persistence();
    storageId = t.storageId();
    layoutId = t.layoutId();
    columns.addAll(t.columns());
    primaryKey.addAll(t.primaryKey());
    constraints.addAll(t.constraints());
    indexOids.addAll(t.indexOids());
    triggerOids.addAll(t.triggerOids());
    policyOids.addAll(t.policyOids());
    rowTypeOid = t.rowTypeOid();
    partitionScheme = t.partitionScheme();
    partitionOf = t.partitionOf();
    partitionBound = t.partitionBound();
    inherits.addAll(t.inherits());
    rowSecurity = t.rowSecurity();
    forceRowSecurity = t.forceRowSecurity();
    definition = t.definition();
    populated = t.populated();
    replicaIdentity = t.replicaIdentity();
    onCommit = t.onCommit();
    ofType = t.ofType();
    acl = t.acl();
    options.putAll(t.options());
    clusterIndex = t.clusterIndex();
    replicaIndex = t.replicaIndex();
    constraintTriggersOff = t.constraintTriggersOff();
  }

  public TableBuilder column(Column column) {
    columns.add(column);
    return this;
  }

  /// Replaces the column that has the same number.
  public TableBuilder replaceColumn(Column column) {
    columns.set(column.attnum() - 1, column);
    return this;
  }

  /// Replaces the constraint that has the same oid.
  public TableBuilder replaceConstraint(Constraint constraint) {
    constraints.replaceAll(c -> c.oid() == constraint.oid() ? constraint : c);
    return this;
  }

  public Table build() {
    return new Table(oid, name, namespaceOid, ownerOid, version, kind, persistence, storageId, layoutId, columns, primaryKey, constraints,
        indexOids, triggerOids, policyOids, rowTypeOid, partitionScheme, partitionOf, partitionBound, inherits, rowSecurity,
        forceRowSecurity, definition, populated, replicaIdentity, onCommit, ofType, acl, Map.copyOf(options), clusterIndex, replicaIndex, constraintTriggersOff);
  }
}
