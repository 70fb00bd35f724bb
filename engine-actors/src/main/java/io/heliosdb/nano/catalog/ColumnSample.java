package io.heliosdb.nano.catalog;

import io.heliosdb.nano.catalog.Catalog.ColumnStatistics;
import io.heliosdb.nano.type.Bytes;
import io.heliosdb.nano.type.Numeric;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeFamily;
import io.heliosdb.nano.type.Values;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What ANALYZE says of a column from a random sample of its values: NULL fraction, width, number of distinct values, most common values,
/// histogram of the others, correlation of storage order and value order. Rules as PostgreSQL's `analyze.c`; the number of distinct values is
/// estimated by Haas and Stokes, "Sampling-based estimation of the number of distinct values" (1998), estimator Duj1.
public final class ColumnSample {
  /// Wider values are counted but not compared or kept.
  private static final int WIDTH_MAX = 1024;

  private final PgType type;
  private final int collation;
  private final double tableRows;
  private final int target;

  /// @param target most common values and histogram bins to keep at most (`default_statistics_target`)
  public ColumnSample(PgType type, int collation, double tableRows, int target) {
    this.type = type;
    this.collation = collation;
    this.tableRows = tableRows;
    this.target = target;
  }

  private record Item(Object value, int position) {}

  /// A value and how often the sample has it.
  private record Common(int first, int count) {}

  /// @param values in storage order, null for NULL
  public ColumnStatistics statistics(@Nullable Object[] values) {
    int rows = values.length;
    if (rows == 0) {
      return new ColumnStatistics(0, 0, width(null), List.of(), List.of(), List.of(), 0);
    }
    List<Item> items = new ArrayList<>(rows);
    double bytes = 0;
    int present = 0;
    int tooWide = 0;
    for (int i = 0; i < rows; i++) {
      if (values[i] != null) {
        int width = width(values[i]);
        present++;
        bytes += width;
        if (width > WIDTH_MAX) {
          tooWide++;
        } else {
          items.add(new Item(values[i], items.size()));
        }
      }
    }
    double nullFraction = (rows - present) / (double) rows;
    double width = present == 0 ? width(null) : bytes / present;
    if (items.isEmpty() || !isOrdered(type)) {
      double distinct = present == 0 ? 0 : tooWide == present ? -(1 - nullFraction) : 0;
      return new ColumnStatistics(nullFraction, distinct, width, List.of(), List.of(), List.of(), 0);
    }
    return ordered(items, rows, nullFraction, width, tooWide);
  }

  private ColumnStatistics ordered(List<Item> items, int rows, double nullFraction, double width, int tooWide) {
    Item[] sorted = items.toArray(Item[]::new);
    Arrays.sort(sorted, (a, b) -> Values.compare(type, a.value(), b.value(), collation));
    List<Common> repeated = new ArrayList<>();
    int distinct = 0;
    double positions = 0;
    for (int from = 0; from < sorted.length; ) {
      int end = from + 1;
      while (end < sorted.length && Values.compare(type, sorted[from].value(), sorted[end].value(), collation) == 0) {
        end++;
      }
      distinct++;
      if (end - from > 1) {
        repeated.add(new Common(from, end - from));
      }
      from = end;
    }
    for (int i = 0; i < sorted.length; i++) {
      positions += (double) i * sorted[i].position();
    }
    double estimated = distinct(rows, distinct, repeated.size(), tooWide, nullFraction);
    List<Common> common = common(sorted, repeated, rows, distinct, tooWide, estimated, nullFraction);
    List<Object> commonValues = new ArrayList<>();
    List<Double> frequencies = new ArrayList<>();
    for (Common c : common) {
      commonValues.add(sorted[c.first()].value());
      frequencies.add(c.count() / (double) rows);
    }
    return new ColumnStatistics(nullFraction, estimated, width, commonValues, frequencies, histogram(sorted, common, distinct),
        correlation(sorted.length, positions));
  }

  /// Distinct values of the table; negative as a fraction of its rows when it seems to grow with them.
  private double distinct(int rows, int distinct, int repeated, int tooWide, double nullFraction) {
    if (repeated == 0) {
      return -(1 - nullFraction);
    }
    if (tooWide == 0 && repeated == distinct) {
      return distinct > 0.1 * tableRows ? -(distinct / tableRows) : distinct;
    }
    double once = distinct - repeated + tooWide;
    double all = once + repeated;
    double n = rows * (1 - nullFraction);
    double total = tableRows * (1 - nullFraction);
    double estimate = total <= 0 ? all : n * all / (n - once + once * n / total);
    estimate = Math.rint(Math.clamp(estimate, all, Math.max(all, total)));
    return estimate > 0.1 * tableRows ? -(estimate / tableRows) : estimate;
  }

