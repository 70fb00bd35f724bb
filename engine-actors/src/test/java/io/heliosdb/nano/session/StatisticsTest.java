package io.heliosdb.nano.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.DatabaseConfig;
import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// ANALYZE sees what PostgreSQL 15 sees in the same rows (a table smaller than the sample), and row estimates follow from it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatisticsTest {
  private static final Pattern ROWS = Pattern.compile("rows=(\\d+)");

  private EmbeddedDatabase database;
  private EmbeddedSession session;

  @BeforeAll
  void fill() {
    database = EmbeddedDatabase.newInMemory(DatabaseConfig.DEFAULT.withSetting("autovacuum_naptime", "1"));
    session = database.createSession();
    session.execute("create table st (id int primary key, g int, t text, n numeric, d date, nn int)");
    session.execute("insert into st select i, case when i % 10 < 6 then i % 3 else i % 97 end, 'v' || (i * 7 % 500), (i % 250) / 4.0,"
        + " date '2020-01-01' + i % 400, case when i % 4 = 0 then i end from generate_series(1, 2000) i");
    session.execute("analyze st");
  }

  @AfterAll
  void close() {
    session.close();
    database.close();
  }

  private List<String> lines(String query) {
    List<String> lines = new ArrayList<>();
    for (Row row : session.query(query)) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(i == 0 ? "" : "|").append(row.getString(i));
      }
      lines.add(line.toString());
    }
    return lines;
  }

  @Test
  void pg_stats_shows_what_postgresql_finds() {
    assertEquals(
        List.of(
            "d|0|4|-0.2|100|{0.0025,0.0025,0.0025}|101|0.1994",
            "g|0|4|97|97|{0.2045,0.204,0.2035}|null|0.1331",
            "id|0|4|-1|null|null|101|1.0000",
            "n|0|6|-0.125|100|{0.004,0.004,0.004}|101|0.1259",
            "nn|0.75|4|-0.25|null|null|101|1.0000",
            "t|0|4|-0.25|100|{0.002,0.002,0.002}|101|0.0096"),
        lines("select attname, null_frac, avg_width, n_distinct, array_length(most_common_freqs, 1), most_common_freqs[1:3],"
            + " array_length(histogram_bounds::text::text[], 1), round(correlation::numeric, 4) from pg_stats where tablename = 'st' order by attname"));
  }

  @Test
  void estimates_are_near_the_truth() {
    for (String condition : List.of("g = 1", "g = 50", "g < 2", "id between 100 and 300", "t like 'v1%'", "d < date '2020-03-01'", "n > 30.5",
        "nn is null", "nn > 1000", "g in (1, 2, 60)", "substring(t from 1 for 2) = 'v4'")) {
      double real = session.queryOne("select count(*) from st where " + condition, Long.class);
      Matcher estimate = ROWS.matcher(lines("explain select * from st where " + condition).getFirst());
      assertTrue(estimate.find());
      assertEquals(real, Double.parseDouble(estimate.group(1)), 3 + real * 0.1, condition);
    }
  }

  @Test
  void a_table_that_was_never_analyzed_is_taken_to_have_the_rows_it_was_given() {
    session.execute("create table fresh (id int primary key, v int)");
    session.execute("insert into fresh select i, i from generate_series(1, 30000) i");
    Matcher estimate = ROWS.matcher(lines("explain select * from fresh").getFirst());
    assertTrue(estimate.find());
    assertEquals("30000", estimate.group(1));
    assertEquals(List.of("30000|0|0"), lines("select n_tup_ins, n_tup_upd, n_tup_del from pg_stat_user_tables where relname = 'fresh'"));
  }

  @Test
  void changes_have_a_table_analyzed_in_the_background() throws InterruptedException {
    session.execute("create table busy (id int primary key, v int)");
    session.execute("insert into busy select i, i % 5 from generate_series(1, 500) i");
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (lines("select 1 from pg_stats where tablename = 'busy'").isEmpty() && System.nanoTime() < deadline) {
      session.execute("select pg_sleep(0.05)");
    }
    assertEquals(List.of("5"), lines("select n_distinct from pg_stats where tablename = 'busy' and attname = 'v'"));
  }
}
