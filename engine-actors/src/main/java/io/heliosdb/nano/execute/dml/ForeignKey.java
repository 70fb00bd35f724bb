package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.type.PgType;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A foreign key from the referencing side, compiled. Immutable. Columns are 0-based.
final class ForeignKey {
  private final Relation.Table table;
  private final Constraint constraint;
  private final @Nullable Relation referenced;
  private final int[] columns;
  private final PgType[] types;
  private final int[] referencedColumns;
  private final ColumnCast[] casts;
  private final BitSet columnSet = new BitSet();

  ForeignKey(Relation.Table table, Constraint constraint, Catalog catalog) {
    this.table = table;
    this.constraint = constraint;
    referenced = catalog.relation(constraint.referencedTable());
    columns = positions(constraint.columns());
    referencedColumns = positions(constraint.referencedColumns());
    types = new PgType[columns.length];
    casts = new ColumnCast[columns.length];
    for (int i = 0; i < columns.length; i++) {
      columnSet.set(columns[i]);
      types[i] = catalog.byOid(table.columns().get(columns[i]).typeOid());
      if (referenced instanceof Relation.Table target) {
        PgType wanted = catalog.byOid(target.columns().get(referencedColumns[i]).typeOid());
        casts[i] = new ColumnCast(table, columns[i], wanted, -1, catalog);
      }
    }
  }

  static int[] positions(List<Integer> attnums) {
    int[] result = new int[attnums.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = attnums.get(i) - 1;
    }
    return result;
  }

  boolean isCurrent(Catalog catalog) {
    return catalog.relation(constraint.referencedTable()) == referenced;
  }

  Constraint constraint() {
    return constraint;
  }

  Relation.Table referencedTable() {
    if (!(referenced instanceof Relation.Table target)) {
      throw new SqlException(SqlState.INTERNAL_ERROR, "foreign key \"" + constraint.name() + "\" refers to no table");
    }
    return target;
  }

  int[] columns() {
    return columns;
  }

  BitSet columnSet() {
    return columnSet;
  }

  int[] referencedColumns() {
    return referencedColumns;
  }

  ColumnCast[] casts() {
    return casts;
  }

  /// Whether the row refers to something.
  ///
  /// @throws SqlException 23503 when MATCH FULL forbids its mixture of NULLs
  boolean refers(@Nullable Object[] row, String schema) {
    int nulls = 0;
    for (int column : columns) {
      nulls += row[column] == null ? 1 : 0;
    }
    if (nulls == 0) {
      return true;
    }
    if (constraint.match() == 'f' && nulls < columns.length) {
      throw violation(schema).withDetail("MATCH FULL does not allow mixing of null and nonnull key values.");
    }
    return false;
  }

  SqlException missing(@Nullable Object[] row, String schema, CallContext call) {
    if (!Disclosure.ofColumns(table, columns, call)) {
      return violation(schema).withDetail("Key is not present in table \"" + referencedTable().name() + "\".");
    }
    Object[] values = new Object[columns.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = row[columns[i]];
    }
    return violation(schema).withDetail(
        "Key " + ConstraintErrors.columnKey(table, columns, types, values, call.io()) + " is not present in table \"" + referencedTable().name() + "\".");
  }

  private SqlException violation(String schema) {
    return new SqlException(
            SqlState.FOREIGN_KEY_VIOLATION,
            "insert or update on table \"" + table.name() + "\" violates foreign key constraint \"" + constraint.name() + "\"")
        .aboutConstraint(schema, table.name(), constraint.name());
  }
}
