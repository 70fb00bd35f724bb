package io.heliosdb.nano.testkit.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;

/// The tables and queries of the analytic comparisons: a table of 1 M facts, one of 10 k items, in SQL that PostgreSQL, HeliosDB, H2, SQLite
/// and DuckDB all take. The values are made by arithmetic, so every engine holds the same rows and has to give the same answers.
public final class AnalyticData {
  static final int FACTS = 1_000_000;
  static final int ITEMS = 10_000;

  private AnalyticData() {}

  /// A query with the factor by which PostgreSQL is to be beaten.
  public enum Query {
    GROUP_BY(
        "SELECT grp, count(*), sum(amount), min(amount), max(amount), avg(price), sum(price), min(price), max(price) FROM facts GROUP BY grp ORDER BY grp",
        2),
    FILTER_SUM("SELECT sum(amount) FROM facts WHERE price > 50 AND grp < 30", 2),
    COUNT("SELECT count(*) FROM facts", 2),
    DISTINCT("SELECT count(*) FROM (SELECT DISTINCT item FROM facts) d", 2),
    TOP_10("SELECT id, amount FROM facts ORDER BY amount DESC, id LIMIT 10", 2),
    JOIN("SELECT i.category, count(*), sum(f.amount) FROM facts f JOIN items i ON i.id = f.item GROUP BY i.category ORDER BY i.category", 1.5);

    private final String sql;
    private final double goal;

    Query(String sql, double goal) {
      this.sql = sql;
      this.goal = goal;
    }

    String sql() {
      return sql;
    }

    double goal() {
      return goal;
    }

    String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// @param series a FROM item with a column `g` that counts from 0 to a number
  static List<String> statements(LongFunction<String> series) {
    List<String> statements = new ArrayList<>();
    statements.add("CREATE TABLE items (id INT PRIMARY KEY, category INT, name VARCHAR(40))");
    statements.add("CREATE TABLE facts (id INT PRIMARY KEY, grp INT, item INT, amount INT, price DOUBLE PRECISION, note VARCHAR(40))");
    statements.add(
        "INSERT INTO items SELECT CAST(g AS INT), CAST(g % 50 AS INT), 'item ' || g FROM " + series.apply(ITEMS - 1));
    statements.add(
        "INSERT INTO facts SELECT CAST(g AS INT), CAST(CAST(g AS BIGINT) * 7919 % 100 AS INT), CAST(CAST(g AS BIGINT) * 104729 % 10000 AS INT), "
            + "CAST(CAST(g AS BIGINT) * 15485863 % 999983 AS INT), (CAST(g AS BIGINT) * 31337 % 1000) / 8.0, 'note ' || (CAST(g AS BIGINT) % 1000) FROM "
            + series.apply(FACTS - 1));
    return statements;
  }
}
