package io.heliosdb.nano.persistence.dump.format;

import java.util.ArrayList;
import java.util.List;

/// A piece of the schema: the SQL that makes it and what it needs.
///
/// @param id number within the segment; entries stand in the order in which they can be run
/// @param section before or after the rows are in
/// @param kind `TABLE`, `INDEX`, `FUNCTION`…
/// @param schema empty for objects outside schemas
/// @param name for people and for the choice of tables
/// @param table oid of the table it belongs to, 0 for none
/// @param dependencies ids of entries that must be there before
/// @param sql one statement without a semicolon
public record SchemaEntry(
    int id, Section section, String kind, String schema, String name, int table, List<Integer> dependencies, String sql) {
  /// When an entry is run.
  public enum Section {
    BEFORE_ROWS,
    AFTER_ROWS
  }

  public SchemaEntry {
    dependencies = List.copyOf(dependencies);
  }

  public boolean isTable() {
    return kind.equals("TABLE");
  }

  public void write(PayloadWriter out) {
    out.u32(id).u8(section.ordinal()).text(kind).text(schema).text(name).u32(table);
    out.u32(dependencies.size());
    dependencies.forEach(out::u32);
    out.text(sql);
  }

  static SchemaEntry read(PayloadReader in) throws MalformedDumpException {
    int id = in.u32();
    int section = in.u8();
    if (section >= Section.values().length) {
      throw new MalformedDumpException("a schema entry of section " + section);
    }
    String kind = in.text();
    String schema = in.text();
    String name = in.text();
    int table = in.u32();
    int count = in.count(4);
    List<Integer> dependencies = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      dependencies.add(in.u32());
    }
    return new SchemaEntry(id, Section.values()[section], kind, schema, name, table, dependencies, in.text());
  }
}
