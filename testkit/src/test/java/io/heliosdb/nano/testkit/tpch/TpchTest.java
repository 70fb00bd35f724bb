package io.heliosdb.nano.testkit.tpch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The 22 queries at scale 0.01 give the answers that PostgreSQL 15 gave on the same rows (`TpchComparison --scale 0.01 --record DIR`).
class TpchTest {
  private static final double SCALE = 0.01;

  @TestFactory
  Stream<DynamicTest> answers_are_those_of_postgresql() throws Exception {
    Connection connection = DriverManager.getConnection("jdbc:heliosdb:mem:tpch");
    TpchDatabase database = new TpchDatabase(connection);
    database.load(SCALE);
    return IntStream.rangeClosed(1, TpchDatabase.QUERIES)
        .mapToObj(query -> DynamicTest.dynamicTest("q" + query, () -> assertEquals(expected(query), sorted(database.answer(query, SCALE)))))
        .onClose(() -> {
          try {
            connection.close();
          } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private static List<String> expected(int query) throws IOException {
    try (var in = TpchTest.class.getResourceAsStream(String.format("/tpch/q%02d.tsv", query))) {
      return sorted(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.isEmpty()).toList());
    }
  }

  private static List<String> sorted(List<String> lines) {
    return lines.stream().sorted().toList();
  }
}
