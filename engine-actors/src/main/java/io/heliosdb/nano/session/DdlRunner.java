package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.CatalogBuilder;
import io.heliosdb.nano.catalog.SearchPath;
import io.heliosdb.nano.catalog.ddl.DataWork;
import io.heliosdb.nano.catalog.ddl.DdlContext;
import io.heliosdb.nano.catalog.ddl.DdlExecutor;
import io.heliosdb.nano.catalog.ddl.DdlExpressions;
import io.heliosdb.nano.catalog.ddl.TableLock;
import io.heliosdb.nano.catalog.store.CatalogStore;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.lock.TableLockMode;
import io.heliosdb.nano.parse.ast.ParsedStatement;
import io.heliosdb.nano.parse.ast.SelectStatement;
import io.heliosdb.nano.parse.ast.Statement;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.txn.Transaction;
import io.heliosdb.nano.type.IoContext;
import io.heliosdb.nano.type.PgType;
import io.heliosdb.nano.type.PgTypes;
import java.util.List;
import io.heliosdb.nano.type.TypeIo;
import org.jspecify.annotations.Nullable;

/// Runs DDL commands for one session: gives them the transaction's catalog overlay, writes its changes as catalog rows of the same
/// command, and undoes the overlay when the command fails.
final class DdlRunner {
  private final SessionCore session;

  DdlRunner(SessionCore session) {
    this.session = session;
  }

  String run(Statement statement, ParsedStatement parsed) {
    return run(statement, parsed, List.of(), new Object[0]);
  }

  /// @param types, values of the parameters in the query of CREATE TABLE AS
  String run(Statement statement, ParsedStatement parsed, List<PgType> types, @Nullable Object[] values) {
    Transaction transaction = session.transactions().current();
    if (session.isReadOnly()) {
      throw new SqlException(SqlState.READ_ONLY_SQL_TRANSACTION, "cannot execute " + DdlNames.of(parsed.statement() instanceof SelectStatement select ? select : statement) + " in a read-only transaction");
    }
    String tagOfEvents = eventTag(statement, parsed);
    if (tagOfEvents != null) {
      session.engine().routines().fireEventTriggers(session, "ddl_command_start", tagOfEvents);
    }
    CatalogBuilder overlay = session.transactions().catalogChanges();
    overlay.rebase(session.branchState().catalog());
    int mark = overlay.mark();
    String result;
    boolean dropped;
    SessionCallContext calls = session.queries().callContext();
    StatementAccess outer = calls.access();
    try (StatementAccess access = transaction.beginCommand()) {
      Context context = new Context(overlay, access, parsed, types, values);
      String tag = DdlExecutor.execute(statement, context).tag();
      write(overlay, mark, access);
      dropped = tagOfEvents != null && overlay.netChanges(mark).stream().anyMatch(change -> change.after() == null);
      result = tag;
    } catch (RuntimeException e) {
      overlay.rollbackTo(mark);
      throw e;
    } finally {
      calls.restoreAccess(outer);
    }
    if (tagOfEvents != null) {
      if (dropped) {
        session.engine().routines().fireEventTriggers(session, "sql_drop", tagOfEvents);
      }
      session.engine().routines().fireEventTriggers(session, "ddl_command_end", tagOfEvents);
    }
    return result;
  }

  /// The name of the command for event triggers; null when there are none, or the command is not theirs.
  private @Nullable String eventTag(Statement statement, ParsedStatement parsed) {
    boolean any = session.catalog() instanceof io.heliosdb.nano.catalog.CatalogSnapshot catalog
        && catalog.objects(io.heliosdb.nano.catalog.ObjectClass.EVENT_TRIGGER).iterator().hasNext();
    if (!any || statement instanceof io.heliosdb.nano.parse.ast.UtilityStatement) {
      return null;
    }
    return DdlNames.of(parsed.statement() instanceof SelectStatement select ? select : statement);
  }

  private static void write(CatalogBuilder overlay, int mark, StatementAccess access) {
    AccessRowWriter writer = new AccessRowWriter(access);
    var changes = overlay.changes();
    for (int i = mark; i < changes.size(); i++) {
      CatalogStore.write(changes.get(i), writer, overlay.current());
    }
  }

