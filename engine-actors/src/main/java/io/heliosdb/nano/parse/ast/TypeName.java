package io.heliosdb.nano.parse.ast;

import java.util.List;

/// A type as written: name, modifiers, array bounds.
///
/// SQL's own spellings are translated the way PostgreSQL's grammar does: `INT` → `pg_catalog.int4`, `DOUBLE PRECISION` →
/// `pg_catalog.float8`, `CHARACTER VARYING(n)` → `pg_catalog.varchar` with modifier, `CHAR` → `pg_catalog.bpchar` with modifier 1.
/// `arrayBounds` has one element per dimension, -1 where no size was written. `percentType` means `name%TYPE`, where the name's last
/// part is a column. `intervalFields` is a bit mask of `YEAR` … `SECOND`, 0 for all fields.
public record TypeName(
    QualifiedName name,
    List<Expression> modifiers,
    List<Integer> arrayBounds,
    boolean setOf,
    boolean percentType,
    int intervalFields,
    int position) {

  /// Bits of `intervalFields`; values are PostgreSQL's `INTERVAL_MASK` bits.
  public static final int YEAR = 1 << 2;
  public static final int MONTH = 1 << 1;
  public static final int DAY = 1 << 3;
  public static final int HOUR = 1 << 10;
  public static final int MINUTE = 1 << 11;
  public static final int SECOND = 1 << 12;

  public static TypeName of(QualifiedName name, int position) {
    return new TypeName(name, List.of(), List.of(), false, false, 0, position);
  }

  public static TypeName system(String name, int position) {
    return of(QualifiedName.system(name, position), position);
  }

  public boolean isArray() {
    return !arrayBounds.isEmpty();
  }

  /// The last part of the name, which is also the column name PostgreSQL gives to a cast expression.
  public String simpleName() {
    return name.name();
  }
}
