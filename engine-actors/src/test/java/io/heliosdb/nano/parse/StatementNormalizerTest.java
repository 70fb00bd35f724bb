package io.heliosdb.nano.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.heliosdb.nano.parse.StatementNormalizer.Normalized;
import io.heliosdb.nano.parse.ast.Expression;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.SelectStatement.SelectCore;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementNormalizerTest {
  private static String lifted(String sql) {
    Normalized normalized = StatementNormalizer.normalize(sql);
    assertNotNull(normalized, sql);
    assertNotNull(normalized.parse(), sql);
    return normalized.literals().stream().map(l -> ExpressionPrinter.print(l)).collect(Collectors.joining(" "));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", emptyValue = "", value = {
    "select * from t where a = 5 and b = 'x' | 5 'x'",
    "select a from t order by 1, 'x' limit 10 offset 20 | ``",
    "select a from t where b > 1.5 fetch first 3 rows only | 1.5d",
    "select date '2020-01-01', interval '1' day, my.t 'x', a::numeric(10, 2), cast(3 as varchar(7)) from t | 3",
    "select 'a'::regclass, nextval('s'), 'b'::text | 'b'",
    "select a, count(*) + 1 from t where b = 2 group by a, 3 having count(*) > 4 | 2",
    "select distinct a + 1 from t where x in (1, 2) order by a + 1 | 1 2",
    "select * from t where a like 'x%' and b = 1 | 1",
    "select * from t as of timestamp '2020' where a = 1 | 1",
    "select * from t as of scn 5 join u on u.a = 6 | 6",
    "select * from t versions between scn 1 and 9 where a = 2 | 2",
    "select sum(a) over (order by b rows between 1 preceding and 2 following) from t where a = 3 | 3",
    "insert into t (a) values (1, 'x'), (2, null) on conflict (b) where c = 4 do update set d = 5 | 1 'x' 2 5",
    "update t set a = a + 1 where b = -7 | 1 7",
    "select extract('year' from a), trim('x' from a) from t | 'x'",
    "select 2147483648, -9223372036854775808, 12345678901 from t | 12345678901d",
  })
  void what_is_lifted(String sql, String literals) {
    assertEquals(literals == null ? "" : literals, lifted(sql), sql);
  }

  @Test
  void keys_ignore_values_blanks_and_case_but_not_structure_or_number_classes() {
    String key = StatementNormalizer.normalize("select a from t where b = 5").key();
    assertEquals(key, StatementNormalizer.normalize("SELECT  A /* c */ FROM t\nWHERE b=77;").key());
    assertNotEquals(key, StatementNormalizer.normalize("select a from t where b = 5.0").key());
    assertNotEquals(key, StatementNormalizer.normalize("select a from t where b = '5'").key());
    assertNotEquals(key, StatementNormalizer.normalize("select a from t where b = 5000000000").key());
    assertNotEquals(key, StatementNormalizer.normalize("select a from t where \"B\" = 5").key());
    assertNotEquals(key, StatementNormalizer.normalize("select a from t where b =- 5").key());
  }

  @Test
  void other_statements_are_left_alone() {
    for (String sql : List.of("create table t (a int default 5)", "select 1; select 2", "explain select 1", "set a = 1", "select 'x", "")) {
      assertNull(StatementNormalizer.normalize(sql), sql);
    }
  }

  @Test
  void lifted_literals_stand_in_the_tree_with_their_sign() {
    SelectStatement query = (SelectStatement) StatementNormalizer.normalize("select -5, a - 5, 'x'").parse().statement();
    List<Expression> targets = ((SelectCore) query.body()).targets().stream().map(target -> target.expression()).toList();
    Expression.LiftedLiteral negated = (Expression.LiftedLiteral) targets.getFirst();
    assertEquals(true, negated.negated());
    assertEquals("?0=-5 (- a ?1=5) ?2='x'", targets.stream().map(ExpressionPrinter::print).collect(Collectors.joining(" ")));
  }
}
