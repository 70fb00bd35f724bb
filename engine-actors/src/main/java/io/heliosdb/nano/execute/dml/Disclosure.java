package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.function.CallContext;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// What the error of a broken constraint may tell of a table's rows: nothing when row security applies to the role, otherwise the columns
/// that the role may read. Source: PostgreSQL 15, `ExecBuildSlotValueDescription`, `BuildIndexValueDescription`, `ri_ReportViolation`.
final class Disclosure {
  private static final BitSet NOTHING = new BitSet();

  private Disclosure() {}

  /// The numbers of the columns that may be told, null for all. A partition's rows may be told also where the tables above it may be read.
  static @Nullable BitSet columns(Relation.Table table, CallContext call) {
    Catalog catalog = call.catalog();
    int role = call.session().currentUserOid();
    if (isFiltered(table, catalog, role)) {
      return NOTHING;
    }
    for (Relation.Table each = table; each != null; each = parent(each, catalog)) {
      if (Privileges.hasOnRelation(catalog, role, each, "r")) {
        return each == table || !isFiltered(each, catalog, role) ? null : NOTHING;
      }
    }
    BitSet result = new BitSet();
    for (Relation.Column column : table.columns()) {
      if (!column.dropped() && Privileges.hasOnColumn(catalog, role, table, column, 'r')) {
        result.set(column.attnum());
      }
    }
    return result;
  }

  /// Whether the values of an index's key may be told; an expression only where the whole row may.
  static boolean ofKey(Relation.Table table, Relation.Index index, CallContext call) {
    BitSet columns = columns(table, call);
    return columns == null || index.keys().subList(0, index.keyCount()).stream().allMatch(key -> columns.get(key.attnum()));
  }

  /// @param positions 0-based
  static boolean ofColumns(Relation.Table table, int[] positions, CallContext call) {
    BitSet columns = columns(table, call);
    if (columns != null) {
      for (int position : positions) {
        if (!columns.get(position + 1)) {
          return false;
        }
      }
    }
    return true;
  }

  private static Relation.@Nullable Table parent(Relation.Table table, Catalog catalog) {
    return table.isPartition() && catalog.relation(table.partitionOf()) instanceof Relation.Table parent ? parent : null;
  }

  private static boolean isFiltered(Relation.Table table, Catalog catalog, int role) {
    if (!table.rowSecurity()) {
      return false;
    }
    Catalog.Role definition = catalog.role(role);
    return (definition == null || !definition.superuser() && !definition.bypassRls())
        && (table.forceRowSecurity() || !Privileges.isOwner(catalog, role, table.ownerOid()));
  }
}
