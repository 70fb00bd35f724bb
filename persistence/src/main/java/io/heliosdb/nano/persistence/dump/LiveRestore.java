package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.dump.format.SchemaEntry;
import io.heliosdb.nano.persistence.dump.format.SchemaEntry.Section;
import io.heliosdb.nano.persistence.dump.format.TableEntry;
import io.heliosdb.nano.session.DatabaseEngine;
import io.heliosdb.nano.session.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A restore into a database in use, as one transaction.
///
/// Tables that are made anew are filled directly. Rows for a table that stays are loaded into a staging table first and then inserted by one
/// statement, so constraints, triggers and row security's owner rules hold as for any INSERT.
final class LiveRestore {
  private static final String STAGING = "heliosdb_restore";
  private static final Pattern SET_VALUE = Pattern.compile("setval\\(.*, (-?\\d+), (true|false)\\)$");

  private final DatabaseEngine engine;
  private final Restorer restorer;
  private final RestorePlan plan;
  private final RestoreOptions options;
  private final List<String> skipped = new ArrayList<>();

  /// Oids (in the dump) of tables that stay as they are and get rows.
  private final Set<Integer> kept = new HashSet<>();
  private long rows;

  LiveRestore(DatabaseEngine engine, Restorer restorer) {
    this.engine = engine;
    this.restorer = restorer;
    plan = restorer.plan();
    options = restorer.options();
  }

  RestoreReport run() {
    try (Session session = engine.openEmbeddedSession("main")) {
      DumpSession.prepare(session);
      Restorer.run(session, "SET check_function_bodies = off");
      Restorer.run(session, "BEGIN");
      restorer.phase("schema");
      if (options.mode() == RestoreMode.CLEAN) {
        dropTables(session);
      } else {
        findKept(session);
      }
      for (SchemaEntry entry : plan.entries(Section.BEFORE_ROWS)) {
        if (!kept.contains(entry.table())) {
          runTolerant(session, entry);
        }
      }
      for (RestorePlan.TableRows table : inForeignKeyOrder()) {
        rows += kept.contains(table.table().oid()) ? insert(session, table) : load(session, table);
        restorer.tableDone();
      }
      restorer.phase("indexes");
      for (SchemaEntry entry : plan.entries(Section.AFTER_ROWS)) {
        if (!kept.contains(entry.table())) {
          runTolerant(session, entry);
        } else if (entry.kind().equals("SEQUENCE VALUE")) {
          advance(session, entry);
        }
      }
      Restorer.run(session, "COMMIT");
      return restorer.report(rows, skipped);
    }
  }

  private void dropTables(Session session) {
    for (SchemaEntry entry : plan.schema()) {
      if (entry.isTable()) {
        Restorer.run(session, "DROP TABLE IF EXISTS " + name(entry) + " CASCADE");
      }
    }
  }

  private static String name(SchemaEntry entry) {
    return Sql.quote(entry.schema()) + "." + Sql.quote(entry.name());
  }

  private void findKept(Session session) {
    CatalogSnapshot catalog = session.work(work -> work.catalog());
    for (SchemaEntry entry : plan.schema()) {
      if (entry.isTable() && table(catalog, entry.schema(), entry.name()) != null) {
        kept.add(entry.table());
      }
    }
  }

  private static @org.jspecify.annotations.Nullable Table table(CatalogSnapshot catalog, String schema, String name) {
    Catalog.Namespace namespace = catalog.namespace(schema);
    Relation relation = namespace == null ? null : catalog.relation(namespace.oid(), name);
    return relation instanceof Table table ? table : null;
  }

  /// Runs an entry; one whose object is there already leaves it as it is.
  private void runTolerant(Session session, SchemaEntry entry) {
    Restorer.run(session, "SAVEPOINT entry");
    try {
      Restorer.runEntry(session, entry);
    } catch (SqlException e) {
      if (!Restorer.EXISTS.contains(e.state())) {
        throw e;
      }
      Restorer.run(session, "ROLLBACK TO SAVEPOINT entry");
      skipped.add(Restorer.describe(entry));
    }
    Restorer.run(session, "RELEASE SAVEPOINT entry");
  }

  private long load(Session session, RestorePlan.TableRows table) {
    restorer.load(session, engine, table, table.table().schema(), table.table().name());
    return count(session, Restorer.qualified(table));
  }

  private static long count(Session session, String name) {
    return session.work(work -> Long.valueOf(work.text("SELECT count(*) FROM ONLY " + name)));
  }

