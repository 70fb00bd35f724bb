package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import org.jspecify.annotations.Nullable;

/// Inserts rows into a table (or the right partitions of it) for INSERT, COPY, MERGE and CREATE TABLE AS: triggers, policies, constraints.
final class RowInsertion {
  private final WriteRun run;
  private final Relation.Table root;
  private final CheckOptions checks;
  private final TableWriter writer;

  RowInsertion(WriteRun run, Relation.Table root, CheckOptions checks) {
    this.run = run;
    this.root = root;
    this.checks = checks;
    if (root.isPartitioned()) {
      throw SqlException.notSupported("INSERT into a partitioned table");
    }
    if (!root.triggerOids().isEmpty()) {
      throw SqlException.notSupported("INSERT into a table with triggers");
    }
    writer = run.writer(root);
  }

  void begin() {}

  void end() {}

  /// Inserts `rows[0 … count)`; each entry becomes the row as written, or null when a trigger prevented it.
  ///
  /// When a row breaks a rule, those before it are written first, so that the first error in row order is the one reported.
  ///
  /// @return the number of rows written
  int insert(@Nullable Object[] @Nullable [] rows, int count) {
    int complete = 0;
    SqlException failure = null;
    try {
      while (complete < count) {
        Object[] row = rows[complete];
        writer.generate(row, null);
        if (!checks.isEmpty()) {
          checks.checkPolicies(row);
        }
        writer.checkConstraints(row, null);
        complete++;
      }
    } catch (SqlException e) {
      failure = e;
    }
    writer.insertCompleted(rows, complete);
    if (!checks.isEmpty()) {
      for (int i = 0; i < complete; i++) {
        checks.checkViews(rows[i], writer.target(), run);
      }
    }
    if (failure != null) {
      throw failure;
    }
    return count;
  }
}
