package io.heliosdb.nano.function.impl;

import static io.heliosdb.nano.function.impl.Forms.window;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.function.Implementation.WindowFrame;
import org.jspecify.annotations.Nullable;

/// row_number, rank and the other pure window functions. Source: PostgreSQL 15 manual, "Window Functions".
public final class WindowFunctions implements Builtins.Family {
  @Override
  public @Nullable Implementation find(String symbol, FunctionDef function) {
    return switch (symbol) {
      case "window_row_number" -> window((context, site, frame) -> frame.currentRow() + 1);
      case "window_rank" -> window((context, site, frame) -> frame.peerStart() + 1);
      case "window_dense_rank" -> window((context, site, frame) -> frame.peerGroup() + 1);
      case "window_percent_rank" -> window((context, site, frame) ->
          frame.partitionRows() <= 1 ? 0.0 : (double) frame.peerStart() / (frame.partitionRows() - 1));
      case "window_cume_dist" -> window((context, site, frame) -> (double) frame.peerEnd() / frame.partitionRows());
      case "window_ntile" -> window((context, site, frame) -> ntile(frame));
      case "window_lag" -> window((context, site, frame) -> shifted(frame, -1L, false));
      case "window_lag_with_offset", "window_lag_with_offset_and_default" -> {
        boolean withDefault = symbol.endsWith("default");
        yield window((context, site, frame) -> {
          Integer offset = (Integer) frame.argument(1, frame.currentRow());
          return offset == null ? null : shifted(frame, -(long) offset, withDefault);
        });
      }
      case "window_lead" -> window((context, site, frame) -> shifted(frame, 1L, false));
      case "window_lead_with_offset", "window_lead_with_offset_and_default" -> {
        boolean withDefault = symbol.endsWith("default");
        yield window((context, site, frame) -> {
          Integer offset = (Integer) frame.argument(1, frame.currentRow());
          return offset == null ? null : shifted(frame, (long) offset, withDefault);
        });
      }
      case "window_first_value" -> window((context, site, frame) -> valueAt(frame, frame.frameRow(0)));
      case "window_last_value" -> window((context, site, frame) -> valueAt(frame, frame.frameLastRow()));
      case "window_nth_value" -> window((context, site, frame) -> nthValue(frame));
      default -> null;
    };
  }

  private static @Nullable Object shifted(WindowFrame frame, long offset, boolean withDefault) {
    long row = frame.currentRow() + offset;
    if (row >= 0 && row < frame.partitionRows()) {
      return frame.argument(0, row);
    }
    return withDefault ? frame.argument(2, frame.currentRow()) : null;
  }

  private static @Nullable Object valueAt(WindowFrame frame, long row) {
    return row < 0 ? null : frame.argument(0, row);
  }

  private static @Nullable Object nthValue(WindowFrame frame) {
    Integer n = (Integer) frame.argument(1, frame.currentRow());
    if (n == null) {
      return null;
    }
    if (n <= 0) {
      throw new SqlException(SqlState.INVALID_ARGUMENT_FOR_NTH_VALUE, "argument of nth_value must be greater than zero");
    }
    return valueAt(frame, frame.frameRow(n - 1L));
  }

  /// Buckets differ by one row at most, the larger ones first. The argument counts as of the partition's first row.
  private static @Nullable Object ntile(WindowFrame frame) {
    Integer buckets = (Integer) frame.argument(0, 0);
    if (buckets == null) {
      return null;
    }
    if (buckets <= 0) {
      throw new SqlException(SqlState.INVALID_ARGUMENT_FOR_NTILE, "argument of ntile must be greater than zero");
    }
    long size = frame.partitionRows() / buckets;
    long larger = frame.partitionRows() % buckets;
    long row = frame.currentRow();
    if (row < larger * (size + 1)) {
      return (int) (row / (size + 1)) + 1;
    }
    return (int) (larger + (row - larger * (size + 1)) / size) + 1;
  }
}
