package io.heliosdb.nano.testkit.bench;

import io.heliosdb.nano.jdbc.HeliosDriver;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;

/// A database that runs inside the measuring process and is reached over JDBC. All keep their data in memory and run with their defaults:
/// every statement outside a transaction is one of its own, and none of them waits for a device.
public enum Contender {
  HELIOS("jdbc:heliosdb:mem:bench", "generate_series(0, %d) AS s(g)"),
  H2("jdbc:h2:mem:bench", "SYSTEM_RANGE(0, %d) AS s(g)"),
  SQLITE("jdbc:sqlite::memory:", "(WITH RECURSIVE s(g) AS (VALUES (0) UNION ALL SELECT g + 1 FROM s WHERE g < %d) SELECT g FROM s) AS s"),
  DUCKDB("jdbc:duckdb:", "range(0, %d + 1) AS s(g)");

  private static final AtomicInteger SERIAL = new AtomicInteger();

  private final String url;
  private final String series;

  Contender(String url, String series) {
    this.url = url;
    this.series = series;
  }

  /// A new, empty database.
  Connection connect() throws SQLException {
    String own = url.endsWith("bench") ? url + SERIAL.incrementAndGet() : url;
    return DriverManager.getConnection(own);
  }

  /// Ends the database behind a connection.
  void close(Connection connection) throws SQLException {
    connection.close();
    if (this == HELIOS) {
      for (int i = SERIAL.get(); i > 0; i--) {
        HeliosDriver.shutdown(url + i);
      }
    }
  }

  /// A FROM item whose column `g` counts from 0 to `last`.
  String series(long last) {
    return String.format(java.util.Locale.ROOT, series, last);
  }
}
