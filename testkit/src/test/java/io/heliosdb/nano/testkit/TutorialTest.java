package io.heliosdb.nano.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.QueryResult;
import io.heliosdb.nano.Row;
import io.heliosdb.nano.cli.repl.OutputStyle;
import io.heliosdb.nano.cli.repl.Repl;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.jdbc.HeliosDriver;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// The getting-started tutorial gives the same answers through every door, and they are PostgreSQL's.
/// `tutorial.expected` is the output of `psql -XAtq` on PostgreSQL 15, with the time of day replaced by `<now>`.
class TutorialTest {
  private static final Pattern NOW = Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(?=\\))");

  private static String resource(String name) throws IOException {
    try (var in = TutorialTest.class.getResourceAsStream("/tutorial/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<String> statements() throws IOException {
    return resource("tutorial.sql").lines().toList();
  }

  private static void assertExpected(String actual) throws IOException {
    assertEquals(resource("tutorial.expected").strip(), NOW.matcher(actual).replaceAll("<now>").strip());
  }

  @Test
  void embedded_api() throws IOException {
    StringBuilder out = new StringBuilder();
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      int line = 0;
      for (String statement : statements()) {
        line++;
        try {
          print(db.query(statement), out);
        } catch (SqlException e) {
          error(out, line, statement, e.getMessage(), e.detail(), e.position());
        }
      }
    }
    assertExpected(out.toString());
  }

  private static void print(QueryResult result, StringBuilder out) {
    for (Row row : result) {
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        String cell = row.getString(i);
        cells.add(cell == null ? "" : cell);
      }
      out.append(String.join("|", cells)).append('\n');
    }
  }

  private static void error(StringBuilder out, int line, String statement, String message, String detail, int position) {
    out.append(line).append(": ERROR:  ").append(message).append('\n');
    if (position > 0) {
      out.append("LINE 1: ").append(statement).append('\n').append(" ".repeat(8 + position - 1)).append("^\n");
    }
    if (detail != null) {
      out.append("DETAIL:  ").append(detail).append('\n');
    }
  }

  @Test
  void jdbc_in_process() throws IOException, SQLException {
    StringBuilder out = new StringBuilder();
    String url = "jdbc:heliosdb:mem:tutorial";
    try (Connection connection = DriverManager.getConnection(url);
        Statement jdbc = connection.createStatement()) {
      int line = 0;
      for (String statement : statements()) {
        line++;
        try {
          if (jdbc.execute(statement)) {
            print(jdbc.getResultSet(), out);
          }
        } catch (PSQLException e) {
          ServerErrorMessage server = e.getServerErrorMessage();
          error(out, line, statement, server.getMessage(), server.getDetail(), server.getPosition());
        }
      }
    }
    HeliosDriver.shutdown(url);
    assertExpected(out.toString());
  }

  private static void print(ResultSet rows, StringBuilder out) throws SQLException {
    while (rows.next()) {
      List<String> cells = new ArrayList<>();
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        String cell = rows.getString(i);
        cells.add(cell == null ? "" : cell);
      }
      out.append(String.join("|", cells)).append('\n');
    }
  }

  @Test
  void shell() throws IOException {
    StringWriter text = new StringWriter();
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory();
        EmbeddedSession session = db.createSession()) {
      PrintWriter out = new PrintWriter(text);
      Repl repl = new Repl(db, session, out, out, OutputStyle.UNALIGNED, true);
      int line = 0;
      for (String statement : statements()) {
        line++;
        int before = text.getBuffer().length();
        repl.runText(statement + "\n");
        out.flush();
        String printed = text.getBuffer().substring(before);
        if (printed.startsWith("NOTICE")) {
          text.getBuffer().setLength(before);
        } else if (printed.startsWith("ERROR")) {
          text.getBuffer().insert(before, line + ": ");
        }
      }
    }
    assertExpected(text.toString());
  }

  @Test
  void psql(@TempDir Path directory) throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/psql")), "psql is not installed");
    Path script = directory.resolve("tutorial.sql");
    Files.writeString(script, resource("tutorial.sql"));
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory();
        var server = db.startServer(0)) {
      Process psql =
          new ProcessBuilder("psql", "-XAtq", "-h", "127.0.0.1", "-p", Integer.toString(server.port()), "-U", "postgres", "-d", "heliosdb", "-f", script.toString())
              .redirectErrorStream(true)
              .start();
      String output = new String(psql.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      psql.waitFor();
      StringBuilder kept = new StringBuilder();
      output.lines().map(l -> l.replaceFirst("^psql:.*?sql:(\\d+): ", "$1: ")).filter(l -> !l.contains("NOTICE:")).forEach(l -> kept.append(l).append('\n'));
      assertExpected(kept.toString());
    }
  }
}
