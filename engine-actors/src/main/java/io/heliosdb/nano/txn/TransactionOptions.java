package io.heliosdb.nano.txn;

import io.heliosdb.nano.storage.Branches;
import io.heliosdb.nano.storage.ReadView;

/// How a transaction begins. Isolation, read-only and deferrable may still change until the first snapshot is taken.
///
/// @param branch the branch writes go to
/// @param view the newest state of that branch with its parents; storage ids below the shared limit ignore it
/// @param userOid the user that the commit is recorded for
public record TransactionOptions(
    IsolationLevel isolation, boolean readOnly, boolean deferrable, int branch, ReadView view, long userOid, long tenant) {
  /// READ COMMITTED, read-write, on branch `main`.
  public static final TransactionOptions DEFAULT =
      new TransactionOptions(IsolationLevel.READ_COMMITTED, false, false, Branches.MAIN, ReadView.MAIN_NEWEST, 10, 0);

  public TransactionOptions withIsolation(IsolationLevel newIsolation) {
    return new TransactionOptions(newIsolation, readOnly, deferrable, branch, view, userOid, tenant);
  }

  public TransactionOptions withReadOnly(boolean newReadOnly) {
    return new TransactionOptions(isolation, newReadOnly, deferrable, branch, view, userOid, tenant);
  }

  public TransactionOptions withDeferrable(boolean newDeferrable) {
    return new TransactionOptions(isolation, readOnly, newDeferrable, branch, view, userOid, tenant);
  }

  public TransactionOptions withBranch(int newBranch, ReadView newView) {
    return new TransactionOptions(isolation, readOnly, deferrable, newBranch, newView, userOid, tenant);
  }

  public TransactionOptions withUser(long newUserOid, long newTenant) {
    return new TransactionOptions(isolation, readOnly, deferrable, branch, view, newUserOid, newTenant);
  }
}
