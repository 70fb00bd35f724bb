package io.heliosdb.nano.storage;

/// The branch numbers with a fixed meaning.
///
/// The two roots have no parent layer, so a deleted key leaves nothing behind in `current`; every other branch is an
/// overlay, where a deleted key leaves a tombstone that masks the parent.
public final class Branches {
  /// The branch that every database starts with.
  public static final int MAIN = 0;

  /// The layer of the relations that belong to no branch (roles, databases, branches, tenants, settings).
  public static final int SHARED = 1;

  /// The lowest number a branch created by a user may have.
  public static final int FIRST_USER_BRANCH = 2;

  /// Storage and index ids below this limit always live in [#SHARED], whatever branch the writing transaction is on.
  public static final long SHARED_STORAGE_ID_LIMIT = 256;

  private Branches() {}

  /// Whether the branch stands on a parent.
  public static boolean isOverlay(int branch) {
    return branch >= FIRST_USER_BRANCH;
  }

  /// The branch in which a write of a transaction on `branch` ends up.
  public static int homeOf(int branch, long storageId) {
    return storageId < SHARED_STORAGE_ID_LIMIT ? SHARED : branch;
  }
}
