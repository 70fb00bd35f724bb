package io.heliosdb.nano.execute;

import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.Representation;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows kept as chunks of columns; a row is named by its number in order of arrival. Counts its bytes in the statement's memory account
/// until [#clear].
///
/// One made for a statement ([#spilling]) writes full chunks to a temporary file when it holds more than `work_mem`, and brings them
/// back one by one as rows are asked for: right for any order, fast for rising ones. The others stay in memory.
final class RowBuffer {
  /// Chunks from the file that are kept: where a window frame begins, ends and stands, and one to spare.
  private static final int LOADED_MAX = 4;

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

  private @Nullable ExecutionContext context;
  private PgType @Nullable [] types;
  private @Nullable TupleCodec codec;
  private SpillFiles.@Nullable SpillFile file;

  /// Where spilled chunks stand; chunks `0 … spilled-1` are null in `chunks`.
  private long[] addresses = {};
  private int spilled;
  private final int[] loadedIndexes = {-1, -1, -1, -1};
  private final ColumnVector @Nullable [][] loaded = new ColumnVector[LOADED_MAX][];
  private int nextVictim;

  RowBuffer(Representation[] representations, MemoryAccount memory) {
    this(representations, null, memory);
  }

  /// A buffer that may write to temporary files. Columns of pseudo-types have no stored form; with such a one all stays in memory.
  static RowBuffer spilling(PgType[] types, ExecutionContext context) {
    RowBuffer buffer = new RowBuffer(SortNode.representations(types), context.memory());
    if (types.length > 0 && Arrays.stream(types).noneMatch(PgType::isPseudo)) {
      buffer.context = context;
      buffer.types = types;
    }
    return buffer;
  }

  static RowBuffer spilling(List<OutputColumn> columns, ExecutionContext context) {
    return spilling(columns.stream().map(OutputColumn::type).toArray(PgType[]::new), context);
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
    return chunkAt(row >> SHIFT)[column];
  }

  static int position(int row) {
    return row & MASK;
  }

  @Nullable Object get(int column, int row) {
    return chunkAt(row >> SHIFT)[column].get(row & MASK);
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
        bytes += heldBytes(chunk[c], at, part);
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
    if (context != null && bytes > context.workMemBytes()) {
      spill();
    }
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
          ColumnVector.Ints chunk = id < 0 ? null : (ColumnVector.Ints) chunkAt(id >> SHIFT)[column];
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
          ColumnVector.Longs chunk = id < 0 ? null : (ColumnVector.Longs) chunkAt(id >> SHIFT)[column];
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
            out.copyFrom(chunkAt(id >> SHIFT)[column], id & MASK, i);
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
    Batch batch = new Batch(chunkAt(start >> SHIFT));
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
    return chunkAt(id >> SHIFT);
  }

  private ColumnVector[] chunkAt(int index) {
    ColumnVector[] chunk = chunks.get(index);
    return chunk == null ? load(index) : chunk;
  }

  private ColumnVector[] load(int index) {
    for (int i = 0; i < LOADED_MAX; i++) {
      if (loadedIndexes[i] == index) {
        return loaded[i];
      }
    }
    ColumnVector[] chunk = newChunk(CHUNK);
    byte[] block = file.readBlock(addresses[index]);
    MemorySegment memory = MemorySegment.ofArray(block);
    int[] source = new int[chunk.length];
    Arrays.setAll(source, i -> i);
    ByteBuffer lengths = ByteBuffer.wrap(block);
    int at = 0;
    for (int row = 0; row < CHUNK; row++) {
      int length = lengths.getInt(at);
      codec.decode(memory, at + Integer.BYTES, source, chunk, row, null, ref -> context.access().readLarge(ref));
      at += Integer.BYTES + length;
    }
    loaded[nextVictim] = chunk;
    loadedIndexes[nextVictim] = index;
    nextVictim = (nextVictim + 1) % LOADED_MAX;
    return chunk;
  }

  /// Writes all full chunks but the newest to the file.
  private void spill() {
    int end = (size >> SHIFT) - 1;
    if (end <= spilled) {
      return;
    }
    if (file == null) {
      file = context.spill().create();
      codec = new TupleCodec(types, context.catalog());
    }
    if (end > addresses.length) {
      addresses = Arrays.copyOf(addresses, Math.max(end, addresses.length * 2));
    }
    TupleCodec.Writer writer = codec.writer();
    byte[] block = new byte[1 << 14];
    for (int i = spilled; i < end; i++) {
      context.cancel().check();
      ColumnVector[] chunk = chunks.get(i);
      int at = 0;
      for (int row = 0; row < CHUNK; row++) {
        byte[] record = writer.encode(chunk, row);
        int needed = Math.addExact(at, Integer.BYTES + record.length);
        if (block.length < needed) {
          block = Arrays.copyOf(block, (int) Math.max(needed, Math.min(Integer.MAX_VALUE - 16, 2L * block.length)));
        }
        ByteBuffer.wrap(block).putInt(at, record.length);
        System.arraycopy(record, 0, block, at + Integer.BYTES, record.length);
        at = needed;
      }
      addresses[i] = file.appendBlock(block, at);
      chunks.set(i, null);
    }
    spilled = end;
    recount();
  }

  /// What is held now is counted anew, chunk by chunk.
  private void recount() {
    bytes = 0;
    for (int i = spilled; i < chunks.size(); i++) {
      int rows = Math.min(CHUNK, size - (i << SHIFT));
      for (ColumnVector column : chunks.get(i)) {
        bytes += heldBytes(column, 0, rows);
      }
      bytes += 8L * rows;
    }
    memory.release(accounted - bytes);
    accounted = bytes;
  }

  private static long heldBytes(@Nullable ColumnVector column, int from, int count) {
    if (column == null) {
      return 0;
    }
    if (!(column instanceof TextVector || column instanceof ColumnVector.Objects)) {
      return 8L * count;
    }
    long bytes = 0;
    for (int i = from; i < from + count; i++) {
      bytes += column.isNull(i) ? 8 : column.valueBytes(i);
    }
    return bytes;
  }

  void clear() {
    memory.release(accounted);
    accounted = 0;
    bytes = 0;
    size = 0;
    chunks.clear();
    if (file != null) {
      file.delete();
      file = null;
      spilled = 0;
      Arrays.fill(loadedIndexes, -1);
      Arrays.fill(loaded, null);
    }
  }

  /// Whether rows have been written to a file.
  boolean isSpilled() {
    return file != null;
  }
}
