package io.heliosdb.nano.execute;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.lock.RowLockMode;
import io.heliosdb.nano.lock.WaitPolicy;
import io.heliosdb.nano.plan.ExplainNode;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.plan.logical.LogicalPlan.LockTarget;
import io.heliosdb.nano.txn.LockOutcome;
import io.heliosdb.nano.type.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// FOR UPDATE and its weaker forms: locks the rows it lets through, no more than were asked for. A row that changed meanwhile is
/// re-checked in its newest version ([RowRecheck]); higher isolation levels fail with 40001 inside the lock call.
public final class LockRowsNode extends OneInputNode {
  private final List<LockTarget> targets;

  public LockRowsNode(PhysicalPlan input, List<LockTarget> targets, PlanCost cost) {
    super(input, input.output(), cost.startup(), cost.total(), cost.rows());
    this.targets = List.copyOf(targets);
  }

  @Override
  public void explain(ExplainNode node) {
    node.type("LockRows").child(input);
  }

  private static RowLockMode mode(LockTarget target) {
    return switch (target.strength()) {
      case KEY_SHARE -> RowLockMode.KEY_SHARE;
      case SHARE -> RowLockMode.SHARE;
      case NO_KEY_UPDATE -> RowLockMode.NO_KEY_UPDATE;
      case UPDATE -> RowLockMode.UPDATE;
    };
  }

  private static WaitPolicy policy(LockTarget target) {
    return switch (target.waitPolicy()) {
      case WAIT -> WaitPolicy.WAIT;
      case SKIP -> WaitPolicy.SKIP_LOCKED;
      case ERROR -> WaitPolicy.NOWAIT;
    };
  }

