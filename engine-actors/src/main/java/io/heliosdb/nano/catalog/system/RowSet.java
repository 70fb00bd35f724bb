package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.type.PgArray;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Collects the rows of one system relation; columns are set by name, those not set are NULL. Confined to its caller.
final class RowSet {
  private final Map<String, Integer> positions = new HashMap<>();
  private final Relation.SystemRelation relation;
  private final int width;
  private final List<@Nullable Object[]> rows = new ArrayList<>();
  private @Nullable Object[] current = new Object[0];

  RowSet(Relation.SystemRelation relation) {
    this.relation = relation;
    for (Relation.Column column : relation.columns()) {
      positions.put(column.name(), column.attnum() - 1);
    }
    width = relation.columns().size();
  }

  /// Appends the rows of a fact table whose columns are named like the relation's.
  void facts(io.heliosdb.nano.function.FactTable table) {
    List<String> names = table.columns();
    for (io.heliosdb.nano.function.FactTable.Row fact : table.rows()) {
      row();
      for (int i = 0; i < names.size(); i++) {
        Integer position = positions.get(names.get(i));
        String text = fact.get(i);
        if (position != null && text != null) {
          current[position] = value(relation.columns().get(position).typeOid(), text);
        }
      }
    }
  }

  private static @Nullable Object value(int typeOid, String text) {
    return switch (PgTypes.BUILTIN.byOid(typeOid).family()) {
      case BOOL -> text.equals("t") || text.equals("true");
      case INT2, INT4 -> Integer.valueOf(text);
      case OID, REG -> Character.isDigit(text.charAt(0)) ? (Object) Long.valueOf(text) : (Object) 0L;
      case INT8 -> Long.valueOf(text);
      case FLOAT4 -> Float.valueOf(text);
      case TEXT, NAME, CHAR -> text;
      default -> null;
    };
  }

  /// Begins the next row.
  RowSet row() {
    current = new Object[width];
    rows.add(current);
    return this;
  }

  RowSet set(String column, @Nullable Object value) {
    Integer position = positions.get(column);
    if (position == null) {
      throw new IllegalArgumentException("no column " + column);
    }
    current[position] = value;
    return this;
  }

  RowSet oid(String column, int oid) {
    return set(column, Integer.toUnsignedLong(oid));
  }

  RowSet letter(String column, char letter) {
    return set(column, letter == 0 ? "" : String.valueOf(letter));
  }

  RowSet yesNo(String column, boolean value) {
    return set(column, value ? "YES" : "NO");
  }

  List<@Nullable Object[]> rows() {
    return rows;
  }

  static PgArray int2Vector(List<Integer> values) {
    return vector(PgTypes.INT2, values.toArray());
  }

  static PgArray oidVector(List<Integer> oids) {
    return vector(PgTypes.OID, oids.stream().map(Integer::toUnsignedLong).toArray());
  }

  private static PgArray vector(PgType element, Object[] values) {
    return PgArray.of(element, new int[] {values.length}, new int[] {0}, values);
  }

  static PgArray array(PgType element, List<?> values) {
    return values.isEmpty() ? PgArray.empty(element) : PgArray.of(element, values.toArray());
  }

  static PgArray oids(List<Integer> oids) {
    return array(PgTypes.OID, oids.stream().map(Integer::toUnsignedLong).toList());
  }

  static @Nullable PgArray options(Map<String, String> options) {
    return options.isEmpty() ? null : array(PgTypes.TEXT, options.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
  }
}
