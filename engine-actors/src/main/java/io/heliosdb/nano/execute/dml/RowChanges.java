package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.analyze.ExpressionBinder;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.Evaluator;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Changes of rows of one table that a foreign key makes, as one UPDATE or DELETE of that table would.
final class RowChanges {
  private final WriteRun run;
  private final RowModifier modifier;
  private final boolean update;
  private final BitSet assigned;
  private boolean begun;

  /// @param table the referencing table (perhaps partitioned)
  /// @param assigned columns an update sets
  RowChanges(WriteRun run, Relation.Table table, boolean update, BitSet assigned) {
    this.run = run;
    this.update = update;
    this.assigned = assigned;
    modifier = new RowModifier(run, table, CheckOptions.NONE);
  }

  private void begin() {
    if (!begun) {
      begun = true;
      if (update) {
        modifier.beginUpdate(assigned);
      } else {
        modifier.beginDelete();
      }
    }
  }

  /// After the last row.
  void end() {
    if (begun) {
      if (update) {
        modifier.endUpdate(assigned);
      } else {
        modifier.endDelete();
      }
    }
  }

  void delete(TableWriter writer, byte[] key, @Nullable Object[] row) {
    begin();
    modifier.delete(writer, key, row);
  }

  void update(TableWriter writer, byte[] key, @Nullable Object[] old, @Nullable Object[] row, BitSet changed) {
    begin();
    modifier.update(writer, key, old, row, changed);
  }

  /// The default of a column, evaluated.
  @Nullable Object defaultValue(WriteTarget target, int column) {
    Relation.Column definition = target.table().columns().get(column);
    if (definition.defaultExpression() == null) {
      return null;
    }
    return Evaluator.compile(
            ExpressionBinder.bind(definition.defaultExpression(), target.table(), ExpressionBinder.Use.COLUMN_DEFAULT, target.codec().type(column + 1),
                definition.typmod(), WriteTarget.binderContext(run.catalog())).expression())
        .evaluate(run.context());
  }
}
