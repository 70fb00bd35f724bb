package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.execute.BoundEvaluator;
import io.heliosdb.nano.execute.ExecutionContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Proves constraints over rows that are there already, for DDL.
public final class ExistingRows {
  private ExistingRows() {}

  /// The tables that hold the rows of a table: itself, or its leaf partitions.
  public static List<Relation.Table> leaves(Relation.Table table, Catalog catalog) {
    return Partitions.leaves(table, catalog);
  }

  /// Statement triggers of TRUNCATE.
  public static void fireTruncateTriggers(Relation.Table table, boolean before, WriteTargets targets, ExecutionContext context) {
    if (table.triggerOids().isEmpty()) {
      return;
    }
    try (WriteRun run = new WriteRun(context, targets)) {
      Triggers triggers = Triggers.of(table, run);
      if (triggers != null) {
        triggers.fireStatement(before ? 'b' : 'a', 't', null, null, null);
      }
    }
  }

  /// Checks that rows refer to rows that exist. The referenced table is locked against changes, so no row locks are taken.
  public static final class ReferenceProof implements AutoCloseable {
    private final WriteRun run;
    private final ForeignKey foreignKey;
    private final String schema;
    private final KeyLookup lookup;
    private final BoundEvaluator[] casts;

    public ReferenceProof(Relation.Table table, Constraint constraint, WriteTargets targets, ExecutionContext context) {
      run = new WriteRun(context, targets);
      foreignKey = new ForeignKey(table, constraint, run.catalog());
      schema = ConstraintErrors.schemaOf(table, run.catalog());
      lookup = new KeyLookup(foreignKey.referencedTable(), foreignKey.referencedColumns(), run, constraint.name());
      casts = new BoundEvaluator[foreignKey.casts().length];
      for (int i = 0; i < casts.length; i++) {
        casts[i] = foreignKey.casts()[i].bind(context);
      }
    }

    public void check(@Nullable Object[] row) {
      if (!foreignKey.refers(row, schema)) {
        return;
      }
      Object[] values = new Object[casts.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = foreignKey.casts()[i].convert(row[foreignKey.columns()[i]], casts[i], row);
        if (values[i] == ColumnCast.NO_VALUE) {
          throw foreignKey.missing(row, schema, run.context().call());
        }
      }
      if (!lookup.exists(values)) {
        throw foreignKey.missing(row, schema, run.context().call());
      }
    }

    @Override
    public void close() {
      run.close();
    }
  }

  /// Checks that rows stand in the partition they belong to.
  public static final class PartitionProof {
    private final Relation.Table parent;
    private final Relation.Table partition;
    private final PartitionRouter router;
    private final ExecutionContext context;

    public PartitionProof(Relation.Table parent, Relation.Table partition, WriteTargets targets, ExecutionContext context) {
      this.parent = parent;
      this.partition = partition;
      this.context = context;
      router = targets.router(parent, context.catalog());
    }

    /// The parent's default partition, null when there is none.
    public Relation.@Nullable Table defaultPartition() {
      return router.defaultPartition();
    }

    /// @param leaf the table the row is of: the partition or one under it
    public void checkOwn(Relation.Table leaf, @Nullable Object[] row) {
      if (!isIn(partition, leaf, row)) {
        throw violation("partition constraint of relation \"" + partition.name() + "\" is violated by some row", partition);
      }
    }

    /// A row of the default partition that belongs into the new partition is in the way.
    public void checkDefault(Relation.Table defaultPartition, Relation.Table leaf, @Nullable Object[] row) {
      if (!isIn(defaultPartition, leaf, row)) {
        throw violation(
            "updated partition constraint for default partition \"" + defaultPartition.name() + "\" would be violated by some row", defaultPartition);
      }
    }

    private boolean isIn(Relation.Table wanted, Relation.Table leaf, @Nullable Object[] row) {
      Object[] shaped = Partitions.convert(row, Partitions.columnMap(leaf, parent), parent.columns().size());
      Relation.Table found = router.find(shaped, context);
      return found != null && found.oid() == wanted.oid();
    }

    private SqlException violation(String message, Relation.Table table) {
      return new SqlException(SqlState.CHECK_VIOLATION, message)
          .about(new SqlException.ErrorObject(ConstraintErrors.schemaOf(table, context.catalog()), table.name(), null, null, null));
    }
  }
}
