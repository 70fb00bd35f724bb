package io.heliosdb.nano.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.DatabaseConfig;
import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.Row;
import io.heliosdb.nano.error.SqlException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random changes of data and schema, branches, merges, reads of the past, restarts, compactions and erasures against a model that keeps a copy of every
/// state. A failure names its seed: `-Dbranches.seed=N` runs it again, `-Dbranches.runs=N` runs more.
class BranchModelTest {
  private static final int STEPS = Integer.getInteger("branches.steps", 120);
  private static final String[] TABLES = {"t", "u"};

  /// One table: columns beside the key, and rows. The identity is that of the table on all branches that inherited or merged it.
  private record Table(int identity, List<String> columns, TreeMap<Integer, Map<String, Integer>> rows) {
    Table copy() {
      TreeMap<Integer, Map<String, Integer>> copied = new TreeMap<>();
      rows.forEach((id, row) -> copied.put(id, new HashMap<>(row)));
      return new Table(identity, new ArrayList<>(columns), copied);
    }

    String text() {
      StringBuilder text = new StringBuilder();
      rows.forEach((id, row) -> {
        text.append(id);
        new TreeSet<>(columns).forEach(column -> text.append(' ').append(column).append('=').append(row.get(column)));
        text.append('\n');
      });
      return text.toString();
    }
  }

  private static Map<String, Table> copy(Map<String, Table> state) {
    Map<String, Table> copied = new HashMap<>();
    state.forEach((name, table) -> copied.put(name, table.copy()));
    return copied;
  }

  /// One branch: its states by the SCN since when they held.
  private static final class Branch {
    final String name;
    final @Nullable Branch parent;
    final long fork;
    final TreeMap<Long, Map<String, Table>> states = new TreeMap<>();
    final Map<String, Map<String, Table>> mergedFrom = new HashMap<>();

    Branch(String name, @Nullable Branch parent, long fork, Map<String, Table> state) {
      this.name = name;
      this.parent = parent;
      this.fork = fork;
      states.put(fork, copy(state));
    }

    Map<String, Table> at(long scn) {
      return scn < fork && parent != null ? parent.at(scn) : states.floorEntry(scn).getValue();
    }

    Map<String, Table> now() {
      return states.lastEntry().getValue();
    }
  }

  @TempDir Path directory;
  private Random random = new Random();
  private EmbeddedDatabase db;
  private final Map<String, EmbeddedSession> sessions = new HashMap<>();
  private final Map<String, Branch> branches = new TreeMap<>();
  private int nextName;
  private int nextColumn;
  private int nextIdentity;
  private long vacuumedAt;
  private DatabaseConfig config = DatabaseConfig.DEFAULT;

