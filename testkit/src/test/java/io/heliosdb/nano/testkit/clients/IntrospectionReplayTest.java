package io.heliosdb.nano.testkit.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import io.heliosdb.nano.QueryResult;
import io.heliosdb.nano.Row;
import io.heliosdb.nano.error.SqlException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What clients ask of the catalogs is answered as PostgreSQL 15 answers it. `replay/introspection.jsonl` holds the queries that a dozen
/// clients sent, with PostgreSQL's answers over the schema of `clients/dump/schema.sql`; `replay/differing.txt` lists those (by line) that
/// are answered differently so far. Any other difference fails the test.
class IntrospectionReplayTest {
  private static final Pattern NUMBER = Pattern.compile("(?<![\\d.])\\d{5,7}(?![\\d.])");
  private static final Pattern OWN_OID = Pattern.compile("(?<![^\\x1f])8[0-4]\\d\\d(?![^\\x1f])");
  private static final int FIRST_INSTANCE_OID = 12_000;
  private static final int QUERIES_MIN = 100;

  @Test
  void catalogs_answer_as_postgresql_does() throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<String> lines = resource("/replay/introspection.jsonl");
    List<String> differing = new ArrayList<>();
    TreeMap<Integer, String> details = new TreeMap<>();
    int count = 0;
    try (EmbeddedDatabase db = EmbeddedDatabase.newInMemory()) {
      try (EmbeddedSession session = db.createSession()) {
        session.execute("SET SESSION AUTHORIZATION postgres");
        session.execute("SET TIME ZONE 'UTC'");
        session.execute(Files.readString(ClientTable.root().resolve("clients/dump/schema.sql")));
        for (int i = 0; i < lines.size(); i++) {
          if (lines.get(i).startsWith("#")) {
            continue;
          }
          JsonNode entry = json.readTree(lines.get(i));
          List<String> expected = new ArrayList<>();
          entry.get(2).forEach(row -> expected.add(row.asText()));
          List<String> actual = answer(session, entry.get(1).asText());
          // Objects that PostgreSQL does not have (types, operators, views of our own) are rows on top of its.
          actual.removeIf(row -> !expected.contains(row) && OWN_OID.matcher(row).find());
          count++;
          if (!actual.equals(expected)) {
            differing.add(i + 1 + " " + entry.get(0).asText());
            details.put(i + 1, difference(entry, expected, actual));
          }
        }
      }
    }
    assertTrue(count >= QUERIES_MIN, "only " + count + " queries were replayed");
    String report = System.getProperty("replay.report");
    if (report != null) {
      Files.writeString(java.nio.file.Path.of(report), String.join("\n", details.values()));
    }
    List<String> known = resource("/replay/differing.txt").stream().filter(line -> !line.startsWith("#") && !line.isBlank()).toList();
    List<String> worse = differing.stream().filter(line -> !known.contains(line)).toList();
    assertEquals(List.of(), worse, () -> "queries whose answers differ now; the first:\n" + details.get(Integer.parseInt(worse.getFirst().split(" ")[0])));
  }

  private static String difference(JsonNode entry, List<String> expected, List<String> actual) {
    List<String> missing = new ArrayList<>(expected);
    actual.forEach(missing::remove);
    List<String> extra = new ArrayList<>(actual);
    expected.forEach(extra::remove);
    return entry.get(0).asText() + ": " + entry.get(1).asText() + "\n  missing " + missing.stream().limit(5).toList() + "\n  extra " + extra.stream().limit(5).toList();
  }

  private static List<String> answer(EmbeddedSession session, String query) {
    List<String> rows = new ArrayList<>();
    try {
      QueryResult result = session.query(query);
      for (Row row : result) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
          String cell = row.getString(i);
          line.append(i > 0 ? "\u001f" : "").append(cell == null ? "~" : cell);
        }
        rows.add(NUMBER.matcher(line).replaceAll(m -> Integer.parseInt(m.group()) >= FIRST_INSTANCE_OID ? "#" : m.group()));
      }
    } catch (SqlException e) {
      rows.add("ERROR " + e.state().code() + " " + e.getMessage());
    }
    // By code point, as the recording is sorted.
    rows.sort((a, b) -> java.util.Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray()));
    return rows;
  }

  private static List<String> resource(String name) throws IOException {
    try (var in = IntrospectionReplayTest.class.getResourceAsStream(name)) {
      return List.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n"));
    }
  }
}
