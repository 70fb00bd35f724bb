package io.heliosdb.nano.cli.repl;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.QueryResult;
import io.heliosdb.nano.Row;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.dump.DumpManager;
import io.heliosdb.nano.persistence.dump.DumpOptions;
import io.heliosdb.nano.persistence.dump.DumpReport;
import io.heliosdb.nano.persistence.dump.RestoreOptions;
import io.heliosdb.nano.persistence.dump.RestoreReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The backslash commands. Listings are ordinary queries on `pg_catalog`.
final class MetaCommands {
  private static final String RELATION_LIST =
      """
      SELECT n.nspname AS "Schema", c.relname AS "Name",
             CASE c.relkind WHEN 'r' THEN 'table' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'i' THEN 'index'
               WHEN 'S' THEN 'sequence' WHEN 'p' THEN 'partitioned table' ELSE c.relkind::text END AS "Type",
             pg_catalog.pg_get_userbyid(c.relowner) AS "Owner"
      FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind::text = ANY ($1) AND c.relname LIKE $2 AND (n.nspname IN ('pg_catalog', 'information_schema')) = $3
      ORDER BY 1, 2""";

  private final Repl repl;
  private final TablePrinter printer;
  private final EmbeddedDatabase database;

  MetaCommands(Repl repl, TablePrinter printer, EmbeddedDatabase database) {
    this.repl = repl;
    this.printer = printer;
    this.database = database;
  }

  /// Runs one line that begins with a backslash; false when a file that it includes fails.
  ///
  /// @throws SqlException when a query fails or the command is unknown (42601)
  boolean run(String line) {
    String[] words = line.strip().replaceAll(";$", "").split("\\s+", 2);
    String argument = words.length > 1 ? words[1].strip() : "";
    switch (words[0]) {
      case "\\q", "\\quit" -> repl.finish();
      case "\\h", "\\?", "\\help" -> help();
      case "\\d" -> {
        if (argument.isEmpty()) {
          list("List of relations", List.of("r", "p", "v", "m", "S"), "%", false);
        } else {
          describe(argument);
        }
      }
      case "\\dt" -> list("List of relations", List.of("r", "p"), pattern(argument), false);
      case "\\dv" -> list("List of relations", List.of("v"), pattern(argument), false);
      case "\\dm" -> list("List of relations", List.of("m"), pattern(argument), false);
      case "\\di" -> list("List of relations", List.of("i"), pattern(argument), false);
      case "\\ds" -> list("List of relations", List.of("S"), pattern(argument), false);
      case "\\dS" -> {
        if (argument.isEmpty()) {
          list("List of system views", List.of("r", "v"), "%", true);
        } else {
          describe(argument);
        }
      }
      case "\\dn" ->
          show("List of schemas", "SELECT nspname AS \"Name\", pg_catalog.pg_get_userbyid(nspowner) AS \"Owner\" FROM pg_catalog.pg_namespace"
              + " WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY 1");
      case "\\du", "\\dg" ->
          show("List of roles", "SELECT rolname AS \"Role name\", rolsuper AS \"Superuser\", rolcanlogin AS \"Can login\" FROM pg_catalog.pg_roles"
              + " WHERE rolname !~ '^pg_' ORDER BY 1");
      case "\\l" -> show("List of databases", "SELECT datname AS \"Name\", pg_catalog.pg_get_userbyid(datdba) AS \"Owner\" FROM pg_catalog.pg_database ORDER BY 1");
      case "\\df" ->
          show("List of functions", "SELECT n.nspname AS \"Schema\", p.proname AS \"Name\", pg_catalog.pg_get_function_result(p.oid) AS \"Result data type\","
              + " pg_catalog.pg_get_function_arguments(p.oid) AS \"Argument data types\" FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace"
              + " WHERE n.nspname <> 'pg_catalog' AND n.nspname <> 'information_schema' AND p.proname LIKE $1 ORDER BY 1, 2, 4", pattern(argument));
      case "\\dump" -> dump(argument);
      case "\\restore" -> restore(argument);
      case "\\i", "\\include" -> {
        return repl.include(argument);
      }
      case "\\timing" -> {
        repl.timing(onOff(argument, repl.timing()));
        repl.out().println("Timing is " + (repl.timing() ? "on." : "off."));
      }
      case "\\x" -> {
        printer.expanded(onOff(argument, printer.expanded()));
        repl.out().println("Expanded display is " + (printer.expanded() ? "on." : "off."));
      }
      case "\\t" -> {
        printer.tuplesOnly(onOff(argument, printer.tuplesOnly()));
        repl.out().println("Tuples only is " + (printer.tuplesOnly() ? "on." : "off."));
      }
      case "\\a" -> {
        printer.style(printer.style() == OutputStyle.UNALIGNED ? OutputStyle.ALIGNED : OutputStyle.UNALIGNED);
        repl.out().println("Output format is " + printer.style().name().toLowerCase(Locale.ROOT) + ".");
      }
      case "\\pset" -> set(argument);
      case "\\c", "\\connect" -> connect(argument);
      case "\\conninfo" -> repl.out().println("You are connected to database \"" + one("SELECT current_database()") + "\" as user \"" + one("SELECT current_user") + "\".");
      case "\\echo" -> repl.out().println(argument);
      default ->
          throw new SqlException(SqlState.SYNTAX_ERROR, "invalid command " + words[0]).withHint("Try \\? for help.");
    }
    return true;
  }

