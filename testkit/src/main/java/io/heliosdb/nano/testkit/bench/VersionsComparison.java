package io.heliosdb.nano.testkit.bench;

import com.sun.management.OperatingSystemMXBean;
import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// What branches and history cost: each reading beside its like on `main` and in the present, on one embedded database.
///
/// Times are CPU times of the calling thread (which runs its statements itself), of all threads where several work, the best of interleaved
/// runs, which other work on the machine disturbs least; a ratio of 1 is the same speed. Sizes are of the data file's pages in use.
///
/// `java … VersionsComparison [--short] [--rows N] [--branches N] [--rounds N] [--only create,chain,many,updated,past,history]`.
public final class VersionsComparison {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean PROCESS = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final int CHAIN = 5;

  private final int rows;
  private final int branches;
  private final int rounds;
  private final List<String> only;
  private final Report report = new Report("measured", "compared to");

  private VersionsComparison(Options options) {
    boolean isShort = options.isOn("short");
    rows = options.number("rows", isShort ? 200_000 : 1_000_000);
    branches = options.number("branches", 1_000);
    rounds = options.number("rounds", isShort ? 15 : 40);
    only = options.names("only");
  }

  public static void main(String[] arguments) throws Exception {
    VersionsComparison comparison = new VersionsComparison(new Options(arguments));
    comparison.run();
    System.out.println(comparison.report.failed() == 0 ? "\nAll goals met." : "\nGoals missed: " + comparison.report.failed());
  }

  private boolean isWanted(String name) {
    return only.isEmpty() || only.contains(name);
  }

  private void run() throws Exception {
    if (isWanted("create")) {
      creation();
    }
    if (isWanted("chain")) {
      chain();
    }
    if (isWanted("many")) {
      manyBranches();
    }
    if (isWanted("updated")) {
      updatedTable();
    }
    if (isWanted("past")) {
      pastPoint();
    }
    if (isWanted("history")) {
      historyBytes();
    }
  }

  private void creation() throws Exception {
    Path directory = Files.createTempDirectory("heliosdb-versions");
    try {
      try (EmbeddedDatabase db = EmbeddedDatabase.open(directory)) {
        creation(db);
      }
    } finally {
      try (Stream<Path> files = Files.walk(directory)) {
        files.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
      }
    }
  }

  // ---- measuring ----

  @FunctionalInterface
  private interface Work {
    void run();
  }

  private static double cpuNanos(Work work) {
    long before = THREADS.getCurrentThreadCpuTime();
    work.run();
    return THREADS.getCurrentThreadCpuTime() - before;
  }

  /// Of all threads: what each of several that divide a scan among them does is the same, so on processors of their own they take a share of it.
  private static double processNanos(Work work) {
    long before = PROCESS.getProcessCpuTime();
    work.run();
    return PROCESS.getProcessCpuTime() - before;
  }

  /// The best of both, interleaved, after as many runs to warm up.
  private double[] interleaved(ToDoubleFunction<Work> clock, Work one, Work other) {
    double[] best = {Double.MAX_VALUE, Double.MAX_VALUE};
    for (int i = 0; i < 2 * rounds; i++) {
      double a = clock.applyAsDouble(one);
      double b = clock.applyAsDouble(other);
      if (i >= rounds) {
        best[0] = Math.min(best[0], a);
        best[1] = Math.min(best[1], b);
      }
    }
    return best;
  }

  /// A line for a reading that should be at least `goal` times as fast as another.
  private void compare(String workload, String peer, Work measured, Work compared, double goal) {
    line(workload, peer, interleaved(VersionsComparison::cpuNanos, measured, compared), goal);
  }

  /// The same for work of several threads.
  private void divided(String workload, String peer, Work measured, Work compared, double goal) {
    line(workload, peer, interleaved(VersionsComparison::processNanos, measured, compared), goal);
  }

  private void line(String workload, String peer, double[] nanos, double goal) {
    report.line(workload, peer, Report.time(nanos[0]), Report.time(nanos[1]), nanos[1] / nanos[0], goal);
  }

  /// A line for a figure with an upper limit.
  private void limit(String workload, String unit, double measured, double limit) {
    report.line(workload, "limit", String.format(Locale.ROOT, "%.2f %s", measured, unit), String.format(Locale.ROOT, "%.2f %s", limit, unit),
        limit / measured, 1);
  }

