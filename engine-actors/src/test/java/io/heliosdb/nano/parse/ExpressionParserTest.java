package io.heliosdb.nano.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.parse.ast.Expression;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionParserTest {
  @ParameterizedTest
  @CsvSource(delimiter = '¦', quoteCharacter = '`', value = {
    "1 + 2 * 3 ¦ (+ 1 (* 2 3))",
    "2 - 3 - 4 ¦ (- (- 2 3) 4)",
    "2 ^ 3 ^ 2 ¦ (^ (^ 2 3) 2)",
    "-2 ^ 2 ¦ (^ -2 2)",
    "- a ^ 2 ¦ (^ (- a) 2)",
    "-5::text ¦ (- (:: 5 text))",
    "-2147483648 ¦ -2147483648",
    "- -3 ¦ 3",
    "a or b and not c = d ¦ (or a (and b (not (= c d))))",
    "a and b and c ¦ (and a b c)",
    "not a is null ¦ (not (is NULL a))",
    "a = b is not true ¦ (is-not TRUE (= a b))",
    "a isnull or b notnull ¦ (or (is NULL a) (is-not NULL b))",
    "1 + not a ¦ (+ 1 (not a))",
    "a < b is null < c ¦ (< (is NULL (< a b)) c)",
    "a || b + c ¦ (|| a (+ b c))",
    "a <-> b + 1 @@ c ¦ (@@ (<-> a (+ b 1)) c)",
    "@ -1 + 2 ¦ (@ (+ -1 2))",
    "a *-1 ¦ (* a -1)",
    "a @- b ¦ (@- a b)",
    "a operator(pg_catalog.+) b * c ¦ (pg_catalog.+ a (* b c))",
    "a != b ¦ (<> a b)",
    "a between 1 and 2 and b ¦ (and (between a 1 2) b)",
    "a not between symmetric b + 1 and c ¦ (between-not-symmetric a (+ b 1) c)",
    "a in (1, 2) = true ¦ (= (in a 1 2) true)",
    "a not in (select 1) ¦ (in-query-not a)",
    "a like 'x' escape '!' ¦ (LIKE a 'x' escape '!')",
    "a not similar to b ¦ (SIMILAR-not a b)",
    "a like any (b) ¦ (~~ any a b)",
    "a = any(array[1,2]) ¦ (= any a [1 2])",
    "a <> all (select 1) ¦ (<> all-query a)",
    "a is not distinct from b + 1 ¦ (distinct-not a (+ b 1))",
    "a at time zone 'UTC' + b ¦ (+ pg_catalog.timezone('UTC' a) b)",
    "a || b collate \"C\" ¦ (|| a (collate b C))",
    "case a when 1 then 'x' else 'y' end ¦ (case a 1->'x' 'y')",
    "case when a then b end ¦ (case _ a->b _)",
    "cast(a as numeric(10, 2)[]) ¦ (:: a pg_catalog.numeric(10 2)[])",
    "a::double precision::int[][] ¦ (:: (:: a pg_catalog.float8) pg_catalog.int4[][])",
    "a::char ¦ (:: a pg_catalog.bpchar(1))",
    "date '2020-01-01' ¦ date'2020-01-01'",
    "timestamp with time zone '2020-01-01' ¦ pg_catalog.timestamptz'2020-01-01'",
    "my.type '1' ¦ my.type'1'",
    "numeric(10,2) '1' ¦ pg_catalog.numeric'1'",
    "f(a, variadic b) ¦ f(variadic a b)",
    "f(x => 1, y := 2) ¦ f(x=>1 y=>2)",
    "count(*) filter (where a) over (order by b) ¦ count(*) filter a over",
    "count(distinct a order by b) ¦ count(distinct a) ordered",
    "rank(1) within group (order by x) ¦ rank(1) within-group",
    "extract(year from a) ¦ pg_catalog.extract('year' a)",
    "substring(a from 2 for 3) ¦ pg_catalog.substring(a 2 3)",
    "substring(a, 2) ¦ substring(a 2)",
    "position('x' in a) ¦ pg_catalog.position(a 'x')",
    "overlay(a placing b from 1) ¦ pg_catalog.overlay(a b 1)",
    "trim(leading 'x' from a) ¦ pg_catalog.ltrim(a 'x')",
    "trim(a) ¦ pg_catalog.btrim(a)",
    "(a, b) overlaps (c, d) ¦ pg_catalog.overlaps(a b c d)",
    "row(1, 2) = (3, 4) ¦ (= (row 1 2) (row 3 4))",
    "(a).b[1:2] ¦ (sub (field a b) 1:2)",
    "a.b[1].c ¦ (field (sub a.b 1) c)",
    "(f(x)).* ¦ (star f(x))",
    "a[:] ¦ (sub a _:_)",
    "((select 1)) + 1 ¦ (+ (query) 1)",
    "(select 1) union_all ¦ error",
    "array(select 1) ¦ (array-query)",
    "exists (select) and true ¦ (and (exists) true)",
    "current_timestamp(3) ¦ current_timestamp",
    "current_schema() ¦ current_schema()",
    "coalesce(a, b) + greatest(1, 2) + nullif(a, b) ¦ (+ (+ (coalesce a b) (greatest 1 2)) (nullif a b))",
    "left(a, 1) ¦ left(a 1)",
    "U&'d\\0061t\\+000061' ¦ 'data'",
    "'a''b' 'c' ¦ error",
    "$$it's$$ || $x$a$$b$x$ ¦ (|| 'it's' 'a$$b')",
    "B'01' || X'1f' ¦ (|| B01 X1f)",
    "1.5e3 + .5 + 1. ¦ (+ (+ 1.5e3d .5d) 1.d)",
    "99999999999 ¦ 99999999999d",
    "operator ¦ operator",
  })
  void shapes(String sql, String shape) {
    String actual;
    try {
      actual = ExpressionPrinter.print(Parser.parseExpression(sql));
    } catch (SqlException e) {
      actual = "error";
    }
    assertEquals(shape, actual, sql);
  }

  @Test
  void strings_continue_over_line_ends_and_resolve_escapes() {
    assertEquals("'ab'", ExpressionPrinter.print(Parser.parseExpression("'a' -- one\n  'b'")));
    assertEquals("'a\nAäé'", ExpressionPrinter.print(Parser.parseExpression("E'a\\n\\x41\\u00e4\\303\\251'")));
    assertEquals("(+ a b)", ExpressionPrinter.print(Parser.parseExpression("a -- comment\n /* /* */ */ + b")));
    SqlException e = assertThrows(SqlException.class, () -> Parser.parseExpression("E'\\xe4'"));
    assertEquals("invalid byte sequence for encoding \"UTF8\": 0xe4", e.getMessage());
  }

  @Test
  void positions_are_those_of_the_reported_token_and_of_the_leftmost_one() {
    Expression sum = Parser.parseExpression("  aaa + b::int");
    assertEquals(7, sum.position());
    assertEquals(3, sum.startPosition());
    Expression cast = ((Expression.OperatorCall) sum).right();
    assertEquals(10, cast.position());
    assertEquals(9, cast.startPosition());
  }

  @Test
  void positions_count_characters_not_utf16_units() {
    SqlException e = assertThrows(SqlException.class, () -> Parser.parse("select '😀😀' || from t"));
    assertEquals(16, e.position());
  }

  @Test
  void names_are_folded_and_cut_to_63_bytes() {
    String longName = "a".repeat(70);
    Expression.ColumnReference c = (Expression.ColumnReference) Parser.parseExpression("Foo.\"Bar\"\"x\"." + longName);
    assertEquals("foo", c.parts().get(0));
    assertEquals("Bar\"x", c.parts().get(1));
    assertEquals("a".repeat(63), c.parts().get(2));
    Expression.ColumnReference umlauts = (Expression.ColumnReference) Parser.parseExpression("ä".repeat(40));
    assertEquals("ä".repeat(31), umlauts.name());
  }

  @Test
  void nesting_beyond_the_limit_is_refused_and_far_below_it_is_not() {
    String deep = "(".repeat(100_000) + "1";
    SqlException e = assertThrows(SqlException.class, () -> Parser.parseExpression(deep));
    assertEquals("54001", e.state().code());
    String chain = "1" + " + 1".repeat(100_000) + " and true".repeat(3);
    assertEquals(Expression.And.class, Parser.parseExpression(chain).getClass());
    assertEquals("1", ExpressionPrinter.print(Parser.parseExpression("(".repeat(500) + "1" + ")".repeat(500))));
  }
}
