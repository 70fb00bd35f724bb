package io.heliosdb.nano.persistence.migrate.sqlite;

import io.heliosdb.nano.persistence.migrate.sqlite.ColumnType.Survey;
import io.heliosdb.nano.persistence.migrate.sqlite.SqliteTable.Column;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Looks at all values of a table, since SQLite keeps values of any kind in columns of any type, and chooses the columns' types.
///
/// @param columns the survey per column
record TableSurvey(SqliteTable table, long rows, List<Survey> columns, List<ColumnType> types) {
  /// SQLite takes up to 2,000 result columns.
  private static final int COLUMNS_AT_ONCE = 100;

  static TableSurvey of(SqliteSource source, SqliteTable table) {
    long rows = source.query("SELECT count(*) FROM " + table.quotedName(), row -> row.getLong(1)).getFirst();
    List<Survey> surveys = new ArrayList<>();
    for (int from = 0; from < table.columns().size(); from += COLUMNS_AT_ONCE) {
      List<Column> some = table.columns().subList(from, Math.min(table.columns().size(), from + COLUMNS_AT_ONCE));
      surveys.addAll(source.query(surveySql(table, some), row -> surveys(row, some.size())).getFirst());
    }
    List<ColumnType> types = new ArrayList<>();
    for (int i = 0; i < surveys.size(); i++) {
      String column = SqliteTable.quote(table.column(i).name());
      String values = "SELECT CAST(" + column + " AS TEXT) FROM " + table.quotedName() + " WHERE " + column + " IS NOT NULL";
      String noJson = "SELECT 1 FROM " + table.quotedName() + " WHERE " + column + " IS NOT NULL AND NOT json_valid(CAST(" + column + " AS TEXT)) LIMIT 1";
      types.add(type(source, table, i, surveys.get(i), values, noJson));
    }
    return new TableSurvey(table, rows, surveys, types);
  }

  private static ColumnType type(SqliteSource source, SqliteTable table, int i, Survey survey, String values, String noJson) {
    Predicate<String> isJson = text -> true;
    ColumnType type =
        ColumnType.of(
            table.column(i), i == table.rowidColumn(), survey, test -> test == isJson ? source.query(noJson, row -> 1).isEmpty() : all(source, values, test), isJson);
    boolean inKey = table.primaryKey().contains(i) || table.indexes().stream().anyMatch(index -> index.parts().stream().anyMatch(part -> table.column(i).name().equals(part.column())));
    return inKey && type.sql().equals("json") ? new ColumnType("text", ColumnType.Kind.TEXT, "json cannot be indexed") : type;
  }

  private static boolean all(SqliteSource source, String sql, Predicate<String> test) {
    try (Statement statement = source.statement(); ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        if (!test.test(rows.getString(1))) {
          return false;
        }
      }
      return true;
    } catch (SQLException e) {
      throw source.failed(e);
    }
  }

  private static String surveySql(SqliteTable table, List<Column> columns) {
    StringBuilder sql = new StringBuilder("SELECT ");
    for (int i = 0; i < columns.size(); i++) {
      String name = SqliteTable.quote(columns.get(i).name());
      String type = "typeof(" + name + ")";
      sql.append(i == 0 ? "" : ", ")
          .append("total(" + type + " = 'integer'), total(" + type + " = 'real'), total(" + type + " = 'text'), total(" + type + " = 'blob'), ")
          .append("min(CASE WHEN " + type + " = 'integer' THEN " + name + " END), max(CASE WHEN " + type + " = 'integer' THEN " + name + " END), ")
          .append("max(CASE WHEN " + type + " = 'text' THEN length(" + name + ") END), total(" + type + " = 'text' AND instr(" + name + ", char(0)) > 0)");
    }
    return sql.append(" FROM ").append(table.quotedName()).toString();
  }

  private static List<Survey> surveys(ResultSet row, int count) throws SQLException {
    List<Survey> result = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int at = i * 8;
      result.add(
          new Survey((long) row.getDouble(at + 1), (long) row.getDouble(at + 2), (long) row.getDouble(at + 3), (long) row.getDouble(at + 4), row.getLong(at + 5), row.getLong(at + 6),
              row.getLong(at + 7), (long) row.getDouble(at + 8)));
    }
    return result;
  }
}
