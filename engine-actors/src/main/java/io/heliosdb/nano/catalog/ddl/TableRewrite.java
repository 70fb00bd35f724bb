package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Relation.Index;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.Relations;
import io.heliosdb.nano.catalog.TableBuilder;
import java.util.Map;

/// Moves a table to a new storage id because its rows or their keys change form. The old rows stay for older snapshots.
final class TableRewrite {
  private final Ddl ddl;

  TableRewrite(Ddl ddl) {
    this.ddl = ddl;
  }

  /// Rows get other keys: a primary key was added or dropped.
  void toNewKey(Table before, TableBuilder after) {
    rewrite(before, after, Map.of());
  }

  /// Puts the table under a new storage id, its indexes too, and fills both. `values` as in [DataWork#rewriteTable].
  void rewrite(Table before, TableBuilder after, Map<Integer, String> values) {
    Table fresh = moveStorage(before, after);
    ddl.data().rewriteTable(before, fresh, values);
  }

  /// Gives the table and its indexes new, empty storage: what TRUNCATE does, and the first half of a rewrite.
  Table moveStorage(Table before, TableBuilder after) {
    after.storageId = ddl.context.nextStorageId();
    after.layoutId = 1;
    after.columns.replaceAll(column -> {
      var copy = column.toBuilder();
      copy.missingValue = null;
      copy.sinceLayoutId = 0;
      return copy.build();
    });
    ddl.put(after.build());
    for (int indexOid : after.indexOids) {
      Index index = (Index) ddl.catalog().relation(indexOid);
      if (index.indexStorageId() != 0) {
        ddl.data().release(index.indexStorageId(), true);
      }
      boolean isRowKey = index.primary() && index.immediate() && !after.primaryKey.isEmpty();
      ddl.put(Relations.withStorage(index, isRowKey ? 0 : ddl.context.nextStorageId()));
    }
    ddl.data().release(before.storageId(), false);
    return ddl.table(before.oid());
  }
}
