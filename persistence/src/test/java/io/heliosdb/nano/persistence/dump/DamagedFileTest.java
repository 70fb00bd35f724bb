package io.heliosdb.nano.persistence.dump;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.persistence.compress.Compression;
import io.heliosdb.nano.persistence.dump.format.Block;
import io.heliosdb.nano.persistence.dump.format.ColumnEncoding;
import io.heliosdb.nano.persistence.dump.format.Frame;
import io.heliosdb.nano.persistence.dump.format.PayloadWriter;
import io.heliosdb.nano.persistence.dump.format.RowBlockBuilder;
import io.heliosdb.nano.persistence.dump.format.SchemaEntry;
import io.heliosdb.nano.persistence.dump.format.SegmentBegin;
import io.heliosdb.nano.persistence.dump.format.SegmentWriter;
import io.heliosdb.nano.persistence.dump.format.TableEntry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that are damaged, cut off, or made to do harm are refused before anything is touched; files that are written to stay whole.
final class DamagedFileTest {
  @TempDir Path directory;

  private Path twoSegments() {
    Path file = directory.resolve("good.heliodump");
    try (EmbeddedDatabase database = EmbeddedDatabase.newInMemory()) {
      database.execute("CREATE TABLE t (id integer PRIMARY KEY, name text, at timestamptz)");
      database.execute("CREATE TABLE u (a numeric)");
      database.execute("INSERT INTO t SELECT i, 'name ' || i, now() FROM generate_series(1, 50) i");
      database.execute("INSERT INTO u SELECT i FROM generate_series(1, 20) i");
      DumpManager manager = new DumpManager(database);
      manager.dump(DumpOptions.to(file));
      database.execute("DELETE FROM t WHERE id < 5");
      database.execute("UPDATE u SET a = a + 1 WHERE a = 7");
      manager.dump(DumpOptions.to(file).withAppend(true).withDigest(true).withCompression(Compression.LZ4, null));
    }
    return file;
  }

  @Test
  void every_flipped_byte_and_every_truncation_is_noticed() throws IOException {
    Path good = twoSegments();
    byte[] bytes = Files.readAllBytes(good);
    assertFalse(DumpFileFuzz.isRefused(good));
    Path bad = directory.resolve("bad.heliodump");
    int step = Integer.getInteger("heliosdb.test.damage.step", 13);
    for (int i = 0; i < bytes.length; i += step) {
      byte[] changed = bytes.clone();
      changed[i] ^= (byte) (1 << (i % 8));
      Files.write(bad, changed);
      assertTrue(DumpFileFuzz.isRefused(bad), "a flipped bit in byte " + i + " of " + bytes.length);
    }
    int segmentEnd;
    try (var file = io.heliosdb.nano.persistence.dump.format.DumpFile.open(good)) {
      segmentEnd = (int) file.segments().getFirst().endOffset();
    }
    for (int length = 0; length < bytes.length; length += 37) {
      Files.write(bad, Arrays.copyOf(bytes, length));
      assertTrue(length == segmentEnd || DumpFileFuzz.isRefused(bad), "cut to " + length + " of " + bytes.length);
    }
    Files.write(bad, Arrays.copyOf(bytes, bytes.length + 1));
    assertTrue(DumpFileFuzz.isRefused(bad), "a byte too many");
  }

