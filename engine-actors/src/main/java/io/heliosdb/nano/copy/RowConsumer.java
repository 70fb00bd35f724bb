package io.heliosdb.nano.copy;

import org.jspecify.annotations.Nullable;

/// Takes the rows of a [RowReader].
public interface RowConsumer {
  /// One row in the representation of each column's type, laid out as the [RowShape] says. The array is the consumer's to keep.
  void row(@Nullable Object[] values);

  /// A row was left out because of `ON_ERROR ignore`: the value `text` (null for NULL) does not fit column `column`.
  default void skipped(long line, CopyColumn column, @Nullable String text) {}
}
