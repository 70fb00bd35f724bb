package io.heliosdb.nano.persistence.dump;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.DatabaseConfig;
import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.persistence.compress.Compression;
import io.heliosdb.nano.persistence.dump.format.DumpFile;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Dumps of an encrypted database are encrypted.
final class EncryptedDumpTest {
  private static final EncryptionKey KEY = EncryptionKey.generate();
  private static final EncryptionKey OTHER = EncryptionKey.generate();

  @TempDir Path directory;

  private static DatabaseConfig with(EncryptionKey key) {
    return DatabaseConfig.DEFAULT.withEncryptionKey(key);
  }

  /// A full segment and an increment, stored as they are.
  private Path dumped() {
    Path file = directory.resolve("sealed.heliodump");
    try (EmbeddedDatabase database = EmbeddedDatabase.open(directory.resolve("data"), with(KEY))) {
      database.execute("CREATE TABLE planted_table (planted_column text PRIMARY KEY, n int)");
      database.execute("INSERT INTO planted_table SELECT 'plantedvalue' || i, i FROM generate_series(1, 500) i");
      DumpManager manager = new DumpManager(database);
      manager.dump(DumpOptions.to(file).withCompression(Compression.NONE, null).withDigest(true));
      database.execute("UPDATE planted_table SET n = -1 WHERE n = 7");
      database.execute("DELETE FROM planted_table WHERE n > 490");
      assertTrue(manager.dump(DumpOptions.to(file).withCompression(Compression.NONE, null).withAppend(true)).incremental());
    }
    return file;
  }

  @Test
  void it_is_unreadable_and_restores_with_its_key() throws IOException {
    Path file = dumped();
    assertFalse(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains("planted"));
    SqlException missing = assertThrows(SqlException.class, () -> DumpManager.restoreTo(directory.resolve("a"), RestoreOptions.from(file)));
    assertEquals("28000", missing.state().code());
    assertTrue(missing.detail().contains(KEY.id()));
    assertEquals("28000", assertThrows(SqlException.class, () -> DumpManager.restoreTo(directory.resolve("a"), RestoreOptions.from(file), with(OTHER))).state().code());
    assertFalse(Files.exists(directory.resolve("a")));
    // Into an encrypted database with the same key, into one with another key, and into a plain one.
    DumpManager.restoreTo(directory.resolve("same"), RestoreOptions.from(file), with(KEY));
    check(directory.resolve("same"), with(KEY));
    DumpManager.restoreTo(directory.resolve("other"), RestoreOptions.from(file).withKey(KEY), with(OTHER));
    check(directory.resolve("other"), with(OTHER));
    DumpManager.restoreTo(directory.resolve("plain"), RestoreOptions.from(file).withKey(KEY));
    check(directory.resolve("plain"), DatabaseConfig.DEFAULT);
  }

  private static void check(Path data, DatabaseConfig config) {
    try (EmbeddedDatabase database = EmbeddedDatabase.open(data, config)) {
      assertEquals(490L, database.queryOne("SELECT count(*) FROM planted_table", Long.class));
      assertEquals(-1, database.queryOne("SELECT n FROM planted_table WHERE planted_column = 'plantedvalue7'", Integer.class));
    }
  }

  @Test
  void a_changed_byte_or_a_missing_end_is_noticed() throws IOException {
    Path file = dumped();
    byte[] bytes = Files.readAllBytes(file);
    long segmentEnd;
    try (DumpFile whole = DumpFile.open(file, Long.MAX_VALUE, KEY)) {
      segmentEnd = whole.segments().getFirst().endOffset();
    }
    Path bad = directory.resolve("bad.heliodump");
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      byte[] changed = bytes.clone();
      int at = random.nextInt(bytes.length);
      changed[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(bad, changed);
      SqlException e = assertThrows(SqlException.class, () -> new Restorer(RestoreOptions.from(bad).withKey(KEY), null).close(), "seed " + seed + ", byte " + at);
      assertTrue(e.state().code().equals("XX001") || e.state().code().equals("22023"), () -> "seed " + seed + ", byte " + at + ": " + e);
    }
    for (int length = 0; length < bytes.length; length += 97) {
      if (length != segmentEnd) {
        Files.write(bad, java.util.Arrays.copyOf(bytes, length));
        assertThrows(SqlException.class, () -> new Restorer(RestoreOptions.from(bad).withKey(KEY), null).close(), "cut to " + length);
      }
    }
  }

  @Test
  void increments_go_with_the_kind_of_file() throws IOException {
    Path file = dumped();
    Path plain = directory.resolve("plain.heliodump");
    try (EmbeddedDatabase database = EmbeddedDatabase.newInMemory()) {
      new DumpManager(database).dump(DumpOptions.to(plain));
      assertEquals("28000", assertThrows(SqlException.class, () -> new DumpManager(database).dump(DumpOptions.to(file).withAppend(true))).state().code());
    }
    try (EmbeddedDatabase database = EmbeddedDatabase.open(directory.resolve("data"), with(KEY))) {
      assertEquals("55000", assertThrows(SqlException.class, () -> new DumpManager(database).dump(DumpOptions.to(plain).withAppend(true))).state().code());
      assertEquals(490, new DumpManager(database).dump(DumpOptions.to(file)).rowsDumped());
    }
    assertTrue(DumpFile.isSealed(file));
    assertFalse(DumpFile.isSealed(plain));
  }
}
