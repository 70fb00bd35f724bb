package io.heliosdb.nano.session;

import io.heliosdb.nano.DatabaseConfig;
import io.heliosdb.nano.catalog.BranchEntry;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.CatalogBuilder;
import io.heliosdb.nano.catalog.CatalogSnapshot;
import io.heliosdb.nano.catalog.ddl.DataWork;
import io.heliosdb.nano.catalog.store.Bootstrap;
import io.heliosdb.nano.catalog.store.BranchRows;
import io.heliosdb.nano.catalog.store.CatalogStore;
import io.heliosdb.nano.catalog.store.SharedCatalog;
import io.heliosdb.nano.catalog.system.StandardObjects;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.spill.SpillStore;
import io.heliosdb.nano.execute.datawork.EngineDataWork;
import io.heliosdb.nano.execute.dml.DmlPlans;
import io.heliosdb.nano.lock.CancelToken;
import io.heliosdb.nano.lock.Host;
import io.heliosdb.nano.lock.TableLockMode;
import io.heliosdb.nano.storage.Branches;
import io.heliosdb.nano.storage.CounterKey;
import io.heliosdb.nano.storage.ReadView;
import io.heliosdb.nano.storage.Store;
import io.heliosdb.nano.storage.StoreEncryption;
import io.heliosdb.nano.storage.StoreOptions;
import io.heliosdb.nano.storage.StoreReader;
import io.heliosdb.nano.storage.crypto.ApprovedAlgorithms;
import io.heliosdb.nano.storage.crypto.EncryptionKey;
import io.heliosdb.nano.storage.crypto.TransientFile;
import io.heliosdb.nano.txn.EngineOptions;
import io.heliosdb.nano.txn.EngineSystem;
import io.heliosdb.nano.txn.SessionEnvironment;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.txn.Transaction;
import io.heliosdb.nano.txn.TransactionOptions;
import io.heliosdb.nano.txn.TxnSession;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgTypes;
import io.heliosdb.nano.type.TypeIo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One open database: store, transactions, catalogs, plan cache and the sessions on it. All front ends open their sessions here.
///
/// One instance per data directory in a process, counted: the last [#close] ends it. Thread-safe.
public final class DatabaseEngine implements AutoCloseable {
  private static final int PLAN_CACHE_ENTRIES = 4096;
  private static final String FIPS = "heliosdb.fips";
  private static final String MEMORY_LIMIT = "heliosdb.encryption_memory_limit";
  private static final long POSTGRES_EPOCH_SECONDS = 946_684_800L;
  private static final Map<Path, DatabaseEngine> OPEN = new HashMap<>();

  private final Host host;
  private final EngineSystem system;
  private final @Nullable Path directory;
  private final String databaseName = "heliosdb";
  private final SharedCatalog catalogs;
  private final PlanCache planCache = new PlanCache(PLAN_CACHE_ENTRIES);
  private final ExportedSnapshots exportedSnapshots = new ExportedSnapshots();
  private final Map<PlanEnvironment, PlanEnvironment> environments = new ConcurrentHashMap<>();
  private final SessionRegistry sessions = new SessionRegistry(this);
  private final Notifications notifications = new Notifications();
  private final Timeouts timeouts;
  private final PrivilegeChecks privileges = new PrivilegeChecks();
  private final UserLimits userLimits;
  private final DirtyState dirtyState;
  private final @Nullable AuditLog audit;
  private final UsageTotals usageTotals = new UsageTotals();
  private final StatementStatistics statistics = new StatementStatistics();
  private final BranchStatements branches;
  private final BranchRegistry branchRegistry;
  private final Housekeeper housekeeper = new Housekeeper();
  private final HeapGuard heapGuard = new HeapGuard(this);
  private final HistoricCatalogs historicCatalogs;
  private final HistoryKeeper historyKeeper;
  private final MergeStatement.Conflicts mergeConflicts = new MergeStatement.Conflicts();
  private final Routines routines = new Routines();
  private final CopyActivity copies = new CopyActivity();
  private final ArchiveActivity archives = new ArchiveActivity(this::clockMicros);
  private final TableAnalysis tableAnalysis = new TableAnalysis();
  private final TableActivity activity = new TableActivity(this);
  private final DmlPlans dmlPlans = new DmlPlans();
  private final Map<String, Settings.Value> settingDefaults = new HashMap<>();
  private final List<String> databaseAliases;
  private final long startMicros;
  private int references = 1;
  private volatile boolean closed;

