package io.heliosdb.nano.cli;

import io.heliosdb.nano.EmbeddedDatabase;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// Runs a short, typical session, so that an AOT cache made from this process knows the classes that a start needs.
@Command(name = "train", hidden = true)
final class TrainCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    Main.execute("repl", "--memory", "--execute", "SELECT 1");
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      db.execute("CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL, amount numeric(10,2), at timestamptz DEFAULT now())");
      db.execute("INSERT INTO t (id, name, amount) VALUES (1, 'a', 1.5), (2, 'b', 2.5)");
      db.execute("UPDATE t SET amount = amount + 1 WHERE id = 1");
      db.query("SELECT t.id, u.name, sum(u.amount) FROM t JOIN t u ON t.id = u.id GROUP BY 1, 2 ORDER BY 1");
      db.query("SELECT * FROM t WHERE id = $1", 1);
      db.execute("DELETE FROM t WHERE id = 2");
    }
    return 0;
  }
}
