package io.heliosdb.nano.persistence.columnar.parquet;

import io.heliosdb.nano.copy.CopyColumn;
import io.heliosdb.nano.copy.RowSource;
import io.heliosdb.nano.copy.RowWriter;
import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.persistence.columnar.LittleEndianSink;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.IoContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Writes rows as a Parquet file, a row group at a time.
///
/// Memory: one row group, which ends with [#GROUP_ROWS] rows or [#GROUP_BYTES] of gathered bytes, and the footer's entries.
final class ParquetWriter implements RowWriter {
  private static final int GROUP_ROWS = 122_880;
  private static final long GROUP_BYTES = 64L << 20;
  private static final int CHECK_ROWS = 256;

  /// A finished column chunk, for the footer.
  private record Chunk(long offset, long values, long nulls, long uncompressedBytes, long bytes, byte[] least, byte[] greatest) {}

  private record Group(List<Chunk> chunks, long rows) {}

  private final List<ParquetColumnWriter> columns = new ArrayList<>();
  private final boolean zstd;
  private final List<Group> groups = new ArrayList<>();
  private long offset;
  private int groupRows;
  private long rows;

  ParquetWriter(RowSource source, boolean zstd) {
    this.zstd = zstd;
    IoContext io = RowSource.portable(source.io());
    for (CopyColumn column : source.columns()) {
      columns.add(new ParquetColumnWriter(column, io, zstd));
    }
  }

  @Override
  public void begin(ByteSink out) {
    out.put(ParquetSchema.MAGIC);
    offset = ParquetSchema.MAGIC.length;
  }

  @Override
  public void row(Batch batch, int row, ByteSink out) {
    for (int i = 0; i < columns.size(); i++) {
      columns.get(i).add(batch.column(i), row);
    }
    groupRows++;
    if (groupRows == GROUP_ROWS || groupRows % CHECK_ROWS == 0 && isLarge()) {
      finishGroup(out);
    }
  }

  private boolean isLarge() {
    long bytes = 0;
    for (ParquetColumnWriter column : columns) {
      bytes += column.bufferedBytes();
    }
    return bytes >= GROUP_BYTES;
  }

  private void finishGroup(ByteSink out) {
    if (groupRows == 0) {
      return;
    }
    List<Chunk> chunks = new ArrayList<>();
    for (ParquetColumnWriter column : columns) {
      column.finishPage();
      chunks.add(new Chunk(offset, column.chunkValues, column.chunkNulls, column.uncompressedBytes, column.chunk.size(), column.bound(false), column.bound(true)));
      out.put(column.chunk.array(), 0, column.chunk.size());
      offset += column.chunk.size();
      column.clear();
    }
    groups.add(new Group(chunks, groupRows));
    rows += groupRows;
    groupRows = 0;
  }

  @Override
  public void end(ByteSink out) {
    finishGroup(out);
    LittleEndianSink footer = new LittleEndianSink(4096);
    ThriftWriter thrift = new ThriftWriter(footer).struct();
    thrift.number(1, 2);
    schema(thrift);
    thrift.longNumber(3, rows);
    thrift.list(4, ThriftWriter.TYPE_STRUCT, groups.size());
    for (Group group : groups) {
      group(thrift, group);
    }
    thrift.text(6, "HeliosDB Nano version 4.0.0");
    thrift.list(7, ThriftWriter.TYPE_STRUCT, columns.size());
    for (int i = 0; i < columns.size(); i++) {
      // The order of minimum and maximum is the type's own.
      thrift.struct().struct(1).end().end();
    }
    thrift.end();
    int length = footer.size();
    footer.putInt(length);
    footer.put(ParquetSchema.MAGIC, 0, ParquetSchema.MAGIC.length);
    out.put(footer.array(), 0, footer.size());
  }

  private void schema(ThriftWriter thrift) {
    int elements = 1;
    for (ParquetColumnWriter column : columns) {
      elements += column.type.list() ? 3 : 1;
    }
    thrift.list(2, ThriftWriter.TYPE_STRUCT, elements);
    thrift.struct().text(4, "schema").number(5, columns.size()).end();
    for (ParquetColumnWriter column : columns) {
      if (column.type.list()) {
        thrift.struct().number(3, ParquetSchema.OPTIONAL).text(4, column.column.name()).number(5, 1).number(6, ParquetSchema.CONVERTED_LIST)
            .struct(10).struct(ParquetSchema.LOGICAL_LIST).end().end().end();
        thrift.struct().number(3, ParquetSchema.REPEATED).text(4, "list").number(5, 1).end();
        leaf(thrift, column, "element");
      } else {
        leaf(thrift, column, column.column.name());
      }
    }
  }

