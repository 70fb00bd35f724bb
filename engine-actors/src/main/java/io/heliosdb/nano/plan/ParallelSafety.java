package io.heliosdb.nano.plan;

import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.type.PgType;
import java.util.Set;

/// Which expressions may run in threads other than the session's: those of built-in functions that are PARALLEL SAFE and that touch nothing of
/// the session but the time zone and the start of the transaction. Outer columns are those of loops inside the part that is divided: what depends on a row from
/// outside is not divided at all.
public final class ParallelSafety {
  /// Stable functions without arguments that read a moment which is fixed for the statement.
  private static final Set<String> MOMENTS = Set.of("now", "transaction_timestamp", "statement_timestamp");

  private ParallelSafety() {}

  public static boolean isSafe(Expr e) {
    boolean[] safe = {true};
    Exprs.walk(e, x -> safe[0] &= switch (x) {
      case Expr.Call c -> isSafe(c.site());
      case Expr.ArrayQuantified q -> isSafe(q.operator());
      case Expr.DistinctFrom d -> isSafe(d.equality());
      case Expr.NullIf n -> isSafe(n.equality());
      case Expr.RowCompare r -> r.columnOperators().stream().allMatch(ParallelSafety::isSafe) && r.columnEqualities().stream().allMatch(ParallelSafety::isSafe);
      case Expr.Subquery q -> false;
      case Expr.CurrentOf c -> false;
      case Expr.DomainCheck d -> false;
      case Expr.IoCast c -> false;
      case Expr.ArrayCast c -> false;
      case Expr.RowConvert r -> false;
      case Expr.Subscript s -> false;
      default -> true;
    });
    return safe[0];
  }

  private static boolean isSafe(CallSite site) {
    FunctionDef function = site.function();
    if (!(function.body() instanceof FunctionDef.BuiltinBody) || function.parallel() != 's' || function.isVolatile()) {
      return false;
    }
    return function.isImmutable() || (site.argumentTypes().isEmpty() ? MOMENTS.contains(function.name()) : site.argumentTypes().stream().allMatch(ParallelSafety::isTime));
  }

  private static boolean isTime(PgType type) {
    return switch (type.family()) {
      case DATE, TIME, TIMESTAMP, TIMESTAMPTZ, INTERVAL -> true;
      default -> false;
    };
  }
}
