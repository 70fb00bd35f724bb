package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.ColumnBuilder;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Column;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.AlterTableAction;

/// ALTER TABLE … INHERIT and NO INHERIT.
final class InheritanceCommands {
  private final Ddl ddl;

  InheritanceCommands(Ddl ddl) {
    this.ddl = ddl;
  }

  void alter(Table table, AlterTableAction.Inherit action) {
    if (table.isPartitioned()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot change inheritance of partitioned table");
    }
    if (table.ofType() != 0) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot change inheritance of typed table");
    }
    Relation relation = ddl.relation(action.parent());
    if (!(relation instanceof Table parent) || parent.kind() == 'm') {
      throw Ddl.wrongKind(relation, "a table");
    }
    ddl.lock(parent, TableLock.SHARE_UPDATE_EXCLUSIVE);
    ddl.checkOwner(parent);
    if (action.remove()) {
      remove(table, parent);
    } else {
      add(table, parent);
    }
  }

  private void add(Table table, Table parent) {
    if (parent.isPartitioned()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot inherit from partitioned table \"" + parent.name() + "\"");
    }
    if (parent.isPartition()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot inherit from a partition");
    }
    if (table.isPartition()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot change inheritance of a partition");
    }
    if (parent.isTemporary() && !table.isTemporary()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot inherit from temporary relation \"" + parent.name() + "\"");
    }
    if (table.inherits().contains(parent.oid())) {
      throw new SqlException(SqlState.DUPLICATE_TABLE, "relation \"" + parent.name() + "\" would be inherited from more than once");
    }
    if (new PartitionCommands(ddl).isDescendant(table.oid(), parent.oid())) {
      throw new SqlException(SqlState.DUPLICATE_TABLE, "circular inheritance not allowed")
          .withDetail("\"" + parent.name() + "\" is already a child of \"" + table.name() + "\".");
    }
    checkColumns(parent, table);
    new TriggerCommands(ddl).checkNoTransitions(table, "an inheritance child", "inheritance children");
    TableBuilder builder = new TableBuilder(table);
    builder.inherits.add(parent.oid());
    for (Column column : parent.columns()) {
      if (!column.dropped()) {
        ColumnBuilder copy = table.column(column.name()).toBuilder();
        copy.inheritedCount++;
        builder.replaceColumn(copy.build());
      }
    }
    ddl.put(builder.build());
    mergeChecks(parent, table.oid());
  }

  /// A child must have all columns of the parent with the same types, NOT NULL where the parent has it.
  void checkColumns(Table parent, Table child) {
    for (Column column : parent.columns()) {
      if (column.dropped()) {
        continue;
      }
      Column own = child.column(column.name());
      if (own == null) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH, "child table is missing column \"" + column.name() + "\"");
      }
      if (own.typeOid() != column.typeOid() || own.typmod() != column.typmod()) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH,
            "child table \"" + child.name() + "\" has different type for column \"" + column.name() + "\"");
      }
      if (own.collationOid() != column.collationOid()) {
        throw new SqlException(SqlState.COLLATION_MISMATCH,
            "child table \"" + child.name() + "\" has different collation for column \"" + column.name() + "\"");
      }
      if (column.notNull() && !own.notNull()) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH, "column \"" + column.name() + "\" in child table must be marked NOT NULL");
      }
      if ((column.generated() == 's') != (own.generated() == 's')) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH, "column \"" + column.name() + "\" in child table must "
            + (column.generated() == 's' ? "" : "not ") + "be a generated column");
      }
    }
  }

  /// The child must have the parent's CHECK constraints already; they count as inherited from now on.
  void mergeChecks(Table parent, int childOid) {
    for (Constraint constraint : parent.constraints()) {
      if (constraint.kind() != Constraint.Kind.CHECK || constraint.noInherit()) {
        continue;
      }
      Table child = ddl.table(childOid);
      Constraint own = child.constraint(constraint.name());
      if (own == null || own.kind() != Constraint.Kind.CHECK) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH, "child table is missing constraint \"" + constraint.name() + "\"");
      }
      if (own.noInherit()) {
        throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION,
            "constraint \"" + constraint.name() + "\" conflicts with non-inherited constraint on child table \"" + child.name() + "\"");
      }
      if (own.validated() != constraint.validated() && !own.validated()) {
        throw new SqlException(SqlState.INVALID_OBJECT_DEFINITION,
            "constraint \"" + constraint.name() + "\" conflicts with NOT VALID constraint on child table \"" + child.name() + "\"");
      }
      if (!own.expression().equals(constraint.expression())) {
        throw new SqlException(SqlState.DATATYPE_MISMATCH,
            "child table \"" + child.name() + "\" has different definition for check constraint \"" + constraint.name() + "\"");
      }
      TableBuilder builder = new TableBuilder(child);
      builder.replaceConstraint(ConstraintCommands.checkOf(own, !child.isPartition() && own.local(), own.inheritedCount() + 1));
      ddl.put(builder.build());
    }
  }

  private void remove(Table table, Table parent) {
    if (table.isPartition()) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE, "cannot change inheritance of a partition");
    }
    if (!table.inherits().contains(parent.oid())) {
      throw new SqlException(SqlState.UNDEFINED_TABLE, "relation \"" + parent.name() + "\" is not a parent of relation \"" + table.name() + "\"");
    }
    TableBuilder builder = new TableBuilder(table);
    builder.inherits.remove((Integer) parent.oid());
    for (Column column : parent.columns()) {
      Column own = column.dropped() ? null : table.column(column.name());
      if (own != null && own.inheritedCount() > 0) {
        ColumnBuilder copy = own.toBuilder();
        copy.inheritedCount--;
        copy.local |= copy.inheritedCount == 0;
        builder.replaceColumn(copy.build());
      }
    }
    builder.constraints.replaceAll(own -> {
      Constraint of = parent.constraint(own.name());
      boolean inherited = of != null && of.kind() == Constraint.Kind.CHECK && own.inheritedCount() > 0;
      return inherited ? ConstraintCommands.checkOf(own, own.local() || own.inheritedCount() == 1, own.inheritedCount() - 1) : own;
    });
    ddl.put(builder.build());
  }

}