  /// `\dump FILE [append]`.
  private void dump(String argument) {
    boolean append = argument.endsWith(" append");
    String file = append ? argument.substring(0, argument.length() - 7).strip() : argument;
    if (file.isEmpty()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "\\dump: missing required argument");
    }
    DumpReport report = new DumpManager(database).dump(DumpOptions.to(Path.of(file)).withAppend(append).withBranch(one("SELECT pg_current_branch()")));
    report.notices().forEach(notice -> repl.out().println("NOTICE:  " + notice));
    repl.out().println("Dumped " + report.tablesDumped() + " tables, " + report.rowsDumped() + " rows to " + file + ".");
  }

  private void restore(String file) {
    if (file.isEmpty()) {
      throw new SqlException(SqlState.SYNTAX_ERROR, "\\restore: missing required argument");
    }
    RestoreReport report = new DumpManager(database).restore(RestoreOptions.from(Path.of(file)));
    repl.out().println("Restored " + report.tablesRestored() + " tables, " + report.rowsRestored() + " rows from " + file + ".");
  }

  private String one(String sql) {
    return repl.session().query(sql).row(0).getString(0);
  }

  private static boolean onOff(String argument, boolean now) {
    return switch (argument.toLowerCase(Locale.ROOT)) {
      case "on" -> true;
      case "off" -> false;
      default -> !now;
    };
  }

  private static String pattern(String argument) {
    return argument.isEmpty() ? "%" : argument.replace("_", "\\_").replace('*', '%').replace('?', '_');
  }

  private void set(String argument) {
    String[] words = argument.split("\\s+", 2);
    String value = words.length > 1 ? words[1] : "";
    switch (words[0]) {
      case "format" -> {
        try {
          printer.style(OutputStyle.valueOf(value.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
          throw new SqlException(SqlState.SYNTAX_ERROR, "\\pset: allowed formats are boxed, aligned, unaligned, csv");
        }
      }
      case "null" -> printer.nullText(value.replaceAll("^'|'$", ""));
      case "tuples_only" -> printer.tuplesOnly(onOff(value, printer.tuplesOnly()));
      case "expanded" -> printer.expanded(onOff(value, printer.expanded()));
      default -> throw new SqlException(SqlState.SYNTAX_ERROR, "\\pset: unknown option: " + words[0]);
    }
  }

  /// `\c name@branch` or `\c branch`: the shell has one database, so what changes is the branch.
  private void connect(String argument) {
    if (!argument.isEmpty()) {
      String branch = argument.contains("@") ? argument.substring(argument.indexOf('@') + 1) : argument;
      if (!branch.equals(one("SELECT current_database()"))) {
        repl.session().execute("USE BRANCH \"" + branch.replace("\"", "\"\"") + "\"");
      }
    }
    run("\\conninfo");
  }

  private void list(String title, List<String> kinds, String pattern, boolean system) {
    QueryResult result = repl.session().query(RELATION_LIST, kinds, pattern, system);
    if (result.isEmpty()) {
      repl.out().println("Did not find any relations.");
    } else {
      printer.print(result, title, "");
    }
  }

  private void show(String title, String sql, Object... arguments) {
    printer.print(repl.session().query(sql, arguments), title, "");
  }

  private void describe(String name) {
    QueryResult found =
        repl.session()
            .query("SELECT c.oid::bigint, n.nspname, c.relname, c.relkind::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE c.oid = to_regclass($1)", name);
    if (found.isEmpty()) {
      repl.out().println("Did not find any relation named \"" + name + "\".");
      return;
    }
    Row relation = found.row(0);
    long oid = relation.getLong(0);
    String kind =
        switch (relation.getString(3)) {
          case "v" -> "View";
          case "m" -> "Materialized view";
          case "i" -> "Index";
          case "S" -> "Sequence";
          case "p" -> "Partitioned table";
          default -> "Table";
        };
    show(kind + " \"" + relation.getString(1) + "." + relation.getString(2) + "\"",
        "SELECT a.attname AS \"Column\", pg_catalog.format_type(a.atttypid, a.atttypmod) AS \"Type\","
            + " CASE WHEN a.attnotnull THEN 'not null' ELSE '' END AS \"Nullable\","
            + " coalesce(pg_catalog.pg_get_expr(d.adbin, d.adrelid), CASE a.attidentity WHEN 'a' THEN 'generated always as identity'"
            + " WHEN 'd' THEN 'generated by default as identity' ELSE '' END) AS \"Default\""
            + " FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
            + " WHERE a.attrelid::bigint = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum", oid);
    section("Indexes:", "SELECT '\"' || c.relname || '\" ' || CASE WHEN i.indisprimary THEN 'PRIMARY KEY, ' WHEN i.indisunique THEN 'UNIQUE, ' ELSE '' END"
        + " || substring(pg_catalog.pg_get_indexdef(i.indexrelid) from 'USING (.*)$') FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
        + " WHERE i.indrelid::bigint = $1 ORDER BY i.indisprimary DESC, c.relname", oid);
    section("Check constraints:", constraints("c"), oid);
    section("Foreign-key constraints:", constraints("f"), oid);
    section("Referenced by:", "SELECT 'TABLE \"' || r.relname || '\" CONSTRAINT \"' || k.conname || '\" ' || pg_catalog.pg_get_constraintdef(k.oid)"
        + " FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class r ON r.oid = k.conrelid WHERE k.confrelid::bigint = $1 AND k.contype = 'f' ORDER BY k.conname", oid);
    if (kind.endsWith("iew")) {
      section("View definition:", "SELECT pg_catalog.pg_get_viewdef($1::oid, true)", oid);
    }
  }

  private static String constraints(String type) {
    return "SELECT '\"' || conname || '\" ' || pg_catalog.pg_get_constraintdef(oid) FROM pg_catalog.pg_constraint WHERE conrelid::bigint = $1 AND contype = '" + type
        + "' ORDER BY conname";
  }

  private void section(String title, String sql, long oid) {
    List<String> lines = new ArrayList<>();
    repl.session().query(sql, oid).forEach(row -> lines.add(row.getString(0)));
    if (!lines.isEmpty()) {
      PrintWriter out = repl.out();
      out.println(title);
      lines.forEach(text -> out.println("    " + text));
    }
  }

  private void help() {
    repl.out().print(
        """
        SQL statements end with a semicolon and may span lines.
          \\h, \\?          this help
          \\q              quit (also Ctrl-D)
          \\d              list tables, views and sequences
          \\d NAME         describe a table, view, index or sequence
          \\dt \\dv \\di \\ds \\dm [PATTERN]   list tables, views, indexes, sequences, materialized views
          \\dn \\du \\l \\df [PATTERN]        list schemas, roles, databases, functions
          \\dS [NAME]      list or describe system views
          \\i FILE         run a file (also: SOURCE FILE;)
          \\dump FILE [append]   dump the database to a file (.heliodump or .sql)
          \\restore FILE   restore a dump: its tables replace those that are there
          \\timing [on|off]   print the time of each statement
          \\x [on|off]     one column per line
          \\t [on|off]     rows only
          \\a              switch between unaligned and aligned
          \\pset format boxed|aligned|unaligned|csv, \\pset null TEXT
          \\c [BRANCH]     switch the branch, show the connection
        """);
  }
}
