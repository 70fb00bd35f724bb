package io.heliosdb.nano.execute.datawork;

import io.heliosdb.nano.analyze.AnalyzerContext;
import io.heliosdb.nano.analyze.ExpressionBinder;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Column;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.Index;
import io.heliosdb.nano.catalog.Relation.Sequence;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.ddl.DataWork;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.Batch;
import io.heliosdb.nano.execute.BoundEvaluator;
import io.heliosdb.nano.execute.Evaluator;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.execute.Operator;
import io.heliosdb.nano.execute.RowAccess;
import io.heliosdb.nano.execute.RowCodec;
import io.heliosdb.nano.execute.dml.ExistingRows;
import io.heliosdb.nano.execute.dml.WriteTarget;
import io.heliosdb.nano.expr.Expr;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.plan.PhysicalPlan;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.txn.TableCursor;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Does for DDL what needs rows. One per DDL command; confined to the session's thread.
///
/// Rows are read in their newest state: the command holds a table lock that keeps writers out, and must see what it has itself written (a
/// rewritten table is checked by the same command). Rows of foreign snapshots are left alone: they stay under the old storage ids.
public final class EngineDataWork implements DataWork {
  private static final int CANCEL_CHECK = 1024;

  private final DataWorkHost host;
  private final StatementAccess access;

  public EngineDataWork(DataWorkHost host, StatementAccess access) {
    this.host = host;
    this.access = access;
  }

  private interface RowConsumer {
    void accept(@Nullable Object[] row, byte[] key);
  }

  private WriteTarget target(Table table) {
    return host.targets().of(table, host.catalog());
  }

  private void scan(Table table, ExecutionContext context, RowConsumer consumer) {
    if (table.isPartitioned()) {
      return;
    }
    RowCodec codec = new RowCodec(table, host.catalog());
    try (TableCursor cursor = access.scanNewest(table.storageId(), KeyRange.ALL, false)) {
      int count = 0;
      while (cursor.next()) {
        if (++count % CANCEL_CHECK == 0) {
          context.cancel().check();
        }
        consumer.accept(codec.decode(cursor.row(), access::readLarge), cursor.key());
      }
    }
  }

  // ---- filling ----

  @Override
  public boolean buildIndex(Table table, Index index) {
    ExecutionContext context = host.context(access);
    try (TableLoad load = new TableLoad(target(table), List.of(index), context)) {
      if (load.hasIndexes()) {
        scan(table, context, load::addEntries);
        load.finish(null);
      }
      return load.hasIndexes();
    }
  }

  @Override
  public void rewriteTable(Table before, Table after, Map<Integer, String> values) {
    ExecutionContext context = host.context(access);
    WriteTarget target = target(after);
    Rewriting rewriting = new Rewriting(before, after, values, context);
    boolean keepKeys = before.primaryKey().isEmpty() && after.primaryKey().isEmpty();
    try (TableLoad load = new TableLoad(target, host.catalog().indexesOf(after.oid()), context)) {
      scan(before, context, (row, key) -> {
        Object[] changed = rewriting.row(row);
        checkNotNull(target, changed);
        load.add(changed, keepKeys ? key : null);
      });
      load.finish(again -> scan(before, context, (row, key) -> again.accept(rewriting.row(row))));
    }
  }

  /// The form of rows after a change of the table.
  private final class Rewriting {
    private final Table before;
    private final Table after;
    private final @Nullable BoundEvaluator[] expressions;
    private final RowAccess.OfValues access = new RowAccess.OfValues(new Object[0]);

    Rewriting(Table before, Table after, Map<Integer, String> values, ExecutionContext context) {
      this.before = before;
      this.after = after;
      expressions = new BoundEvaluator[after.columns().size()];
      values.forEach((attnum, text) -> {
        Column column = after.column(attnum);
        expressions[attnum - 1] = Evaluator.compile(ExpressionBinder.bind(text, before, ExpressionBinder.Use.ALTER_USING,
            host.catalog().byOid(column.typeOid()), column.typmod(), binderContext()).expression()).bind(context);
      });
    }

    @Nullable Object[] row(@Nullable Object[] old) {
      Object[] row = new Object[expressions.length];
      access.values = old;
      for (int i = 0; i < row.length; i++) {
        Column column = after.columns().get(i);
        if (column.dropped()) {
          continue;
        }
        if (expressions[i] != null) {
          row[i] = expressions[i].eval(access);
        } else {
          row[i] = i < old.length && !before.columns().get(i).dropped() ? old[i] : column.missingValue();
        }
      }
      return row;
    }
  }

  private static void checkNotNull(WriteTarget target, @Nullable Object[] row) {
    for (Column column : target.table().columns()) {
      if (column.notNull() && !column.dropped() && row[column.attnum() - 1] == null) {
        throw containsNull(target, column);
      }
    }
  }

  private static SqlException containsNull(WriteTarget target, Column column) {
    return new SqlException(
            SqlState.NOT_NULL_VIOLATION, "column \"" + column.name() + "\" of relation \"" + target.table().name() + "\" contains null values")
        .aboutColumn(target.schema(), target.table().name(), column.name());
  }

  @Override
  public long fill(Table table, Statement query) {
    return fill(table, host.plan(query));
  }

  @Override
  public long fill(Table table, String definition) {
    return fill(table, host.plan(definition));
  }

