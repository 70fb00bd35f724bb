package io.heliosdb.nano.session;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// What a fuzzer calls with any bytes: they are an SQL text, which is parsed, analyzed, planned, and then run in a transaction that is rolled
/// back. Nothing but an SqlException may come of it, and none that says "internal error".
public final class SqlTextFuzz {
  private static final String TABLES =
      "CREATE TABLE t (a int PRIMARY KEY, b text, c numeric(10,2), d date, e bigint, f varchar(10)); CREATE TABLE u (a int, b text); CREATE INDEX ON t (b)";

  private static EmbeddedDatabase database;

  private SqlTextFuzz() {}

  /// The entry point that Jazzer looks for.
  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    check(text);
    run(text);
  }

  private static synchronized EmbeddedDatabase database() {
    if (database == null) {
      database = EmbeddedDatabase.newInMemory();
      for (String statement : TABLES.split(";")) {
        database.execute(statement);
      }
    }
    return database;
  }

  /// Parses, analyzes and plans the text; throws whatever is not an answer.
  static void check(String text) {
    Session session = database().engine().openSession("postgres", "heliosdb", Map.of(), "");
    try {
      session.parse("", text, new int[0]);
      session.describeStatement("");
    } catch (SqlException e) {
      requireAnswer(e);
    } finally {
      session.close();
    }
  }

  /// Runs the text between BEGIN and ROLLBACK; a COPY that waits for data gets none.
  static void run(String text) {
    Session session = database().engine().openSession("postgres", "heliosdb", Map.of("statement_timeout", "500"), "");
    try {
      session.simpleQuery("BEGIN", SINK);
      session.simpleQuery(text, SINK);
      session.copyDone(SINK);
      session.simpleQuery("ROLLBACK", SINK);
    } catch (SqlException e) {
      requireAnswer(e);
    } finally {
      session.close();
    }
  }

  private static void requireAnswer(SqlException e) {
    if (e.state().equals(SqlState.INTERNAL_ERROR) && e.getMessage().startsWith("internal error")) {
      throw e;
    }
  }

  private static final ResultSink SINK = new ResultSink() {
    @Override
    public void rowDescription(List<OutputColumn> columns) {}

    @Override
    public void rows(Batch batch, List<OutputColumn> columns) {}

    @Override
    public void commandComplete(String tag) {}

    @Override
    public void copyOutBegin(int columns, boolean binary) {}

    @Override
    public void copyInBegin(int columns, boolean binary) {}
  };
}
