package io.heliosdb.nano.testkit.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.ParsedStatement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.postgresql.util.PSQLException;

/// Statement by statement, scripts answer what PostgreSQL 15 answers.
///
/// `sql/NAME.sql` are the scripts, `sql/NAME.out` what PostgreSQL answered: rows with column names and types, counts, errors with SQLSTATE,
/// message and detail. Each script starts in an empty schema. `-Dscripts.port=N` (with `scripts.database`) runs them against that server
/// instead, with `-Dscripts.record=DIRECTORY` writing the answers there.
class SqlScriptsTest {
  private static final Path ROOT = root();

  private static Path root() {
    try {
      return Path.of(SqlScriptsTest.class.getResource("/sql").toURI());
    } catch (java.net.URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @TestFactory
  Stream<DynamicTest> scripts_answer_as_recorded() throws IOException {
    List<String> names;
    try (Stream<Path> files = Files.list(ROOT)) {
      names = files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".sql")).map(f -> f.substring(0, f.length() - 4)).sorted().toList();
    }
    Integer port = Integer.getInteger("scripts.port");
    if (port != null) {
      return names.stream().map(name -> DynamicTest.dynamicTest(name, () -> check(name, port, System.getProperty("scripts.database", "postgres"))));
    }
    EmbeddedDatabase db = EmbeddedDatabase.newInMemory();
    var server = db.startServer(0);
    return names.stream().map(name -> DynamicTest.dynamicTest(name, () -> check(name, server.port(), "heliosdb"))).onClose(() -> {
      server.close();
      db.close();
    });
  }

  private static void check(String name, int port, String database) throws IOException, SQLException {
    String transcript = transcript(Files.readString(ROOT.resolve(name + ".sql")), port, database);
    String directory = System.getProperty("scripts.record");
    if (directory != null) {
      Files.writeString(Path.of(directory).resolve(name + ".out"), transcript);
      return;
    }
    assertEquals(Files.readString(ROOT.resolve(name + ".out")), transcript);
  }

  private static String transcript(String script, int port, String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", "postgres");
    properties.setProperty("preferQueryMode", "simple");
    StringBuilder out = new StringBuilder();
    try (Connection connection = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database, properties);
        Statement statement = connection.createStatement()) {
      statement.execute("SET client_min_messages = error; SET timezone = 'UTC'; DROP SCHEMA IF EXISTS script CASCADE;"
          + " CREATE SCHEMA script; SET search_path = script");
      for (ParsedStatement parsed : Parser.parse(script)) {
        out.append("> ").append(parsed.text().replace("\n", "\n  ")).append('\n');
        run(statement, parsed.text(), out);
      }
      statement.execute("RESET ROLE; DROP SCHEMA script CASCADE");
    }
    return out.toString();
  }

  /// The driver calls an integer column with a sequence by another name.
  private static String typeName(String name) {
    return name.equals("serial") ? "int4" : name.equals("bigserial") ? "int8" : name;
  }

  private static void run(Statement statement, String text, StringBuilder out) throws SQLException {
    try {
      boolean rows = statement.execute(text);
      if (!rows) {
        out.append(statement.getUpdateCount()).append('\n');
        return;
      }
      try (ResultSet result = statement.getResultSet()) {
        ResultSetMetaData columns = result.getMetaData();
        StringJoiner header = new StringJoiner(" | ");
        for (int i = 1; i <= columns.getColumnCount(); i++) {
          header.add(columns.getColumnLabel(i) + ":" + typeName(columns.getColumnTypeName(i)));
        }
        out.append(header).append('\n');
        while (result.next()) {
          StringJoiner row = new StringJoiner(" | ");
          for (int i = 1; i <= columns.getColumnCount(); i++) {
            row.add(String.valueOf(result.getString(i)));
          }
          out.append(row).append('\n');
        }
      }
    } catch (PSQLException e) {
      out.append("ERROR ").append(e.getSQLState());
      if (e.getServerErrorMessage() != null) {
        out.append(' ').append(e.getServerErrorMessage().getMessage());
        String detail = e.getServerErrorMessage().getDetail();
        out.append(detail == null ? "" : "\n  " + detail);
      }
      out.append('\n');
    }
  }
}
