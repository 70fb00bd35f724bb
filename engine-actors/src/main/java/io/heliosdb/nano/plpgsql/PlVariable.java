package io.heliosdb.nano.plpgsql;

import io.heliosdb.nano.parse.plpgsql.PlDeclaration;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A variable of a function: where its value stands in a frame and what it may hold. Parameter `slot + 1` in bound expressions.
final class PlVariable {
  final String name;
  final int slot;
  final PgType type;
  final int typmod;
  final int collation;
  boolean constant;
  boolean notNull;

  /// For a bound cursor: its declaration and the variables of its arguments.
  PlDeclaration.@Nullable Cursor cursor;
  List<PlVariable> cursorArguments = List.of();
  @Nullable PlScope cursorScope;
  @Nullable PlCode cursorQuery;

  PlVariable(String name, int slot, PgType type, int typmod, int collation) {
    this.name = name;
    this.slot = slot;
    this.type = type;
    this.typmod = typmod;
    this.collation = collation;
  }

  /// Whether its fields are only known when it has a value.
  boolean isRecord() {
    return type.oid() == PgTypes.RECORD.oid();
  }

  boolean isComposite() {
    return type.ultimateBase().isComposite();
  }

  boolean hasFields() {
    return isRecord() || isComposite();
  }
}
