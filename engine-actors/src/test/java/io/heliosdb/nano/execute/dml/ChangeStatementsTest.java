package io.heliosdb.nano.execute.dml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.QueryResult;
import io.heliosdb.nano.error.SqlException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// INSERT, UPDATE, DELETE and MERGE as SQL, each with the tag or rows that PostgreSQL 15 gives.
class ChangeStatementsTest {
  private final EmbeddedDatabase db = EmbeddedDatabase.newInMemory();
  private final EmbeddedSession session = db.createSession();

  @AfterEach
  void close() {
    session.close();
    db.close();
  }

  private static String run(EmbeddedSession in, String sql) {
    try {
      QueryResult result = in.query(sql);
      List<String> rows = new ArrayList<>();
      result.forEach(row -> rows.add(row.toString()));
      return rows.isEmpty() ? result.commandTag() : String.join(" ", rows);
    } catch (SqlException e) {
      return e.state().code() + " " + e.getMessage();
    }
  }

  /// Statement, expected answer, statement, …; an empty answer is not looked at.
  private void script(String... steps) {
    for (int i = 0; i < steps.length; i += 2) {
      String answer = run(session, steps[i]);
      if (!steps[i + 1].isEmpty()) {
        assertEquals(steps[i + 1], answer, steps[i]);
      } else {
        assertFalse(answer.matches("[0-9A-Z]{5} .*") && !answer.startsWith("INSERT") && !answer.startsWith("ALTER"), steps[i] + ": " + answer);
      }
    }
  }

  @Test
  void returning_and_conflicts() {
    script(
        "create table t (a int primary key, b text unique, c int check (c > 0), d int generated always as (c * 2) stored)", "",
        "insert into t values (1, 'x', 5), (2, 'y', 6) returning a, d", "(a=1, d=10) (a=2, d=12)",
        "update t set c = c + 10 where a = 1 returning c, d", "(c=15, d=30)",
        "update t set a = a + 1", "23505 duplicate key value violates unique constraint \"t_pkey\"",
        "update t set a = a + 10", "UPDATE 2",
        "delete from t where a = 11 returning b", "(b=x)",
        "insert into t values (12, 'k', 1) on conflict (a) do update set b = excluded.b || t.b returning *", "(a=12, b=ky, c=6, d=12)",
        "insert into t values (12, 'k', 1), (13, 'm', 2) on conflict do nothing", "INSERT 0 1",
        "insert into t values (14, 'm', 2) on conflict (a) do nothing", "23505 duplicate key value violates unique constraint \"t_b_key\"",
        "insert into t values (7, 'p', 1), (7, 'q', 2) on conflict (a) do update set c = excluded.c",
        "21000 ON CONFLICT DO UPDATE command cannot affect row a second time",
        "insert into t values (13, 'z', 5) on conflict (a) do update set c = 1 where t.c > 100 returning *", "INSERT 0 0",
        "update t set c = s.v from (values (12, 100), (12, 200)) s(k, v) where a = s.k returning a, c", "(a=12, c=100)",
        "with gone as (delete from t returning a) select count(*) from gone", "(count=2)",
        "with x as (select 5 as a) insert into t select a, 'w', 1 from x", "INSERT 0 1");
  }

  @Test
  void merge() {
    script(
        "create table w (id int primary key, v int)", "", "insert into w values (1, 1), (2, 2)", "",
        "create table s (id int, v int)", "", "insert into s values (1, 10), (1, 20), (3, 30)", "",
        "merge into w using s on w.id = s.id when matched then update set v = s.v when not matched then insert values (s.id, s.v)",
        "21000 MERGE command cannot affect row a second time",
        "merge into w using s on w.id = s.id and s.v < 15 when matched and w.v = 1 then delete when not matched and s.id = 3 then insert values (s.id, s.v)",
        "MERGE 2",
        "select * from w order by id", "(id=2, v=2) (id=3, v=30)");
  }

