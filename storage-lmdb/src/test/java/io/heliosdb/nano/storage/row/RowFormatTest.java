package io.heliosdb.nano.storage.row;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Random rows written, read back column by column, with the layout they were written with and with a longer one.
class RowFormatTest {
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  private Object randomValue(ColumnKind kind) {
    return switch (kind) {
      case BOOL -> random.nextBoolean();
      case INT16 -> (short) random.nextInt();
      case INT32 -> random.nextInt();
      case INT64 -> random.nextLong();
      case FLOAT32 -> random.nextFloat();
      case FLOAT64 -> random.nextDouble();
      case UUID -> new UUID(random.nextLong(), random.nextLong());
      case VARLEN -> {
        byte[] bytes = new byte[random.nextInt(20) == 0 ? random.nextInt(40_000) : random.nextInt(30)];
        random.nextBytes(bytes);
        yield bytes;
      }
    };
  }

  private static void set(RowWriter writer, int column, Object value) {
    switch (value) {
      case Boolean v -> writer.setBool(column, v);
      case Short v -> writer.setInt16(column, v);
      case Integer v -> writer.setInt32(column, v);
      case Long v -> writer.setInt64(column, v);
      case Float v -> writer.setFloat32(column, v);
      case Double v -> writer.setFloat64(column, v);
      case UUID v -> writer.setUuid(column, v.getMostSignificantBits(), v.getLeastSignificantBits());
      case byte[] v -> writer.setVarlen(column, v);
      case LargeRef v -> writer.setLarge(column, v);
      default -> throw new AssertionError();
    }
  }

  private static Object get(RowLayout layout, MemorySegment memory, long row, int column) {
    return switch (layout.kind(column)) {
      case BOOL -> RowReader.getBool(layout, memory, row, column);
      case INT16 -> RowReader.getInt16(layout, memory, row, column);
      case INT32 -> RowReader.getInt32(layout, memory, row, column);
      case INT64 -> RowReader.getInt64(layout, memory, row, column);
      case FLOAT32 -> RowReader.getFloat32(layout, memory, row, column);
      case FLOAT64 -> RowReader.getFloat64(layout, memory, row, column);
      case UUID ->
          new UUID(
              RowReader.getUuidMostSignificant(layout, memory, row, column),
              RowReader.getUuidLeastSignificant(layout, memory, row, column));
      case VARLEN ->
          RowReader.isLarge(layout, memory, row, column)
              ? RowReader.largeRef(layout, memory, row, column)
              : RowReader.varlenBytes(layout, memory, row, column);
    };
  }

  private static void assertValue(String message, Object expected, Object actual) {
    if (expected instanceof byte[] bytes) {
      assertArrayEquals(bytes, (byte[]) actual, message);
    } else {
      assertEquals(expected, actual, message);
    }
  }

  @Test
  void rows_give_back_what_was_written_also_through_a_longer_layout() {
    for (int round = 0; round < 500; round++) {
      String message = "seed " + seed;
      ColumnKind[] kinds = new ColumnKind[1 + random.nextInt(random.nextInt(10) == 0 ? 300 : 12)];
      Arrays.setAll(kinds, i -> ColumnKind.values()[random.nextInt(ColumnKind.values().length)]);
      int written = 1 + random.nextInt(kinds.length);
      RowLayout older = new RowLayout(Arrays.copyOf(kinds, written));
      RowLayout newer = new RowLayout(kinds);
      RowWriter writer = new RowWriter(older);
      for (int repeat = 0; repeat < 2; repeat++) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < written; i++) {
          Object value = random.nextInt(5) == 0 ? null : randomValue(kinds[i]);
          values.add(value instanceof byte[] && random.nextInt(9) == 0 ? new LargeRef(random.nextLong(), random.nextInt(1 << 30)) : value);
          if (values.get(i) != null) {
            set(writer, i, values.get(i));
          }
        }
        checkRow(message, newer, values, writer.toRow(), false);
      }
    }
  }

  private void checkRow(String message, RowLayout layout, List<Object> values, byte[] row, boolean movedOut) {
    byte[] padded = new byte[row.length + 3];
    System.arraycopy(row, 0, padded, 3, row.length);
    MemorySegment memory = MemorySegment.ofArray(padded);
    assertEquals(values.size(), RowReader.columnCount(memory, 3));
    assertEquals(values.contains(null), RowReader.hasNulls(memory, 3));
    for (int i = 0; i < layout.columnCount(); i++) {
      assertEquals(i >= values.size(), RowReader.isMissing(memory, 3, i), message);
      if (i < values.size()) {
        assertEquals(values.get(i) == null, RowReader.isNull(memory, 3, i), message);
        if (values.get(i) != null) {
          assertValue(message, values.get(i), get(layout, memory, 3, i));
        }
      }
    }
    if (!movedOut) {
      checkMovingOut(message, layout, values, row);
    }
  }

  private void checkMovingOut(String message, RowLayout layout, List<Object> values, byte[] row) {
    List<LargeRef> references = new ArrayList<>();
    List<Object> expected = new ArrayList<>(values);
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) instanceof byte[] bytes && bytes.length > RowFormat.INLINE_BYTES_MAX) {
        expected.set(i, new LargeRef(i, bytes.length));
      }
      if (expected.get(i) instanceof LargeRef ref) {
        references.add(ref);
      }
    }
    List<Object> large = values.stream().filter(v -> v instanceof byte[] bytes && bytes.length > RowFormat.INLINE_BYTES_MAX).toList();
    int[] calls = new int[1];
    byte[] moved =
        LargeColumns.moveOut(
            row,
            (bytes, offset, length) -> {
              byte[] value = (byte[]) large.get(calls[0]++);
              assertArrayEquals(value, Arrays.copyOfRange(bytes, offset, offset + length), message);
              return new LargeRef(values.indexOf(value), length);
            });
    assertEquals(large.size(), calls[0]);
    assertEquals(large.isEmpty(), moved == row);
    checkRow(message, layout, expected, moved, true);
    assertEquals(references, LargeColumns.references(MemorySegment.ofArray(moved), 0), message);
  }

  @Test
  void a_row_without_nulls_has_no_bitmap_and_costs_two_bytes() {
    RowWriter writer = new RowWriter(new RowLayout(ColumnKind.INT32, ColumnKind.INT64));
    writer.setInt32(0, 1);
    writer.setInt64(1, 2);
    assertEquals(2 + 4 + 8, writer.toRow().length);
    byte[] allNull = writer.toRow();
    assertTrue(RowReader.isNull(MemorySegment.ofArray(allNull), 0, 1));
    assertFalse(RowReader.isMissing(MemorySegment.ofArray(allNull), 0, 1));
  }
}