  private long fill(Table table, PhysicalPlan plan) {
    ExecutionContext context = host.context(access);
    int width = table.columns().size();
    try (TableLoad load = new TableLoad(target(table), host.catalog().indexesOf(table.oid()), context); Operator rows = plan.open(context)) {
      Batch batch;
      while ((batch = rows.next()) != null) {
        context.cancel().check();
        for (int i = 0; i < batch.rowCount(); i++) {
          Object[] row = batch.row(batch.rowIndex(i));
          load.add(row.length == width ? row : java.util.Arrays.copyOf(row, width), null);
        }
      }
      return load.finish(null);
    } finally {
      context.close();
    }
  }

  // ---- proving ----

  @Override
  public void checkConstraint(Table table, Constraint constraint) {
    ExecutionContext context = host.context(access);
    BoundEvaluator condition = Evaluator.compile(
        ExpressionBinder.bind(constraint.expression(), table, ExpressionBinder.Use.CHECK_CONSTRAINT, PgTypes.BOOL, -1, binderContext()).expression())
        .bind(context);
    RowAccess.OfValues values = new RowAccess.OfValues(new Object[0]);
    scan(table, context, (row, key) -> {
      values.values = row;
      if (Boolean.FALSE.equals(condition.eval(values))) {
        WriteTarget target = target(table);
        throw new SqlException(
                SqlState.CHECK_VIOLATION, "check constraint \"" + constraint.name() + "\" of relation \"" + table.name() + "\" is violated by some row")
            .aboutConstraint(target.schema(), table.name(), constraint.name());
      }
    });
  }

  @Override
  public void checkNotNull(Table table, List<Integer> attnums) {
    ExecutionContext context = host.context(access);
    scan(table, context, (row, key) -> {
      for (int attnum : attnums) {
        if (row[attnum - 1] == null) {
          throw containsNull(target(table), table.column(attnum));
        }
      }
    });
  }

  @Override
  public void validateForeignKey(Table table, Constraint constraint) {
    ExecutionContext context = host.context(access);
    try (ExistingRows.ReferenceProof proof = new ExistingRows.ReferenceProof(table, constraint, host.targets(), context)) {
      scan(table, context, (row, key) -> proof.check(row));
    }
  }

  @Override
  public void checkPartition(Table parent, Table partition) {
    ExecutionContext context = host.context(access);
    ExistingRows.PartitionProof proof = new ExistingRows.PartitionProof(parent, partition, host.targets(), context);
    for (Table leaf : ExistingRows.leaves(partition, host.catalog())) {
      scan(leaf, context, (row, key) -> proof.checkOwn(leaf, row));
    }
    Table other = proof.defaultPartition();
    if (other != null && other.oid() != partition.oid()) {
      for (Table leaf : ExistingRows.leaves(other, host.catalog())) {
        scan(leaf, context, (row, key) -> proof.checkDefault(other, leaf, row));
      }
    }
  }

  @Override
  public void checkDomain(PgType domain, Table table, int attnum, @Nullable String checkExpression, boolean notNull) {
    ExecutionContext context = host.context(access);
    BoundEvaluator check = checkExpression == null ? null
        : Evaluator.compile(new Expr.DomainCheck(domain, -1, domain.collationOid(), new Expr.InputColumn(0, domain, -1, domain.collationOid())))
            .bind(context);
    WriteTarget target = target(table);
    Column column = table.column(attnum);
    scan(table, context, (row, key) -> {
      Object value = row[attnum - 1];
      if (notNull && value == null) {
        throw new SqlException(
                SqlState.NOT_NULL_VIOLATION, "column \"" + column.name() + "\" of table \"" + table.name() + "\" contains null values")
            .aboutColumn(target.schema(), table.name(), column.name());
      }
      if (check != null && value != null && !satisfies(check, value)) {
        throw new SqlException(
                SqlState.CHECK_VIOLATION,
                "column \"" + column.name() + "\" of table \"" + table.name() + "\" contains values that violate the new constraint")
            .aboutColumn(target.schema(), table.name(), column.name());
      }
    });
  }

  private static boolean satisfies(BoundEvaluator check, Object value) {
    try {
      check.eval(RowAccess.of(new Object[] {value}));
      return true;
    } catch (SqlException e) {
      if (e.state().equals(SqlState.CHECK_VIOLATION)) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public boolean isEmpty(Table table) {
    for (Table leaf : ExistingRows.leaves(table, host.catalog())) {
      try (TableCursor cursor = access.scanNewest(leaf.storageId(), KeyRange.ALL, false)) {
        if (cursor.next()) {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  public @Nullable Object evaluate(String expression, PgType type, int typmod) {
    return Evaluator.compile(
            ExpressionBinder.bind(expression, null, ExpressionBinder.Use.COLUMN_DEFAULT, type, typmod, binderContext()).expression())
        .evaluate(host.context(access));
  }

  private AnalyzerContext binderContext() {
    Catalog catalog = host.catalog();
    return AnalyzerContext.of(catalog, List.of(Catalog.PG_CATALOG), 10, IoContext.DEFAULT.toBuilder().types(catalog).build());
  }

  // ---- the session's ----

  @Override
  public boolean isInUse(Table table) {
    return host.isInUse(table);
  }

  @Override
  public void startSequence(Sequence sequence, long value, boolean called) {
    host.startSequence(sequence, value, called);
  }

  @Override
  public long[] sequenceState(Sequence sequence) {
    return host.sequenceState(sequence);
  }

  @Override
  public void release(long storageId, boolean index) {
    host.release(storageId, index);
  }

  @Override
  public void fireTruncateTriggers(Table table, boolean before) {
    ExistingRows.fireTruncateTriggers(table, before, host.targets(), host.context(access));
  }
}
