package io.heliosdb.nano.execute;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.function.Builtins;
import io.heliosdb.nano.function.CallContext;
import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.FunctionDef;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.type.Bytes;
import io.heliosdb.nano.type.PgArray;
import org.jspecify.annotations.Nullable;

/// Any function on boxed values: built-in, or user-defined through [ExecutionServices#routine]. Over batches its arguments are
/// evaluated as vectors, the function row by row.
final class FunctionKernel extends Kernel {
  private static final long WIDE_BYTES_MIN = 16 << 10;

  private final CallSite site;
  private final Kernel[] arguments;
  private final boolean strict;

  FunctionKernel(CallSite site, Kernel[] arguments) {
    super(site.resultType());
    this.site = site;
    this.arguments = arguments;
    strict = site.function().strict();
  }

  static Implementation implementation(CallSite site, ExecutionContext context) {
    FunctionDef function = site.function();
    Implementation found = function.body() instanceof FunctionDef.BuiltinBody ? Builtins.find(function) : context.services().routine(site);
    if (found == null) {
      throw SqlException.notSupported("function " + Builtins.signature(function));
    }
    return found;
  }

  private Implementation implementation(EvalState s) {
    Implementation found = (Implementation) s.slot(slot + 1);
    if (found == null) {
      found = implementation(site, s.context);
      s.setSlot(slot + 1, found);
    }
    return found;
  }

  @Override
  @Nullable Object eval(RowAccess row, EvalState s) {
    Object[] values = new Object[arguments.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = arguments[i].eval(row, s);
      if (strict && values[i] == null) {
        return null;
      }
    }
    Object result = call(implementation(s), values, s);
    long bytes = wideBytes(result);
    if (bytes > 0) {
      s.context.holdWide(bytes);
    }
    return result;
  }

  /// The size of a value that is large for one, else 0.
  private static long wideBytes(@Nullable Object value) {
    long bytes = switch (value) {
      case String text -> text.length();
      case Bytes raw -> raw.length();
      case PgArray array -> 20L * array.elements().length;
      case null, default -> 0;
    };
    return bytes < WIDE_BYTES_MIN ? 0 : bytes;
  }

  private @Nullable Object call(Implementation implementation, @Nullable Object[] values, EvalState s) {
    return call(implementation, site, values, s.context.call());
  }

  static @Nullable Object call(Implementation implementation, CallSite site, @Nullable Object[] values, CallContext context) {
    return switch (implementation) {
      case Implementation.Unary f -> f.call(values[0]);
      case Implementation.Binary f -> f.call(values[0], values[1]);
      case Implementation.Ternary f -> f.call(values[0], values[1], values[2]);
      case Implementation.Nullary f -> f.call(context);
      case Implementation.Contextual f -> f.call(context, site, values);
      case Implementation.SetReturning f -> {
        Object first = f.open(context, site, values).next();
        yield first == Implementation.RowSource.END ? null : first;
      }
      default -> throw new IllegalStateException("function " + site.function().name() + " is not a plain function");
    };
  }

  @Override
  ColumnVector eval(Batch batch, int @Nullable [] rows, int count, EvalState s) {
    ColumnVector[] vectors = new ColumnVector[arguments.length];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = arguments[i].eval(batch, rows, count, s);
    }
    Implementation implementation = implementation(s);
    ColumnVector out = output(batch, rows, count, s);
    Object[] values = new Object[arguments.length];
    long wide = 0;
    next:
    for (int i = 0; i < count; i++) {
      int r = rows == null ? i : rows[i];
      for (int a = 0; a < values.length; a++) {
        values[a] = vectors[a].get(r);
        if (strict && values[a] == null) {
          out.setNull(r);
          continue next;
        }
      }
      Object result = call(implementation, values, s);
      out.set(r, result);
      long bytes = wideBytes(result);
      if (bytes > 0) {
        wide += bytes;
        s.context.holdWide(wide);
      }
    }
    return out;
  }

  static LogicKernels.Equality equality(CallSite site) {
    return new LogicKernels.Equality() {
      private final int accepts = site.function().body() instanceof FunctionDef.BuiltinBody body
          ? CompareKernel.accepted(body.symbol(), site.argumentTypes().get(0), site.argumentTypes().get(1)) : 0;

      @Override
      public boolean test(Object a, Object b, EvalState s) {
        if (accepts == 2 && a.getClass() == b.getClass()) {
          return io.heliosdb.nano.type.Values.equal(site.argumentTypes().get(0), a, b, site.collationOid());
        }
        return Boolean.TRUE.equals(call(implementation(site, s.context), site, new Object[] {a, b}, s.context.call()));
      }
    };
  }
}
