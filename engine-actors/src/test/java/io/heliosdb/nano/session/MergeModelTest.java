package io.heliosdb.nano.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.Row;
import io.heliosdb.nano.error.SqlException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random merges, in all directions and again and again, of rows with every merge policy, JSON documents, foreign keys and sequences; VERSIONS BETWEEN,
/// RESTORE TABLE and heliosdb_diff; between them branches, restarts and compactions. All against a model that keeps every state.
/// `-Dmerges.seed=N` runs a seed again, `-Dmerges.runs=N` runs more.
class MergeModelTest {
  private static final int STEPS = Integer.getInteger("merges.steps", 150);
  private static final List<String> COLUMNS = List.of("plain", "total", "newest", "ours", "theirs", "strict", "tags", "doc");
  private static final String POLICIES = "total sum newest latest ours branch theirs target strict fail tags union";

  /// A version: the values in the order of the columns, and the commit that wrote it.
  private record Version(List<@Nullable Object> values, long scn) {}

  /// Rows by key of the parent table, and of the one that refers to it.
  private record State(TreeMap<Integer, Version> rows, TreeMap<Integer, Version> children) {
    State copy() {
      return new State(new TreeMap<>(rows), new TreeMap<>(children));
    }

    boolean isSound() {
      return children.values().stream().allMatch(child -> rows.containsKey((Integer) child.values.getFirst()));
    }
  }

  private static final class Branch {
    final String name;
    final @Nullable Branch parent;
    final long fork;
    final TreeMap<Long, State> states = new TreeMap<>();
    final Map<String, State> mergedInto = new TreeMap<>();
    long drawn;

    Branch(String name, @Nullable Branch parent, long fork, State state) {
      this.name = name;
      this.parent = parent;
      this.fork = fork;
      states.put(fork, state.copy());
    }

    State at(long scn) {
      return scn < fork && parent != null ? parent.at(scn) : states.floorEntry(scn).getValue();
    }

    State now() {
      return states.lastEntry().getValue();
    }

    /// All SCNs at which what the branch shows changed.
    TreeSet<Long> changes() {
      TreeSet<Long> changes = new TreeSet<>();
      long limit = Long.MAX_VALUE;
      for (Branch b = this; b != null; b = b.parent) {
        changes.addAll(b.states.headMap(limit, true).keySet());
        limit = b.fork;
      }
      return changes;
    }
  }

  @TempDir Path directory;
  private Random random = new Random();
  private EmbeddedDatabase db;
  private final Map<String, EmbeddedSession> sessions = new TreeMap<>();
  private final Map<String, Branch> branches = new TreeMap<>();
  private int nextName;
  private long first;

