package io.heliosdb.nano.persistence.columnar.parquet;

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
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeCatalog;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// COPY's format `parquet`.
public final class ParquetFormat implements CopyFormat {
  @Override
  public String name() {
    return "parquet";
  }

  @Override
  public Set<String> aliases() {
    return Set.of("pq");
  }

  @Override
  public Set<String> extensions() {
    return Set.of("parquet", "pq");
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
    return new ParquetReader(rows);
  }

  @Override
  public RowWriter writer(CopyOptions options, RowSource source) {
    String compression = options.compression() == null ? "zstd" : options.compression();
    return switch (compression) {
      case "zstd" -> new ParquetWriter(source, true);
      case "none" -> new ParquetWriter(source, false);
      default -> throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "COPY COMPRESSION \"" + compression + "\" not recognized").withHint("Parquet takes none or zstd.");
    };
  }

  /// The file's columns; those that nest deeper than a list are shown as json, which tells that they are there, not that they can be read.
  @Override
  public List<CopyColumn> columns(Path path, TypeCatalog types) throws IOException {
    List<CopyColumn> columns = new ArrayList<>();
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      for (ParquetFile.Column column : new ParquetFile(file).columns) {
        ParquetLeaf leaf = column.leaf();
        PgType type = leaf == null ? io.heliosdb.nano.type.PgTypes.JSON : leaf.list() ? types.byOid(leaf.type().arrayOid()) : leaf.type();
        columns.add(new CopyColumn(column.name(), type, -1));
      }
    } catch (EOFException | IndexOutOfBoundsException e) {
      throw Malformed.because("the footer ends too early");
    }
    return columns;
  }
}
