package io.heliosdb.nano.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heliosdb.nano.EmbeddedDatabase;
import org.junit.jupiter.api.Test;

class RenameTypeTest {
  @Test
  void defaults_go_on_with_the_new_name() {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      db.execute("CREATE TYPE kind AS ENUM ('kind', 'other')");
      db.execute("CREATE TABLE t (id int, k kind DEFAULT 'kind')");
      db.execute("ALTER TYPE kind RENAME TO \"New kind\"");
      db.execute("INSERT INTO t (id) VALUES (1)");
      assertEquals("kind", db.queryOne("SELECT k::text FROM t", String.class));
      assertEquals("'kind'::\"New kind\"", db.queryOne("SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef", String.class));
    }
  }
}
