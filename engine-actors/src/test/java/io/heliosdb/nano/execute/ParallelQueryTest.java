package io.heliosdb.nano.execute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.Row;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Queries that several threads work on give what one thread gives, see one state, and end as one.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ParallelQueryTest {
  private static final int ROWS = 40_000;

  private static final List<String> QUERIES = List.of(
      "select count(*), sum(a), min(b), max(b), avg(d), sum(d), min(t), max(t), sum(f), avg(f), sum(big), avg(big), count(t) from big_one",
      "select a, count(*), sum(b), min(t), max(d), avg(big), sum(d) from big_one group by a order by a nulls last",
      "select t, count(*) filter (where b > 10) from big_one where a between 3 and 7 group by t order by t nulls last",
      "select a, b, count(*) from big_one group by rollup (a, b) order by a nulls last, b nulls last, 3",
      "select distinct t from big_one order by t nulls last",
      "select distinct a, b from big_one order by a nulls last, b nulls last",
      "select id, d from big_one order by d desc nulls last, id limit 17 offset 5",
      "select id, b from big_one where b < 40 order by b * 2 + a nulls last, id limit 100",
      "select s.name, count(*), sum(big_one.d) from big_one join small_one s on s.id = big_one.a group by s.name order by s.name",
      "select s.name, count(big_one.t) from big_one left join small_one s on s.id = big_one.b group by s.name order by s.name nulls last",
      "select count(*), sum(id) from big_one where exists (select 1 from small_one s where s.id = big_one.a)",
      "select count(*), sum(id) from big_one where not exists (select 1 from small_one s where s.id = big_one.b)",
      "select max(length(note)), sum(length(note)) from big_one where b = 3",
      "select a, string_agg(t, ',' order by id) from big_one where id < 200 group by a order by a nulls last",
      "select count(distinct a), count(*) from big_one",
      "select id % 5000 k, count(*), sum(b), min(t) from big_one group by id % 5000 order by k",
      "select count(*) from big_one");

  private EmbeddedDatabase database;
  private EmbeddedSession divided;
  private EmbeddedSession single;

  @BeforeAll
  void fill() {
    database = EmbeddedDatabase.newInMemory();
    divided = database.createSession();
    divided.execute("create table big_one (id int primary key, a int, b smallint, big bigint, d numeric, f float8, t text, note text)");
    divided.execute("create table small_one (id int primary key, name text)");
    divided.execute("insert into small_one select g, 'name ' || g % 3 from generate_series(0, 5) g");
    divided.execute("insert into big_one select g, nullif(g * 7919 % 11, 10), g % 50, g * 200000000000000, "
        + "case when g % 100 = 0 then null when g % 77 = 0 then g / 1000.0 else (g % 1000) / 100.0 end, g % 64 / 8.0, "
        + "case when g % 9 = 0 then null else 't' || g % 23 end, case when g = 20003 then repeat('x', 5000) else 'n' end "
        + "from generate_series(1, " + ROWS + ") g");
    divided.execute("analyze");
    eager(divided);
    single = database.createSession();
    single.execute("set max_parallel_workers_per_gather = 0");
  }

  private static void eager(EmbeddedSession session) {
    session.execute("set parallel_setup_cost = 0");
    session.execute("set parallel_tuple_cost = 0");
    session.execute("set min_parallel_table_scan_size = 0");
  }

  @AfterAll
  void close() {
    divided.close();
    single.close();
    database.close();
  }

  private static List<String> rows(EmbeddedSession session, String sql) {
    return session.query(sql).rows().stream().map(Row::toString).toList();
  }

  private static String plan(EmbeddedSession session, String sql) {
    return String.join("\n", session.query("explain " + sql).rows().stream().map(r -> r.getString(0)).toList());
  }

  @Test
  void answers_are_those_of_one_thread() {
    int gathered = 0;
    for (String sql : QUERIES) {
      assertFalse(plan(single, sql).contains("Gather"), sql);
      gathered += plan(divided, sql).contains("Gather") ? 1 : 0;
      assertEquals(rows(single, sql), rows(divided, sql), sql);
    }
    assertTrue(gathered >= 10, "divided plans: " + gathered);
  }

  @Test
  void groups_that_do_not_fit_are_spilled_by_every_thread() {
    try (EmbeddedSession session = database.createSession()) {
      eager(session);
      session.execute("set work_mem = '64kB'");
      String sql = "select id / 2 k, count(*), sum(b), min(t) from big_one group by id / 2 order by k";
      assertTrue(plan(session, sql).contains("Gather"));
      assertEquals(rows(single, sql), rows(session, sql));
    }
  }

  @Test
  void explain_analyze_counts_the_rows_of_all_threads() {
    String text = String.join("\n", divided.query("explain (analyze, timing off, costs off) select a, count(*) from big_one group by a").rows().stream()
        .map(r -> r.getString(0)).toList());
    assertTrue(text.contains("Workers Planned: 2") && text.contains("Parallel Seq Scan on big_one"), text);
    java.util.regex.Matcher scan = java.util.regex.Pattern.compile("Parallel Seq Scan on big_one \\(actual rows=(\\d+) loops=(\\d+)\\)").matcher(text);
    assertTrue(scan.find(), text);
    assertEquals(ROWS, Long.parseLong(scan.group(1)) * Long.parseLong(scan.group(2)), 2, text);
  }

  @Test
  void own_writes_and_older_snapshots_are_seen() {
    String sql = "select count(*), sum(a) from big_one where b >= 0";
    try (EmbeddedSession session = database.createSession(); EmbeddedSession other = database.createSession()) {
      eager(session);
      session.execute("begin isolation level repeatable read");
      List<String> before = rows(session, sql);
      other.execute("update big_one set a = 1000 where id = 5");
      assertEquals(before, rows(session, sql));
      session.execute("delete from big_one where id <= 10 and id <> 5");
      assertEquals(ROWS - 9L, session.query(sql).row(0).getLong(0));
      assertEquals(ROWS - 9L, session.query("select count(*) from big_one").row(0).getLong(0));
      session.execute("rollback");
      assertEquals(ROWS, session.query("select count(*) from big_one").row(0).getLong(0));
      other.execute("update big_one set a = 5 * 7919 % 11 where id = 5");
    }
  }

  /// Every transfer keeps the sum; threads that saw different states would not.
  @Test
  void all_threads_see_one_state_while_others_commit() throws Exception {
    divided.execute("create table account (id int primary key, balance int, filler text)");
    divided.execute("insert into account select g, 100, repeat('x', 100) from generate_series(1, 30000) g");
    divided.execute("analyze account");
    AtomicBoolean done = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    CountDownLatch started = new CountDownLatch(1);
    Thread writer = new Thread(() -> {
      try (EmbeddedSession session = database.createSession()) {
        for (int i = 1; !done.get(); i++) {
          session.execute("update account set balance = balance + case when id = $1 then 7 else -7 end where id in ($1, $2)", i % 30000 + 1,
              (i + 15000) % 30000 + 1);
          started.countDown();
        }
      } catch (Throwable e) {
        failure.set(e);
        started.countDown();
      }
    });
    writer.start();
    try {
      started.await();
      for (int i = 0; i < 40; i++) {
        Row row = divided.query("select sum(balance), count(*) from account where id > 0").row(0);
        assertEquals(3_000_000L, row.getLong(0));
        assertEquals(30_000L, row.getLong(1));
        assertEquals(30_000L, divided.query("select count(*) from account").row(0).getLong(0));
      }
    } finally {
      done.set(true);
      writer.join();
      divided.execute("drop table account");
    }
    assertEquals(null, failure.get());
  }

  @Test
  void an_error_in_any_thread_is_the_statements_and_memory_is_given_back() {
    for (int id : new int[] {1, ROWS / 2, ROWS}) {
      SqlException e = assertThrows(SqlException.class, () -> divided.query("select a, sum(1 / (id - " + id + ")) from big_one group by a"));
      assertEquals(SqlState.DIVISION_BY_ZERO, e.state());
    }
    assertEquals(ROWS, divided.query("select sum(c) from (select count(*) c from big_one group by a) x").row(0).getLong(0));
  }

  @Test
  void a_cancel_ends_all_threads() throws Exception {
    try (EmbeddedSession session = database.createSession()) {
      eager(session);
      session.execute("set statement_timeout = 1");
      SqlException e = assertThrows(SqlException.class, () -> {
        for (int i = 0; i < 1000; i++) {
          session.query("select sum(sqrt(id) * ln(id) + exp(b)), avg(power(f, 3)) from big_one");
        }
      });
      assertEquals(SqlState.QUERY_CANCELED, e.state());
    }
  }

  @Test
  void user_functions_sub_queries_and_serializable_transactions_stay_with_one_thread() {
    divided.execute("create function twice(i int) returns int language sql immutable parallel safe as 'select 2 * i'");
    assertFalse(plan(divided, "select sum(twice(a)) from big_one").contains("Gather"));
    assertFalse(plan(divided, "select count(*) from big_one where random() < 2").contains("Gather"));
    assertFalse(plan(divided, "select sum(a) from big_one where a > (select 1 / nullif(count(*), 0) from small_one)").contains("Gather"));
    divided.execute("begin isolation level serializable");
    assertEquals(rows(single, QUERIES.get(1)), rows(divided, QUERIES.get(1)));
    divided.execute("commit");
  }

  @Test
  void branches_are_read_through_their_layers() {
    try (EmbeddedSession session = database.createSession()) {
      eager(session);
      session.execute("create database branch side from main as of now");
      session.execute("use branch side");
      session.execute("delete from big_one where id % 2 = 0");
      assertEquals(ROWS / 2, session.query("select count(*) from big_one").row(0).getLong(0));
      assertEquals(ROWS / 2, session.query("select count(id) from big_one where b >= 0").row(0).getLong(0));
      try (EmbeddedSession alone = database.createSession()) {
        alone.execute("set max_parallel_workers_per_gather = 0");
        alone.execute("use branch side");
        session.execute("update big_one set d = 7 where id % 1000 = 1");
        divided.execute("create database branch later from side");
        for (EmbeddedSession one : List.of(session, alone)) {
          one.execute("use branch later");
        }
        session.execute("update big_one set t = 'later', d = 8 where id % 500 = 1");
        String launched = plan(session, "(analyze, costs off, timing off) select count(*), sum(a) from big_one");
        assertTrue(launched.contains("Workers Launched"), launched);
        for (String query : QUERIES) {
          assertEquals(rows(alone, query), rows(session, query), query);
        }
      }
    }
    assertEquals(ROWS, divided.query("select count(*) from big_one").row(0).getLong(0));
  }
}
