package io.heliosdb.nano.session;

import io.heliosdb.nano.analyze.Definitions;
import io.heliosdb.nano.analyze.ExpressionBinder;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.SearchPath;
import io.heliosdb.nano.catalog.ddl.ObjectDescriptions;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.function.MonitorServices;
import io.heliosdb.nano.function.ServerFiles;
import io.heliosdb.nano.function.SessionServices;
import io.heliosdb.nano.function.VersionServices;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The services of a session that SQL functions call.
final class SessionFunctions implements SessionServices {
  private static final int CHANNEL_BYTES_MAX = 63;
  private static final int PAYLOAD_BYTES_MAX = 8000;

  private static final int INDEX_KEY_BYTES = 16;

  private final SessionCore session;
  private final SessionVersions versions;

  SessionFunctions(SessionCore session) {
    this.session = session;
    this.versions = new SessionVersions(session);
  }

  @Override
  public long nextSequenceValue(int sequenceOid) {
    return session.sequences().next(sequenceOid);
  }

  @Override
  public long currentSequenceValue(int sequenceOid) {
    return session.sequences().current(sequenceOid);
  }

  @Override
  public long lastSequenceValue() {
    return session.sequences().last();
  }

  @Override
  public void setSequenceValue(int sequenceOid, long value, boolean isCalled) {
    session.sequences().set(sequenceOid, value, isCalled);
  }

  @Override
  public @Nullable String setting(String name, boolean missingOk) {
    return SettingStatements.show(session, name, missingOk);
  }

  @Override
  public void setSetting(String name, @Nullable String value, boolean local) {
    SettingStatements.set(session, name, value, local);
  }

  @Override
  public String sessionUser() {
    return session.sessionUser().name();
  }

  @Override
  public String currentUser() {
    return session.currentRole().name();
  }

  @Override
  public int currentUserOid() {
    return session.currentRole().oid();
  }

  @Override
  public String databaseName() {
    return session.database();
  }

  @Override
  public String branchName() {
    return session.branchState().name();
  }

  @Override
  public int backendPid() {
    return session.pid();
  }

  @Override
  public long currentTransactionId() {
    return session.transactions().current().xid();
  }

  @Override
  public long currentTransactionIdIfAssigned() {
    return session.transactions().current().xidIfAssigned();
  }

  @Override
  public long currentScn() {
    return session.engine().system().visibleScn();
  }

  @Override
  public String exportSnapshot() {
    return session.engine().exportedSnapshots().export(session);
  }

  @Override
  public @Nullable String clientAddress() {
    return session.activity().origin() == SessionActivity.Origin.NETWORK ? session.activity().clientAddress() : null;
  }

  @Override
  public String transactionSnapshot() {
    return SessionTransactionIds.snapshot(session);
  }

  @Override
  public @Nullable String transactionStatus(long transactionId) {
    return SessionTransactionIds.status(session, transactionId);
  }

  @Override
  public long nextTransactionId() {
    return session.engine().system().transactionIds().next();
  }

  @Override
  public @Nullable Long commitMicros(long transactionId) {
    return SessionTransactionIds.commitMicros(session, transactionId);
  }

  @Override
  public long @Nullable [] lastCommit() {
    return SessionTransactionIds.lastCommit(session);
  }

  @Override
  public ServerFiles files() {
    return new SessionFiles(session);
  }

  @Override
  public SearchPath searchPath(Catalog catalog) {
    return catalog == session.catalog() ? session.searchPath() : SearchPath.of(
        SearchPath.parse(session.settings().get("search_path")), catalog, session.currentRole().name(), session.temporaryNamespace());
  }

  @Override
  public @Nullable String describeObject(int classOid, int objectOid, int subId) {
    String text = new ObjectDescriptions(session.catalog(), session.searchPath())
        .describe(new Catalog.ObjectAddress(classOid, objectOid, subId));
    return text.equals("object " + Integer.toUnsignedString(objectOid)) ? null : text;
  }

  @Override
  public io.heliosdb.nano.function.LargeObjects largeObjects() {
    return session.largeObjects();
  }

  @Override
  public VersionServices versions() {
    return versions;
  }

  @Override
  public boolean advisoryLock(long key, boolean twoKeys, boolean shared, boolean transactionScoped, boolean wait) {
    return transactionScoped
        ? session.transactions().current().advisoryLock(key, twoKeys, shared, wait)
        : session.txnSession().advisoryLock(key, twoKeys, shared, wait);
  }

  @Override
  public boolean advisoryUnlock(long key, boolean twoKeys, boolean shared) {
    boolean held = session.txnSession().advisoryUnlock(key, twoKeys, shared);
    if (!held) {
      session.notice(Notice.warning(SqlState.WARNING, "you don't own a lock of type " + (shared ? "ShareLock" : "ExclusiveLock")));
    }
    return held;
  }

  @Override
  public void advisoryUnlockAll() {
    session.txnSession().advisoryUnlockAll();
  }