  @Test
  void states_are_what_the_model_says() {
    long first = Long.getLong("branches.seed", System.nanoTime() % 1_000_000);
    int runs = Integer.getInteger("branches.runs", 2);
    for (int run = 0; run < runs; run++) {
      long seed = first + run;
      try {
        run(seed, directory.resolve("run" + run));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  private void run(long seed, Path path) {
    random = new Random(seed);
    config = seed % 2 == 0 ? DatabaseConfig.DEFAULT : DatabaseConfig.DEFAULT.withSetting("heliosdb.retention_days", "0");
    sessions.clear();
    branches.clear();
    vacuumedAt = 0;
    db = EmbeddedDatabase.open(path, config);
    branches.put("main", new Branch("main", null, 0, new HashMap<>()));
    try {
      for (int step = 0; step < STEPS; step++) {
        step(path);
      }
      for (Branch branch : branches.values()) {
        compare(branch, branch.now(), "");
      }
    } finally {
      db.close();
    }
  }

  private EmbeddedSession session(Branch branch) {
    return sessions.computeIfAbsent(branch.name, name -> {
      EmbeddedSession session = db.createSession();
      session.execute("USE BRANCH " + name);
      return session;
    });
  }

  private Branch any() {
    return List.copyOf(branches.values()).get(random.nextInt(branches.size()));
  }

  private long scn() {
    return session(branches.get("main")).queryOne("SELECT pg_current_scn()", Long.class);
  }

  private void step(Path path) {
    Branch branch = any();
    switch (random.nextInt(25)) {
      case 0 -> fork(branch);
      case 1 -> drop(branch);
      case 2, 3 -> merge(branch);
      case 4 -> schema(branch);
      case 5 -> {
        if (random.nextInt(4) == 0) {
          db.close();
          sessions.clear();
          db = EmbeddedDatabase.open(path, config);
          awaitIdle();
        }
      }
      case 6 -> {
        vacuumedAt = scn();
        session(branch).execute(random.nextInt(3) == 0 ? "VACUUM FULL" : "VACUUM");
      }
      case 7, 8, 9, 10 -> past(branch);
      case 11 -> compare(branch, branch.now(), "");
      case 12 -> erase(branch);
      default -> rows(branch);
    }
  }

  private void committed(Branch branch, Map<String, Table> state) {
    branch.states.put(scn(), state);
  }

  private void rows(Branch branch) {
    Map<String, Table> state = copy(branch.now());
    String name = TABLES[random.nextInt(TABLES.length)];
    Table table = state.get(name);
    if (table == null) {
      session(branch).execute("CREATE TABLE " + name + " (id int PRIMARY KEY, a int, b int)");
      state.put(name, new Table(nextIdentity++, new ArrayList<>(List.of("a", "b")), new TreeMap<>()));
      committed(branch, state);
      session(branch).execute("CREATE INDEX ON " + name + " (a)");
      return;
    }
    boolean several = random.nextBoolean();
    if (several) {
      session(branch).execute("BEGIN");
    }
    for (int i = several ? random.nextInt(5) : 0; i >= 0; i--) {
      int id = random.nextInt(30);
      String column = table.columns.get(random.nextInt(table.columns.size()));
      int value = random.nextInt(5);
      Map<String, Integer> row = table.rows.get(id);
      if (row == null) {
        session(branch).execute("INSERT INTO " + name + " (id, " + column + ") VALUES ($1, $2)", id, value);
        row = new HashMap<>();
        row.put(column, value);
        table.rows.put(id, row);
      } else if (random.nextInt(4) == 0) {
        session(branch).execute("DELETE FROM " + name + " WHERE id = $1", id);
        table.rows.remove(id);
      } else {
        session(branch).execute("UPDATE " + name + " SET " + column + " = $2 WHERE id = $1", id, value);
        row.put(column, value);
      }
    }
    if (several && random.nextInt(5) == 0) {
      session(branch).execute("ROLLBACK");
      return;
    }
    if (several) {
      session(branch).execute("COMMIT");
    }
    committed(branch, state);
  }

  /// A row goes from all states of the table, on all branches.
  private void erase(Branch branch) {
    String name = TABLES[random.nextInt(TABLES.length)];
    Table table = branch.now().get(name);
    if (table == null) {
      return;
    }
    int id = random.nextInt(30);
    session(branch).execute("ERASE FROM " + name + " WHERE id = " + id);
    for (Branch other : branches.values()) {
      for (Branch b = other; b != null; b = b.parent) {
        b.states.values().forEach(state -> forget(state, table.identity, id));
        b.mergedFrom.values().forEach(state -> forget(state, table.identity, id));
      }
    }
  }

  private static void forget(Map<String, Table> state, int identity, int id) {
    state.values().stream().filter(table -> table.identity == identity).forEach(table -> table.rows.remove(id));
  }

  private void schema(Branch branch) {
    Map<String, Table> state = copy(branch.now());
    String name = TABLES[random.nextInt(TABLES.length)];
    Table table = state.get(name);
    if (table == null) {
      return;
    }
    EmbeddedSession session = session(branch);
    switch (random.nextInt(5)) {
      case 0 -> {
        session.execute("DROP TABLE " + name);
        state.remove(name);
      }
      case 1 -> {
        session.execute("TRUNCATE " + name);
        table.rows.clear();
      }
      case 2 -> {
        String column = "c" + nextColumn++;
        session.execute("BEGIN");
        session.execute("ALTER TABLE " + name + " ADD COLUMN " + column + " int DEFAULT 7");
        table.columns.add(column);
        table.rows.values().forEach(row -> row.put(column, 7));
        // Rows that are made without it would have the default, too; the model keeps to explicit values.
        session.execute("ALTER TABLE " + name + " ALTER COLUMN " + column + " DROP DEFAULT");
        session.execute("COMMIT");
      }
      case 3 -> session.execute("CREATE INDEX ON " + name + " (b)");
      default -> {
        if (table.columns.size() > 2) {
          String column = table.columns.removeLast();
          session.execute("ALTER TABLE " + name + " DROP COLUMN " + column);
          table.rows.values().forEach(row -> row.remove(column));
        }
      }
    }
    committed(branch, state);
  }

  private void fork(Branch parent) {
    if (branches.size() >= 5) {
      return;
    }
    String name = "b" + nextName++;
    long now = scn();
    long at = random.nextBoolean() ? now : Math.min(now, Math.max(Math.max(parent.fork, 3), now - random.nextInt(20)));
    try {
      session(parent).execute("CREATE DATABASE BRANCH " + name + " FROM CURRENT" + (at == now ? "" : " AS OF SCN " + at));
    } catch (SqlException e) {
      assertGone(e, at);
      return;
    }
    branches.put(name, new Branch(name, parent, at, parent.at(at)));
  }

  private void drop(Branch branch) {
    if (branch.name.equals("main")) {
      return;
    }
    EmbeddedSession own = sessions.remove(branch.name);
    if (own != null) {
      own.close();
    }
    session(branches.get("main")).execute("DROP DATABASE BRANCH " + branch.name);
    branches.remove(branch.name);
    awaitIdle();
  }

  /// Until dropped branches are freed, whose commits would come between a statement and the look at its SCN.
  private void awaitIdle() {
    db.engine().housekeeper().awaitIdle();
    db.engine().housekeeper().awaitIdle();
  }

  /// Merges a branch into its parent, where both have the same tables and columns.
  private void merge(Branch source) {
    Branch target = source.parent;
    if (target == null || branches.get(target.name) != target) {
      return;
    }
    Map<String, Table> base = source.mergedFrom.getOrDefault(target.name, source.at(source.fork));
    Map<String, Table> state = copy(target.now());
    boolean isSameSchema = base.keySet().equals(state.keySet()) && base.keySet().equals(source.now().keySet());
    for (String name : base.keySet()) {
      isSameSchema = isSameSchema && base.get(name).columns.equals(state.get(name).columns) && base.get(name).columns.equals(source.now().get(name).columns);
    }
    for (Branch other : new Branch[] {source, target}) {
      for (long scn : other.states.tailMap(source.fork).keySet()) {
        for (String name : base.keySet()) {
          Table table = other.at(scn).get(name);
          // Nothing was truncated or made anew meanwhile: those merge by other rules.
          isSameSchema = isSameSchema && table != null && (!table.rows.isEmpty() || base.get(name).rows.isEmpty());
        }
      }
    }
    if (!isSameSchema) {
      return;
    }
    Row result = session(target).query("MERGE DATABASE BRANCH " + source.name + " INTO CURRENT WITH (conflict_resolution = 'branch_wins')").row(0);
    if (!result.get("status", String.class).equals("merged")) {
      return;
    }
    for (String name : base.keySet()) {
      mergeRows(base.get(name), source.now().get(name), state.get(name));
    }
    source.mergedFrom.put(target.name, copy(source.now()));
    committed(target, state);
    compare(target, state, "");
  }

  private static void mergeRows(Table base, Table source, Table target) {
    TreeSet<Integer> ids = new TreeSet<>(base.rows.keySet());
    ids.addAll(source.rows.keySet());
    for (int id : ids) {
      Map<String, Integer> b = base.rows.get(id);
      Map<String, Integer> s = source.rows.get(id);
      Map<String, Integer> t = target.rows.get(id);
      if (same(base, b, s) || same(base, s, t)) {
        continue;
      }
      if (s == null) {
        target.rows.remove(id);
      } else if (b == null || t == null || same(base, b, t)) {
        target.rows.put(id, new HashMap<>(s));
      } else {
        for (String column : base.columns) {
          if (!Objects.equals(s.get(column), b.get(column))) {
            t.put(column, s.get(column));
          }
        }
      }
    }
  }

  private static boolean same(Table table, @Nullable Map<String, Integer> a, @Nullable Map<String, Integer> b) {
    return a == null || b == null ? a == b : table.columns.stream().allMatch(column -> Objects.equals(a.get(column), b.get(column)));
  }

  private void past(Branch branch) {
    long at = 1 + random.nextLong(Math.max(1, scn()));
    if (branch.parent == null || at >= branch.fork || branch.parent.states.firstKey() <= at) {
      compare(branch, branch.at(at), " AS OF SCN " + at);
    }
  }

  private void compare(Branch branch, Map<String, Table> state, String asOf) {
    for (String name : TABLES) {
      Table table = state.get(name);
      String text;
      try {
        text = read(branch, "SELECT * FROM " + name + asOf + " ORDER BY id");
      } catch (SqlException e) {
        if (e.state().code().equals("42P01")) {
          assertTrue(table == null, () -> branch.name + " lacks " + name + asOf + ": " + e.getMessage());
        } else {
          assertGone(e, asOf.isEmpty() ? Long.MAX_VALUE : Long.parseLong(asOf.substring(asOf.lastIndexOf(' ') + 1)));
        }
        continue;
      }
      assertEquals(table == null ? "no table" : table.text(), text, branch.name + "." + name + asOf);
      int value = random.nextInt(5);
      Table expected = table.copy();
      expected.rows.values().removeIf(row -> !Objects.equals(row.get("a"), value));
      assertEquals(expected.text(), read(branch, "SELECT * FROM " + name + asOf + " WHERE a = " + value + " ORDER BY id"), "by index on " + branch.name + asOf);
    }
  }

  private String read(Branch branch, String sql) {
    StringBuilder text = new StringBuilder();
    var result = session(branch).query(sql);
    for (Row row : result) {
      text.append(row.get("id", Integer.class));
      for (String column : new TreeSet<>(result.columnNames())) {
        if (!column.equals("id")) {
          text.append(' ').append(column).append('=').append(row.get(column, Integer.class));
        }
      }
      text.append('\n');
    }
    return text.toString();
  }

  /// The only excuse for not giving a state: it was trimmed.
  private void assertGone(SqlException e, long scn) {
    assertTrue(e.state().code().equals("72000") && scn <= vacuumedAt && config != DatabaseConfig.DEFAULT, () -> e.state().code() + " " + e.getMessage());
  }
}
