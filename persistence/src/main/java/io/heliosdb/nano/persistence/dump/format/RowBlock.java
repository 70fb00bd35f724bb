package io.heliosdb.nano.persistence.dump.format;

/// The rows of a ROWS or DELETED payload. Immutable; reading a value out of range of [#rows] is a programmer's error, everything else was
/// checked by [#parse].
public final class RowBlock {
  private final byte[] bytes;
  private final int rows;
  private final int[] nullsAt;
  private final int[] dataAt;
  private final int[][] starts;

  private RowBlock(byte[] bytes, int rows, int columns) {
    this.bytes = bytes;
    this.rows = rows;
    nullsAt = new int[columns];
    dataAt = new int[columns];
    starts = new int[columns][];
  }

  /// @throws MalformedDumpException when lengths do not add up to the payload
  public static RowBlock parse(byte[] payload, ColumnEncoding[] encodings) throws MalformedDumpException {
    PayloadReader in = new PayloadReader(payload);
    int rows = in.count(encodings.length);
    RowBlock block = new RowBlock(payload, rows, encodings.length);
    for (int c = 0; c < encodings.length; c++) {
      int hasNulls = in.u8();
      if (hasNulls > 1) {
        throw new MalformedDumpException("a column with null flags of form " + hasNulls);
      }
      block.nullsAt[c] = hasNulls == 1 ? in.skip((rows + 7) / 8) : -1;
      int width = encodings[c].width();
      if (width > 0) {
        block.dataAt[c] = in.skip((long) rows * width);
      } else {
        block.variable(c, in);
      }
    }
    in.end();
    return block;
  }

  private void variable(int c, PayloadReader in) throws MalformedDumpException {
    int lengths = in.skip(4L * rows);
    int[] starts = new int[rows + 1];
    long total = 0;
    for (int i = 0; i < rows; i++) {
      int length = LittleEndian.getInt(bytes, lengths + 4 * i);
      total += length;
      if (length < 0 || total > in.remaining()) {
        throw new MalformedDumpException("a value of " + Integer.toUnsignedString(length) + " bytes where fewer are left");
      }
      starts[i + 1] = (int) total;
    }
    dataAt[c] = in.skip(total);
    this.starts[c] = starts;
  }

  public int rows() {
    return rows;
  }

  public boolean isNull(int column, int row) {
    return nullsAt[column] >= 0 && (bytes[nullsAt[column] + (row >> 3)] >> (row & 7) & 1) != 0;
  }

  public boolean bool(int column, int row) {
    return bytes[dataAt[column] + row] != 0;
  }

  public int int32(int column, int row) {
    return LittleEndian.getInt(bytes, dataAt[column] + 4 * row);
  }

  public long int64(int column, int row) {
    return LittleEndian.getLong(bytes, dataAt[column] + 8 * row);
  }

  public long uuidMost(int column, int row) {
    return LittleEndian.getLong(bytes, dataAt[column] + 16 * row);
  }

  public long uuidLeast(int column, int row) {
    return LittleEndian.getLong(bytes, dataAt[column] + 16 * row + 8);
  }

  /// The payload that [#start] and [#length] point into; not to be changed.
  public byte[] bytes() {
    return bytes;
  }

  public int start(int column, int row) {
    return dataAt[column] + starts[column][row];
  }

  public int length(int column, int row) {
    return starts[column][row + 1] - starts[column][row];
  }
}
