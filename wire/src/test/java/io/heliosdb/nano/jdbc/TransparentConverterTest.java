package io.heliosdb.nano.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.heliosdb.nano.persistence.migrate.sqlite.SqliteOptions;
import io.heliosdb.nano.persistence.migrate.sqlite.TransparentConverter;
import io.heliosdb.nano.persistence.migrate.sqlite.TransparentConverter.Conversion;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TransparentConverterTest {
  @TempDir Path directory;

  private void sqlite(Path file, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file); Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static String value(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Test
  void converts_once_keeps_what_is_written_and_converts_again_when_the_source_changes() throws SQLException {
    Path file = directory.resolve("app.sqlite");
    sqlite(file, "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)", "INSERT INTO t (v) VALUES ('first')");
    try (Connection connection = TransparentConverter.connect(file)) {
      connection.createStatement().execute("INSERT INTO t (v) VALUES ('here')");
      assertEquals("first,here", value(connection, "SELECT string_agg(v, ',' ORDER BY id) FROM t"));
    }
    Conversion again = TransparentConverter.convert(SqliteOptions.of(file));
    assertNull(again.report());
    try (Connection connection = DriverManager.getConnection("jdbc:heliosdb:sqlite:" + file)) {
      assertEquals("2", value(connection, "SELECT count(*) FROM t"));
      sqlite(file, "INSERT INTO t (v) VALUES ('there')");
      try (Connection changed = DriverManager.getConnection("jdbc:heliosdb:sqlite:" + file)) {
        assertEquals("first,there", value(changed, "SELECT string_agg(v, ',' ORDER BY id) FROM t"));
        assertEquals("first,here", value(connection, "SELECT string_agg(v, ',' ORDER BY id) FROM t"));
      }
    }
    assertNotEquals(again.dataDirectory(), TransparentConverter.convert(SqliteOptions.of(file)).dataDirectory());
  }

  @Test
  void many_at_once_convert_once() throws Exception {
    Path file = directory.resolve("busy.sqlite");
    sqlite(file, "CREATE TABLE t (v TEXT)", "INSERT INTO t VALUES ('x')");
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Conversion>> calls = java.util.Collections.nCopies(6, () -> TransparentConverter.convert(SqliteOptions.of(file)));
      int converted = 0;
      for (Future<Conversion> call : threads.invokeAll(calls)) {
        converted += call.get().report() != null ? 1 : 0;
      }
      assertEquals(1, converted);
    }
  }

  @Test
  void failures_come_as_jdbc_exceptions_and_leave_no_database() throws Exception {
    assertEquals("58P01", assertThrows(SQLException.class, () -> TransparentConverter.connect(directory.resolve("none"))).getSQLState());
    Path text = java.nio.file.Files.writeString(directory.resolve("text.sqlite"), "no database");
    assertEquals("22023", assertThrows(SQLException.class, () -> DriverManager.getConnection("jdbc:heliosdb:sqlite:" + text)).getSQLState());
    sqlite(directory.resolve("good.sqlite"), "CREATE TABLE t (v TEXT)");
    assertNotNull(TransparentConverter.convert(SqliteOptions.of(directory.resolve("good.sqlite"))).report());
  }
}
