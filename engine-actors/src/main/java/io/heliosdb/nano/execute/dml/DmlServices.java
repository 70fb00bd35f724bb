package io.heliosdb.nano.execute.dml;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.execute.ExecutionContext;
import io.heliosdb.nano.txn.Counters;
import io.heliosdb.nano.txn.StatementAccess;

/// What changing rows needs of the session. Implemented by the session; called on its thread.
public interface DmlServices {
  /// Numbers of hidden row ids.
  Counters counters();

  /// The checks of the session that are not due yet.
  PendingChecks pendingChecks();

  /// Runs trigger functions.
  TriggerFunctions triggerFunctions();

  /// Counts rows that a statement changed.
  default void tableChanged(io.heliosdb.nano.catalog.Relation.Table table, long inserted, long updated, long deleted) {}

  /// Whether only this transaction can see the rows of the table's storage, because it has made or truncated the table; and none of its cursors does.
  default boolean isUnseen(io.heliosdb.nano.catalog.Relation.Table table) {
    return false;
  }

  /// A context for work that belongs to no statement of the user: foreign key actions, checks at commit.
  ExecutionContext context(StatementAccess access);

  /// The catalog that counts now.
  Catalog catalog();

  /// Services for statements that change nothing.
  DmlServices NONE = new DmlServices() {
    @Override
    public Counters counters() {
      throw unavailable();
    }

    @Override
    public PendingChecks pendingChecks() {
      throw unavailable();
    }

    @Override
    public TriggerFunctions triggerFunctions() {
      throw unavailable();
    }

    @Override
    public ExecutionContext context(StatementAccess access) {
      throw unavailable();
    }

    @Override
    public Catalog catalog() {
      throw unavailable();
    }

    private SqlException unavailable() {
      return SqlException.notSupported("changing rows here");
    }
  };
}
