package io.heliosdb.nano.cli.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The shell as its user sees it: backslash commands, table styles, statements over several lines.
@Timeout(60)
class ReplTest {
  private EmbeddedDatabase db;
  private EmbeddedSession session;
  private StringWriter out;
  private StringWriter err;
  private Repl repl;

  @BeforeEach
  void open() {
    db = EmbeddedDatabase.newInMemory();
    session = db.createSession();
    db.execute("CREATE TABLE author (id serial PRIMARY KEY, name varchar(40) NOT NULL UNIQUE, fee numeric(8,2) DEFAULT 1.5 CHECK (fee > 0))");
    db.execute("CREATE TABLE book (isbn text PRIMARY KEY, author_id int REFERENCES author ON DELETE CASCADE)");
    db.execute("CREATE VIEW names AS SELECT name FROM author");
    db.execute("CREATE INDEX book_author ON book (author_id DESC)");
    db.execute("CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT n * 2'");
    use(OutputStyle.BOXED);
  }

  @AfterEach
  void close() {
    session.close();
    db.close();
  }

  private void use(OutputStyle style) {
    out = new StringWriter();
    err = new StringWriter();
    repl = new Repl(db, session, new PrintWriter(out, true), new PrintWriter(err, true), style, false);
  }

  /// What a text prints, without blanks at line ends.
  private String run(String text) throws IOException {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    repl.runText(text);
    return out.toString().replaceAll("(?m) +$", "");
  }

  private void assertLists(String command, String... lines) throws IOException {
    use(OutputStyle.UNALIGNED);
    List<String> printed = run(command).lines().toList();
    for (String line : lines) {
      assertTrue(printed.contains(line), () -> command + " should print " + line + " in " + printed + err);
    }
    assertEquals("", err.toString());
  }

  @Test
  void describe_family() throws IOException {
    assertLists("\\d", "public|author|table|heliosdb", "public|author_id_seq|sequence|heliosdb", "public|book|table|heliosdb", "public|names|view|heliosdb", "(4 rows)");
    assertLists("\\dt", "public|author|table|heliosdb", "(2 rows)");
    assertLists("\\dt b*", "public|book|table|heliosdb", "(1 row)");
    assertLists("\\dv", "public|names|view|heliosdb", "(1 row)");
    assertLists("\\di", "public|book_author|index|heliosdb");
    assertLists("\\ds", "public|author_id_seq|sequence|heliosdb");
    assertLists("\\dS", "pg_catalog|pg_class|table|postgres");
    assertLists("\\dS pg_class", "Table \"pg_catalog.pg_class\"");
    assertLists("\\dn", "public|pg_database_owner");
    assertLists("\\du", "heliosdb|t|t", "postgres|t|t");
    assertLists("\\l", "heliosdb|postgres");
    assertLists("\\df", "public|twice|integer|n integer", "(1 row)");
    assertLists("\\d author", "Table \"public.author\"", "id|integer|not null|nextval('author_id_seq'::regclass)", "name|character varying(40)|not null|",
        "fee|numeric(8,2)||1.5", "Indexes:", "    \"author_pkey\" PRIMARY KEY, btree (id)", "    \"author_name_key\" UNIQUE, btree (name)", "Check constraints:",
        "    \"author_fee_check\" CHECK ((fee > (0)::numeric))", "Referenced by:", "    TABLE \"book\" CONSTRAINT \"book_author_id_fkey\" FOREIGN KEY (author_id) REFERENCES author(id) ON DELETE CASCADE");
    assertLists("\\d book", "    \"book_author\" btree (author_id DESC)", "Foreign-key constraints:", "    \"book_author_id_fkey\" FOREIGN KEY (author_id) REFERENCES author(id) ON DELETE CASCADE");
    assertLists("\\d names", "View \"public.names\"", "View definition:");
    assertLists("\\d nowhere", "Did not find any relation named \"nowhere\".");
    assertLists("\\d public.book", "Table \"public.book\"");
    assertLists("\\dt nowhere*", "Did not find any relations.");
    assertLists("\\conninfo", "You are connected to database \"heliosdb\" as user \"heliosdb\".");
    assertLists("\\c", "You are connected to database \"heliosdb\" as user \"heliosdb\".");
    assertTrue(run("\\?").contains("\\timing"));
    assertTrue(run("\\h").contains("\\dt"));
  }

  @Test
  void boxed_tables() throws IOException {
    // Wide characters take two columns of the terminal.
    assertEquals(
        """
        +---+-------+------+
        | n | wide  | none |
        +---+-------+------+
        | 1 | abcde |      |
        | 2 | \u4f60\u597d  |      |
        +---+-------+------+
        (2 rows)
        """,
        run("SELECT * FROM (VALUES (1, 'abcde', NULL), (2, '\u4f60\u597d', NULL)) v (n, wide, none);"));
    assertEquals("+---+\n| v |\n+---+\n+---+\n(0 rows)\n", run("SELECT 1 AS v WHERE false;"));
    assertEquals("Query OK, 2 rows affected\n", run("INSERT INTO author (name) VALUES ('a'), ('b');"));
    assertEquals("Query OK\n", run("CREATE TABLE u (v int);"));
    run("\\pset null NULL");
    assertEquals("+------+\n| v    |\n+------+\n| NULL |\n+------+\n(1 row)\n", run("SELECT NULL AS v;"));
    assertEquals("+-----+\n| two |\n+-----+\n| one+|\n| two |\n+-----+\n(1 row)\n", run("SELECT E'one\\ntwo' AS two;"));
  }