  private static void leaf(ThriftWriter thrift, ParquetColumnWriter column, String name) {
    int physical = column.physicalType();
    thrift.struct().number(1, physical);
    if (physical == ParquetSchema.FIXED_LEN_BYTE_ARRAY) {
      thrift.number(2, 16);
    }
    thrift.number(3, ParquetSchema.OPTIONAL).text(4, name);
    switch (column.type.kind()) {
      case BOOL, INT32, INT64, FLOAT, DOUBLE, BYTES -> { }
      case INT16 -> thrift.number(6, ParquetSchema.CONVERTED_INT_16)
          .struct(10).struct(ParquetSchema.LOGICAL_INTEGER).byteNumber(1, 16).flag(2, true).end().end();
      case DECIMAL -> thrift.number(6, ParquetSchema.CONVERTED_DECIMAL).number(7, column.type.scale()).number(8, column.type.precision())
          .struct(10).struct(ParquetSchema.LOGICAL_DECIMAL).number(1, column.type.scale()).number(2, column.type.precision()).end().end();
      case TEXT -> thrift.number(6, ParquetSchema.CONVERTED_UTF8).struct(10).struct(ParquetSchema.LOGICAL_STRING).end().end();
      case JSON -> thrift.number(6, ParquetSchema.CONVERTED_JSON).struct(10).struct(ParquetSchema.LOGICAL_JSON).end().end();
      case UUID -> thrift.struct(10).struct(ParquetSchema.LOGICAL_UUID).end().end();
      case DATE -> thrift.number(6, ParquetSchema.CONVERTED_DATE).struct(10).struct(ParquetSchema.LOGICAL_DATE).end().end();
      case TIME -> thrift.struct(10).struct(ParquetSchema.LOGICAL_TIME).flag(1, false).struct(2).struct(ParquetSchema.UNIT_MICROS).end().end().end().end();
      case TIMESTAMP, TIMESTAMPTZ -> {
        boolean utc = column.type.kind() == io.heliosdb.nano.persistence.columnar.FileType.Kind.TIMESTAMPTZ;
        thrift.struct(10).struct(ParquetSchema.LOGICAL_TIMESTAMP).flag(1, utc).struct(2).struct(ParquetSchema.UNIT_MICROS).end().end().end().end();
      }
    }
    thrift.end();
  }

  private void group(ThriftWriter thrift, Group group) {
    long uncompressed = 0;
    long compressed = 0;
    thrift.struct().list(1, ThriftWriter.TYPE_STRUCT, columns.size());
    for (int i = 0; i < columns.size(); i++) {
      ParquetColumnWriter column = columns.get(i);
      Chunk chunk = group.chunks.get(i);
      uncompressed += chunk.uncompressedBytes;
      compressed += chunk.bytes;
      thrift.struct().longNumber(2, chunk.offset).struct(3).number(1, column.physicalType());
      thrift.list(2, ThriftWriter.TYPE_I32, 2).element(ParquetSchema.ENCODING_PLAIN).element(ParquetSchema.ENCODING_RLE);
      List<String> path = column.type.list() ? List.of(column.column.name(), "list", "element") : List.of(column.column.name());
      thrift.list(3, ThriftWriter.TYPE_BINARY, path.size());
      path.forEach(part -> thrift.element(part.getBytes(StandardCharsets.UTF_8)));
      thrift.number(4, zstd ? ParquetSchema.CODEC_ZSTD : ParquetSchema.CODEC_UNCOMPRESSED);
      thrift.longNumber(5, chunk.values).longNumber(6, chunk.uncompressedBytes).longNumber(7, chunk.bytes).longNumber(9, chunk.offset);
      thrift.struct(12).longNumber(3, chunk.nulls);
      if (chunk.least != null) {
        thrift.binary(5, chunk.greatest).binary(6, chunk.least);
      }
      thrift.end().end().end();
    }
    thrift.longNumber(2, uncompressed).longNumber(3, group.rows).longNumber(6, compressed).end();
  }
}
