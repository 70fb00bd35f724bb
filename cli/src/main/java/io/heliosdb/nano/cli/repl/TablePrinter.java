package io.heliosdb.nano.cli.repl;

import io.heliosdb.nano.QueryResult;
import io.heliosdb.nano.Row;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Prints rows in one of the [OutputStyle]s, or one column per line (`\x`).
final class TablePrinter {
  /// Types whose values stand at the right: numbers, oids and money.
  private static final Set<Integer> RIGHT_ALIGNED = Set.of(20, 21, 23, 26, 28, 29, 700, 701, 790, 1700, 5069);

  private final PrintWriter out;
  private OutputStyle style;
  private boolean tuplesOnly;
  private boolean expanded;
  private String nullText = "";

  TablePrinter(PrintWriter out, OutputStyle style, boolean tuplesOnly) {
    this.out = out;
    this.style = style;
    this.tuplesOnly = tuplesOnly;
  }

  OutputStyle style() {
    return style;
  }

  void style(OutputStyle value) {
    style = value;
  }

  boolean expanded() {
    return expanded;
  }

  void expanded(boolean value) {
    expanded = value;
  }

  boolean tuplesOnly() {
    return tuplesOnly;
  }

  void tuplesOnly(boolean value) {
    tuplesOnly = value;
  }

  void nullText(String value) {
    nullText = value;
  }

  /// @param footer printed after the row count on the same line, such as a time; may be empty
  void print(QueryResult result, String title, String footer) {
    List<String> names = result.columnNames();
    List<String[]> cells = new ArrayList<>(result.size());
    for (Row row : result) {
      String[] line = new String[names.size()];
      for (int i = 0; i < line.length; i++) {
        String text = row.getString(i);
        line[i] = text == null ? nullText : text;
      }
      cells.add(line);
    }
    if (!title.isEmpty() && !tuplesOnly) {
      out.println(title);
    }
    if (expanded) {
      printExpanded(names, cells);
    } else {
      switch (style) {
        case UNALIGNED -> printSeparated(names, cells, "|", false);
        case CSV -> printSeparated(names, cells, ",", true);
        case ALIGNED, BOXED -> printGrid(result, names, cells);
      }
    }
    if (!tuplesOnly && style != OutputStyle.CSV) {
      String count = "(" + cells.size() + (cells.size() == 1 ? " row)" : " rows)");
      out.println(footer.isEmpty() ? count : count + " " + footer);
      if (style == OutputStyle.ALIGNED) {
        out.println();
      }
    }
  }

  private void printSeparated(List<String> names, List<String[]> cells, String separator, boolean csv) {
    if (!tuplesOnly) {
      out.println(String.join(separator, names.stream().map(name -> csv ? quoted(name) : name).toList()));
    }
    for (String[] line : cells) {
      List<String> parts = new ArrayList<>();
      for (String cell : line) {
        parts.add(csv ? quoted(cell) : cell);
      }
      out.println(String.join(separator, parts));
    }
  }

  private static String quoted(String text) {
    return text.indexOf(',') < 0 && text.indexOf('"') < 0 && text.indexOf('\n') < 0 && text.indexOf('\r') < 0 ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  private void printGrid(QueryResult result, List<String> names, List<String[]> cells) {
    int[] widths = new int[names.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = width(names.get(i));
      for (String[] line : cells) {
        for (String part : line[i].split("\n", -1)) {
          widths[i] = Math.max(widths[i], width(part));
        }
      }
    }
    boolean boxed = style == OutputStyle.BOXED;
    String rule = rule(widths, boxed);
    if (boxed) {
      out.println(rule);
    }
    if (!tuplesOnly) {
      StringBuilder header = new StringBuilder(boxed ? "|" : "");
      for (int i = 0; i < widths.length; i++) {
        header.append(i > 0 ? "|" : "").append(' ').append(boxed ? left(names.get(i), widths[i]) : centered(names.get(i), widths[i])).append(' ');
      }
      out.println(boxed ? header.append('|') : header);
      out.println(rule);
    }
    for (String[] line : cells) {
      printLine(result, line, widths, boxed);
    }
    if (boxed) {
      out.println(rule);
    }
  }

  private void printLine(QueryResult result, String[] line, int[] widths, boolean boxed) {
    String[][] parts = new String[line.length][];
    int height = 1;
    for (int i = 0; i < line.length; i++) {
      parts[i] = line[i].split("\n", -1);
      height = Math.max(height, parts[i].length);
    }
    for (int h = 0; h < height; h++) {
      StringBuilder text = new StringBuilder(boxed ? "|" : "");
      for (int i = 0; i < line.length; i++) {
        boolean more = h + 1 < parts[i].length;
        String part = h < parts[i].length ? parts[i][h] : "";
        boolean right = RIGHT_ALIGNED.contains(result.columnTypes().get(i));
        text.append(i > 0 ? "|" : "").append(' ').append(right ? right(part, widths[i]) : left(part, widths[i])).append(more ? '+' : ' ');
      }
      String shown = boxed ? text.append('|').toString() : text.toString();
      out.println(boxed || line.length > 0 && RIGHT_ALIGNED.contains(result.columnTypes().get(line.length - 1)) ? shown.stripTrailing() : shown.stripTrailing());
    }
  }

  private static String rule(int[] widths, boolean boxed) {
    StringBuilder rule = new StringBuilder(boxed ? "+" : "");
    for (int i = 0; i < widths.length; i++) {
      rule.append(i > 0 ? "+" : "").repeat('-', widths[i] + 2);
    }
    return boxed ? rule.append('+').toString() : rule.toString();
  }

  private void printExpanded(List<String> names, List<String[]> cells) {
    int nameWidth = names.stream().mapToInt(TablePrinter::width).max().orElse(0);
    int number = 0;
    for (String[] line : cells) {
      if (!tuplesOnly) {
        out.println("-[ RECORD " + ++number + " ]" + "-".repeat(Math.max(0, nameWidth - 8)));
      }
      for (int i = 0; i < line.length; i++) {
        out.println(left(names.get(i), nameWidth) + " | " + line[i]);
      }
    }
  }

  private static String left(String text, int width) {
    return text + " ".repeat(Math.max(0, width - width(text)));
  }

  private static String right(String text, int width) {
    return " ".repeat(Math.max(0, width - width(text))) + text;
  }

  private static String centered(String text, int width) {
    int space = Math.max(0, width - width(text));
    return " ".repeat(space / 2) + text + " ".repeat(space - space / 2);
  }

  /// Terminal columns: wide East Asian characters take two, combining marks none.
  private static int width(String text) {
    int width = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      int type = Character.getType(c);
      if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
        continue;
      }
      boolean wide = c >= 0x1100 && (c <= 0x115f || c >= 0x2e80 && c <= 0xa4cf || c >= 0xac00 && c <= 0xd7a3 || c >= 0xf900 && c <= 0xfaff
          || c >= 0xfe30 && c <= 0xfe6f || c >= 0xff00 && c <= 0xff60 || c >= 0xffe0 && c <= 0xffe6 || c >= 0x1f300 && c <= 0x1f64f
          || c >= 0x1f900 && c <= 0x1f9ff || c >= 0x20000 && c <= 0x3fffd);
      width += wide ? 2 : 1;
    }
    return width;
  }
}
