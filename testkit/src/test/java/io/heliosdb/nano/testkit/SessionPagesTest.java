package io.heliosdb.nano.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.IsolationLevel;
import io.heliosdb.nano.SessionManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The examples of the pages on sessions, limits and configuration run as they stand.
class SessionPagesTest {
  private static final Pattern SQL = Pattern.compile("```sql\\n(.*?)```", Pattern.DOTALL);

  private static String page(String name) throws IOException {
    return Files.readString(Path.of("..", "docs", name + ".md"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sessions", "limits", "configuration"})
  void sql_examples_run(String name) throws IOException {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      db.execute("CREATE ROLE alice LOGIN");
      Matcher block = SQL.matcher(page(name));
      int count = 0;
      while (block.find()) {
        for (String statement : block.group(1).split(";\\n")) {
          db.execute(statement);
          count++;
        }
      }
      assertTrue(count >= 2);
    }
  }

  /// The calls of the Java example, in its order.
  @Test
  void java_example_of_sessions() throws IOException {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      db.execute("CREATE ROLE alice LOGIN; CREATE TABLE accounts (id int PRIMARY KEY, balance int); INSERT INTO accounts VALUES (1, 500); GRANT ALL ON accounts TO alice");
      SessionManager sessions = db.sessionManager();
      long id = sessions.createSession("alice", IsolationLevel.SERIALIZABLE);
      sessions.beginTransaction(id);
      sessions.execute(id, "UPDATE accounts SET balance = balance - 100 WHERE id = $1", 1);
      sessions.commitTransaction(id);
      sessions.destroySession(id);
      assertEquals(400, db.queryOne("SELECT balance FROM accounts WHERE id = 1", Integer.class));
      for (String call : new String[] {"createSession(\"alice\", IsolationLevel.SERIALIZABLE)", "beginTransaction(id)", "commitTransaction(id)", "destroySession(id)"}) {
        assertTrue(page("sessions").contains(call), call);
      }
    }
  }
}