  private static void read(EmbeddedSession session, String sql, Object... arguments) {
    session.query(sql, arguments).forEach(row -> {});
  }

  private static EmbeddedSession on(EmbeddedDatabase db, String branch) {
    EmbeddedSession session = db.createSession();
    session.execute("USE BRANCH " + branch);
    return session;
  }

  // ---- workloads ----

  private void creation(EmbeddedDatabase db) {
    db.execute("CREATE TABLE t (id int PRIMARY KEY, k int, v text)");
    db.execute("INSERT INTO t SELECT g, g % 1000, 'value ' || g FROM generate_series(1, " + rows + ") g");
    EmbeddedSession session = db.createSession();
    List<Double> millis = new ArrayList<>();
    int made = 40;
    // The first ones compile the code.
    for (int i = 0; i < made; i++) {
      session.execute("CREATE DATABASE BRANCH warm" + i);
    }
    long before = db.queryOne("SELECT pg_database_size(current_database())", Long.class);
    for (int i = 0; i < made; i++) {
      String create = "CREATE DATABASE BRANCH b" + i;
      millis.add(cpuNanos(() -> session.execute(create)) / 1e6);
    }
    long after = db.queryOne("SELECT pg_database_size(current_database())", Long.class);
    limit("create a branch, " + rows + " rows", "ms CPU", Report.median(millis), 5);
    limit("create a branch, " + rows + " rows", "KB", Math.max(0.01, (after - before) / 1024.0 / made), 64);
  }

