package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.persistence.transfer.Transfers;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.dump.format.DumpFile;
import io.heliosdb.nano.persistence.dump.format.DumpVerifier;
import io.heliosdb.nano.persistence.dump.format.SchemaEntry;
import io.heliosdb.nano.persistence.dump.format.SchemaEntry.Section;
import io.heliosdb.nano.session.DatabaseEngine;
import io.heliosdb.nano.session.ResultSink;
import io.heliosdb.nano.session.Session;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Restores a file. Into an empty database: schema, tables side by side, rest of the schema, each in transactions of their own, because
/// whoever asked throws the database away if one fails. Into a database in use: see [LiveRestore].
final class Restorer implements AutoCloseable {
  static final Set<SqlState> EXISTS = Set.of(SqlState.DUPLICATE_OBJECT, SqlState.DUPLICATE_TABLE, SqlState.DUPLICATE_SCHEMA, SqlState.DUPLICATE_FUNCTION);

  private final DumpFile file;
  private final RestoreOptions options;
  private final RestorePlan plan;
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong tablesDone = new AtomicLong();
  private final long rowsTotal;
  private final long start = System.nanoTime();

  /// Opens the file, checks it, and finds out what is to be done.
  ///
  /// @param databaseKey opens an encrypted file when the options have no key
  Restorer(RestoreOptions options, @Nullable EncryptionKey databaseKey) {
    this.options = options;
    file = DumpFile.open(
        options.inputPath(), DumpTarget.usableLength(options.inputPath()), options.key() != null ? options.key() : databaseKey);
    try {
      plan = RestorePlan.of(file, options.tables());
      if (options.verify()) {
        new DumpVerifier(file, checked -> options.progress().report(new DumpProgress.State("verify", "", 0, plan.tables().size(), 0, checked, 0))).verify();
      }
      rowsTotal = file.segments().stream().mapToLong(segment -> segment.end().rows()).sum();
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  RestorePlan plan() {
    return plan;
  }

  RestoreOptions options() {
    return options;
  }

  TableLoad tableLoad(DatabaseEngine engine, RestorePlan.TableRows table) {
    return new TableLoad(engine, file, table, (rowCount, byteCount) -> {
      rows.addAndGet(rowCount);
      bytes.addAndGet(byteCount);
      options.progress().report(
          new DumpProgress.State("rows", table.qualifiedName(), (int) tablesDone.get(), plan.tables().size(), rows.get(), bytes.get(), rowsTotal));
    });
  }

  void tableDone() {
    tablesDone.incrementAndGet();
  }

  void phase(String phase) {
    options.progress().report(new DumpProgress.State(phase, "", (int) tablesDone.get(), plan.tables().size(), rows.get(), bytes.get(), rowsTotal));
  }

  RestoreReport report(long rowsRestored, List<String> skipped) {
    return new RestoreReport(plan.tables().size(), rowsRestored, plan.segments(), bytes.get(), Duration.ofNanos(System.nanoTime() - start), skipped);
  }

  /// Fills a database that holds nothing.
  RestoreReport intoEmpty(DatabaseEngine engine) {
    try (Session session = engine.openEmbeddedSession("main")) {
      DumpSession.prepare(session);
      run(session, "SET check_function_bodies = off");
      phase("schema");
      run(session, "BEGIN");
      plan.entries(Section.BEFORE_ROWS).forEach(entry -> runEntry(session, entry));
      run(session, "COMMIT");
      Transfers.runAll(engine, plan.tables(), Math.min(4, Transfers.parallelism()), table -> loadAlone(engine, table));
      phase("indexes");
      run(session, "BEGIN");
      plan.entries(Section.AFTER_ROWS).forEach(entry -> runEntry(session, entry));
      run(session, "COMMIT");
      return report(countRows(session), List.of());
    }
  }

  private void loadAlone(DatabaseEngine engine, RestorePlan.TableRows table) {
    try (Session session = engine.openEmbeddedSession("main")) {
      DumpSession.prepare(session);
      run(session, "BEGIN");
      // A new storage id: nobody sees it before the commit.
      run(session, "TRUNCATE ONLY " + qualified(table));
      load(session, engine, table, table.table().schema(), table.table().name());
      run(session, "COMMIT");
    }
    tableDone();
  }

  void load(Session session, DatabaseEngine engine, RestorePlan.TableRows table, String schema, String name) {
    TableLoad load = tableLoad(engine, table);
    session.work(
        work -> {
          load.load(work, schema, name);
          return Boolean.TRUE;
        });
    if (options.verify()) {
      ConstraintProof.run(session, Sql.quote(schema) + "." + Sql.quote(name));
    }
  }

  private long countRows(Session session) {
    long count = 0;
    for (RestorePlan.TableRows table : plan.tables()) {
      count += session.work(work -> Long.valueOf(work.text("SELECT count(*) FROM ONLY " + qualified(table))));
    }
    return count;
  }

  static String qualified(RestorePlan.TableRows table) {
    return Sql.quote(table.table().schema()) + "." + Sql.quote(table.table().name());
  }

  static void run(Session session, String sql) {
    session.simpleQuery(sql, ResultSink.NONE);
  }

  /// Runs a piece of the schema; an error names it.
  static void runEntry(Session session, SchemaEntry entry) {
    try {
      run(session, entry.sql());
    } catch (SqlException e) {
      throw e.withContext("restore of " + describe(entry) + ": " + entry.sql());
    }
  }

  static String describe(SchemaEntry entry) {
    return (entry.kind() + " " + (entry.schema().isEmpty() ? "" : entry.schema() + ".") + entry.name()).strip();
  }

  static List<String> names(List<SchemaEntry> entries) {
    return new ArrayList<>(entries.stream().map(Restorer::describe).toList());
  }

  @Override
  public void close() {
    file.close();
  }
}
