package io.heliosdb.nano.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(300)
class HikariTest {
  private static final int POOL = 20;

  @RegisterExtension
  static final Server SERVER = new Server("HikariCP", Server.versionOf(HikariDataSource.class));

  @Test
  void twenty_connections_count_together() throws Exception {
    try (HikariDataSource pool = SERVER.pool(POOL);
        ExecutorService threads = Executors.newFixedThreadPool(POOL)) {
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE counter (id int PRIMARY KEY, n int); INSERT INTO counter VALUES (1, 0)");
        connection.setAutoCommit(false);
        statement.execute("UPDATE counter SET n = 99");
      } // Hikari rolls back what was left open
      CyclicBarrier barrier = new CyclicBarrier(POOL);
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < POOL; i++) {
        running.add(threads.submit(() -> {
          try (Connection connection = pool.getConnection()) {
            barrier.await();
            connection.setAutoCommit(false);
            for (int round = 0; round < 10; round++) {
              try (PreparedStatement update = connection.prepareStatement("UPDATE counter SET n = n + ? WHERE id = ?")) {
                update.setInt(1, 1);
                update.setInt(2, 1);
                update.executeUpdate();
              }
              connection.commit();
            }
          }
          return null;
        }));
      }
      for (Future<?> future : running) {
        future.get();
      }
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement()) {
        try (ResultSet rows = statement.executeQuery("SELECT n FROM counter")) {
          rows.next();
          assertEquals(POOL * 10, rows.getInt(1));
        }
        assertEquals("42P01", assertThrows(SQLException.class, () -> statement.execute("SELECT * FROM nowhere")).getSQLState());
      }
      assertEquals(0, pool.getHikariPoolMXBean().getActiveConnections());
    }
  }
}
