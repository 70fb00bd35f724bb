package io.heliosdb.nano.parse.plpgsql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.error.SqlException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlpgsqlParserTest {
  private static PlStatement first(String statements) {
    return PlpgsqlParser.parse("begin " + statements + " end").block().body().getFirst();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '¦', quoteCharacter = '`', value = {
    "x := 1; ¦ Assign",
    "r.f[2].g = x; ¦ Assign",
    "$1 := 2; ¦ Assign",
    "if a then null; elsif b then null; else null; end if; ¦ If",
    "case x when 1, 2 then null; else null; end case; ¦ Case",
    "case when a then null; end case; ¦ Case",
    "loop exit; end loop; ¦ Loop",
    "<<l>> while a loop continue l when b; end loop l; ¦ While",
    "for i in reverse 10..1 by 2 loop end loop; ¦ ForInteger",
    "for i in f(1)..g(2) loop end loop; ¦ ForInteger",
    "for r in select case when a then 1 end from t loop end loop; ¦ ForQuery",
    "for a, b in execute 'x' || y using 1, 2 loop end loop; ¦ ForExecute",
    "for r in c loop end loop; ¦ ForCursor",
    "for r in c(1, b := 2) loop end loop; ¦ ForCursor",
    "foreach x slice 1 in array y loop end loop; ¦ ForEach",
    "return; ¦ Return",
    "return next x; ¦ ReturnNext",
    "return query select 1; ¦ ReturnQuery",
    "return query execute 'x' using 1; ¦ ReturnQueryExecute",
    "raise; ¦ Raise",
    "raise notice 'a % b', 1; ¦ Raise",
    "raise division_by_zero using message = 'x', hint = 'y'; ¦ Raise",
    "raise sqlstate '22012'; ¦ Raise",
    "assert a, 'b'; ¦ Assert",
    "perform f(1) from t; ¦ Perform",
    "execute 'x' into strict a, b using 1, 2; ¦ Execute",
    "call p(1); ¦ Call",
    "get diagnostics a = row_count, b := pg_context; ¦ GetDiagnostics",
    "get stacked diagnostics a = message_text; ¦ GetDiagnostics",
    "open c; ¦ OpenBound",
    "open c(1); ¦ OpenBound",
    "open c no scroll for select 1; ¦ OpenQuery",
    "open c for execute 'x' using 1; ¦ OpenExecute",
    "fetch c into a; ¦ Fetch",
    "fetch absolute -1 from c into a, b; ¦ Fetch",
    "move forward all in c; ¦ Fetch",
    "close c; ¦ Close",
    "null; ¦ Null",
    "commit and chain; ¦ Commit",
    "rollback; ¦ Rollback",
    "select a, b into strict x, y from t; ¦ Sql",
    "insert into t values (1) returning a into b; ¦ Sql",
    "create table t (a int); ¦ Sql",
    "declare x int; begin null; end; ¦ Block",
  })
  void statements(String text, String type) {
    assertEquals(type, first(text).getClass().getSimpleName(), text);
  }

  @Test
  void into_is_taken_out_of_the_statement_and_positions_stay() {
    PlStatement.Sql sql = (PlStatement.Sql) first("select a into strict x, r.y from t;");
    assertTrue(sql.strict());
    assertEquals(List.of(List.of("x"), List.of("r", "y")), sql.into().stream().map(PlTarget::parts).toList());
    assertEquals("select a" + " ".repeat("into strict x, r.y".length() + 2) + "from t", sql.sql().text());
    assertEquals(7, sql.sql().position());
    PlStatement.Sql insert = (PlStatement.Sql) first("insert into t select 1;");
    assertTrue(insert.into().isEmpty());
  }

  @Test
  void declarations_have_all_forms() {
    List<PlDeclaration> d =
        PlpgsqlParser.parse(
                "#variable_conflict use_column\n<<outer>> declare a constant int not null := 1 + 2; b t.c%type[]; r t%rowtype;"
                    + " z alias for $1;"
                    + " c no scroll cursor (x int, y text) for select x; n numeric(10,2) collate \"C\" default null; begin end outer;")
            .block()
            .declarations();
    PlDeclaration.Variable a = (PlDeclaration.Variable) d.get(0);
    assertTrue(a.constant() && a.notNull());
    assertNotNull(a.initial().simple());
    assertTrue(((PlType.OfColumn) ((PlDeclaration.Variable) d.get(1)).type()).array());
    assertInstanceOf(PlType.OfRow.class, ((PlDeclaration.Variable) d.get(2)).type());
    assertEquals(List.of("$1"), ((PlDeclaration.Alias) d.get(3)).target());
    assertEquals(2, ((PlDeclaration.Cursor) d.get(4)).arguments().size());
  }

  @Test
  void handlers_and_lines_are_kept() {
    PlStatement.Block block =
        PlpgsqlParser.parse(
                "\nbegin\n  x := 1;\nexception\n  when unique_violation or sqlstate '22012' then\n    raise;\n"
                    + "  when others then null;\nend")
            .block();
    assertEquals(2, block.line());
    assertEquals(3, block.body().getFirst().line());
    assertEquals(2, block.handlers().size());
    assertEquals("22012", block.handlers().getFirst().conditions().get(1).sqlState());
    assertEquals("assignment", block.body().getFirst().describe());
  }

  @Test
  void an_expression_may_be_a_whole_query() {
    PlStatement.Assign assign = (PlStatement.Assign) first("x := count(*) from t where a;");
    assertNull(assign.value().simple());
    assertNotNull(((PlStatement.Assign) first("x := a + 1;")).value().simple());
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
    "begin x := ; end | 42601 | 12 | missing expression at or near \";\"",
    "begin if a null; end if; end | 42601 | 16 | missing \"THEN\" at end of SQL expression",
    "begin if a then null; end; end | 42601 | 26 | syntax error at or near \";\"",
    "begin select from where; end | 42601 | 19 | syntax error at or near \"where\"",
    "begin x := 1 + ; end | 42601 | 15 | syntax error at end of input",
    "begin <<a>> loop end loop b; end | 42601 | 27 | end label \"b\" differs from block's label \"a\"",
    "begin raise notice '%'; end | 42601 | 0 | too few parameters specified for RAISE",
    "begin raise notice '', 1; end | 42601 | 0 | too many parameters specified for RAISE",
    "begin raise foo; end | 42704 | 0 | unrecognized exception condition \"foo\"",
    "begin null; exception when foo then null; end | 42704 | 0 | unrecognized exception condition \"foo\"",
    "begin x := (1; end | 42601 | 14 | mismatched parentheses at or near \";\"",
    "declare a int; a int; begin end | 42601 | 16 | duplicate declaration at or near \"a\"",
    "declare a int not null; begin end | 22004 | 9 | variable \"a\" must have a default value, since it's declared NOT NULL",
    "begin null end | 42601 | 12 | syntax error at or near \"end\"",
    "begin | 42601 | 6 | syntax error at end of input",
    "select 1 | 42601 | 1 | syntax error at or near \"select\"",
  })
  void errors(String body, String state, int position, String message) {
    SqlException e = assertThrows(SqlException.class, () -> PlpgsqlParser.parse(body), body);
    assertEquals(message, e.getMessage(), body);
    assertEquals(state, e.state().code(), body);
    assertEquals(position, e.position(), body);
  }
}
