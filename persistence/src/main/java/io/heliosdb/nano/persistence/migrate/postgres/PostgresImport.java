package io.heliosdb.nano.persistence.migrate.postgres;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.function.SqlQuoting;
import io.heliosdb.nano.persistence.dump.DumpProgress;
import io.heliosdb.nano.persistence.migrate.Definitions;
import io.heliosdb.nano.persistence.migrate.Definitions.Definition;
import io.heliosdb.nano.persistence.migrate.ImportReport;
import io.heliosdb.nano.persistence.migrate.ImportReport.Note;
import io.heliosdb.nano.persistence.migrate.ImportTarget;
import io.heliosdb.nano.persistence.migrate.postgres.PostgresObjects.Sequence;
import io.heliosdb.nano.persistence.migrate.postgres.PostgresTable.Column;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Imports a database of a running PostgreSQL 12 or later (or of another server of this product): schemas, types, functions, tables with
/// all
/// that belongs to them, rows, sequences, views, triggers, row security, comments.
///
/// The source is read in one REPEATABLE READ transaction; everything goes into the target by one transaction. Tables must arrive with all
/// their
/// rows or the import fails; other objects that fail are noted. Roles and privileges stay behind. Confined to one thread.
public final class PostgresImport {
  private final PostgresSource source;
  private final PostgresObjects objects;
  private final ImportTarget target;
  private final PostgresOptions options;
  private final List<Note> notes = new ArrayList<>();
  private final Set<String> unknownTypes = new HashSet<>();
  private final Set<String> unknownCollations = new HashSet<>();
  private final long start = System.nanoTime();
  private long rows;
  private long rowsTotal;

  private PostgresImport(PostgresSource source, ImportTarget target, PostgresOptions options) {
    this.source = source;
    this.target = target;
    this.options = options;
    objects = new PostgresObjects(source);
  }

  /// @param source a connection of pgjdbc's, which is closed at the end
  public static ImportReport into(ImportTarget target, Connection source, PostgresOptions options) {
    try (PostgresSource opened = new PostgresSource(source, options.schemas())) {
      return new PostgresImport(opened, target, options).run();
    }
  }

  private ImportReport run() {
    phase("schema");
    List<PostgresTable> tables = PostgresTable.read(source);
    if (!tables.isEmpty()) {
      source.execute("LOCK TABLE ONLY " + String.join(", ", tables.stream().map(PostgresTable::qualifiedName).toList())
          + " IN ACCESS SHARE MODE");
    }
    rowsTotal = tables.stream().mapToLong(PostgresTable::rowsEstimate).sum();
    List<Sequence> sequences = objects.sequences();
    make(objects.schemas());
    make(objects.extensions());
    make(objects.collations());
    Map<Definition, SqlException> waiting = Definitions.run(both(both(objects.types(), objects.routines()), both(objects.operators(), objects.casts())), target);
    make(sequences.stream().map(Sequence::definition).toList());
    findUnknown(tables);
    Map<PostgresTable, boolean[]> generated = create(tables);
    // Types and functions over rows of tables.
    waiting = Definitions.run(List.copyOf(waiting.keySet()), target);
    for (int i = 0; i < tables.size(); i++) {
      if (!tables.get(i).isPartitioned()) {
        load(tables, i, generated.get(tables.get(i)));
      }
    }
    phase("indexes");
    make(objects.indexes());
    make(objects.constraints());
    setDefaults(tables, generated);
    make(sequences.stream().filter(s -> s.owner() != null).map(s -> new Definition(s.definition().object(), "ALTER SEQUENCE " + s.name()
        + " OWNED BY " + s.owner())).toList());
    make(objects.sequenceValues());
    Definitions.note(Definitions.run(both(List.copyOf(waiting.keySet()), objects.views()), target), notes);
    make(objects.viewIndexes());
    make(objects.triggers());
    make(objects.rules());
    make(objects.rowSecurity());
    make(objects.statistics());
    grant(objects.privileges());
    make(objects.comments());
    objects.leftOut().forEach(object -> notes.add(new Note(object.object(), object.sql(), true)));
    tables.forEach(table -> target.execute("ANALYZE " + table.qualifiedName()));
    target.commit();
    return new ImportReport(tables.size(), rows, Duration.ofNanos(System.nanoTime() - start), notes);
  }

  private void phase(String phase) {
    options.progress().report(new DumpProgress.State(phase, "", 0, 0, rows, 0, rowsTotal));
  }

  /// Roles are not carried over: what they may do is when they are there.
  private void grant(List<PostgresObjects.Privilege> privileges) {
    Map<String, Integer> missing = new TreeMap<>();
    List<Definition> grants = new ArrayList<>();
    for (PostgresObjects.Privilege privilege : privileges) {
      String role = privilege.role();
      if (role == null || target.value("SELECT 1 FROM pg_roles WHERE rolname = " + PostgresSource.literal(role)) != null) {
        grants.add(privilege.definition());
      } else {
        missing.merge(role, 1, Integer::sum);
      }
    }
    make(grants);
    missing.forEach((role, count) -> notes.add(new Note("role " + role, "is not known here: its privileges (" + count + ") are not carried over", true)));
  }

