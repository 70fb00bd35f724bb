package io.heliosdb.nano.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heliosdb.nano.EmbeddedDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/// A server that is killed while COPY writes past the write set, before its commit and behind it: all rows are there, or none, and what was written is
/// taken away.
@Timeout(180)
class CopyCrashTest {
  private static final int PIECES = 60;
  private static final int PIECE_ROWS = 2_000;

  @TempDir Path directory;

  private static byte[] piece(int number) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < PIECE_ROWS; i++) {
      text.append(number * PIECE_ROWS + i).append("\ta row that is loaded, with text to fill some pages of the file ").append(i).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /// Begins a load into a table that the transaction has truncated; it is fed, but not ended.
  private static CopyIn load(Connection connection, int pieces) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN; TRUNCATE t");
    }
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY t FROM STDIN");
    for (int i = 0; i < pieces; i++) {
      byte[] bytes = piece(i);
      copy.writeToCopy(bytes, 0, bytes.length);
    }
    copy.flushCopy();
    return copy;
  }

  private static String one(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : "";
    }
  }

  @Test
  void a_load_is_there_whole_or_not_at_all() throws Exception {
    Path data = directory.resolve("data");
    try (ServerProcess server = ServerProcess.start(data, Map.of()); Connection loader = server.connect(); Connection other = server.connect()) {
      try (Statement statement = loader.createStatement()) {
        statement.execute("CREATE TABLE t (id int PRIMARY KEY, v text); CREATE INDEX ON t (v); INSERT INTO t SELECT i, 'before' FROM generate_series(1, 10) i");
      }
      load(loader, PIECES);
      while (!one(other, "SELECT tuples_processed FROM pg_stat_progress_copy").equals(Integer.toString(PIECES * PIECE_ROWS))) {
        Thread.onSpinWait();
      }
      server.kill();
    }
    try (ServerProcess server = ServerProcess.start(data, Map.of()); Connection loader = server.connect()) {
      assertEquals("10|before", one(loader, "SELECT count(*) || '|' || max(v) FROM t"));
      assertEquals(PIECES * PIECE_ROWS, load(loader, PIECES).endCopy());
      try (Statement statement = loader.createStatement()) {
        statement.execute("COMMIT");
      }
      server.kill();
    }
    try (ServerProcess server = ServerProcess.start(data, Map.of()); Connection reader = server.connect()) {
      assertEquals(PIECES * PIECE_ROWS + "|1", one(reader, "SELECT count(*) || '|' || count(DISTINCT left(v, 5)) FROM t"));
      server.kill();
    }
    try (EmbeddedDatabase database = EmbeddedDatabase.open(data)) {
      assertEquals(List.of(), database.verify().problems());
    }
  }
}