  private void chain() {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      db.execute("CREATE TABLE t (id int PRIMARY KEY, k int, v text)");
      db.execute("INSERT INTO t SELECT g, g % 1000, 'value ' || g FROM generate_series(1, " + rows / 2 + ") g");
      db.execute("CREATE INDEX ON t (k)");
      EmbeddedSession main = db.createSession();
      EmbeddedSession last = main;
      String parent = "main";
      for (int i = 1; i <= CHAIN; i++) {
        db.execute("CREATE DATABASE BRANCH b" + i + " FROM " + parent);
        parent = "b" + i;
        last = on(db, parent);
        // Every branch changes one row in a hundred, and main goes on as well.
        last.execute("UPDATE t SET v = 'branch ' || id WHERE id % 100 = " + i);
        main.execute("UPDATE t SET v = 'main ' || id WHERE id % 100 = " + (50 + i));
      }
      EmbeddedSession end = last;
      String scan = "SELECT count(*), sum(k) FROM t";
      main.execute("SET max_parallel_workers_per_gather = 0");
      end.execute("SET max_parallel_workers_per_gather = 0");
      compare("scan through 5 branches", "main", () -> read(end, scan), () -> read(main, scan), 0.5);
      String index = "SELECT count(v) FROM t WHERE k = $1";
      compare("index look-ups through 5 branches", "main", () -> repeat(20, i -> read(end, index, i)), () -> repeat(20, i -> read(main, index, i)), 0.5);
      String point = "SELECT v FROM t WHERE id = $1";
      compare("rows by key through 5 branches", "main", () -> repeat(500, i -> read(end, point, i)), () -> repeat(500, i -> read(main, point, i)), 0.5);
      for (EmbeddedSession session : List.of(main, end)) {
        session.execute("RESET max_parallel_workers_per_gather");
      }
      divided("scan through 5 branches, all threads", "main", () -> repeat(25, i -> read(end, scan)), () -> repeat(25, i -> read(main, scan)), 0.5);
      main.execute("SET max_parallel_workers_per_gather = 0");
      end.execute("SET max_parallel_workers_per_gather = 0");
      // Each row is fetched from the log then; no goal is set for that.
      db.execute("UPDATE t SET v = 'all ' || id");
      compare("scan, main rewritten since the fork", "main", () -> read(end, scan), () -> read(main, scan), 0);
    }
  }

  @FunctionalInterface
  private interface Step {
    void run(int i);
  }

  private static void repeat(int count, Step step) {
    for (int i = 1; i <= count; i++) {
      step.run(i);
    }
  }

  private void manyBranches() {
    try (EmbeddedDatabase with = EmbeddedDatabase.newInMemory(); EmbeddedDatabase without = EmbeddedDatabase.newInMemory()) {
      List<Work> transactions = new ArrayList<>();
      for (EmbeddedDatabase db : List.of(with, without)) {
        db.execute("CREATE TABLE accounts (aid int PRIMARY KEY, bid int, abalance int, filler text)");
        db.execute("CREATE TABLE tellers (tid int PRIMARY KEY, tbalance int)");
        db.execute("CREATE TABLE history (tid int, aid int, delta int, mtime timestamp)");
        db.execute("INSERT INTO accounts SELECT g, 1, 0, repeat('x', 80) FROM generate_series(1, 50000) g");
        db.execute("INSERT INTO tellers SELECT g, 0 FROM generate_series(1, 10) g");
        EmbeddedSession session = db.createSession();
        Random random = new Random(1);
        transactions.add(() -> repeat(300, i -> transaction(session, random)));
      }
      for (int i = 0; i < branches; i++) {
        with.execute("CREATE DATABASE BRANCH b" + i);
      }
      compare("TPC-B on main, " + branches + " branches", "no branches", transactions.get(0), transactions.get(1), 0.95);
    }
  }

  private static void transaction(EmbeddedSession session, Random random) {
    int account = 1 + random.nextInt(50_000);
    int teller = 1 + random.nextInt(10);
    int delta = random.nextInt(100) - 50;
    session.execute("BEGIN");
    session.execute("UPDATE accounts SET abalance = abalance + $1 WHERE aid = $2", delta, account);
    read(session, "SELECT abalance FROM accounts WHERE aid = $1", account);
    session.execute("UPDATE tellers SET tbalance = tbalance + $1 WHERE tid = $2", delta, teller);
    session.execute("INSERT INTO history VALUES ($1, $2, $3, now())", teller, account, delta);
    session.execute("COMMIT");
  }

  private void updatedTable() {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      int count = 20_000;
      for (String table : List.of("fresh", "updated")) {
        db.execute("CREATE TABLE " + table + " (id int PRIMARY KEY, k int, v text)");
        db.execute("INSERT INTO " + table + " SELECT g, 0, repeat('x', 84) FROM generate_series(1, " + count + ") g");
      }
      for (int i = 0; i < 100; i++) {
        db.execute("UPDATE updated SET k = k + 1");
      }
      EmbeddedSession session = db.createSession();
      compare("scan, rows updated 100 times", "never updated", () -> repeat(5, i -> read(session, "SELECT count(*), sum(k) FROM updated")),
          () -> repeat(5, i -> read(session, "SELECT count(*), sum(k) FROM fresh")), 0.9);
    }
  }

  private void pastPoint() {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      db.execute("CREATE TABLE t (id int PRIMARY KEY, k int, v text)");
      db.execute("INSERT INTO t SELECT g, 0, 'value ' || g FROM generate_series(1, 50000) g");
      long scn = db.queryOne("SELECT pg_current_scn()", Long.class);
      for (int i = 0; i < 10; i++) {
        db.execute("UPDATE t SET k = k + 1");
      }
      EmbeddedSession session = db.createSession();
      String past = "SELECT v FROM t AS OF SCN " + scn + " WHERE id = $1";
      String present = "SELECT v FROM t WHERE id = $1";
      // Three times as long as a present read is allowed.
      compare("AS OF point read, 10 versions back", "present", () -> repeat(1_000, i -> read(session, past, 37 * i % 50_000)),
          () -> repeat(1_000, i -> read(session, present, 37 * i % 50_000)), 1 / 3.0);
    }
  }

  /// Twenty columns' worth of row; what history adds to each superseded version is its log record's header and the key.
  private void historyBytes() {
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      int count = 2_000;
      int updates = 10;
      int text = 300;
      db.execute("CREATE TABLE t (id int PRIMARY KEY, k int, v text)");
      db.execute("INSERT INTO t SELECT g, 0, repeat('x', " + text + ") FROM generate_series(1, " + count + ") g");
      long row = db.queryOne("SELECT sum(pg_column_size(t.*)) FROM t", Long.class) / count;
      for (int i = 0; i < updates; i++) {
        db.execute("UPDATE t SET k = k + 1");
      }
      double bytes = db.queryOne("SELECT heliosdb_history_bytes('t')", Long.class);
      limit("history of " + updates + " updates, rows of " + row + " bytes", "x", bytes / ((double) row * count * updates), 1.3);
    }
  }
}
