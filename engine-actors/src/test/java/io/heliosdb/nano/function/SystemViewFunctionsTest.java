package io.heliosdb.nano.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Functions of the catalog that are queries on system views (`own_body.tsv`).
class SystemViewFunctionsTest {
  @Test
  void each_query_fits_the_result_that_the_catalog_declares() {
    List<String> ran = new ArrayList<>();
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      for (FunctionDef function : BuiltinCatalog.functions()) {
        if (function.namespaceOid() == BuiltinCatalog.PG_CATALOG && function.body() instanceof FunctionDef.SqlBody) {
          String arguments = function.argumentTypes().stream().map(oid -> "NULL::" + db.queryOne("SELECT $1::regtype::text", String.class, oid))
              .collect(Collectors.joining(", "));
          db.query("SELECT * FROM " + function.name() + "(" + arguments + ")");
          db.query("SELECT " + function.name() + "(" + arguments + ")");
          ran.add(function.name());
        }
      }
    }
    assertTrue(ran.size() > 100, ran::toString);
  }

  @Test
  void they_say_what_the_views_say() {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      db.execute("CREATE TABLE counted (id int PRIMARY KEY)");
      db.execute("INSERT INTO counted SELECT generate_series(1, 7)");
      db.execute("DELETE FROM counted WHERE id = 7");
      assertEquals("6 7 1", db.queryOne("""
          SELECT pg_stat_get_live_tuples(c) || ' ' || pg_stat_get_tuples_inserted(c) || ' ' || pg_stat_get_tuples_deleted(c)
          FROM (SELECT 'counted'::regclass AS c) c""", String.class));
      assertEquals(
          db.queryOne("SELECT pg_backend_pid()", Integer.class),
          db.queryOne("SELECT pid FROM pg_stat_get_activity(pg_backend_pid())", Integer.class));
      assertEquals(0L, db.queryOne("SELECT pg_stat_get_live_tuples(1)", Long.class));
    }
  }
}