  @Test
  void other_styles() throws IOException {
    use(OutputStyle.ALIGNED);
    assertEquals(" n | name\n---+------\n 1 | x\n(1 row)\n\n", run("SELECT 1 AS n, 'x' AS name;"));
    run("\\a");
    assertEquals("n|name\n1|x\n(1 row)\n", run("SELECT 1 AS n, 'x' AS name;"));
    run("\\pset format csv");
    assertEquals("n,name\n1,\"a,\"\"b\"\"\"\n", run("SELECT 1 AS n, 'a,\"b\"' AS name;"));
    run("\\pset format unaligned");
    run("\\t on");
    assertEquals("1|x\n", run("SELECT 1 AS n, 'x' AS name;"));
    run("\\t off");
    run("\\x");
    assertEquals("-[ RECORD 1 ]\nn    | 1\nname | x\n-[ RECORD 2 ]\nn    | 2\nname | y\n(2 rows)\n", run("SELECT * FROM (VALUES (1, 'x'), (2, 'y')) v (n, name);").replaceAll("(?m)^(-\\[ RECORD \\d+ ])-*$", "$1"));
    assertEquals("Expanded display is off.\n", run("\\x off"));
  }

  @Test
  void timing_is_printed_when_asked_for() throws IOException {
    assertEquals("Timing is on.\n", run("\\timing"));
    assertTrue(run("SELECT 1;").matches("(?s).*\\(1 row\\) \\(\\d+\\.\\d{3}s\\)\n"), out.toString());
    assertTrue(run("CREATE TABLE u (v int);").matches("Query OK \\(\\d+\\.\\d{3}s\\)\n"), out.toString());
    assertEquals("Timing is off.\n", run("\\timing off"));
    assertEquals("Query OK\n", run("DROP TABLE u;"));
  }

  @Test
  void statements_over_lines_and_several_on_one() throws IOException {
    use(OutputStyle.UNALIGNED);
    assertEquals("v\n1\n(1 row)\nv\n2\n(1 row)\n", run("SELECT 1 AS v; SELECT\n 2\n AS v\n;"));
    assertEquals("v\na;b\n(1 row)\n", run("SELECT 'a;b' /* ; */ AS v -- ;\n;"));
    assertEquals("CREATE FUNCTION\n", run("CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $body$\nBEGIN\n  RETURN 1;\nEND $body$;"));
    assertEquals("", run("  \n-- only a comment\n"));
  }

  @Test
  void an_error_shows_its_place_and_the_shell_goes_on() throws IOException {
    use(OutputStyle.UNALIGNED);
    assertEquals("v\n1\n(1 row)\n", run("SELECT *\nFROM author,\n  nowhere;\nSELECT 1 AS v;"));
    assertEquals("ERROR:  relation \"nowhere\" does not exist\nLINE 3:   nowhere;\n          ^\n", err.toString());
    run("DO $$ BEGIN RAISE NOTICE 'be aware' USING HINT = 'of this'; END $$;");
    assertEquals("NOTICE:  be aware\nHINT:  of this\n", err.toString());
    assertFalse(repl.runText("\\nonsense"));
    assertTrue(err.toString().contains("invalid command \\nonsense"), err.toString());
    run("BEGIN; SELECT 1/0;");
    assertEquals("ERROR:  division by zero\n", err.toString());
    run("SELECT 1;");
    assertTrue(err.toString().startsWith("ERROR:  current transaction is aborted"), err.toString());
    assertEquals("ROLLBACK\n", run("ROLLBACK;"));
  }

  @Test
  void include(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("a.sql"), "INSERT INTO author (name)\nVALUES ('from file');");
    use(OutputStyle.UNALIGNED);
    assertEquals("INSERT 0 1\n", run("\\i " + file));
    assertEquals("INSERT 0 1\n", run("SOURCE " + Files.writeString(directory.resolve("b.sql"), "INSERT INTO author (name) VALUES ('b');") + ";"));
    assertFalse(repl.runText("\\i " + directory.resolve("missing.sql")));
    assertEquals(2L, db.queryOne("SELECT count(*) FROM author", Long.class));
  }

  @Test
  void branches_are_switched_with_connect() throws IOException {
    use(OutputStyle.UNALIGNED);
    run("CREATE DATABASE BRANCH dev FROM main AS OF NOW;");
    assertEquals("", err.toString());
    assertTrue(run("\\c heliosdb@dev").startsWith("You are connected"), out + "" + err);
    run("DROP TABLE names_gone; INSERT INTO author (name) VALUES ('on dev');");
    assertEquals("n\n1\n(1 row)\n", run("SELECT count(*) AS n FROM author;"));
    run("\\c main");
    assertEquals("n\n0\n(1 row)\n", run("SELECT count(*) AS n FROM author;"));
    assertFalse(repl.runText("\\c heliosdb@nowhere"));
  }

  @Test
  void completion() {
    assertEquals(List.of("SELECT", "SET", "SAVEPOINT", "SHOW"), Completion.of(session, "S").stream().filter(word -> word.equals(word.toUpperCase(java.util.Locale.ROOT))).toList());
    assertEquals(List.of("select"), Completion.of(session, "sel"));
    assertEquals(List.of("author", "author_id_seq"), Completion.of(session, "auth").stream().filter(w -> w.startsWith("author")).toList());
    assertTrue(Completion.of(session, "\\d").containsAll(List.of("\\d", "\\dt", "\\dS")));
    // In a failed transaction nothing can be asked, and typing must go on.
    session.execute("BEGIN");
    try {
      session.execute("SELECT 1/0");
    } catch (io.heliosdb.nano.error.SqlException e) {
      assertEquals("22012", e.state().code());
    }
    assertEquals(List.of("select"), Completion.of(session, "sel"));
    session.execute("ROLLBACK");
  }
}