  private static List<Definition> both(List<Definition> first, List<Definition> second) {
    List<Definition> result = new ArrayList<>(first);
    result.addAll(second);
    return result;
  }

  private void make(List<Definition> definitions) {
    Definitions.note(Definitions.run(definitions, target), notes);
  }

  /// Types and collations that columns have and the target has not.
  private void findUnknown(List<PostgresTable> tables) {
    Set<String> seen = new HashSet<>();
    for (PostgresTable table : tables) {
      for (Column column : table.columns()) {
        if (seen.add("type " + column.typeName()) && target.attempt("SELECT NULL::" + column.typeName()) != null) {
          unknownTypes.add(column.typeName());
        }
        if (column.collation() != null && seen.add("collation " + column.collation())
            && target.attempt("SELECT 'a' COLLATE " + column.collation()) != null) {
          unknownCollations.add(column.collation());
          notes.add(new Note("collation " + column.collation(), "is not known here: its columns compare bytewise", true));
        }
        if (unknownTypes.contains(column.typeName())) {
          notes.add(new Note("column " + table.schema() + "." + table.name() + "." + column.name(), "type " + column.type()
              + " is not known here: becomes text", true));
        }
      }
    }
  }

  /// Makes the tables; gives the columns of each that are generated here too.
  private Map<PostgresTable, boolean[]> create(List<PostgresTable> tables) {
    Map<Definition, PostgresTable> byDefinition = new HashMap<>();
    Map<PostgresTable, boolean[]> generated = new HashMap<>();
    List<Definition> definitions = new ArrayList<>();
    for (PostgresTable table : tables) {
      Definition definition = new Definition("table " + table.qualifiedName(), table.createSql(true, unknownTypes, unknownCollations));
      definitions.add(definition);
      byDefinition.put(definition, table);
      boolean[] flags = new boolean[table.columns().size()];
      for (int i = 0; i < flags.length; i++) {
        flags[i] = table.columns().get(i).generated();
      }
      generated.put(table, flags);
    }
    Map<Definition, SqlException> failed = Definitions.run(definitions, target);
    List<Definition> plain = new ArrayList<>();
    failed.forEach((definition, error) -> {
      PostgresTable table = byDefinition.get(definition);
      String sql = table.createSql(false, unknownTypes, unknownCollations);
      if (sql.equals(definition.sql())) {
        plain.add(definition);
      } else {
        notes.add(new Note(definition.object(), "without generated columns and inheritance, with all its values: " + error.getMessage(),
            true));
        plain.add(new Definition(definition.object(), sql));
        generated.put(table, new boolean[table.columns().size()]);
      }
    });
    Definitions.run(plain, target).forEach((definition, error) -> {
      throw error.withContext("import of " + definition.object() + ": " + definition.sql());
    });
    return generated;
  }

  private void load(List<PostgresTable> tables, int i, boolean[] generated) {
    PostgresTable table = tables.get(i);
    try (CopyRows batches = new CopyRows(source.copyOut(table.copySql()), table.columns().size())) {
      long loaded =
          target.load(
              new ImportTarget.Load(table.schema(), table.name(), table.columns().stream().map(Column::name).toList(), generated, batches,
                  count -> {
                rows += count;
                options.progress().report(new DumpProgress.State("rows", table.schema() + "." + table.name(), i, tables.size(), rows, 0,
                    Math.max(rows, rowsTotal)));
              }));
      String kept = target.value("SELECT count(*) FROM ONLY " + table.qualifiedName());
      if (!String.valueOf(loaded).equals(kept)) {
        throw new SqlException(io.heliosdb.nano.error.SqlState.DATA_EXCEPTION, "table " + table.qualifiedName() + " has " + loaded
            + " rows, but " + kept + " arrived")
            .withHint("Two rows have the same primary key here.");
      }
    }
  }

  private void setDefaults(List<PostgresTable> tables, Map<PostgresTable, boolean[]> generated) {
    List<Definition> defaults = new ArrayList<>();
    for (PostgresTable table : tables) {
      for (int i = 0; i < table.columns().size(); i++) {
        Column column = table.columns().get(i);
        if (column.defaultText() != null && !column.generated() && column.identity() == null && !generated.get(table)[i]) {
          defaults.add(
              new Definition(
                  "default of " + table.schema() + "." + table.name() + "." + column.name(),
                  "ALTER TABLE ONLY " + table.qualifiedName() + " ALTER COLUMN " + SqlQuoting.identifier(column.name()) + " SET DEFAULT "
                      + column.defaultText()));
        }
      }
    }
    make(defaults);
  }
}
