package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.RowSlot;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a foreign key demands when keys of the referenced table vanish: NO ACTION, RESTRICT, CASCADE, SET NULL, SET DEFAULT, for all rows
/// that one statement deleted (or whose key it changed).
///
/// Referencing rows are looked for in the newest state. None can appear meanwhile: who inserts one locks the referenced row, which the
/// statement has locked FOR UPDATE. Source: PostgreSQL 15, `ri_triggers.c`.
final class ReferentialActions implements PendingChecks.Deferred {
  private final ReferencingTables.Reference reference;
  private final boolean update;
  private final List<@Nullable Object[]> oldKeys = new ArrayList<>();
  private final List<@Nullable Object @Nullable []> newKeys = new ArrayList<>();

  ReferentialActions(ReferencingTables.Reference reference, boolean update) {
    this.reference = reference;
    this.update = update;
  }

  ReferencingTables.Reference reference() {
    return reference;
  }

  boolean isFor(ReferencingTables.Reference other, boolean forUpdate) {
    return update == forUpdate && reference.constraint() == other.constraint() && reference.table() == other.table()
        && reference.written() == other.written();
  }

  /// @param newKey values of the key now, null when the row was deleted
  void add(@Nullable Object[] oldKey, @Nullable Object @Nullable [] newKey) {
    oldKeys.add(oldKey);
    newKeys.add(newKey);
  }

  private char action() {
    return update ? reference.constraint().onUpdate() : reference.constraint().onDelete();
  }

  /// Only NO ACTION can wait for the end of the transaction.
  boolean mayDefer() {
    return action() == 'a';
  }

  @Override
  public @Nullable Constraint constraint(WriteRun run) {
    return reference.constraint();
  }

  @Override
  public void perform(WriteRun run) {
    if (!(run.catalog().relation(reference.table().oid()) instanceof Relation.Table now)) {
      return;
    }
    BitSet assigned = new BitSet();
    for (int column : ForeignKey.positions(reference.constraint().columns())) {
      assigned.set(column);
    }
    RowChanges changes = new RowChanges(run, now, update || action() != 'c', assigned);
    boolean complete;
    do {
      complete = true;
      for (Relation.Table leaf : Partitions.leaves(now, run.catalog())) {
        int[] columns = Partitions.translate(now, ForeignKey.positions(reference.constraint().columns()), leaf);
        TableWriter writer = run.writer(leaf);
        complete &= new ReferencingRows(reference, columns, writer, run)
            .find(oldKeys, (position, key, row) -> apply(run, changes, writer, columns, position, key, row));
      }
    } while (!complete);
    changes.end();
  }

  private void apply(WriteRun run, RowChanges changes, TableWriter writer, int[] columns, int position, byte[] key, @Nullable Object[] row) {
    if (action() == 'c' || action() == 'n' || action() == 'd') {
      checkSeen(run, writer, key);
    }
    switch (action()) {
      case 'c' -> {
        if (update) {
          cascadeUpdate(run, changes, writer, columns, position, key, row);
        } else {
          changes.delete(writer, key, row);
        }
      }
      case 'n' -> setColumns(changes, writer, columns, key, row, false);
      case 'd' -> {
        if (!setColumns(changes, writer, columns, key, row, true)) {
          // The defaults are what was there: the row's own check sees no change.
          checkBack(run, position);
        }
      }
      case 'r' -> throw violation(run, position);
      default -> checkBack(run, position);
    }
  }

  /// A transaction that keeps its snapshot changes no row that it does not see.
  private static void checkSeen(WriteRun run, TableWriter writer, byte[] key) {
    StatementAccess access = run.context().access();
    RowSlot slot = new RowSlot();
    if (access.transaction().isolation().keepsSnapshot() && access.getNewest(writer.storageId(), key, slot)
        && slot.scn() != StatementAccess.OWN_WRITE_SCN && slot.scn() > access.snapshotScn()) {
      throw new SqlException(SqlState.T_R_SERIALIZATION_FAILURE, "could not serialize access due to concurrent update");
    }
  }

  /// The key may be back: another row has it now.
  private void checkBack(WriteRun run, int position) {
    KeyLookup lookup = new KeyLookup(reference.referenced(), ForeignKey.positions(reference.constraint().referencedColumns()), run,
        reference.constraint().name());
    if (!lookup.exists(oldKeys.get(position))) {
      throw violation(run, position);
    }
  }

  private void cascadeUpdate(WriteRun run, RowChanges changes, TableWriter writer, int[] columns, int position, byte[] key, @Nullable Object[] row) {
    Object[] newKey = java.util.Objects.requireNonNull(newKeys.get(position));
    int[] referenced = ForeignKey.positions(reference.constraint().referencedColumns());
    Object[] shape = new Object[reference.referenced().columns().size()];
    for (int i = 0; i < referenced.length; i++) {
      shape[referenced[i]] = newKey[i];
    }
    Object[] changedRow = row.clone();
    BitSet changed = new BitSet();
    for (int i = 0; i < columns.length; i++) {
      Relation.Column column = writer.target().table().columns().get(columns[i]);
      ColumnCast cast = new ColumnCast(reference.referenced(), referenced[i], run.catalog().byOid(column.typeOid()), column.typmod(), run.catalog());
      Object value = cast.convert(newKey[i], cast.bind(run.context()), shape);
      if (value == ColumnCast.NO_VALUE) {
        throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
            io.heliosdb.nano.type.TypeIo.typeName(run.catalog().byOid(column.typeOid()), -1, run.catalog()) + " out of range");
      }
      changedRow[columns[i]] = value;
      changed.set(columns[i]);
    }
    changes.update(writer, key, row, changedRow, changed);
  }

  /// False when the row's key stays as it was.
  private boolean setColumns(RowChanges changes, TableWriter writer, int[] columns, byte[] key, @Nullable Object[] row, boolean toDefault) {
    Object[] changedRow = row.clone();
    BitSet changed = new BitSet();
    List<Integer> only = update ? List.of() : reference.constraint().deleteSetColumns();
    for (int i = 0; i < columns.length; i++) {
      if (!only.isEmpty() && !only.contains(reference.constraint().columns().get(i))) {
        continue;
      }
      changedRow[columns[i]] = toDefault ? changes.defaultValue(writer.target(), columns[i]) : null;
      changed.set(columns[i]);
    }
    changes.update(writer, key, row, changedRow, changed);
    for (int column : columns) {
      if (!Rows.same(writer.target(), column, row[column], changedRow[column])) {
        return true;
      }
    }
    return false;
  }

  private SqlException violation(WriteRun run, int position) {
    Relation.Table referenced = reference.referenced();
    int[] columns = ForeignKey.positions(reference.constraint().referencedColumns());
    PgType[] types = new PgType[columns.length];
    for (int i = 0; i < types.length; i++) {
      types[i] = run.catalog().byOid(referenced.columns().get(columns[i]).typeOid());
    }
    Relation.Table table = reference.table();
    return new SqlException(
            SqlState.FOREIGN_KEY_VIOLATION,
            "update or delete on table \"" + reference.written().name() + "\" violates foreign key constraint \"" + reference.shownName()
                + "\" on table \"" + table.name() + "\"")
        .withDetail(
            "Key " + (Disclosure.ofColumns(referenced, columns, run.context().call())
                ? ConstraintErrors.columnKey(referenced, columns, types, oldKeys.get(position), run.io()) + " " : "") + "is still referenced from table \""
                + table.name() + "\".")
        .aboutConstraint(ConstraintErrors.schemaOf(table, run.catalog()), table.name(), reference.shownName());
  }
}
