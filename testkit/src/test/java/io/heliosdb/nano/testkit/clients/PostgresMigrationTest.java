package io.heliosdb.nano.testkit.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.dump.DumpManager;
import io.heliosdb.nano.persistence.dump.DumpOptions;
import io.heliosdb.nano.persistence.migrate.ImportReport;
import io.heliosdb.nano.persistence.migrate.ServerTarget;
import io.heliosdb.nano.persistence.migrate.SessionTarget;
import io.heliosdb.nano.persistence.migrate.postgres.PostgresImport;
import io.heliosdb.nano.persistence.migrate.postgres.PostgresOptions;
import io.heliosdb.nano.testkit.bench.BenchServer;
import java.io.IOException;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Databases move from a running PostgreSQL 15 with everything that this product has, value by value.
class PostgresMigrationTest {
  private static final Path BIN = Path.of("/usr/lib/postgresql/15/bin");
  private static final List<String> TABLES =
      List.of("kinds", "child", "self", "parted", "parted_eu", "parted_rest_low", "parted_rest_high", "changes", "no_key", "empty", "outer_view", "on_view", "stored");

  @TempDir static Path directory;
  private static BenchServer postgres;

  @BeforeAll
  static void start() throws Exception {
    if (!Files.isExecutable(BIN.resolve("postgres"))) {
      if ("true".equals(System.getenv("CI"))) {
        fail("PostgreSQL 15 is not installed: " + BIN);
      }
      abort("PostgreSQL 15 is not installed: " + BIN);
    }
    postgres = BenchServer.postgres(BIN, directory.resolve("postgres"), true);
    try (Connection connection = connect(postgres.port(), "postgres"); var script = PostgresMigrationTest.class.getResourceAsStream("migration.sql")) {
      execute(connection, "CREATE DATABASE bench");
      execute(connection, new String(script.readAllBytes(), StandardCharsets.UTF_8));
    }
    run("pgbench", "-i", "-s", "1", "-q", "--foreign-keys", "bench");
  }

  @AfterAll
  static void stop() {
    if (postgres != null) {
      postgres.close();
    }
  }

