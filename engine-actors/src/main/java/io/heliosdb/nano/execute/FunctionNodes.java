package io.heliosdb.nano.execute;

import io.heliosdb.nano.function.CallSite;
import io.heliosdb.nano.function.Implementation;
import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.OutputColumn;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.type.PgRecord;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Set-returning functions in FROM and in select lists; system relations.
public final class FunctionNodes {
  private FunctionNodes() {}

  /// A call whose rows are wanted: set-returning, or plain (one row).
  public record TableCall(CallSite site, Evaluator[] arguments, boolean spread, int columnCount) {}

  /// Rows of one running call.
  private static final class Rows {
    private final Implementation.@Nullable RowSource source;
    private @Nullable Object single;
    private boolean done;

    private Rows(Implementation.@Nullable RowSource source, @Nullable Object single, boolean done) {
      this.source = source;
      this.single = single;
      this.done = done;
    }

    static Rows open(CallSite site, @Nullable Object[] values, ExecutionContext context) {
      boolean isSet = site.function().returnsSet();
      if (site.function().strict()) {
        for (Object value : values) {
          if (value == null) {
            return new Rows(null, null, isSet);
          }
        }
      }
      Implementation implementation = FunctionKernel.implementation(site, context);
      if (implementation instanceof Implementation.SetReturning set) {
        return new Rows(set.open(context.call(), site, values), null, false);
      }
      return new Rows(null, FunctionKernel.call(implementation, site, values, context.call()), false);
    }

    /// The next value or [Implementation.RowSource#END].
    @Nullable Object next() {
      if (done) {
        return Implementation.RowSource.END;
      }
      if (source == null) {
        done = true;
        return single;
      }
      Object value = source.next();
      done = value == Implementation.RowSource.END;
      return value;
    }
  }

  private static @Nullable Object[] values(BoundEvaluator[] bound, RowAccess row) {
    Object[] values = new Object[bound.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = bound[i].eval(row);
    }
    return values;
  }

  /// Functions in FROM: ROWS FROM (…) [WITH ORDINALITY]; shorter ones are padded with NULL.
  public static final class FunctionScanNode extends PhysicalPlan {
    private final List<TableCall> calls;
    private final boolean ordinality;
    private final String alias;

    public FunctionScanNode(List<TableCall> calls, boolean ordinality, String alias, List<OutputColumn> output, double rows) {
      super(output, 0, 0.01 * rows, rows);
      this.calls = List.copyOf(calls);
      this.ordinality = ordinality;
      this.alias = alias;
    }

    @Override
    public List<PhysicalPlan> children() {
      return List.of();
    }

    @Override
    public void explain(ExplainNode node) {
      String name = calls.getFirst().site.function().name();
      node.type("Function Scan").suffix("on " + name + (alias.equals(name) ? "" : " " + alias));
    }

    @Override
    protected Operator operator(ExecutionContext context) {
      return new Operator() {
        private Rows @Nullable [] running;
        private @Nullable Batch batch;
        private int capacity;
        private long ordinal;
        private boolean done;

        @Override
        public void open(ExecutionContext c) {}

        /// Values leave out dropped attributes, the columns of the scan count them.
        private void spread(@Nullable PgRecord record, int count, Batch to, int column, int n) {
          List<io.heliosdb.nano.type.TypeCatalog.CompositeField> fields = record != null && record.size() < count && record.type().isComposite()
              ? context.catalog().compositeFields(record.type()) : List.of();
          int next = 0;
          for (int f = 0; f < count; f++) {
            boolean dropped = f < fields.size() && fields.get(f).dropped();
            to.column(column + f).set(n, record == null || dropped || next >= record.size() ? null : record.field(next++));
          }
        }

        private void start() {
          running = new Rows[calls.size()];
          for (int i = 0; i < running.length; i++) {
            TableCall call = calls.get(i);
            BoundEvaluator[] bound = BoundEvaluator.bind(call.arguments, context);
            running[i] = Rows.open(call.site, values(bound, RowAccess.EMPTY), context);
            BoundEvaluator.closeAll(bound);
          }
        }

        @Override
        public @Nullable Batch next(int maxRows) {
          if (done) {
            return null;
          }
          if (running == null) {
            start();
          }
          context.cancel().check();
          if (batch == null || capacity < maxRows) {
            capacity = maxRows;
            batch = Batch.of(output(), maxRows);
          }
          batch.reset();
          int n = 0;
          Object[] row = new Object[running.length];
          while (n < maxRows) {
            boolean any = false;
            for (int i = 0; i < row.length; i++) {
              row[i] = running[i].next();
              any |= row[i] != Implementation.RowSource.END;
            }
            if (!any) {
              done = true;
              break;
            }
            int column = 0;
            for (int i = 0; i < row.length; i++) {
              TableCall call = calls.get(i);
              Object value = row[i] == Implementation.RowSource.END ? null : row[i];
              if (call.spread) {
                spread((PgRecord) value, call.columnCount, batch, column, n);
                column += call.columnCount;
              } else {
                batch.column(column++).set(n, value);
              }
            }
            if (ordinality) {
              batch.column(column).set(n, ++ordinal);
            }
            n++;
          }
          batch.setRowCount(n);
          return n == 0 ? null : batch;
        }

        @Override
        public void rescan() {
          running = null;
          ordinal = 0;
          done = false;
        }

        @Override
        public void close() {}
      };
    }
  }

