package io.heliosdb.nano.execute;

import io.heliosdb.nano.type.PgTypes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The date that a comparison of dates with a fixed timestamp comes down to: `d < ts` is `d < date`, with the date rounded up, and so on.
/// `date '1994-01-01' + interval '1 year'` is a timestamp, so ranges of dates are written like that everywhere.
final class DateBound extends Kernel.RowIndependent {
  private static final long DAY_MICROS = 86_400_000_000L;

  /// Comparison on dates by the function on a date and a timestamp; equality has no such form.
  private static final Map<String, String> COMPARISONS =
      Map.of("date_lt_timestamp", "date_lt", "date_le_timestamp", "date_le", "date_gt_timestamp", "date_gt", "date_ge_timestamp", "date_ge");

  private final Kernel timestamp;
  private final boolean up;

  private DateBound(Kernel timestamp, boolean up) {
    super(PgTypes.DATE);
    this.timestamp = timestamp;
    this.up = up;
  }

  static @Nullable Kernel compare(String symbol, Kernel[] arguments, KernelCompiler compiler) {
    String comparison = COMPARISONS.get(symbol);
    if (comparison == null || !arguments[1].rowIndependent) {
      return null;
    }
    // d < ts and d >= ts ask for the first day not before ts, d <= ts and d > ts for the last day not after it.
    DateBound bound = new DateBound(arguments[1], comparison.equals("date_lt") || comparison.equals("date_ge"));
    bound.slot = compiler.newSlot();
    return CompareKernel.of(CompareKernel.accepted(comparison, PgTypes.DATE, PgTypes.DATE), arguments[0], bound, 0, compiler);
  }

  @Override
  @Nullable Object value(EvalState s) {
    Long micros = (Long) timestamp.eval(RowAccess.EMPTY, s);
    if (micros == null) {
      return null;
    }
    if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
      return micros == Long.MAX_VALUE ? Integer.MAX_VALUE : Integer.MIN_VALUE;
    }
    return (int) (up ? -Math.floorDiv(-micros, DAY_MICROS) : Math.floorDiv(micros, DAY_MICROS));
  }
}
