package io.heliosdb.nano.analyze;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.parse.Parser;
import io.heliosdb.nano.parse.ast.Preparable;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.plan.logical.LogicalPlan;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeIo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Names, types and errors of statements, compared with what PostgreSQL 15 answers for the same tables.
class AnalyzerTest {
  private final TestCatalog tables = new TestCatalog();

  AnalyzerTest() {
    tables.table("t", "a int4 pk;b text;c numeric(10,2);d date;e int8;f varchar(10) nn");
    tables.table("u", "a int4 pk;x text;y timestamp;z jsonb;w int4[]");
    tables.table("g", "id int4 always;n int4 =7;m int4 ~n*2;s text");
    tables.view("v", "select a, b, c+1 as c1 from t where a > 0");
  }

  private AnalyzedStatement analyze(String sql) {
    return Analyzer.analyze((Preparable) Parser.parse(sql).getFirst().statement(), tables.context());
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = AnalyzerTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String outcome(String sql) {
    try {
      StringBuilder text = new StringBuilder();
      for (LogicalPlan.OutputColumn column : analyze(sql).columns()) {
        text.append(text.isEmpty() ? "" : "|").append(column.name()).append(':')
            .append(TypeIo.typeName(column.type(), column.typmod(), tables.catalog()));
      }
      return text.toString();
    } catch (SqlException e) {
      return "ERR " + e.state().code() + ": " + e.getMessage() + " @" + e.position() + (e.detail() == null ? "" : " D:" + e.detail())
          + (e.hint() == null ? "" : " H:" + e.hint());
    }
  }

  @Test
  void statements_have_the_columns_types_and_errors_of_postgresql() throws IOException {
    List<String> wrong = new ArrayList<>();
    int count = 0;
    for (String line : resource("statements.tsv").split("\n")) {
      if (line.startsWith("#")) {
        continue;
      }
      String[] parts = line.split("\t", 2);
      String actual = outcome(parts[0]);
      count++;
      if (!actual.equals(parts[1])) {
        wrong.add(parts[0] + "\n  expected " + parts[1] + "\n  was      " + actual);
      }
    }
    assertTrue(count > 200);
    assertEquals(List.of(), wrong);
  }

  @Test
  void view_definitions_are_printed_as_postgresql_prints_them_and_bind_again() throws IOException {
    for (String each : resource("views.txt").split("(?m)^### ")) {
      if (each.isBlank()) {
        continue;
      }
      int end = each.indexOf('\n');
      String[] forms = each.substring(end + 1).split("(?m)^---\n");
      String stored = Definitions.bindView((SelectStatement) Parser.parse(each.substring(0, end)).getFirst().statement(), tables.context()).text();
      assertEquals(forms[0].stripTrailing(), Definitions.view(stored, List.of(), tables.context(), false));
      assertEquals(forms[1].stripTrailing(), Definitions.view(stored, List.of(), tables.context(), true));
    }
  }

  @Test
  void types_of_parameters_come_from_their_first_use() {
    assertEquals(List.of(PgTypes.INT4, PgTypes.TEXT), analyze("select a + $1 from t where b = $2").parameterTypes());
    assertEquals(List.of(PgTypes.INT4_ARRAY), analyze("select a from t where a = any($1)").parameterTypes());
    assertEquals(List.of(PgTypes.INT4, PgTypes.NUMERIC), analyze("insert into t (a, c, f) values ($1, $2, 'x')").parameterTypes());
    assertEquals(List.of(PgTypes.INT8), analyze("select a from t limit $1").parameterTypes());
    assertEquals("42P08", assertThrows(SqlException.class, () -> analyze("select $1 from t where a = $1")).state().code());
    assertEquals("42P18", assertThrows(SqlException.class, () -> analyze("select $2::int")).state().code());
  }

  @Test
  void scans_read_only_the_columns_that_are_used() {
    LogicalPlan.Scan scan = find(analyze("select b from t where a = 1").plan(), LogicalPlan.Scan.class);
    assertEquals(List.of(1, 2), scan.attnums());
    assertEquals(List.of(), find(analyze("select count(*) from t").plan(), LogicalPlan.Scan.class).attnums());
  }

  @Test
  void correlated_references_count_the_levels_between() {
    LogicalPlan plan = analyze("select (select x from u where u.a = t.a) from t").plan();
    Expr.Subquery subquery = (Expr.Subquery) ((LogicalPlan.Project) plan).expressions().getFirst();
    LogicalPlan.Filter filter = find(subquery.plan(), LogicalPlan.Filter.class);
    Expr.Call equal = (Expr.Call) filter.condition();
    assertEquals(1, ((Expr.OuterColumn) equal.arguments().get(1)).level());
  }

  @Test
  void insert_gives_every_column_in_table_order() {
    LogicalPlan.Insert insert = (LogicalPlan.Insert) analyze("insert into t (f, a) values ('x', 1), ('y', 2)").plan();
    LogicalPlan.Values values = (LogicalPlan.Values) insert.source();
    assertEquals(2, values.rows().size());
    assertEquals(6, values.rows().getFirst().size());
    assertEquals(1, ((Expr.Const) values.rows().getFirst().getFirst()).value());
  }

  @Test
  void update_of_a_view_changes_its_table() {
    LogicalPlan.Update update = (LogicalPlan.Update) analyze("update v set b = 'q' where a = 3").plan();
    assertEquals("t", update.table().name());
    assertEquals(2, update.assignments().getFirst().attnum());
    assertEquals(6, update.rowIdColumn());
  }

  @Test
  void privileges_of_a_view_are_the_owners_on_the_table() {
    List<PermissionCheck> checks = analyze("select b from v").permissions();
    assertEquals(2, checks.size());
    assertTrue(checks.stream().anyMatch(check -> check.checkAs() == TestCatalog.OWNER && check.privileges().equals("r")));
    assertTrue(checks.stream().anyMatch(check -> check.checkAs() == 0 && tables.catalog().relation(check.relation()) instanceof Relation.View));
  }

  @Test
  void deep_nesting_ends_with_an_error_and_long_chains_do_not() {
    String chain = "select 1 where " + "a = 1 or ".repeat(5_000) + "a = 2";
    assertTrue(analyze(chain.replace("select 1", "select 1 from t")).columns().size() == 1);
  }

  @Test
  void expressions_bind_over_the_whole_table_row() {
    Relation table = tables.catalog().relation(io.heliosdb.nano.catalog.Catalog.PUBLIC, "t");
    ExpressionBinder.BoundExpression bound =
        ExpressionBinder.bind("e > a + 1", table, ExpressionBinder.Use.CHECK_CONSTRAINT, null, -1, tables.context());
    assertEquals("(e > (a + 1))", bound.text());
    assertEquals(List.of(1, 5), bound.columns());
    assertEquals('i', bound.volatility());
    SqlException error =
        assertThrows(
            SqlException.class,
            () -> ExpressionBinder.bind("(select 1)", table, ExpressionBinder.Use.COLUMN_DEFAULT, PgTypes.INT4, -1, tables.context()));
    assertEquals("cannot use subquery in DEFAULT expression", error.getMessage());
  }

  private static <T> T find(LogicalPlan plan, Class<T> type) {
    if (type.isInstance(plan)) {
      return type.cast(plan);
    }
    return switch (plan) {
      case LogicalPlan.Project p -> find(p.input(), type);
      case LogicalPlan.Filter f -> find(f.input(), type);
      case LogicalPlan.Aggregate a -> find(a.input(), type);
      default -> throw new AssertionError("no " + type + " in " + plan);
    };
  }
}
