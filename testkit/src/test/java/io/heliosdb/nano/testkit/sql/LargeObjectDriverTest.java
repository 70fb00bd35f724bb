package io.heliosdb.nano.testkit.sql;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.heliosdb.nano.EmbeddedDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.largeobject.LargeObject;
import org.postgresql.largeobject.LargeObjectManager;

/// pgjdbc's large objects, which use the function calls of the protocol.
class LargeObjectDriverTest {
  @Test
  void an_object_is_written_read_and_cut_through_the_driver() throws SQLException {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory();
        var server = db.startServer(0);
        Connection connection = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + server.port() + "/heliosdb", "postgres", "");
        Connection other = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + server.port() + "/heliosdb", "postgres", "")) {
      connection.setAutoCommit(false);
      other.setAutoCommit(false);
      LargeObjectManager manager = connection.unwrap(PGConnection.class).getLargeObjectAPI();
      byte[] bytes = new byte[100_000];
      new Random(7).nextBytes(bytes);
      long oid = manager.createLO();
      try (LargeObject object = manager.open(oid, LargeObjectManager.READWRITE)) {
        object.write(bytes);
        object.seek(50_000);
        assertEquals(50_000, object.tell64());
        assertArrayEquals(java.util.Arrays.copyOfRange(bytes, 50_000, 60_000), object.read(10_000));
        assertEquals(bytes.length, object.size64());
      }
      LargeObjectManager others = other.unwrap(PGConnection.class).getLargeObjectAPI();
      assertThrows(SQLException.class, () -> others.open(oid, LargeObjectManager.READ), "not committed yet");
      other.rollback();
      connection.commit();
      try (LargeObject object = others.open(oid, LargeObjectManager.READ)) {
        assertArrayEquals(bytes, object.read(bytes.length + 10));
        SQLException refused = assertThrows(SQLException.class, () -> object.write(new byte[1]));
        assertEquals("55000", refused.getSQLState());
      } catch (SQLException e) {
        assertEquals("25P02", e.getSQLState(), "closing in the failed transaction");
      }
      other.rollback();
      try (LargeObject object = manager.open(oid, LargeObjectManager.WRITE)) {
        object.truncate64(3000);
      }
      manager.unlink(manager.createLO());
      connection.rollback();
      try (LargeObject object = manager.open(oid, LargeObjectManager.READ)) {
        assertEquals(bytes.length, object.size64(), "the cut was undone");
      }
      connection.commit();
    }
  }
}
