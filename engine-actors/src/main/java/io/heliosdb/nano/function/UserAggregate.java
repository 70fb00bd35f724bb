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
    if (body.movingTransitionType() == 0) {
      return (Implementation.Aggregate) (context, site) -> new State(Functions.plain(body), routines, context, site);
    }
    return new Implementation.MovingAggregate() {
      @Override
      public Accumulator create(CallContext context, CallSite site) {
        return new State(Functions.plain(body), routines, context, site);
      }

      @Override
      public Accumulator createMoving(CallContext context, CallSite site) {
        return new State(Functions.moving(body), routines, context, site);
      }
    };
  }

  /// The functions and the state's type of plain aggregation, or of moving aggregation.
  private record Functions(int transition, int inverse, int last, boolean lastExtra, int type, @Nullable String initial) {
    static Functions plain(FunctionDef.AggregateBody body) {
      return new Functions(body.transitionFunction(), 0, body.finalFunction(), body.finalExtra(), body.transitionType(), body.initialValue());
    }

    static Functions moving(FunctionDef.AggregateBody body) {
      return new Functions(body.movingTransitionFunction(), body.movingInverseFunction(), body.movingFinalFunction(), false,
          body.movingTransitionType(), body.movingInitialValue());
    }
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
    private final @Nullable Bound inverse;
    private final @Nullable Object initial;
    private final boolean hasInitial;
    private final @Nullable Bound last;
    private final int finalArguments;
    private final PgType type;
    private @Nullable Object value;
    private boolean started;
    /// Rows in the state; the last one is taken back by starting over.
    private long count;

    State(Functions body, Routines routines, CallContext context, CallSite site) {
      this.context = context;
      TypeCatalog types = context.io().types();
      this.type = resolved(types.byOid(body.type()), site.argumentTypes(), types);
      List<PgType> transitionTypes = new ArrayList<>(List.of(type));
      transitionTypes.addAll(site.argumentTypes());
      this.transition = bind(body.transition(), transitionTypes, type, site, routines);
      this.inverse = body.inverse() == 0 ? null : bind(body.inverse(), transitionTypes, type, site, routines);
      if (body.last() == 0) {
        this.last = null;
        this.finalArguments = 0;
      } else {
        List<PgType> finalTypes = body.lastExtra() ? transitionTypes : List.of(type);
        this.last = bind(body.last(), finalTypes, site.resultType(), site, routines);
        this.finalArguments = finalTypes.size();
      }
      this.hasInitial = body.initial() != null;
      this.initial = body.initial() == null ? null : TypeIo.parse(type, -1, body.initial(), context.io());
      restart();
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

    private void restart() {
      value = initial;
      started = hasInitial;
      count = 0;
    }

    @Override
    public boolean skipsNulls() {
      return false;
    }

    @Override
    public boolean invertible() {
      return inverse != null;
    }

    @Override
    public boolean tryRemove(@Nullable Object[] arguments) {
      if (inverse.function.strict() && Arrays.stream(arguments).anyMatch(java.util.Objects::isNull)) {
        return true;
      }
      if (count == 1) {
        restart();
        return true;
      }
      value = inverse.call(context, withState(arguments));
      count--;
      return value != null;
    }

    private @Nullable Object[] withState(@Nullable Object[] arguments) {
      @Nullable Object[] all = new Object[arguments.length + 1];
      all[0] = value;
      System.arraycopy(arguments, 0, all, 1, arguments.length);
      return all;
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
          count = 1;
          return;
        }
        if (value == null) {
          return;
        }
      }
      value = transition.call(context, withState(arguments));
      started = true;
      count++;
      if (value == null && inverse != null) {
        throw new SqlException(SqlState.NULL_VALUE_NOT_ALLOWED, "moving-aggregate transition function must not return null");
      }
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