  @Override
  protected Operator operator(ExecutionContext context) {
    return new OneInputOperator(input, context) {
      private @Nullable Batch out;
      private int capacity;

      @Override
      public @Nullable Batch next(int maxRows) {
        while (true) {
          Batch batch = input.next(maxRows);
          if (batch == null) {
            return null;
          }
          // Locking may wait, after which the input's vectors still hold: scans copy rows out.
          List<Object[]> rows = new ArrayList<>(batch.rowCount());
          for (int i = 0; i < batch.rowCount(); i++) {
            rows.add(batch.row(batch.rowIndex(i)));
          }
          lock(rows);
          rows.removeIf(row -> row == null);
          if (rows.isEmpty()) {
            continue;
          }
          if (out == null || capacity < rows.size()) {
            // A single row, which most that lock want, does not pay for a full batch.
            capacity = out == null ? rows.size() : Math.max(rows.size(), maxRows);
            out = Batch.of(output(), capacity);
          }
          out.reset();
          rows.forEach(out::append);
          if (context.tracksPositions()) {
            rows.forEach(this::standOn);
          }
          return out;
        }
      }

      private void standOn(@Nullable Object[] row) {
        for (LockTarget target : targets) {
          if (row[target.rowIdColumn()] instanceof Bytes identity) {
            inputPlan.rowIdentitySources(target.rowIdColumn()).forEach(scan -> context.standOn(scan, identity));
          }
        }
      }

      /// Locks each row; rows that are not to be had become null, changed ones are exchanged.
      private void lock(List<@Nullable Object[]> rows) {
        Map<Integer, Set<Integer>> changed = new HashMap<>(0);
        for (LockTarget target : targets) {
          if (rows.size() == 1) {
            if (rows.getFirst() != null && rows.getFirst()[target.rowIdColumn()] instanceof Bytes identity) {
              lockTable(target, RowIdentity.tableOid(identity), List.of(0), rows, changed);
            }
            continue;
          }
          Map<Integer, List<Integer>> byTable = new LinkedHashMap<>();
          for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i) != null && rows.get(i)[target.rowIdColumn()] instanceof Bytes identity) {
              byTable.computeIfAbsent(RowIdentity.tableOid(identity), oid -> new ArrayList<>()).add(i);
            }
          }
          byTable.forEach((oid, positions) -> lockTable(target, oid, positions, rows, changed));
        }
        changed.forEach((position, columns) -> {
          if (rows.get(position) != null) {
            rows.set(position, RowRecheck.run(inputPlan, context, rows.get(position), columns));
          }
        });
      }

      private void lockTable(LockTarget target, int oid, List<Integer> positions, List<@Nullable Object[]> rows, Map<Integer, Set<Integer>> changed) {
        Relation.Table table = (Relation.Table) context.catalog().relation(oid);
        byte[][] keys = new byte[positions.size()][];
        long[] scns = new long[keys.length];
        for (int k = 0; k < keys.length; k++) {
          Bytes identity = (Bytes) rows.get(positions.get(k))[target.rowIdColumn()];
          keys[k] = RowIdentity.rowKey(identity);
          scns[k] = RowIdentity.scn(identity);
        }
        LockOutcome outcome = context.access().lockRowsForSelect(table.storageId(), keys, scns, mode(target), policy(target), table.name());
        for (int k = 0; k < keys.length; k++) {
          int position = positions.get(k);
          switch (outcome.state(k)) {
            case UNCHANGED -> {
            }
            case CHANGED -> {
              Object[] moved = rows.get(position).clone();
              moved[target.rowIdColumn()] = RowIdentity.of(oid, outcome.newestScns()[k], outcome.rowKey(k));
              rows.set(position, moved);
              changed.computeIfAbsent(position, p -> new HashSet<>()).add(target.rowIdColumn());
            }
            case DELETED, SKIPPED -> rows.set(position, null);
          }
        }
      }
    };
  }

  /// WHERE CURRENT OF: the row on which a cursor stands.
  public static PhysicalPlan currentOf(PhysicalPlan input, String cursor) {
    int column = -1;
    for (int i = 0; i < input.output().size(); i++) {
      column = input.rowIdentitySources(i).isEmpty() ? column : i;
    }
    if (column < 0) {
      throw io.heliosdb.nano.error.SqlException.notSupported("WHERE CURRENT OF in this place");
    }
    return new CurrentOfNode(input, cursor, column);
  }

  private static final class CurrentOfNode extends OneInputNode {
    private final String cursor;
    private final int column;

    CurrentOfNode(PhysicalPlan input, String cursor, int column) {
      super(input, input.output(), input.startupCost(), input.totalCost(), 1);
      this.cursor = cursor;
      this.column = column;
    }

    @Override
    public void explain(ExplainNode node) {
      input.explain(node);
      node.property("TID Cond", "CURRENT OF " + cursor);
    }

    @Override
    protected Operator operator(ExecutionContext context) {
      return new OneInputOperator(input, context) {
        private final Map<Integer, Bytes> wanted = new HashMap<>();

        private @Nullable Bytes position(int tableOid) {
          return wanted.computeIfAbsent(tableOid,
              oid -> context.services().cursorPosition(cursor, (Relation.Table) context.catalog().relation(oid)));
        }

        @Override
        public @Nullable Batch next(int maxRows) {
          for (Batch batch = input.next(maxRows); batch != null; batch = input.next(maxRows)) {
            int[] selected = new int[batch.rowCount()];
            int kept = 0;
            for (int i = 0; i < batch.rowCount(); i++) {
              Bytes identity = (Bytes) batch.column(column).get(batch.rowIndex(i));
              Bytes position = position(RowIdentity.tableOid(identity));
              if (position != null && RowIdentity.tableOid(position) == RowIdentity.tableOid(identity)
                  && java.util.Arrays.equals(RowIdentity.rowKey(position), RowIdentity.rowKey(identity))) {
                selected[kept++] = batch.rowIndex(i);
              }
            }
            if (kept > 0) {
              batch.select(selected, kept);
              return batch;
            }
          }
          return null;
        }
      };
    }
  }
}
