package io.heliosdb.nano;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.TypeIo;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One row of a result. Immutable; columns by 0-based position or by name (the first of that name).
public final class Row {
  private final List<OutputColumn> columns;
  private final @Nullable Object[] values;
  private final IoContext io;

  Row(List<OutputColumn> columns, @Nullable Object[] values, IoContext io) {
    this.columns = columns;
    this.values = values;
    this.io = io;
  }

  public int size() {
    return values.length;
  }

  public boolean isNull(int column) {
    return values[column] == null;
  }

  /// The value as `target`: `Integer Long Short Double Float BigDecimal BigInteger String Boolean UUID byte[] LocalDate LocalTime LocalDateTime
  /// OffsetDateTime Instant List float[]`; null for NULL.
  ///
  /// @throws SqlException 42804 when the type has no such form, 22003 when a number does not fit
  public <T> @Nullable T get(int column, Class<T> target) {
    return JavaValues.convert(values[column], columns.get(column).type(), io, target);
  }

  public <T> @Nullable T get(String name, Class<T> target) {
    return get(index(name), target);
  }

  /// The value in its natural Java class; null for NULL.
  public @Nullable Object get(int column) {
    return JavaValues.toJava(values[column], columns.get(column).type(), io);
  }

  public @Nullable Object get(String name) {
    return get(index(name));
  }

  /// @throws SqlException 22004 for NULL
  public int getInt(int column) {
    return values[column] instanceof Integer i ? i : notNull(column, Integer.class);
  }

  public int getInt(String name) {
    return getInt(index(name));
  }

  public long getLong(int column) {
    return values[column] instanceof Long l ? l : notNull(column, Long.class);
  }

  public long getLong(String name) {
    return getLong(index(name));
  }

  public double getDouble(int column) {
    return notNull(column, Double.class);
  }

  public double getDouble(String name) {
    return getDouble(index(name));
  }

  public boolean getBoolean(int column) {
    return notNull(column, Boolean.class);
  }

  public boolean getBoolean(String name) {
    return getBoolean(index(name));
  }

  public @Nullable BigDecimal getBigDecimal(int column) {
    return get(column, BigDecimal.class);
  }

  public @Nullable BigDecimal getBigDecimal(String name) {
    return getBigDecimal(index(name));
  }

  /// The value as PostgreSQL prints it; null for NULL.
  public @Nullable String getString(int column) {
    Object value = values[column];
    return value == null ? null : value instanceof String text ? text : TypeIo.toText(columns.get(column).type(), value, io);
  }

  public @Nullable String getString(String name) {
    return getString(index(name));
  }

  private <T> T notNull(int column, Class<T> target) {
    T value = get(column, target);
    if (value == null) {
      throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "column \"" + columns.get(column).name() + "\" is NULL");
    }
    return value;
  }

  /// @throws SqlException 42703 when there is no such column
  public int index(String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new SqlException(SqlState.UNDEFINED_COLUMN, "column \"" + name + "\" does not exist in the result");
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("(");
    for (int i = 0; i < values.length; i++) {
      text.append(i > 0 ? ", " : "").append(columns.get(i).name()).append('=').append(getString(i));
    }
    return text.append(')').toString();
  }
}
