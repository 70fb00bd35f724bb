package io.heliosdb.nano.catalog.system;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.type.TypeCatalog;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What system relations show beside the catalog: the reading session and the engine's state. Each list is a snapshot of its own; asking
/// for one never blocks a session.
public interface SystemContext {
  Catalog catalog();

  TypeCatalog types();

  int currentRole();

  String databaseName();

  int databaseOid();

  /// A row of `pg_settings`; `stored` is the value in its base unit, `line` 0 without a file.
  record Setting(String name, String stored, String unit, String category, String description, String context, String type, String source,
      @Nullable String file, int line, @Nullable Double minimum, @Nullable Double maximum, List<String> values, String bootValue, @Nullable String resetValue) {}

  List<Setting> settings();

  /// Times in microseconds since 2000-01-01 UTC, 0 for none.
  ///
  /// @param visible whether the reader may see more than that the session is there
  record Activity(int pid, String user, int userOid, String database, String application, @Nullable String clientAddress, int clientPort, long backendStart,
      long transactionStart, long queryStart, long stateChange, String state, String query, @Nullable Long transactionId, @Nullable String waitEventType,
      @Nullable String waitEvent, boolean visible) {}

  List<Activity> activity();

  record Lock(String lockType, @Nullable Long database, @Nullable Long relation, @Nullable Integer page, @Nullable Integer tuple, @Nullable String virtualXid,
      @Nullable Long transactionId, @Nullable Long classId, @Nullable Long objectId, @Nullable Integer objectSubId, String virtualTransaction, int pid, String mode,
      boolean granted, @Nullable Long waitStart) {}

  List<Lock> locks();

  /// A large object; a page of one.
  record LargeObject(int oid, int ownerOid, @Nullable List<Relation.AclItem> acl) {}

  record LargeObjectPage(int oid, int number, byte[] bytes) {}

  List<LargeObject> largeObjects();

  List<LargeObjectPage> largeObjectPages();

  /// A COPY that runs.
  ///
  /// @param visible whether this session may see more of it than its pid
  record CopyProgress(int pid, String database, int relation, String command, String type, long bytes, long bytesTotal, long tuples, long excluded, boolean visible) {}

  List<CopyProgress> copyProgress();

  /// A dump or restore that runs; times as in [Activity], `seconds` since its start.
  record DumpProgress(long id, String command, String path, long started, String phase, String table, int tablesDone, int tablesTotal, long rows, long rowsTotal,
      long bytes, double seconds) {}

  List<DumpProgress> dumpProgress();

  /// A dump or restore that has ended; `commitsSince`: how many commits came after a dump.
  record DumpOutcome(long id, String command, String path, boolean incremental, long started, long ended, int tables, long rows, long rawBytes, long storedBytes,
      long scn, @Nullable Long commitsSince, @Nullable String error) {}

  List<DumpOutcome> dumps();
  /// One session waits for another. Transaction ids are 0 where there is none.
  record Wait(int waiterPid, int blockerPid, long waiterXid, long blockerXid, String mode, String lock, boolean blockerWaits, long sinceMicros,
      @Nullable String waiterUser, @Nullable String blockerUser, @Nullable String waiterQuery, @Nullable String blockerQuery) {}

  List<Wait> waits();

  /// @param sqlState of the error, null when it went well
  record AuditEntry(long id, long micros, int pid, String user, String client, String action, @Nullable String statement, @Nullable String sqlState) {}

  List<AuditEntry> audit();

  record StatementUse(int userOid, @Nullable Long queryId, String text, long calls, long micros, long minMicros, long maxMicros, long rows) {}

  List<StatementUse> statements();

  record DatabaseUse(int sessionsOpen, long commits, long rollbacks, long deadlocks, long sessions, long sessionMicros, long killed, long sinceMicros) {}

  DatabaseUse database();

  /// Counts by relation oid, with the indexes of [io.heliosdb.nano.execute.TableUsage].
  Map<Integer, long[]> usage();

  record Prepared(String name, String statement, long prepareTime, List<Integer> parameterTypes, boolean fromSql) {}

  List<Prepared> preparedStatements();

  record Cursor(String name, String statement, boolean holdable, boolean binary, boolean scrollable, long creationTime) {}

  List<Cursor> cursors();

  /// One branch; `parent` and `forkScn` null for a root. Sizes are those of what the branch has of its own.
  record Branch(String name, int id, @Nullable String parent, @Nullable Long forkScn, long createdMicros, String status, long bytes, long changedRows,
      String owner, List<String> options) {}

  List<Branch> branches();

  /// One commit; `user` and `branch` null when they are gone.
  record Commit(long scn, long timeMicros, long transactionId, @Nullable String user, @Nullable String branch) {}

  /// A conflict of the last merge of two branches.
  record Conflict(String source, String target, String kind, String table, @Nullable String key, @Nullable String column, @Nullable String base,
      @Nullable String branchValue, @Nullable String targetValue) {}

  List<Conflict> mergeConflicts();

  /// All commits in order, read as they are asked for.
  java.util.Iterator<Commit> commits();

  /// Last value and whether it was used.
  long[] sequenceState(Relation.Sequence sequence);

  /// Live rows as far as known.
  double rowCount(Relation.Table table);

  /// What was changed in a table since the database was opened.
  ///
  /// @param analyzed, autoAnalyzed moments, 0 for never
  record TableChanges(long inserted, long updated, long deleted, long sinceAnalyze, long analyzed, long autoAnalyzed) {}

  TableChanges changes(Relation.Table table);

  /// Text functions of the catalog, as `pg_get_…def` print them.
  String indexDefinition(Relation.Index index);

  /// The events that a relation takes without its triggers, as bits: 4 UPDATE, 8 INSERT, 16 DELETE.
  int updatableEvents(Relation relation);

  boolean isColumnUpdatable(Relation relation, int attnum);

  /// The events for which the view has INSTEAD OF triggers, as the same bits.
  int triggerEvents(Relation.View view);

  String viewDefinition(Relation view, String definition);

  /// @param qualified the relation's name with its schema
  String ruleDefinition(io.heliosdb.nano.catalog.Catalog.Rule rule, Relation relation, String qualified);

  /// A stored expression as `pg_get_expr` shows it.
  String expression(String stored, Relation relation);
}
