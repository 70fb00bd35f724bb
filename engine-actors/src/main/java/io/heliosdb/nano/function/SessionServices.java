package io.heliosdb.nano.function;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What functions reach of the session that runs them: sequences, settings, locks, other backends, nested SQL.
public interface SessionServices {
  long nextSequenceValue(int sequenceOid);

  long currentSequenceValue(int sequenceOid);

  long lastSequenceValue();

  void setSequenceValue(int sequenceOid, long value, boolean isCalled);

  /// Value of a setting as SHOW prints it; null if unknown and `missingOk`.
  @Nullable String setting(String name, boolean missingOk);

  void setSetting(String name, @Nullable String value, boolean local);

  String sessionUser();

  String currentUser();

  int currentUserOid();

  String databaseName();

  String branchName();

  int backendPid();

  /// The transaction's id, assigned on first need; `currentTransactionIdIfAssigned` gives 0 when none.
  long currentTransactionId();

  long currentTransactionIdIfAssigned();

  long currentScn();

  /// Advisory locks: returns false if `wait` is false and it is not available.
  boolean advisoryLock(long key, boolean twoKeys, boolean shared, boolean transactionScoped, boolean wait);

  boolean advisoryUnlock(long key, boolean twoKeys, boolean shared);

  void advisoryUnlockAll();

  boolean cancelBackend(int pid);

  boolean terminateBackend(int pid);

  List<Integer> blockingPids(int pid);

  void notifyChannel(String channel, String payload);

  List<String> listeningChannels();

  /// Runs SQL inside the current transaction with its own command id: rows as boxed values. Used by SQL and PL/pgSQL functions.
  NestedResult runNested(String sql, List<@Nullable Object> parameters, List<Integer> parameterTypes);

  /// Rows of a nested statement. `columns` and `typeOids` describe them; `affected` is the command tag's count.
  record NestedResult(List<String> columns, List<Integer> typeOids, List<@Nullable Object[]> rows, long affected, String tag) {}

  void sleepMillis(long millis);
}
