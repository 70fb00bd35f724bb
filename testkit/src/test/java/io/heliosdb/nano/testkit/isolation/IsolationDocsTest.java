package io.heliosdb.nano.testkit.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The examples of `docs/isolation.md` and `docs/locks.md` end as the pages say: each `isolation` block is run and must give the `text` block
/// behind it, each `sql` block must run without an error. `-Disolation.port=N` runs them on another server.
class IsolationDocsTest {
  private static final Pattern EXAMPLE = Pattern.compile("```isolation\\n(.*?)```\\n\\n```text\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern SQL = Pattern.compile("```sql\\n(.*?)```", Pattern.DOTALL);
  private static final long STEP_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);

  private static Path docs() {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(root.resolve("docs"))) {
      root = root.getParent();
    }
    return root.resolve("docs");
  }

  @TestFactory
  Stream<DynamicTest> examples_end_as_the_pages_say() throws IOException {
    EmbeddedDatabase db = EmbeddedDatabase.newInMemory();
    var server = db.startServer(0);
    Integer other = Integer.getInteger("isolation.port");
    ServerTarget target =
        new ServerTarget(
            "127.0.0.1", other == null ? server.port() : other, "postgres", System.getProperty("isolation.database", other == null ? "heliosdb" : "postgres"));
    List<DynamicTest> tests = new ArrayList<>();
    for (String page : List.of("isolation.md", "locks.md")) {
      String text = Files.readString(docs().resolve(page));
      int number = 0;
      Matcher example = EXAMPLE.matcher(text);
      while (example.find()) {
        String spec = example.group(1);
        String expected = example.group(2);
        tests.add(DynamicTest.dynamicTest(page + " example " + ++number, () -> assertEquals(expected, run(spec, target))));
      }
      int written = text.split("```isolation\n", -1).length - 1;
      int found = number;
      tests.add(DynamicTest.dynamicTest(page + " shows what its scripts do", () -> assertEquals(written, found)));
      Matcher sql = SQL.matcher(text);
      while (sql.find()) {
        String statements = sql.group(1);
        tests.add(DynamicTest.dynamicTest(page + " statements", () -> runSql(statements, target)));
      }
    }
    assertTrue(tests.size() > 10);
    return tests.stream().onClose(() -> {
      server.close();
      db.close();
    });
  }

  /// The transcript without its first lines, which say how many sessions there are.
  static String run(String spec, ServerTarget target) throws IOException {
    String transcript = IsolationTester.transcript(spec, "docs", target, STEP_NANOS_MAX);
    return transcript.substring(transcript.indexOf("\n\n") + 2).stripTrailing() + "\n";
  }

  private static void runSql(String statements, ServerTarget target) throws IOException {
    try (SessionConnection connection = new SessionConnection(target, "docs", notice -> {})) {
      for (SessionConnection.Outcome outcome : connection.run(statements)) {
        assertTrue(!(outcome instanceof SessionConnection.Failure), outcome::toString);
      }
    }
  }
}
