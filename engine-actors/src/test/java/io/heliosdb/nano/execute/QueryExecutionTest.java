package io.heliosdb.nano.execute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.Row;
import io.heliosdb.nano.error.SqlException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Operators over random tables against plain Java, with and without spilling.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class QueryExecutionTest {
  private static final long SEED = 20261121;

  private record Left(int id, Integer key, String name, long amount) {}

  private record Right(Integer key, int value) {}

  private EmbeddedDatabase database;
  private EmbeddedSession session;
  private final List<Left> lefts = new ArrayList<>();
  private final List<Right> rights = new ArrayList<>();

  @BeforeAll
  void fill() {
    database = EmbeddedDatabase.newInMemory();
    session = database.createSession();
    session.execute("create table l (id int primary key, k int, name text, amount bigint)");
    session.execute("create table r (k int, v int)");
    Random random = new Random(SEED);
    StringJoiner leftRows = new StringJoiner(",");
    for (int i = 0; i < 3000; i++) {
      Left row = new Left(i, random.nextInt(10) == 0 ? null : random.nextInt(700), "n" + random.nextInt(300), random.nextInt(1_000_000));
      lefts.add(row);
      leftRows.add("(" + row.id + "," + row.key + ",'" + row.name + "'," + row.amount + ")");
    }
    session.execute("insert into l values " + leftRows);
    StringJoiner rightRows = new StringJoiner(",");
    for (int i = 0; i < 2500; i++) {
      Right row = new Right(random.nextInt(12) == 0 ? null : random.nextInt(700), i);
      rights.add(row);
      rightRows.add("(" + row.key + "," + row.value + ")");
    }
    session.execute("insert into r values " + rightRows);
  }

  @AfterAll
  void close() {
    session.close();
    database.close();
  }

  private List<String> rows(String sql) {
    List<String> rows = new ArrayList<>();
    for (Row row : session.query(sql)) {
      StringJoiner line = new StringJoiner("|");
      for (int i = 0; i < row.size(); i++) {
        line.add(row.isNull(i) ? "-" : row.getString(i));
      }
      rows.add(line.toString());
    }
    return rows;
  }

  private void spillingAndNot(String sql, List<String> expected) {
    session.execute("set work_mem = '64kB'");
    assertEquals(expected, rows(sql), () -> "spilling, seed " + SEED + ": " + sql);
    session.execute("set work_mem = '64MB'");
    assertEquals(expected, rows(sql), () -> "in memory, seed " + SEED + ": " + sql);
  }

  @Test
  void group_by_counts_and_sums_as_java_does() {
    Map<String, long[]> groups = new TreeMap<>();
    for (Left row : lefts) {
      long[] sums = groups.computeIfAbsent(row.name, n -> new long[2]);
      sums[0]++;
      sums[1] += row.amount;
    }
    List<String> expected = new ArrayList<>();
    groups.forEach((name, sums) -> expected.add(name + "|" + sums[0] + "|" + sums[1]));
    spillingAndNot("select name, count(*), sum(amount) from l group by name order by name", expected);
  }

  @Test
  void group_by_of_more_groups_than_memory_holds_loses_none() {
    spillingAndNot("select count(*), sum(c), sum(s) from (select id, name, count(*) c, sum(amount) s from l group by id, name) g",
        List.of(lefts.size() + "|" + lefts.size() + "|" + lefts.stream().mapToLong(Left::amount).sum()));
  }

  @Test
  void sort_is_that_of_java() {
    List<Left> sorted = new ArrayList<>(lefts);
    sorted.sort((a, b) -> {
      int byKey = a.key == null || b.key == null ? Boolean.compare(b.key == null, a.key == null) : b.key.compareTo(a.key);
      return byKey != 0 ? byKey : Integer.compare(a.id, b.id);
    });
    List<String> expected = sorted.stream().map(row -> row.id + "|" + (row.key == null ? "-" : row.key)).toList();
    spillingAndNot("select id, k from l order by k desc, id", expected);
    assertEquals(expected.subList(5, 25), rows("select id, k from l order by k desc, id limit 20 offset 5"));
  }

  @Test
  void joins_of_all_kinds_match_nested_loops() {
    long inner = 0;
    long leftMatched = 0;
    boolean[] rightMatched = new boolean[rights.size()];
    for (Left left : lefts) {
      boolean matched = false;
      for (int i = 0; i < rights.size(); i++) {
        Right right = rights.get(i);
        if (left.key != null && left.key.equals(right.key) && left.id % 3 != right.value % 3) {
          inner++;
          matched = true;
          rightMatched[i] = true;
        }
      }
      leftMatched += matched ? 1 : 0;
    }
    long rightUnmatched = 0;
    for (boolean matched : rightMatched) {
      rightUnmatched += matched ? 0 : 1;
    }
    long leftUnmatched = lefts.size() - leftMatched;
    String on = " on l.k = r.k and l.id % 3 <> r.v % 3";
    spillingAndNot("select count(*) from l join r" + on, List.of("" + inner));
    spillingAndNot("select count(*), count(r.v) from l left join r" + on, List.of((inner + leftUnmatched) + "|" + inner));
    spillingAndNot("select count(*), count(l.id) from l right join r" + on, List.of((inner + rightUnmatched) + "|" + inner));
    spillingAndNot("select count(*) from l full join r" + on, List.of("" + (inner + leftUnmatched + rightUnmatched)));
    spillingAndNot("select count(*) from l where exists (select from r where l.k = r.k and l.id % 3 <> r.v % 3)", List.of("" + leftMatched));
    spillingAndNot("select count(*) from l where not exists (select from r where l.k = r.k and l.id % 3 <> r.v % 3)", List.of("" + leftUnmatched));
  }

  /// The same result with little and with much memory; the temporary files show in the plan of the sort alone, so results must tell.
  private void sameWithLittleMemory(String sql) {
    session.execute("set work_mem = '64MB'");
    List<String> expected = rows(sql);
    session.execute("set work_mem = '64kB'");
    assertEquals(expected, rows(sql), sql);
    session.execute("reset work_mem");
  }

  @Test
  void windows_over_work_mem_give_what_they_give_in_memory() {
    String wide = "(select l.id, k, name, amount, i from l cross join generate_series(1, 5) i) w";
    sameWithLittleMemory("select id, i, row_number() over (order by amount, id, i), sum(amount) over (partition by name order by id, i),"
        + " lag(name, 3) over (order by k nulls first, id, i) from " + wide + " order by 1, 2");
    sameWithLittleMemory("select id, i, last_value(id) over (partition by k order by id groups between 1 preceding and 2 following),"
        + " count(*) filter (where amount > 500000) over (partition by k) from " + wide + " order by 1, 2");
    sameWithLittleMemory("select sum(r), max(d) from (select rank() over w r, dense_rank() over w d from " + wide + " window w as (order by name)) x");
  }

  @Test
  void a_window_argument_is_not_computed_for_rows_that_the_filter_leaves_out() {
    assertEquals(List.of("1|2", "2|2"), rows("select x, sum(4 / (x - 1)) filter (where x > 1) over (order by x desc) - 2 from"
        + " (values (1), (2)) v (x) order by 1"));
  }

  @Test
  void kept_rows_over_work_mem_are_read_again() {
    sameWithLittleMemory("with big as materialized (select l.id, name, i from l cross join generate_series(1, 4) i)"
        + " select a.id, a.i, a.name, b.c from big a join (select name, count(*) c from big group by name) b on a.name = b.name order by 1, 2");
    sameWithLittleMemory("with recursive n(i, t) as (select i, repeat('x', 40) from generate_series(1, 3000) i union all"
        + " select i + 3000, t from n where i < 9000) select count(*), sum(i), min(length(t)) from n");
    sameWithLittleMemory("select count(*), sum(a.v) from r a left join (select k, v from r offset 0) b on a.v < b.v and b.v < 40");
  }

  @Test
  void distinct_and_set_operations_over_work_mem_lose_and_double_nothing() {
    String wide = "select amount + i as a, name || i as n from l cross join generate_series(1, 5) i";
    sameWithLittleMemory("select count(*), sum(a), min(n), max(n) from (select distinct a, n from (" + wide + ") w) d");
    sameWithLittleMemory("select * from (select distinct on (a) a, n from (" + wide + ") w order by a, n) d");
    for (String operator : List.of("union", "intersect", "intersect all", "except", "except all")) {
      sameWithLittleMemory("select count(*), sum(a), min(n), max(n) from ((" + wide + ") " + operator + " (" + wide + " where i % 2 = 0)) d");
    }
  }

  @Test
  void ordered_and_distinct_aggregates_over_work_mem_are_right() {
    sameWithLittleMemory("select count(distinct amount * 10 + i), md5(string_agg(name, ',' order by amount, name)),"
        + " percentile_disc(0.5) within group (order by amount) from l cross join generate_series(1, 5) i");
    sameWithLittleMemory("select k, count(distinct name), array_agg(distinct id % 7 order by id % 7) from l group by k order by k");
  }

  @Test
  void index_lookups_give_what_hash_joins_give() {
    String sql = "select count(*), sum(l.amount) from r join l on l.id = r.v and l.k = r.k";
    List<String> hashed = rows(sql);
    session.execute("set enable_hashjoin = off");
    assertEquals(hashed, rows(sql));
    session.execute("reset enable_hashjoin");
  }

  @Test
  void not_in_with_a_null_is_never_true() {
    assertEquals(List.of("0"), rows("select count(*) from l where k not in (select k from r)"));
    assertEquals(List.of("" + lefts.size()), rows("select count(*) from l where k not in (select k from r where false)"));
  }

  @Test
  void window_frames_follow_their_definition() {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      long sum = 0;
      for (int j = Math.max(0, i - 2); j <= i + 1; j++) {
        sum += lefts.get(j).amount;
      }
      expected.add(i + "|" + sum);
    }
    assertEquals(expected,
        rows("select id, sum(amount) over (order by id rows between 2 preceding and 1 following) from l order by id limit 50"));
  }

  @Test
  void branches_that_are_not_taken_raise_no_errors() {
    assertEquals(List.of("0|1"),
        rows("select sum(case when id = 0 then 0 else id / id end) - (count(*) - 1), min(coalesce(1, 1 / (id - id))) from l"));
    assertEquals(List.of("2999"), rows("select count(*) from l where id <> 0 and 10 / id >= 0"));
    assertThrows(SqlException.class, () -> rows("select 1 / id from l"));
  }

  @Test
  void limit_stops_side_effects() {
    session.execute("create sequence s");
    assertEquals(List.of("1", "2", "3"), rows("select nextval('s') from l limit 3"));
    assertEquals(List.of("4"), rows("select nextval('s')"));
  }

  @Test
  void plans_use_keys_and_indexes() {
    session.execute("create index r_k on r (k desc, v)");
    assertPlan("select * from l where id = 7", "Index Scan using l_pkey on l");
    assertPlan("select * from l order by id desc limit 3", "Index Scan Backward using l_pkey on l");
    assertPlan("select v from r where k = 5 and v > 3", "Index Only Scan using r_k on r");
    assertPlan("select max(id) from l", "Index Scan Backward using l_pkey on l");
    assertPlan("select * from l where amount = 3", "Seq Scan on l");
    assertPlan("select * from l where id in (select k from r)", "Semi Join");
    assertEquals(rows("select k, v from r where k + 0 = 5 order by k desc, v"), rows("select k, v from r where k = 5 order by k desc, v"));
    session.execute("drop index r_k");
  }

  private void assertPlan(String sql, String part) {
    String plan = String.join("\n", rows("explain " + sql));
    assertEquals(true, plan.contains(part), () -> sql + "\n" + plan);
  }

  @Test
  void recursive_union_ends() {
    assertEquals(List.of("100|5050"),
        rows("with recursive n(i) as (select 1 union all select i + 1 from n where i < 100) select count(*), sum(i) from n"));
  }

  @Test
  void locked_rows_are_checked_again_in_their_newest_version() throws Exception {
    session.execute("create table q (id int primary key, v int)");
    session.execute("insert into q values (1, 10), (2, 20), (3, 30)");
    try (EmbeddedSession writer = database.createSession(); EmbeddedSession locker = database.createSession()) {
      writer.execute("begin");
      writer.execute("update q set v = 21 where id = 2");
      writer.execute("update q set v = 0 where id = 3");
      List<String> locked = new ArrayList<>();
      Thread waiting = new Thread(() -> {
        for (Row row : locker.query("select id, v from q where v >= 20 order by id for update")) {
          locked.add(row.getString(0) + "|" + row.getString(1));
        }
      });
      waiting.start();
      while (session.queryOne("select count(*) from pg_locks where not granted", Long.class) == 0 && waiting.isAlive()) {
        Thread.onSpinWait();
      }
      writer.execute("commit");
      waiting.join();
      assertEquals(List.of("2|21"), locked);
    }
  }
}
