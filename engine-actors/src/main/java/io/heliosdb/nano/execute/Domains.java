package io.heliosdb.nano.execute;

import io.heliosdb.nano.type.PgType;
import org.jspecify.annotations.Nullable;

/// Checks values against the constraints of domains outside an expression: elements of arrays, values that text input has built.
public final class Domains {
  private Domains() {}

  /// @throws io.heliosdb.nano.error.SqlException 23502 or 23514
  public static void check(PgType domain, @Nullable Object value, ExecutionContext context) {
    ConversionKernels.check(domain, value, context);
  }
}
