package io.heliosdb.nano.persistence.columnar.parquet;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.persistence.columnar.LittleEndianSink;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The metadata of a Parquet file: its columns and row groups, checked against the file's size.
final class ParquetFile {
  private static final int FOOTER_BYTES_MAX = 16 << 20;
  private static final int SCHEMA_DEPTH_MAX = 64;

  /// A top-level column.
  ///
  /// @param leaf null when the column nests deeper than a list of flat values
  /// @param leafIndex of its column chunk in each row group
  record Column(String name, @Nullable ParquetLeaf leaf, int leafIndex) {}

  record Chunk(int codec, long values, long start, long bytes) {}

  record Group(long rows, List<Chunk> chunks) {}

  final List<Column> columns = new ArrayList<>();
  final List<Group> groups = new ArrayList<>();
  final long rows;

  private final List<ThriftReader.Struct> elements;
  private int nextElement = 1;
  private int leaves;

  ParquetFile(FileChannel file) throws IOException {
    long size = file.size();
    int magic = ParquetSchema.MAGIC.length;
    if (size < 2L * magic + 4) {
      throw Malformed.because("the file is too short");
    }
    byte[] tail = read(file, size - magic - 4, magic + 4);
    if (!Arrays.equals(tail, 4, 4 + magic, ParquetSchema.MAGIC, 0, magic) || !Arrays.equals(read(file, 0, magic), ParquetSchema.MAGIC)) {
      if (new String(tail, 4, magic, java.nio.charset.StandardCharsets.ISO_8859_1).equals("PARE")) {
        throw SqlException.notSupported("an encrypted Parquet file");
      }
      throw Malformed.because("the magic number is missing");
    }
    int length = LittleEndianSink.getInt(tail, 0);
    if (length <= 0 || length > FOOTER_BYTES_MAX || length > size - 2L * magic - 4) {
      throw Malformed.because("the footer has an impossible length");
    }
    byte[] footer = read(file, size - magic - 4 - length, length);
    ThriftReader.Struct metadata = new ThriftReader(footer, 0, length).struct();
    elements = metadata.structs(2);
    rows = metadata.longNumber(3, -1);
    if (elements.isEmpty() || rows < 0) {
      throw Malformed.because("the schema is missing");
    }
    int count = elements.getFirst().number(5, 0);
    for (int i = 0; i < count; i++) {
      column();
    }
    for (ThriftReader.Struct group : metadata.structs(4)) {
      groups.add(group(group, size));
    }
  }

  static byte[] read(FileChannel file, long at, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    while (buffer.hasRemaining()) {
      if (file.read(buffer, at + buffer.position()) < 0) {
        throw new EOFException();
      }
    }
    return buffer.array();
  }

  // ---- schema ----

  private ThriftReader.Struct element() {
    if (nextElement >= elements.size()) {
      throw Malformed.because("the schema ends too early");
    }
    return elements.get(nextElement++);
  }

  private void column() {
    ThriftReader.Struct element = element();
    String name = element.text(4);
    int optional = element.number(3, ParquetSchema.REQUIRED) == ParquetSchema.OPTIONAL ? 1 : 0;
    boolean repeated = element.number(3, ParquetSchema.REQUIRED) == ParquetSchema.REPEATED;
    int children = element.number(5, 0);
    if (children == 0) {
      ParquetLeaf leaf = repeated ? ParquetLeaf.of(element, name, true, 1, 1, 0, 1) : ParquetLeaf.of(element, name, false, optional, 0, optional, optional);
      columns.add(new Column(name, leaf, leaves++));
      return;
    }
    int firstLeaf = leaves;
    int restart = nextElement;
    if (!repeated && children == 1 && isList(element)) {
      ParquetLeaf leaf = list(name, optional);
      if (leaf != null) {
        columns.add(new Column(name, leaf, leaves++));
        return;
      }
    }
    nextElement = restart;
    for (int i = 0; i < children; i++) {
      skip(0);
    }
    columns.add(new Column(name, null, firstLeaf));
  }

  private static boolean isList(ThriftReader.Struct element) {
    return element.number(6, -1) == ParquetSchema.CONVERTED_LIST || element.struct(10) != null && element.struct(10).has(ParquetSchema.LOGICAL_LIST);
  }

  /// The element of a list of flat values; null when it nests deeper. An optional list adds a level, so do the repetition and an optional element.
  private @Nullable ParquetLeaf list(String name, int optional) {
    ThriftReader.Struct repeated = element();
    if (repeated.number(3, -1) != ParquetSchema.REPEATED) {
      return null;
    }
    int present = optional + 1;
    if (repeated.number(5, 0) == 0) {
      return ParquetLeaf.of(repeated, name, true, present, 1, optional, present);
    }
    if (repeated.number(5, 0) != 1) {
      return null;
    }
    ThriftReader.Struct item = element();
    if (item.number(5, 0) != 0 || item.number(3, 0) == ParquetSchema.REPEATED) {
      return null;
    }
    int itemOptional = item.number(3, ParquetSchema.REQUIRED) == ParquetSchema.OPTIONAL ? 1 : 0;
    return ParquetLeaf.of(item, name, true, present + itemOptional, 1, optional, present);
  }

  private void skip(int depth) {
    ThriftReader.Struct element = element();
    int children = element.number(5, 0);
    if (depth > SCHEMA_DEPTH_MAX) {
      throw Malformed.because("the schema nests too deeply");
    }
    if (children == 0) {
      leaves++;
    }
    for (int i = 0; i < children; i++) {
      skip(depth + 1);
    }
  }

  // ---- row groups ----

  private Group group(ThriftReader.Struct group, long size) {
    List<Chunk> chunks = new ArrayList<>();
    for (ThriftReader.Struct chunk : group.structs(1)) {
      ThriftReader.Struct metadata = chunk.struct(3);
      if (metadata == null || chunk.has(1)) {
        throw SqlException.notSupported("a Parquet file whose column chunks lie in other files");
      }
      long data = metadata.longNumber(9, -1);
      long dictionary = metadata.longNumber(11, 0);
      long start = dictionary > 0 && dictionary < data ? dictionary : data;
      long bytes = metadata.longNumber(7, -1);
      long values = metadata.longNumber(5, -1);
      if (start < ParquetSchema.MAGIC.length || bytes < 0 || bytes > size || start > size - bytes || values < 0) {
        throw Malformed.because("a column chunk lies outside the file");
      }
      chunks.add(new Chunk(metadata.number(4, -1), values, start, bytes));
    }
    long groupRows = group.longNumber(3, -1);
    if (chunks.size() != leaves || groupRows < 0) {
      throw Malformed.because("a row group does not have a chunk for each column");
    }
    return new Group(groupRows, chunks);
  }
}
