package io.heliosdb.nano.persistence.columnar.arrow;

import io.heliosdb.nano.copy.CopyColumn;
import io.heliosdb.nano.copy.CopyFormat;
import io.heliosdb.nano.copy.CopyOption;
import io.heliosdb.nano.copy.CopyOptions;
import io.heliosdb.nano.copy.RowBuilder;
import io.heliosdb.nano.copy.RowReader;
import io.heliosdb.nano.copy.RowSource;
import io.heliosdb.nano.copy.RowWriter;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.columnar.LittleEndianSink;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeCatalog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// COPY's formats `arrow` (the file format, which is Feather's version 2) and `ipc` (the stream). Either reads both.
public abstract class ArrowFormat implements CopyFormat {
  private static final int HEAD_BYTES = 8;
  private static final int METADATA_BYTES_MAX = 16 << 20;

  private final boolean file;

  private ArrowFormat(boolean file) {
    this.file = file;
  }

  /// The file format.
  public static final class OfFile extends ArrowFormat {
    public OfFile() {
      super(true);
    }

    @Override
    public String name() {
      return "arrow";
    }

    @Override
    public Set<String> aliases() {
      return Set.of("feather");
    }

    @Override
    public Set<String> extensions() {
      return Set.of("arrow", "feather");
    }
  }

  /// The stream format.
  public static final class OfStream extends ArrowFormat {
    public OfStream() {
      super(false);
    }

    @Override
    public String name() {
      return "ipc";
    }

    @Override
    public Set<String> extensions() {
      return Set.of("ipc", "arrows");
    }
  }

  @Override
  public boolean binary() {
    return true;
  }

  @Override
  public Set<CopyOption> options() {
    return Set.of(CopyOption.COMPRESSION);
  }

  @Override
  public RowReader reader(CopyOptions options, RowBuilder rows) {
    if (options.compression() != null) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "COPY COMPRESSION cannot be used with COPY FROM");
    }
    return new ArrowReader(rows);
  }

  @Override
  public RowWriter writer(CopyOptions options, RowSource source) {
    String compression = options.compression() == null ? "none" : options.compression();
    return switch (compression) {
      case "zstd" -> new ArrowWriter(source, file, true);
      case "none" -> new ArrowWriter(source, file, false);
      default -> throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "COPY COMPRESSION \"" + compression + "\" not recognized").withHint("Arrow takes none or zstd.");
    };
  }

  /// The file's columns; those that nest deeper than a list are shown as json, which tells that they are there, not that they can be read.
  @Override
  public List<CopyColumn> columns(Path path, TypeCatalog types) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] head = in.readNBytes(HEAD_BYTES);
      if (head.length == HEAD_BYTES && Arrays.equals(head, 0, ArrowFormatNumbers.MAGIC.length, ArrowFormatNumbers.MAGIC, 0, ArrowFormatNumbers.MAGIC.length)) {
        head = in.readNBytes(HEAD_BYTES);
      }
      int length = head.length < HEAD_BYTES ? -1 : LittleEndianSink.getInt(head, 4);
      if (length <= 0 || length > METADATA_BYTES_MAX || LittleEndianSink.getInt(head, 0) != ArrowFormatNumbers.CONTINUATION) {
        throw ArrowField.malformed("the schema is missing");
      }
      byte[] metadata = in.readNBytes(length);
      FlatTable message = FlatTable.root(metadata, metadata.length);
      FlatTable schema = message.table(2);
      if (schema == null || message.byteAt(1, (byte) 0) != ArrowFormatNumbers.HEADER_SCHEMA) {
        throw ArrowField.malformed("the schema is missing");
      }
      List<CopyColumn> columns = new ArrayList<>();
      for (ArrowField field : ArrowField.ofSchema(schema)) {
        PgType type = field.type();
        columns.add(new CopyColumn(field.name(), type == null ? PgTypes.JSON : field.isList() ? types.byOid(type.arrayOid()) : type, -1));
      }
      return columns;
    } catch (IndexOutOfBoundsException e) {
      throw ArrowField.malformed("an offset points outside its message");
    }
  }
}