  /// Set-returning calls of a select list, in lockstep: input columns, then one column per call.
  public static final class ProjectSetNode extends OneInputNode {
    private final List<TableCall> calls;

    public ProjectSetNode(PhysicalPlan input, List<TableCall> calls, List<OutputColumn> output, double rows) {
      super(input, output, input.startupCost(), input.totalCost() + rows * 0.01, rows);
      this.calls = List.copyOf(calls);
    }

    @Override
    public void explain(ExplainNode node) {
      node.type("ProjectSet").child(input);
    }

    @Override
    protected Operator operator(ExecutionContext context) {
      return new OneInputOperator(input, context) {
        private final List<BoundEvaluator[]> bound = boundArguments();
        private @Nullable Batch source;
        private int sourceAt;
        private Rows @Nullable [] running;
        private @Nullable Batch out;
        private int capacity;

        private List<BoundEvaluator[]> boundArguments() {
          List<BoundEvaluator[]> list = new ArrayList<>();
          calls.forEach(call -> list.add(BoundEvaluator.bind(call.arguments, context)));
          return list;
        }

        private boolean startRow() {
          while (source == null || sourceAt >= source.rowCount()) {
            source = input.next(1);
            sourceAt = 0;
            if (source == null) {
              return false;
            }
          }
          RowAccess row = new RowAccess.OfBatch(source.columns(), source.rowIndex(sourceAt));
          running = new Rows[calls.size()];
          for (int i = 0; i < running.length; i++) {
            running[i] = Rows.open(calls.get(i).site, values(bound.get(i), row), context);
          }
          return true;
        }

        @Override
        public @Nullable Batch next(int maxRows) {
          if (out == null || capacity < maxRows) {
            capacity = maxRows;
            out = Batch.of(output(), maxRows);
          }
          out.reset();
          int width = input == null ? 0 : inputPlan.output().size();
          int n = 0;
          Object[] values = new Object[calls.size()];
          while (n < maxRows) {
            context.cancel().check();
            if (running == null && !startRow()) {
              break;
            }
            int from = source.rowIndex(sourceAt);
            while (n < maxRows) {
              boolean any = false;
              for (int i = 0; i < values.length; i++) {
                values[i] = running[i].next();
                any |= values[i] != Implementation.RowSource.END;
              }
              if (!any) {
                running = null;
                sourceAt++;
                break;
              }
              for (int c = 0; c < width; c++) {
                out.column(c).copyFrom(source.column(c), from, n);
              }
              for (int i = 0; i < values.length; i++) {
                out.column(width + i).set(n, values[i] == Implementation.RowSource.END ? null : values[i]);
              }
              n++;
            }
          }
          out.setRowCount(n);
          return n == 0 ? null : out;
        }

        @Override
        public void rescan() {
          source = null;
          running = null;
          bound.forEach(BoundEvaluator::rescanAll);
          super.rescan();
        }

        @Override
        public void close() {
          bound.forEach(BoundEvaluator::closeAll);
          super.close();
        }
      };
    }
  }

  /// A system relation's rows.
  public static final class SystemScanNode extends PhysicalPlan {
    private final Relation.SystemRelation relation;
    private final String alias;

    public SystemScanNode(Relation.SystemRelation relation, String alias, List<OutputColumn> output) {
      super(output, 0, 20, 500);
      this.relation = relation;
      this.alias = alias;
    }

    @Override
    public List<PhysicalPlan> children() {
      return List.of();
    }

    @Override
    public void explain(ExplainNode node) {
      node.type("Seq Scan").suffix("on " + relation.name() + (alias.equals(relation.name()) ? "" : " " + alias));
    }

    @Override
    protected Operator operator(ExecutionContext context) {
      return new RowsOperator(rowCountMax -> Batch.of(output(), rowCountMax), context) {
        @Override
        Iterator<@Nullable Object[]> start() {
          return context.services().systemRows(relation, context);
        }
      };
    }
  }
}
