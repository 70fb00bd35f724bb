package io.heliosdb.nano.catalog;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A row of the catalog for anything `pg_class` lists: tables, views, indexes, sequences, composite types.
/// Immutable; DDL makes a new one with a new `version`, which plans check.
public sealed interface Relation {
  int oid();

  String name();

  int namespaceOid();

  int ownerOid();

  /// Changes with every change of definition; never reused for the same oid.
  long version();

  /// `pg_class.relkind`.
  char kind();

  @Nullable List<AclItem> acl();

  /// Attributes in attnum order (attnum = position + 1), dropped ones included as placeholders.
  default List<Column> columns() {
    return List.of();
  }

  enum Persistence { PERMANENT, UNLOGGED, TEMPORARY }

  /// What happens to a temporary table's rows, or to the table, when a transaction commits.
  enum OnCommit { PRESERVE_ROWS, DELETE_ROWS, DROP }

  /// A table that holds rows (kind r), a partitioned table (p), a partition, a materialized view (m).
  ///
  /// @param storageId where its rows stand in the store; TRUNCATE and rewrites give a new one
  /// @param layoutId number of the row layout that new rows are written in; ADD COLUMN makes the next one
  /// @param primaryKey attnums whose values make the row key in that order, empty: hidden row id (8 bytes, big-endian) is the key
  /// @param rowTypeOid composite type of its rows
  /// @param ofType composite type of CREATE TABLE … OF, 0 for none
  /// @param definition SELECT text of a materialized view, null for others
  /// @param options WITH (…) storage parameters
  record Table(
      int oid,
      String name,
      int namespaceOid,
      int ownerOid,
      long version,
      char kind,
      Persistence persistence,
      long storageId,
      int layoutId,
      List<Column> columns,
      List<Integer> primaryKey,
      List<Constraint> constraints,
      List<Integer> indexOids,
      List<Integer> triggerOids,
      List<Integer> policyOids,
      int rowTypeOid,
      @Nullable PartitionScheme partitionScheme,
      int partitionOf,
      @Nullable PartitionBound partitionBound,
      List<Integer> inherits,
      boolean rowSecurity,
      boolean forceRowSecurity,
      @Nullable String definition,
      boolean populated,
      char replicaIdentity,
      OnCommit onCommit,
      int ofType,
      @Nullable List<AclItem> acl,
      Map<String, String> options,
      int clusterIndex,
      int replicaIndex,
      boolean constraintTriggersOff)
      implements Relation {
    public Table {
      columns = List.copyOf(columns);
      primaryKey = List.copyOf(primaryKey);
      constraints = List.copyOf(constraints);
      indexOids = List.copyOf(indexOids);
      triggerOids = List.copyOf(triggerOids);
      policyOids = List.copyOf(policyOids);
      inherits = List.copyOf(inherits);
    }

    public boolean isPartitioned() {
      return kind == 'p';
    }

    public boolean isPartition() {
      return partitionOf != 0;
    }

    public boolean isTemporary() {
      return persistence == Persistence.TEMPORARY;
    }

    /// The live column of that name, or null.
    public @Nullable Column column(String columnName) {
      for (Column column : columns) {
        if (!column.dropped() && column.name().equals(columnName)) {
          return column;
        }
      }
      return null;
    }

    /// The column with that number, dropped or not.
    public Column column(int attnum) {
      return columns.get(attnum - 1);
    }

    public @Nullable Constraint constraint(String constraintName) {
      for (Constraint constraint : constraints) {
        if (constraint.name().equals(constraintName)) {
          return constraint;
        }
      }
      return null;
    }
  }

  /// @param keys in index order; INCLUDE columns after `keyCount`
  /// @param method btree, hash, gin, gist, hnsw … ; all but hnsw and gin are kept as ordered keys
  /// @param predicate SQL text of a partial index's WHERE (deparsed form), null for none
  /// @param parentIndex the partitioned table's index that this one is a partition of, 0 for none
  /// @param exclusionOperators operator oids per key of an EXCLUDE constraint, empty for others
  record Index(
      int oid,
      String name,
      int namespaceOid,
      int ownerOid,
      long version,
      int tableOid,
      long indexStorageId,
      String method,
      boolean unique,
      boolean primary,
      boolean nullsNotDistinct,
      boolean immediate,
      boolean valid,
      List<Key> keys,
      int keyCount,
      @Nullable String predicate,
      int constraintOid,
      int parentIndex,
      List<Integer> exclusionOperators,
      Map<String, String> options)
      implements Relation {
    /// One key column: attnum, or an expression (SQL text over the table's columns) when attnum is 0.
    public record Key(int attnum, @Nullable String expression, int typeOid, int collationOid, @Nullable String operatorClass, boolean descending, boolean nullsFirst) {}

    @Override
    public char kind() {
      return 'i';
    }

    @Override
    public @Nullable List<AclItem> acl() {
      return null;
    }
  }

