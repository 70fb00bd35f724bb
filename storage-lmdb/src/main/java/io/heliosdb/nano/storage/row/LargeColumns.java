package io.heliosdb.nano.storage.row;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Finds and replaces large values of a row without its layout, which rows with such values are self-describing for.
public final class LargeColumns {
  /// Stores a value and gives its reference.
  @FunctionalInterface
  public interface Sink {
    LargeRef store(byte[] row, int offset, int length);
  }

  private LargeColumns() {}

  /// The same row with every value over [RowFormat#INLINE_BYTES_MAX] replaced by the reference that `sink` gives; the row
  /// itself when it has none.
  public static byte[] moveOut(byte[] row, Sink sink) {
    MemorySegment memory = MemorySegment.ofArray(row);
    int header = RowReader.header(memory, 0);
    if ((header & RowFormat.EXTENDED) == 0) {
      return row;
    }
    int count = memory.get(RowFormat.SHORT, 4) & 0xFFFF;
    int fixedBytes = memory.get(RowFormat.SHORT, 2) & 0xFFFF;
    int ends = (int) RowReader.fixedStart(header, 0) + fixedBytes;
    int data = ends + RowReader.endsBytes(header, count);
    byte[] newData = new byte[0];
    int[] newEnds = new int[count];
    boolean changed = false;
    int start = 0;
    for (int i = 0; i < count; i++) {
      int end = RowReader.end(memory, header, ends, i);
      boolean reference = RowReader.isReference(memory, header, ends, i);
      byte[] value;
      if (!reference && end - start > RowFormat.INLINE_BYTES_MAX) {
        LargeRef ref = sink.store(row, data + start, end - start);
        value = new byte[LargeRef.BYTES];
        MemorySegment target = MemorySegment.ofArray(value);
        target.set(RowFormat.LONG, 0, ref.id());
        target.set(RowFormat.INT, 8, ref.length());
        reference = true;
        changed = true;
      } else {
        value = Arrays.copyOfRange(row, data + start, data + end);
      }
      int at = newData.length;
      newData = Arrays.copyOf(newData, at + value.length);
      System.arraycopy(value, 0, newData, at, value.length);
      newEnds[i] = newData.length | (reference ? RowFormat.WIDE_REFERENCE : 0);
      start = end;
    }
    return changed ? assemble(row, header, ends, newEnds, newData) : row;
  }

  private static byte[] assemble(byte[] row, int header, int ends, int[] newEnds, byte[] newData) {
    boolean wide = newData.length > RowFormat.NARROW_DATA_MAX;
    int newDataStart = ends + newEnds.length * (wide ? 4 : 2);
    byte[] result = Arrays.copyOf(Arrays.copyOf(row, ends), newDataStart + newData.length);
    MemorySegment memory = MemorySegment.ofArray(result);
    memory.set(RowFormat.SHORT, 0, (short) ((header & ~RowFormat.WIDE) | (wide ? RowFormat.WIDE : 0)));
    for (int i = 0; i < newEnds.length; i++) {
      int end = newEnds[i];
      if (wide) {
        memory.set(RowFormat.INT, ends + i * 4L, end);
      } else {
        memory.set(
            RowFormat.SHORT,
            ends + i * 2L,
            (short) ((end & RowFormat.NARROW_DATA_MAX) | (end < 0 ? RowFormat.NARROW_REFERENCE : 0)));
      }
    }
    System.arraycopy(newData, 0, result, newDataStart, newData.length);
    return result;
  }

  /// The references a row holds.
  public static List<LargeRef> references(MemorySegment memory, long row) {
    int header = RowReader.header(memory, row);
    List<LargeRef> references = new ArrayList<>();
    if ((header & RowFormat.EXTENDED) == 0) {
      return references;
    }
    int count = memory.get(RowFormat.SHORT, row + 4) & 0xFFFF;
    long ends = RowReader.fixedStart(header, row) + (memory.get(RowFormat.SHORT, row + 2) & 0xFFFF);
    long data = ends + RowReader.endsBytes(header, count);
    for (int i = 0; i < count; i++) {
      if (RowReader.isReference(memory, header, ends, i)) {
        long reference = data + (i == 0 ? 0 : RowReader.end(memory, header, ends, i - 1));
        references.add(new LargeRef(memory.get(RowFormat.LONG, reference), memory.get(RowFormat.INT, reference + 8)));
      }
    }
    return references;
  }
}