  @Test
  void partitions_and_inheritance() {
    script(
        "create table h (a int primary key, b text) partition by range (a)", "",
        "create table h0 partition of h for values from (0) to (10)", "", "create table h1 partition of h for values from (10) to (20)", "",
        "insert into h values (1, 'x'), (11, 'y')", "INSERT 0 2",
        "insert into h values (11, 'z') on conflict (a) do update set b = excluded.b returning *", "(a=11, b=z)",
        "update h set a = a + 10 where a = 1", "23505 duplicate key value violates unique constraint \"h1_pkey\"",
        "update h set a = a + 11 where a = 1 returning *", "(a=12, b=x)",
        "select tableoid::regclass, a from h order by a", "(tableoid=h1, a=11) (tableoid=h1, a=12)",
        "create table r (a int references h)", "", "insert into r values (12)", "INSERT 0 1",
        "insert into r values (1)", "23503 insert or update on table \"r\" violates foreign key constraint \"r_a_fkey\"",
        "create table up (a int, b text)", "", "create table down (c int) inherits (up)", "",
        "insert into down values (2, 'c', 5)", "", "update up set b = b || '!' returning *", "(a=2, b=c!)", "select * from down", "(a=2, b=c!, c=5)",
        "delete from only up", "DELETE 0", "delete from up", "DELETE 1");
  }

  @Test
  void work_on_rows_that_ddl_needs() {
    script(
        "create table big as select g as id, 'r' || g as name from generate_series(1, 20000) g", "SELECT 20000",
        "create unique index on big (length(name))", "23505 could not create unique index \"big_length_idx\"",
        "create unique index big_name on big (name)", "CREATE INDEX",
        "insert into big values (1, 'r777')", "23505 duplicate key value violates unique constraint \"big_name\"",
        "insert into big values (5, 'x')", "",
        "alter table big add primary key (id)", "23505 could not create unique index \"big_pkey\"",
        "delete from big where name = 'x'", "DELETE 1",
        "alter table big add primary key (id)", "ALTER TABLE",
        "alter table big alter column id type bigint using id * 2", "ALTER TABLE",
        "select sum(id), count(*) from big where id > 2", "(sum=400019998, count=19999)",
        "alter table big add check (id < 100)", "23514 check constraint \"big_id_check\" of relation \"big\" is violated by some row");
  }

  @Test
  void a_row_changed_meanwhile_is_looked_at_again() throws Exception {
    script("create table t (id int primary key, v int, w int)", "", "insert into t values (1, 1, 0), (2, 1, 0)", "");
    try (EmbeddedSession other = db.createSession()) {
      assertEquals("UPDATE 1", meanwhile(other, "update t set v = 5 where id = 1", "update t set w = w + 1 where v = 1"));
      script("select * from t order by id", "(id=1, v=5, w=0) (id=2, v=1, w=1)");
      assertEquals("UPDATE 2", meanwhile(other, "update t set w = 100 where id = 1", "update t set w = w + 1"));
      script("select * from t order by id", "(id=1, v=5, w=101) (id=2, v=1, w=2)");
      assertEquals("DELETE 0", meanwhile(other, "delete from t where id = 2", "delete from t where id = 2"));
      run(other, "set default_transaction_isolation = 'repeatable read'");
      assertEquals("40001 could not serialize access due to concurrent update",
          meanwhile(other, "update t set w = 0 where id = 1", "update t set w = w + 1"));
    }
  }

  /// Runs `second` in the other session while the transaction of `first` is open; gives its answer after the commit.
  private String meanwhile(EmbeddedSession other, String first, String second) throws Exception {
    run(session, "begin");
    run(session, first);
    CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> run(other, second));
    while (!answer.isDone() && run(session, "select 1 from pg_locks where not granted").startsWith("SELECT 0")) {
      Thread.onSpinWait();
    }
    assertFalse(answer.isDone());
    run(session, "commit");
    return answer.get(20, TimeUnit.SECONDS);
  }

  @Test
  void concurrent_updates_of_one_row_all_count() throws Exception {
    script("create table t (id int primary key, n int)", "", "insert into t values (1, 0)", "");
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int t = 0; t < 3; t++) {
      all.add(CompletableFuture.runAsync(() -> {
        try (EmbeddedSession mine = db.createSession()) {
          for (int i = 0; i < 50; i++) {
            assertEquals("UPDATE 1", run(mine, "update t set n = n + 1 where id = 1"));
          }
        }
      }));
    }
    for (CompletableFuture<Void> one : all) {
      one.get(30, TimeUnit.SECONDS);
    }
    script("select n from t", "(n=150)");
  }

  @Test
  void nothing_is_left_of_a_failed_statement() {
    script("create table t (id int primary key, n int)", "", "insert into t values (3, 0)", "");
    SqlException e = assertThrows(SqlException.class, () -> session.execute("insert into t select g, g from generate_series(1, 5) g"));
    assertEquals("Key (id)=(3) already exists.", e.detail());
    script("select count(*) from t", "(count=1)");
  }
}
