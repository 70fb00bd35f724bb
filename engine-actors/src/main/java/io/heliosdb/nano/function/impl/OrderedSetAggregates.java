package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.orderedSet;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.Interval;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.Values;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// percentile_cont, percentile_disc, mode (NULL inputs do not count) and the hypothetical-set rank functions (they do).
public final class OrderedSetAggregates implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "agg:mode" -> orderedSet((context, site, direct, sorted, order) -> mode(values(sorted), site));
      case "agg:percentile_disc" -> orderedSet((context, site, direct, sorted, order) -> {
        List<Object> values = values(sorted);
        return percentiles(direct[0], values, site.resultType(), p -> values.get(discreteIndex(p, values.size())));
      });
      case "agg:percentile_cont" -> orderedSet((context, site, direct, sorted, order) -> {
        List<Object> values = values(sorted);
        return percentiles(direct[0], values, site.resultType(), p -> interpolated(p, values));
      });
      case "agg:rank" -> orderedSet((context, site, direct, sorted, order) -> rowsBefore(direct, sorted, order) + 1);
      case "agg:dense_rank" -> orderedSet((context, site, direct, sorted, order) -> denseRank(direct, sorted, order));
      case "agg:percent_rank" -> orderedSet((context, site, direct, sorted, order) ->
          sorted.isEmpty() ? 0.0 : (double) rowsBefore(direct, sorted, order) / sorted.size());
      case "agg:cume_dist" -> orderedSet((context, site, direct, sorted, order) ->
          (double) (rowsUpTo(direct, sorted, order) + 1) / (sorted.size() + 1));
      default -> null;
    };
  }

  private static List<Object> values(List<@Nullable Object[]> sorted) {
    List<Object> values = new ArrayList<>(sorted.size());
    for (Object[] row : sorted) {
      if (row[0] != null) {
        values.add(row[0]);
      }
    }
    return values;
  }

  private static @Nullable Object mode(List<Object> values, CallSite site) {
    PgType type = site.argumentTypes().getLast();
    Object best = null;
    int bestCount = 0;
    int runStart = 0;
    for (int i = 0; i < values.size(); i++) {
      if (i > runStart && !Values.equal(type, values.get(i), values.get(runStart), site.collationOid())) {
        runStart = i;
      }
      if (i - runStart + 1 > bestCount) {
        bestCount = i - runStart + 1;
        best = values.get(runStart);
      }
    }
    return best;
  }

  private interface Percentile {
    Object at(double fraction);
  }

  /// One percentile, or an array of them with the shape of the array of fractions.
  private static @Nullable Object percentiles(@Nullable Object fractions, List<Object> values, PgType resultType, Percentile percentile) {
    if (fractions == null) {
      return null;
    }
    if (fractions instanceof Double fraction) {
      checkFraction(fraction);
      return values.isEmpty() ? null : percentile.at(fraction);
    }
    PgArray wanted = (PgArray) fractions;
    PgType elementType = elementType(resultType);
    if (values.isEmpty()) {
      return null;
    }
    if (wanted.isEmpty()) {
      return PgArray.empty(elementType);
    }
    @Nullable Object[] found = new Object[wanted.size()];
    for (int i = 0; i < found.length; i++) {
      Double fraction = (Double) wanted.element(i);
      if (fraction != null) {
        checkFraction(fraction);
        found[i] = percentile.at(fraction);
      }
    }
    return wanted.withElements(elementType, found);
  }

  private static PgType elementType(PgType arrayType) {
    PgType element = PgTypes.byOid(arrayType.elementOid());
    return element == null ? PgTypes.TEXT : element;
  }

  private static void checkFraction(double fraction) {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new SqlException(SqlState.NUMERIC_VALUE_OUT_OF_RANGE,
          "percentile value " + NumberText.general(fraction) + " is not between 0 and 1");
    }
  }

  private static int discreteIndex(double fraction, int count) {
    return Math.max(0, (int) Math.ceil(fraction * count) - 1);
  }

  private static Object interpolated(double fraction, List<Object> values) {
    double position = fraction * (values.size() - 1);
    int first = (int) Math.floor(position);
    int second = (int) Math.ceil(position);
    Object low = values.get(first);
    if (first == second) {
      return low;
    }
    double proportion = position - first;
    Object high = values.get(second);
    if (low instanceof Double a) {
      return a + proportion * ((Double) high - a);
    }
    Object span = Calls.binary("interval_mi", high, low);
    return Calls.binary("interval_pl", Calls.binary("interval_mul", (Interval) span, proportion), low);
  }

  private static long rowsBefore(@Nullable Object[] row, List<@Nullable Object[]> sorted, Comparator<@Nullable Object[]> order) {
    long count = 0;
    for (Object[] other : sorted) {
      if (order.compare(other, row) >= 0) {
        break;
      }
      count++;
    }
    return count;
  }

  private static long rowsUpTo(@Nullable Object[] row, List<@Nullable Object[]> sorted, Comparator<@Nullable Object[]> order) {
    long count = 0;
    for (Object[] other : sorted) {
      if (order.compare(other, row) > 0) {
        break;
      }
      count++;
    }
    return count;
  }

  private static long denseRank(@Nullable Object[] row, List<@Nullable Object[]> sorted, Comparator<@Nullable Object[]> order) {
    long rank = 1;
    Object[] previous = null;
    for (Object[] other : sorted) {
      if (order.compare(other, row) >= 0) {
        break;
      }
      if (previous == null || order.compare(previous, other) != 0) {
        rank++;
      }
      previous = other;
    }
    return rank;
  }
}
