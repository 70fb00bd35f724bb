package io.heliosdb.nano.persistence.columnar;

import io.heliosdb.nano.copy.CopyColumn;
import io.heliosdb.nano.copy.CopyOptions;
import io.heliosdb.nano.copy.RowBuilder;
import io.heliosdb.nano.copy.RowReader;
import io.heliosdb.nano.copy.RowShape;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgTypes;
import java.util.List;

/// What a fuzzer calls with any bytes: the first says which format, whether bad values are skipped, and how long pieces are; the rest is the data of a
/// COPY FROM. Rows or a refusal may come of it, nothing else.
public final class CopyFormatsFuzz {
  static final List<String> FORMATS = List.of("text", "csv", "binary", "json", "jsonl", "parquet", "arrow", "ipc", "sql");

  /// Columns of types with input functions of their own.
  private static final List<CopyColumn> COLUMNS = List.of(
      new CopyColumn("id", PgTypes.INT4, -1), new CopyColumn("name", PgTypes.TEXT, -1), new CopyColumn("x", PgTypes.FLOAT8, -1),
      new CopyColumn("price", PgTypes.NUMERIC, (30 << 16 | 5) + 4), new CopyColumn("flag", PgTypes.BOOL, -1), new CopyColumn("at", PgTypes.TIMESTAMP, -1),
      new CopyColumn("tags", PgTypes.BUILTIN.byOid(PgTypes.TEXT.arrayOid()), -1), new CopyColumn("doc", PgTypes.JSONB, -1));

  private CopyFormatsFuzz() {}

  /// The entry point that Jazzer looks for.
  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length > 0) {
      rows(data);
    }
  }

  /// The rows read, -1 when the data was refused; any other failure is thrown.
  static int rows(byte[] data) {
    int choice = data[0] & 0xff;
    String format = FORMATS.get(choice % FORMATS.size());
    boolean skips = choice / FORMATS.size() % 2 == 1 && List.of("text", "csv").contains(format);
    int piece = choice > 200 ? 1 : choice > 100 ? 17 : 64 * 1024;
    List<Option> given = skips
        ? List.of(text("format", format), text("on_error", "ignore"))
        : List.of(text("format", format));
    CopyOptions options = CopyOptions.of(given, true, null, "UTF8");
    int[] count = {0};
    RowBuilder rows = new RowBuilder(RowShape.of(COLUMNS), IoContext.DEFAULT, skips, values -> count[0]++);
    try (RowReader reader = options.reader(rows)) {
      for (int at = 1; at < data.length; at += piece) {
        reader.feed(data, at, Math.min(piece, data.length - at));
      }
      reader.finish();
    } catch (SqlException e) {
      rows.where();
      if (e.state().equals(SqlState.INTERNAL_ERROR)) {
        throw e;
      }
      return -1;
    }
    return count[0];
  }

  private static Option text(String name, String value) {
    return Option.of(name, new Option.StringValue(value), 0);
  }
}
