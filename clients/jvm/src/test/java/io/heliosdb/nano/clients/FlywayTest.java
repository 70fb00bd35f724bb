package io.heliosdb.nano.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class FlywayTest {
  @RegisterExtension
  static final Server SERVER = new Server("Flyway", Server.versionOf(Flyway.class));

  private static Flyway flyway(HikariDataSource pool, Path directory) {
    return Flyway.configure().dataSource(pool).locations("filesystem:" + directory).schemas("app").createSchemas(true).cleanDisabled(false).placeholders(java.util.Map.of("who", "Ada")).load();
  }

  @Test
  void migrates_validates_repairs_and_cleans(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("V1__first.sql"), """
        CREATE TABLE team (id serial PRIMARY KEY, name text NOT NULL UNIQUE);
        CREATE TYPE mood AS ENUM ('sad', 'happy');
        INSERT INTO team (name) VALUES ('${who}'), ('a;b');
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := upper(NEW.name); RETURN NEW; END; $$;
        CREATE TRIGGER touched BEFORE INSERT ON team FOR EACH ROW EXECUTE FUNCTION touch();
        """);
    Files.writeString(directory.resolve("V2__second.sql"), """
        ALTER TABLE team ADD COLUMN mood mood DEFAULT 'sad';
        CREATE TABLE person (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, team_id int REFERENCES team);
        CREATE MATERIALIZED VIEW kept AS SELECT * FROM team;
        COPY person (team_id) FROM STDIN;
        1
        2
        \\.
        """);
    Files.writeString(directory.resolve("V2.1__concurrently.sql"), "CREATE INDEX CONCURRENTLY team_mood ON team (mood);\n");
    Files.writeString(directory.resolve("V2.1__concurrently.sql.conf"), "executeInTransaction=false\n");
    Files.writeString(directory.resolve("R__view.sql"), "CREATE OR REPLACE VIEW teams AS SELECT name FROM team;\n");
    try (HikariDataSource pool = SERVER.pool(20)) {
      Flyway flyway = flyway(pool, directory);
      assertEquals(4, flyway.migrate().migrationsExecuted);
      assertEquals(0, flyway.migrate().migrationsExecuted);
      assertTrue(flyway.validateWithResult().validationSuccessful);
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT string_agg(name, ',' ORDER BY id), (SELECT count(*) FROM app.person) FROM app.team")) {
        rows.next();
        assertEquals("Ada,a;b", rows.getString(1));
        assertEquals(2, rows.getInt(2));
      }
      Files.writeString(directory.resolve("V3__broken.sql"), "CREATE TABLE half (a int);\nSELECT 1/0;\n");
      FlywayException failure = assertThrows(FlywayException.class, () -> flyway(pool, directory).migrate());
      assertTrue(failure.getMessage().contains("22012"), failure.getMessage());
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT to_regclass('app.half')")) {
        rows.next();
        assertEquals(null, rows.getString(1));
      }
      Files.writeString(directory.resolve("V3__broken.sql"), "CREATE TABLE half (a int);\n");
      flyway(pool, directory).repair();
      concurrently(pool, directory);
      flyway(pool, directory).clean();
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'app'")) {
        rows.next();
        assertEquals(0, rows.getInt(1));
      }
      assertEquals(5, flyway(pool, directory).migrate().migrationsExecuted);
    }
  }

  /// Several instances start at once: an advisory lock lets one migrate.
  private static void concurrently(HikariDataSource pool, Path directory) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      Callable<Integer> migrate = () -> flyway(pool, directory).migrate().migrationsExecuted;
      int executed = 0;
      for (Future<Integer> future : threads.invokeAll(List.of(migrate, migrate, migrate, migrate))) {
        executed += future.get();
      }
      assertEquals(1, executed);
    }
  }
}
