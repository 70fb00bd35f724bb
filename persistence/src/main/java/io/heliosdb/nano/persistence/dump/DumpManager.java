package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.persistence.transfer.NewDirectory;
import io.heliosdb.nano.persistence.transfer.Transfers;
import io.heliosdb.nano.DatabaseConfig;
import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.session.ArchiveActivity;
import io.heliosdb.nano.session.DatabaseEngine;
import io.heliosdb.nano.session.DirtyState;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.function.Function;

/// Dumps a database to a file and restores files.
///
/// ```java
/// DumpReport report = new DumpManager(db).dump(DumpOptions.to(Path.of("backup.heliodump")));
/// DumpManager.restoreTo(Path.of("restored-data"), RestoreOptions.from(Path.of("backup.heliodump")));
/// ```
///
/// A dump shows one moment of the database and keeps no writer waiting; it needs an ACCESS SHARE lock on each table. Thread-safe. Errors:
/// 53100 disk full, 58030 I/O, 58P01 no such file or directory, XX001 a damaged file, 55000 an increment for another database's file; after any
/// error the files and databases are as they were.
public final class DumpManager {
  private final DatabaseEngine engine;

  public DumpManager(EmbeddedDatabase database) {
    this(database.engine());
  }

  public DumpManager(DatabaseEngine engine) {
    this.engine = engine;
  }

  public DumpReport dump(DumpOptions options) {
    return recorded(options, this::dumpNow);
  }

  /// Writes a dump to a stream: a whole file, or behind the first `base.offset()` bytes of one.
  DumpReport dumpTo(DumpOptions options, OutputStream out, Dumper.Base base) {
    return recorded(options, watched -> {
      try {
        return watched.isSql() ? new SqlScriptWriter(engine, watched).write(out) : new Dumper(engine, watched).write(out, base);
      } catch (IOException e) {
        throw Transfers.ioError(e);
      }
    });
  }

  /// Enters a dump into the database's list of them, while it runs and when it has ended.
  private DumpReport recorded(DumpOptions options, Function<DumpOptions, DumpReport> work) {
    ArchiveActivity archives = engine.archives();
    long id = archives.begin("dump", options.outputPath().toString());
    DirtyState.Mark mark = engine.dirtyState().mark();
    try {
      DumpReport r = work.apply(options.withProgress(watched(id, options.progress())));
      archives.end(id, r.incremental(), r.tablesDumped(), r.rowsDumped(), r.rawBytes(), r.storedBytes(), r.scn(), null);
      if (options.tables().isEmpty() && options.asOf() == null) {
        engine.dirtyState().dumped(mark);
      }
      return r;
    } catch (RuntimeException | Error e) {
      archives.end(id, false, 0, 0, 0, 0, 0, String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private DumpProgress watched(long id, DumpProgress progress) {
    return s -> {
      engine.archives().progress(id, s.phase(), s.table(), s.tablesDone(), s.tablesTotal(), s.rows(), s.rowsTotal(), s.bytes());
      progress.report(s);
    };
  }

  private DumpReport dumpNow(DumpOptions options) {
    DumpTarget target = new DumpTarget(options.outputPath());
    if (options.isSql()) {
      if (options.mode() == DumpMode.INCREMENTAL) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "an SQL script cannot be appended to")
            .withHint("Use a name that does not end in .sql for incremental dumps.");
      }
      return target.replace(out -> new SqlScriptWriter(engine, options).write(out));
    }
    Dumper dumper = new Dumper(engine, options);
    Dumper.Base base = options.mode() == DumpMode.INCREMENTAL ? target.base(engine.system().store().encryptionKey()) : Dumper.Base.NONE;
    return base.segments() == 0 ? target.replace(out -> dumper.write(out, base)) : target.append(base.offset(), out -> dumper.write(out, base));
  }

  /// Restores into this database, in one transaction: all or nothing.
  public RestoreReport restore(RestoreOptions options) {
    ArchiveActivity archives = engine.archives();
    long id = archives.begin("restore", options.inputPath().toString());
    try (Restorer restorer = new Restorer(options.withProgress(watched(id, options.progress())), engine.system().store().encryptionKey())) {
      RestoreReport r = new LiveRestore(engine, restorer).run();
      archives.end(id, r.segments() > 1, r.tablesRestored(), r.rowsRestored(), r.rawBytes(), 0, 0, null);
      return r;
    } catch (RuntimeException | Error e) {
      archives.end(id, false, 0, 0, 0, 0, 0, String.valueOf(e.getMessage()));
      throw e;
    }
  }

  /// Restores into a new data directory, which must not exist or be empty. It appears when everything is in it.
  public static RestoreReport restoreTo(Path directory, RestoreOptions options) {
    return restoreTo(directory, options, DatabaseConfig.DEFAULT);
  }

  /// @param config of the new database; with a key it is an encrypted one
  public static RestoreReport restoreTo(Path directory, RestoreOptions options, DatabaseConfig config) {
    NewDirectory target = new NewDirectory(directory);
    try (Restorer restorer = new Restorer(options, config.encryptionKey())) {
      return target.build(config, database -> restorer.intoEmpty(database.engine()));
    }
  }
}
