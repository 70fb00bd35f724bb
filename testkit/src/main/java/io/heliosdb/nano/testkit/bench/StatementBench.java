package io.heliosdb.nano.testkit.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Short statements on one thread, each a transaction of its own, on a table of 100,000 rows in memory.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StatementBench {
  /// `NATIVE` is HeliosDB's embedded API, `HELIOS` its in-process JDBC.
  @Param({"NATIVE", "HELIOS", "H2", "SQLITE", "DUCKDB"})
  public String engine;

  private ShortStatements statements;
  private int counter;

  @Setup
  public void open() throws Exception {
    statements = engine.equals("NATIVE") ? new ShortStatements.Embedded() : new ShortStatements.Jdbc(Contender.valueOf(engine));
  }

  /// Every iteration inserts into an empty table.
  @Setup(Level.Iteration)
  public void empty() throws Exception {
    statements.empty();
  }

  @TearDown
  public void close() throws Exception {
    statements.close();
  }

  /// A key of the table; neighbouring calls hit distant rows.
  private int key() {
    return (int) ((counter++ * 2_654_435_761L & Integer.MAX_VALUE) % ShortStatements.ROWS);
  }

  @Benchmark
  public long pointSelectPrepared() throws Exception {
    return statements.selectPrepared(key());
  }

  @Benchmark
  public long pointSelectAdHoc() throws Exception {
    return statements.selectAdHoc(key());
  }

  @Benchmark
  public long insertRow() throws Exception {
    return statements.insert(counter++);
  }

  @Benchmark
  public long updateByKey() throws Exception {
    return statements.update(key());
  }
}
