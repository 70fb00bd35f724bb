package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The sessions of one database: who may open one, on which branch and with which settings, and which are open. From any thread.
final class SessionRegistry {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final DatabaseEngine engine;
  private final Map<Integer, Session> sessions = new ConcurrentHashMap<>();

  /// Held while a user's limits are compared with the sessions that are open.
  private final Object admission = new Object();
  private final AtomicInteger nextPid = new AtomicInteger(1000);

  SessionRegistry(DatabaseEngine engine) {
    this.engine = engine;
  }

  @Nullable Session find(int pid) {
    return sessions.get(pid);
  }

  List<Session> all() {
    return List.copyOf(sessions.values());
  }

  /// A session for a network client that has been authenticated.
  ///
  /// @param parameters of the start-up message: settings, `options`, `database` as `name` or `name@branch`
  /// @throws SqlException 3D000 unknown database or branch, 28000 role gone, 22023 bad setting, 53300 too many connections of the role
  Session openForClient(String user, String database, Map<String, String> parameters, String clientAddress) {
    int at = database.indexOf('@');
    String name = at < 0 ? database : database.substring(0, at);
    String branchSetting = StartupParameters.branch(parameters);
    BranchState branch = findBranch(branchSetting != null ? branchSetting : at < 0 ? BranchRegistry.MAIN : database.substring(at + 1));
    Catalog.Role role = branch.catalog().role(user);
    if (role == null) {
      throw new SqlException(SqlState.INVALID_AUTHORIZATION_SPECIFICATION, "role \"" + user + "\" does not exist");
    }
    engine.checkDatabase(name, user, branch);
    Settings settings = new Settings(defaultsFor(role));
    StartupParameters.apply(settings, parameters);
    boolean inProcess = clientAddress.equals("in-process");
    return open(role, name, branch, settings, inProcess ? SessionActivity.Origin.IN_PROCESS : SessionActivity.Origin.NETWORK, clientAddress);
  }

  /// A session for an embedded program, as the database's superuser.
  Session openForOwner(String branchName) {
    BranchState branch = findBranch(branchName);
    Catalog.Role role = java.util.Objects.requireNonNull(branch.catalog().role("heliosdb"), "role heliosdb");
    return open(role, engine.databaseName(), branch, new Settings(defaultsFor(role)), SessionActivity.Origin.OWNER, "embedded");
  }

  /// A session that works for another one on a branch, with its user, role and settings. Not listed; closed by its maker.
  SessionCore openWorker(SessionCore master, BranchState branch) {
    engine.branchRegistry().enter(branch);
    int pid = nextPid.incrementAndGet();
    Catalog.Role user = master.authenticatedUser();
    SessionActivity activity = new SessionActivity(pid, user.name(), user.oid(), master.database(), SessionActivity.Origin.OWNER, "internal", engine::clockMicros);
    Settings settings = new Settings(defaultsFor(user));
    settings.copyFrom(master.settings());
    SessionCore worker = new SessionCore(engine, pid, user, master.database(), branch, settings, activity);
    worker.setRoles(master.sessionUser(), master.currentRole());
    return worker;
  }

  private BranchState findBranch(String name) {
    try {
      return engine.branchRegistry().find(name);
    } catch (SqlException e) {
      throw e.withHint("A branch is chosen as database \"" + engine.databaseName() + "@branch\" or with options=-c branch=name.");
    }
  }

  /// A session for an embedded program on behalf of a user, who counts against the user's limits.
  ///
  /// @throws SqlException 28000 no such role, or it may not log in; 53300 too many sessions
  Session openForUser(String user) {
    BranchState branch = findBranch("main");
    Catalog.Role role = branch.catalog().role(user);
    if (role == null) {
      throw new SqlException(SqlState.INVALID_AUTHORIZATION_SPECIFICATION, "role \"" + user + "\" does not exist");
    }
    if (!role.canLogin()) {
      throw new SqlException(SqlState.INVALID_AUTHORIZATION_SPECIFICATION, "role \"" + user + "\" is not permitted to log in");
    }
    return open(role, engine.databaseName(), branch, new Settings(defaultsFor(role)), SessionActivity.Origin.EMBEDDED, "embedded");
  }

  private Session open(
      Catalog.Role role, String database, BranchState branch, Settings settings, SessionActivity.Origin origin, String clientAddress) {
    int pid = nextPid.incrementAndGet();
    SessionActivity activity = new SessionActivity(pid, role.name(), role.oid(), database, origin, clientAddress, engine::clockMicros);
    activity.applicationName(settings.get("application_name"));
    if (origin == SessionActivity.Origin.OWNER) {
      return register(new SessionCore(engine, pid, role, database, branch, settings, activity));
    }
    synchronized (admission) {
      engine.userLimits().admit(role, origin == SessionActivity.Origin.NETWORK, sessions.values());
      return register(new SessionCore(engine, pid, role, database, branch, settings, activity));
    }
  }

  private Session register(SessionCore core) {
    engine.branchRegistry().enter(core.branchState());
    Session session = new Session(core, RANDOM.nextInt());
    engine.usageTotals().opened();
    auditSession(core, "login");
    sessions.put(core.pid(), session);
    return session;
  }

  /// Defaults of the instance, over them those of ALTER DATABASE, over them those of ALTER ROLE.
  private Map<String, Settings.Value> defaultsFor(Catalog.Role role) {
    Map<String, String> database = Map.of();
    for (Catalog.Database candidate : engine.mainCatalog().databases()) {
      database = candidate.name().equals(engine.databaseName()) ? candidate.settings() : database;
    }
    if (role.settings().isEmpty() && database.isEmpty()) {
      return engine.settingDefaults();
    }
    Map<String, Settings.Value> merged = new HashMap<>(engine.settingDefaults());
    add(merged, database, Settings.Source.DATABASE);
    add(merged, role.settings(), Settings.Source.USER);
    return merged;
  }

  private static void add(Map<String, Settings.Value> merged, Map<String, String> settings, Settings.Source source) {
    settings.forEach((name, value) -> {
      SettingDefinition definition = SettingDefinitions.find(name);
      String canonical = definition == null ? value : SettingRules.check(definition, SettingValues.canonical(definition, value));
      merged.put(name.toLowerCase(Locale.ROOT), new Settings.Value(canonical, source));
    });
  }

  void closed(Session session) {
    long life = engine.clockMicros() - session.activity().backendStartMicros();
    engine.usageTotals().ended(session, engine.mainCatalog(), life, () -> sessions.remove(session.pid()) != null);
    auditSession(session.core(), "logout");
  }

  /// The program's own sessions come and go unseen: it would say nothing of anybody.
  private void auditSession(SessionCore core, String action) {
    SessionActivity activity = core.activity();
    AuditLog audit = engine.audit();
    if (audit != null && activity.origin() != SessionActivity.Origin.OWNER) {
      audit.session(engine.clockMicros(), activity.pid(), activity.user(), activity.clientAddress(), action, null);
    }
  }

  /// A CancelRequest; does nothing when pid and secret do not belong together.
  void cancel(int pid, int secret) {
    Session session = sessions.get(pid);
    if (session != null && session.secretKey() == secret) {
      session.cancel();
    }
  }
}
