package io.heliosdb.nano.type;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A row value: of a composite type, or anonymous (`record`, oid 2249). Immutable. Fields of dropped attributes are absent.
public final class PgRecord {
  private final PgType type;
  private final List<PgType> fieldTypes;
  private final @Nullable Object[] fields;
  private final List<String> fieldNames;

  private PgRecord(PgType type, List<PgType> fieldTypes, List<String> fieldNames, @Nullable Object[] fields) {
    this.type = type;
    this.fieldTypes = fieldTypes;
    this.fieldNames = fieldNames;
    this.fields = fields;
  }

  /// Takes over `fields`; names are those PostgreSQL gives to an anonymous row, f1, f2 and so on.
  public static PgRecord of(PgType type, List<PgType> fieldTypes, @Nullable Object... fields) {
    return new PgRecord(type, fieldTypes, List.of(), fields);
  }

  /// Takes over `fields`. `fieldNames` is used by the conversions to JSON and XML.
  public static PgRecord named(PgType type, List<PgType> fieldTypes, List<String> fieldNames, @Nullable Object[] fields) {
    return new PgRecord(type, fieldTypes, fieldNames, fields);
  }

  public PgType type() {
    return type;
  }

  public int size() {
    return fields.length;
  }

  public @Nullable Object field(int index) {
    return fields[index];
  }

  public PgType fieldType(int index) {
    return fieldTypes.get(index);
  }

  public List<PgType> fieldTypes() {
    return fieldTypes;
  }

  public String fieldName(int index) {
    return index < fieldNames.size() ? fieldNames.get(index) : "f" + (index + 1);
  }

  public List<String> fieldNames() {
    return fieldNames;
  }

  /// The fields, which must not be changed.
  public @Nullable Object[] fields() {
    return fields;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PgRecord r && Arrays.equals(fields, r.fields);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields);
  }

  @Override
  public String toString() {
    return Arrays.toString(fields);
  }
}
