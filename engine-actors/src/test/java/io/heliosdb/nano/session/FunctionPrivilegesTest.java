package io.heliosdb.nano.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.error.SqlException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Who may call a function: everybody until EXECUTE is taken from PUBLIC, then those it is granted to, at the time of the call.
class FunctionPrivilegesTest {
  @Test
  void execute_is_checked_when_a_function_is_called() {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory(); EmbeddedSession session = db.createSession()) {
      session.execute("CREATE ROLE app");
      session.execute("CREATE FUNCTION in_sql(int) RETURNS int LANGUAGE sql AS 'SELECT $1 + 1'");
      session.execute("CREATE FUNCTION in_plpgsql(int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN $1 + 1; END'");
      session.execute("CREATE FUNCTION many() RETURNS SETOF int LANGUAGE sql AS 'SELECT generate_series(1, 3)'");
      session.execute("CREATE FUNCTION outside(int) RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT in_sql($1)'");
      session.execute("CREATE VIEW through AS SELECT in_sql(1) AS v");
      session.execute("GRANT SELECT ON through TO app");
      List<String> calls = List.of("SELECT in_sql(1)", "SELECT in_plpgsql(1)", "SELECT count(*) FROM many()", "SELECT in_sql(x) FROM generate_series(1, 2) x", "SELECT v FROM through");
      session.execute("SET ROLE app");
      calls.forEach(session::query);
      session.execute("RESET ROLE");
      session.execute("REVOKE EXECUTE ON FUNCTION in_sql(int), in_plpgsql(int), many() FROM PUBLIC");
      calls.forEach(session::query);
      session.execute("SET ROLE app");
      for (String call : calls) {
        SqlException refused = assertThrows(SqlException.class, () -> session.query(call), call);
        assertEquals("42501", refused.state().code(), call);
        assertEquals("permission denied for function", refused.getMessage().replaceAll(" [a-z_]+$", ""), call);
      }
      // A function that runs with its owner's rights calls what its owner may.
      assertEquals(2, session.queryOne("SELECT outside(1)", Integer.class));
      session.execute("RESET ROLE");
      session.execute("GRANT EXECUTE ON FUNCTION in_sql(int) TO app");
      session.execute("SET ROLE app");
      assertEquals(2, session.queryOne("SELECT in_sql(1)", Integer.class));
    }
  }
}