  @Override
  public MonitorServices monitor() {
    return new SessionMonitor(session);
  }

  @Override
  public List<Integer> blockingPids(int pid) {
    return session.engine().blockingPids(pid);
  }

  @Override
  public void notifyChannel(String channel, String payload) {
    if (channel.isEmpty()) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "channel name cannot be empty");
    }
    if (channel.length() > CHANNEL_BYTES_MAX) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "channel name too long");
    }
    if (payload.length() >= PAYLOAD_BYTES_MAX) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "payload string too long");
    }
    session.engine().notifications().send(session, channel, payload);
  }

  @Override
  public List<String> listeningChannels() {
    return session.engine().notifications().channels(session);
  }

  @Override
  public NestedResult runNested(String sql, List<@Nullable Object> parameters, List<Integer> parameterTypes) {
    return NestedStatements.run(session, sql, parameters, parameterTypes);
  }

  @Override
  public long databaseBytes() {
    return session.engine().system().store().usedBytes();
  }

  @Override
  public long startTimestampMicros() {
    return session.engine().startMicros();
  }

  @Override
  public String currentQuery() {
    return session.activity().query();
  }

  @Override
  public String versionText() {
    return ProductVersion.description();
  }

  @Override
  public void sleepMillis(long millis) {
    var access = session.queries().callContext().access();
    if (access != null) {
      access.releaseReader();
    }
    session.activity().sleeping(true);
    try {
      session.cancelToken().sleep(millis * 1_000_000L);
    } finally {
      session.activity().sleeping(false);
    }
  }

  @Override
  public String expressionText(String stored, int relationOid, boolean pretty) {
    return deparsed(stored, relationOid == 0 ? null : session.catalog().relation(relationOid), ExpressionBinder.Use.CHECK_CONSTRAINT, pretty);
  }

  @Override
  public String triggerConditionText(String stored, int relationOid, boolean pretty) {
    return deparsed(stored, session.catalog().relation(relationOid), ExpressionBinder.Use.TRIGGER_WHEN, pretty);
  }

  @Override
  public String domainCheckText(String stored, io.heliosdb.nano.type.PgType domain, boolean pretty) {
    try {
      return Definitions.domainCheck(stored, domain, session.queries().analyzerContext(List.of()), pretty);
    } catch (SqlException e) {
      return stored;
    }
  }

  /// Text that does not bind any more (what it names is gone) is shown as it is kept.
  private String deparsed(String stored, @Nullable Relation relation, ExpressionBinder.Use use, boolean pretty) {
    try {
      return Definitions.expression(stored, relation, use, session.queries().analyzerContext(List.of()), pretty);
    } catch (SqlException e) {
      // A policy may hold sub-queries, which most other expressions may not.
      return use == ExpressionBinder.Use.POLICY || relation == null ? stored : deparsed(stored, relation, ExpressionBinder.Use.POLICY, pretty);
    }
  }

  @Override
  public String viewText(Relation view, String definition, boolean pretty) {
    try {
      return Definitions.view(definition, view.columns(), session.queries().analyzerContext(List.of()), pretty);
    } catch (SqlException e) {
      return definition + ";";
    }
  }

  @Override
  public int updatableEvents(int relationOid, boolean triggers) {
    return io.heliosdb.nano.analyze.UpdatableRelations.events(
        session.catalog().relation(relationOid), triggers, session.queries().analyzerContext(List.of()));
  }

  @Override
  public boolean isColumnUpdatable(int relationOid, int attnum, boolean triggers) {
    return io.heliosdb.nano.analyze.UpdatableRelations.column(
        session.catalog().relation(relationOid), attnum, triggers, session.queries().analyzerContext(List.of()));
  }

  @Override
  public String ruleText(io.heliosdb.nano.catalog.Catalog.Rule rule, Relation relation, String qualified) {
    return io.heliosdb.nano.analyze.RuleDefinitions.write(rule, relation, qualified, session.queries().analyzerContext(List.of()));
  }

  /// An estimate from the statistics: rows are not kept in files of their own.
  @Override
  public long relationBytes(int relationOid) {
    Relation relation = session.catalog().relation(relationOid);
    int tableOid = relation instanceof Relation.Index index ? index.tableOid() : relationOid;
    Catalog.TableStatistics statistics = session.catalog().statistics(tableOid);
    double rowBytes = relation instanceof Relation.Index index ? INDEX_KEY_BYTES * index.keys().size() : statistics.averageRowBytes();
    return statistics.rows() <= 0 ? 0 : (long) (statistics.rows() * rowBytes);
  }

  @Override
  public @Nullable Long storedSequenceValue(int sequenceOid) {
    if (!(session.catalog().relation(sequenceOid) instanceof Relation.Sequence sequence)) {
      return null;
    }
    long[] state = session.sequences().state(sequence);
    return state[1] == 0 ? null : (Long) state[0];
  }
}
