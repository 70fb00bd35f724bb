package io.heliosdb.nano.testkit.bench;

import io.heliosdb.nano.EmbeddedDatabase;

/// A program that opens a database in memory, asks one thing and ends; [StartComparison] measures the whole of it.
///
/// `java … FirstQuery [table]`: with `table`, the query is of a table that is made first.
public final class FirstQuery {
  private FirstQuery() {}

  public static void main(String[] arguments) {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      if (arguments.length > 0) {
        db.execute("CREATE TABLE t (id int PRIMARY KEY, v int)");
        db.execute("INSERT INTO t VALUES (1, 1)");
      }
      System.out.println(db.queryOne(arguments.length > 0 ? "SELECT v FROM t WHERE id = 1" : "SELECT 1", Integer.class));
    }
  }
}
