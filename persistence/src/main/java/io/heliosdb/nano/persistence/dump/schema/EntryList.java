package io.heliosdb.nano.persistence.dump.schema;

import io.heliosdb.nano.catalog.Catalog.ObjectAddress;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.persistence.dump.format.SchemaEntry;
import io.heliosdb.nano.persistence.dump.format.SchemaEntry.Section;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Gathers schema entries and puts them in order.
///
/// Entries before the rows are sorted topologically by the catalog's dependencies, objects of one kind staying together and in oid order where
/// nothing else says otherwise; what breaks a cycle is the entry that comes first by kind. Entries after the rows keep three steps: `after`
/// (indexes and keys), `late` (what may need them: foreign keys, triggers), `last` (contents of materialized views).
final class EntryList {
  private static final List<String> KINDS =
      List.of("ROLE", "ROLE ATTRIBUTES", "SCHEMA", "EXTENSION", "COLLATION", "TYPE", "DOMAIN", "FUNCTION", "PROCEDURE", "AGGREGATE", "OPERATOR", "CAST", "SEQUENCE",
          "TABLE", "ALTER TABLE", "VIEW", "MATERIALIZED VIEW", "OWNER");

  private static final class Draft {
    final int number;
    final Section section;
    final int step;
    final String kind;
    final String schema;
    final String name;
    final int table;
    final String sql;
    final List<ObjectAddress> needs = new ArrayList<>();
    final Set<Draft> dependencies = new LinkedHashSet<>();
    int id;

    Draft(int number, Section section, int step, String kind, String schema, String name, int table, String sql) {
      this.number = number;
      this.section = section;
      this.step = step;
      this.kind = kind;
      this.schema = schema;
      this.name = name;
      this.table = table;
      this.sql = sql;
    }
  }

  private final List<Draft> drafts = new ArrayList<>();
  private final Map<ObjectAddress, Draft> makers = new HashMap<>();
  private final Map<ObjectAddress, ObjectAddress> aliases = new HashMap<>();

  private Draft add(Section section, int step, String kind, String schema, String name, int table, String sql) {
    Draft draft = new Draft(drafts.size(), section, step, kind, schema, name, table, sql);
    drafts.add(draft);
    return draft;
  }

  /// An entry that makes an object.
  void before(ObjectAddress address, String kind, String schema, String name, int table, String sql) {
    makers.put(address, add(Section.BEFORE_ROWS, 0, kind, schema, name, table, sql));
  }

  /// An entry about an object made by another.
  void beforeWith(ObjectAddress address, String kind, String schema, String name, int table, String sql) {
    add(Section.BEFORE_ROWS, 0, kind, schema, name, table, sql).needs.add(address);
  }

  /// The entry added last needs this too.
  void dependsOn(ObjectAddress address) {
    drafts.getLast().needs.add(address);
  }

  /// A part of an object: who needs the part needs the object.
  void alias(ObjectAddress part, ObjectAddress whole) {
    aliases.put(part, whole);
  }

  void after(String kind, String schema, String name, int table, List<ObjectAddress> needs, String sql) {
    add(Section.AFTER_ROWS, 0, kind, schema, name, table, sql).needs.addAll(needs);
  }

  void late(String kind, String schema, String name, int table, List<ObjectAddress> needs, String sql) {
    add(Section.AFTER_ROWS, 1, kind, schema, name, table, sql).needs.addAll(needs);
  }

  void last(String kind, String schema, String name, int table, ObjectAddress needs, String sql) {
    add(Section.AFTER_ROWS, 2, kind, schema, name, table, sql).needs.add(needs);
  }

  private @Nullable Draft maker(ObjectAddress address) {
    ObjectAddress whole = ObjectAddress.of(address.classOid(), address.objectOid());
    for (int i = 0; i < 4; i++) {
      Draft draft = makers.get(whole);
      if (draft != null) {
        return draft;
      }
      ObjectAddress next = aliases.get(whole);
      if (next == null) {
        return null;
      }
      whole = next;
    }
    return null;
  }

  List<SchemaEntry> ordered(CatalogSnapshot catalog) {
    catalog.forEachDependency((dependent, target, kind) -> {
      Draft from = maker(dependent);
      Draft to = maker(target);
      // A sequence that belongs to a column is made before the table, whose default calls it.
      boolean ownedSequence = from != null && from.kind.equals("SEQUENCE") && kind != 'n';
      if (from != null && to != null && from != to && !ownedSequence) {
        from.dependencies.add(to);
      }
    });
    for (Draft draft : drafts) {
      for (ObjectAddress needed : draft.needs) {
        Draft maker = maker(needed);
        if (maker != null && maker != draft) {
          draft.dependencies.add(maker);
        }
      }
    }
    List<Draft> order = sorted(drafts.stream().filter(d -> d.section == Section.BEFORE_ROWS).toList());
    List<Draft> after = new ArrayList<>(drafts.stream().filter(d -> d.section == Section.AFTER_ROWS).toList());
    after.sort(Comparator.comparingInt((Draft d) -> d.step).thenComparingInt(d -> d.number));
    order.addAll(after);
    for (int i = 0; i < order.size(); i++) {
      order.get(i).id = i + 1;
    }
    return order.stream().map(EntryList::entry).toList();
  }

  private static SchemaEntry entry(Draft d) {
    TreeSet<Integer> dependencies = new TreeSet<>();
    d.dependencies.forEach(other -> dependencies.add(other.id));
    return new SchemaEntry(d.id, d.section, d.kind, d.schema, d.name, d.table, List.copyOf(dependencies), d.sql);
  }

  private static List<Draft> sorted(List<Draft> entries) {
    Comparator<Draft> byKind = Comparator.comparingInt((Draft d) -> KINDS.indexOf(d.kind)).thenComparingInt(d -> d.number);
    Map<Draft, Integer> missing = new HashMap<>();
    Map<Draft, List<Draft>> dependents = new HashMap<>();
    PriorityQueue<Draft> ready = new PriorityQueue<>(byKind);
    TreeSet<Draft> waiting = new TreeSet<>(byKind);
    for (Draft draft : entries) {
      missing.put(draft, draft.dependencies.size());
      draft.dependencies.forEach(d -> dependents.computeIfAbsent(d, key -> new ArrayList<>()).add(draft));
      (draft.dependencies.isEmpty() ? ready : waiting).add(draft);
    }
    List<Draft> result = new ArrayList<>(entries.size());
    while (result.size() < entries.size()) {
      Draft next = ready.isEmpty() ? waiting.pollFirst() : ready.poll();
      waiting.remove(next);
      result.add(next);
      for (Draft dependent : dependents.getOrDefault(next, List.of())) {
        if (missing.merge(dependent, -1, Integer::sum) == 0 && waiting.remove(dependent)) {
          ready.add(dependent);
        }
      }
    }
    return result;
  }
}