  private static void run(String program, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(BIN.resolve(program).toString(), "-h", "127.0.0.1", "-p", Integer.toString(postgres.port()), "-U", "postgres"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), command + "\n" + output);
  }

  private static Connection connect(int port, String database) throws SQLException {
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=postgres");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<String> rows(Connection connection, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }

  private static List<String> lost(ImportReport report) {
    return report.notes().stream().filter(ImportReport.Note::lost).map(Object::toString).filter(note -> !note.startsWith("constraint self_period_excl")).toList();
  }

  @Test
  void a_schema_of_many_types_arrives_whole_and_moves_on_between_our_servers() throws SQLException {
    Path data = directory.resolve("rich");
    ImportReport report;
    try (Connection source = connect(postgres.port(), "postgres")) {
      report = SessionTarget.inNewDirectory(data, target -> {
        try {
          return PostgresImport.into(target, connect(postgres.port(), "postgres"), PostgresOptions.DEFAULT.withSchemas(List.of("app")).withProgress(state -> {
            if (state.phase().equals("rows") && state.table().equals("app.kinds")) {
              try (Connection writer = connect(postgres.port(), "postgres")) {
                // Behind the import's snapshot: must not be seen in tables that are read later.
                execute(writer, "INSERT INTO app.no_key VALUES ('late')");
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            }
          }));
        } catch (SQLException e) {
          throw new IllegalStateException(e);
        }
      });
      assertEquals(List.of(), lost(report));
      execute(source, "DROP RULE r ON app.no_key; DELETE FROM app.no_key WHERE v = 'late'");
      try (EmbeddedDatabase database = EmbeddedDatabase.open(data); var server = database.startServer(0); Connection copy = connect(server.port(), "heliosdb")) {
        compare(source, copy);
        backAsScript(database, source);
        behaviour(database);
        anotherHop(server.port(), copy);
      }
    }
  }

  @Test
  void operators_casts_statistics_view_options_and_privileges_arrive() throws Exception {
    Path data = directory.resolve("more");
    try (Connection source = connect(postgres.port(), "postgres")) {
      execute(source, """
          CREATE ROLE more_reader; CREATE SCHEMA more; GRANT USAGE ON SCHEMA more TO PUBLIC;
          CREATE TYPE more.pair AS (a int, b int);
          CREATE FUNCTION more.same(more.pair, more.pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a + ($1).b = ($2).a + ($2).b';
          CREATE OPERATOR more.=~= (LEFTARG = more.pair, RIGHTARG = more.pair, FUNCTION = more.same, COMMUTATOR = OPERATOR(more.=~=), RESTRICT = eqsel);
          CREATE FUNCTION more.total(more.pair) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT ($1).a::bigint + ($1).b';
          CREATE CAST (more.pair AS bigint) WITH FUNCTION more.total(more.pair) AS ASSIGNMENT;
          CREATE TABLE more.t (id int PRIMARY KEY, p more.pair, x int, y int, secret text);
          INSERT INTO more.t VALUES (1, '(1,2)', 1, 1, 's'), (2, '(2,1)', 2, 2, 't');
          CREATE STATISTICS more.st (dependencies) ON x, y FROM more.t;
          CREATE VIEW more.v WITH (security_barrier = true) AS SELECT * FROM more.t WHERE id > 0 WITH LOCAL CHECK OPTION;
          GRANT SELECT (id, x), UPDATE (x) ON more.t TO PUBLIC; GRANT SELECT ON more.v TO PUBLIC; GRANT INSERT ON more.t TO more_reader;
          REVOKE EXECUTE ON FUNCTION more.total(more.pair) FROM PUBLIC;
          CREATE PUBLICATION more_changes""");
    }
    ImportReport report = SessionTarget.inNewDirectory(data, target -> {
      try {
        return PostgresImport.into(target, connect(postgres.port(), "postgres"), PostgresOptions.DEFAULT.withSchemas(List.of("more")));
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    });
    assertEquals(List.of("publication more_changes: is not carried over", "role more_reader: is not known here: its privileges (1) are not carried over"),
        report.notes().stream().filter(ImportReport.Note::lost).map(Object::toString).sorted().toList());
    try (Connection source = connect(postgres.port(), "postgres")) {
      execute(source, "DROP PUBLICATION more_changes");
    }
    try (EmbeddedDatabase database = EmbeddedDatabase.open(data)) {
      assertEquals(true, database.queryOne("SELECT a.p OPERATOR(more.=~=) b.p FROM more.t a, more.t b WHERE a.id = 1 AND b.id = 2", Boolean.class));
      assertEquals(3L, database.queryOne("SELECT p::bigint FROM more.t WHERE id = 2", Long.class));
      assertEquals("CREATE STATISTICS more.st (dependencies) ON x, y FROM more.t",
          database.queryOne("SELECT pg_get_statisticsobjdef(oid) FROM pg_statistic_ext", String.class));
      assertThrows(SqlException.class, () -> database.execute("INSERT INTO more.v VALUES (-1)"));
      assertEquals("check_option=local security_barrier=true",
          database.queryOne("SELECT string_agg(o, ' ' ORDER BY o) FROM (SELECT unnest(reloptions) o FROM pg_class WHERE oid = 'more.v'::regclass) x", String.class));
      database.execute("CREATE ROLE anybody");
      database.execute("SET ROLE anybody");
      assertEquals(3L, database.queryOne("SELECT sum(x) FROM more.t", Long.class));
      assertEquals("42501", assertThrows(SqlException.class, () -> database.execute("SELECT secret FROM more.t")).state().code());
      assertEquals("false true", database.queryOne(
          "SELECT has_function_privilege('more.total(more.pair)', 'execute') || ' ' || has_function_privilege('more.same(more.pair, more.pair)', 'execute')", String.class));
    }
  }

  /// A dump as a script restores with psql into PostgreSQL.
  private static void backAsScript(EmbeddedDatabase database, Connection source) throws SQLException {
    Path script = directory.resolve("back.sql");
    new DumpManager(database).dump(DumpOptions.to(script));
    execute(source, "CREATE DATABASE back");
    try {
      run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", "back", "-f", script.toString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
    try (Connection back = connect(postgres.port(), "back")) {
      for (String table : TABLES) {
        String sql = "SELECT t::text FROM app." + table + " t ORDER BY t::text COLLATE \"C\"";
        assertEquals(rows(source, sql), rows(back, sql), table);
      }
    }
  }

  private static void compare(Connection source, Connection copy) throws SQLException {
    for (String table : TABLES) {
      String sql = "SELECT t::text FROM app." + table + " t ORDER BY t::text COLLATE \"C\"";
      assertEquals(rows(source, sql), rows(copy, sql), table);
    }
    String columns =
        "SELECT attrelid::regclass || '.' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull || attidentity::text || attgenerated::text || coalesce(' ' || pg_get_expr(adbin, adrelid), '') "
            + "FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum JOIN pg_class c ON c.oid = attrelid "
            + "WHERE relnamespace = 'app'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0 ORDER BY 1";
    assertEquals(rows(source, columns), rows(copy, columns));
    String constraints = "SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'app'::regnamespace AND contype IN ('p', 'u', 'c', 'f') AND conrelid <> 0 ORDER BY 1";
    assertEquals(rows(source, constraints), rows(copy, constraints));
    String comments = "SELECT obj_description('app'::regnamespace, 'pg_namespace') || obj_description('app.kinds'::regclass, 'pg_class') || obj_description('app.mood'::regtype, 'pg_type') "
        + "|| obj_description('app.twice(integer)'::regprocedure, 'pg_proc') || col_description('app.kinds'::regclass, (SELECT attnum FROM pg_attribute WHERE attrelid = 'app.kinds'::regclass AND attname = 'Mixed Case'))";
    assertEquals(rows(source, comments), rows(copy, comments));
    String next = "SELECT nextval('app.counter') || ' ' || nextval('app.kinds_id_seq') || ' ' || nextval('app.kinds_big_seq')";
    assertEquals(rows(source, next), rows(copy, next));
  }

  private static void behaviour(EmbeddedDatabase database) {
    database.execute("UPDATE app.changes SET id = 2");
    assertEquals("touched", database.queryOne("SELECT changed FROM app.changes", String.class));
    for (String violation : List.of("INSERT INTO app.child VALUES (-5, 3, NULL)", "INSERT INTO app.child VALUES (10, -1, NULL)", "INSERT INTO app.child VALUES (10, 10, NULL)", "UPDATE app.kinds SET pos = 0")) {
      assertTrue(assertThrows(SqlException.class, () -> database.execute(violation)).state().code().startsWith("23"), violation);
    }
    database.execute("INSERT INTO app.parted VALUES (150, 'xx', 'there')");
    assertEquals(1L, database.queryOne("SELECT count(*) FROM app.parted_rest_high WHERE v = 'there'", Long.class));
  }

  /// The import reads our own server too, and writes into one.
  private static void anotherHop(int port, Connection first) throws SQLException {
    try (EmbeddedDatabase database = EmbeddedDatabase.newInMemory(); var server = database.startServer(0)) {
      try (ServerTarget target = new ServerTarget(connect(server.port(), "heliosdb"))) {
        assertEquals(List.of(), lost(PostgresImport.into(target, connect(port, "heliosdb"), PostgresOptions.DEFAULT)));
      }
      try (Connection second = connect(server.port(), "heliosdb")) {
        compare(first, second);
      }
    }
  }

  @Test
  void the_tables_of_pgbench() throws SQLException {
    Path data = directory.resolve("bench");
    ImportReport report = SessionTarget.inNewDirectory(data, target -> {
      try {
        return PostgresImport.into(target, connect(postgres.port(), "bench"), PostgresOptions.DEFAULT);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    });
    assertEquals(List.of(), report.notes());
    assertEquals(100_011, report.rows());
    try (EmbeddedDatabase database = EmbeddedDatabase.open(data)) {
      assertEquals("100000 5000050000 0", database.queryOne("SELECT concat_ws(' ', count(*), sum(aid), sum(abalance)) FROM pgbench_accounts", String.class));
      assertEquals("23503", assertThrows(SqlException.class, () -> database.execute("INSERT INTO pgbench_tellers VALUES (11, 2)")).state().code());
    }
  }

  @Test
  void a_failed_import_leaves_nothing() throws SQLException, IOException {
    Path data = directory.resolve("failed");
    try (Connection source = connect(postgres.port(), "bench")) {
      PostgresOptions options =
          PostgresOptions.DEFAULT.withProgress(state -> {
            if (state.rows() > 50_000) {
              throw new SqlException(SqlState.QUERY_CANCELED, "enough");
            }
          });
      assertThrows(SqlException.class, () -> SessionTarget.inNewDirectory(data, target -> PostgresImport.into(target, source, options)));
      assertTrue(source.isClosed());
    }
    assertFalse(Files.exists(data));
    try (var left = Files.list(directory)) {
      assertTrue(left.noneMatch(path -> path.getFileName().toString().contains("failed")));
    }
  }
}
