package io.heliosdb.nano.function;

import io.heliosdb.nano.type.PgType;
import java.util.List;

/// What is known where a function is called: resolved argument and result types (polymorphic types already replaced), collation.
///
/// @param collationOid collation that comparison inside the call uses, 0 for none, 100 default (C)
/// @param variadicCall whether the caller wrote VARIADIC (the last argument is an array as it stands)
public record CallSite(FunctionDef function, List<PgType> argumentTypes, PgType resultType, int resultTypmod, int collationOid, boolean variadicCall) {
  public CallSite {
    argumentTypes = List.copyOf(argumentTypes);
  }
}
