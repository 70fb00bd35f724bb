package io.heliosdb.nano.catalog.ddl;

import io.heliosdb.nano.catalog.Relation.Constraint;
import io.heliosdb.nano.catalog.Relation.Index;
import io.heliosdb.nano.catalog.Relation.Sequence;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.type.PgType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What DDL needs done with rows. Runs inside the command's transaction; the catalog overlay already holds the new definitions.
/// Errors are PostgreSQL's: 23505 `could not create unique index …`, 23514 `check constraint … of relation … is violated by some row`,
/// 23502 `column … of relation … contains null values`, 23503 for foreign keys.
public interface DataWork {
  /// Fills the (empty) index from the table's rows. False when no entries are kept for an index of that method and type: queries
  /// never read it.
  boolean buildIndex(Table table, Index index);

  /// Copies the rows of `before` to the storage id of `after`, then fills all indexes of `after`.
  ///
  /// @param values stored expression text by attnum, evaluated over a row of `before` and cast to the new type by assignment; a column
  /// that is in neither map nor `before` gets its missing value or NULL
  void rewriteTable(Table before, Table after, Map<Integer, String> values);

  /// Fails if a row breaks the CHECK constraint.
  void checkConstraint(Table table, Constraint constraint);

  /// Fails if a row has NULL in one of the columns.
  void checkNotNull(Table table, List<Integer> attnums);

  /// Fails if a row has no partner in the referenced table.
  void validateForeignKey(Table table, Constraint constraint);

  /// Fails if a row of `partition` does not belong into its bound, or a row of `parent`'s default partition does.
  void checkPartition(Table parent, Table partition);

  /// Fails (23514 `column "a" of table "t" contains values that violate the new constraint`, 23502) if a stored value breaks the domain.
  void checkDomain(PgType domain, Table table, int attnum, @Nullable String checkExpression, boolean notNull);

  /// Value of an expression without columns, cast to the type; null for NULL.
  @Nullable Object evaluate(String expression, PgType type, int typmod);

  /// Runs the query (with its types known) into the new table and gives the number of rows.
  long fill(Table target, Statement query);

  /// Runs a materialized view's stored query into `target`.
  long fill(Table target, String definition);

  /// Whether the table has no row that this transaction sees.
  boolean isEmpty(Table table);

  /// Whether this session reads the table right now (an open cursor, a running query): then ALTER and DROP fail with 55006.
  default boolean isInUse(Table table) {
    return false;
  }

  /// Gives a new sequence its first value.
  void startSequence(Sequence sequence, long value, boolean called);

  /// Last value of a sequence and whether it was handed out: (value, called).
  long[] sequenceState(Sequence sequence);

  /// Statement triggers of TRUNCATE.
  void fireTruncateTriggers(Table table, boolean before);

  /// A storage id that nothing refers to once this transaction commits: its rows may be removed when no snapshot needs them.
  void release(long storageId, boolean index);
}
