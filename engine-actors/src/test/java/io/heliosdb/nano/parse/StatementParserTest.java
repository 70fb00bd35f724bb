package io.heliosdb.nano.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.parse.ast.*;
import io.heliosdb.nano.parse.ast.SelectStatement.*;
import io.heliosdb.nano.parse.ast.TableDdl.*;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementParserTest {
  private static Statement one(String sql) {
    List<ParsedStatement> statements = Parser.parse(sql);
    assertEquals(1, statements.size(), sql);
    return statements.getFirst().statement();
  }

  private static <T> T one(Class<T> type, String sql) {
    return assertInstanceOf(type, one(sql));
  }

  @Test
  void texts_of_several_statements_are_told_apart() {
    String sql = ";; select 1 -- one\n; /* two */ insert into t values ($2, ';');;";
    List<ParsedStatement> statements = Parser.parse(sql);
    assertEquals(List.of("select 1", "insert into t values ($2, ';')"), statements.stream().map(ParsedStatement::text).toList());
    assertEquals(List.of(0, 2), statements.stream().map(ParsedStatement::parameterCount).toList());
    assertTrue(Parser.parse(" -- nothing\n;").isEmpty());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "table only t | SelectStatement",
    "with recursive a(x) as not materialized (select 1) search depth first by x set s cycle x set c using p delete from t | Delete",
    "merge into t using s on a = b when matched and c then update set x = 1 when not matched then insert (a) values (1) when "
        + "matched then delete when not matched then do nothing | Merge",
    "begin isolation level serializable, read only, deferrable | Begin",
    "rollback to savepoint | RollbackToSavepoint",
    "end and no chain | Commit",
    "prepare transaction 'x' | PrepareTransaction",
    "lock table only a, b in share row exclusive mode nowait | LockTable",
    "set constraints all deferred | SetConstraints",
    "set local time zone interval '1' hour to minute | SetSetting",
    "set session authorization default | SetSetting",
    "set session characteristics as transaction read write | SetTransaction",
    "show transaction isolation level | Show",
    "discard plans | Discard",
    "create temp table t (like u including all excluding indexes) on commit drop | CreateTable",
    "create table t of ty (a with options primary key) | CreateTable",
    "create table p partition of t for values from (minvalue) to (1, maxvalue) partition by list (lower(a) collate \"C\" "
        + "text_ops) | CreateTable",
    "create unlogged table t (a) as values (1) with no data | CreateTableAs",
    "create table t as execute p(1) | CreateTableAs",
    "create materialized view if not exists v as select 1 with no data | CreateTableAs",
    "create unique index concurrently if not exists i on only t using gist (a desc nulls last, (b + 1) c.ops (x = 1)) "
        + "include (d) nulls not distinct with (fillfactor = 70) where e | CreateIndex",
    "create or replace temp recursive view v (n) with (security_barrier) as select 1 | CreateView",
    "create schema authorization x create table t (a int) grant select on t to public | CreateSchema",
    "create sequence s as int increment by -1 minvalue -5 no maxvalue start 3 cache 2 no cycle owned by t.a | CreateSequence",
    "create type t as enum ('a', 'b') | CreateEnumType",
    "create type t as range (subtype = float8) | CreateRangeType",
    "create type t | CreateBaseType",
    "create domain d as int not null default 1 check (value > 0) | CreateDomain",
    "create or replace function f(in a int = 1, out b text, variadic c int[]) returns setof record language sql immutable "
        + "strict as 'a', 'b' | CreateFunction",
    "create function f(x t.a%type) returns table (a int, b text) begin atomic select 1; return 2; end | CreateFunction",
    "create procedure p() language sql as '' | CreateFunction",
    "create aggregate a(int order by text) (sfunc = f, stype = int8) | CreateAggregate",
    "create aggregate a (basetype = int, sfunc = f, stype = int) | CreateAggregate",
    "create operator s.=== (leftarg = int, rightarg = int, function = f, commutator = operator(s.===)) | CreateOperator",
    "create operator class c default for type int using btree as operator 1 <, function 1 (int, int) f(int, int), storage "
        + "int | CreateOperatorClass",
    "create cast (a as b) with function f(a) as implicit | CreateCast",
    "create constraint trigger t after insert or update of a, b on c deferrable initially deferred for each row when (new.a) "
        + "execute function f('x', 1) | CreateTrigger",
    "create event trigger e on ddl_command_start when tag in ('a') execute function f() | CreateEventTrigger",
    "create rule r as on insert to t where a do also (select 1; notify x) | CreateRule",
    "create policy p on t as restrictive for select to a, public using (b) with check (c) | CreatePolicy",
    "create user u with password 'x' superuser nologin in role a valid until 'x' connection limit 3 | CreateRole",
    "create database d with owner = a encoding 'utf8' connection limit -1 | CreateDatabase",
    "create statistics s (ndistinct) on a, (b + 1) from t | CreateStatistics",
    "create publication p for table a (b) where (c), tables in schema s | CreatePublication",
    "create foreign table f (a int options (x 'y')) server s options (z '1') | CreateTable",
    "create extension if not exists x with schema s cascade | CreateExtension",
    "create text search configuration c (parser = p) | CreateTextSearch",
    "alter table only (t) add column if not exists a int, drop constraint if exists c cascade, alter b set data type text "
        + "using b::text, alter c add generated always as identity, enable row level security, owner to current_user | AlterTable",
    "alter table t rename constraint a to b | Rename",
    "alter table if exists t set schema s | SetSchema",
    "alter table t detach partition p concurrently | AlterTable",
    "alter index i attach partition j | AlterTable",
    "alter sequence s restart 5 owned by none | AlterSequence",
    "alter type t add value if not exists 'x' before 'y' | AddEnumValue",
    "alter type t rename attribute a to b cascade | Rename",
    "alter domain d add constraint c check (value > 1) not valid | AlterDomain",
    "alter function f(int) owner to x | ChangeOwner",
    "alter function f set search_path to a, b reset all | AlterFunction",
    "alter operator + (int, none) set (restrict = none) | AlterOperator",
    "alter role all in database d set x = 1 | AlterRoleSetting",
    "alter group g add user a | AlterGroup",
    "alter system reset all | AlterSystem",
    "alter default privileges for role a in schema s grant select on tables to b with grant option | AlterDefaultPrivileges",
    "alter text search configuration c alter mapping for a replace b with d | AlterTextSearchConfiguration",
    "alter subscription s set publication a with (refresh = false) | AlterSubscription",
    "drop table if exists a, b.c cascade | Drop",
    "drop function f(int), g | Drop",
    "drop owned by a | DropOwned",
    "drop database if exists d with (force) | DropDatabase",
    "drop trigger t on a | Drop",
    "drop cast if exists (a as b) | Drop",
    "comment on constraint c on domain d is null | Comment",
    "comment on operator - (none, int) is 'x' | Comment",
    "security label for p on table t is 'x' | SecurityLabel",
    "grant select (a, b), all on t to group g granted by x | error",
    "grant select (a), insert on t, u to public with grant option | GrantPrivileges",
    "grant all privileges on all tables in schema s to a | GrantPrivileges",
    "revoke grant option for execute on function f(int) from a cascade | GrantPrivileges",
    "revoke admin option for a from b | GrantRole",
    "reassign owned by a to b | ReassignOwned",
    "truncate only a, b restart identity cascade | Truncate",
    "vacuum (full, analyze false) t (a, b) | Vacuum",
    "analyze verbose | Vacuum",
    "cluster i on t | Cluster",
    "reindex (verbose) table concurrently t | Reindex",
    "copy t (a) from stdin with (format csv, force_null (a, b), header match) where x | Copy",
    "copy (delete from t returning *) to program 'x' csv header quote as '!' force quote * | Copy",
    "copy binary t to 'f' delimiter ',' | Copy",
    "prepare p (int, text) as update t set (a, b) = row(1, 2), c.d[1] = default | Prepare",
    "execute p(1 + 1) | Execute",
    "deallocate prepare all | Deallocate",
    "declare c binary insensitive scroll cursor with hold for select 1 | DeclareCursor",
    "fetch backward all in c | FetchCursor",
    "fetch next | FetchCursor",
    "move -3 c | FetchCursor",
    "close all | CloseCursor",
    "notify a, 'b' | Notify",
    "unlisten * | Unlisten",
    "explain (analyze, format json) with a as (select 1) select * from a | Explain",
    "explain analyze verbose (select 1) | Explain",
    "do language sql 'x' | DoBlock",
    "call s.p(a => 1) | Call",
    "load 'x' | Load",
    "checkpoint | Checkpoint",
    "refresh materialized view concurrently v | RefreshMaterializedView",
    "create database branch b from main as of scn 5 with (a = 1) | CreateBranch",
    "create database branch with owner = x | CreateDatabase",
    "drop database branch if exists b | DropBranch",
    "alter database branch main rename to old | RenameBranch",
    "merge database branch b into current | MergeBranch",
    "use branch b | UseBranch",
    "show branch | ShowBranch",
    "restore table t to timestamp '2020-01-01' | RestoreTable",
    "erase from t where a = 1 | Erase",
    "import foreign schema a limit to (b) from server s into c | ImportForeignSchema",
  })
  void every_kind_of_statement_is_recognised(String sql, String type) {
    String actual;
    try {
      actual = one(sql).getClass().getSimpleName();
    } catch (io.heliosdb.nano.error.SqlException e) {
      actual = "error";
    }
    assertEquals(type, actual, sql);
  }

  @Test
  void set_operations_bind_as_in_postgresql() {
    SelectStatement query = 
        one(
            SelectStatement.class,
            "select 1 union all (select 2 limit 1) intersect select 3 except select 4 "
                + "order by 1 limit 5 offset 6 for update of t skip locked");
    SetOperation except = (SetOperation) query.body();
    assertEquals(SetOperator.EXCEPT, except.operator());
    SetOperation union = (SetOperation) except.left();
    assertTrue(union.all());
    SetOperation intersect = (SetOperation) union.right();
    assertInstanceOf(NestedQuery.class, intersect.left());
    assertEquals(LockingClause.WaitPolicy.SKIP_LOCKED, query.locking().getFirst().waitPolicy());
    assertNotNull(query.limit());
  }

  @Test
  void a_lone_parenthesised_query_takes_the_outer_clauses() {
    SelectStatement query = one(SelectStatement.class, "((select a from t limit 3)) order by a");
    assertInstanceOf(SelectCore.class, query.body());
    assertEquals(1, query.orderBy().size());
    assertNotNull(query.limit());
  }

  @Test
  void words_that_are_operators_can_be_labels_at_the_end_of_a_column() {
    SelectCore core = (SelectCore) one(SelectStatement.class, "select a like, b or, c between from t").body();
    assertEquals(List.of("like", "or", "between"), core.targets().stream().map(TargetItem::label).toList());
  }

  @Test
  void joins_nest_by_the_place_of_their_conditions() {
    String sql =
        "select from a left join b join c using (x) as u on y, lateral f(1) with ordinality as g(h int), (d cross join e) j";
    SelectCore core = (SelectCore) one(SelectStatement.class, sql).body();
    FromItem.Join outer = (FromItem.Join) core.from().get(0);
    assertEquals(FromItem.JoinType.LEFT, outer.type());
    FromItem.Join inner = (FromItem.Join) outer.right();
    assertEquals("u", inner.usingAlias().name());
    FromItem.Functions function = (FromItem.Functions) core.from().get(1);
    assertTrue(function.lateral() && function.withOrdinality());
    assertEquals("h", function.columns().getFirst().name());
    assertEquals("j", ((FromItem.Join) core.from().get(2)).alias().name());
  }

  @Test
  void versions_of_tables_may_be_asked_for_and_of_is_still_an_alias() {
    String sql =
        "select from a as of timestamp now() - interval '1 day' x, b y as of scn $1, c versions between scn 1 and 2, d as of";
    SelectCore core = (SelectCore) one(SelectStatement.class, sql).body();
    FromItem.Table a = (FromItem.Table) core.from().get(0);
    assertEquals("x", a.alias().name());
    assertInstanceOf(VersionClause.AtTimestamp.class, ((VersionClause.AsOf) a.version()).moment());
    assertEquals("y", ((FromItem.Table) core.from().get(1)).alias().name());
    assertInstanceOf(VersionClause.VersionsBetween.class, ((FromItem.Table) core.from().get(2)).version());
    FromItem.Table d = (FromItem.Table) core.from().get(3);
    assertEquals("of", d.alias().name());
    assertNull(d.version());
  }

  @Test
  void table_definitions_keep_every_clause() {
    CreateTable table =
        one(
            CreateTable.class,
            "create table if not exists s.t (id int generated by default as identity (start 5) primary key deferrable, "
                + "a numeric(10, 2)[] not null default 1 + 2 check (a > b) no inherit, g int generated always as (id * 2) stored, "
                + "r int references u (x) on delete set null (r) on update cascade initially deferred, "
                + "constraint c foreign key (a, b) references v match full not valid, exclude using gist (a with &&) where (b)) "
                + "inherits (p) partition by range (id) using heap with (fillfactor = 50) tablespace ts");
    List<TableElement> elements = table.elements();
    assertEquals(6, elements.size());
    Column a = (Column) elements.get(1);
    assertEquals("1 + 2", ((ColumnDefault) a.constraints().get(1)).value().text());
    assertEquals("a > b", ((ColumnCheck) a.constraints().get(2)).condition().text());
    assertTrue(((ColumnUnique) ((Column) elements.get(0)).constraints().get(1)).timing().deferrable());
    ColumnReferences references = (ColumnReferences) ((Column) elements.get(3)).constraints().getFirst();
    assertEquals(ReferentialAction.SET_NULL, references.key().onDelete());
    assertEquals("r", references.key().setColumns().getFirst().text());
    assertTrue(references.timing().initiallyDeferred());
    assertTrue(((ForeignKeyConstraint) elements.get(4)).notValid());
    assertEquals("range", table.partitionBy().strategy());
    assertEquals("heap", table.accessMethod());
  }

  @Test
  void inserts_keep_every_clause() {
    DmlStatement.Insert insert =
        one(
            DmlStatement.Insert.class,
            "with q as (select 1) insert into s.t as x (a, b.c, d[1]) overriding user value select * from q "
                + "on conflict (lower(a) collate \"C\", b) where c do update set (a, b) = (1, default) where d returning *, a as z");
    assertEquals(3, insert.targets().size());
    assertEquals(DmlStatement.Overriding.USER_VALUE, insert.overriding());
    assertEquals("lower(a)", insert.onConflict().target().elements().getFirst().expression().text());
    assertTrue(insert.onConflict().assignments().getFirst().multiple());
    assertEquals("z", insert.returning().get(1).label());
    assertNull(one(DmlStatement.Insert.class, "insert into t default values").query());
    assertFalse(one(DmlStatement.Insert.class, "insert into t (select 1)").query() == null);
  }

  @Test
  void types_are_translated_as_the_grammar_does() {
    assertEquals("pg_catalog.timestamptz", Parser.parseTypeName("timestamp(3) with time zone").name().toString());
    assertEquals("pg_catalog.varbit", Parser.parseTypeName("bit varying(5)").name().toString());
    assertEquals("pg_catalog.float4", Parser.parseTypeName("float(24)").name().toString());
    TypeName interval = Parser.parseTypeName("interval day to second(3)");
    assertEquals(TypeName.DAY | TypeName.HOUR | TypeName.MINUTE | TypeName.SECOND, interval.intervalFields());
    assertEquals(List.of(3, -1), Parser.parseTypeName("s.x[3][]").arrayBounds());
  }

  @Test
  void keyword_classes_are_postgresqls() {
    assertEquals(460, Keywords.all().size());
    assertEquals('R', Keywords.category("select"));
    assertEquals('U', Keywords.category("abort"));
    assertEquals('C', Keywords.category("between"));
    assertEquals('T', Keywords.category("left"));
    assertEquals(' ', Keywords.category("branch"));
  }
}
