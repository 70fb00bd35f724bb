package io.heliosdb.nano.type;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The lookups that codecs, comparison and analysis need to follow a type oid. Answers belong to one catalog snapshot.
/// [PgTypes#BUILTIN] answers for built-in types only.
public interface TypeCatalog {
  /// One attribute of a composite type; a dropped one keeps its place and is skipped by input and output.
  record CompositeField(String name, PgType type, int typmod, int collationOid, boolean dropped) {}

  /// What `pg_range` says of a range type. `discrete` ranges (int4, int8, date) are kept as `[lower,upper)`.
  record RangeInfo(PgType range, PgType subtype, PgType multirange, int collationOid, boolean discrete, String subtypeDifference) {}

  @Nullable PgType findByOid(int oid);

  /// The type of that name; with a null schema by the search path.
  @Nullable PgType find(@Nullable String schema, String name);

  default PgType byOid(int oid) {
    PgType type = findByOid(oid);
    if (type == null) {
      throw new SqlException(SqlState.UNDEFINED_OBJECT, "type with OID " + Integer.toUnsignedString(oid) + " does not exist");
    }
    return type;
  }

  /// The labels of an enum in sort order.
  List<EnumValue> enumValues(PgType enumType);

  default @Nullable EnumValue enumValue(PgType enumType, String label) {
    for (EnumValue value : enumValues(enumType)) {
      if (value.label().equals(label)) {
        return value;
      }
    }
    return null;
  }

  default @Nullable EnumValue enumValueByOid(PgType enumType, int labelOid) {
    for (EnumValue value : enumValues(enumType)) {
      if (value.labelOid() == labelOid) {
        return value;
      }
    }
    return null;
  }

  List<CompositeField> compositeFields(PgType composite);

  /// The range type's description.
  RangeInfo range(PgType range);

  /// The description of the range type whose multirange this is.
  RangeInfo rangeOfMultirange(PgType multirange);

  /// The name shown for a type outside `pg_catalog`: qualified when it is not visible by the search path, quoted where
  /// needed.
  default String displayName(PgType type) {
    return Identifiers.quoteIfNeeded(type.name());
  }

  /// Fails with 23514 or 23502 when the value breaks a constraint of the domain. Called where text or binary input builds
  /// a value that the analyzer cannot see, such as an element of an array of a domain.
  default void checkDomain(PgType domain, @Nullable Object value) {}
}
