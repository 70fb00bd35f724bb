package io.heliosdb.nano.testkit.tpch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/// Schema, rows and queries of TPC-H over one JDBC connection (the PostgreSQL driver).
public final class TpchDatabase {
  public static final int QUERIES = 22;

  private static final int COPY_BYTES = 1 << 16;

  private final Connection connection;

  public TpchDatabase(Connection connection) {
    this.connection = connection;
  }

  /// Creates the tables, loads them, adds indexes on foreign keys and gathers statistics.
  public void load(double scale) throws SQLException, IOException {
    for (String statement : resource("schema.sql").split(";")) {
      if (!statement.isBlank()) {
        execute(statement);
      }
    }
    TpchData data = new TpchData(scale);
    for (String table : TpchData.TABLES) {
      copy(data, table);
    }
    for (String statement : resource("indexes.sql").split(";")) {
      if (!statement.isBlank()) {
        execute(statement);
      }
    }
    execute("ANALYZE");
  }

  private void copy(TpchData data, String table) throws SQLException, IOException {
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY " + table + " FROM STDIN");
    ByteArrayOutputStream buffer = new ByteArrayOutputStream(COPY_BYTES + 1024);
    data.write(table, line -> {
      buffer.writeBytes(line.getBytes(StandardCharsets.UTF_8));
      if (buffer.size() >= COPY_BYTES) {
        flush(copy, buffer);
      }
    });
    flush(copy, buffer);
    copy.endCopy();
  }

  private static void flush(CopyIn copy, ByteArrayOutputStream buffer) throws IOException {
    try {
      copy.writeToCopy(buffer.toByteArray(), 0, buffer.size());
    } catch (SQLException e) {
      throw new IOException(e);
    }
    buffer.reset();
  }

  public void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// The text of a query, 1 to 22.
  public static String query(int number) throws IOException {
    return resource("q" + (number < 10 ? "0" : "") + number + ".sql");
  }

  /// The answer as lines of tab-separated text, in the query's own order.
  public List<String> answer(int number, double scale) throws SQLException, IOException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query(number).replace(":fraction", Double.toString(0.0001 / scale)))) {
      List<String> lines = new ArrayList<>();
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        StringBuilder line = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          line.append(i == 1 ? "" : "\t").append(rows.getString(i));
        }
        lines.add(line.toString());
      }
      return lines;
    }
  }

  /// The plan that EXPLAIN shows.
  public String plan(int number, double scale, String options) throws SQLException, IOException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("EXPLAIN " + options + query(number).replace(":fraction", Double.toString(0.0001 / scale)))) {
      StringBuilder text = new StringBuilder();
      while (rows.next()) {
        text.append(rows.getString(1)).append('\n');
      }
      return text.toString();
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = TpchDatabase.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
