package io.heliosdb.nano.plpgsql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.Row;
import io.heliosdb.nano.error.SqlException;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Functions, procedures and triggers in PL/pgSQL and SQL; expected values are those of PostgreSQL 15.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlpgsqlTest {
  private EmbeddedDatabase database;
  private EmbeddedSession session;

  @BeforeAll
  void open() {
    database = EmbeddedDatabase.newInMemory();
  }

  @BeforeEach
  void begin() {
    session = database.createSession();
    session.execute("create table item (id int, name text)");
    session.execute("insert into item values (1, 'one'), (2, 'two'), (3, 'three')");
  }

  @AfterEach
  void end() {
    session.execute("drop schema public cascade");
    session.execute("create schema public");
    session.close();
  }

  @AfterAll
  void close() {
    database.close();
  }

  private void function(String signature, String body) {
    session.execute("create function " + signature + " language plpgsql as $$ " + body + " $$");
  }

  private String text(String query) {
    return session.query("select (" + query + ")::text").row(0).getString(0);
  }

  private String rows(String query) {
    StringJoiner all = new StringJoiner(" ");
    for (Row row : session.query(query)) {
      StringJoiner columns = new StringJoiner(",");
      for (int i = 0; i < row.size(); i++) {
        columns.add(String.valueOf(row.get(i)));
      }
      all.add(columns.toString());
    }
    return all.toString();
  }

  private SqlException failure(String sql) {
    return assertThrows(SqlException.class, () -> session.query(sql));
  }

  @Test
  void loopsAndLabels() {
    function(
        "f(n int) returns text",
        "declare s text := ''; begin <<o>> for i in reverse n..1 by 2 loop for j in 1..3 loop continue o when j = 2; s := s || i || j; end loop; end loop;"
            + " while length(s) < 9 loop s := s || '.'; exit when s like '%..'; end loop; return s; end");
    assertEquals("513111..", text("f(5)"));
    assertEquals("..", text("f(0)"));
  }

  @Test
  void rowsArraysAndCasts() {
    function(
        "f() returns text",
        "declare r item%rowtype; q record; a numeric(6,2)[]; begin select * into r from item where id = 2; r.name := upper(r.name); r.id := 7.6;"
            + " select 1 as x, r as y into q; q.x := '41'; a[2] := 1.239; a[1] := q.x + 1; return q.x || ' ' || (q.y).name || r::text || a::text; end");
    assertEquals("41 TWO(8,TWO){42.00,1.24}", text("f()"));
  }

  @Test
  void recursionAndDepthLimit() {
    function("fact(n int) returns numeric", "begin if n < 2 then return 1; end if; return n * fact(n - 1); end");
    assertEquals("2432902008176640000", text("fact(20)"));
    function("endless(n int) returns int", "begin return endless(n + 1); end");
    assertEquals("54001", failure("select endless(1)").state().code());
    assertEquals("6", text("fact(3)"));
    function(
        "heavy(n int) returns int",
        "declare r record; v int; begin begin for r in select id from item loop select heavy(n + r.id) + sum(i.id) into v from item i group by i.id; end loop;"
            + " exception when no_data_found then v := 0; end; return v; end");
    assertEquals("54001", failure("select heavy(1)").state().code());
  }

  @Test
  void handlersUndoTheirBlockOnly() {
    function(
        "f() returns text",
        "declare d text; begin insert into item values (4, 'four'); begin insert into item values (5, 'five'); perform 1 / (select 0);"
            + " exception when division_by_zero then get stacked diagnostics d = pg_exception_context;"
            + " return sqlstate || ' ' || sqlerrm || ' ' || (select count(*) from item) || chr(10) || d; end; end");
    assertEquals(
        "22012 division by zero 4\nSQL statement \"SELECT 1 / (select 0)\"\nPL/pgSQL function f() line 1 at PERFORM", text("f()"));
    assertEquals("4", text("select count(*) from item"));
  }

  @Test
  void errorsTellTheirWay() {
    function("inner_one(a int) returns int", "begin return a / 0; end");
    function("outer_one(a int) returns int", "declare v int;\nbegin\n select inner_one(a) into v; return v; end");
    SqlException e = failure("select outer_one(1)");
    assertEquals("22012", e.state().code());
    assertEquals(
        "PL/pgSQL function inner_one(integer) line 1 at RETURN\nSQL statement \"select inner_one(a)\"\n"
            + "PL/pgSQL function outer_one(integer) line 3 at SQL statement",
        e.context());
    SqlException raised = failure("do $$ begin raise exception 'x % y', 1 using errcode = 'P1234', hint = 'h', detail = 'd'; end $$");
    assertEquals("P1234 x 1 y d h", raised.state().code() + " " + raised.getMessage() + " " + raised.detail() + " " + raised.hint());
    assertEquals("P0002", failure("do $$ declare r record; begin select * into strict r from item where id = 99; end $$").state().code());
    assertEquals("P0003", failure("do $$ declare r record; begin select * into strict r from item; end $$").state().code());
    assertEquals("P0004", failure("do $$ begin assert 1 = 2; end $$").state().code());
    assertEquals("55000", failure("do $$ declare r record; begin r.x := r.y; end $$").state().code());
  }

  @Test
  void setsAndTables() {
    function("t(n int) returns table (a int, b text)", "begin return query select id, name from item where id <= n order by id; a := 9; b := null; return next; end");
    assertEquals("1,one 2,two 9,null", rows("select * from t(2)"));
    function("s() returns setof item", "declare r item; begin for r in select * from item order by id desc loop return next r; end loop; end");
    assertEquals("3,three 2,two 1,one", rows("select * from s()"));
    function("wrong() returns setof item", "begin return query select 1; end");
    assertEquals("42804", failure("select * from wrong()").state().code());
    function("rec(n int) returns record", "begin return (n, 'x'::text); end");
    assertEquals("4,x", rows("select * from rec(4) as (p int, q text)"));
  }

  @Test
  void dynamicCommandsAndCursors() {
    function(
        "f(t text) returns text",
        "declare n int; c cursor (k int) for select * from item where id > k order by id; r record; s text := ''; begin"
            + " execute format('select count(*) from %I where id > $1', t) into n using 1; for r in c(1) loop s := s || r.name; end loop;"
            + " open c(0); move c; fetch c into r; close c; return n || s || r.id; end");
    assertEquals("2twothree2", text("f('item')"));
  }

  @Test
  void triggersSeeAndChangeRows() {
    session.execute("create table log (entry text)");
    function(
        "t() returns trigger",
        "begin insert into log values (tg_op || tg_when || tg_argv[0] || coalesce(old.name, '-')); if tg_op = 'DELETE' then return old; end if;"
            + " if new.id = 99 then return null; end if; new.name := upper(new.name); return new; end");
    function("after_all() returns trigger", "begin insert into log select 'new ' || count(*) from fresh; return null; end");
    session.execute("create trigger a before insert or update or delete on item for each row execute function t('!')");
    session.execute("create trigger b after insert on item referencing new table as fresh for each statement execute function after_all()");
    session.execute("insert into item values (10, 'ten'), (99, 'no')");
    session.execute("update item set name = name || 'x' where id = 10");
    session.execute("delete from item where id = 1");
    assertEquals("2,two 3,three 10,TENX", rows("select * from item order by id"));
    assertEquals(
        "INSERTBEFORE!- INSERTBEFORE!- new 1 UPDATEBEFORE!TEN DELETEBEFORE!one", rows("select entry from log"));
  }

  @Test
  void proceduresEndTransactions() {
    session.execute(
        "create procedure p(n int, inout total int) language plpgsql as $$ begin for i in 1..n loop insert into item values (100 + i, 'p');"
            + " if i % 2 = 0 then commit; else rollback; end if; total := total + i; end loop; end $$");
    assertEquals("10", rows("call p(4, 0)"));
    assertEquals("102 104", rows("select id from item where id > 100 order by id"));
    assertEquals("2D000", failure("do $$ begin begin commit; exception when no_data_found then null; end; end $$").state().code());
    function("f() returns int", "begin commit; return 1; end");
    assertEquals("2D000", failure("select f()").state().code());
    assertEquals("P0001", failure("do $$ declare x int := 1; begin call p(0, x); raise exception '%', x; end $$").state().code());
  }

  @Test
  void plansFollowChanges() {
    function("f() returns text", "declare r record; begin select * into r from item where id = 1; return r::text; end");
    assertEquals("(1,one)", text("f()"));
    session.execute("alter table item add column extra int default 5");
    assertEquals("(1,one,5)", text("f()"));
    session.execute("create or replace function f() returns text language plpgsql as $$ begin return 'new'; end $$");
    assertEquals("new", text("f()"));
  }

  @Test
  void polymorphicVariadicDefaultsAndDomains() {
    function("first_of(a anyelement, b anyarray) returns anyelement", "begin return coalesce(a, b[1]); end");
    assertEquals("5", text("first_of(null, array[5, 6])"));
    assertEquals("q", text("first_of(null::text, array['q'])"));
    function("total(base int default 100, variadic more int[] default '{}') returns int", "declare x int; begin foreach x in array more loop base := base + x; end loop; return base; end");
    assertEquals("106", text("total(100, 1, 2, 3)"));
    assertEquals("100", text("total()"));
    session.execute("create domain small as int check (value < 10)");
    assertEquals("23514", failure("do $$ declare s small := 1; begin s := s + 20; end $$").state().code());
  }

  @Test
  void sqlFunctions() {
    session.execute("create function plus(a int, b int) returns numeric language sql return a + b");
    assertEquals("3", text("plus(1, 2)"));
    session.execute("create function pick(n int) returns setof item language sql as 'select * from item where id >= n order by id'");
    assertEquals("2,two 3,three", rows("select * from pick(2)"));
    session.execute("create function two(out a int, out b text) language sql as $$ select 7, 'k' $$");
    assertEquals("7,k", rows("select * from two()"));
    session.execute("create procedure put(x text) begin atomic insert into item values (8, x); end");
    session.execute("call put('eight')");
    assertEquals("eight", text("select name from item where id = 8"));
    session.execute("create function nothing() returns int language sql as 'select id from item where id < 0'");
    assertNull(text("nothing()"));
  }
}
