package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.EmbeddedDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// A database with objects of every kind and values of every type.
final class DumpFixture {
  private DumpFixture() {}

  static EmbeddedDatabase rich() {
    EmbeddedDatabase database = EmbeddedDatabase.newInMemory();
    for (String statement : script().split(";\n")) {
      if (!statement.isBlank()) {
        database.execute(statement);
      }
    }
    return database;
  }

  private static String script() {
    try (var in = DumpFixture.class.getResourceAsStream("rich.sql")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// The database as a script, without what may differ after a restore: the commit in the first line, the order of statements that come by oid.
  static TreeSet<String> statements(EmbeddedDatabase database, Path scratch) throws IOException {
    new DumpManager(database).dump(DumpOptions.to(scratch));
    List<String> statements = new ArrayList<>(List.of(Files.readString(scratch).split(";\n")));
    statements.removeFirst();
    return new TreeSet<>(statements.stream().map(String::strip).toList());
  }
}
