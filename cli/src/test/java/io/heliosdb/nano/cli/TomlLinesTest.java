package io.heliosdb.nano.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The walk over the text finds exactly the keys that the TOML library reads, each on its line.
class TomlLinesTest {
  private static void paths(String path, JsonNode node, Set<String> into) {
    if (node.isContainerNode() && node.isEmpty() && !path.isEmpty()) {
      into.add(path);
    } else if (node.isObject()) {
      node.properties().forEach(e -> paths(path.isEmpty() ? e.getKey() : path + "." + e.getKey(), e.getValue(), into));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        paths(path + "[" + i + "]", node.get(i), into);
      }
    } else {
      into.add(path);
    }
  }

  private static void assertSameKeys(String document) throws IOException {
    Set<String> expected = new TreeSet<>();
    paths("", new TomlMapper().readTree(document), expected);
    Map<String, Integer> found = TomlLines.of(document);
    Set<String> missing = new TreeSet<>(expected);
    missing.removeAll(found.keySet());
    assertTrue(missing.isEmpty(), () -> "not found: " + missing + "\nin " + document + "\nfound " + found);
    // What else was found are the tables and arrays above.
    for (String path : found.keySet()) {
      assertTrue(expected.stream().anyMatch(leaf -> leaf.equals(path) || leaf.startsWith(path + ".") || leaf.startsWith(path + "[")), path + " in " + document);
    }
  }

  @Test
  void every_form_of_key_has_its_line() throws IOException {
    String document =
        """
        # [not.a.table]
        top = 1
        "quoted key" = 'a # b' # comment = 5
        [server]
          port = 5432
        listen='''
        [x]
        y = 1'''
        note = \"""
        z = "2" ] [q]
        \"""
        after = [ 1, # one
          2, "]" ]
        inline = { a = 1, b = { c = [ { d = 2 } ] } }
        [[auth.users]]
        username = "a"
        [auth.users.extra]
        k = 1
        [[auth.users]]
        username = "b"
        a.b.c = true
        """;
    assertSameKeys(document);
    Map<String, Integer> lines = TomlLines.of(document);
    assertEquals(2, lines.get("top"));
    assertEquals(5, lines.get("server.port"));
    assertEquals(9, lines.get("server.note"));
    assertEquals(12, lines.get("server.after"));
    assertEquals(14, lines.get("server.inline.b.c[0].d"));
    assertEquals(15, lines.get("auth.users[0]"));
    assertEquals(18, lines.get("auth.users[0].extra.k"));
    assertEquals(20, lines.get("auth.users[1].username"));
  }

  @Test
  void random_documents() throws IOException {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      StringBuilder document = new StringBuilder();
      for (int t = 0; t < 1 + random.nextInt(5); t++) {
        String[] headers = {"\n[t" + t + "]\n", "\n[[list]] # c\n", "[ t" + t + " . sub ]\n", ""};
        document.append(headers[random.nextInt(t == 0 ? 3 : 3)]);
        for (int k = 0; k < random.nextInt(5); k++) {
          document.append(random.nextBoolean() ? "  " : "").append("k").append(k).append(random.nextInt(4) == 0 ? ".x" : "").append(" = ").append(value(random, 2)).append(
              random.nextInt(3) == 0 ? " # k9 = 1\n" : "\n");
        }
      }
      assertSameKeys(document.toString());
    }
  }

  private static String value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 5)) {
      case 0 -> "1_000";
      case 1 -> "\"a\\\" # b = ]\"";
      case 2 -> "'c:\\'";
      case 3 -> "1979-05-27T07:32:00Z";
      case 4 -> "\"\"\"one\n[two]\nthree = \"\"quoted\"\" \"\"\"";
      case 5 -> "[ " + value(random, depth - 1) + ",\n # comment\n " + value(random, depth - 1) + " ]";
      case 6 -> "{ p = " + value(random, depth - 1) + ", \"q\" = 2 }";
      default -> "true";
    };
  }
}
