package io.heliosdb.nano.persistence.columnar.arrow;

import com.github.luben.zstd.Zstd;
import io.heliosdb.nano.copy.CopyColumn;
import io.heliosdb.nano.copy.RowSource;
import io.heliosdb.nano.copy.RowWriter;
import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.persistence.columnar.LittleEndianSink;
import io.heliosdb.nano.type.ByteSink;
import io.heliosdb.nano.type.IoContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Writes rows as an Arrow IPC stream or file, a record batch at a time. Memory: one batch.
final class ArrowWriter implements RowWriter {
  static final int BATCH_ROWS = 65_536;
  private static final int BATCH_BYTES = 32 << 20;
  private static final int CHECK_ROWS = 256;
  private static final int ALIGNMENT = 8;
  private static final int ZSTD_LEVEL = 1;

  private final boolean file;
  private final boolean zstd;
  private final List<ArrowColumnWriter> columns = new ArrayList<>();
  private final List<ArrowMetadata.Block> blocks = new ArrayList<>();
  private long position;
  private int rows;

  ArrowWriter(RowSource source, boolean file, boolean zstd) {
    this.file = file;
    this.zstd = zstd;
    IoContext io = RowSource.portable(source.io());
    for (CopyColumn column : source.columns()) {
      columns.add(new ArrowColumnWriter(column, io));
    }
  }

  @Override
  public void begin(ByteSink out) {
    if (file) {
      out.put(ArrowFormatNumbers.MAGIC).put(0).put(0);
      position += ALIGNMENT;
    }
    message(out, ArrowMetadata.schemaMessage(columns));
  }

  /// Writes a message's metadata; gives their length with prefix and padding.
  private int message(ByteSink out, byte[] metadata) {
    int padded = padded(metadata.length);
    out.putInt(ArrowFormatNumbers.CONTINUATION).putInt(Integer.reverseBytes(padded)).put(metadata);
    pad(out, padded - metadata.length);
    position += ALIGNMENT + padded;
    return ALIGNMENT + padded;
  }

  private static int padded(int bytes) {
    return bytes + ALIGNMENT - 1 & -ALIGNMENT;
  }

  private static void pad(ByteSink out, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.put(0);
    }
  }

  @Override
  public void row(Batch batch, int row, ByteSink out) {
    for (int i = 0; i < columns.size(); i++) {
      columns.get(i).add(batch.column(i), row);
    }
    rows++;
    if (rows == BATCH_ROWS || rows % CHECK_ROWS == 0 && bufferedBytes() >= BATCH_BYTES) {
      finishBatch(out);
    }
  }

  private long bufferedBytes() {
    long bytes = 0;
    for (ArrowColumnWriter column : columns) {
      bytes += column.bufferedBytes();
    }
    return bytes;
  }

  private void finishBatch(ByteSink out) {
    if (rows == 0) {
      return;
    }
    List<long[]> nodes = new ArrayList<>();
    List<LittleEndianSink> sinks = new ArrayList<>();
    columns.forEach(column -> column.finish(nodes, sinks));
    List<byte[]> bodies = new ArrayList<>();
    List<long[]> buffers = new ArrayList<>();
    long bodyBytes = 0;
    for (LittleEndianSink sink : sinks) {
      byte[] stored = zstd && sink.size() > 0 ? compressed(sink) : Arrays.copyOf(sink.array(), sink.size());
      buffers.add(new long[] {bodyBytes, stored.length});
      bodies.add(stored);
      bodyBytes += padded(stored.length);
    }
    long start = position;
    int metadataBytes = message(out, ArrowMetadata.recordBatch(rows, nodes, buffers, zstd, bodyBytes));
    for (byte[] body : bodies) {
      out.put(body);
      pad(out, padded(body.length) - body.length);
    }
    position += bodyBytes;
    blocks.add(new ArrowMetadata.Block(start, metadataBytes, bodyBytes));
    columns.forEach(ArrowColumnWriter::clear);
    rows = 0;
  }

  /// The length of what is inside stands in front.
  private static byte[] compressed(LittleEndianSink sink) {
    byte[] out = new byte[Math.toIntExact(Zstd.compressBound(sink.size())) + Long.BYTES];
    long size = Zstd.compressByteArray(out, Long.BYTES, out.length - Long.BYTES, sink.array(), 0, sink.size(), ZSTD_LEVEL);
    if (Zstd.isError(size)) {
      throw new IllegalStateException(Zstd.getErrorName(size));
    }
    for (int i = 0; i < Long.BYTES; i++) {
      out[i] = (byte) ((long) sink.size() >> 8 * i);
    }
    return Arrays.copyOf(out, (int) size + Long.BYTES);
  }

  @Override
  public void end(ByteSink out) {
    finishBatch(out);
    out.putInt(ArrowFormatNumbers.CONTINUATION).putInt(0);
    if (!file) {
      return;
    }
    byte[] footer = ArrowMetadata.footer(columns, blocks);
    out.put(footer).putInt(Integer.reverseBytes(footer.length)).put(ArrowFormatNumbers.MAGIC);
  }
}
