package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.ReferencedPartitions;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Constraint;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The foreign keys that refer to a table or to a partitioned table above it, by constraint oid. Immutable.
final class ReferencingTables {
  /// One foreign key seen from the referenced side.
  ///
  /// @param table the referencing table as the constraint names it (perhaps partitioned)
  /// @param referenced the table that the constraint names
  /// @param columns 0-based columns of the referenced key in the table written
  /// @param written the table written: the one that the constraint names, or a partition of it
  /// @param shownName the constraint's name in messages about the table written
  record Reference(Relation.Table table, Constraint constraint, Relation.Table referenced, int[] columns, Relation.Table written, String shownName) {
    /// The same for a row that goes on in another partition, which is a matter of the whole table.
    Reference ofWhole() {
      return new Reference(table, constraint, referenced, columns, referenced, constraint.name());
    }

    boolean isKeyChanged(WriteTarget target, @Nullable Object[] old, @Nullable Object[] row) {
      for (int column : columns) {
        if (!Rows.same(target, column, old[column], row[column])) {
          return true;
        }
      }
      return false;
    }
  }

  private final List<Reference> references;
  private final BitSet columns = new BitSet();

  private ReferencingTables(List<Reference> references) {
    this.references = references;
    for (Reference reference : references) {
      for (int column : reference.columns()) {
        columns.set(column);
      }
    }
  }

  static @Nullable ReferencingTables of(WriteTarget target, Catalog catalog) {
    List<Reference> found = null;
    Relation.Table named = target.table();
    while (true) {
      for (Catalog.ForeignKeyReference reference : catalog.referencesTo(named.oid())) {
        Constraint constraint = reference.constraint();
        if (constraint.parentConstraint() != 0 || named.constraintTriggersOff()) {
          // The partitioned table's own constraint stands for those of its partitions.
          continue;
        }
        found = found == null ? new ArrayList<>() : found;
        int[] columns = Partitions.translate(named, ForeignKey.positions(constraint.referencedColumns()), target.table());
        found.add(new Reference(reference.table(), constraint, named, columns, target.table(),
            ReferencedPartitions.constraintName(catalog, reference.table(), constraint, target.table())));
      }
      if (!named.isPartition() || !(catalog.relation(named.partitionOf()) instanceof Relation.Table parent)) {
        break;
      }
      named = parent;
    }
    if (found == null) {
      return null;
    }
    found.sort(Comparator.comparingInt(reference -> reference.constraint().oid()));
    return new ReferencingTables(found);
  }

  List<Reference> references() {
    return references;
  }

  boolean isAffectedBy(@Nullable BitSet changed) {
    return changed == null || columns.intersects(changed);
  }
}
