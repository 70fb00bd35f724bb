package io.heliosdb.nano.storage;

/// Names a persisted counter or a sequence's horizon.
///
/// Counters are shared by all branches, so that two branches never give one number to two things; sequences are per
/// branch.
public record CounterKey(int space, int branch, long id) {
  private static final int SPACE_SHARED = 1;
  /// Keys of [#sequence].
  public static final int SPACE_SEQUENCE = 2;

  private static final int SPACE_ENGINE = 3;

  /// Keys of [#historyStart].
  public static final int SPACE_HISTORY = 4;


  public static final CounterKey OID = new CounterKey(SPACE_SHARED, 0, 1);
  public static final CounterKey STORAGE_ID = new CounterKey(SPACE_SHARED, 0, 2);
  public static final CounterKey ROW_ID = new CounterKey(SPACE_SHARED, 0, 3);
  public static final CounterKey XID = new CounterKey(SPACE_SHARED, 0, 4);
  public static final CounterKey BRANCH = new CounterKey(SPACE_SHARED, 0, 5);

  /// The horizon of a sequence on a branch.
  public static CounterKey sequence(int branch, long sequenceOid) {
    return new CounterKey(SPACE_SEQUENCE, branch, sequenceOid);
  }

  /// The SCN up to which the history of a table (0: of a branch's tables in general) has been trimmed.
  public static CounterKey historyStart(int branch, long storageId) {
    return new CounterKey(SPACE_HISTORY, branch, storageId);
  }

  /// A number that the engine keeps for purposes of its own (settings generation, statistics time and the like).
  public static CounterKey engine(long id) {
    return new CounterKey(SPACE_ENGINE, 0, id);
  }
}
