package io.heliosdb.nano.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// CHECKPOINT makes one, for those who may.
class CheckpointStatementTest {
  @TempDir Path directory;

  @Test
  void checkpoint_begins_the_log_anew_and_needs_the_role() throws Exception {
    try (EmbeddedDatabase db = EmbeddedDatabase.open(directory)) {
      db.execute("CREATE TABLE t (id int PRIMARY KEY)");
      byte[] before = Files.readAllBytes(directory.resolve("checkpoint"));
      db.execute("INSERT INTO t VALUES (1)");
      db.execute("CHECKPOINT");
      assertFalse(Arrays.equals(before, Files.readAllBytes(directory.resolve("checkpoint"))));
      db.execute("CREATE ROLE plain");
      db.execute("SET ROLE plain");
      assertEquals(SqlState.INSUFFICIENT_PRIVILEGE, assertThrows(SqlException.class, () -> db.execute("CHECKPOINT")).state());
      db.execute("RESET ROLE");
      db.execute("GRANT pg_checkpoint TO plain");
      db.execute("SET ROLE plain");
      db.execute("CHECKPOINT");
    }
  }
}
