package io.heliosdb.nano.persistence.dump;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.Relation.Table;
import io.heliosdb.nano.catalog.store.Bootstrap;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.lock.TableLockMode;
import io.heliosdb.nano.persistence.dump.format.SchemaEntry;
import io.heliosdb.nano.persistence.dump.schema.Definitions;
import io.heliosdb.nano.persistence.dump.schema.SchemaScript;
import io.heliosdb.nano.session.DatabaseEngine;
import io.heliosdb.nano.session.ResultSink;
import io.heliosdb.nano.session.Session;
import io.heliosdb.nano.session.SessionWork;
import io.heliosdb.nano.storage.CounterKey;
import io.heliosdb.nano.storage.CounterWrite;
import io.heliosdb.nano.storage.ReadView;
import io.heliosdb.nano.storage.Store;
import io.heliosdb.nano.storage.StoreReader;
import io.heliosdb.nano.type.IoContext;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/// A consistent state of a database to dump: a read-only REPEATABLE READ transaction that holds ACCESS SHARE locks on the tables, so that
/// writers go on and definitions stay.
///
/// Rows are read from the store as of the snapshot, not through the session: the session stays idle and only keeps snapshot and locks until
/// [#close]. Confined to one thread, except what it hands out.
final class DumpSession implements AutoCloseable {
  /// The engine's number under which a database keeps its random identity.
  private static final CounterKey IDENTITY = CounterKey.engine(1001);

  private static final List<String> SETTINGS =
      List.of("SET search_path = ''", "SET DateStyle = 'ISO, YMD'", "SET IntervalStyle = 'postgres'", "SET TimeZone = 'UTC'", "SET extra_float_digits = 1",
          "SET bytea_output = 'hex'", "SET statement_timeout = 0", "SET row_security = off", "SET client_min_messages = error");

  private final DatabaseEngine engine;
  private final Session session;
  private final String holdName = "dump " + System.identityHashCode(this) + " " + System.nanoTime();
  private final CatalogSnapshot catalog;
  private final ReadView view;
  private final int branchId;
  private final long scn;
  private final IoContext io;
  private final List<SchemaEntry> schema;
  private final List<Table> tables;

  /// @param asOf a moment as `AS OF` takes it, null for now
  static DumpSession open(DatabaseEngine engine, String branch, @org.jspecify.annotations.Nullable String asOf) {
    Session session = engine.openEmbeddedSession(branch);
    try {
      return new DumpSession(engine, session, asOf);
    } catch (RuntimeException | Error e) {
      session.close();
      throw e;
    }
  }

  private record State(CatalogSnapshot catalog, ReadView view, int branchId, long scn, IoContext io) {}

  private DumpSession(DatabaseEngine engine, Session session, @org.jspecify.annotations.Nullable String asOf) {
    this.engine = engine;
    this.session = session;
    prepare(session);
    session.simpleQuery("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", ResultSink.NONE);
    State state = session.work(DumpSession::lockAndTakeSnapshot);
    if (asOf != null) {
      long scn = asOf(session, asOf);
      state = session.work(work -> earlier(work, scn));
    }
    catalog = state.catalog();
    branchId = state.branchId();
    scn = state.scn();
    view = state.view().asOf(scn);
    io = state.io();
    tables = tables(catalog);
    if (asOf != null) {
      holdHistory(scn);
      if (!historyReaches(scn)) {
        engine.releaseHistory(holdName);
        throw new SqlException(SqlState.SNAPSHOT_TOO_OLD, "history has been trimmed behind commit " + scn).withHint("See retention_days.");
      }
    }
    schema = session.work(work -> SchemaScript.of(catalog, work.io().types(), definitions(work), work::sequenceState));
  }

  /// Formats and names as files need them: independent of where they are read.
  static void prepare(Session session) {
    SETTINGS.forEach(setting -> session.simpleQuery(setting, ResultSink.NONE));
  }

  private static State lockAndTakeSnapshot(SessionWork work) {
    Set<Integer> locked = new HashSet<>();
    boolean more = true;
    // A table may come while others are waited for.
    while (more) {
      more = false;
      for (Table table : tables(work.catalog())) {
        if (locked.add(table.oid())) {
          work.access().lockTable(Integer.toUnsignedLong(table.oid()), TableLockMode.ACCESS_SHARE, false);
          more = true;
        }
      }
    }
    long scn = work.access().snapshotScn();
    CatalogSnapshot catalog = work.catalog();
    return new State(catalog, work.readView(), work.branchId(), scn, work.io().toBuilder().types(catalog).build());
  }

