package io.heliosdb.nano.storage.row;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The numbers of the row format, shared by writer, reader and the store.
///
/// ```
/// row      := header [extension] [nulls] fixed ends data
/// header   := u16: bits 0-11 column count | 0x2000 EXTENDED | 0x4000 NULLS | 0x8000 WIDE
/// extension:= u16 bytes of fixed, u16 count of ends                   if EXTENDED
/// nulls    := one bit per column, 1 = null, lowest bit first          if NULLS
/// fixed    := the fixed-width columns in column order, packed; zeros for nulls
/// ends     := per variable column the end of its bytes in data: u16, or u32 if WIDE; top bit: the bytes are a reference
/// reference:= u64 id, u32 length
/// ```
///
/// All integers are little endian. EXTENDED is set when a value is longer than [#INLINE_BYTES_MAX] or is a reference,
/// and makes the row readable without its layout, for moving values to `large` and finding them again.
public final class RowFormat {
  /// Longer values go to `large`.
  public static final int INLINE_BYTES_MAX = 2048;

  public static final int HEADER_BYTES = 2;
  public static final int EXTENSION_BYTES = 4;
  public static final int COLUMN_COUNT_MASK = 0x0FFF;
  public static final int EXTENDED = 0x2000;
  public static final int NULLS = 0x4000;
  public static final int WIDE = 0x8000;
  static final int NARROW_DATA_MAX = 0x7FFF;
  static final int NARROW_REFERENCE = 0x8000;
  static final int WIDE_REFERENCE = 0x8000_0000;

  static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private RowFormat() {}
}
