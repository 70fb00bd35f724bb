package io.heliosdb.nano.type;

import org.jspecify.annotations.Nullable;

/// A value of an enum type. Identity is the label's oid, so renaming a label keeps values equal; order is `sortOrder`
/// (`pg_enum.enumsortorder`), which never changes once given.
public record EnumValue(int typeOid, int labelOid, float sortOrder, String label) implements Comparable<EnumValue> {
  @Override
  public int compareTo(EnumValue other) {
    return Float.compare(sortOrder, other.sortOrder);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EnumValue value && value.labelOid == labelOid && value.typeOid == typeOid;
  }

  @Override
  public int hashCode() {
    return labelOid;
  }

  @Override
  public String toString() {
    return label;
  }
}