  /// The database as it was: definitions of that time, which must not differ for the tables that are read.
  private static State earlier(SessionWork work, long scn) {
    CatalogSnapshot catalog = work.catalogAsOf(scn);
    return new State(catalog, work.readView(), work.branchId(), scn, work.io().toBuilder().types(catalog).build());
  }

  private static long asOf(Session session, String moment) {
    String text = moment.strip();
    String upper = text.toUpperCase(java.util.Locale.ROOT);
    Store store = store(session);
    if (upper.startsWith("SCN ")) {
      try {
        long scn = Long.parseLong(text.substring(4).strip());
        if (scn < 0 || scn > store.visibleScn()) {
          throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "SCN " + scn + " is in the future");
        }
        return scn;
      } catch (NumberFormatException e) {
        throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid SCN: \"" + text.substring(4).strip() + "\"");
      }
    }
    String literal = upper.startsWith("TIMESTAMP ") ? text.substring(10).strip() : "'" + text.replace("'", "''") + "'";
    Long micros = session.work(work -> Long.valueOf(work.text("SELECT (extract(epoch FROM " + checkedLiteral(literal) + "::timestamptz - '2000-01-01 00:00:00+00'::timestamptz) * 1000000)::bigint")));
    return store.scnAtTime(micros);
  }

  private static String checkedLiteral(String literal) {
    if (!literal.matches("'([^']|'')*'")) {
      throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid moment: " + literal);
    }
    return literal;
  }

  private static Store store(Session session) {
    return session.work(work -> work.store());
  }

  static List<Table> tables(Catalog catalog) {
    List<Table> tables = new ArrayList<>();
    for (Relation relation : catalog.relations()) {
      if (relation instanceof Table table && table.kind() == 'r' && !table.isTemporary() && Integer.compareUnsigned(table.oid(), Bootstrap.FIRST_USER_OID) >= 0) {
        tables.add(table);
      }
    }
    tables.sort(Comparator.comparing(Table::oid, Integer::compareUnsigned));
    return tables;
  }

  private static Definitions definitions(SessionWork work) {
    return new Definitions() {
      @Override
      public String expression(String stored, int relationOid) {
        return work.expression(stored, relationOid);
      }

      @Override
      public String call(String function, int oid) {
        String text = work.text("SELECT pg_catalog." + function + "(" + Integer.toUnsignedString(oid) + "::oid)");
        if (text == null) {
          throw new SqlException(SqlState.INTERNAL_ERROR, function + "(" + Integer.toUnsignedString(oid) + ") gives nothing");
        }
        return text;
      }
    };
  }

  // ---- what is dumped ----

  Store store() {
    return engine.system().store();
  }

  DatabaseEngine engine() {
    return engine;
  }

  CatalogSnapshot catalog() {
    return catalog;
  }

  /// What a reader of the store sees of the dump's state.
  ReadView view() {
    return view;
  }

  int branchId() {
    return branchId;
  }

  /// The last commit that is in the dump.
  long scn() {
    return scn;
  }

  IoContext io() {
    return io;
  }

  List<SchemaEntry> schema() {
    return schema;
  }

  /// The tables that have rows, in oid order: neither partitioned ones nor views.
  List<Table> tables() {
    return tables;
  }

  String schemaName(Table table) {
    Catalog.Namespace namespace = catalog.namespace(table.namespaceOid());
    return namespace == null ? "" : namespace.name();
  }

  /// The random number that tells this database from others, made on first need.
  long databaseId() {
    Store store = store();
    OptionalLong known = store.readCounter(IDENTITY);
    if (known.isPresent()) {
      return known.getAsLong();
    }
    long id = new SecureRandom().nextLong() >>> 1;
    store.writeCounter(CounterWrite.set(IDENTITY, id), true);
    return id;
  }

  long estimatedRows(Table table) {
    return (long) Math.max(0, catalog.statistics(table.oid()).rows());
  }

  // ---- history ----

  /// Keeps the history behind a commit from being trimmed until [#close]. What is gone already, [#historyReaches] tells.
  void holdHistory(long scnToKeep) {
    engine.holdHistory(holdName, () -> scnToKeep);
  }

  /// Whether nothing of the tables has been trimmed that was there or happened after a commit.
  boolean historyReaches(long past) {
    try (StoreReader reader = store().acquireReader()) {
      Map<CounterKey, Long> starts = reader.historyStarts();
      long general = starts.getOrDefault(CounterKey.historyStart(branchId, 0), 0L);
      return tables.stream().allMatch(table -> starts.getOrDefault(CounterKey.historyStart(branchId, table.storageId()), general) <= past);
    }
  }

  @Override
  public void close() {
    engine.releaseHistory(holdName);
    session.close();
  }
}
