package io.heliosdb.nano.parse.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Transaction control.
public sealed interface TransactionStatement extends Statement {
  /// `BEGIN` or `START TRANSACTION` (`start`), which differ in their command tag only.
  record Begin(boolean start, TransactionModes modes) implements TransactionStatement {}

  /// `COMMIT` or `END`.
  record Commit(boolean chain) implements TransactionStatement {}

  /// `ROLLBACK` or `ABORT`.
  record Rollback(boolean chain) implements TransactionStatement {}

  record Savepoint(String name) implements TransactionStatement {}

  record ReleaseSavepoint(String name) implements TransactionStatement {}

  record RollbackToSavepoint(String name) implements TransactionStatement {}

  record PrepareTransaction(String gid) implements TransactionStatement {}

  record CommitPrepared(String gid) implements TransactionStatement {}

  record RollbackPrepared(String gid) implements TransactionStatement {}

  /// Modes as written; null where not given. The last one of a kind wins, as in PostgreSQL.
  record TransactionModes(@Nullable IsolationLevel isolation, @Nullable Boolean readOnly, @Nullable Boolean deferrable) {
    public static final TransactionModes NONE = new TransactionModes(null, null, null);
  }

  enum IsolationLevel {
    READ_UNCOMMITTED, READ_COMMITTED, REPEATABLE_READ, SERIALIZABLE;

    /// The value of `transaction_isolation`.
    public String settingValue() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
  }

  /// `LOCK [TABLE] [ONLY] t, … [IN mode MODE] [NOWAIT]`.
  record LockTable(List<RelationTarget> tables, LockMode mode, boolean nowait) implements TransactionStatement {}

  /// PostgreSQL's table lock modes, weakest first.
  enum LockMode {
    ACCESS_SHARE, ROW_SHARE, ROW_EXCLUSIVE, SHARE_UPDATE_EXCLUSIVE, SHARE, SHARE_ROW_EXCLUSIVE, EXCLUSIVE, ACCESS_EXCLUSIVE
  }

  /// `SET CONSTRAINTS ALL|names DEFERRED|IMMEDIATE`; no names means ALL.
  record SetConstraints(List<QualifiedName> names, boolean deferred) implements TransactionStatement {}
}
