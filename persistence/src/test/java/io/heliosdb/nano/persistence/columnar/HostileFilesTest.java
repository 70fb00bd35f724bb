package io.heliosdb.nano.persistence.columnar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.copy.CopyColumn;
import io.heliosdb.nano.copy.CopyOptions;
import io.heliosdb.nano.copy.RowBuilder;
import io.heliosdb.nano.copy.RowReader;
import io.heliosdb.nano.copy.RowShape;
import io.heliosdb.nano.copy.RowSource;
import io.heliosdb.nano.copy.RowWriter;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgTypes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Damaged and hostile files: readers of binary formats refuse them with an error of their own, never with an exception of Java's, and allocate no
/// more than their budget. `-Dcopy.seed=n` repeats a run, `-Dcopy.mutations=n` makes it longer.
class HostileFilesTest {
  private static final long SEED = Long.getLong("copy.seed", new Random().nextLong());
  private static final int MUTATIONS = Integer.getInteger("copy.mutations", 1500);
  private static final int ROWS = 50;

  private static final List<CopyColumn> COLUMNS = List.of(
      new CopyColumn("id", PgTypes.INT4, -1), new CopyColumn("name", PgTypes.TEXT, -1), new CopyColumn("x", PgTypes.FLOAT8, -1),
      new CopyColumn("price", PgTypes.NUMERIC, (30 << 16 | 5) + 4), new CopyColumn("flag", PgTypes.BOOL, -1), new CopyColumn("at", PgTypes.TIMESTAMP, -1),
      new CopyColumn("tags", PgTypes.BUILTIN.byOid(PgTypes.TEXT.arrayOid()), -1));

  private static byte[] file(String format, String compression) {
    Batch batch = new Batch(COLUMNS.stream().map(c -> io.heliosdb.nano.execute.ColumnVector.of(c.type().representation(), ROWS)).toArray(io.heliosdb.nano.execute.ColumnVector[]::new));
    for (int i = 0; i < ROWS; i++) {
      batch.append(new Object[] {
          i, i % 5 == 0 ? null : "name " + i, i * 0.5, Numeric.of(i * 100_000L, 5), i % 2 == 0, i * 1_000_000L, PgArray.of(PgTypes.TEXT, "a", null, "tag " + i)});
    }
    CopyOptions options = options(format, compression);
    ByteSink out = new ByteSink();
    try (RowWriter writer = options.format().writer(options, new RowSource("t", COLUMNS, IoContext.DEFAULT))) {
      writer.begin(out);
      for (int i = 0; i < ROWS; i++) {
        writer.row(batch, i, out);
      }
      writer.end(out);
    }
    return out.toByteArray();
  }

  private static CopyOptions options(String format, String compression) {
    List<io.heliosdb.nano.parse.ast.Option> options = new ArrayList<>();
    options.add(io.heliosdb.nano.parse.ast.Option.of("format", new io.heliosdb.nano.parse.ast.Option.StringValue(format), 0));
    if (compression != null) {
      options.add(io.heliosdb.nano.parse.ast.Option.of("compression", new io.heliosdb.nano.parse.ast.Option.StringValue(compression), 0));
    }
    return CopyOptions.of(options, compression == null, null, "UTF8");
  }

  /// Reads the bytes in pieces; gives the number of rows.
  private static int read(String format, byte[] bytes, Random random) {
    int[] count = {0};
    RowBuilder rows = new RowBuilder(RowShape.of(COLUMNS), IoContext.DEFAULT, false, values -> count[0]++);
    try (RowReader reader = options(format, null).reader(rows)) {
      for (int at = 0; at < bytes.length; ) {
        int piece = Math.min(bytes.length - at, random.nextInt(1, 2000));
        reader.feed(bytes, at, piece);
        at += piece;
      }
      reader.finish();
    }
    return count[0];
  }

  @ParameterizedTest
  @ValueSource(strings = {"binary", "parquet none", "parquet zstd", "arrow none", "arrow zstd", "ipc none"})
  void damaged_files_are_read_or_refused(String kind) {
    String[] parts = kind.split(" ");
    byte[] good = file(parts[0], parts.length > 1 ? parts[1] : null);
    Random random = new Random(SEED);
    assertEquals(ROWS, read(parts[0], good, random));
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bad = mutated(good, random);
      try {
        read(parts[0], bad, random);
      } catch (SqlException e) {
        assertFalse(e.state().equals(SqlState.INTERNAL_ERROR), e + ", seed " + SEED);
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError(kind + ", seed " + SEED + ", run " + i, e);
      }
    }
    assertTrue(refused > MUTATIONS / 10, "only " + refused + " of " + MUTATIONS + " were refused");
  }

  private static byte[] mutated(byte[] good, Random random) {
    byte[] bad = good.clone();
    for (int n = random.nextInt(1, 4); n > 0; n--) {
      int at = random.nextInt(bad.length);
      switch (random.nextInt(4)) {
        case 0 -> bad[at] = (byte) random.nextInt();
        case 1 -> bad[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> {
          if (bad.length < 4) {
            continue;
          }
          // Numbers that are sizes get the values that hurt.
          int value = new int[] {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x7fffff00, 0}[random.nextInt(5)];
          ByteBuffer.wrap(bad).order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN).putInt(Math.clamp(at, 0, Math.max(0, bad.length - 4)), value);
        }
        default -> bad = random.nextBoolean() ? java.util.Arrays.copyOf(bad, Math.max(1, at)) : bad;
      }
    }
    return bad;
  }

  @Test
  void a_length_that_lies_costs_nothing() {
    byte[] good = file("binary", null);
    // The first field of the first row: signature 11, flags 4, extension 4, count 2.
    ByteBuffer.wrap(good).putInt(21, 0x3fff_ffff);
    long before = usedMemory();
    SqlException e = assertThrows(SqlException.class, () -> read("binary", good, new Random(SEED)));
    assertEquals("22P04 unexpected EOF in COPY data", e.state().code() + " " + e.getMessage());
    assertTrue(usedMemory() - before < 100L << 20);
  }

  private static long usedMemory() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  void a_page_that_declares_more_than_it_holds_is_refused() {
    byte[] good = file("parquet", "zstd");
    int refused = 0;
    for (int at = 4; at < good.length - 8; at++) {
      byte[] bad = good.clone();
      // A varint of five bytes wherever a size may stand.
      for (int i = 0; i < 4 && at + i < bad.length; i++) {
        bad[at + i] = (byte) 0xff;
      }
      bad[at + 4] = 0x0f;
      try {
        read("parquet", bad, new Random(SEED));
      } catch (SqlException e) {
        refused++;
      }
    }
    assertTrue(refused > good.length / 2, "only " + refused);
  }

  @Test
  void random_bytes_are_no_file_of_any_kind() {
    Random random = new Random(SEED);
    for (String format : List.of("binary", "parquet", "arrow", "ipc")) {
      byte[] bytes = new byte[5000];
      random.nextBytes(bytes);
      SqlException e = assertThrows(SqlException.class, () -> read(format, bytes, random), format);
      assertEquals("22P04", e.state().code(), format);
      assertThrows(SqlException.class, () -> read(format, new byte[0], random), format);
    }
  }
}
