package io.heliosdb.nano.function;

import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.TypeCatalog.CompositeField;
import java.util.List;

/// What is known where a function is called: resolved argument and result types (polymorphic types already replaced), collation.
///
/// @param collationOid collation that comparison inside the call uses, 0 for none, 100 default (C)
/// @param variadicCall whether the caller wrote VARIADIC (the last argument is an array as it stands)
/// @param columns the column definition list of a function in FROM (`AS t(a int, b text)`), empty without one
public record CallSite(FunctionDef function, List<PgType> argumentTypes, PgType resultType, int resultTypmod, int collationOid,
    boolean variadicCall, List<CompositeField> columns) {
  public CallSite {
    argumentTypes = List.copyOf(argumentTypes);
    columns = List.copyOf(columns);
  }

  public CallSite(FunctionDef function, List<PgType> argumentTypes, PgType resultType, int resultTypmod, int collationOid,
      boolean variadicCall) {
    this(function, argumentTypes, resultType, resultTypmod, collationOid, variadicCall, List.of());
  }

  public CallSite withColumns(List<CompositeField> newColumns) {
    return new CallSite(function, argumentTypes, resultType, resultTypmod, collationOid, variadicCall, newColumns);
  }
}
