package io.heliosdb.nano.function;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.Implementation.Accumulator;
import io.heliosdb.nano.function.impl.Calls;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeCatalog;
import io.heliosdb.nano.type.TypeIo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs an aggregate made by CREATE AGGREGATE: its transition function for each row, its final function for the result.
///
/// With a strict transition function, rows with a NULL argument are left out, and without an initial value the first row's argument
/// becomes the state. Source: PostgreSQL 15 manual, "CREATE AGGREGATE".
public final class UserAggregate {
  /// How functions that are not built in run.
  @FunctionalInterface
  public interface Routines {
    @Nullable Implementation implementation(CallSite site);
  }

  private UserAggregate() {}

  public static Implementation implementation(FunctionDef.AggregateBody body, Routines routines) {
    if (body.aggregateKind() != 'n') {
      throw SqlException.notSupported("a user-defined ordered-set aggregate");
    }
    return (Implementation.Aggregate) (context, site) -> new State(body, routines, context, site);
  }

  /// A function ready to be called.
  private record Bound(FunctionDef function, CallSite site, Implementation implementation) {
    @Nullable Object call(CallContext context, @Nullable Object... arguments) {
      if (function.strict()) {
        for (Object argument : arguments) {
          if (argument == null) {
            return null;
          }
        }
      }
      return Calls.call(implementation, context, site, arguments);
    }
  }

  private static final class State implements Accumulator {
    private final CallContext context;
    private final Bound transition;
    private final @Nullable Bound last;
    private final int finalArguments;
    private final PgType type;
    private @Nullable Object value;
    private boolean started;

    State(FunctionDef.AggregateBody body, Routines routines, CallContext context, CallSite site) {
      this.context = context;
      TypeCatalog types = context.io().types();
      this.type = resolved(types.byOid(body.transitionType()), site.argumentTypes(), types);
      List<PgType> transitionTypes = new ArrayList<>(List.of(type));
      transitionTypes.addAll(site.argumentTypes());
      this.transition = bind(body.transitionFunction(), transitionTypes, type, site, routines);
      if (body.finalFunction() == 0) {
        this.last = null;
        this.finalArguments = 0;
      } else {
        List<PgType> finalTypes = body.finalExtra() ? transitionTypes : List.of(type);
        this.last = bind(body.finalFunction(), finalTypes, site.resultType(), site, routines);
        this.finalArguments = finalTypes.size();
      }
      String initial = body.initialValue();
      this.value = initial == null ? null : TypeIo.parse(type, -1, initial, context.io());
      this.started = initial != null;
    }

    private Bound bind(int oid, List<PgType> argumentTypes, PgType resultType, CallSite site, Routines routines) {
      FunctionDef function = context.catalog().function(oid);
      if (function == null) {
        throw new SqlException(SqlState.UNDEFINED_FUNCTION, "function with OID " + Integer.toUnsignedString(oid) + " does not exist");
      }
      CallSite own = new CallSite(function, argumentTypes, resultType, -1, site.collationOid(), site.variadicCall());
      Implementation found = function.body() instanceof FunctionDef.BuiltinBody ? Builtins.implementation(function)
          : routines.implementation(own);
      if (found == null) {
        throw SqlException.notSupported("function " + Builtins.signature(function));
      }
      return new Bound(function, own, found);
    }

    /// A polymorphic state takes its type from the first argument.
    private static PgType resolved(PgType declared, List<PgType> arguments, TypeCatalog types) {
      if (!PgTypes.isPolymorphic(declared.oid()) || arguments.isEmpty()) {
        return declared;
      }
      PgType first = arguments.getFirst();
      boolean array = declared.oid() == 2277 || declared.oid() == 5078;
      if (array == first.isArray()) {
        return first;
      }
      return array ? types.byOid(first.arrayOid()) : types.byOid(first.elementOid());
    }

    @Override
    public boolean skipsNulls() {
      return false;
    }

    @Override
    public void add(@Nullable Object[] arguments) {
      if (transition.function.strict()) {
        for (Object argument : arguments) {
          if (argument == null) {
            return;
          }
        }
        if (!started) {
          value = arguments.length == 0 ? null : arguments[0];
          started = true;
          return;
        }
        if (value == null) {
          return;
        }
      }
      @Nullable Object[] all = new Object[arguments.length + 1];
      all[0] = value;
      System.arraycopy(arguments, 0, all, 1, arguments.length);
      value = transition.call(context, all);
      started = true;
    }

    @Override
    public @Nullable Object result() {
      if (last == null) {
        return value;
      }
      @Nullable Object[] all = Arrays.copyOf(new Object[] {value}, finalArguments);
      return last.function.strict() && finalArguments > 1 ? null : last.call(context, all);
    }
  }
}
