package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.ColumnBuilder;
import io.heliosdb.nano.catalog.ReferencedPartitions;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Column;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.Index;
import io.heliosdb.nano.catalog.Relation.PartitionScheme;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.Relations;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.AlterTableAction;
import io.heliosdb.nano.parse.ast.TableDdl.PartitionBy;
import io.heliosdb.nano.parse.ast.TableDdl.PartitionKey;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Partition keys, and tables becoming or ceasing to be partitions.
final class PartitionCommands {
  private static final int MAX_KEYS = 32;

  private final Ddl ddl;

  PartitionCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  PartitionScheme scheme(Table table, PartitionBy by, Set<ObjectAddress> dependencies) {
    char strategy = switch (by.strategy()) {
      case "range" -> 'r';
      case "list" -> 'l';
      case "hash" -> 'h';
      default -> throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "unrecognized partitioning strategy \"" + by.strategy() + "\"");
    };
    if (strategy == 'l' && by.keys().size() > 1) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "cannot use \"list\" partition strategy with more than one column");
    }
    if (by.keys().size() > MAX_KEYS) {
      throw new SqlException(SqlState.TOO_MANY_COLUMNS, "cannot partition using more than " + MAX_KEYS + " columns");
    }
    List<Index.Key> keys = new ArrayList<>();
    for (PartitionKey key : by.keys()) {
      keys.add(key(table, key, strategy, dependencies));
    }
    return new PartitionScheme(strategy, keys);
  }

  private Index.Key key(Table table, PartitionKey key, char strategy, Set<ObjectAddress> dependencies) {
    int attnum = 0;
    String expression = null;
    PgType type;
    int collation;
    if (key.column() != null) {
      Column column = Relations.column(table, key.column());
      if (column == null) {
        if (ColumnPlan.SYSTEM_COLUMNS.contains(key.column())) {
          throw new SqlException(
              SqlState.INVALID_OBJECT_DEFINITION, "cannot use system column \"" + key.column() + "\" in partition key").at(key.position());
        }
        throw new SqlException(SqlState.UNDEFINED_COLUMN, "column \"" + key.column() + "\" named in partition key does not exist")
            .at(key.position());
      }
      if (column.generated() != 0) {
        throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "cannot use generated column in partition key")
            .withDetail("Column \"" + column.name() + "\" is a generated column.").at(key.position());
      }
      attnum = column.attnum();
      type = ddl.catalog().byOid(column.typeOid());
      collation = column.collationOid();
    } else {
      DdlExpressions.Bound bound =
          ddl.expressions().bind(key.expression().expression(), table, DdlExpressions.Use.PARTITION_KEY, null, -1);
      if (bound.volatility() != 'i') {
        throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "functions in partition key expression must be marked IMMUTABLE");
      }
      if (bound.columns().isEmpty()) {
        throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "cannot use constant expression as partition key");
      }
      expression = bound.text();
      type = bound.type();
      collation = bound.collationOid();
      dependencies.addAll(bound.dependencies());
    }
    if (key.collation() != null) {
      collation = ddl.collation(key.collation(), type, key.position());
    }
    String operatorClass = operatorClass(type, strategy == 'h' ? "hash" : "btree", key);
    return new Index.Key(attnum, expression, type.oid(), collation, operatorClass, false, false);
  }

  private String operatorClass(PgType type, String method, PartitionKey key) {
    try {
      return OperatorClasses.choose(ddl, type, method, key.operatorClass());
    } catch (SqlException e) {
      throw key.operatorClass() != null ? e : e.withHint(
          "You must specify a " + method + " operator class or define a default " + method + " operator class for the data type.");
    }
  }

  /// Gives a partition what its parent has: indexes, unique constraints, foreign keys, row triggers.
  void completePartition(int parentOid, int partitionOid, boolean onNewTable) {
    Table parent = ddl.table(parentOid);
    for (Index index : ddl.catalog().indexesOf(parentOid)) {
      new IndexCommands(ddl).createOnPartition(parent, index, ddl.table(partitionOid));
    }
    for (Constraint constraint : parent.constraints()) {
      if (constraint.kind() == Constraint.Kind.FOREIGN_KEY) {
        new ForeignKeys(ddl).cloneTo(parent, constraint, ddl.table(partitionOid), onNewTable);
      }
    }
    for (int triggerOid : parent.triggerOids()) {
      new TriggerCommands(ddl).cloneTo(ddl.catalog().trigger(triggerOid), parent, ddl.table(partitionOid), false);
    }
    if (!onNewTable || defaultPartition(parentOid, partitionOid)) {
      ddl.data().checkPartition(ddl.table(parentOid), ddl.table(partitionOid));
    }
  }

  boolean hasDefaultPartition(int parentOid) {
    return defaultPartition(parentOid, 0);
  }

  private boolean defaultPartition(int parentOid, int except) {
    return ddl.catalog().childrenOf(parentOid).stream()
        .anyMatch(child -> child.oid() != except && child.partitionBound() != null && child.partitionBound().isDefault());
  }

  void attach(Table parent, AlterTableAction.AttachPartition action) {
    if (!parent.isPartitioned()) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "table \"" + parent.name() + "\" is not partitioned");
    }
    Relation relation = ddl.relation(action.partition());
    if (!(relation instanceof Table table) || table.kind() == 'm') {
      throw Ddl.wrongKind(relation, "a table");
    }
    ddl.lock(table, TableLock.ACCESS_EXCLUSIVE);
    ddl.checkOwner(table);
    table = ddl.table(table.oid());
    checkAttachable(parent, table);
    var bound = new PartitionBounds(ddl, parent).transform(action.bound(), table.name());
    TableBuilder builder = new TableBuilder(table);
    builder.partitionOf = parent.oid();
    builder.partitionBound = bound;
    builder.inherits = new ArrayList<>(List.of(parent.oid()));
    for (Column parentColumn : parent.columns()) {
      if (!parentColumn.dropped()) {
        ColumnBuilder column = table.column(parentColumn.name()).toBuilder();
        column.inheritedCount++;
        column.local = false;
        builder.replaceColumn(column.build());
      }
    }
    ddl.put(builder.build());
    new InheritanceCommands(ddl).mergeChecks(parent, table.oid());
    completePartition(parent.oid(), table.oid(), false);
  }

  private void checkAttachable(Table parent, Table table) {
    if (table.isPartition()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "\"" + table.name() + "\" is already a partition");
    }
    if (table.ofType() != 0) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot attach a typed table as partition");
    }
    if (!table.inherits().isEmpty()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot attach inheritance child as partition");
    }
    if (!table.isPartitioned() && !ddl.catalog().childrenOf(table.oid()).isEmpty()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot attach inheritance parent as partition");
    }
    if (isDescendant(table.oid(), parent.oid())) {
      throw new SqlException(SqlState.DUPLICATE_TABLE, "circular inheritance not allowed")
          .withDetail("\"" + parent.name() + "\" is already a child of \"" + table.name() + "\".");
    }
    if (parent.isTemporary() != table.isTemporary()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, parent.isTemporary()
          ? "cannot attach a permanent relation as partition of temporary relation \"" + parent.name() + "\""
          : "cannot attach a temporary relation as partition of permanent relation \"" + parent.name() + "\"");
    }
    for (Column column : table.columns()) {
      if (!column.dropped() && parent.column(column.name()) == null) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH, "table \"" + table.name() + "\" contains column \"" + column.name()
            + "\" not found in parent \"" + parent.name() + "\"")
            .withDetail("The new partition may contain only the columns present in parent.");
      }
    }
    new InheritanceCommands(ddl).checkColumns(parent, table);
    new TriggerCommands(ddl).checkNoTransitions(table, "a partition", "partitions");
  }

  boolean isDescendant(int ancestorOid, int oid) {
    if (ancestorOid == oid) {
      return true;
    }
    return ddl.catalog().childrenOf(ancestorOid).stream().anyMatch(child -> isDescendant(child.oid(), oid));
  }

  void detach(Table parent, AlterTableAction.DetachPartition action) {
    if (!parent.isPartitioned()) {
      throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION, "table \"" + parent.name() + "\" is not partitioned");
    }
    Relation relation = ddl.relation(action.partition());
    if (!(relation instanceof Table table) || table.partitionOf() != parent.oid()) {
      throw new SqlException(SqlState.UNDEFINED_TABLE,
          "relation \"" + relation.name() + "\" is not a partition of relation \"" + parent.name() + "\"");
    }
    if (action.finalizing()) {
      // What CONCURRENTLY does is done in one transaction here, so nothing is ever left to be completed.
      throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "cannot complete detaching partition \"" + table.name() + "\"")
          .withDetail("There's no pending concurrent detach.");
    }
    if (action.concurrently() && ddl.context.inTransactionBlock()) {
      throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, "ALTER TABLE ... DETACH CONCURRENTLY cannot run inside a transaction block");
    }
    if (action.concurrently() && defaultPartition(parent.oid(), 0)) {
      throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "cannot detach partitions concurrently when a default partition exists");
    }
    ddl.lock(table, TableLock.ACCESS_EXCLUSIVE);
    table = ddl.table(table.oid());
    List<LostReference> references = references(parent, table);
    TableBuilder builder = new TableBuilder(table);
    builder.partitionOf = 0;
    builder.partitionBound = null;
    builder.inherits = new ArrayList<>();
    builder.columns.replaceAll(column -> {
      ColumnBuilder copy = column.toBuilder();
      copy.local = true;
      copy.inheritedCount = 0;
      return copy.build();
    });
    builder.constraints.replaceAll(c -> c.parentConstraint() != 0 ? ConstraintCommands.withParent(c, 0)
        : ConstraintCommands.checkOf(c, true, 0));
    ddl.put(builder.build());
    for (Index index : ddl.catalog().indexesOf(table.oid())) {
      if (index.parentIndex() != 0) {
        ddl.put(Relations.withParent(index, 0));
      }
    }
    new TriggerCommands(ddl).removeClones(ddl.table(table.oid()));
    checkReferences(references, ddl.table(table.oid()));
  }

  /// @param shown the referencing table in messages: the one that the foreign key was declared for
  /// @param shownName the constraint's name in messages about the partition
  private record LostReference(Catalog.ForeignKeyReference reference, Table shown, String shownName) {}

  /// The foreign keys that refer to the tables above a partition; no row that refers is written any more.
  private List<LostReference> references(Table parent, Table partition) {
    List<LostReference> result = new ArrayList<>();
    for (Table level = parent; level != null; level = level.isPartition() ? ddl.table(level.partitionOf()) : null) {
      for (var reference : ddl.catalog().referencesTo(level.oid())) {
        if (!reference.table().isPartitioned()) {
          ddl.lock(reference.table(), TableLock.SHARE);
          var declared = declared(reference);
          result.add(new LostReference(
              reference, declared.table(), ReferencedPartitions.constraintName(ddl.catalog(), declared.table(), declared.constraint(), partition)));
        }
      }
    }
    return result;
  }

  /// The foreign key that a partition's copy was made of.
  private Catalog.ForeignKeyReference declared(Catalog.ForeignKeyReference reference) {
    Catalog.ForeignKeyReference top = reference;
    while (top.constraint().parentConstraint() != 0) {
      int parent = top.constraint().parentConstraint();
      top = ddl.catalog().referencesTo(top.constraint().referencedTable()).stream().filter(r -> r.constraint().oid() == parent).findFirst().orElseThrow();
    }
    return top;
  }

  /// Rows that go with a partition may be referenced by way of the tables above it.
  private void checkReferences(List<LostReference> references, Table partition) {
    for (LostReference lost : references) {
      Table table = lost.reference.table();
      try {
        ddl.data().validateForeignKey(ddl.table(table.oid()), lost.reference.constraint());
      } catch (SqlException e) {
        if (!e.state().equals(SqlState.FOREIGN_KEY_VIOLATION)) {
          throw e;
        }
        String detail = String.valueOf(e.detail());
        int end = detail.indexOf(" is not present");
        throw new SqlException(SqlState.FOREIGN_KEY_VIOLATION, "removing partition \"" + partition.name()
            + "\" violates foreign key constraint \"" + lost.shownName + "\"")
            .withDetail(end < 0 ? null : detail.substring(0, end) + " is still referenced from table \"" + lost.shown.name() + "\".")
            .aboutConstraint(ddl.namespaceName(lost.shown.namespaceOid()), lost.shown.name(), lost.shownName);
      }
    }
  }
}
