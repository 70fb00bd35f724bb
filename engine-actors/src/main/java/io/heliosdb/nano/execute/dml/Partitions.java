package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The tree of partitions of a table, and how rows of one table of it look in another: columns go by name. Stateless.
final class Partitions {
  private Partitions() {}

  /// The tables that hold the rows: the table itself, or the leaf partitions under it.
  static List<Relation.Table> leaves(Relation.Table table, Catalog catalog) {
    if (!table.isPartitioned()) {
      return List.of(table);
    }
    List<Relation.Table> result = new ArrayList<>();
    for (Relation.Table child : catalog.childrenOf(table.oid())) {
      result.addAll(leaves(child, catalog));
    }
    return result;
  }

  /// The partitioned table at the top, or the table itself.
  static Relation.Table root(Relation.Table table, Catalog catalog) {
    Relation.Table top = table;
    while (top.isPartition() && catalog.relation(top.partitionOf()) instanceof Relation.Table parent) {
      top = parent;
    }
    return top;
  }

  /// Where each column of `from` stands in `to` (0-based), -1 for dropped ones and those that `to` does not have; null when every column
  /// stands where it stood.
  static int @Nullable [] columnMap(Relation.Table from, Relation.Table to) {
    if (from == to) {
      return null;
    }
    int[] map = new int[from.columns().size()];
    boolean same = map.length == to.columns().size();
    for (int i = 0; i < map.length; i++) {
      Relation.Column column = from.columns().get(i);
      Relation.Column other = column.dropped() ? null : to.column(column.name());
      map[i] = other == null ? -1 : other.attnum() - 1;
      same &= map[i] == i || column.dropped() && to.columns().size() > i && to.columns().get(i).dropped();
    }
    return same ? null : map;
  }

  /// The row of `from` as a row of `to` that has `width` columns.
  static @Nullable Object[] convert(@Nullable Object[] row, int @Nullable [] map, int width) {
    if (map == null) {
      return row;
    }
    Object[] result = new Object[width];
    for (int i = 0; i < map.length; i++) {
      if (map[i] >= 0) {
        result[map[i]] = row[i];
      }
    }
    return result;
  }

  /// Columns of `from` as columns of `to`.
  static int[] translate(Relation.Table from, int[] columns, Relation.Table to) {
    int[] map = columnMap(from, to);
    if (map == null) {
      return columns;
    }
    int[] result = new int[columns.length];
    for (int i = 0; i < columns.length; i++) {
      result[i] = map[columns[i]];
    }
    return result;
  }
}