  private DatabaseEngine(@Nullable Path directory, DatabaseConfig config, StoreOptions store, Host host) {
    this.directory = directory;
    this.host = host;
    this.timeouts = new Timeouts(host);
    this.startMicros = clockMicros();
    this.system = EngineSystem.open(new EngineOptions(store, host, config.isBrief()));
    this.catalogs = new SharedCatalog(this::loadCatalog);
    this.branchRegistry = new BranchRegistry(catalogs);
    this.historyKeeper = new HistoryKeeper(this, system.store());
    this.historicCatalogs = new HistoricCatalogs(system.store(), (reader, view) -> CatalogStore.load(reader, view, standardObjects()));
    this.branches = new BranchStatements(this);
    boolean opened = false;
    try {
      loadBranches();
      bootstrap(config);
      applyConfig(config);
      housekeeper.every(serverSetting("heliosdb.compact_interval_hours"), "trimming history", () -> historyKeeper.compact());
      Settings initial = new Settings(settingDefaults);
      this.userLimits = new UserLimits(initial);
      this.audit = AuditLog.of(initial);
      this.dirtyState = new DirtyState(system, directory == null);
      this.databaseAliases = List.of(initial.get("heliosdb.database_aliases").split(" *, *"));
      opened = true;
    } finally {
      if (!opened) {
        system.close();
      }
    }
  }

  public static DatabaseEngine openInMemory(DatabaseConfig config) {
    return openInMemory(config, Host.SYSTEM);
  }

  /// The same on a clock and threads other than the machine's.
  public static DatabaseEngine openInMemory(DatabaseConfig config, Host host) {
    requireApproved(config);
    return new DatabaseEngine(null, config, StoreOptions.inMemory().withClock(() -> micros(host.instant())), host);
  }

  /// @throws SqlException 58P01, 42501, 55006 or 58030 when the directory cannot be used
  public static DatabaseEngine open(Path directory, DatabaseConfig config) {
    synchronized (OPEN) {
      Path key = realPath(directory);
      DatabaseEngine open = OPEN.get(key);
      StoreOptions store = storeOptions(key, config);
      if (open != null) {
        // Refuses who has not the key of a database that is open already.
        Store.open(store).close();
        open.references++;
        return open;
      }
      DatabaseEngine engine = new DatabaseEngine(key, config, store, Host.SYSTEM);
      OPEN.put(key, engine);
      return engine;
    }
  }

  private static StoreOptions storeOptions(Path directory, DatabaseConfig config) {
    EncryptionKey key = config.encryptionKey();
    StoreOptions store = StoreOptions.onDisk(directory).withFips(requireApproved(config));
    if (key == null) {
      return store;
    }
    SpillStore.sealFromNowOn();
    TransientFile.keepInMemoryFromNowOn();
    long memoryBytesMax = Long.parseLong(config.settings().getOrDefault(MEMORY_LIMIT, "0"));
    return store.withEncryption(new StoreEncryption(key, memoryBytesMax == 0 ? 0 : Math.max(memoryBytesMax, 1 << 20)));
  }

  /// Whether the configuration asks for approved algorithms; if so the process has them from now on.
  private static boolean requireApproved(DatabaseConfig config) {
    String value = config.settings().get(FIPS);
    boolean required = value != null && SettingValues.canonical(SettingDefinitions.find(FIPS), value).equals("on");
    if (required) {
      ApprovedAlgorithms.require();
    }
    return required;
  }

