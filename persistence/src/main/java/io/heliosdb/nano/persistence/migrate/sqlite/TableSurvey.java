package io.heliosdb.nano.persistence.migrate.sqlite;

import io.heliosdb.nano.persistence.migrate.InputValues;
import io.heliosdb.nano.persistence.migrate.sqlite.ColumnType.Declared;
import io.heliosdb.nano.persistence.migrate.sqlite.ColumnType.Form;
import io.heliosdb.nano.persistence.migrate.sqlite.ColumnType.Survey;
import io.heliosdb.nano.persistence.migrate.sqlite.SqliteTable.Column;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;

/// Looks at all values of a table, since SQLite keeps values of any kind in columns of any type, and chooses the columns' types. One pass.
///
/// @param columns the survey per column
record TableSurvey(SqliteTable table, long rows, List<Survey> columns, List<ColumnType> types) {
  private static final int PROGRESS_ROWS = 10_000;

  /// @param progress told the number of rows looked at, now and then
  static TableSurvey of(SqliteSource source, SqliteTable table, LongConsumer progress) {
    List<ColumnSurvey> columns = table.columns().stream().map(ColumnSurvey::new).toList();
    String names = String.join(", ", table.columns().stream().map(column -> SqliteTable.quote(column.name())).toList());
    long rows = 0;
    try (Statement statement = source.statement(); ResultSet result = statement.executeQuery("SELECT " + names + " FROM "
        + table.quotedName())) {
      while (result.next()) {
        for (int i = 0; i < columns.size(); i++) {
          Object value = result.getObject(i + 1);
          if (value != null) {
            columns.get(i).add(value);
          }
        }
        if (++rows % PROGRESS_ROWS == 0) {
          progress.accept(PROGRESS_ROWS);
        }
      }
    } catch (SQLException e) {
      throw source.failed(e);
    }
    List<ColumnType> types = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      types.add(type(table, i, columns.get(i)));
    }
    return new TableSurvey(table, rows, columns.stream().map(ColumnSurvey::survey).toList(), types);
  }

  private static ColumnType type(SqliteTable table, int i, ColumnSurvey column) {
    ColumnType type = ColumnType.of(table.column(i), i == table.rowidColumn(), column.survey(), column.forms);
    boolean inKey = table.primaryKey().contains(i) || table.indexes().stream().anyMatch(index ->
        index.parts().stream().anyMatch(part -> table.column(i).name().equals(part.column())));
    return inKey && type.sql().equals("json") ? new ColumnType("text", ColumnType.Kind.TEXT, "json cannot be indexed") : type;
  }

  /// The values of one column so far.
  private static final class ColumnSurvey {
    private final Declared declared;

    /// Those that all values have had.
    final Set<Form> forms;
    private long integers;
    private long reals;
    private long texts;
    private long blobs;
    private long integerMin;
    private long integerMax;
    private long charsMax;
    private long withNul;

    ColumnSurvey(Column column) {
      declared = Declared.of(column);
      forms = declared.forms();
    }

    void add(Object value) {
      switch (value) {
        case Number number when !(value instanceof Double) -> integer(number.longValue());
        case Double real -> reals++;
        case byte[] bytes -> blobs++;
        default -> text(value.toString());
      }
      if (!forms.isEmpty()) {
        String text = InputValues.toText(value);
        forms.removeIf(form -> !declared.has(form, text));
      }
    }

    private void integer(long number) {
      integerMin = integers == 0 ? number : Math.min(integerMin, number);
      integerMax = integers == 0 ? number : Math.max(integerMax, number);
      integers++;
    }

    private void text(String text) {
      texts++;
      if (text.length() > charsMax) {
        charsMax = Math.max(charsMax, text.codePointCount(0, text.length()));
      }
      if (text.indexOf('\0') >= 0) {
        withNul++;
      }
    }

    Survey survey() {
      return new Survey(integers, reals, texts, blobs, integerMin, integerMax, charsMax, withNul);
    }
  }
}
