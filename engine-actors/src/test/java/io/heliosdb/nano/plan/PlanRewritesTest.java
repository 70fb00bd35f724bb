package io.heliosdb.nano.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.Row;
import io.heliosdb.nano.error.SqlException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Random queries give the same rows when they are planned with all rewriting and when joins and sub-queries run as written, by nested
/// loops. `-Dheliosdb.test.rewrites=20000` runs more of them; a failure names the query and its seed.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlanRewritesTest {
  private static final long SEED = 20261121;
  private static final int QUERIES = Integer.getInteger("heliosdb.test.rewrites", 300);
  private static final String[] TABLES = {"t1", "t2", "t3", "t4"};

  private EmbeddedDatabase database;
  private EmbeddedSession rewritten;
  private EmbeddedSession naive;

  @BeforeAll
  void fill() {
    database = EmbeddedDatabase.newInMemory();
    rewritten = database.createSession();
    rewritten.execute("create table t1 (id int primary key, a int, b int, c text, d numeric)");
    rewritten.execute("create table t2 (id int primary key, a int, b int not null, c text, d numeric)");
    rewritten.execute("create index t2_a on t2 (a)");
    rewritten.execute("create table t3 (id int, a bigint, b int, c text, d numeric, primary key (id, b))");
    rewritten.execute("create table t4 (id int, a int, b int, c varchar(5), d float8)");
    Random random = new Random(SEED);
    for (String table : TABLES) {
      StringJoiner rows = new StringJoiner(",");
      int count = table.equals("t4") ? 11 : 22;
      for (int i = 0; i < count; i++) {
        boolean strict = table.equals("t2") || table.equals("t3");
        rows.add("(" + i + "," + nullable(random, random.nextInt(8)) + "," + (strict ? random.nextInt(5) : nullable(random, random.nextInt(5))) + ","
            + nullable(random, "'" + (char) ('a' + random.nextInt(4)) + "'") + "," + nullable(random, random.nextInt(100) / 4.0) + ")");
      }
      rewritten.execute("insert into " + table + " values " + rows);
    }
    rewritten.execute("analyze");
    naive = database.createSession();
    naive.execute("set heliosdb.enable_rewrites = off");
    naive.execute("set enable_hashjoin = off");
  }

  private static String nullable(Random random, Object value) {
    return random.nextInt(6) == 0 ? "null" : value.toString();
  }

  @AfterAll
  void close() {
    rewritten.close();
    naive.close();
    database.close();
  }

  @Test
  void rewritten_plans_give_the_rows_of_naive_ones() {
    int rows = 0;
    for (int i = 0; i < QUERIES; i++) {
      String query = new Generator(new Random(SEED + i)).query();
      List<String> expected = answer(naive, query);
      List<String> actual = answer(rewritten, query);
      assertEquals(expected, actual, () -> "query: " + query + "\n" + String.join("\n", answer(rewritten, "explain " + query)));
      rows += actual.size();
    }
    assertTrue(rows > QUERIES, "queries without rows prove little");
  }

  private static List<String> answer(EmbeddedSession session, String query) {
    List<String> lines = new ArrayList<>();
    try {
      for (Row row : session.query(query)) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
          line.append(i == 0 ? "" : "|").append(row.getString(i));
        }
        lines.add(line.toString());
      }
    } catch (SqlException e) {
      throw new AssertionError(query, e);
    }
    if (!query.startsWith("explain")) {
      lines.sort(null);
    }
    return lines;
  }

  /// Queries over up to four tables, each under an alias of its own.
  private static final class Generator {
    private static final String[] KINDS = {"join", "join", "left join", "left join", "right join", "full join"};
    private static final String[] COMPARISONS = {"=", "<>", "<", ">="};

    private final Random random;
    private int aliases;

    Generator(Random random) {
      this.random = random;
    }

    private boolean chance(int percent) {
      return random.nextInt(100) < percent;
    }

    private <T> T pick(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }

    private String pick(String[] list) {
      return list[random.nextInt(list.length)];
    }

    private String column(List<String> aliases) {
      return pick(aliases) + "." + pick(new String[] {"id", "a", "b"});
    }

    String query() {
      List<String> visible = new ArrayList<>();
      String from = from(visible, 1 + random.nextInt(4));
      String where = chance(80) ? " where " + condition(visible, List.of(), 2) : "";
      return switch (random.nextInt(5)) {
        case 0 -> "select count(*), sum(" + column(visible) + ") from " + from + where;
        case 1 -> {
          String key = column(visible);
          yield "select " + key + " as k, count(*), max(" + column(visible) + ") from " + from + where + " group by " + key
              + (chance(50) ? " having count(*) > " + random.nextInt(4) : "");
        }
        case 2 -> "select distinct " + column(visible) + ", " + column(visible) + " from " + from + where;
        case 3 -> {
          String key = column(visible);
          yield "select * from (select " + key + " as k, count(*) as n, min(" + pick(visible) + ".c) as m from " + from + where + " group by " + key
              + ") s where k " + pick(COMPARISONS) + " " + random.nextInt(6) + (chance(50) ? " and n > 1" : "");
        }
        default -> "select " + column(visible) + ", " + column(visible) + ", " + pick(visible) + ".c"
            + (chance(40) ? ", " + scalar(visible) : "") + " from " + from + where;
      };
    }

    private String from(List<String> visible, int tables) {
      StringBuilder from = new StringBuilder(table(visible));
      for (int i = 1; i < tables; i++) {
        List<String> left = List.copyOf(visible);
        String right = table(visible);
        String alias = visible.getLast();
        String kind = pick(KINDS);
        if (kind.equals("join") && chance(25)) {
          from.append(", ").append(right);
          i = tables;
        } else {
          String on = column(left) + " = " + column(List.of(alias));
          if (!kind.equals("full join") && chance(30)) {
            on += " and " + simple(List.copyOf(visible));
          }
          from.append(' ').append(kind).append(' ').append(right).append(" on ").append(on);
        }
      }
      return from.toString();
    }

    private String table(List<String> visible) {
      String alias = "x" + ++aliases;
      visible.add(alias);
      if (chance(10)) {
        String inner = "y" + aliases;
        return "(select " + inner + ".id, " + inner + ".a, " + inner + ".b, " + inner + ".c, " + inner + ".d from " + pick(TABLES) + " " + inner
            + (chance(50) ? " where " + simple(List.of(inner)) : "") + ") " + alias;
      }
      return pick(TABLES) + " " + alias;
    }

    private String simple(List<String> visible) {
      return switch (random.nextInt(6)) {
        case 0 -> column(visible) + " = " + column(visible);
        case 1 -> column(visible) + " is " + (chance(50) ? "not " : "") + "null";
        case 2 -> pick(visible) + ".c " + (chance(50) ? "= " : "<> ") + "'" + (char) ('a' + random.nextInt(4)) + "'";
        case 3 -> column(visible) + " in (" + random.nextInt(8) + ", " + random.nextInt(8) + ")";
        default -> column(visible) + " " + pick(COMPARISONS) + " " + random.nextInt(8);
      };
    }

    private String condition(List<String> visible, List<String> outer, int depth) {
      List<String> parts = new ArrayList<>();
      int n = 1 + random.nextInt(3);
      for (int i = 0; i < n; i++) {
        List<String> all = new ArrayList<>(visible);
        all.addAll(outer);
        parts.add(switch (random.nextInt(depth > 0 ? 9 : 4)) {
          case 0 -> "(" + simple(visible) + " or " + simple(all) + ")";
          case 1 -> "((" + simple(visible) + " and " + simple(visible) + ") or (" + simple(visible) + " and " + simple(visible) + "))";
          case 2, 3 -> simple(all);
          case 4 -> (chance(50) ? "not " : "") + "exists (" + subquery(visible, depth, "1") + ")";
          case 5 -> column(visible) + (chance(50) ? " not" : "") + " in (" + subquery(visible, depth, null) + ")";
          case 6 -> column(visible) + (chance(50) ? " not" : "") + " in (" + subquery(List.of(), depth, null) + ")";
          default -> column(visible) + " " + pick(COMPARISONS) + " " + scalar(visible);
        });
      }
      return String.join(chance(80) ? " and " : " or ", parts);
    }

    /// @param outer the enclosing aliases that it may read
    private String subquery(List<String> outer, int depth, String select) {
      List<String> own = new ArrayList<>();
      String from = from(own, 1 + random.nextInt(2));
      StringBuilder where = new StringBuilder();
      if (!outer.isEmpty()) {
        where.append(" where ").append(column(own)).append(chance(80) ? " = " : " < ").append(column(outer));
      }
      if (chance(60)) {
        where.append(where.isEmpty() ? " where " : " and ").append("(").append(condition(own, outer, depth - 1)).append(")");
      }
      return "select " + (select == null ? column(own) : select) + " from " + from + where;
    }

    private String scalar(List<String> outer) {
      List<String> own = new ArrayList<>();
      String from = from(own, 1 + random.nextInt(2));
      String aggregate = switch (random.nextInt(6)) {
        case 0 -> "count(*)";
        case 1 -> "max(" + column(own) + ") + 1";
        case 2 -> "coalesce(sum(" + column(own) + "), -1)";
        case 3 -> "count(" + column(own) + ") + " + column(outer);
        case 4 -> "min(" + column(own) + ") filter (where " + simple(own) + ")";
        default -> "0.5 * avg(" + column(own) + ")";
      };
      return "(select " + aggregate + " from " + from + " where " + column(own) + " = " + column(outer)
          + (chance(30) ? " and " + column(own) + " = " + column(outer) : "") + (chance(40) ? " and " + simple(own) : "") + ")";
    }
  }
}
