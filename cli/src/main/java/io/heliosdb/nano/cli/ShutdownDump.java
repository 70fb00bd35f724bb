package io.heliosdb.nano.cli;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.persistence.dump.DumpManager;
import io.heliosdb.nano.persistence.dump.DumpOptions;
import io.heliosdb.nano.persistence.dump.DumpReport;
import io.heliosdb.nano.persistence.dump.RestoreOptions;
import io.heliosdb.nano.persistence.dump.RestoreReport;
import io.heliosdb.nano.persistence.dump.schedule.CronSchedule;
import io.heliosdb.nano.persistence.dump.schedule.DumpScheduler;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Dumps around the life of a process: one restored at its start, those at scheduled times, one made at its end, or a warning that nothing was.
final class ShutdownDump {
  static final Path DEFAULT_FILE = Path.of("shutdown_dump.heliodump");

  private final EmbeddedDatabase database;
  private final Configuration config;
  private final PrintWriter err;
  private final boolean memory;

  ShutdownDump(EmbeddedDatabase database, Configuration config, PrintWriter err, boolean memory) {
    this.database = database;
    this.config = config;
    this.err = err;
    this.memory = memory;
  }

  /// The scheduler that the configuration asks for, or nothing.
  static AutoCloseable scheduler(EmbeddedDatabase database, Configuration config) {
    String schedule = config.get("heliosdb.dump_schedule");
    if (schedule.isBlank()) {
      return () -> {};
    }
    String directory = config.get("heliosdb.dump_dir");
    return DumpScheduler.start(
        database.engine(),
        new DumpScheduler.Settings(CronSchedule.parse(schedule), Path.of(directory.isBlank() ? "." : directory), Integer.parseInt(config.get("heliosdb.dump_keep"))));
  }

  /// Restores a file into a database that has no tables yet.
  void restoreOnStart(@Nullable Path file) {
    Long tables = database.queryOne("SELECT count(*) FROM pg_catalog.pg_class WHERE relkind IN ('r', 'p') AND oid >= 16384", Long.class);
    if (file == null || tables == null) {
      return;
    }
    if (tables > 0) {
      err.println("NOTICE:  the database has tables: " + file + " is not restored");
      return;
    }
    RestoreReport report = new DumpManager(database).restore(RestoreOptions.from(file));
    err.println("NOTICE:  restored " + report.tablesRestored() + " tables, " + report.rowsRestored() + " rows from " + file);
  }

  /// Dumps to a file, or warns of what an in-memory database loses.
  void run(@Nullable Path file, PrintWriter out) {
    if (file != null) {
      try {
        DumpReport report = new DumpManager(database).dump(DumpOptions.to(file));
        out.println("Dumped to " + file + ": " + report.tablesDumped() + " tables, " + report.rowsDumped() + " rows");
      } catch (SqlException e) {
        TransferErrors.print(e, err);
      }
      out.flush();
      return;
    }
    long changes = database.engine().dirtyState().changes();
    if (memory && changes > 0 && config.get("heliosdb.warn_on_dirty_shutdown").equals("on")) {
      err.println("WARNING:  the in-memory database is lost with " + changes + " changed rows (" + database.engine().dirtyState().bytes() + " bytes) that no dump has");
      err.println("HINT:  Use --dump-on-shutdown, or dump it while it runs.");
      err.flush();
    }
  }
}
