package io.heliosdb.nano.function.impl;

import io.heliosdb.nano.function.BuiltinCatalog;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Calls from one built-in function to another of a different family.
public final class Calls {
  private Calls() {}

  /// The built-in function of that name and exact argument types.
  public static FunctionDef function(String name, int... argumentTypes) {
    for (FunctionDef function : BuiltinCatalog.functions(name)) {
      if (function.argumentTypes().size() == argumentTypes.length) {
        boolean same = true;
        for (int i = 0; i < argumentTypes.length; i++) {
          same &= function.argumentTypes().get(i) == argumentTypes[i];
        }
        if (same) {
          return function;
        }
      }
    }
    throw new IllegalStateException("no built-in function " + name);
  }

  /// Calls the only function of that name, which must have the [Implementation.Binary] form.
  static @Nullable Object binary(String name, Object a, Object b) {
    return ((Implementation.Binary) Builtins.implementation(BuiltinCatalog.functions(name).getFirst())).call(a, b);
  }

  /// Calls a scalar function whatever its form. Strictness is the caller's business.
  public static @Nullable Object call(FunctionDef function, CallContext context, List<PgType> argumentTypes, @Nullable Object... arguments) {
    PgType result = PgTypes.byOid(function.returnType());
    CallSite site = new CallSite(function, argumentTypes, result == null ? PgTypes.TEXT : result, -1, 0, false);
    return call(Builtins.implementation(function), context, site, arguments);
  }

  /// As above with the implementation and the call site at hand.
  public static @Nullable Object call(Implementation implementation, CallContext context, CallSite site, @Nullable Object... arguments) {
    return switch (implementation) {
      case Implementation.Nullary f -> f.call(context);
      case Implementation.Unary f -> f.call(arguments[0]);
      case Implementation.Binary f -> f.call(arguments[0], arguments[1]);
      case Implementation.Ternary f -> f.call(arguments[0], arguments[1], arguments[2]);
      case Implementation.Contextual f -> f.call(context, site, arguments);
      default -> throw new IllegalStateException("not a scalar function: " + site.function().name());
    };
  }
}
