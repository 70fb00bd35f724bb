package io.heliosdb.nano.persistence.columnar.parquet;

/// Numbers of the Parquet specification.
final class ParquetSchema {
  static final byte[] MAGIC = {'P', 'A', 'R', '1'};

  static final int BOOLEAN = 0;
  static final int INT32 = 1;
  static final int INT64 = 2;
  static final int INT96 = 3;
  static final int FLOAT = 4;
  static final int DOUBLE = 5;
  static final int BYTE_ARRAY = 6;
  static final int FIXED_LEN_BYTE_ARRAY = 7;

  static final int REQUIRED = 0;
  static final int OPTIONAL = 1;
  static final int REPEATED = 2;

  static final int ENCODING_PLAIN = 0;
  static final int ENCODING_PLAIN_DICTIONARY = 2;
  static final int ENCODING_RLE = 3;
  static final int ENCODING_DELTA_BINARY_PACKED = 5;
  static final int ENCODING_DELTA_LENGTH_BYTE_ARRAY = 6;
  static final int ENCODING_DELTA_BYTE_ARRAY = 7;
  static final int ENCODING_RLE_DICTIONARY = 8;
  static final int ENCODING_BYTE_STREAM_SPLIT = 9;

  static final int CODEC_UNCOMPRESSED = 0;
  static final int CODEC_SNAPPY = 1;
  static final int CODEC_GZIP = 2;
  static final int CODEC_BROTLI = 4;
  static final int CODEC_ZSTD = 6;
  static final int CODEC_LZ4_RAW = 7;

  static final int PAGE_DATA = 0;
  static final int PAGE_INDEX = 1;
  static final int PAGE_DICTIONARY = 2;
  static final int PAGE_DATA_V2 = 3;

  // Converted types, the older way to say what logical types say.
  static final int CONVERTED_UTF8 = 0;
  static final int CONVERTED_LIST = 3;
  static final int CONVERTED_ENUM = 4;
  static final int CONVERTED_DECIMAL = 5;
  static final int CONVERTED_DATE = 6;
  static final int CONVERTED_TIME_MILLIS = 7;
  static final int CONVERTED_TIME_MICROS = 8;
  static final int CONVERTED_TIMESTAMP_MILLIS = 9;
  static final int CONVERTED_TIMESTAMP_MICROS = 10;
  static final int CONVERTED_UINT_8 = 11;
  static final int CONVERTED_UINT_16 = 12;
  static final int CONVERTED_UINT_32 = 13;
  static final int CONVERTED_UINT_64 = 14;
  static final int CONVERTED_INT_16 = 16;
  static final int CONVERTED_JSON = 19;
  static final int CONVERTED_INTERVAL = 21;

  // Logical types: ids of the union's fields.
  static final int LOGICAL_STRING = 1;
  static final int LOGICAL_LIST = 3;
  static final int LOGICAL_ENUM = 4;
  static final int LOGICAL_DECIMAL = 5;
  static final int LOGICAL_DATE = 6;
  static final int LOGICAL_TIME = 7;
  static final int LOGICAL_TIMESTAMP = 8;
  static final int LOGICAL_INTEGER = 10;
  static final int LOGICAL_JSON = 12;
  static final int LOGICAL_UUID = 14;
  static final int LOGICAL_FLOAT16 = 15;
  static final int UNIT_MILLIS = 1;
  static final int UNIT_MICROS = 2;
  static final int UNIT_NANOS = 3;

  private ParquetSchema() {}
}