  @Test
  void merges_are_what_the_model_says() {
    long seed = Long.getLong("merges.seed", System.nanoTime() % 1_000_000);
    int runs = Integer.getInteger("merges.runs", 2);
    for (int run = 0; run < runs; run++) {
      try {
        run(seed + run, directory.resolve("run" + run));
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + (seed + run) + ": " + e.getMessage(), e);
      }
    }
  }

  private void run(long seed, Path path) {
    random = new Random(seed);
    sessions.clear();
    branches.clear();
    db = EmbeddedDatabase.open(path);
    try {
      db.execute("CREATE TABLE p (id int PRIMARY KEY, plain int, total int, newest int, ours int, theirs int, strict int, tags int[], doc jsonb)");
      String[] policies = POLICIES.split(" ");
      for (int i = 0; i < policies.length; i += 2) {
        db.execute("ALTER TABLE p ALTER COLUMN " + policies[i] + " SET (merge_policy = '" + policies[i + 1] + "')");
      }
      db.execute("CREATE INDEX ON p (plain)");
      db.execute("CREATE TABLE c (id int PRIMARY KEY, p int REFERENCES p)");
      db.execute("CREATE INDEX ON c (p)");
      db.execute("CREATE SEQUENCE q");
      first = scn();
      branches.put("main", new Branch("main", null, 0, new State(new TreeMap<>(), new TreeMap<>())));
      for (int step = 0; step < STEPS; step++) {
        step(path);
      }
      branches.values().forEach(branch -> compare(branch, branch.now(), ""));
      assertEquals(List.of(), db.verify().problems());
    } finally {
      sessions.values().forEach(EmbeddedSession::close);
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
    return db.queryOne("SELECT pg_current_scn()", Long.class);
  }

  private void step(Path path) {
    Branch branch = any();
    switch (random.nextInt(24)) {
      case 0 -> fork(branch);
      case 1 -> drop(branch);
      case 2, 3, 4, 5 -> merge(branch, any());
      case 6 -> {
        if (random.nextInt(5) == 0) {
          db.close();
          sessions.clear();
          db = EmbeddedDatabase.open(path);
          awaitIdle();
        } else if (random.nextInt(3) == 0) {
          session(branch).execute(random.nextBoolean() ? "VACUUM" : "VACUUM FULL");
        }
      }
      case 7 -> versions(branch);
      case 8 -> restore(branch);
      case 9 -> difference(branch);
      case 10 -> draw(branch);
      case 11 -> {
        long at = moment();
        compare(branch, branch.at(at), " AS OF SCN " + at);
      }
      case 12 -> compare(branch, branch.now(), "");
      default -> write(branch);
    }
  }

  private long moment() {
    long now = scn();
    return now - (long) (random.nextDouble() * Math.min(30, now - first));
  }

  // ---- changes ----

  private void write(Branch branch) {
    State state = branch.now().copy();
    EmbeddedSession session = session(branch);
    session.execute("BEGIN");
    long marker = -1;
    for (int i = random.nextInt(4); i >= 0; i--) {
      if (random.nextInt(4) == 0) {
        child(session, state, marker);
      } else {
        row(session, state, marker);
      }
    }
    if (random.nextInt(6) == 0 || !state.isSound()) {
      session.execute("ROLLBACK");
      return;
    }
    session.execute("COMMIT");
    committed(branch, state, marker);
  }

  /// What was written has the SCN of the newest commit.
  private void committed(Branch branch, State state, long marker) {
    long scn = scn();
    for (TreeMap<Integer, Version> table : List.of(state.rows, state.children)) {
      table.replaceAll((id, version) -> version.scn == marker ? new Version(version.values, scn) : version);
    }
    branch.states.put(scn, state);
  }

  private void row(EmbeddedSession session, State state, long marker) {
    int id = random.nextInt(8);
    Version old = state.rows.get(id);
    if (old == null) {
      List<Object> values = new ArrayList<>();
      COLUMNS.forEach(column -> values.add(value(column)));
      session.execute("INSERT INTO p VALUES (" + id + ", " + String.join(", ", literals(values)) + ")");
      state.rows.put(id, new Version(values, marker));
    } else if (random.nextInt(5) == 0 && state.children.values().stream().noneMatch(child -> child.values.getFirst().equals(id))) {
      session.execute("DELETE FROM p WHERE id = " + id);
      state.rows.remove(id);
    } else {
      List<Object> values = new ArrayList<>(old.values);
      int column = random.nextInt(COLUMNS.size());
      values.set(column, COLUMNS.get(column).equals("doc") && old.values.get(column) instanceof TreeMap<?, ?> ? changed(old.values.get(column)) : value(COLUMNS.get(column)));
      session.execute("UPDATE p SET " + COLUMNS.get(column) + " = " + literals(values).get(column) + " WHERE id = " + id);
      state.rows.put(id, new Version(values, marker));
    }
  }

  private void child(EmbeddedSession session, State state, long marker) {
    int id = random.nextInt(6);
    if (state.children.containsKey(id) || state.rows.isEmpty()) {
      session.execute("DELETE FROM c WHERE id = " + id);
      state.children.remove(id);
    } else {
      int parent = List.copyOf(state.rows.keySet()).get(random.nextInt(state.rows.size()));
      session.execute("INSERT INTO c VALUES (" + id + ", " + parent + ")");
      state.children.put(id, new Version(List.of(parent), marker));
    }
  }

  private Object value(String column) {
    if (column.equals("tags")) {
      LinkedHashSet<Integer> tags = new LinkedHashSet<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        tags.add(random.nextInt(5));
      }
      return List.copyOf(tags);
    }
    if (column.equals("doc")) {
      TreeMap<String, Object> doc = new TreeMap<>(Map.of("a", random.nextInt(3), "b", random.nextInt(3)));
      doc.put("n", new TreeMap<>(Map.of("x", random.nextInt(3), "y", random.nextInt(3))));
      return doc;
    }
    return random.nextInt(5);
  }

  /// A document with one path changed, added or removed.
  @SuppressWarnings("unchecked")
  private Object changed(Object document) {
    TreeMap<String, Object> doc = new TreeMap<>((TreeMap<String, Object>) document);
    String key = List.of("a", "b", "n", "n", "n").get(random.nextInt(5));
    if (key.equals("n") && doc.get("n") instanceof TreeMap<?, ?> inner) {
      doc.put("n", changed(new TreeMap<>((TreeMap<String, Object>) inner), List.of("x", "y", "z").get(random.nextInt(3))));
      return doc;
    }
    return changed(doc, key);
  }

  private TreeMap<String, Object> changed(TreeMap<String, Object> doc, String key) {
    if (random.nextInt(4) == 0) {
      doc.remove(key);
    } else {
      doc.put(key, random.nextInt(3));
    }
    return doc;
  }

  private static List<String> literals(List<@Nullable Object> values) {
    return values.stream().map(value -> value instanceof Integer ? value.toString() : "'" + text(value) + "'").toList();
  }

  private static String text(@Nullable Object value) {
    return switch (value) {
      case List<?> list -> "{" + String.join(",", list.stream().map(Object::toString).toList()) + "}";
      case Map<?, ?> map -> "{" + String.join(", ", map.entrySet().stream().map(e -> "\"" + e.getKey() + "\": " + text(e.getValue())).toList()) + "}";
      case null -> "null";
      default -> value.toString();
    };
  }

  private void fork(Branch parent) {
    if (branches.size() >= 5) {
      return;
    }
    String name = "b" + nextName++;
    long now = scn();
    long at = random.nextBoolean() ? now : Math.max(moment(), parent.fork);
    session(parent).execute("CREATE DATABASE BRANCH " + name + " FROM CURRENT" + (at == now ? "" : " AS OF SCN " + at));
    Branch branch = new Branch(name, parent, at, parent.at(at));
    branch.drawn = parent.drawn;
    branches.put(name, branch);
  }

  private void drop(Branch branch) {
    if (branch.parent != null) {
      EmbeddedSession own = sessions.remove(branch.name);
      if (own != null) {
        own.close();
      }
      db.execute("DROP DATABASE BRANCH " + branch.name);
      branches.remove(branch.name);
      awaitIdle();
    }
  }

  /// Until dropped branches are freed, whose commits would come between a statement and the look at its SCN.
  private void awaitIdle() {
    db.engine().housekeeper().awaitIdle();
    db.engine().housekeeper().awaitIdle();
  }

  private void draw(Branch branch) {
    long value = session(branch).queryOne("SELECT nextval('q')", Long.class);
    assertTrue(value > branch.drawn, () -> branch.name + " draws " + value + " after " + branch.drawn);
    branch.drawn = value;
  }

  // ---- merges ----

  private void merge(Branch source, Branch target) {
    if (source == target) {
      return;
    }
    String resolution = List.of("fail", "branch_wins", "target_wins").get(random.nextInt(3));
    boolean dryRun = random.nextInt(5) == 0;
    State base = source.mergedInto.containsKey(target.name) ? source.mergedInto.get(target.name) : commonState(source, target);
    Merged merged = new Merged(resolution, target.now().copy());
    merged.table("p", COLUMNS, base.rows, source.now().rows, merged.state.rows);
    merged.table("c", List.of("p"), base.children, source.now().children, merged.state.children);
    String sql = "MERGE DATABASE BRANCH " + source.name + " INTO " + target.name + " WITH (conflict_resolution = '" + resolution + "', dry_run = " + dryRun + ")";
    List<Row> result;
    try {
      result = session(target).query(sql).rows();
    } catch (SqlException e) {
      assertEquals("23503", e.state().code(), e::getMessage);
      assertTrue(merged.conflicts.isEmpty() && !merged.state.isSound(), () -> sql + ": " + e.getMessage());
      compare(target, target.now(), "");
      return;
    }
    if (!merged.conflicts.isEmpty()) {
      TreeSet<String> found = new TreeSet<>();
      result.forEach(row -> found.add(row.get("table_name", String.class) + "/" + row.get("row_key", String.class) + "/" + row.get("column_name", String.class)));
      assertEquals(merged.conflicts, found, sql);
      compare(target, target.now(), "");
      return;
    }
    assertTrue(merged.state.isSound(), () -> sql + " should violate the foreign key");
    Row row = result.getFirst();
    assertEquals((dryRun ? "dry run " : "merged ") + merged.counts(), row.get("status", String.class) + " " + row.get("inserted", Long.class) + " "
        + row.get("updated", Long.class) + " " + row.get("deleted", Long.class) + " " + row.get("conflicts_resolved", Long.class), sql);
    if (!dryRun) {
      source.mergedInto.put(target.name, source.now().copy());
      target.drawn = Math.max(target.drawn, source.drawn);
      committed(target, merged.state, Merged.MARKER);
    }
    compare(target, target.now(), "");
  }

  /// The newest state from which both came.
  private static State commonState(Branch source, Branch target) {
    long sourceLimit = Long.MAX_VALUE;
    for (Branch s = source; s != null; s = s.parent) {
      long targetLimit = Long.MAX_VALUE;
      for (Branch t = target; t != null; t = t.parent) {
        if (s == t) {
          return s.at(Math.min(sourceLimit, targetLimit));
        }
        targetLimit = Math.min(targetLimit, t.fork);
      }
      sourceLimit = Math.min(sourceLimit, s.fork);
    }
    throw new AssertionError("no common root");
  }

  /// One merge by the rules of the manual.
  private static final class Merged {
    static final long MARKER = -1;

    final String resolution;
    final State state;
    final TreeSet<String> conflicts = new TreeSet<>();
    int inserted;
    int updated;
    int deleted;
    int resolved;

    Merged(String resolution, State state) {
      this.resolution = resolution;
      this.state = state;
    }

    String counts() {
      return inserted + " " + updated + " " + deleted + " " + resolved;
    }

    void table(String name, List<String> columns, TreeMap<Integer, Version> base, TreeMap<Integer, Version> source, TreeMap<Integer, Version> target) {
      TreeSet<Integer> ids = new TreeSet<>(base.keySet());
      ids.addAll(source.keySet());
      for (int id : ids) {
        Version b = base.get(id);
        Version s = source.get(id);
        Version t = target.get(id);
        if (same(b, s) || same(s, t)) {
          continue;
        }
        if (same(b, t)) {
          put(target, id, s == null ? null : s.values);
        } else if (b == null || s == null || t == null) {
          whole(name, columns, id, s, t, target);
        } else {
          columns(name, columns, id, b, s, t, target);
        }
      }
    }

    private static boolean same(@Nullable Version a, @Nullable Version b) {
      return a == null || b == null ? a == b : a.values.equals(b.values);
    }

    private void put(TreeMap<Integer, Version> target, int id, @Nullable List<@Nullable Object> values) {
      if (values == null) {
        deleted += target.remove(id) == null ? 0 : 1;
      } else if (target.put(id, new Version(values, MARKER)) == null) {
        inserted++;
      } else {
        updated++;
      }
    }

    private void whole(String name, List<String> columns, int id, @Nullable Version s, @Nullable Version t, TreeMap<Integer, Version> target) {
      if (!resolution.equals("fail")) {
        resolved++;
        if (resolution.equals("branch_wins")) {
          put(target, id, s == null ? null : s.values);
        }
      } else if (s == null || t == null) {
        conflicts.add(name + "/" + id + "/null");
      } else {
        for (int i = 0; i < columns.size(); i++) {
          if (!Objects.equals(s.values.get(i), t.values.get(i))) {
            conflicts.add(name + "/" + id + "/" + columns.get(i));
          }
        }
      }
    }

    private void columns(String name, List<String> columns, int id, Version b, Version s, Version t, TreeMap<Integer, Version> target) {
      List<Object> row = new ArrayList<>(t.values);
      for (int i = 0; i < row.size(); i++) {
        Object bv = b.values.get(i);
        Object sv = s.values.get(i);
        Object tv = t.values.get(i);
        if (Objects.equals(sv, bv) || Objects.equals(sv, tv)) {
          continue;
        }
        if (Objects.equals(tv, bv)) {
          row.set(i, sv);
          continue;
        }
        Object document = columns.get(i).equals("doc") ? document(bv, sv, tv) : null;
        if (document != null) {
          row.set(i, document);
          continue;
        }
        String winner = switch (columns.get(i)) {
          case "total" -> {
            row.set(i, (Integer) tv + (Integer) sv - (Integer) bv);
            yield "done";
          }
          case "tags" -> {
            row.set(i, union((List<?>) bv, (List<?>) sv, (List<?>) tv));
            yield "done";
          }
          case "newest" -> s.scn >= t.scn ? "branch_wins" : "target_wins";
          case "ours" -> "branch_wins";
          case "theirs" -> "target_wins";
          case "strict" -> "fail";
          default -> resolution;
        };
        if (winner.equals("fail")) {
          conflicts.add(name + "/" + id + "/" + columns.get(i));
          continue;
        }
        resolved++;
        if (winner.equals("branch_wins")) {
          row.set(i, sv);
        }
      }
      if (!row.equals(t.values)) {
        put(target, id, row);
      }
    }

    private static List<Object> union(List<?> b, List<?> s, List<?> t) {
      List<Object> all = new ArrayList<>(t);
      s.stream().filter(element -> !all.contains(element)).forEach(all::add);
      all.removeIf(element -> b.contains(element) && !(s.contains(element) && t.contains(element)));
      return all;
    }

    /// By path; null where one path was changed on both sides.
    private static @Nullable Object document(@Nullable Object b, @Nullable Object s, @Nullable Object t) {
      if (!(b instanceof Map<?, ?> bm && s instanceof Map<?, ?> sm && t instanceof Map<?, ?> tm)) {
        return null;
      }
      TreeMap<String, Object> result = new TreeMap<>();
      TreeSet<Object> keys = new TreeSet<>(sm.keySet());
      keys.addAll(tm.keySet());
      for (Object key : keys) {
        Object bv = bm.get(key);
        Object sv = sm.get(key);
        Object tv = tm.get(key);
        Object value = Objects.equals(sv, bv) || Objects.equals(sv, tv) ? tv : Objects.equals(tv, bv) ? sv : document(bv, sv, tv);
        if (value == null && !(Objects.equals(sv, bv) || Objects.equals(sv, tv) || Objects.equals(tv, bv))) {
          return null;
        }
        if (value != null) {
          result.put((String) key, value);
        }
      }
      return result;
    }
  }

  // ---- history ----

  private void versions(Branch branch) {
    long a = moment();
    long b = moment();
    long from = Math.min(a, b);
    long to = Math.max(a, b);
    StringBuilder expected = new StringBuilder();
    State before = branch.at(from);
    TreeMap<Integer, StringBuilder> byId = new TreeMap<>();
    before.rows.forEach((id, version) -> byId.put(id, new StringBuilder(id + " null " + version.values.getFirst() + "\n")));
    for (long scn : branch.changes().subSet(from, false, to, true)) {
      State after = branch.at(scn);
      TreeSet<Integer> ids = new TreeSet<>(before.rows.keySet());
      ids.addAll(after.rows.keySet());
      for (int id : ids) {
        Version was = before.rows.get(id);
        Version is = after.rows.get(id);
        if (was != null && is != null && was.scn == is.scn) {
          continue;
        }
        Version shown = is == null ? was : is;
        byId.computeIfAbsent(id, missing -> new StringBuilder()).append(id).append(is == null ? " D " : was == null ? " I " : " U ")
            .append(shown.values.getFirst()).append('\n');
      }
      before = after;
    }
    byId.values().forEach(expected::append);
    StringBuilder found = new StringBuilder();
    session(branch).query("SELECT id, versions_operation::text, plain FROM p VERSIONS BETWEEN SCN " + from + " AND " + to + " ORDER BY id, versions_start_scn")
        .forEach(row -> found.append(row.get(0, Integer.class)).append(' ').append(row.get(1, String.class)).append(' ').append(row.get(2, Integer.class)).append('\n'));
    assertEquals(expected.toString(), found.toString(), "versions on " + branch.name + " from " + from + " to " + to);
  }

  private void restore(Branch branch) {
    long at = moment();
    State state = branch.now().copy();
    TreeMap<Integer, Version> old = branch.at(at).rows;
    state.rows.keySet().retainAll(old.keySet());
    old.forEach((id, version) -> {
      if (!Merged.same(version, state.rows.get(id))) {
        state.rows.put(id, new Version(version.values, -1));
      }
    });
    try {
      session(branch).execute("RESTORE TABLE p TO SCN " + at);
    } catch (SqlException e) {
      assertTrue(e.state().code().equals("23503") && !state.isSound(), e::getMessage);
      return;
    }
    committed(branch, state, -1);
    compare(branch, branch.now(), "");
  }

  private void difference(Branch branch) {
    Branch other = any();
    boolean byBranch = random.nextBoolean();
    long from = moment();
    long to = moment();
    State a = byBranch ? branch.now() : branch.at(from);
    State b = byBranch ? other.now() : branch.at(to);
    TreeSet<Integer> ids = new TreeSet<>(a.rows.keySet());
    ids.addAll(b.rows.keySet());
    StringBuilder expected = new StringBuilder();
    for (int id : ids) {
      Version was = a.rows.get(id);
      Version is = b.rows.get(id);
      if (!Merged.same(was, is)) {
        expected.append(id).append(was == null ? " INSERT " : is == null ? " DELETE " : " UPDATE ")
            .append(was == null ? "null" : text(was.values.getLast())).append(' ').append(is == null ? "null" : text(is.values.getLast())).append('\n');
      }
    }
    StringBuilder found = new StringBuilder();
    String sides = byBranch ? "'" + branch.name + "', '" + other.name + "'" : "'SCN " + from + "', 'SCN " + to + "'";
    session(branch).query("SELECT key::text, operation, (old_row->'doc')::text, (new_row->'doc')::text FROM heliosdb_diff('p', " + sides + ") ORDER BY key::text::int")
        .forEach(row -> found.append(row.get(0, String.class)).append(' ').append(row.get(1, String.class)).append(' ').append(row.get(2, String.class)).append(' ')
            .append(row.get(3, String.class)).append('\n'));
    assertEquals(expected.toString(), found.toString(), "difference on " + branch.name + " " + sides);
  }

  private void compare(Branch branch, State state, String asOf) {
    StringBuilder expected = new StringBuilder();
    state.rows.forEach((id, version) -> expected.append(id).append(' ').append(String.join(" ", version.values.stream().map(MergeModelTest::text).toList())).append('\n'));
    state.children.forEach((id, version) -> expected.append(id).append(" of ").append(version.values.getFirst()).append('\n'));
    StringBuilder found = new StringBuilder();
    session(branch).query("SELECT id, " + String.join("::text, ", COLUMNS) + "::text FROM p" + asOf + " ORDER BY id").forEach(row -> {
      found.append(row.get(0, Integer.class));
      for (int i = 1; i <= COLUMNS.size(); i++) {
        found.append(' ').append(row.get(i, String.class));
      }
      found.append('\n');
    });
    session(branch).query("SELECT id, p FROM c" + asOf + " ORDER BY id")
        .forEach(row -> found.append(row.get(0, Integer.class)).append(" of ").append(row.get(1, Integer.class)).append('\n'));
    assertEquals(expected.toString(), found.toString(), branch.name + asOf);
    int plain = random.nextInt(5);
    long count = state.rows.values().stream().filter(version -> version.values.getFirst().equals(plain)).count();
    assertEquals(count, session(branch).queryOne("SELECT count(*) FROM p" + asOf + " WHERE plain = " + plain, Long.class), "by index on " + branch.name + asOf);
  }
}
