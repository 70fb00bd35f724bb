package io.heliosdb.nano.persistence.dump;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that earlier versions wrote restore to what they held. One file per format version; they are never changed.
final class GoldenFileTest {
  @TempDir Path directory;

  @Test
  void version_1_with_five_segments_of_all_compressions() throws IOException {
    Path file = directory.resolve("golden.heliodump");
    try (var in = GoldenFileTest.class.getResourceAsStream("golden-v1.dump"); EmbeddedDatabase database = EmbeddedDatabase.newInMemory()) {
      Files.write(file, in.readAllBytes());
      assertEquals(5, new DumpManager(database).restore(RestoreOptions.from(file)).segments());
      assertEquals(expected(), DumpFixture.statements(database, directory.resolve("now.sql")));
    }
  }

  /// The same database, encrypted with the key 00 01 02 … 1f.
  @Test
  void version_2_with_two_encrypted_segments() throws IOException {
    byte[] key = new byte[EncryptionKey.BYTES];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) i;
    }
    Path file = directory.resolve("golden.heliodump");
    try (var in = GoldenFileTest.class.getResourceAsStream("golden-v2.dump"); EmbeddedDatabase database = EmbeddedDatabase.newInMemory()) {
      Files.write(file, in.readAllBytes());
      assertEquals(2, new DumpManager(database).restore(RestoreOptions.from(file).withKey(EncryptionKey.of(key))).segments());
      assertEquals(expected(), DumpFixture.statements(database, directory.resolve("now.sql")));
    }
  }

  private static TreeSet<String> expected() throws IOException {
    try (var in = GoldenFileTest.class.getResourceAsStream("golden-v1.txt")) {
      List<String> statements = new java.util.ArrayList<>(List.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).split(";\n")));
      statements.removeFirst();
      return new TreeSet<>(statements.stream().map(String::strip).toList());
    }
  }
}
