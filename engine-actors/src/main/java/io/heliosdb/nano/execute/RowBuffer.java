package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.Representation;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows kept in memory as chunks of columns; a row is named by its number in order of arrival. Counts its bytes in the statement's
/// memory account until [#clear].
final class RowBuffer {
  private static final int SHIFT = 10;
  private static final int CHUNK = 1 << SHIFT;
  private static final int MASK = CHUNK - 1;
  private static final int FIRST = 64;
  private static final long ACCOUNT_STEP = 1 << 16;

  private final Representation[] representations;
  private final @Nullable BitSet kept;
  private final MemoryAccount memory;
  private final List<ColumnVector[]> chunks = new ArrayList<>();
  private int size;
  private long bytes;
  private long accounted;

  RowBuffer(Representation[] representations, MemoryAccount memory) {
    this(representations, null, memory);
  }

  /// @param kept columns to keep, null for all; the others can not be asked for
  RowBuffer(Representation[] representations, @Nullable BitSet kept, MemoryAccount memory) {
    this.representations = representations;
    this.kept = kept;
    this.memory = memory;
  }

  private boolean keeps(int column) {
    return kept == null || kept.get(column);
  }

  static Representation[] representations(List<OutputColumn> columns) {
    Representation[] list = new Representation[columns.size()];
    for (int i = 0; i < list.length; i++) {
      list[i] = columns.get(i).type().representation();
    }
    return list;
  }

  int size() {
    return size;
  }

  long bytes() {
    return bytes;
  }

  int columnCount() {
    return representations.length;
  }

  /// The vector in which column `column` of row `row` stands, at [#position].
  ColumnVector vector(int column, int row) {
    return chunks.get(row >> SHIFT)[column];
  }

  static int position(int row) {
    return row & MASK;
  }

  @Nullable Object get(int column, int row) {
    return chunks.get(row >> SHIFT)[column].get(row & MASK);
  }

  /// Appends the batch's rows that count.
  void append(Batch batch) {
    append(batch.columns(), batch.selection(), batch.rowCount());
  }

  void append(ColumnVector[] columns, int @Nullable [] rows, int count) {
    int from = 0;
    while (from < count) {
      int at = size & MASK;
      ColumnVector[] chunk = room(Math.min(CHUNK, at + count - from));
      int part = Math.min(count - from, chunkCapacity(chunk) - at);
      for (int c = 0; c < representations.length; c++) {
        if (!keeps(c)) {
          continue;
        }
        chunk[c].gather(columns[c], rows, from, part, at);
        if (chunk[c] instanceof TextVector || chunk[c] instanceof ColumnVector.Objects) {
          for (int i = 0; i < part; i++) {
            bytes += chunk[c].isNull(at + i) ? 8 : chunk[c].valueBytes(at + i);
          }
        } else {
          bytes += 8L * part;
        }
      }
      size += part;
      from += part;
      bytes += 8L * part;
    }
    account();
  }

  void append(@Nullable Object[] values) {
    int at = size & MASK;
    ColumnVector[] chunk = room(at + 1);
    for (int c = 0; c < representations.length; c++) {
      chunk[c].set(at, values[c]);
      bytes += 8 + ObjectSizes.bytes(values[c]);
    }
    size++;
    account();
  }

  private int chunkCapacity(ColumnVector[] chunk) {
    for (ColumnVector column : chunk) {
      if (column != null) {
        return column.capacity;
      }
    }
    return CHUNK;
  }

  /// The chunk for the next row, able to hold up to `needed` rows if that is possible.
  private ColumnVector[] room(int needed) {
    int index = size >> SHIFT;
    if (index == chunks.size()) {
      int capacity = index == 0 && needed <= FIRST ? FIRST : CHUNK;
      chunks.add(newChunk(capacity));
    } else if (index == 0 && chunkCapacity(chunks.getFirst()) < needed) {
      ColumnVector[] old = chunks.getFirst();
      ColumnVector[] wide = newChunk(CHUNK);
      for (int c = 0; c < old.length; c++) {
        if (old[c] == null) {
          continue;
        }
        wide[c].gather(old[c], null, 0, size, 0);
      }
      chunks.set(0, wide);
    }
    return chunks.get(index);
  }

  private ColumnVector[] newChunk(int capacity) {
    ColumnVector[] chunk = new ColumnVector[representations.length];
    for (int c = 0; c < chunk.length; c++) {
      chunk[c] = keeps(c) ? ColumnVector.of(representations[c], capacity) : null;
    }
    return chunk;
  }

  private void account() {
    if (bytes - accounted >= ACCOUNT_STEP) {
      memory.reserve(bytes - accounted);
      accounted = bytes;
    }
  }

  /// Fills a fresh vector: copies column `column` of rows `ids[from … from+count-1]` to `out` at 0 …; a negative id gives NULL.
  void gather(int column, int[] ids, int from, int count, ColumnVector out) {
    switch (out) {
      case ColumnVector.Ints ints -> {
        for (int i = 0; i < count; i++) {
          int id = ids[from + i];
          ColumnVector.Ints chunk = id < 0 ? null : (ColumnVector.Ints) chunks.get(id >> SHIFT)[column];
          if (chunk == null || chunk.isNull(id & MASK)) {
            out.setNull(i);
          } else {
            ints.values[i] = chunk.values[id & MASK];
          }
        }
      }
      case ColumnVector.Longs longs -> {
        for (int i = 0; i < count; i++) {
          int id = ids[from + i];
          ColumnVector.Longs chunk = id < 0 ? null : (ColumnVector.Longs) chunks.get(id >> SHIFT)[column];
          if (chunk == null || chunk.isNull(id & MASK)) {
            out.setNull(i);
          } else {
            longs.values[i] = chunk.values[id & MASK];
          }
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          int id = ids[from + i];
          if (id < 0) {
            out.setNull(i);
          } else {
            out.copyFrom(chunks.get(id >> SHIFT)[column], id & MASK, i);
          }
        }
      }
    }
  }

  /// A batch of up to `maxRows` rows from `start` on, sharing this buffer's vectors; null at the end.
  @Nullable Batch slice(int start, int maxRows) {
    if (start >= size) {
      return null;
    }
    int at = start & MASK;
    int count = Math.min(Math.min(maxRows, size - start), CHUNK - at);
    Batch batch = new Batch(chunks.get(start >> SHIFT));
    if (at == 0) {
      batch.setRowCount(count);
    } else {
      int[] rows = new int[count];
      for (int i = 0; i < count; i++) {
        rows[i] = at + i;
      }
      batch.select(rows, count);
    }
    return batch;
  }

  @Nullable Object[] row(int id) {
    Object[] values = new Object[representations.length];
    for (int c = 0; c < values.length; c++) {
      values[c] = get(c, id);
    }
    return values;
  }

  ColumnVector[] chunk(int id) {
    return chunks.get(id >> SHIFT);
  }

  void clear() {
    memory.release(accounted);
    accounted = 0;
    bytes = 0;
    size = 0;
    chunks.clear();
  }
}
