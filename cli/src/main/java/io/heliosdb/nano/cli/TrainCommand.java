package io.heliosdb.nano.cli;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.cli.usage.Command;
import io.heliosdb.nano.cli.usage.OptionTable;
import io.heliosdb.nano.cli.usage.Printers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Does what is usually done, so that an AOT cache made from this process knows the classes that a start needs and the profiles of what a
/// server runs most.
final class TrainCommand implements Command.Single {
  int rounds = 3_000;

  @Override
  public void declare(OptionTable options) {
    options.integer("N", "Transactions of each client of the load, in memory and on disk.", value -> rounds = value, "--rounds");
  }

  @Override
  public int run(Printers printers) throws Exception {
    Main.execute("repl", "--memory", "--execute", "SELECT 1");
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      db.execute("CREATE TABLE t (id int PRIMARY KEY, name text NOT NULL, amount numeric(10,2), at timestamptz DEFAULT now())");
      db.execute("INSERT INTO t (id, name, amount) VALUES (1, 'a', 1.5), (2, 'b', 2.5)");
      db.execute("UPDATE t SET amount = amount + 1 WHERE id = 1");
      db.query("SELECT t.id, u.name, sum(u.amount) FROM t JOIN t u ON t.id = u.id GROUP BY 1, 2 ORDER BY 1");
      db.query("SELECT * FROM t WHERE id = $1", 1);
      db.execute("DELETE FROM t WHERE id = 2");
      TrainingLoad.run(db, rounds);
    }
    Path directory = Files.createTempDirectory("heliosdb-train");
    try (EmbeddedDatabase db = EmbeddedDatabase.open(directory)) {
      TrainingLoad.run(db, rounds);
    } finally {
      delete(directory);
    }
    return 0;
  }

  private static void delete(Path directory) throws IOException {
    List<Path> contents;
    try (Stream<Path> paths = Files.walk(directory)) {
      contents = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : contents) {
      Files.delete(path);
    }
  }
}