  /// The path without links, also for a directory that is still to be made: two names of one directory must not become two engines.
  private static Path realPath(Path directory) {
    Path absolute = directory.toAbsolutePath().normalize();
    Path existing = absolute;
    while (existing.getParent() != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    try {
      return existing.toRealPath().resolve(existing.relativize(absolute)).normalize();
    } catch (IOException e) {
      throw new SqlException(SqlState.IO_ERROR, "could not open data directory \"" + directory + "\": " + e.getMessage(), e);
    }
  }

  // ---- start ----

  private CatalogSnapshot loadCatalog(int branch) {
    try (StoreReader reader = system.store().acquireReader()) {
      return CatalogStore.load(reader, readView(branch), standardObjects());
    }
  }

  CatalogSnapshot catalogAsOf(BranchState branch, long scn) {
    try (StoreReader reader = system.store().acquireReader()) {
      return CatalogStore.load(reader, branch.readView().asOf(scn), standardObjects());
    }
  }

  /// The catalog that a view shows.
  CatalogSnapshot loadCatalogAt(ReadView view) {
    try (StoreReader reader = system.store().acquireReader()) {
      return CatalogStore.load(reader, view, standardObjects());
    }
  }

  private static final class BuiltinHolder {
    static final StandardObjects OBJECTS = StandardObjects.get();
  }

  /// The built-in objects, the same for every database of this process.
  private static StandardObjects standardObjects() {
    return BuiltinHolder.OBJECTS;
  }

  private ReadView readView(int branch) {
    BranchState state = branch == Branches.MAIN ? null : branchRegistry.byId(branch);
    if (state == null && branch != Branches.MAIN) {
      throw new SqlException(SqlState.INVALID_CATALOG_NAME, "branch " + branch + " does not exist");
    }
    return state == null ? ReadView.MAIN_NEWEST : state.readView();
  }

  /// The newest catalogs of the branches there are; a branch that is dropped meanwhile is left out.
  Map<BranchState, CatalogSnapshot> branchCatalogs() {
    Map<BranchState, CatalogSnapshot> catalogs = new LinkedHashMap<>();
    for (BranchState branch : branchRegistry.all()) {
      try {
        catalogs.put(branch, branch.catalog());
      } catch (SqlException e) {
        if (branchRegistry.byId(branch.id()) != null) {
          throw e;
        }
      }
    }
    return catalogs;
  }

  /// Reads the relation of branches, makes the entry of `main` in a new database, and goes on with freeing what was dropped.
  private void loadBranches() {
    system.store().raiseCounter(CounterKey.BRANCH, Branches.FIRST_USER_BRANCH);
    List<BranchEntry> entries;
    Set<Integer> stored;
    try (StoreReader reader = system.store().acquireReader()) {
      entries = BranchRows.load(reader);
      stored = reader.branches();
    }
    if (entries.isEmpty()) {
      BranchEntry main = new BranchEntry(
          Branches.MAIN, BranchRegistry.MAIN, BranchEntry.NO_PARENT, 0, startMicros, Bootstrap.SUPERUSER, BranchEntry.State.ACTIVE, Map.of(), Map.of());
      inOwnTransaction(access -> BranchRows.insert(access, main));
      entries = List.of(main);
    }
    branchRegistry.load(entries);
    for (BranchEntry entry : entries) {
      stored.remove(entry.id());
      if (entry.state() == BranchEntry.State.FREEING) {
        freeBranch(entry.id());
      }
    }
    // A crash may have undone the freeing, which is not logged, of a branch whose row had gone.
    stored.stream().filter(Branches::isOverlay).forEach(id -> housekeeper.submit("freeing branch " + id, () -> system.store().freeBranch(id)));
  }

  /// Runs work of the database itself in a transaction of its own.
  void inOwnTransaction(Consumer<StatementAccess> work) {
    try (TxnSession session = system.openSession(0, databaseOid(), SessionEnvironment.DEFAULT, new CancelToken())) {
      Transaction transaction = session.begin(TransactionOptions.DEFAULT);
      try (StatementAccess access = transaction.beginCommand()) {
        work.accept(access);
      }
      transaction.commit();
    }
  }

  /// Gives back the space of a dropped branch in the background, then that of nameless parents that only it needed.
  void freeBranch(int id) {
    housekeeper.submit("freeing branch " + id, () -> {
      system.store().freeBranch(id);
      BranchState freed = branchRegistry.byId(id);
      int parent = freed == null ? BranchEntry.NO_PARENT : freed.entry().parentId();
      BranchEntry[] next = new BranchEntry[1];
      inOwnTransaction(access -> {
        if (parent != BranchEntry.NO_PARENT) {
          access.transaction().lockObject(BranchRows.CLASS_OID, parent, TableLockMode.EXCLUSIVE, false);
        }
        BranchRows.delete(access, id);
        List<BranchEntry> entries = BranchRows.load(access);
        boolean isNeeded = entries.stream().anyMatch(entry -> entry.parentId() == parent);
        for (BranchEntry entry : entries) {
          if (entry.id() == parent && entry.state() == BranchEntry.State.ORPHANED && !isNeeded) {
            next[0] = entry.withState(BranchEntry.State.FREEING);
            BranchRows.update(access, next[0]);
          }
        }
      });
      branchRegistry.remove(id);
      if (next[0] != null) {
        branchRegistry.publish(next[0]);
        freeBranch(parent);
      }
    });
  }

  /// Gives a new database its first roles, schemas and objects.
  private void bootstrap(DatabaseConfig config) {
    if (!catalogs.current(Branches.MAIN).roles().isEmpty()) {
      return;
    }
    CatalogBuilder builder = catalogs.begin(Branches.MAIN);
    Bootstrap.fill(builder, config.superuser().equals("heliosdb") ? "postgres" : config.superuser(), databaseName);
    inOwnTransaction(access -> {
      for (CatalogBuilder.Change change : builder.changes()) {
        CatalogStore.write(change, new AccessRowWriter(access), builder.current());
      }
    });
    catalogs.publish(Branches.MAIN, builder.changes());
  }

  private void applyConfig(DatabaseConfig config) {
    config
        .settings()
        .forEach(
            (name, value) -> {
              SettingDefinition definition = SettingDefinitions.find(name);
              if (definition == null) {
                throw Settings.unknown(name);
              }
              String canonical = SettingRules.check(definition, SettingValues.canonical(definition, value));
              Settings.Origin origin = config.origins().getOrDefault(name, Settings.Origin.of(Settings.Source.COMMAND_LINE));
              settingDefaults.put(name.toLowerCase(Locale.ROOT), new Settings.Value(canonical, origin));
            });
    if (!config.synchronousCommit()) {
      settingDefaults.put("synchronous_commit", new Settings.Value("off", Settings.Source.COMMAND_LINE));
    }
    settingDefaults.put("heliosdb.encryption", new Settings.Value(system.store().encryptionKey() == null ? "off" : "on", Settings.Source.DEFAULT));
    if (directory != null) {
      settingDefaults.put("data_directory", new Settings.Value(directory.toString(), Settings.Source.DEFAULT));
    }
  }

  // ---- sessions ----

  /// A session for a network client that has been authenticated.
  ///
  /// @param parameters of the start-up message: settings, `options`, `database` as `name` or `name@branch`
  /// @throws SqlException 3D000 unknown database or branch, 28000 role gone, 22023 bad setting, 53300 too many connections of the role
  public Session openSession(String user, String database, Map<String, String> parameters, String clientAddress) {
    checkOpen();
    return sessions.openForClient(user, database, parameters, clientAddress);
  }

  /// A session for an embedded program, as the database's superuser.
  public Session openEmbeddedSession(String branchName) {
    checkOpen();
    return sessions.openForOwner(branchName);
  }

  /// A session for an embedded program on behalf of a user, who counts against the user's limits.
  ///
  /// @throws SqlException 28000 no such role, or it may not log in; 53300 too many sessions
  public Session openUserSession(String user) {
    checkOpen();
    return sessions.openForUser(user);
  }

  /// A session that works for another one on a branch, with its user, role and settings. Not listed; closed by its maker.
  SessionCore openWorker(SessionCore master, BranchState branch) {
    return sessions.openWorker(master, branch);
  }

  void sessionClosed(Session session) {
    sessions.closed(session);
  }

  /// A CancelRequest; does nothing when pid and secret do not belong together.
  public void cancel(int pid, int secret) {
    sessions.cancel(pid, secret);
  }

  /// Ends a session; false when there is none.
  boolean terminate(int pid, SqlException why) {
    Session session = sessions.find(pid);
    if (session != null) {
      session.terminate(why);
    }
    return session != null;
  }

  void checkDatabase(String name, String user, BranchState branch) {
    boolean alias = name.equals(databaseName) || name.equals("postgres") || name.equals(user) || !name.isEmpty() && databaseAliases.contains(name)
        || directory != null && directory.getFileName() != null && name.equals(directory.getFileName().toString());
    if (!alias && branch.catalog().databases().stream().noneMatch(database -> database.name().equals(name))) {
      throw new SqlException(SqlState.INVALID_CATALOG_NAME, "database \"" + name + "\" does not exist")
          .withHint("This server has one database, \"" + databaseName + "\"; a branch of it is chosen as \"" + databaseName + "@branch\".");
    }
  }

  Map<String, Settings.Value> settingDefaults() {
    return settingDefaults;
  }

  String databaseName() {
    return databaseName;
  }

  Catalog mainCatalog() {
    return catalogs.current(Branches.MAIN);
  }

  @Nullable Session session(int pid) {
    return sessions.find(pid);
  }

  public Collection<Session> sessions() {
    return sessions.all();
  }

  public Catalog.@Nullable Role findRole(String name) {
    return catalogs.current(Branches.MAIN).role(name);
  }

  /// Whether the role's password has stopped working (`VALID UNTIL`).
  public boolean isPasswordExpired(Catalog.Role role) {
    return role.validUntil() != null && (Long) TypeIo.parse(PgTypes.TIMESTAMPTZ, -1, role.validUntil(), IoContext.DEFAULT) < clockMicros();
  }

  /// The value that a whole-number setting has for the server itself, in the setting's unit.
  public int serverSetting(String name) {
    return new Settings(settingDefaults).integer(name);
  }

  boolean cancelBackend(int pid) {
    Session session = sessions.find(pid);
    if (session != null) {
      session.cancel();
    }
    return session != null;
  }

  boolean terminateBackend(int pid) {
    return terminate(pid, new SqlException(SqlState.ADMIN_SHUTDOWN, "terminating connection due to administrator command"));
  }

  List<Integer> blockingPids(int pid) {
    return system.locks().blockingPids(pid);
  }

  // ---- parts ----

  public EngineSystem system() {
    return system;
  }

  long databaseOid() {
    return Bootstrap.DATABASE_OID;
  }

  PlanCache planCache() {
    return planCache;
  }

  PlanEnvironment intern(PlanEnvironment environment) {
    PlanEnvironment known = environments.putIfAbsent(environment, environment);
    if (environments.size() > 10_000) {
      environments.clear();
      planCache.clear();
    }
    return known == null ? environment : known;
  }

  Notifications notifications() {
    return notifications;
  }

  Timeouts timeouts() {
    return timeouts;
  }

  PrivilegeChecks privileges() {
    return privileges;
  }

  /// The audit trail, null when it is off.
  @Nullable AuditLog audit() {
    return audit;
  }

  /// Tells the audit trail that a client was refused.
  public void loginRefused(String user, String client, SqlState why) {
    if (audit != null) {
      audit.session(clockMicros(), 0, user, client, "login", why);
    }
  }

  /// What would be lost if this process ended now.
  public DirtyState dirtyState() {
    return dirtyState;
  }

  UsageTotals usageTotals() {
    return usageTotals;
  }

  StatementStatistics statistics() {
    return statistics;
  }

  BranchStatements branches() {
    return branches;
  }

  BranchRegistry branchRegistry() {
    return branchRegistry;
  }

  HistoryKeeper historyKeeper() {
    return historyKeeper;
  }

  /// Keeps the change log from an SCN on, for a reader of it (a slot), until [#releaseHistory].
  ///
  /// @param oldestScnNeeded asked whenever history is trimmed; nothing younger is removed
  public void holdHistory(String name, LongSupplier oldestScnNeeded) {
    historyKeeper.hold(name, oldestScnNeeded);
  }

  public void releaseHistory(String name) {
    historyKeeper.release(name);
  }

  MergeStatement.Conflicts mergeConflicts() {
    return mergeConflicts;
  }

  HistoricCatalogs historicCatalogs() {
    return historicCatalogs;
  }

  Housekeeper housekeeper() {
    return housekeeper;
  }

  Routines routines() {
    return routines;
  }

  /// The data directory, null in memory.
  public @Nullable Path directory() {
    return directory;
  }

  /// The COPY statements that run.
  public CopyActivity copies() {
    return copies;
  }

  /// The dumps and restores of this database.
  public ArchiveActivity archives() {
    return archives;
  }

  DmlPlans dmlPlans() {
    return dmlPlans;
  }

  TableActivity activity() {
    return activity;
  }

  TableAnalysis tableStatistics() {
    return tableAnalysis;
  }

  SharedCatalog catalogs() {
    return catalogs;
  }

  long startMicros() {
    return startMicros;
  }

  UserLimits userLimits() {
    return userLimits;
  }

  /// The values that sessions begin with, before those of their role and client.
  public Settings initialSettings() {
    return new Settings(settingDefaults);
  }

  CatalogBuilder newCatalogBuilder(BranchState branch) {
    return catalogs.begin(branch.id());
  }

  /// Shows a transaction's catalog changes to all sessions once it has committed, before its locks are released.
  void publishOnCommit(BranchState branch, CatalogBuilder changes, Transaction transaction) {
    List<CatalogBuilder.Change> list = changes.changes();
    transaction.onEnd(
        scn -> {
          if (scn >= 0) {
            catalogs.publish(branch.id(), list);
          }
        });
  }

  DataWork dataWork(SessionDataWorkHost host, StatementAccess access) {
    return new EngineDataWork(host, access);
  }

  /// Microseconds since 2000-01-01 UTC.
  long clockMicros() {
    return micros(host.instant());
  }

  private static long micros(Instant now) {
    return (now.getEpochSecond() - POSTGRES_EPOCH_SECONDS) * 1_000_000L + now.getNano() / 1000;
  }

  private void checkOpen() {
    if (closed) {
      throw new SqlException(SqlState.CONNECTION_DOES_NOT_EXIST, "the database is closed");
    }
  }

  @Override
  public void close() {
    synchronized (OPEN) {
      if (closed || --references > 0) {
        return;
      }
      closed = true;
      if (directory != null) {
        OPEN.remove(directory);
      }
    }
    for (Session session : sessions()) {
      session.terminate(new SqlException(SqlState.ADMIN_SHUTDOWN, "terminating connection due to administrator command"));
      session.close();
    }
    timeouts.close();
    if (audit != null) {
      audit.close();
    }
    heapGuard.close();
    housekeeper.close();
    system.close();
  }

  ExportedSnapshots exportedSnapshots() {
    return exportedSnapshots;
  }
}
