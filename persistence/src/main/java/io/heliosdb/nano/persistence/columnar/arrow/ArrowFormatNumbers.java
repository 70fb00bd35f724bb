package io.heliosdb.nano.persistence.columnar.arrow;

/// Numbers of Arrow's metadata: `Type` and `MessageHeader` of `Schema.fbs` and `Message.fbs`, and the slots of their tables.
final class ArrowFormatNumbers {
  static final byte[] MAGIC = {'A', 'R', 'R', 'O', 'W', '1'};
  static final int CONTINUATION = -1;
  static final short VERSION_5 = 4;

  static final byte HEADER_SCHEMA = 1;
  static final byte HEADER_DICTIONARY = 2;
  static final byte HEADER_RECORD_BATCH = 3;

  static final byte NULL = 1;
  static final byte INT = 2;
  static final byte FLOATING_POINT = 3;
  static final byte BINARY = 4;
  static final byte UTF8 = 5;
  static final byte BOOL = 6;
  static final byte DECIMAL = 7;
  static final byte DATE = 8;
  static final byte TIME = 9;
  static final byte TIMESTAMP = 10;
  static final byte INTERVAL = 11;
  static final byte LIST = 12;
  static final byte STRUCT = 13;
  static final byte UNION = 14;
  static final byte FIXED_SIZE_BINARY = 15;
  static final byte FIXED_SIZE_LIST = 16;
  static final byte MAP = 17;
  static final byte DURATION = 18;
  static final byte LARGE_BINARY = 19;
  static final byte LARGE_UTF8 = 20;
  static final byte LARGE_LIST = 21;
  static final byte RUN_END_ENCODED = 22;
  static final byte BINARY_VIEW = 23;
  static final byte UTF8_VIEW = 24;

  static final short UNIT_SECOND = 0;
  static final short UNIT_MILLI = 1;
  static final short UNIT_MICRO = 2;
  static final short UNIT_NANO = 3;

  static final byte CODEC_LZ4_FRAME = 0;
  static final byte CODEC_ZSTD = 1;

  private ArrowFormatNumbers() {}
}
