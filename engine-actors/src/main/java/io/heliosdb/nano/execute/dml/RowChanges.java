package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.analyze.ExpressionBinder;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.execute.Evaluator;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Changes of single rows that a foreign key makes: with everything a statement's change entails. The rows are locked. Stateless.
final class RowChanges {
  private RowChanges() {}

  static void delete(TableWriter writer, byte[] key, @Nullable Object[] row) {
    writer.delete(key, row);
  }

  static void update(TableWriter writer, byte[] key, @Nullable Object[] old, @Nullable Object[] row, BitSet changed) {
    writer.complete(row, changed);
    writer.update(key, old, row, changed);
  }

  /// The default of a column, evaluated.
  static @Nullable Object defaultValue(WriteTarget target, int column, WriteRun run) {
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
