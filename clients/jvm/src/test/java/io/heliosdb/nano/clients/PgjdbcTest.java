package io.heliosdb.nano.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.JDBCType;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.PGConnection;
import org.postgresql.util.PGobject;
import org.postgresql.util.PSQLException;

@Timeout(300)
class PgjdbcTest {
  @RegisterExtension
  static final Server SERVER = new Server("pgjdbc", Server.versionOf(org.postgresql.Driver.class));

  private static Connection connect(String... properties) throws SQLException {
    Properties all = new Properties();
    all.put("user", "postgres");
    all.put("password", "x");
    for (int i = 0; i < properties.length; i += 2) {
      all.put(properties[i], properties[i + 1]);
    }
    return DriverManager.getConnection(SERVER.url(), all);
  }

  @BeforeAll
  static void schema() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("""
          CREATE TABLE team (id serial PRIMARY KEY, name varchar(40) NOT NULL UNIQUE);
          CREATE TYPE mood AS ENUM ('sad', 'happy');
          CREATE DOMAIN positive AS int CHECK (VALUE > 0);
          CREATE TABLE person (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, team_id int NOT NULL REFERENCES team ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
            name text NOT NULL DEFAULT 'nobody', salary numeric(10,2), mood mood, n positive, tags text[], doubled int GENERATED ALWAYS AS (length(name) * 2) STORED);
          CREATE INDEX person_name ON person (lower(name), team_id DESC) WHERE salary > 0;
          COMMENT ON TABLE person IS 'who works';
          COMMENT ON COLUMN person.name IS 'full name';
          CREATE VIEW rich AS SELECT name, salary FROM person WHERE salary > 100;
          CREATE FUNCTION add(a int, b int DEFAULT 1, OUT total int) LANGUAGE sql AS 'SELECT a + b';
          CREATE PROCEDURE act(INOUT x int) LANGUAGE plpgsql AS $$ BEGIN x := x * 2; END $$;
          CREATE FUNCTION many(n int) RETURNS refcursor LANGUAGE plpgsql AS $$ DECLARE c refcursor; BEGIN OPEN c FOR SELECT * FROM generate_series(1, n); RETURN c; END $$;
          """);
    }
  }

  @Test
  void parameters_of_many_types_in_text_and_binary() throws SQLException {
    for (String binary : List.of("true", "false")) {
      try (Connection connection = connect("binaryTransfer", binary, "prepareThreshold", binary.equals("true") ? "-1" : "5")) {
        LocalDateTime moment = LocalDateTime.of(2024, 2, 29, 23, 59, 59, 999_999_000);
        Object[][] values = {
          {"int4", Integer.MIN_VALUE}, {"int8", Long.MIN_VALUE}, {"float8", 0.1}, {"float4", 1.5f}, {"numeric", new BigDecimal("12345678901234567890.1234567890")}, {"bool", true},
          {"text", "it's \\ \u20ac \uD83D\uDE00"}, {"date", LocalDate.of(1, 1, 1)}, {"time", LocalTime.of(1, 2, 3, 4000)}, {"timestamp", moment},
          {"timestamptz", OffsetDateTime.of(moment, ZoneOffset.UTC)}, {"uuid", UUID.fromString("12345678-1234-5678-1234-567812345678")},
        };
        for (Object[] value : values) {
          try (PreparedStatement statement = connection.prepareStatement("SELECT ?::" + value[0])) {
            for (int round = 0; round < 7; round++) {
              statement.setObject(1, value[1]);
              try (ResultSet rows = statement.executeQuery()) {
                assertTrue(rows.next());
                assertEquals(value[1], rows.getObject(1, value[1].getClass()), (String) value[0]);
              }
              statement.setNull(1, Types.OTHER);
              try (ResultSet rows = statement.executeQuery()) {
                assertTrue(rows.next());
                assertNull(rows.getObject(1));
              }
            }
          }
        }
        try (PreparedStatement statement = connection.prepareStatement("SELECT ?::bytea, ?::int[], ?::text[], ?::jsonb, ?::interval, ?::mood")) {
          statement.setBytes(1, new byte[] {0, -1, 92});
          statement.setArray(2, connection.createArrayOf("int4", new Object[] {1, null, 3}));
          statement.setObject(3, new String[] {"a,b", "c\"d", null, ""});
          PGobject json = new PGobject();
          json.setType("jsonb");
          json.setValue("{\"a\": [1, null]}");
          statement.setObject(4, json);
          statement.setObject(5, new org.postgresql.util.PGInterval("1 mon 2 days 00:00:03.5"));
          statement.setString(6, "happy");
          try (ResultSet rows = statement.executeQuery()) {
            assertTrue(rows.next());
            assertArrayEquals(new byte[] {0, -1, 92}, rows.getBytes(1));
            assertArrayEquals(new Object[] {1, null, 3}, (Object[]) rows.getArray(2).getArray());
            assertArrayEquals(new Object[] {"a,b", "c\"d", null, ""}, (Object[]) rows.getArray(3).getArray());
            assertEquals("{\"a\": [1, null]}", rows.getString(4));
            assertEquals(new org.postgresql.util.PGInterval("1 mon 2 days 3.5 secs"), rows.getObject(5));
            assertEquals("happy", rows.getString(6));
            assertEquals("mood", rows.getMetaData().getColumnTypeName(6));
          }
        }
      }
    }
  }

  @Test
  void statements_batches_keys_calls_and_cursors() throws SQLException {
    try (Connection connection = connect("reWriteBatchedInserts", "true")) {
      int team;
      try (PreparedStatement insert = connection.prepareStatement("INSERT INTO team (name) VALUES (?)", Statement.RETURN_GENERATED_KEYS)) {
        insert.setString(1, "red");
        assertEquals(1, insert.executeUpdate());
        try (ResultSet keys = insert.getGeneratedKeys()) {
          assertTrue(keys.next());
          team = keys.getInt("id");
        }
      }
      connection.setAutoCommit(false);
      try (PreparedStatement insert = connection.prepareStatement("INSERT INTO person (team_id, name, salary, tags) VALUES (?, ?, ?, ?)")) {
        for (int i = 0; i < 500; i++) {
          insert.setInt(1, team);
          insert.setString(2, "p" + i);
          insert.setBigDecimal(3, BigDecimal.valueOf(i));
          insert.setArray(4, connection.createArrayOf("text", new String[] {"t" + i}));
          insert.addBatch();
        }
        assertEquals(500, insert.executeBatch().length);
      }
      try (PreparedStatement select = connection.prepareStatement("SELECT id, name FROM person ORDER BY id")) {
        select.setFetchSize(7);
        int count = 0;
        try (ResultSet rows = select.executeQuery()) {
          while (rows.next()) {
            count++;
          }
        }
        assertEquals(500, count);
      }
      try (Statement statement = connection.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
          ResultSet rows = statement.executeQuery("SELECT id, name, salary FROM person WHERE name = 'p7'")) {
        assertTrue(rows.next());
        rows.updateString("name", "seven");
        rows.updateRow();
        assertEquals("seven", rows.getString("name"));
      }
      try (var call = connection.prepareCall("{? = call add(?, ?)}")) {
        call.registerOutParameter(1, Types.INTEGER);
        call.setInt(2, 3);
        call.setInt(3, 4);
        call.execute();
        assertEquals(7, call.getInt(1));
      }
      try (var call = connection.prepareCall("call act(?)")) {
        call.setInt(1, 21);
        call.registerOutParameter(1, Types.INTEGER);
        call.execute();
        assertEquals(42, call.getInt(1));
      }
      try (var call = connection.prepareCall("{? = call many(?)}")) {
        call.registerOutParameter(1, Types.REF_CURSOR);
        call.setInt(2, 5);
        call.execute();
        try (ResultSet rows = call.getObject(1, ResultSet.class)) {
          int count = 0;
          while (rows.next()) {
            count++;
          }
          assertEquals(5, count);
        }
      }
      connection.commit();
      assertThrows(BatchUpdateException.class, () -> {
        try (Statement statement = connection.createStatement()) {
          statement.addBatch("UPDATE person SET salary = 1 WHERE name = 'p1'");
          statement.addBatch("SELECT 1/0");
          statement.executeBatch();
        }
      });
      connection.rollback();
    }
  }

  @Test
  void errors_transactions_copy_and_notifications() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO team (name) VALUES ('blue')");
      PSQLException unique = assertThrows(PSQLException.class, () -> statement.execute("INSERT INTO team (name) VALUES ('blue')"));
      assertEquals("23505", unique.getSQLState());
      assertEquals("team_name_key", unique.getServerErrorMessage().getConstraint());
      PSQLException domain = assertThrows(PSQLException.class, () -> statement.execute("SELECT (-1)::positive"));
      assertEquals(List.of("public", "positive", "positive_check"), List.of(domain.getServerErrorMessage().getSchema(), domain.getServerErrorMessage().getDatatype(), domain.getServerErrorMessage().getConstraint()));
      assertEquals(8, assertThrows(PSQLException.class, () -> statement.execute("SELECT nope FROM team")).getServerErrorMessage().getPosition());
      connection.setAutoCommit(false);
      Savepoint savepoint = connection.setSavepoint("s");
      assertThrows(PSQLException.class, () -> statement.execute("SELECT 1/0"));
      assertEquals("25P02", assertThrows(PSQLException.class, () -> statement.execute("SELECT 1")).getSQLState());
      connection.rollback(savepoint);
      statement.execute("DELETE FROM team WHERE name = 'blue'");
      connection.rollback();
      connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
      assertEquals(Connection.TRANSACTION_SERIALIZABLE, connection.getTransactionIsolation());
      connection.rollback();
      connection.setAutoCommit(true);
      connection.setReadOnly(true);
      connection.setReadOnly(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      statement.setQueryTimeout(1);
      assertEquals("57014", assertThrows(PSQLException.class, () -> statement.execute("SELECT pg_sleep(30)")).getSQLState());
      statement.setQueryTimeout(0);
      PGConnection pg = connection.unwrap(PGConnection.class);
      statement.execute("CREATE TABLE copied (a int, b text)");
      assertEquals(2, pg.getCopyAPI().copyIn("COPY copied FROM STDIN (FORMAT csv)", new StringReader("1,\"x,y\"\n2,\n")));
      StringWriter out = new StringWriter();
      pg.getCopyAPI().copyOut("COPY (SELECT * FROM copied ORDER BY a) TO STDOUT", out);
      assertEquals("1\tx,y\n2\t\\N\n", out.toString());
      statement.execute("LISTEN news");
      statement.execute("NOTIFY news, 'it'");
      assertEquals("it", pg.getNotifications(1000)[0].getParameter());
      assertTrue(connection.isValid(1));
      statement.execute("DO $$ BEGIN RAISE WARNING 'careful'; END $$");
      assertEquals("careful", statement.getWarnings().getMessage());
    }
  }

  @Test
  void metadata() throws SQLException {
    try (Connection connection = connect()) {
      DatabaseMetaData meta = connection.getMetaData();
      assertEquals(List.of("person TABLE who works", "team TABLE null"), list(meta.getTables(null, "public", "%e%", new String[] {"TABLE"}), "TABLE_NAME", "TABLE_TYPE", "REMARKS")
          .stream().filter(line -> !line.startsWith("copied")).toList());
      assertEquals(List.of("rich VIEW"), list(meta.getTables(null, "public", "rich", null), "TABLE_NAME", "TABLE_TYPE"));
      assertEquals(
          List.of("id -5 int8 19 NO null YES NO", "team_id 4 int4 10 NO null NO NO", "name 12 text 2147483647 NO 'nobody'::text NO NO", "salary 2 numeric 10 YES null NO NO",
              "mood 12 mood 2147483647 YES null NO NO", "n 2001 positive 10 YES null NO NO", "tags 2003 _text 2147483647 YES null NO NO", "doubled 4 int4 10 YES (length(name) * 2) NO YES"),
          list(meta.getColumns(null, "public", "person", null), "COLUMN_NAME", "DATA_TYPE", "TYPE_NAME", "COLUMN_SIZE", "IS_NULLABLE", "COLUMN_DEF", "IS_AUTOINCREMENT", "IS_GENERATEDCOLUMN"));
      assertEquals(List.of("id 1 person_pkey"), list(meta.getPrimaryKeys(null, "public", "person"), "COLUMN_NAME", "KEY_SEQ", "PK_NAME"));
      assertEquals(List.of("team id person team_id 3 0 person_team_id_fkey team_pkey 5"),
          list(meta.getImportedKeys(null, "public", "person"), "PKTABLE_NAME", "PKCOLUMN_NAME", "FKTABLE_NAME", "FKCOLUMN_NAME", "UPDATE_RULE", "DELETE_RULE", "FK_NAME", "PK_NAME", "DEFERRABILITY"));
      assertEquals(1, list(meta.getExportedKeys(null, "public", "team"), "FK_NAME").size());
      assertEquals(List.of("f person_pkey 1 id A null", "t person_name 1 lower(name) A (salary > (0)::numeric)", "t person_name 2 team_id D (salary > (0)::numeric)"),
          list(meta.getIndexInfo(null, "public", "person", false, true), "NON_UNIQUE", "INDEX_NAME", "ORDINAL_POSITION", "COLUMN_NAME", "ASC_OR_DESC", "FILTER_CONDITION"));
      assertEquals(List.of("add 1", "many 1"), list(meta.getFunctions(null, "public", "%"), "FUNCTION_NAME", "FUNCTION_TYPE"));
      assertEquals(List.of("returnValue 4 int4", "a 1 int4", "b 1 int4", "total 3 int4"), list(meta.getFunctionColumns(null, "public", "add", null), "COLUMN_NAME", "COLUMN_TYPE", "TYPE_NAME"));
      assertEquals(List.of("act"), list(meta.getProcedures(null, "public", "act"), "PROCEDURE_NAME"));
      assertEquals(List.of("information_schema", "pg_catalog", "public"), list(meta.getSchemas(), "TABLE_SCHEM").stream().filter(s -> !s.startsWith("pg_t")).toList());
      assertEquals(List.of("positive 2001"), list(meta.getUDTs(null, "public", "positive", null), "TYPE_NAME", "DATA_TYPE"));
      assertTrue(list(meta.getTypeInfo(), "TYPE_NAME").containsAll(List.of("int4", "text", "jsonb", "mood", "positive", "_text")));
      assertEquals(List.of("id 2 int8"), list(meta.getBestRowIdentifier(null, "public", "person", DatabaseMetaData.bestRowSession, true), "COLUMN_NAME", "SCOPE", "TYPE_NAME"));
      assertFalse(list(meta.getTablePrivileges(null, "public", "person"), "PRIVILEGE").isEmpty());
      assertEquals(7, list(meta.getTablePrivileges(null, "public", "person"), "PRIVILEGE").size());
      assertEquals(7, list(meta.getColumnPrivileges(null, "public", "person", "name"), "PRIVILEGE").size());
      assertEquals(15, meta.getDatabaseMajorVersion());
      assertTrue(meta.getSQLKeywords().contains("analyse"));
      try (PreparedStatement statement = connection.prepareStatement("SELECT p.name, count(*), p.salary FROM person p WHERE p.id = ? GROUP BY p.name, p.salary")) {
        assertEquals(JDBCType.BIGINT, JDBCType.valueOf(statement.getParameterMetaData().getParameterType(1)));
        assertEquals("person", statement.getMetaData().getTableName(1));
        assertEquals(2, statement.getMetaData().getScale(3));
      }
    }
  }

  private static List<String> list(ResultSet rows, String... columns) throws SQLException {
    List<String> lines = new ArrayList<>();
    try (rows) {
      while (rows.next()) {
        List<String> cells = new ArrayList<>();
        for (String column : columns) {
          cells.add(rows.getString(column));
        }
        lines.add(String.join(" ", cells.stream().map(String::valueOf).toList()));
      }
    }
    return lines;
  }
}
