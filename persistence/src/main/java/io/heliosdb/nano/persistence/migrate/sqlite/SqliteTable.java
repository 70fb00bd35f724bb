package io.heliosdb.nano.persistence.migrate.sqlite;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A table as SQLite defines it.
///
/// @param primaryKey positions in `columns`, in key order; empty for none
/// @param rowidColumn position of the INTEGER PRIMARY KEY column that stands for the rowid, -1 for none
record SqliteTable(
    String name, List<Column> columns, List<Integer> primaryKey, int rowidColumn, boolean withoutRowid, TableText text,
        List<Index> indexes, List<ForeignKey> foreignKeys) {
  enum Generated {
    NO,
    VIRTUAL,
    STORED
  }

  /// @param declared type as declared, empty for none
  /// @param defaultText SQL text of the default
  record Column(String name, String declared, boolean notNull, @Nullable String defaultText, Generated generated) {}

  /// @param origin `c` CREATE INDEX, `u` UNIQUE constraint, `pk` primary key
  /// @param sql text of CREATE INDEX, null for constraints
  record Index(String name, boolean unique, String origin, boolean partial, @Nullable String sql, List<Part> parts) {
    /// @param column null for an expression
    record Part(@Nullable String column, boolean descending, String collation) {}
  }

  /// @param targetColumns empty for the target's primary key
  record ForeignKey(String target, List<String> columns, List<String> targetColumns, String onUpdate, String onDelete, boolean deferred) {}

  Column column(int i) {
    return columns.get(i);
  }

  String quotedName() {
    return quote(name);
  }

  /// A name as SQLite quotes it.
  static String quote(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }
}
