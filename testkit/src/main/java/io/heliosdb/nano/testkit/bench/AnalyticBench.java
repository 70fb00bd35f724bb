package io.heliosdb.nano.testkit.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// The analytic queries of [AnalyticData] in one process, by engine. [AnalyticsComparison] sets them beside PostgreSQL.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AnalyticBench {
  @Param({"HELIOS", "H2", "SQLITE", "DUCKDB"})
  public Contender engine;

  @Param({"GROUP_BY", "FILTER_SUM", "COUNT", "DISTINCT", "TOP_10", "JOIN"})
  public AnalyticData.Query query;

  private Connection connection;
  private Statement statement;

  @Setup
  public void load() throws SQLException {
    connection = engine.connect();
    statement = connection.createStatement();
    for (String sql : AnalyticData.statements(engine::series)) {
      statement.execute(sql);
    }
    if (engine != Contender.DUCKDB) {
      statement.execute("ANALYZE");
    }
  }

  @TearDown
  public void close() throws SQLException {
    engine.close(connection);
  }

  @Benchmark
  public int run() throws SQLException {
    int rows = 0;
    try (ResultSet result = statement.executeQuery(query.sql())) {
      while (result.next()) {
        rows++;
      }
    }
    return rows;
  }
}
