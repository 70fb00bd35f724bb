package io.heliosdb.nano.execute;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import org.jspecify.annotations.Nullable;

/// LIMIT and OFFSET. Asks its input for no more rows than it gives.
public final class LimitNode extends OneInputNode {
  private final @Nullable Evaluator count;
  private final @Nullable Evaluator offset;
  private final SortColumn @Nullable [] ties;

  /// @param ties order columns of WITH TIES, over the input's columns
  public LimitNode(PhysicalPlan input, @Nullable Evaluator count, @Nullable Evaluator offset, SortColumn @Nullable [] ties, PlanCost cost) {
    super(input, input.output(), cost.startup(), cost.total(), cost.rows());
    this.count = count;
    this.offset = offset;
    this.ties = ties;
  }

  @Override
  public void explain(ExplainNode node) {
    node.type("Limit").child(input);
  }

  /// The number of rows that are needed of the input, or -1 for all; errors are left to the run itself.
  static long bound(@Nullable Evaluator count, @Nullable Evaluator offset, ExecutionContext context) {
    Object limit = count == null ? null : count.evaluate(context);
    if (limit == null) {
      return -1;
    }
    Object skip = offset == null ? null : offset.evaluate(context);
    long rows = (Long) limit + (skip == null ? 0 : (Long) skip);
    return rows < 0 ? -1 : rows;
  }

  @Override
  protected Operator operator(ExecutionContext context) {
    return new OneInputOperator(input, context) {
      private boolean started;
      private long skip;
      private long left;
      private @Nullable Object @Nullable [] lastRow;

      private long number(@Nullable Evaluator evaluator, long ifNull, SqlState state, String name) {
        Object value = evaluator == null ? null : evaluator.evaluate(context);
        if (value == null) {
          return ifNull;
        }
        long number = ((Number) value).longValue();
        if (number < 0) {
          throw new SqlException(state, name + " must not be negative");
        }
        return number;
      }

      private void start() {
        started = true;
        skip = number(offset, 0, SqlState.INVALID_ROW_COUNT_IN_RESULT_OFFSET_CLAUSE, "OFFSET");
        left = number(count, Long.MAX_VALUE, SqlState.INVALID_ROW_COUNT_IN_LIMIT_CLAUSE, "LIMIT");
      }

      @Override
      public @Nullable Batch next(int maxRows) {
        if (!started) {
          start();
        }
        if (ties != null && count != null) {
          return nextWithTies(maxRows);
        }
        if (left == 0) {
          return null;
        }
        while (skip > 0) {
          Batch batch = input.next((int) Math.min(Batch.ROWS_MAX, skip));
          if (batch == null) {
            return null;
          }
          skip -= batch.rowCount();
          context.cancel().check();
        }
        Batch batch = input.next((int) Math.min(maxRows, left));
        if (batch != null) {
          left -= batch.rowCount();
        }
        return batch;
      }

      private @Nullable Batch nextWithTies(int maxRows) {
        while (skip > 0) {
          Batch batch = input.next((int) Math.min(Batch.ROWS_MAX, skip));
          if (batch == null) {
            return null;
          }
          skip -= batch.rowCount();
        }
        if (left > 0) {
          Batch batch = input.next((int) Math.min(maxRows, left));
          if (batch != null) {
            left -= batch.rowCount();
            lastRow = batch.row(batch.rowIndex(batch.rowCount() - 1));
          } else {
            left = 0;
            lastRow = null;
          }
          return batch;
        }
        if (lastRow == null) {
          return null;
        }
        Batch batch = input.next(1);
        if (batch != null) {
          Object[] row = batch.row(batch.rowIndex(0));
          for (SortColumn key : ties) {
            if (key.compare(row[key.column()], lastRow[key.column()], context) != 0) {
              lastRow = null;
              return null;
            }
          }
        }
        return batch;
      }

      @Override
      public void rescan() {
        started = false;
        lastRow = null;
        super.rescan();
      }
    };
  }
}