  @Test
  void the_error_names_the_place_and_the_checksum() throws IOException {
    Path file = twoSegments();
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 200] ^= 4;
    Files.write(file, bytes);
    SqlException e = assertThrows(SqlException.class, () -> new Restorer(RestoreOptions.from(file), null));
    assertEquals("XX001", e.state().code());
    assertTrue(e.getMessage().matches(".*is damaged at byte \\d+: .*CRC32 mismatch.*"), e.getMessage());
  }

  /// Payloads of all kinds, sound or with bytes changed, in any order, all under right checksums: what remains is what they say.
  @Test
  void nothing_but_a_refusal_comes_of_lying_payloads() throws IOException {
    long seed = Long.getLong("heliosdb.test.seed", 20261121L);
    int rounds = Integer.getInteger("heliosdb.test.fuzz.rounds", 500);
    Path file = directory.resolve("lies.heliodump");
    int refused = 0;
    for (int round = 0; round < rounds; round++) {
      Random random = new Random(seed + round);
      Files.write(file, lies(random));
      try {
        refused += DumpFileFuzz.isRefused(file) ? 1 : 0;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + (seed + round), e);
      }
    }
    assertTrue(refused > rounds / 2, refused + " of " + rounds + " were refused");
    assertTrue(refused < rounds, "some files must have been sound, or the test proves nothing");
  }

  private static byte[] lies(Random random) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SegmentWriter out = new SegmentWriter(bytes, 0, random.nextBoolean());
    TableEntry table = new TableEntry(16384, 1000, "public", "t", TableEntry.Content.ALL, false,
        List.of(new TableEntry.Column(1, "id", "integer", ColumnEncoding.INT32, false), new TableEntry.Column(2, "name", "text", ColumnEncoding.TEXT, false)), List.of(0));
    boolean lying = random.nextInt(10) > 0;
    out.write(block(Frame.Kind.BEGIN, begin(), random, lying));
    out.write(block(Frame.Kind.SCHEMA, schema(), random, lying));
    int rows = 1 + random.nextInt(20);
    out.beginTable(table, block(Frame.Kind.TABLE, entry(table), random, lying));
    out.rows(block(Frame.Kind.ROWS, rows(table, rows), random, lying), rows);
    if (lying && random.nextInt(4) == 0) {
      Frame.Kind[] kinds = Frame.Kind.values();
      out.write(block(kinds[random.nextInt(kinds.length)], rows(table, rows), random, true));
    }
    out.end();
    return bytes.toByteArray();
  }

  private static Block block(Frame.Kind kind, byte[] payload, Random random, boolean lying) {
    byte[] bytes = payload;
    if (lying && random.nextInt(3) == 0 && bytes.length > 0) {
      bytes = bytes.clone();
      int[] extremes = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x7fffff00, 65_536};
      for (int i = 0; i <= random.nextInt(3); i++) {
        int at = random.nextInt(bytes.length);
        if (random.nextBoolean() && at + 4 <= bytes.length) {
          int value = extremes[random.nextInt(extremes.length)];
          for (int b = 0; b < 4; b++) {
            bytes[at + b] = (byte) (value >>> 8 * b);
          }
        } else {
          bytes[at] = (byte) random.nextInt();
        }
      }
      bytes = random.nextInt(4) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length + 8)) : bytes;
    }
    Compression[] all = Compression.values();
    Compression compression = all[random.nextInt(all.length)];
    return Block.pack(kind, bytes, compression, compression.levelDefault());
  }

  private static byte[] begin() {
    PayloadWriter out = new PayloadWriter();
    new SegmentBegin("test", 1, "main", false, 0, 5, 0, 0).write(out);
    return out.toByteArray();
  }

  private static byte[] schema() {
    PayloadWriter out = new PayloadWriter();
    out.u32(1);
    new SchemaEntry(1, SchemaEntry.Section.BEFORE_ROWS, "TABLE", "public", "t", 16384, List.of(), "CREATE TABLE public.t (id integer PRIMARY KEY, name text)").write(out);
    return out.toByteArray();
  }

  private static byte[] entry(TableEntry table) {
    PayloadWriter out = new PayloadWriter();
    table.write(out);
    return out.toByteArray();
  }

  private static byte[] rows(TableEntry table, int count) {
    RowBlockBuilder rows = new RowBlockBuilder(table.rowEncodings());
    for (int i = 0; i < count; i++) {
      rows.column(0).putInt(i);
      if (i % 3 == 0) {
        rows.column(1).putNull();
      } else {
        rows.column(1).putBytes(new byte[i], 0, i);
      }
    }
    return rows.payload();
  }

  @Test
  void a_schema_that_is_more_than_definitions_is_refused() throws IOException {
    Path file = directory.resolve("schema.heliodump");
    List<String> harmful = List.of("COPY public.t TO '/tmp/x'", "SET synchronous_commit = off", "DELETE FROM public.t", "COMMIT", "CREATE TABLE a (b int); DROP TABLE a",
        "ALTER SYSTEM SET port = 1", "SELECT pg_catalog.setval('s', 1, true), pg_terminate_backend(1)", "DO $$ BEGIN END $$", "no SQL");
    for (String sql : harmful) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      SegmentWriter out = new SegmentWriter(bytes, 0, false);
      out.write(Block.pack(Frame.Kind.BEGIN, begin(), Compression.NONE, 0));
      PayloadWriter schema = new PayloadWriter();
      schema.u32(1);
      new SchemaEntry(1, SchemaEntry.Section.BEFORE_ROWS, "TABLE", "public", "t", 16384, List.of(), sql).write(schema);
      out.write(Block.pack(Frame.Kind.SCHEMA, schema.toByteArray(), Compression.NONE, 0));
      out.end();
      Files.write(file, bytes.toByteArray());
      SqlException e = assertThrows(SqlException.class, () -> new Restorer(RestoreOptions.from(file), null), sql);
      assertTrue(e.getMessage().contains("is no definition"), e.getMessage());
    }
  }

  @Test
  void a_bomb_is_refused_by_what_its_heads_say() throws IOException {
    Path file = directory.resolve("bomb.heliodump");
    long limit = Runtime.getRuntime().maxMemory() / 4 + Frame.RAW_BYTES_MAX;
    byte[] zeros = new byte[Frame.RAW_BYTES_MAX];
    Block.Part part = Block.pack(Frame.Kind.SCHEMA, zeros, Compression.ZSTD, 1).parts().getFirst();
    Frame head = new Frame(Frame.Kind.SCHEMA, part.frame().codec(), true, false, part.frame().storedBytes(), part.frame().rawBytes(), part.frame().checksum());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SegmentWriter out = new SegmentWriter(bytes, 0, false);
    out.write(Block.pack(Frame.Kind.BEGIN, begin(), Compression.NONE, 0));
    long offset = out.offset();
    for (long expanded = 0; expanded < limit; expanded += Frame.RAW_BYTES_MAX) {
      bytes.write(head.head(offset));
      bytes.write(part.stored());
      offset += Frame.HEAD_BYTES + part.stored().length;
    }
    Files.write(file, bytes.toByteArray());
    SqlException e = assertThrows(SqlException.class, () -> new Restorer(RestoreOptions.from(file), null));
    assertEquals("54000", e.state().code());
  }

  @Test
  void a_full_disk_leaves_old_files_as_they_were() throws IOException {
    Path file = twoSegments();
    byte[] before = Files.readAllBytes(file);
    DumpTarget target = new DumpTarget(file);
    DumpTarget.Content full = out -> {
      out.write(new byte[1 << 20]);
      throw new IOException("No space left on device");
    };
    assertEquals("53100", assertThrows(SqlException.class, () -> target.replace(full)).state().code());
    assertEquals("53100", assertThrows(SqlException.class, () -> target.append(before.length, full)).state().code());
    assertArrayEquals(before, Files.readAllBytes(file));
    try (var files = Files.list(directory)) {
      assertEquals(List.of("good.heliodump"), files.map(p -> p.getFileName().toString()).toList());
    }
  }

  @Test
  void an_append_that_was_cut_off_by_a_crash_does_not_count() throws IOException {
    Path file = twoSegments();
    long length = Files.size(file);
    // What a kill in the middle of an append leaves: the note, and a part of a segment.
    Files.writeString(directory.resolve("good.heliodump.appending"), length + "\n");
    byte[] bytes = Files.readAllBytes(file);
    byte[] torn = Arrays.copyOf(bytes, bytes.length + 333);
    System.arraycopy(bytes, 100, torn, bytes.length, 333);
    Files.write(file, torn);
    assertFalse(DumpFileFuzz.isRefused(file));
    assertEquals(length, new DumpTarget(file).base(null).offset());
    Files.delete(directory.resolve("good.heliodump.appending"));
    assertTrue(DumpFileFuzz.isRefused(file));
  }
}
