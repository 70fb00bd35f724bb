package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.ClassOids;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.TableBuilder;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.AlterTableAction;
import java.util.List;

/// ALTER TABLE actions on existing constraints.
final class AlterConstraints {
  private final Ddl ddl;

  AlterConstraints(Ddl ddl) {
    this.ddl = ddl;
  }

  private static SqlException undefined(String name, Table table) {
    return new SqlException(SqlState.UNDEFINED_OBJECT, "constraint \"" + name + "\" of relation \"" + table.name() + "\" does not exist");
  }

  void alter(Table table, AlterTableAction.AlterConstraint action) {
    Constraint c = table.constraint(action.name());
    if (c == null) {
      throw undefined(action.name(), table);
    }
    if (c.kind() != Constraint.Kind.FOREIGN_KEY) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE,
          "constraint \"" + action.name() + "\" of relation \"" + table.name() + "\" is not a foreign key constraint");
    }
    if (c.parentConstraint() != 0) {
      throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE,
          "cannot alter constraint \"" + action.name() + "\" on relation \"" + table.name() + "\"");
    }
    replace(table, new Constraint(c.oid(), c.name(), c.kind(), c.columns(), c.expression(), c.indexOid(), c.referencedTable(),
        c.referencedColumns(), c.onUpdate(), c.onDelete(), c.match(), c.deleteSetColumns(), action.timing().deferrable(),
        action.timing().initiallyDeferred(), c.validated(), c.noInherit(), c.local(), c.inheritedCount(), c.parentConstraint()));
  }

  private void replace(Table table, Constraint constraint) {
    TableBuilder builder = new TableBuilder(table);
    builder.replaceConstraint(constraint);
    ddl.put(builder.build());
  }

  void validate(Table table, AlterTableAction.ValidateConstraint action) {
    Constraint c = table.constraint(action.name());
    if (c == null) {
      throw undefined(action.name(), table);
    }
    if (c.kind() != Constraint.Kind.FOREIGN_KEY && c.kind() != Constraint.Kind.CHECK) {
      throw new SqlException(SqlState.WRONG_OBJECT_TYPE,
          "constraint \"" + action.name() + "\" of relation \"" + table.name() + "\" is not a foreign key or check constraint");
    }
    if (c.validated()) {
      return;
    }
    if (c.kind() == Constraint.Kind.CHECK) {
      for (Table child : c.noInherit() ? List.<Table>of() : ddl.catalog().childrenOf(table.oid())) {
        if (child.constraint(c.name()) != null) {
          validate(child, action);
        }
      }
      ddl.data().checkConstraint(table, c);
    } else {
      ddl.data().validateForeignKey(table, c);
    }
    replace(ddl.table(table.oid()), new Constraint(c.oid(), c.name(), c.kind(), c.columns(), c.expression(), c.indexOid(),
        c.referencedTable(), c.referencedColumns(), c.onUpdate(), c.onDelete(), c.match(), c.deleteSetColumns(), c.deferrable(),
        c.initiallyDeferred(), true, c.noInherit(), c.local(), c.inheritedCount(), c.parentConstraint()));
  }

  void drop(Table table, AlterTableAction.DropConstraint action, boolean only) {
    Constraint constraint = table.constraint(action.name());
    if (constraint == null) {
      if (action.ifExists()) {
        ddl.skipping("constraint \"" + action.name() + "\" of relation \"" + table.name() + "\" does not exist");
        return;
      }
      throw undefined(action.name(), table);
    }
    if (constraint.inheritedCount() > 0) {
      throw new SqlException(SqlState.INVALID_TABLE_DEFINITION,
          "cannot drop inherited constraint \"" + action.name() + "\" of relation \"" + table.name() + "\"");
    }
    dropFrom(table, constraint, action.cascade(), only);
  }

  private void dropFrom(Table table, Constraint constraint, boolean cascade, boolean only) {
    if (constraint.kind() == Constraint.Kind.CHECK && !constraint.noInherit()) {
      for (Table child : ddl.catalog().childrenOf(table.oid())) {
        Constraint own = child.constraint(constraint.name());
        if (own == null || own.inheritedCount() == 0) {
          continue;
        }
        if (only || own.inheritedCount() > 1 || own.local()) {
          replace(child, ConstraintCommands.checkOf(own, own.local() || only, own.inheritedCount() - 1));
        } else {
          dropFrom(child, own, cascade, false);
        }
      }
    }
    new Deletion(ddl).drop(List.of(ObjectAddress.of(ClassOids.CONSTRAINT, constraint.oid())), cascade);
  }
}
