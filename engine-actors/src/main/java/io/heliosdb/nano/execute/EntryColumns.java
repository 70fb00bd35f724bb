package io.heliosdb.nano.execute;

import io.heliosdb.nano.storage.key.ColumnOrder;
import io.heliosdb.nano.storage.key.KeyReader;
import io.heliosdb.nano.type.Collations;
import io.heliosdb.nano.type.PgType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Columns of a table that an entry of one of its indexes has in itself, in the index key or in the row key, so that the row need not be read.
///
/// Only of types whose keys give the value back: equal values of the others (numerics, floats, padded text) may differ in how they are written.
/// Immutable.
public final class EntryColumns {
  private enum Form { BOOL, INT32, INT64, UUID, TEXT }

  /// @param target which of the wanted columns, -1 for none of them
  private record Step(Form form, ColumnOrder order, int target) {}

  private final Step[] ofIndexKey;
  private final Step[] ofRowKey;

  private EntryColumns(Step[] ofIndexKey, Step[] ofRowKey) {
    this.ofIndexKey = ofIndexKey;
    this.ofRowKey = ofRowKey;
  }

  /// @param columns wanted, as positions in the table's row
  /// @return null when an entry has not all of them
  public static @Nullable EntryColumns of(IndexCodec index, RowCodec row, int[] columns) {
    boolean[] found = new boolean[columns.length];
    List<Step> indexSteps = new ArrayList<>();
    for (int i = 0; i < index.keyCount(); i++) {
      Form form = form(index.type(i), index.collation(i));
      if (form == null) {
        break;
      }
      int target = index.attnum(i) == 0 ? -1 : target(columns, index.attnum(i) - 1, found);
      indexSteps.add(new Step(form, index.order(i), target));
    }
    List<Step> rowSteps = new ArrayList<>();
    for (int i = 0; row.hasPrimaryKey() && i < row.keyColumnCount(); i++) {
      Form form = form(row.keyType(i), row.keyCollation(i));
      if (form == null) {
        break;
      }
      rowSteps.add(new Step(form, ColumnOrder.ASC_NULLS_LAST, target(columns, row.keyColumn(i), found)));
    }
    for (boolean one : found) {
      if (!one) {
        return null;
      }
    }
    return new EntryColumns(upToLastTarget(indexSteps), upToLastTarget(rowSteps));
  }

  private static int target(int[] columns, int column, boolean[] found) {
    for (int i = 0; i < columns.length; i++) {
      if (columns[i] == column && !found[i]) {
        found[i] = true;
        return i;
      }
    }
    return -1;
  }

  private static Step[] upToLastTarget(List<Step> steps) {
    int count = steps.size();
    while (count > 0 && steps.get(count - 1).target() < 0) {
      count--;
    }
    return steps.subList(0, count).toArray(Step[]::new);
  }

  private static @Nullable Form form(PgType type, int collation) {
    return switch (type.family()) {
      case BOOL -> Form.BOOL;
      case INT2, INT4, DATE -> Form.INT32;
      case INT8, MONEY, TIME, TIMESTAMP, TIMESTAMPTZ, OID, REG -> Form.INT64;
      case UUID -> Form.UUID;
      case TEXT, NAME -> Collations.isBytewise(collation) ? Form.TEXT : null;
      default -> null;
    };
  }

  boolean needsIndexKey() {
    return ofIndexKey.length > 0;
  }

  boolean needsRowKey() {
    return ofRowKey.length > 0;
  }

  /// Puts the wanted columns of one entry into their vectors; a key that is not needed may be null.
  void decode(byte @Nullable [] indexKey, byte @Nullable [] rowKey, ColumnVector[] targets, int position) {
    if (ofIndexKey.length > 0) {
      decode(new KeyReader(indexKey), ofIndexKey, targets, position);
    }
    if (ofRowKey.length > 0) {
      decode(new KeyReader(rowKey), ofRowKey, targets, position);
    }
  }

  private static void decode(KeyReader key, Step[] steps, ColumnVector[] targets, int position) {
    for (Step step : steps) {
      Object value = key.isNull(step.order()) ? null : value(key, step.form());
      if (step.target() >= 0) {
        targets[step.target()].set(position, value);
      }
    }
  }

  private static Object value(KeyReader key, Form form) {
    return switch (form) {
      case BOOL -> key.getBool();
      case INT32 -> key.getInt32();
      case INT64 -> key.getInt64();
      case UUID -> key.getUuid();
      case TEXT -> key.getText();
    };
  }
}
