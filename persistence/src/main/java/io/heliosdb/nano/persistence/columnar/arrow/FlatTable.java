package io.heliosdb.nano.persistence.columnar.arrow;

import com.google.flatbuffers.Table;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A table of a FlatBuffer, read slot by slot. Offsets are not verified beforehand; what points outside the buffer throws
/// IndexOutOfBoundsException, which the reader takes for a malformed file.
final class FlatTable extends Table {
  private FlatTable(ByteBuffer buffer, int position) {
    __reset(position, buffer);
  }

  /// The root table of a buffer.
  static FlatTable root(byte[] bytes, int length) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length).slice().order(ByteOrder.LITTLE_ENDIAN);
    return new FlatTable(buffer, buffer.getInt(0));
  }

  private int at(int slot) {
    int offset = __offset(4 + 2 * slot);
    return offset == 0 ? 0 : bb_pos + offset;
  }

  byte byteAt(int slot, byte otherwise) {
    int at = at(slot);
    return at == 0 ? otherwise : bb.get(at);
  }

  short shortAt(int slot, short otherwise) {
    int at = at(slot);
    return at == 0 ? otherwise : bb.getShort(at);
  }

  int intAt(int slot, int otherwise) {
    int at = at(slot);
    return at == 0 ? otherwise : bb.getInt(at);
  }

  long longAt(int slot, long otherwise) {
    int at = at(slot);
    return at == 0 ? otherwise : bb.getLong(at);
  }

  @Nullable FlatTable table(int slot) {
    int at = at(slot);
    return at == 0 ? null : new FlatTable(bb, __indirect(at));
  }

  @Nullable String text(int slot) {
    int at = at(slot);
    if (at == 0) {
      return null;
    }
    int start = __indirect(at);
    int length = bb.getInt(start);
    if (length < 0 || length > bb.limit() - start - 4) {
      throw new IndexOutOfBoundsException();
    }
    byte[] bytes = new byte[length];
    bb.get(start + 4, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  int vectorLength(int slot) {
    int at = at(slot);
    return at == 0 ? 0 : bb.getInt(__indirect(at));
  }

  FlatTable tableIn(int slot, int index) {
    return new FlatTable(bb, __indirect(__indirect(at(slot)) + 4 + 4 * index));
  }

  /// A long within an element of a vector of structures.
  long longIn(int slot, int index, int structBytes, int offset) {
    if (index < 0 || index >= vectorLength(slot)) {
      throw new IndexOutOfBoundsException();
    }
    return bb.getLong(__indirect(at(slot)) + 4 + structBytes * index + offset);
  }
}
