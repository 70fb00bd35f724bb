package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.analyze.ExpressionBinder;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.BoundEvaluator;
import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.RowAccess;
import io.heliosdb.nano.type.Identifiers;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeFamily;
import org.jspecify.annotations.Nullable;

/// Converts a column's values to the type of the column on the other side of a foreign key. Immutable.
final class ColumnCast {
  /// Stands for a value that the other type cannot hold, and that therefore equals none of its values.
  static final Object NO_VALUE = new Object();

  private final PgType target;
  private final @Nullable Evaluator cast;
  private final int column;

  /// @param column 0-based column of `table`
  ColumnCast(Relation.Table table, int column, PgType target, int typmod, Catalog catalog) {
    this.target = target;
    this.column = column;
    PgType source = catalog.byOid(table.columns().get(column).typeOid());
    if (isInteger(source) && isInteger(target) || isSameForm(source, target)) {
      cast = null;
    } else {
      cast = Evaluator.compile(
          ExpressionBinder.bind(Identifiers.quote(table.columns().get(column).name()), table, ExpressionBinder.Use.OTHER, target, typmod,
              WriteTarget.binderContext(catalog)).expression());
    }
  }

  private static boolean isInteger(PgType type) {
    return type.family() == TypeFamily.INT2 || type.family() == TypeFamily.INT4 || type.family() == TypeFamily.INT8;
  }

  /// Whether equal values of both types have equal keys.
  private static boolean isSameForm(PgType source, PgType target) {
    return source.oid() == target.oid() || source.family() == target.family() && !target.isDomain() && target.family() != TypeFamily.ENUM;
  }

  /// Whether values go over one to one, so that an index on the source column can be searched for a value of the target.
  boolean isDirect() {
    return cast == null;
  }

  @Nullable Object convert(@Nullable Object value, @Nullable BoundEvaluator bound, @Nullable Object[] row) {
    if (bound != null) {
      return bound.eval(RowAccess.of(row));
    }
    return value == null ? null : direct(value);
  }

  /// A value of either integer type as the target's class.
  Object direct(Object value) {
    return switch (target.family()) {
      case INT2, INT4 -> {
        if (!(value instanceof Long number)) {
          yield value;
        }
        yield number == number.intValue() ? (Object) number.intValue() : NO_VALUE;
      }
      case INT8 -> value instanceof Integer number ? (Object) number.longValue() : value;
      default -> value;
    };
  }

  @Nullable BoundEvaluator bind(ExecutionContext context) {
    return cast == null ? null : cast.bind(context);
  }

  int column() {
    return column;
  }
}
