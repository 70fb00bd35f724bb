package io.heliosdb.nano.persistence.migrate.sqlite;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.persistence.migrate.BatchedRows;
import io.heliosdb.nano.persistence.migrate.RowBatch;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rows of a SQLite table in batches. Used by one thread at a time.
final class SqliteRows extends BatchedRows {
  private static final char REPLACEMENT = '\uFFFD';

  private final SqliteSource source;
  private final TableSurvey survey;
  private final Statement statement;
  private final ResultSet rows;
  private final RowBatch batch = new RowBatch();
  private long row;
  private boolean ended;

  SqliteRows(SqliteSource source, TableSurvey survey) {
    this.source = source;
    this.survey = survey;
    try {
      statement = source.statement();
      rows = statement.executeQuery(sql());
    } catch (SQLException e) {
      throw source.failed(e);
    }
  }

  private String sql() {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < survey.types().size(); i++) {
      String name = SqliteTable.quote(survey.table().column(i).name());
      // Numbers among texts and blobs become what SQLite shows.
      columns.add(
          switch (survey.types().get(i).kind()) {
            case NATURAL, BOOLEAN -> name;
            case TEXT -> survey.columns().get(i).texts() < survey.columns().get(i).values() ? "CAST(" + name + " AS TEXT)" : name;
            case BYTES -> "CASE WHEN typeof(" + name + ") IN ('integer', 'real') THEN CAST(" + name + " AS TEXT) ELSE " + name + " END";
          });
    }
    return "SELECT " + String.join(", ", columns) + " FROM " + survey.table().quotedName();
  }

  @Override
  protected @Nullable List<@Nullable Object[]> read() {
    try {
      boolean full = false;
      while (!full && !ended) {
        if (rows.next()) {
          row++;
          full = batch.add(row());
        } else {
          ended = true;
        }
      }
    } catch (SQLException e) {
      throw source.failed(e);
    }
    return batch.take();
  }

  private @Nullable Object[] row() throws SQLException {
    @Nullable Object[] values = new Object[survey.types().size()];
    for (int i = 0; i < values.length; i++) {
      Object value = rows.getObject(i + 1);
      if (value instanceof Integer number) {
        value = number.longValue();
      } else if (value instanceof String text && text.indexOf(REPLACEMENT) >= 0) {
        checkUtf8(i);
      }
      values[i] = value == null ? null : converted(value, survey.types().get(i).kind());
    }
    return values;
  }

  private static Object converted(Object value, ColumnType.Kind kind) {
    return switch (kind) {
      case NATURAL, TEXT -> value;
      case BOOLEAN -> value instanceof Long number ? number != 0 : value.toString().equals("1")
          || value.toString().equalsIgnoreCase("true");
      case BYTES -> value instanceof byte[] ? value : value.toString().getBytes(StandardCharsets.UTF_8);
    };
  }

  /// A replacement character may be what the file holds, or what the driver makes of bytes that are no UTF-8.
  private void checkUtf8(int column) throws SQLException {
    byte[] bytes = rows.getBytes(column + 1);
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
    } catch (CharacterCodingException e) {
      throw new SqlException(SqlState.CHARACTER_NOT_IN_REPERTOIRE, "invalid byte sequence for encoding \"UTF8\"")
          .withContext("SQLite table \"" + survey.table().name() + "\", row " + row + ", column \"" + survey.table().column(column).name()
              + "\"")
          .withHint("Store such values as blobs: UPDATE … SET … = CAST(… AS BLOB).");
    }
  }

  @Override
  public void close() {
    try {
      rows.close();
      statement.close();
    } catch (SQLException e) {
      throw source.failed(e);
    }
  }
}
