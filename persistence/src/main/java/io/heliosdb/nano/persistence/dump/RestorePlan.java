package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.persistence.dump.format.DumpFile;
import io.heliosdb.nano.persistence.dump.format.DumpFile.Segment;
import io.heliosdb.nano.persistence.dump.format.DumpFile.TablePart;
import io.heliosdb.nano.persistence.dump.format.SchemaEntry;
import io.heliosdb.nano.persistence.dump.format.SchemaEntry.Section;
import io.heliosdb.nano.persistence.dump.format.TableEntry;
import io.heliosdb.nano.persistence.dump.format.TableEntry.Content;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a file restores to: the schema of its last segment, and for every table of it the rows of its last full part with all changes since.
record RestorePlan(List<SchemaEntry> schema, List<TableRows> tables, int segments) {
  /// @param parts the first has all rows, the others changes, in order
  record TableRows(TableEntry table, List<TablePart> parts, long rawBytes) {
    String qualifiedName() {
      return table.schema() + "." + table.name();
    }
  }

  /// @param names tables to restore, empty for all
  static RestorePlan of(DumpFile file, List<String> names) {
    Segment last = file.last();
    SchemaCheck.check(file, last);
    List<SchemaEntry> schema = last.schema();
    Map<Integer, List<TablePart>> parts = new LinkedHashMap<>();
    Map<Integer, TableEntry> tables = new LinkedHashMap<>();
    Map<Integer, Long> bytes = new LinkedHashMap<>();
    for (Segment segment : file.segments()) {
      for (int i = 0; i < segment.tables().size(); i++) {
        TablePart part = segment.tables().get(i);
        int oid = part.table().oid();
        if (part.table().content() == Content.ALL) {
          parts.put(oid, new ArrayList<>());
        }
        List<TablePart> chain = parts.get(oid);
        TableEntry before = tables.get(oid);
        if (chain == null || part.table().content() != Content.ALL && (before == null || !part.table().continues(before))) {
          throw file.damagedAt(part.from(), "changes of table " + part.table().schema() + "." + part.table().name() + " without the rows they are changes of");
        }
        chain.add(part);
        tables.put(oid, part.table());
        bytes.merge(oid, segment.end().tables().get(i).rawBytes(), Long::sum);
      }
    }
    Set<Integer> chosen = names.isEmpty() ? null : TableSelection.choose(schema, names);
    List<TableRows> rows = new ArrayList<>();
    List<Integer> seen = new ArrayList<>();
    for (TablePart part : last.tables()) {
      int oid = part.table().oid();
      if ((chosen == null || chosen.contains(oid)) && !seen.contains(oid)) {
        seen.add(oid);
        rows.add(new TableRows(tables.get(oid), parts.get(oid), bytes.get(oid)));
      }
    }
    return new RestorePlan(chosen == null ? schema : TableSelection.entries(schema, chosen), rows, file.segments().size());
  }

  List<SchemaEntry> entries(Section section) {
    return schema.stream().filter(entry -> entry.section() == section).toList();
  }
}
