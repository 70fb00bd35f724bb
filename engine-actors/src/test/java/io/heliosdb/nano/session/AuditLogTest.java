package io.heliosdb.nano.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.DatabaseConfig;
import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.SessionManager;
import io.heliosdb.nano.error.SqlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The audit trail: what each level records, in the view and in the file, without passwords, within its bounds.
@Timeout(60)
class AuditLogTest {
  @TempDir Path directory;

  private static String trail(EmbeddedDatabase db) {
    StringJoiner lines = new StringJoiner("\n");
    db.query("SELECT user_name, action, statement, outcome, sqlstate FROM heliosdb_audit_log WHERE user_name <> 'heliosdb' ORDER BY entry_id")
        .forEach(row -> lines.add(row.getString(0) + "|" + row.getString(1) + "|" + row.getString(2) + "|" + row.getString(3) + "|" + row.getString(4)));
    return lines.toString();
  }

  private static void work(EmbeddedDatabase db) {
    db.execute("CREATE ROLE alice LOGIN SUPERUSER");
    SessionManager sessions = db.sessionManager();
    long id = sessions.createSession("alice");
    sessions.execute(id, "CREATE TABLE t (a int)");
    sessions.execute(id, "CREATE ROLE bob LOGIN PASSWORD 'it''s secret'");
    sessions.execute(id, "INSERT INTO t VALUES ($1)", 1);
    assertThrows(SqlException.class, () -> sessions.execute(id, "DELETE FROM missing"));
    assertThrows(SqlException.class, () -> sessions.execute(id, "DROP TABLE IF EXISTS"));
    sessions.query(id, "SELECT a FROM t");
    sessions.destroySession(id);
  }

  @Test
  void definitions_changes_or_everything() {
    String ddl =
        """
        alice|login|null|ok|null
        alice|ddl|CREATE TABLE t (a int)|ok|null
        alice|ddl|CREATE ROLE bob LOGIN PASSWORD '***'|ok|null
        alice|ddl|DROP TABLE IF EXISTS|failed|42601
        alice|logout|null|ok|null""";
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory(DatabaseConfig.DEFAULT.withSetting("heliosdb.audit", "ddl"))) {
      work(db);
      assertEquals(ddl, trail(db));
      SessionManager sessions = db.sessionManager();
      db.execute("CREATE ROLE carol LOGIN");
      long carol = sessions.createSession("carol");
      assertEquals("42501", assertThrows(SqlException.class, () -> sessions.query(carol, "SELECT * FROM heliosdb_audit_log")).state().code());
    }
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory(DatabaseConfig.DEFAULT.withSetting("heliosdb.audit", "write"))) {
      work(db);
      assertTrue(trail(db).contains("alice|write|INSERT INTO t VALUES ($1)|ok|null\nalice|write|DELETE FROM missing|failed|42P01\n"));
      assertFalse(trail(db).contains("SELECT"));
    }
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory(DatabaseConfig.DEFAULT.withSetting("heliosdb.audit", "all"))) {
      work(db);
      assertTrue(trail(db).contains("alice|select|SELECT a FROM t|ok|null"));
    }
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      work(db);
      assertEquals("", trail(db));
    }
  }

  @Test
  void the_ring_is_bounded_and_the_file_is_whole() throws IOException {
    Path file = directory.resolve("audit.jsonl");
    try (EmbeddedDatabase db =
        EmbeddedDatabase.newInMemory(
            DatabaseConfig.DEFAULT.withSetting("heliosdb.audit", "all").withSetting("heliosdb.audit_entries", "100").withSetting("heliosdb.audit_file", file.toString()))) {
      work(db);
      for (int i = 0; i < 300; i++) {
        db.execute("SELECT 'line\n\"" + i + "\"'");
      }
      assertEquals(100L, db.queryOne("SELECT count(*) FROM heliosdb_audit_log", Long.class));
    }
    List<String> lines = Files.readAllLines(file);
    assertEquals(300, lines.stream().filter(line -> line.contains("\"statement\": \"SELECT 'line\\n\\\"")).count());
    assertTrue(lines.stream().noneMatch(line -> line.contains("secret")));
    assertTrue(lines.stream().anyMatch(line -> line.contains("\"user\": \"alice\"") && line.contains("\"sqlstate\": \"42P01\"")));
  }

  @Test
  void statements_are_told_apart_by_their_first_word() {
    assertEquals("ddl", AuditLog.action("-- note\n /* more */ create table x ()"));
    assertEquals("write", AuditLog.action("WITH x AS (DELETE FROM t RETURNING a) SELECT * FROM x"));
    assertEquals("select", AuditLog.action("(SELECT 1)"));
    assertEquals("privilege", AuditLog.action("GRANT ALL ON t TO x"));
    assertEquals("other", AuditLog.action("--"));
  }
}