  /// Drops the session's temporary schema with all it holds.
  void dropTemporaryObjects() {
    int namespace = session.temporaryNamespace();
    if (namespace == 0) {
      return;
    }
    session.transactions().ensure();
    try {
      Catalog.Namespace schema = session.catalog().namespace(namespace);
      if (schema != null) {
        session.withSink(ResultSink.NONE, () -> NestedStatements.run(session, "DROP SCHEMA \"" + schema.name() + "\" CASCADE", java.util.List.of(), java.util.List.of()));
      }
      session.transactions().commitImplicit();
    } catch (SqlException e) {
      session.transactions().statementFailed();
      throw e;
    } finally {
      session.setTemporaryNamespace(0);
    }
  }

  /// One DDL command's view of the session.
  private final class Context implements DdlContext {
    private final CatalogBuilder overlay;
    private final StatementAccess access;
    private final DdlExpressions expressions;
    private final DataWork data;

    Context(CatalogBuilder overlay, StatementAccess access, ParsedStatement parsed, List<PgType> types, @Nullable Object[] values) {
      this.overlay = overlay;
      this.access = access;
      this.expressions = new SessionDdlExpressions(session, 0, List.copyOf(types));
      this.data = session.engine().dataWork(new SessionDataWorkHost(session, overlay, types, values), access);
    }

    @Override
    public CatalogBuilder catalog() {
      return overlay;
    }

    @Override
    public SearchPath searchPath() {
      return session.searchPath();
    }

    @Override
    public int currentUser() {
      return session.currentRole().oid();
    }

    @Override
    public int sessionUser() {
      return session.sessionUser().oid();
    }

    @Override
    public String checkedSetting(io.heliosdb.nano.parse.ast.SettingStatement.SetValues set) {
      String value = java.util.Objects.requireNonNull(SettingStatements.text(set.name(), set.values()));
      session.settings().check(set.name(), value);
      return value;
    }

    @Override
    public int nextOid() {
      return (int) session.engine().system().counters().nextOid();
    }

    @Override
    public long nextStorageId() {
      return session.engine().system().counters().nextStorageId();
    }

    @Override
    public int temporaryNamespace() {
      int present = session.temporaryNamespace();
      if (present == 0) {
        present = nextOid();
        overlay.put(
            new io.heliosdb.nano.catalog.CatalogObject.NamespaceObject(
                new Catalog.Namespace(present, "pg_temp_" + session.pid(), io.heliosdb.nano.catalog.store.Bootstrap.SUPERUSER, null), 0));
        session.setTemporaryNamespace(present);
        int made = present;
        session.transactions().current().onEnd(scn -> {
          if (scn < 0 && session.temporaryNamespace() == made) {
            session.setTemporaryNamespace(0);
          }
        });
      }
      return present;
    }

    @Override
    public void lockTable(int tableOid, TableLock mode) {
      access.lockTable(Integer.toUnsignedLong(tableOid), TableLockMode.valueOf(mode.name()), false);
      overlay.rebase(session.branchState().catalog());
    }

    @Override
    public void lockName(int classOid, int namespaceOid, String name) {
      long key = Integer.toUnsignedLong(namespaceOid) << 32 ^ Integer.toUnsignedLong(name.hashCode());
      session.transactions().current().lockObject(Integer.toUnsignedLong(classOid), key, TableLockMode.EXCLUSIVE, false);
      overlay.rebase(session.branchState().catalog());
    }

    @Override
    public void notice(String severity, SqlState state, String message, @Nullable String detail, @Nullable String hint) {
      session.notice(new Notice(severity, state, message, detail, hint, 0));
    }

    @Override
    public @Nullable String setting(String name) {
      return session.settings().get(name, true);
    }

    @Override
    public @Nullable LargeObject largeObject(int oid) {
      LargeObjectStore.Metadata object = new LargeObjectStore(access, true).find(oid);
      return object == null ? null : new LargeObject(object.oid(), object.ownerOid(), object.acl());
    }

    @Override
    public void putLargeObject(LargeObject object) {
      LargeObjectStore store = new LargeObjectStore(access, true);
      store.lock(object.oid());
      store.put(new LargeObjectStore.Metadata(object.oid(), object.ownerOid(), object.acl()));
    }

    @Override
    public DataWork data() {
      return data;
    }

    @Override
    public DdlExpressions expressions() {
      return expressions;
    }

    @Override
    public String moment(String text) {
      return TypeIo.toText(PgTypes.TIMESTAMPTZ, TypeIo.parse(PgTypes.TIMESTAMPTZ, -1, text, session.io()), IoContext.DEFAULT);
    }

    @Override
    public String passwordVerifier(String password) {
      return PasswordVerifier.of(password);
    }

    @Override
    public boolean inTransactionBlock() {
      return session.transactions().inBlock() || session.transactions().inImplicitBlock();
    }
  }
}