  /// @param definition SELECT text (deparsed, search-path independent)
  /// @param checkOption `local`, `cascaded` or null
  /// @param ruleOid oid of its row in `pg_rewrite`
  record View(
      int oid,
      String name,
      int namespaceOid,
      int ownerOid,
      long version,
      Persistence persistence,
      List<Column> columns,
      String definition,
      int rowTypeOid,
      int ruleOid,
      List<Integer> triggerOids,
      @Nullable String checkOption,
      boolean securityBarrier,
      boolean securityInvoker,
      @Nullable List<AclItem> acl,
      Map<String, String> options)
      implements Relation {
    @Override
    public char kind() {
      return 'v';
    }
  }

  /// @param ownerTable oid and attnum of the column that owns it (SERIAL, IDENTITY), 0 for none
  record Sequence(
      int oid,
      String name,
      int namespaceOid,
      int ownerOid,
      long version,
      Persistence persistence,
      int typeOid,
      long start,
      long increment,
      long minimum,
      long maximum,
      long cache,
      boolean cycle,
      int ownerTable,
      int ownerColumn,
      boolean identity,
      @Nullable List<AclItem> acl)
      implements Relation {
    @Override
    public char kind() {
      return 'S';
    }
  }

  /// CREATE TYPE … AS (…).
  record Composite(int oid, String name, int namespaceOid, int ownerOid, long version, List<Column> columns, int rowTypeOid) implements Relation {
    @Override
    public char kind() {
      return 'c';
    }

    @Override
    public @Nullable List<AclItem> acl() {
      return null;
    }
  }

  /// A system relation (`pg_catalog`, `information_schema`, `heliosdb_*`): columns by definition, rows computed from the catalog model
  /// or the engine's state when scanned.
  record SystemRelation(int oid, String name, int namespaceOid, char kind, List<Column> columns, int rowTypeOid) implements Relation {
    @Override
    public int ownerOid() {
      return 10;
    }

    @Override
    public long version() {
      return 0;
    }

    @Override
    public @Nullable List<AclItem> acl() {
      return null;
    }
  }

  /// An attribute.
  ///
  /// @param defaultExpression SQL text of DEFAULT or of GENERATED ALWAYS AS … STORED, null for none
  /// @param generated `s` stored generated column, 0 otherwise
  /// @param identity `a` always, `d` by default, 0 none
  /// @param defaultOid oid of the default's row in `pg_attrdef`, 0 without default
  /// @param local whether the column was declared here (and not only inherited); `inheritedCount`: from how many parents it comes
  /// @param storage `p`, `e`, `m`, `x`, or 0 for the type's own
  /// @param missingValue what rows written before the column existed show, in the boxed class; null for NULL
  record Column(
      String name,
      int attnum,
      int typeOid,
      int typmod,
      int collationOid,
      boolean notNull,
      @Nullable String defaultExpression,
      int defaultOid,
      char generated,
      char identity,
      boolean dropped,
      @Nullable Object missingValue,
      int sinceLayoutId,
      int statisticsTarget,
      boolean local,
      int inheritedCount,
      char storage,
      @Nullable List<AclItem> acl,
      Map<String, String> options) {
    public static Column of(String name, int attnum, int typeOid) {
      return new ColumnBuilder(name, attnum, typeOid).build();
    }

    public ColumnBuilder toBuilder() {
      return new ColumnBuilder(this);
    }
  }

  /// A constraint; `columns` are attnums. CHECK: `expression`. FOREIGN KEY: `referenced…` and actions `a` no action, `r` restrict,
  /// `c` cascade, `n` set null, `d` set default, match `s`/`f`.
  record Constraint(
      int oid,
      String name,
      Kind kind,
      List<Integer> columns,
      @Nullable String expression,
      int indexOid,
      int referencedTable,
      List<Integer> referencedColumns,
      char onUpdate,
      char onDelete,
      char match,
      List<Integer> deleteSetColumns,
      boolean deferrable,
      boolean initiallyDeferred,
      boolean validated,
      boolean noInherit,
      boolean local,
      int inheritedCount,
      int parentConstraint) {
    public Constraint {
      columns = List.copyOf(columns);
      referencedColumns = List.copyOf(referencedColumns);
      deleteSetColumns = List.copyOf(deleteSetColumns);
    }

    public enum Kind { PRIMARY_KEY, UNIQUE, CHECK, FOREIGN_KEY, EXCLUSION }
  }

  /// PARTITION BY: strategy `r`, `l` or `h`.
  record PartitionScheme(char strategy, List<Index.Key> keys) {}

  /// FOR VALUES …: `isDefault`, or IN `values`, or FROM `lower` TO `upper`, or MODULUS/REMAINDER; values as SQL text, MINVALUE/MAXVALUE by name.
  record PartitionBound(boolean isDefault, List<String> values, List<String> lower, List<String> upper, int modulus, int remainder) {}

  /// One granted entry: privileges as letters of PostgreSQL's aclitem (arwdDxtXUCcTsA), grant options as a subset. Grantee 0 = PUBLIC.
  record AclItem(int grantee, String privileges, String grantOptions, int grantor) {}
}
