package io.heliosdb.nano.copy;

import io.heliosdb.nano.type.IoContext;
import java.util.List;

/// What a [RowWriter] writes.
///
/// @param relation the table as it is named in SQL text, quoted where needed; for a query the name to use in its place
/// @param io the session's text forms; formats for exchange take [#portable]
public record RowSource(String relation, List<CopyColumn> columns, IoContext io) {
  public RowSource {
    columns = List.copyOf(columns);
  }

  /// The text forms that every session and every other program reads alike: ISO dates, floats with all digits, bytea in hex.
  public static IoContext portable(IoContext io) {
    return io.toBuilder()
        .dateStyle(IoContext.DateStyle.ISO, IoContext.DateOrder.YMD)
        .intervalStyle(IoContext.IntervalStyle.POSTGRES)
        .extraFloatDigits(1)
        .byteaOutput(IoContext.ByteaOutput.HEX)
        .build();
  }
}
