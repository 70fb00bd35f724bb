package io.heliosdb.nano.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.Parser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// SQL texts changed at random: whatever they say, the answer is a statement or an SqlException. A failure prints the text.
/// `-Dfuzz.rounds=200000` runs long, `-Dfuzz.seed=N` elsewhere.
@Timeout(1800)
class SqlTextFuzzTest {
  private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 1500);
  private static final long SEED = Long.getLong("fuzz.seed", 20260729L);
  private static final int RUN_EVERY = 3;
  private static final Pattern TOKEN = Pattern.compile("\\s+|\\w+|'[^']*'|\"[^\"]*\"|::|[^\\s\\w]");
  private static final String[] EXTREMES = {
    "NULL", "0", "-1", "9223372036854775808", "1e400", "''", "'\\'", "''''", "\"\"", "$1", "$0", "$99999", "(", ")", "[", "]", "{", ",", ";", ".", "::", ":", "*",
    "'NaN'::float8", "'infinity'::date", "ARRAY[]::int[]", "ROW()", "(SELECT)", "(SELECT 1, 2)", "/*", "--", "$$", "E'\\", "U&'\\", "\u00e4", "\ud83d\ude00",
    "\u0000", "\uffff", "::nosuch", "COLLATE \"C\"", "OVER ()", "FILTER (WHERE true)", "WITHIN GROUP (ORDER BY 1)", "DISTINCT", "ALL", "VARIADIC", "=>", "..", "<->"};

  private static List<String> corpus() throws IOException {
    List<String> texts = new ArrayList<>();
    for (String line : resource("/io/heliosdb/nano/analyze/statements.tsv")) {
      if (!line.startsWith("#") && !line.isBlank()) {
        texts.add(line.substring(0, line.indexOf('\t')));
      }
    }
    texts.addAll(resource("/io/heliosdb/nano/session/fuzz.sql"));
    return texts;
  }

  private static List<String> resource(String name) throws IOException {
    try (var in = SqlTextFuzzTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  @Test
  void changed_statements() throws IOException {
    List<String> corpus = corpus();
    List<List<String>> tokens = corpus.stream().map(text -> TOKEN.matcher(text).results().map(match -> match.group()).toList()).toList();
    Random random = new Random(SEED);
    Map<String, String> failures = new TreeMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      String text = changed(tokens, random);
      try {
        SqlTextFuzz.check(text);
        if (round % RUN_EVERY == 0) {
          SqlTextFuzz.run(text);
        }
      } catch (RuntimeException | Error e) {
        failures.putIfAbsent(origin(e), "round " + round + ": " + text);
      }
    }
    assertEquals(Map.of(), failures, "seed " + SEED);
  }

  /// The innermost cause and the three frames it comes from: one fault is told once.
  private static String origin(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause + " at " + Stream.of(cause.getStackTrace()).limit(3).map(String::valueOf).toList();
  }

  private static String changed(List<List<String>> corpus, Random random) {
    List<String> text = new ArrayList<>(corpus.get(random.nextInt(corpus.size())));
    for (int i = 1 + random.nextInt(4); i > 0 && !text.isEmpty(); i--) {
      int at = random.nextInt(text.size());
      List<String> other = corpus.get(random.nextInt(corpus.size()));
      switch (random.nextInt(9)) {
        case 0 -> text.remove(at);
        case 1 -> text.add(at, text.get(random.nextInt(text.size())));
        case 2 -> text.set(at, EXTREMES[random.nextInt(EXTREMES.length)]);
        case 3 -> text.add(at, EXTREMES[random.nextInt(EXTREMES.length)]);
        case 4 -> text.set(at, other.get(random.nextInt(other.size())));
        case 5 -> {
          int from = random.nextInt(other.size());
          text.addAll(at, other.subList(from, Math.min(other.size(), from + 1 + random.nextInt(8))));
        }
        case 6 -> text.set(at, "(" + String.join("", other) + ")");
        case 7 -> text.subList(at, Math.min(text.size(), at + 1 + random.nextInt(6))).clear();
        default -> {
          String token = text.get(at);
          int place = token.isEmpty() ? 0 : random.nextInt(token.length());
          text.set(at, token.substring(0, place) + (char) random.nextInt(256) + token.substring(place));
        }
      }
    }
    return String.join("", text);
  }

  @Test
  void parser_alone_knows_no_other_exception() {
    Random random = new Random(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      String text = new String(bytes, random.nextBoolean() ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
      try {
        Parser.parse(random.nextBoolean() ? "SELECT " + text : text);
      } catch (SqlException e) {
        // an answer
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + SEED + ", round " + round + ": " + text, e);
      }
    }
  }

  private static Stream<String> deep() {
    int n = 100_000;
    return Stream.of(
        "SELECT " + "(".repeat(n),
        "SELECT " + "(".repeat(n) + "1" + ")".repeat(n),
        "SELECT " + "CASE WHEN ".repeat(n),
        "SELECT " + "f(".repeat(n),
        "SELECT * FROM " + "(".repeat(n) + "t" + ")".repeat(n),
        "SELECT * FROM t " + "JOIN t ".repeat(n) + "ON true ".repeat(n),
        "WITH a AS (".repeat(n),
        "SELECT 1 " + "UNION (SELECT 1 ".repeat(n) + ")".repeat(n),
        "SELECT " + "- ".repeat(n) + "1",
        "SELECT " + "NOT ".repeat(n) + "true",
        "SELECT a" + "[1".repeat(n),
        "SELECT " + "ROW(".repeat(n) + ")".repeat(n),
        "EXPLAIN ".repeat(n) + "SELECT 1",
        "PREPARE a AS ".repeat(n) + "SELECT 1",
        "CREATE TABLE x (a int CHECK (" + "(".repeat(n),
        "SELECT " + "/*".repeat(n),
        "SELECT x IN (".repeat(n),
        "SELECT EXISTS (".repeat(n));
  }

  @ParameterizedTest
  @MethodSource("deep")
  void deep_nesting_is_an_answer_and_no_overflow(String text) {
    SqlException e = assertThrows(SqlException.class, () -> Parser.parse(text), () -> text.substring(0, 30));
    if (!e.state().equals(SqlState.SYNTAX_ERROR)) {
      assertEquals(SqlState.STATEMENT_TOO_COMPLEX, e.state(), text.substring(0, 30));
    }
    SqlTextFuzz.check(text);
  }
}
