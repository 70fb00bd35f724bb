package io.heliosdb.nano.execute;

import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;

/// What a built-in comparison operator accepts: bit 0 less, bit 1 equal, bit 2 greater; 0 for anything else.
public final class Comparisons {
  public static final int LESS = 1;
  public static final int EQUAL = 2;
  public static final int GREATER = 4;

  private Comparisons() {}

  public static int accepted(CallSite site) {
    return site.argumentTypes().size() == 2 && site.function().body() instanceof FunctionDef.BuiltinBody body
        ? CompareKernel.accepted(body.symbol(), site.argumentTypes().get(0), site.argumentTypes().get(1)) : 0;
  }

  /// The same with the sides exchanged.
  public static int commuted(int accepted) {
    return accepted & EQUAL | (accepted & LESS) << 2 | (accepted & GREATER) >> 2;
  }
}
