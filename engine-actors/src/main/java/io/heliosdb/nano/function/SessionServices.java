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

  /// Lends the transaction's snapshot to others under the name that it returns.
  default String exportSnapshot() {
    throw io.heliosdb.nano.error.SqlException.notSupported("snapshots without a session");
  }

  /// Address and port of the network client, null for sessions of this process.
  default @Nullable String clientAddress() {
    return null;
  }

  /// What the running statement sees, as `xmin:xmax:xip,…`: transactions that its snapshot does not show count as in progress.
  default String transactionSnapshot() {
    throw io.heliosdb.nano.error.SqlException.notSupported("snapshots without a session");
  }

  /// `in progress`, `committed` or `aborted`; null when that is no longer known.
  ///
  /// @throws io.heliosdb.nano.error.SqlException 22023 for an id that was not given out yet
  default @Nullable String transactionStatus(long transactionId) {
    throw io.heliosdb.nano.error.SqlException.notSupported("transaction status without a session");
  }

  /// The id that the next transaction gets, at the earliest.
  default long nextTransactionId() {
    return currentScn() + 1;
  }

  /// When a transaction committed, in microseconds since 2000-01-01 UTC; null when no commit of it is on record.
  default @Nullable Long commitMicros(long transactionId) {
    throw io.heliosdb.nano.error.SqlException.notSupported("commit times without a session");
  }

  /// Id and commit time of the last transaction that wrote, null before the first.
  default long @Nullable [] lastCommit() {
    throw io.heliosdb.nano.error.SqlException.notSupported("commit times without a session");
  }

  default ServerFiles files() {
    throw io.heliosdb.nano.error.SqlException.notSupported("files of the server without a session");
  }

  /// An object as messages describe it (`table t`), null when it does not exist.
  default @Nullable String describeObject(int classOid, int objectOid, int subId) {
    throw io.heliosdb.nano.error.SqlException.notSupported("function pg_describe_object outside a session");
  }

  /// Services on the version axis.
  default VersionServices versions() {
    throw io.heliosdb.nano.error.SqlException.notSupported("history without a session");
  }

  /// Large objects of the session's branch.
  default LargeObjects largeObjects() {
    throw io.heliosdb.nano.error.SqlException.notSupported("large objects without a session");
  }

  /// Advisory locks: returns false if `wait` is false and it is not available.
  boolean advisoryLock(long key, boolean twoKeys, boolean shared, boolean transactionScoped, boolean wait);

  boolean advisoryUnlock(long key, boolean twoKeys, boolean shared);

  void advisoryUnlockAll();

  /// Other sessions and the engine's state.
  default MonitorServices monitor() {
    throw io.heliosdb.nano.error.SqlException.notSupported("monitoring without a session");
  }

  List<Integer> blockingPids(int pid);

  void notifyChannel(String channel, String payload);

  List<String> listeningChannels();

  /// Runs SQL inside the current transaction with its own command id: rows as boxed values. Used by SQL and PL/pgSQL functions.
  NestedResult runNested(String sql, List<@Nullable Object> parameters, List<Integer> parameterTypes);

  /// Rows of a nested statement. `columns` and `typeOids` describe them; `affected` is the command tag's count.
  record NestedResult(List<String> columns, List<Integer> typeOids, List<@Nullable Object[]> rows, long affected, String tag) {}

  void sleepMillis(long millis);

  /// The schemas that unqualified names are looked up in.
  io.heliosdb.nano.catalog.SearchPath searchPath(io.heliosdb.nano.catalog.Catalog catalog);

  /// What `version()` answers.
  default String versionText() {
    return "PostgreSQL " + setting("server_version", false) + " (HeliosDB Nano)";
  }

  /// The text of the statement that the client sent: `current_query()`.
  default @Nullable String currentQuery() {
    return null;
  }

  /// When the database was opened, microseconds since 2000-01-01 UTC.
  default long startTimestampMicros() {
    return (java.lang.management.ManagementFactory.getRuntimeMXBean().getStartTime() - 946_684_800_000L) * 1000;
  }

  /// Bytes that a table's or index's rows take in the store.
  default long relationBytes(int relationOid) {
    throw io.heliosdb.nano.error.SqlException.notSupported("the size of a relation");
  }

  /// Bytes that the whole store takes.
  default long databaseBytes() {
    throw io.heliosdb.nano.error.SqlException.notSupported("the size of a database");
  }

  /// A sequence's last value as `pg_sequence_last_value` shows it: null before the first nextval.
  default @Nullable Long storedSequenceValue(int sequenceOid) {
    throw io.heliosdb.nano.error.SqlException.notSupported("function pg_sequence_last_value(regclass)");
  }

  /// How many triggers are running inside one another.
  default int triggerDepth() {
    return 0;
  }

  /// An expression as the catalog keeps it, in the form of `pg_get_expr`: names as the search path allows.
  ///
  /// @param relationOid the relation whose columns it may read, 0 for none
  default String expressionText(String stored, int relationOid, boolean pretty) {
    return stored;
  }

  /// The WHEN condition of a trigger on the relation, over OLD and NEW.
  default String triggerConditionText(String stored, int relationOid, boolean pretty) {
    return stored;
  }

  /// The condition of a domain's CHECK, over VALUE, which has the type the domain is made from.
  default String domainCheckText(String stored, io.heliosdb.nano.type.PgType domain, boolean pretty) {
    return stored;
  }

  /// The events that a relation takes, as bits: 4 UPDATE, 8 INSERT, 16 DELETE.
  default int updatableEvents(int relationOid, boolean triggers) {
    return 0;
  }

  default boolean isColumnUpdatable(int relationOid, int attnum, boolean triggers) {
    return false;
  }

  /// `pg_get_ruledef` of a rule.
  ///
  /// @param qualified the relation's name with its schema
  default String ruleText(io.heliosdb.nano.catalog.Catalog.Rule rule, io.heliosdb.nano.catalog.Relation relation, String qualified) {
    throw io.heliosdb.nano.error.SqlException.notSupported("pg_get_ruledef outside a session");
  }

  /// The query of a view or materialized view in the form of `pg_get_viewdef`, with its semicolon.
  default String viewText(io.heliosdb.nano.catalog.Relation view, String definition, boolean pretty) {
    return definition;
  }
}
