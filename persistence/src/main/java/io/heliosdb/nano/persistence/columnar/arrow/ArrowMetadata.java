package io.heliosdb.nano.persistence.columnar.arrow;

import static io.heliosdb.nano.persistence.columnar.arrow.ArrowFormatNumbers.*;

import com.google.flatbuffers.FlatBufferBuilder;
import io.heliosdb.nano.persistence.columnar.FileType;
import java.util.List;

/// Builds the FlatBuffers that the writer needs.
final class ArrowMetadata {
  /// Where a message stands in the file.
  record Block(long offset, int metadataBytes, long bodyBytes) {}

  private ArrowMetadata() {}

  static byte[] schemaMessage(List<ArrowColumnWriter> columns) {
    FlatBufferBuilder builder = new FlatBufferBuilder(1024);
    return message(builder, HEADER_SCHEMA, schema(builder, columns), 0);
  }

  private static byte[] message(FlatBufferBuilder builder, byte headerType, int header, long bodyBytes) {
    builder.startTable(5);
    builder.addLong(3, bodyBytes, 0);
    builder.addOffset(2, header, 0);
    builder.addShort(0, VERSION_5, 0);
    builder.addByte(1, headerType, 0);
    builder.finish(builder.endTable());
    return builder.sizedByteArray();
  }

  private static int schema(FlatBufferBuilder builder, List<ArrowColumnWriter> columns) {
    int[] fields = new int[columns.size()];
    for (int i = 0; i < fields.length; i++) {
      ArrowColumnWriter column = columns.get(i);
      if (column.elements() == null) {
        fields[i] = leaf(builder, column.name(), column.type());
      } else {
        int child = builder.createVectorOfTables(new int[] {leaf(builder, "item", column.type())});
        builder.startTable(0);
        int type = builder.endTable();
        fields[i] = field(builder, column.name(), LIST, type, child, 0);
      }
    }
    int vector = builder.createVectorOfTables(fields);
    builder.startTable(4);
    builder.addOffset(1, vector, 0);
    builder.addShort(0, (short) 0, 0);
    return builder.endTable();
  }

  private static int field(FlatBufferBuilder builder, String name, byte kind, int type, int children, int metadata) {
    int nameOffset = builder.createString(name);
    builder.startTable(7);
    builder.addOffset(0, nameOffset, 0);
    builder.addBoolean(1, true, false);
    builder.addByte(2, kind, 0);
    builder.addOffset(3, type, 0);
    builder.addOffset(5, children, 0);
    if (metadata != 0) {
      builder.addOffset(6, metadata, 0);
    }
    return builder.endTable();
  }

  private static int leaf(FlatBufferBuilder builder, String name, FileType type) {
    int metadata = switch (type.kind()) {
      case JSON -> extension(builder, "arrow.json");
      case UUID -> extension(builder, "arrow.uuid");
      default -> 0;
    };
    int zone = type.kind() == FileType.Kind.TIMESTAMPTZ ? builder.createString("UTC") : 0;
    builder.startTable(3);
    byte kind = switch (type.kind()) {
      case BOOL -> BOOL;
      case INT16 -> integer(builder, 16);
      case INT32 -> integer(builder, 32);
      case INT64 -> integer(builder, 64);
      case FLOAT -> {
        builder.addShort(0, (short) 1, 0);
        yield FLOATING_POINT;
      }
      case DOUBLE -> {
        builder.addShort(0, (short) 2, 0);
        yield FLOATING_POINT;
      }
      case DECIMAL -> {
        builder.addInt(0, type.precision(), 0);
        builder.addInt(1, type.scale(), 0);
        builder.addInt(2, 128, 128);
        yield DECIMAL;
      }
      case TEXT, JSON -> UTF8;
      case BYTES -> BINARY;
      case UUID -> {
        builder.addInt(0, 16, 0);
        yield FIXED_SIZE_BINARY;
      }
      case DATE -> {
        builder.addShort(0, (short) 0, 1);
        yield DATE;
      }
      case TIME -> {
        builder.addInt(1, 64, 32);
        builder.addShort(0, UNIT_MICRO, UNIT_MILLI);
        yield TIME;
      }
      case TIMESTAMP, TIMESTAMPTZ -> {
        builder.addShort(0, UNIT_MICRO, UNIT_SECOND);
        if (zone != 0) {
          builder.addOffset(1, zone, 0);
        }
        yield TIMESTAMP;
      }
    };
    int typeOffset = builder.endTable();
    int children = builder.createVectorOfTables(new int[0]);
    return field(builder, name, kind, typeOffset, children, metadata);
  }

  private static byte integer(FlatBufferBuilder builder, int bits) {
    builder.addInt(0, bits, 0);
    builder.addBoolean(1, true, false);
    return INT;
  }

  private static int extension(FlatBufferBuilder builder, String name) {
    int[] entries = {keyValue(builder, "ARROW:extension:name", name), keyValue(builder, "ARROW:extension:metadata", "")};
    return builder.createVectorOfTables(entries);
  }

  private static int keyValue(FlatBufferBuilder builder, String key, String value) {
    int keyOffset = builder.createString(key);
    int valueOffset = builder.createString(value);
    builder.startTable(2);
    builder.addOffset(0, keyOffset, 0);
    builder.addOffset(1, valueOffset, 0);
    return builder.endTable();
  }

  /// @param nodes length and count of NULLs of each array
  /// @param buffers offset and length of each buffer in the body
  static byte[] recordBatch(long rows, List<long[]> nodes, List<long[]> buffers, boolean zstd, long bodyBytes) {
    FlatBufferBuilder builder = new FlatBufferBuilder(1024);
    int bufferVector = pairs(builder, buffers);
    int nodeVector = pairs(builder, nodes);
    int compression = 0;
    if (zstd) {
      builder.startTable(2);
      builder.addByte(0, CODEC_ZSTD, 0);
      compression = builder.endTable();
    }
    builder.startTable(5);
    builder.addLong(0, rows, 0);
    builder.addOffset(1, nodeVector, 0);
    builder.addOffset(2, bufferVector, 0);
    if (zstd) {
      builder.addOffset(3, compression, 0);
    }
    return message(builder, HEADER_RECORD_BATCH, builder.endTable(), bodyBytes);
  }

  private static int pairs(FlatBufferBuilder builder, List<long[]> pairs) {
    builder.startVector(16, pairs.size(), 8);
    for (int i = pairs.size() - 1; i >= 0; i--) {
      builder.prep(8, 16);
      builder.putLong(pairs.get(i)[1]);
      builder.putLong(pairs.get(i)[0]);
    }
    return builder.endVector();
  }

  static byte[] footer(List<ArrowColumnWriter> columns, List<Block> blocks) {
    FlatBufferBuilder builder = new FlatBufferBuilder(1024);
    builder.startVector(24, blocks.size(), 8);
    for (int i = blocks.size() - 1; i >= 0; i--) {
      Block block = blocks.get(i);
      builder.prep(8, 24);
      builder.putLong(block.bodyBytes);
      builder.pad(4);
      builder.putInt(block.metadataBytes);
      builder.putLong(block.offset);
    }
    int batches = builder.endVector();
    builder.startVector(24, 0, 8);
    int dictionaries = builder.endVector();
    int schema = schema(builder, columns);
    builder.startTable(5);
    builder.addOffset(1, schema, 0);
    builder.addOffset(2, dictionaries, 0);
    builder.addOffset(3, batches, 0);
    builder.addShort(0, VERSION_5, 0);
    builder.finish(builder.endTable());
    return builder.sizedByteArray();
  }
}
