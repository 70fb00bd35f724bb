package io.heliosdb.nano.plpgsql;

import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.type.PgRecord;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeCatalog.CompositeField;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The columns of a row by name and type. Immutable; one per plan, so that equal rows share it.
record RowShape(List<CompositeField> fields, List<String> names, List<PgType> types) {
  static RowShape of(List<OutputColumn> columns) {
    List<CompositeField> fields = new ArrayList<>(columns.size());
    for (OutputColumn column : columns) {
      PgType type = column.type().oid() == PgTypes.UNKNOWN.oid() ? PgTypes.TEXT : column.type();
      fields.add(new CompositeField(column.name(), type, column.typmod(), column.collation(), false));
    }
    return ofFields(fields);
  }

  /// Of attributes, dropped ones left out.
  static RowShape ofFields(List<CompositeField> attributes) {
    List<CompositeField> fields = new ArrayList<>(attributes.size());
    List<String> names = new ArrayList<>(attributes.size());
    List<PgType> types = new ArrayList<>(attributes.size());
    for (CompositeField field : attributes) {
      if (!field.dropped()) {
        fields.add(field);
        names.add(field.name());
        types.add(field.type());
      }
    }
    return new RowShape(List.copyOf(fields), List.copyOf(names), List.copyOf(types));
  }

  /// Of a value whose type may be composite.
  static RowShape ofRecord(PgRecord record, PlHost host) {
    if (record.type().isComposite()) {
      return ofFields(host.catalog().compositeFields(record.type()));
    }
    List<CompositeField> fields = new ArrayList<>(record.size());
    for (int i = 0; i < record.size(); i++) {
      PgType type = record.fieldType(i);
      fields.add(new CompositeField(record.fieldName(i), type, -1, type.collationOid(), false));
    }
    return ofFields(fields);
  }

  int size() {
    return fields.size();
  }

  /// Takes over `values`.
  PgRecord record(PgType type, @Nullable Object[] values) {
    return PgRecord.named(type, types, names, values);
  }

  int indexOf(String name) {
    return names.indexOf(name);
  }
}
