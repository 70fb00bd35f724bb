package io.heliosdb.nano.cli.repl;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.QueryResult;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.session.ProductVersion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// The shell: reads statements and backslash commands, runs them in one session, prints results and errors.
///
/// Results go to `out`, errors and notices to `err`; a failed statement does not end the shell. Confined to one thread.
public final class Repl {
  private final EmbeddedSession session;
  private final PrintWriter out;
  private final PrintWriter err;
  private final TablePrinter printer;
  private final MetaCommands commands;
  private boolean timing;
  private boolean interactive;
  private boolean finished;

  public Repl(EmbeddedDatabase database, EmbeddedSession session, PrintWriter out, PrintWriter err, OutputStyle style, boolean tuplesOnly) {
    this.session = session;
    this.out = out;
    this.err = err;
    this.printer = new TablePrinter(out, style, tuplesOnly);
    this.commands = new MetaCommands(this, printer, database);
    session.onNotice(notice -> {
      out.flush();
      err.println(notice.severity() + ":  " + notice.message());
      if (notice.detail() != null) {
        err.println("DETAIL:  " + notice.detail());
      }
      if (notice.hint() != null) {
        err.println("HINT:  " + notice.hint());
      }
    });
  }

  EmbeddedSession session() {
    return session;
  }

  PrintWriter out() {
    return out;
  }

  boolean timing() {
    return timing;
  }

  void timing(boolean value) {
    timing = value;
  }

  void finish() {
    finished = true;
  }

  /// Reads from a terminal until `\q` or end of input.
  public boolean interact() {
    interactive = true;
    timing = true;
    out.println("HeliosDB Nano v" + ProductVersion.VERSION + ", a PostgreSQL-compatible database (follows PostgreSQL " + ProductVersion.POSTGRESQL + ")");
    out.println("Type \\h for help, \\dS for system views, \\q to quit");
    out.println();
    out.flush();
    try (Terminal terminal = new Terminal(this)) {
      StatementSplitter splitter = new StatementSplitter();
      while (!finished) {
        Terminal.Input input = terminal.read(splitter.isEmpty() ? "heliosdb> " : "heliosdb-> ");
        switch (input) {
          case Terminal.End end -> finished = true;
          case Terminal.Interrupted interrupted -> splitter.clear();
          case Terminal.Line line -> line(line.text(), splitter);
        }
        out.flush();
      }
    }
    return true;
  }

  /// Runs everything a reader gives. False when any statement failed.
  public boolean runStream(BufferedReader reader) throws IOException {
    StatementSplitter splitter = new StatementSplitter();
    boolean succeeded = true;
    String text;
    while (!finished && (text = reader.readLine()) != null) {
      succeeded &= line(text, splitter);
    }
    if (!finished && !splitter.rest().isEmpty()) {
      succeeded &= runStatement(splitter.rest());
    }
    out.flush();
    return succeeded;
  }

  /// Runs a text of statements and backslash commands.
  public boolean runText(String text) throws IOException {
    return runStream(new BufferedReader(new java.io.StringReader(text)));
  }

  /// Runs a file.
  public boolean runFile(Path file) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      return runStream(reader);
    } catch (java.nio.file.NoSuchFileException e) {
      err.println(file + ": No such file or directory");
      return false;
    } catch (CharacterCodingException e) {
      out.flush();
      err.println(file + ": the text is not valid UTF-8");
      return false;
    }
  }

  private boolean line(String text, StatementSplitter splitter) {
    if (splitter.isEmpty()) {
      String stripped = text.strip();
      if (stripped.startsWith("\\")) {
        return command(stripped);
      }
      String source = sourceFile(stripped);
      if (source != null) {
        return include(source);
      }
      if (interactive && (stripped.equalsIgnoreCase("exit") || stripped.equalsIgnoreCase("quit"))) {
        finished = true;
        return true;
      }
    }
    boolean succeeded = true;
    List<String> statements = splitter.add(text + "\n");
    for (String statement : statements) {
      succeeded &= runStatement(statement);
    }
    return succeeded;
  }

  private static @org.jspecify.annotations.Nullable String sourceFile(String line) {
    if (!line.toUpperCase(Locale.ROOT).startsWith("SOURCE ")) {
      return null;
    }
    String name = line.substring(7).strip();
    return name.endsWith(";") ? name.substring(0, name.length() - 1).strip() : name;
  }

  boolean include(String name) {
    try {
      boolean wasInteractive = interactive;
      interactive = false;
      try {
        return runFile(Path.of(name));
      } finally {
        interactive = wasInteractive;
      }
    } catch (IOException e) {
      err.println(name + ": " + e.getMessage());
      return false;
    }
  }

  private boolean command(String line) {
    try {
      return commands.run(line);
    } catch (SqlException e) {
      printError(e, line);
      return false;
    }
  }

  boolean runStatement(String statement) {
    String text = statement.strip();
    long start = System.nanoTime();
    try {
      QueryResult result = session.query(text);
      String time = timing ? String.format(Locale.ROOT, "(%.3fs)", (System.nanoTime() - start) / 1e9) : "";
      printResult(result, time);
      return true;
    } catch (SqlException e) {
      printError(e, text);
      return false;
    }
  }

  private void printResult(QueryResult result, String time) {
    if (!result.columnNames().isEmpty() || result.commandTag().startsWith("SELECT")) {
      printer.print(result, "", printer.style() == OutputStyle.ALIGNED ? "" : time);
      if (printer.style() == OutputStyle.ALIGNED && !time.isEmpty()) {
        out.println("Time: " + time);
      }
      return;
    }
    if (printer.tuplesOnly() || result.commandTag().isEmpty()) {
      return;
    }
    if (printer.style() != OutputStyle.BOXED) {
      out.println(result.commandTag());
      return;
    }
    String tag = result.commandTag();
    int space = tag.lastIndexOf(' ');
    String count = space < 0 ? "" : tag.substring(space + 1);
    boolean counted = !count.isEmpty() && count.chars().allMatch(Character::isDigit);
    String affected = counted ? ", " + count + (count.equals("1") ? " row" : " rows") + " affected" : "";
    out.println("Query OK" + affected + (time.isEmpty() ? "" : " " + time));
  }

  /// Prints an error as psql does, with the line and a caret under the position.
  void printError(SqlException e, String statement) {
    out.flush();
    err.println("ERROR:  " + e.getMessage());
    if (e.position() > 0 && e.position() <= statement.length() + 1) {
      int at = e.position() - 1;
      int lineStart = statement.lastIndexOf('\n', Math.max(0, at - 1)) + 1;
      int lineEnd = statement.indexOf('\n', at);
      int number = (int) statement.substring(0, lineStart).chars().filter(c -> c == '\n').count() + 1;
      String prefix = "LINE " + number + ": ";
      err.println(prefix + statement.substring(lineStart, lineEnd < 0 ? statement.length() : lineEnd));
      err.println(" ".repeat(prefix.length() + at - lineStart) + "^");
    }
    if (e.detail() != null) {
      err.println("DETAIL:  " + e.detail());
    }
    if (e.hint() != null) {
      err.println("HINT:  " + e.hint());
    }
    if (e.context() != null) {
      err.println("CONTEXT:  " + e.context());
    }
  }
}
