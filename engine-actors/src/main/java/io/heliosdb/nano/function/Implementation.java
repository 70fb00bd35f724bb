package io.heliosdb.nano.function;

import org.jspecify.annotations.Nullable;

/// How a built-in function runs on boxed values (classes by `docs/architecture.md`, "Values").
/// The evaluator checks strictness, so a strict implementation never sees NULL. Implementations are stateless and thread-safe;
/// they throw [io.heliosdb.nano.error.SqlException] for bad input.
public sealed interface Implementation {

  /// Needs call-site types, settings or session: the general form. `arguments` belongs to the caller and is reused.
  @FunctionalInterface
  non-sealed interface Contextual extends Implementation {
    @Nullable Object call(CallContext context, CallSite site, @Nullable Object[] arguments);
  }

  @FunctionalInterface
  non-sealed interface Nullary extends Implementation {
    @Nullable Object call(CallContext context);
  }

  @FunctionalInterface
  non-sealed interface Unary extends Implementation {
    @Nullable Object call(@Nullable Object a);
  }

  @FunctionalInterface
  non-sealed interface Binary extends Implementation {
    @Nullable Object call(@Nullable Object a, @Nullable Object b);
  }

  @FunctionalInterface
  non-sealed interface Ternary extends Implementation {
    @Nullable Object call(@Nullable Object a, @Nullable Object b, @Nullable Object c);
  }

  /// A set-returning function: pushes rows; a scalar element type pushes the value, a composite or OUT-parameter result pushes
  /// a `PgRecord`. `rows` stops the producer by returning false.
  @FunctionalInterface
  non-sealed interface SetReturning extends Implementation {
    RowSource open(CallContext context, CallSite site, @Nullable Object[] arguments);
  }

  /// Pull-based rows of one call.
  interface RowSource {
    /// The next value, or [#END].
    @Nullable Object next();

    Object END = new Object();
  }

  /// An aggregate: a fresh accumulator per group.
  @FunctionalInterface
  non-sealed interface Aggregate extends Implementation {
    Accumulator create(CallContext context, CallSite site);
  }

  /// An aggregate with functions of its own for window frames whose start moves on.
  interface MovingAggregate extends Aggregate {
    Accumulator createMoving(CallContext context, CallSite site);
  }

  /// State of one group. Strict aggregates are still offered NULLs filtered out by the caller only if [#skipsNulls].
  interface Accumulator {
    /// Whether the caller leaves out rows in which any argument is NULL.
    default boolean skipsNulls() {
      return true;
    }

    void add(@Nullable Object[] arguments);

    @Nullable Object result();

    /// Takes back the oldest added row (moving window frames); only if [#invertible].
    default void remove(@Nullable Object[] arguments) {
      throw new UnsupportedOperationException();
    }

    /// As [#remove]; false when the state cannot take the row back and has to be made anew.
    default boolean tryRemove(@Nullable Object[] arguments) {
      remove(arguments);
      return true;
    }

    default boolean invertible() {
      return false;
    }

    /// Adds the state of another accumulator of the same kind (parallel and spilled aggregation); only if [#combinable].
    default void combine(Accumulator other) {
      throw new UnsupportedOperationException();
    }

    default boolean combinable() {
      return false;
    }

    /// Whether the state grows with every value it takes, so that the values are counted as memory held.
    default boolean collects() {
      return false;
    }

    /// The heap that a state that [#collects] takes, with what its result will take beside it; -1 when the caller is to count the values instead.
    default long heldBytes() {
      return -1;
    }
  }

  /// An ordered-set or hypothetical-set aggregate: rows arrive sorted by WITHIN GROUP; direct arguments come with the result call.
  @FunctionalInterface
  non-sealed interface OrderedSetAggregate extends Implementation {
    /// `sorted`: one Object[] of aggregated arguments per row, in WITHIN GROUP order, rows with NULLs included (percentiles and mode
    /// pass over them, hypothetical-set aggregates count them). `site.argumentTypes()`: direct arguments, then aggregated ones.
    @Nullable Object call(CallContext context, CallSite site, @Nullable Object[] direct, java.util.List<@Nullable Object[]> sorted,
        java.util.Comparator<@Nullable Object[]> order);
  }

  /// A window function proper (row_number, rank, lag, …): evaluated for each row with access to its partition.
  @FunctionalInterface
  non-sealed interface Window extends Implementation {
    @Nullable Object call(CallContext context, CallSite site, WindowFrame frame);
  }

  /// What a window function sees of the current row's partition and frame; positions are 0-based within the partition.
  interface WindowFrame {
    long partitionRows();

    long currentRow();

    /// First row of the current row's peer group, and one past its last.
    long peerStart();

    long peerEnd();

    /// 0-based number of the peer group within the partition.
    long peerGroup();

    /// First frame row and one past the last, before EXCLUDE; equal when empty.
    long frameStart();

    long frameEnd();

    /// The `index`-th row of the frame with EXCLUDE applied (0-based), or -1.
    long frameRow(long index);

    /// The last row of the frame with EXCLUDE applied, or -1.
    long frameLastRow();

    /// Value of argument `argument` evaluated on row `row` of the partition.
    @Nullable Object argument(int argument, long row);
  }
}
