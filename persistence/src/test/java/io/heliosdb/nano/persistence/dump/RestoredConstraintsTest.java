package io.heliosdb.nano.persistence.dump;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.DatabaseConfig;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows of a sound file that break their own schema's rules do not get in.
final class RestoredConstraintsTest {
  @TempDir Path directory;

  /// A file with one table of integers and texts.
  private Path file(String createTable, List<String> before, List<String> after, Consumer<RowBlockBuilder> rows, int count) throws IOException {
    List<SchemaEntry> schema = new ArrayList<>();
    for (String sql : before) {
      schema.add(new SchemaEntry(schema.size() + 1, SchemaEntry.Section.BEFORE_ROWS, "DOMAIN", "public", "d", 0, List.of(), sql));
    }
    schema.add(new SchemaEntry(schema.size() + 1, SchemaEntry.Section.BEFORE_ROWS, "TABLE", "public", "t", 16384, List.of(), createTable));
    for (String sql : after) {
      schema.add(new SchemaEntry(schema.size() + 1, SchemaEntry.Section.AFTER_ROWS, "FK CONSTRAINT", "public", "t", 16384, List.of(), sql));
    }
    TableEntry table = new TableEntry(16384, 1000, "public", "t", TableEntry.Content.ALL, false,
        List.of(new TableEntry.Column(1, "id", "integer", ColumnEncoding.INT32, false), new TableEntry.Column(2, "name", "text", ColumnEncoding.TEXT, false)), List.of(0));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SegmentWriter out = new SegmentWriter(bytes, 0, false);
    PayloadWriter payload = new PayloadWriter();
    new SegmentBegin("test", 1, "main", false, 0, 5, 0, 0).write(payload);
    out.write(Block.pack(Frame.Kind.BEGIN, payload.toByteArray(), Compression.NONE, 0));
    payload = new PayloadWriter();
    payload.u32(schema.size());
    for (SchemaEntry entry : schema) {
      entry.write(payload);
    }
    out.write(Block.pack(Frame.Kind.SCHEMA, payload.toByteArray(), Compression.NONE, 0));
    payload = new PayloadWriter();
    table.write(payload);
    out.beginTable(table, Block.pack(Frame.Kind.TABLE, payload.toByteArray(), Compression.NONE, 0));
    RowBlockBuilder builder = new RowBlockBuilder(table.rowEncodings());
    rows.accept(builder);
    out.rows(Block.pack(Frame.Kind.ROWS, builder.payload(), Compression.NONE, 0), count);
    out.end();
    return Files.write(directory.resolve("crafted.heliodump"), bytes.toByteArray());
  }

  private static Consumer<RowBlockBuilder> rows(String... names) {
    return rows -> {
      for (int i = 0; i < names.length; i++) {
        rows.column(0).putInt(i + 1);
        if (names[i] == null) {
          rows.column(1).putNull();
        } else {
          byte[] text = names[i].getBytes(StandardCharsets.UTF_8);
          rows.column(1).putBytes(text, 0, text.length);
        }
      }
    };
  }

  private void assertRefused(String state, Path file) {
    Path target = directory.resolve("restored");
    SqlException error = assertThrows(SqlException.class, () -> DumpManager.restoreTo(target, RestoreOptions.from(file)));
    assertEquals(state, error.state().code(), error.getMessage());
    assertFalse(Files.exists(target));
    try (EmbeddedDatabase database = EmbeddedDatabase.newInMemory()) {
      database.execute("CREATE TABLE t (kept integer)");
      assertEquals(state, assertThrows(SqlException.class, () -> new DumpManager(database).restore(RestoreOptions.from(file))).state().code());
      assertEquals(0L, database.queryOne("SELECT count(kept) FROM t", Long.class), "the table is as it was");
    }
  }

  @Test
  void rows_must_keep_the_rules_of_their_tables() throws IOException {
    String create = "CREATE TABLE public.t (id integer PRIMARY KEY, name text NOT NULL, CONSTRAINT short CHECK (length(name) < 5), CONSTRAINT positive CHECK (id > 0))";
    Path good = file(create, List.of(), List.of(), rows("a", "b"), 2);
    assertEquals(2, DumpManager.restoreTo(directory.resolve("good"), RestoreOptions.from(good)).rowsRestored());
    assertRefused("23502", file(create, List.of(), List.of(), rows("a", null), 2));
    Path broken = file(create, List.of(), List.of(), rows("a", "too long"), 2);
    assertRefused("23514", broken);
    assertEquals(2, DumpManager.restoreTo(directory.resolve("trusted"), RestoreOptions.from(broken).withVerify(false)).rowsRestored());
    assertRefused("23514", file("CREATE TABLE public.t (id integer PRIMARY KEY, name public.d)", List.of("CREATE DOMAIN public.d AS text CHECK (VALUE <> 'bad')"), List.of(), rows("a", null, "bad"), 3));
    assertRefused("23503", file("CREATE TABLE public.t (id integer PRIMARY KEY, name text)", List.of(),
        List.of("ALTER TABLE ONLY public.t ADD CONSTRAINT fk FOREIGN KEY (id) REFERENCES public.t (id)", "ALTER TABLE ONLY public.t ADD CONSTRAINT u UNIQUE (name)",
            "ALTER TABLE ONLY public.t ADD CONSTRAINT self FOREIGN KEY (name) REFERENCES public.t (name)", "CREATE TABLE public.o (i integer PRIMARY KEY)",
            "ALTER TABLE ONLY public.t ADD CONSTRAINT other FOREIGN KEY (id) REFERENCES public.o (i)"), rows("a", "b"), 2));
  }

  @Test
  void an_increment_behind_a_trimmed_log_is_a_full_segment() {
    Path file = directory.resolve("trimmed.heliodump");
    try (EmbeddedDatabase database = EmbeddedDatabase.open(directory.resolve("data"), DatabaseConfig.DEFAULT.withSetting("heliosdb.retention_days", "0"));
        EmbeddedDatabase restored = EmbeddedDatabase.newInMemory()) {
      database.execute("CREATE TABLE t (id integer PRIMARY KEY, v text)");
      database.execute("CREATE TABLE other (id integer)");
      database.execute("INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 500) i");
      DumpManager manager = new DumpManager(database);
      DumpReport first = manager.dump(DumpOptions.to(file));
      database.execute("UPDATE t SET v = v || '!' WHERE id <= 100");
      database.execute("DELETE FROM t WHERE id > 400");
      database.execute("VACUUM");
      assertEquals("72000", assertThrows(SqlException.class, () -> manager.dump(DumpOptions.to(directory.resolve("then.heliodump")).withAsOf("SCN " + first.scn()))).state().code());
      DumpReport report = manager.dump(DumpOptions.to(file).withAppend(true));
      assertTrue(report.notices().stream().anyMatch(notice -> notice.contains("no longer reaches back")), report.notices().toString());
      assertEquals(400, report.rowsDumped());
      database.execute("DELETE FROM t WHERE id = 1");
      assertEquals(1, manager.dump(DumpOptions.to(file).withAppend(true)).rowsDeleted(), "and the next is an increment again");
      assertEquals(3, new DumpManager(restored).restore(RestoreOptions.from(file)).segments());
      String digest = "SELECT md5(string_agg(t::text, ',' ORDER BY id)) FROM t";
      assertEquals(database.queryOne(digest, String.class), restored.queryOne(digest, String.class));
    }
  }
}
