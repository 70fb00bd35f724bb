package io.heliosdb.nano.persistence.migrate;

import io.heliosdb.nano.DatabaseConfig;
import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.persistence.transfer.NewDirectory;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.session.DatabaseEngine;
import io.heliosdb.nano.session.ResultSink;
import io.heliosdb.nano.session.Session;
import io.heliosdb.nano.type.TypeIo;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A database of this process as the target of an import: a session of the superuser's, in one transaction.
public final class SessionTarget implements ImportTarget {
  private static final List<String> SETTINGS =
      List.of("SET DateStyle = 'ISO, YMD'", "SET IntervalStyle = 'postgres'", "SET TimeZone = 'UTC'", "SET statement_timeout = 0",
          "SET lock_timeout = 0",
          "SET check_function_bodies = off", "SET row_security = off");

  private final DatabaseEngine engine;
  private final Session session;

  public SessionTarget(DatabaseEngine engine, String branch) {
    this.engine = engine;
    session = engine.openEmbeddedSession(branch);
    try {
      SETTINGS.forEach(this::execute);
      execute("BEGIN");
    } catch (RuntimeException | Error e) {
      session.close();
      throw e;
    }
  }

  /// Fills a new data directory, which appears when everything is in it; it must not exist or be empty.
  public static <R> R inNewDirectory(Path directory, Function<ImportTarget, R> work) {
    return inNewDirectory(directory, DatabaseConfig.DEFAULT, work);
  }

  /// @param config of the new database; with a key it is an encrypted one
  public static <R> R inNewDirectory(Path directory, DatabaseConfig config, Function<ImportTarget, R> work) {
    return new NewDirectory(directory)
        .build(
            config,
            database -> {
              try (SessionTarget target = new SessionTarget(database.engine(), "main")) {
                return work.apply(target);
              }
            });
  }

  @Override
  public void execute(String sql) {
    session.simpleQuery(sql, ResultSink.NONE);
  }

  @Override
  public @Nullable String value(String sql) {
    @Nullable String[] result = new String[1];
    session.simpleQuery(
        sql,
        new ResultSink() {
          @Override
          public void rowDescription(List<OutputColumn> columns) {}

          @Override
          public void rows(Batch batch, List<OutputColumn> columns) {
            if (batch.rowCount() > 0 && result[0] == null) {
              Object value = batch.column(0).get(batch.rowIndex(0));
              result[0] = value == null ? null : TypeIo.toText(columns.getFirst().type(), value, session.io());
            }
          }

          @Override
          public void commandComplete(String tag) {}
        });
    return result[0];
  }

  @Override
  public long load(Load load) {
    return session.work(work -> new DirectLoad(engine, work).run(load));
  }

  @Override
  public void commit() {
    execute("COMMIT");
  }

  @Override
  public void close() {
    session.close();
  }
}
