package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.dump.format.SchemaEntry;
import io.heliosdb.nano.persistence.dump.format.SchemaEntry.Section;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The part of a schema that some tables need: the tables, what they depend on, and what is about nothing but these.
///
/// @param schema in the order of the whole
record TableSelection(List<Table> tables, List<SchemaEntry> schema) {
  static TableSelection of(List<String> names, DumpSession session) {
    if (names.isEmpty()) {
      return new TableSelection(session.tables(), session.schema());
    }
    Set<Integer> oids = choose(session.schema(), names);
    return new TableSelection(session.tables().stream().filter(table -> oids.contains(table.oid())).toList(), entries(session.schema(), oids));
  }

  /// The oids of the named tables, and of the partitions of those that are partitioned.
  ///
  /// @throws SqlException 42P01
  static Set<Integer> choose(List<SchemaEntry> schema, List<String> names) {
    Set<Integer> oids = new HashSet<>();
    for (String name : names) {
      boolean found = false;
      for (SchemaEntry entry : schema) {
        if (entry.isTable() && (entry.name().equals(name) || (entry.schema() + "." + entry.name()).equals(name))) {
          oids.add(entry.table());
          found = true;
        }
      }
      if (!found) {
        throw new SqlException(SqlState.UNDEFINED_TABLE, "relation \"" + name + "\" does not exist");
      }
    }
    return withPartitions(schema, oids);
  }

  private static Set<Integer> withPartitions(List<SchemaEntry> schema, Set<Integer> chosen) {
    Map<Integer, SchemaEntry> byId = new HashMap<>();
    schema.forEach(entry -> byId.put(entry.id(), entry));
    boolean grew = true;
    while (grew) {
      grew = false;
      for (SchemaEntry entry : schema) {
        if (entry.isTable() && entry.sql().contains(" PARTITION OF ") && !chosen.contains(entry.table())
            && entry.dependencies().stream().map(byId::get).anyMatch(d -> d != null && d.isTable() && chosen.contains(d.table()))) {
          grew = chosen.add(entry.table());
        }
      }
    }
    return chosen;
  }

  /// The entries about the tables, and what these need.
  static List<SchemaEntry> entries(List<SchemaEntry> schema, Set<Integer> tables) {
    Map<Integer, SchemaEntry> byId = new HashMap<>();
    schema.forEach(entry -> byId.put(entry.id(), entry));
    Set<Integer> kept = new HashSet<>();
    Deque<SchemaEntry> open = new ArrayDeque<>();
    for (SchemaEntry entry : schema) {
      // A foreign key to a table that is left out is left out; a table that inherits from one is not.
      boolean complete = entry.dependencies().stream().map(byId::get).allMatch(d -> d == null || !d.isTable() || tables.contains(d.table()));
      if (tables.contains(entry.table()) && (complete || entry.section() == Section.BEFORE_ROWS)) {
        open.add(entry);
      }
    }
    while (!open.isEmpty()) {
      SchemaEntry entry = open.poll();
      if (kept.add(entry.id())) {
        entry.dependencies().stream().map(byId::get).filter(d -> d != null && d.section() == Section.BEFORE_ROWS).forEach(open::add);
      }
    }
    return schema.stream().filter(entry -> kept.contains(entry.id())).toList();
  }
}
