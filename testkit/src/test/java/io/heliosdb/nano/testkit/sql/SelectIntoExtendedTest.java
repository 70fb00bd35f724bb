package io.heliosdb.nano.testkit.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import org.junit.jupiter.api.Test;

/// SELECT INTO makes its table when it comes by Parse, Bind and Execute, too.
class SelectIntoExtendedTest {
  @Test
  void a_prepared_select_into_makes_the_table() throws Exception {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory();
        var server = db.startServer(0);
        Connection connection = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + server.port() + "/heliosdb?user=postgres")) {
      try (PreparedStatement into = connection.prepareStatement("SELECT i, i * 2 AS j INTO made FROM generate_series(1, ?) i WHERE i > ?")) {
        into.setInt(1, 5);
        into.setInt(2, 2);
        assertFalse(into.execute());
        assertEquals(3, into.getUpdateCount());
      }
      try (PreparedStatement count = connection.prepareStatement("SELECT count(*), sum(j) FROM made");
          ResultSet result = count.executeQuery()) {
        assertTrue(result.next());
        assertEquals(3, result.getInt(1));
        assertEquals(24, result.getInt(2));
      }
    }
  }
}
