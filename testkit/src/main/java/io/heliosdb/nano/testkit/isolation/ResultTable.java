package io.heliosdb.nano.testkit.isolation;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A query result as text.
///
/// @param rows cells in text format, null for NULL
public record ResultTable(List<String> names, List<@Nullable String[]> rows) {
  /// Appends it aligned, numbers to the right, as libpq's print function with header, alignment and the separator `|`.
  void print(StringBuilder out) {
    int columns = names.size();
    boolean[] isText = new boolean[columns];
    int[] widths = new int[columns];
    for (int c = 0; c < columns; c++) {
      widths[c] = width(names.get(c));
      for (String[] row : rows) {
        String cell = row[c];
        if (cell != null && !cell.isEmpty()) {
          widths[c] = Math.max(widths[c], width(cell));
          isText[c] |= !isNumber(cell);
        }
      }
    }
    line(out, names.toArray(String[]::new), widths, isText);
    for (int c = 0; c < columns; c++) {
      out.append("-".repeat(widths[c])).append(c + 1 < columns ? "+" : "");
    }
    out.append('\n');
    for (String[] row : rows) {
      line(out, row, widths, isText);
    }
    out.append('(').append(rows.size()).append(rows.size() == 1 ? " row)" : " rows)").append("\n\n");
  }

  private static void line(StringBuilder out, @Nullable String[] cells, int[] widths, boolean[] isText) {
    for (int c = 0; c < cells.length; c++) {
      String cell = cells[c] == null ? "" : cells[c];
      String blanks = " ".repeat(widths[c] - width(cell));
      out.append(isText[c] ? cell + blanks : blanks + cell).append(c + 1 < cells.length ? "|" : "");
    }
    out.append('\n');
  }

  /// In bytes, as libpq counts.
  private static int width(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static boolean isNumber(String cell) {
    char last = 0;
    for (int i = 0; i < cell.length(); i++) {
      last = cell.charAt(i);
      if (!(last >= '0' && last <= '9' || last == '.' || last == 'E' || last == 'e' || last == ' ' || last == '-')) {
        return false;
      }
    }
    char first = cell.charAt(0);
    return first != 'E' && first != 'e' && last >= '0' && last <= '9';
  }
}