  private List<Common> common(Item[] sorted, List<Common> repeated, int rows, int distinct, int tooWide, double estimated, double nullFraction) {
    List<Common> found = new ArrayList<>(repeated);
    if (distinct <= target && tooWide == 0 && estimated > 0) {
      // The sample has every value there is: all are kept, those met once too.
      found.clear();
      for (int from = 0; from < sorted.length; ) {
        int end = from + 1;
        while (end < sorted.length && Values.compare(type, sorted[from].value(), sorted[end].value(), collation) == 0) {
          end++;
        }
        found.add(new Common(from, end - from));
        from = end;
      }
      found.sort(Comparator.comparingInt(Common::count).reversed());
      return found;
    }
    found.sort(Comparator.comparingInt(Common::count).reversed());
    List<Common> kept = new ArrayList<>(found.subList(0, Math.min(target, found.size())));
    if (rows >= tableRows) {
      return kept;
    }
    // Values are kept while they are more frequent than the average of those left out, beyond what chance explains.
    double all = estimated < 0 ? -estimated * tableRows : estimated;
    double sum = 0;
    for (int i = 0; i < kept.size() - 1; i++) {
      sum += kept.get(i).count();
    }
    while (!kept.isEmpty()) {
      double rest = Math.clamp(1 - sum / rows - nullFraction, 0.0, 1.0);
      double others = all - (kept.size() - 1);
      rest = others > 1 ? rest / others : rest;
      double expected = tableRows * kept.getLast().count() / rows;
      double variance = rows * expected * (tableRows - expected) * (tableRows - rows) / (tableRows * tableRows * Math.max(1, tableRows - 1));
      if (kept.getLast().count() > rest * rows + 2 * Math.sqrt(Math.max(0, variance)) + 0.5) {
        break;
      }
      kept.removeLast();
      sum -= kept.isEmpty() ? 0 : kept.getLast().count();
    }
    return kept;
  }

  private List<Object> histogram(Item[] sorted, List<Common> common, int distinct) {
    int bounds = Math.min(distinct - common.size(), target + 1);
    if (bounds < 2) {
      return List.of();
    }
    boolean[] taken = new boolean[sorted.length];
    for (Common c : common) {
      Arrays.fill(taken, c.first(), c.first() + c.count(), true);
    }
    List<Object> left = new ArrayList<>();
    for (int i = 0; i < sorted.length; i++) {
      if (!taken[i]) {
        left.add(sorted[i].value());
      }
    }
    List<Object> histogram = new ArrayList<>(bounds);
    for (int i = 0; i < bounds; i++) {
      histogram.add(left.get((int) ((long) i * (left.size() - 1) / (bounds - 1))));
    }
    return histogram;
  }

  /// Pearson's coefficient of position and rank, both 0 … n-1.
  private static double correlation(int n, double products) {
    if (n < 2) {
      return 1;
    }
    double sum = n * (n - 1.0) / 2;
    double squares = n * (n - 1.0) * (2.0 * n - 1) / 6;
    return (n * products - sum * sum) / (n * squares - sum * sum);
  }

  private static boolean isOrdered(PgType type) {
    return switch (type.family()) {
      case BOOL, INT2, INT4, DATE, INT8, MONEY, TIME, TIMESTAMP, TIMESTAMPTZ, OID, REG, TID, XID8, PG_LSN, FLOAT4, FLOAT8, NUMERIC, TEXT, BPCHAR,
          NAME, CHAR, BYTEA, UUID, ENUM, INTERVAL, TIMETZ, BIT, VARBIT, INET, CIDR, MACADDR, MACADDR8 -> true;
      default -> false;
    };
  }

  private static int numericWidth(Numeric value) {
    if (value.isNaN() || value.isInfinite()) {
      return 3;
    }
    // Groups of four decimal digits on either side of the point.
    BigDecimal digits = value.toBigDecimal().stripTrailingZeros();
    int left = Math.max(0, digits.precision() - digits.scale());
    return 3 + 2 * ((left + 3) / 4 + (Math.max(0, digits.scale()) + 3) / 4);
  }

  /// Bytes that a value takes, roughly as PostgreSQL stores it.
  private int width(@Nullable Object value) {
    if (type.length() > 0) {
      return type.length();
    }
    return switch (value) {
      case null -> 0;
      case String text -> text.length() < WIDTH_MAX ? text.getBytes(StandardCharsets.UTF_8).length + 1 : text.length() + 4;
      case Bytes b -> b.unsafeArray().length + 1;
      default -> type.family() == TypeFamily.NUMERIC ? numericWidth((Numeric) value) : 32;
    };
  }
}
