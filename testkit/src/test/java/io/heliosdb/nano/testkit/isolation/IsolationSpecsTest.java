package io.heliosdb.nano.testkit.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Interleavings of several sessions end as PostgreSQL's do.
///
/// `isolation/specs/*.spec` are the scripts, `isolation/expected/NAME.out` what PostgreSQL 15 answered. Where this database answers
/// differently and rightly so, `NAME.heliosdb.out` holds its answer and `differences.md` the reason.
/// `-Disolation.port=N` (with `isolation.database`) runs the scripts against that server instead; PostgreSQL must give the `.out` files.
class IsolationSpecsTest {
  private static final Path ROOT = resources();
  private static final long STEP_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);

  private static Path resources() {
    try {
      return Path.of(IsolationSpecsTest.class.getResource("/isolation").toURI());
    } catch (java.net.URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("specs"))) {
      return files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".spec")).map(f -> f.substring(0, f.length() - 5)).sorted().toList();
    }
  }

  @TestFactory
  Stream<DynamicTest> scripts_end_as_recorded() throws IOException {
    Integer port = Integer.getInteger("isolation.port");
    if (port != null) {
      ServerTarget target = new ServerTarget("127.0.0.1", port, "postgres", System.getProperty("isolation.database", "postgres"));
      return names().stream().map(name -> DynamicTest.dynamicTest(name, () -> check(name, ROOT.resolve("expected/" + name + ".out"), target)));
    }
    EmbeddedDatabase db = EmbeddedDatabase.newInMemory();
    var server = db.startServer(0);
    ServerTarget target = new ServerTarget("127.0.0.1", server.port(), "postgres", "heliosdb");
    return names().stream().map(name -> DynamicTest.dynamicTest(name, () -> check(name, expected(name), target))).onClose(() -> {
      server.close();
      db.close();
    });
  }

  private static Path expected(String name) {
    Path own = ROOT.resolve("expected/" + name + ".heliosdb.out");
    return Files.exists(own) ? own : ROOT.resolve("expected/" + name + ".out");
  }

  private static void check(String name, Path expected, ServerTarget target) throws IOException {
    String transcript = IsolationTester.transcript(Files.readString(ROOT.resolve("specs/" + name + ".spec")), name, target, STEP_NANOS_MAX);
    assertEquals(Files.readString(expected), transcript);
  }

  @Test
  void every_difference_has_a_reason_and_is_one() throws IOException {
    String reasons = Files.readString(ROOT.resolve("expected/differences.md"));
    List<String> own = new ArrayList<>();
    for (String name : names()) {
      Path postgres = ROOT.resolve("expected/" + name + ".out");
      assertTrue(Files.exists(postgres), name + " has no recorded answer of PostgreSQL");
      Path heliosdb = ROOT.resolve("expected/" + name + ".heliosdb.out");
      if (Files.exists(heliosdb)) {
        own.add(name);
        assertTrue(reasons.contains("`" + name + "`"), "no reason given for the difference in " + name);
        assertNotEquals(Files.readString(postgres), Files.readString(heliosdb), name + " no longer differs");
      }
    }
    reasons.lines().filter(line -> line.startsWith("| `")).map(line -> line.split("`")[1])
        .forEach(name -> assertTrue(own.contains(name), "differences.md speaks of " + name + ", which does not differ"));
  }
}
