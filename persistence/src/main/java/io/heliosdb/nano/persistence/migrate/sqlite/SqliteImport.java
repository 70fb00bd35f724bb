package io.heliosdb.nano.persistence.migrate.sqlite;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.dump.DumpProgress;
import io.heliosdb.nano.persistence.migrate.ImportReport;
import io.heliosdb.nano.persistence.migrate.ImportReport.Note;
import io.heliosdb.nano.persistence.migrate.ImportTarget;
import io.heliosdb.nano.persistence.migrate.SessionTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Imports a SQLite file: checks it, looks at its values, makes the tables, loads them, and adds keys, indexes, constraints and views.
///
/// ```java
/// ImportReport report = SqliteImport.into(Path.of("data"), SqliteOptions.of(Path.of("app.sqlite")));
/// ```
///
/// The source is read in one read transaction and never written. Everything goes in by one transaction. Confined to one thread.
/// Errors: those of [SqliteSource], 22P02 and others for values that do not fit with `refuseMismatches`.
public final class SqliteImport {
  private final SqliteOptions options;
  private final Names names;
  private final List<Note> notes = new ArrayList<>();
  private final long start = System.nanoTime();
  private long rows;
  private long rowsTotal;

  private SqliteImport(SqliteOptions options) {
    this.options = options;
    names = new Names(options.keepCase());
  }

  /// Imports into a new data directory, which appears when everything is in it.
  public static ImportReport into(Path directory, SqliteOptions options) {
    return SessionTarget.inNewDirectory(directory, target -> into(target, options));
  }

  /// Imports into a database that is there; it must not have tables of these names.
  public static ImportReport into(ImportTarget target, SqliteOptions options) {
    requireDriver();
    try (SqliteSource source = SqliteSource.open(options.file())) {
      return new SqliteImport(options).run(source, target);
    }
  }

  /// The driver is an optional dependency of this module.
  private static void requireDriver() {
    try {
      Class.forName("org.sqlite.SQLiteConfig");
    } catch (ClassNotFoundException e) {
      throw new SqlException(SqlState.FEATURE_NOT_SUPPORTED, "SQLite files cannot be read without their driver",
          e).withHint("Add org.xerial:sqlite-jdbc to the class path.");
    }
  }

  private ImportReport run(SqliteSource source, ImportTarget target) {
    phase("check");
    source.checkIntegrity();
    List<TableSurvey> surveys = new ArrayList<>();
    for (SqliteTable table : source.tables()) {
      TableSurvey survey = TableSurvey.of(source, table, count -> look(table.name(), count));
      surveys.add(survey);
      rowsTotal += survey.rows();
      noteTypes(survey);
      noteNames(survey.table());
    }
    rows = 0;
    Map<String, String> known = known(surveys, source);
    List<TableDefinition> tables = new ArrayList<>();
    for (TableSurvey survey : surveys) {
      tables.add(new TableDefinition(survey, source.autoincrement(survey.table().name()), names,
          new SqlTranslation(names, known, booleans(List.of(survey))), notes));
    }
    phase("schema");
    tables.forEach(table -> table.create(target));
    for (int i = 0; i < tables.size(); i++) {
      load(source, target, tables, i);
    }
    phase("indexes");
    tables.forEach(table -> table.addIndexes(target));
    tables.forEach(table -> table.addDefaultsAndChecks(target));
    tables.forEach(table -> table.addForeignKeys(target));
    tables.forEach(table -> table.setSequence(target));
    new ViewImport(names, new SqlTranslation(names, known, booleans(surveys)), notes).run(source.definitions("view"), target);
    source.definitions("trigger").forEach(trigger -> notes.add(new Note("trigger " + trigger.name(), "on " + trigger.table()
        + " is not carried over: write it in PL/pgSQL", true)));
    source.virtualTables().forEach(name -> notes.add(new Note("table " + name, "belongs to an extension of SQLite and is not carried over",
        true)));
    tables.forEach(table -> target.execute("ANALYZE " + table.qualifiedName()));
    target.commit();
    return new ImportReport(tables.size(), rows, Duration.ofNanos(System.nanoTime() - start), notes);
  }

  private void look(String table, long count) {
    rows += count;
    options.progress().report(new DumpProgress.State("look", table, 0, 0, rows, 0, 0));
  }

  private void phase(String phase) {
    options.progress().report(new DumpProgress.State(phase, "", 0, 0, rows, 0, rowsTotal));
  }

  private void noteNames(SqliteTable table) {
    if (names.changes(table.name())) {
      notes.add(new Note("table " + table.name(), "is called " + names.quoted(table.name()), false));
    }
    for (SqliteTable.Column column : table.columns()) {
      if (names.changes(column.name())) {
        notes.add(new Note("column " + table.name() + "." + column.name(), "is called " + names.quoted(column.name()), false));
      }
    }
  }

  private void noteTypes(TableSurvey survey) {
    for (int i = 0; i < survey.types().size(); i++) {
      ColumnType type = survey.types().get(i);
      if (type.widened() != null) {
        String column = survey.table().name() + "." + survey.table().column(i).name();
        if (options.refuseMismatches()) {
          throw new SqlException(SqlState.DATATYPE_MISMATCH, "column \"" + column + "\": " + type.widened())
              .withHint("Correct the values, or import with wider types (--on-mismatch widen).");
        }
        notes.add(new Note("column " + column, type.widened() + ": becomes " + type.sql(), false));
      }
    }
  }

  /// All names of tables, columns and views by their lower case.
  private static Map<String, String> known(List<TableSurvey> surveys, SqliteSource source) {
    Map<String, String> known = new HashMap<>();
    for (TableSurvey survey : surveys) {
      known.put(survey.table().name().toLowerCase(Locale.ROOT), survey.table().name());
      survey.table().columns().forEach(column -> known.putIfAbsent(column.name().toLowerCase(Locale.ROOT), column.name()));
    }
    source.definitions("view").forEach(view -> known.put(view.name().toLowerCase(Locale.ROOT), view.name()));
    return known;
  }

  /// Columns that are boolean wherever they occur.
  private static Set<String> booleans(List<TableSurvey> surveys) {
    Set<String> result = new HashSet<>();
    Set<String> others = new HashSet<>();
    for (TableSurvey survey : surveys) {
      for (int i = 0; i < survey.types().size(); i++) {
        (survey.types().get(i).sql().equals("boolean") ? result : others).add(survey.table().column(i).name().toLowerCase(Locale.ROOT));
      }
    }
    result.removeAll(others);
    return result;
  }

  private void load(SqliteSource source, ImportTarget target, List<TableDefinition> tables, int i) {
    TableSurvey survey = tables.get(i).survey();
    String name = survey.table().name();
    try (SqliteRows batches = new SqliteRows(source, survey)) {
      long loaded =
          target.load(
              new ImportTarget.Load("public", names.of(name), survey.table().columns().stream().map(column ->
                  names.of(column.name())).toList(), tables.get(i).generated(), batches, count -> {
                rows += count;
                options.progress().report(new DumpProgress.State("rows", name, i, tables.size(), rows, 0, rowsTotal));
              }));
      String kept = target.value("SELECT count(*) FROM " + tables.get(i).qualifiedName());
      if (loaded != survey.rows() || !String.valueOf(loaded).equals(kept)) {
        throw new SqlException(SqlState.DATA_EXCEPTION, "table \"" + name + "\" has " + survey.rows() + " rows, but " + kept + " arrived")
            .withHint("Two rows have the same key here: 1 and 1.0, or texts that differ only in their collation.");
      }
    }
  }
}