  /// Referenced tables before those that refer to them, as far as there are no circles.
  private List<RestorePlan.TableRows> inForeignKeyOrder() {
    Map<Integer, Integer> tableOfEntry = new HashMap<>();
    plan.schema().stream().filter(SchemaEntry::isTable).forEach(entry -> tableOfEntry.put(entry.id(), entry.table()));
    Map<Integer, Set<Integer>> needs = new HashMap<>();
    for (SchemaEntry entry : plan.schema()) {
      if (entry.kind().equals("FK CONSTRAINT")) {
        for (int id : entry.dependencies()) {
          Integer referenced = tableOfEntry.get(id);
          if (referenced != null && referenced != entry.table()) {
            needs.computeIfAbsent(entry.table(), oid -> new HashSet<>()).add(referenced);
          }
        }
      }
    }
    Map<Integer, RestorePlan.TableRows> open = new LinkedHashMap<>();
    plan.tables().forEach(table -> open.put(table.table().oid(), table));
    List<RestorePlan.TableRows> order = new ArrayList<>();
    while (!open.isEmpty()) {
      int next = open.keySet().stream().filter(oid -> needs.getOrDefault(oid, Set.of()).stream().noneMatch(open::containsKey)).findFirst().orElse(open.keySet().iterator().next());
      order.add(open.remove(next));
    }
    return order;
  }

  // ---- rows for tables that stay ----

  private long insert(Session session, RestorePlan.TableRows rows) {
    TableEntry dumped = rows.table();
    String target = Restorer.qualified(rows);
    String stage = STAGING + ".rows_" + Integer.toUnsignedString(dumped.oid());
    Restorer.run(session, "CREATE SCHEMA IF NOT EXISTS " + STAGING);
    Restorer.run(session, "CREATE TABLE " + stage + " (LIKE " + target + ")");
    if (!dumped.key().isEmpty()) {
      Restorer.run(session, "ALTER TABLE " + stage + " ADD PRIMARY KEY (" + String.join(", ", dumped.key().stream().map(i -> Sql.quote(dumped.columns().get(i).name())).toList()) + ")");
    }
    restorer.load(session, engine, rows, STAGING, "rows_" + Integer.toUnsignedString(dumped.oid()));
    List<String> columns = dumped.columns().stream().filter(c -> !c.generated()).map(c -> Sql.quote(c.name())).toList();
    String list = String.join(", ", columns);
    String sql = "INSERT INTO " + target + " (" + list + ") OVERRIDING SYSTEM VALUE SELECT " + list + " FROM " + stage + onConflict(session, dumped, columns);
    long[] count = new long[1];
    session.simpleQuery(sql, new TagSink(tag -> count[0] = Long.parseLong(tag.substring(tag.lastIndexOf(' ') + 1))));
    Restorer.run(session, "DROP SCHEMA " + STAGING + " CASCADE");
    return count[0];
  }

  private String onConflict(Session session, TableEntry dumped, List<String> columns) {
    if (options.onConflict() == OnConflict.ERROR) {
      return "";
    }
    if (options.onConflict() == OnConflict.SKIP) {
      return " ON CONFLICT DO NOTHING";
    }
    List<String> key = conflictKey(session.work(work -> work.catalog()), dumped);
    if (key.isEmpty()) {
      return "";
    }
    List<String> changes = columns.stream().filter(column -> !key.contains(column)).map(column -> column + " = EXCLUDED." + column).toList();
    return " ON CONFLICT (" + String.join(", ", key) + ") DO " + (changes.isEmpty() ? "NOTHING" : "UPDATE SET " + String.join(", ", changes));
  }

  /// The columns of the primary key, or else of the first unique index over plain columns.
  private static List<String> conflictKey(CatalogSnapshot catalog, TableEntry dumped) {
    Table table = table(catalog, dumped.schema(), dumped.name());
    if (table == null) {
      throw new SqlException(SqlState.UNDEFINED_TABLE, "relation \"" + dumped.name() + "\" does not exist");
    }
    List<Integer> key = table.primaryKey();
    if (key.isEmpty()) {
      for (Relation.Index index : catalog.indexesOf(table.oid())) {
        boolean plain = index.unique() && index.predicate() == null && index.keys().stream().limit(index.keyCount()).allMatch(k -> k.attnum() != 0);
        if (plain) {
          key = index.keys().stream().limit(index.keyCount()).map(Relation.Index.Key::attnum).toList();
          break;
        }
      }
    }
    return key.stream().map(attnum -> Sql.quote(table.column(attnum.intValue()).name())).toList();
  }

  /// A sequence of a table that stays never goes back.
  private static void advance(Session session, SchemaEntry entry) {
    Matcher value = SET_VALUE.matcher(entry.sql());
    if (value.find()) {
      Restorer.run(session, entry.sql() + " WHERE (SELECT last_value FROM " + name(entry) + ") < " + value.group(1));
    }
  }
}
