package io.heliosdb.nano.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.heliosdb.nano.error.SqlException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Messages, states and positions as PostgreSQL 15 gives them.
class SyntaxErrorTest {
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
    "selec 1 | 42601 | 1 | syntax error at or near \"selec\"",
    "select a from t where | 42601 | 22 | syntax error at end of input",
    "select 1; select from where | 42601 | 23 | syntax error at or near \"where\"",
    "select * x from t | 42601 | 10 | syntax error at or near \"x\"",
    "select a = b = c | 42601 | 14 | syntax error at or near \"=\"",
    "select a between 1 and 2 between 3 and 4 | 42601 | 26 | syntax error at or near \"between\"",
    "select 'abc | 42601 | 8 | unterminated quoted string at or near \"'abc\"",
    "select \"\" | 42601 | 8 | zero-length delimited identifier at or near \"\"\"\"",
    "select \"x | 42601 | 8 | unterminated quoted identifier at or near \"\"x\"",
    "select /* a /* b */ | 42601 | 8 | unterminated /* comment at or near \"/* a /* b */\"",
    "select $a$ x | 42601 | 8 | unterminated dollar-quoted string at or near \"$a$ x\"",
    "select 1abc | 42601 | 8 | trailing junk after numeric literal at or near \"1abc\"",
    "select 1e+ | 42601 | 8 | trailing junk after numeric literal at or near \"1e+\"",
    "select $1x | 42601 | 8 | trailing junk after parameter at or near \"$1x\"",
    "select E'\\u12' | 22025 | 10 | invalid Unicode escape",
    "select * from t limit 1, 2 | 42601 | 17 | LIMIT #,# syntax is not supported",
    "select * from (select 1) | 42601 | 15 | subquery in FROM must have an alias",
    "select * from (values (1)) | 42601 | 15 | VALUES in FROM must have an alias",
    "(select 1 order by 1) order by 2 | 42601 | 32 | multiple ORDER BY clauses not allowed",
    "select 1 fetch first 1 row with ties | 42601 | 0 | WITH TIES cannot be specified without ORDER BY clause",
    "select a.*.b | 42601 | 13 | improper use of \"*\" at end of input",
    "select x from a.b.c.d | 42601 | 15 | improper qualified name (too many dotted names): a.b.c.d",
    "create table t (a int collate x collate y) | 42601 | 33 | multiple COLLATE clauses not allowed",
    "create table t (a int, primary key (a) not valid) | 0A000 | 0 | PRIMARY KEY constraints cannot be marked NOT VALID",
    "create table t (a int deferrable) | 42601 | 23 | misplaced DEFERRABLE clause",
    "create table t (a int references b match partial) | 0A000 | 36 | MATCH PARTIAL not yet implemented",
    "create table t (a, b) | 42601 | 22 | syntax error at end of input",
    "create table p partition of t for values with (modulus 2) | 42601 | 0 | remainder for hash partition must be specified",
    "select float(54) '1' | 22023 | 14 | precision for type float must be less than 54 bits",
    "select rank() over (rows unbounded following) from t | 42P20 | 26 | frame start cannot be UNBOUNDED FOLLOWING",
    "select f(a order by b) within group (order by c) | 42601 | 24 | cannot use multiple ORDER BY clauses with WITHIN GROUP",
    "create function f() returns int language sql language c | 42601 | 46 | conflicting or redundant options",
    "create user x foo | 42601 | 15 | unrecognized role option \"foo\"",
    "create role none | 42939 | 13 | role name \"none\" is reserved",
    "drop operator + (int) | 42601 | 21 | missing argument",
    "declare c no scroll scroll cursor for select 1 | 42P11 | 0 | cannot specify both SCROLL and NO SCROLL",
    "insert into t values (1) on conflict do update | 42601 | 47 | syntax error at end of input",
    "select unique (select 1) | 0A000 | 8 | UNIQUE predicate is not yet implemented",
    "do $$x$$ $$y$$ | 42601 | 10 | conflicting or redundant options",
    "alter table t add check (a) no inherit deferrable | 0A000 | 0 | CHECK constraints cannot be marked DEFERRABLE",
    "copy t to stdout where a | 42601 | 18 | WHERE clause not allowed with COPY TO",
  })
  void errors(String sql, String state, int position, String message) {
    SqlException e = assertThrows(SqlException.class, () -> Parser.parse(sql), sql);

    assertEquals(message, e.getMessage());
    assertEquals(state, e.state().code(), sql);
    assertEquals(position, e.position(), sql);
  }
}
