package io.heliosdb.nano.persistence.columnar.parquet;

import io.heliosdb.nano.copy.CopyColumn;
import io.heliosdb.nano.copy.RowBuilder;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.columnar.Conversion;
import io.heliosdb.nano.persistence.columnar.ReadBudget;
import io.heliosdb.nano.persistence.columnar.SpooledReader;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeIo;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads rows of Parquet files. Columns are found by name; columns of the file that nobody asked for are left alone.
final class ParquetReader extends SpooledReader {
  private static final int ROWS_BETWEEN_CHECKS = 1024;

  /// A column that is read.
  private static final class Input {
    final ParquetFile.Column column;
    final Conversion conversion;
    /// The type of an array's elements, null for a flat column.
    final @Nullable PgType element;
    ParquetColumnReader reader;

    Input(ParquetFile.Column column, Conversion conversion, @Nullable PgType element) {
      this.column = column;
      this.conversion = conversion;
      this.element = element;
    }
  }

  private final RowBuilder rows;
  private final ReadBudget budget = new ReadBudget();

  ParquetReader(RowBuilder rows) {
    this.rows = rows;
  }

  @Override
  public void file(Path path, ByteProgress progress) throws IOException {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      ParquetFile parquet = new ParquetFile(file);
      List<Input> inputs = inputs(parquet);
      long size = file.size();
      long number = 0;
      for (ParquetFile.Group group : parquet.groups) {
        open(file, group, inputs);
        try {
          for (long i = 0; i < group.rows(); i++) {
            row(inputs, ++number);
            if (number % ROWS_BETWEEN_CHECKS == 0) {
              progress.read((long) (size * (number / (double) Math.max(number, parquet.rows))));
            }
          }
        } finally {
          inputs.forEach(input -> input.reader.close());
        }
      }
      progress.read(size);
    } catch (EOFException | IndexOutOfBoundsException | ArithmeticException e) {
      throw Malformed.because("a page ends too early");
    }
  }

  private List<Input> inputs(ParquetFile parquet) {
    List<Input> inputs = new ArrayList<>();
    for (int i = 0; i < rows.columnCount(); i++) {
      CopyColumn target = rows.column(i);
      ParquetFile.Column column = find(parquet, target.name());
      if (column == null) {
        throw new SqlException(SqlState.BAD_COPY_FILE_FORMAT, "missing data for column \"" + target.name() + "\"")
            .withDetail("The Parquet file has the columns " + String.join(", ", parquet.columns.stream().map(c -> "\"" + c.name() + "\"").toList()) + ".");
      }
      ParquetLeaf leaf = column.leaf();
      if (leaf == null) {
        throw SqlException.notSupported("nested column \"" + column.name() + "\" of Parquet");
      }
      PgType type = target.type();
      if (leaf.list() && type.isArray()) {
        PgType element = rows.io().types().byOid(type.elementOid());
        inputs.add(new Input(column, Conversion.of(leaf.type(), leaf.scale(), new CopyColumn(target.name(), element, target.typmod()), rows.io()), element));
      } else if (leaf.list()) {
        // Goes through the text of an array of the file's type.
        PgType array = rows.io().types().byOid(leaf.type().arrayOid());
        inputs.add(new Input(column, value -> value, leaf.type()));
        Conversion parse = value -> TypeIo.parse(type, target.typmod(), TypeIo.toText(array, value, rows.io()), rows.io());
        listConversions.put(i, parse);
      } else {
        inputs.add(new Input(column, Conversion.of(leaf.type(), leaf.scale(), target, rows.io()), null));
      }
    }
    return inputs;
  }

  private final java.util.Map<Integer, Conversion> listConversions = new java.util.HashMap<>();

  private static ParquetFile.@Nullable Column find(ParquetFile parquet, String name) {
    ParquetFile.Column inOtherCase = null;
    for (ParquetFile.Column column : parquet.columns) {
      if (column.name().equals(name)) {
        return column;
      }
      if (column.name().equalsIgnoreCase(name)) {
        inOtherCase = column;
      }
    }
    return inOtherCase;
  }

  private void open(FileChannel file, ParquetFile.Group group, List<Input> inputs) {
    for (Input input : inputs) {
      input.reader = new ParquetColumnReader(file, input.column.leaf(), group.chunks().get(input.column.leafIndex()), budget);
    }
  }

  private void row(List<Input> inputs, long number) throws IOException {
    rows.begin(number, null);
    for (int i = 0; i < inputs.size(); i++) {
      Input input = inputs.get(i);
      rows.atColumn(i);
      Object value = input.reader.nextRow();
      if (value == null) {
        rows.text(i, null);
      } else if (input.element == null) {
        rows.value(i, input.conversion.convert(value));
      } else {
        Object array = array(input, (Object[]) value);
        Conversion list = listConversions.isEmpty() ? null : listConversions.get(i);
        rows.value(i, list == null ? array : list.convert(array));
      }
    }
    rows.end();
  }

  private static PgArray array(Input input, @Nullable Object[] elements) {
    if (elements.length == 0) {
      return PgArray.empty(input.element);
    }
    for (int i = 0; i < elements.length; i++) {
      if (elements[i] != null) {
        elements[i] = input.conversion.convert(elements[i]);
      }
    }
    return PgArray.of(input.element, elements);
  }
}
