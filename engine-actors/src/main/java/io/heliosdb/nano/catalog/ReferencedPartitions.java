package io.heliosdb.nano.catalog;

import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.Table;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Foreign keys that refer to partitioned tables, as messages name them: PostgreSQL keeps a constraint of its own for each referenced
/// partition, called `table_columns_fkey` with the next free number. Here the one constraint stands for all.
/// Source: PostgreSQL 15, `tablecmds.c`, `addFkRecurseReferenced`.
public final class ReferencedPartitions {
  private ReferencedPartitions() {}

  /// The name of the constraint for a partition (of any level) of the referenced table.
  public static String constraintName(Catalog catalog, Table referencing, Constraint constraint, Table partition) {
    if (!(catalog.relation(constraint.referencedTable()) instanceof Table root) || root.oid() == partition.oid()) {
      return constraint.name();
    }
    List<Integer> partitions = new ArrayList<>();
    collect(catalog, root, partitions);
    int wanted = partitions.indexOf(partition.oid());
    Set<String> used = new HashSet<>();
    referencing.constraints().forEach(other -> used.add(other.name()));
    StringBuilder base = new StringBuilder(referencing.name());
    constraint.columns().forEach(attnum -> base.append('_').append(referencing.column(attnum).name()));
    base.append("_fkey");
    for (int number = 0; ; number++) {
      String name = number == 0 ? base.toString() : base.toString() + number;
      if (!used.contains(name) && wanted-- <= 0) {
        return name;
      }
    }
  }

  private static void collect(Catalog catalog, Table table, List<Integer> into) {
    for (Table child : catalog.childrenOf(table.oid())) {
      into.add(child.oid());
      collect(catalog, child, into);
    }
  }
}
