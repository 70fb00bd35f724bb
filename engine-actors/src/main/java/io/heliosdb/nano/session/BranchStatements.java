package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.BranchEntry;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.catalog.store.BranchRows;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.lock.TableLockMode;
import io.heliosdb.nano.parse.ast.Name;
import io.heliosdb.nano.parse.ast.Option;
import io.heliosdb.nano.parse.ast.VersionStatement;
import io.heliosdb.nano.storage.CounterKey;
import io.heliosdb.nano.storage.CounterWrite;
import io.heliosdb.nano.txn.Sequences;
import io.heliosdb.nano.txn.StatementAccess;
import io.heliosdb.nano.txn.Transaction;
import io.heliosdb.nano.type.PgTypes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The statements about branches: CREATE, DROP, ALTER … RENAME, USE, SHOW. Transactional: rows of the relation of branches are written by the
/// session's transaction, and the registry learns of them when it has committed. Protocol in `docs/branches.md`.
final class BranchStatements {
  private final DatabaseEngine engine;

  BranchStatements(DatabaseEngine engine) {
    this.engine = engine;
  }

  void run(SessionCore session, VersionStatement statement) {
    switch (statement) {
      case VersionStatement.ShowBranch show -> {
        Results.one(session.sink(), "branch", PgTypes.TEXT, session.branchState().name());
        session.sink().commandComplete("SHOW");
      }
      case VersionStatement.UseBranch use -> {
        use(session, use.name().text());
        session.sink().commandComplete("USE BRANCH");
      }
      case VersionStatement.CreateBranch create -> {
        change(session, "CREATE DATABASE BRANCH", access -> create(session, create, access));
        session.sink().commandComplete("CREATE DATABASE BRANCH");
      }
      case VersionStatement.DropBranch drop -> {
        change(session, "DROP DATABASE BRANCH", access -> drop(session, drop, access));
        session.sink().commandComplete("DROP DATABASE BRANCH");
      }
      case VersionStatement.RenameBranch rename -> {
        change(session, "ALTER DATABASE BRANCH", access -> rename(session, rename, access));
        session.sink().commandComplete("ALTER DATABASE BRANCH");
      }
      case VersionStatement.MergeBranch merge -> MergeStatement.run(session, merge);
      case VersionStatement.RestoreTable restore -> RestoreTable.run(session, restore);
      case VersionStatement.Erase erase -> EraseStatement.run(session, erase);
    }
  }

  private static void change(SessionCore session, String command, Consumer<StatementAccess> work) {
    if (session.isReadOnly()) {
      throw new SqlException(SqlState.READ_ONLY_SQL_TRANSACTION, "cannot execute " + command + " in a read-only transaction");
    }
    SessionCallContext calls = session.queries().callContext();
    StatementAccess outer = calls.access();
    try (StatementAccess access = session.transactions().current().beginCommand()) {
      work.accept(access);
    } finally {
      calls.restoreAccess(outer);
    }
  }

  // ---- USE ----

  /// Moves the session to another branch. What the message did so far on the old one is committed.
  void use(SessionCore session, String name) {
    if (session.transactions().inBlock()) {
      throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, "USE BRANCH cannot run inside a transaction block");
    }
    if (session.temporaryNamespace() != 0) {
      throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "cannot change the branch while the session has temporary tables")
          .withHint("Use DISCARD TEMP to drop them.");
    }
    BranchState next = engine.branchRegistry().enter(name);
    try {
      session.transactions().commitImplicit();
    } catch (RuntimeException e) {
      engine.branchRegistry().leave(next);
      throw e;
    }
    engine.branchRegistry().leave(session.branchState());
    session.useBranch(next);
  }

  // ---- CREATE ----

  private void create(SessionCore session, VersionStatement.CreateBranch statement, StatementAccess access) {
    Transaction transaction = session.transactions().current();
    if (transaction.hasDataWrites()) {
      throw new SqlException(SqlState.ACTIVE_SQL_TRANSACTION, "CREATE DATABASE BRANCH cannot run in a transaction that has changed data")
          .withHint("Commit first: a branch is forked from what is committed.");
    }
    String name = checkedName(statement.name());
    Map<String, String> options = options(session, statement.options());
    lockName(transaction, name);
    List<BranchEntry> entries = BranchRows.load(access);
    if (byName(entries, name) != null) {
      if (statement.ifNotExists()) {
        session.notice(new Notice("NOTICE", SqlState.DUPLICATE_DATABASE, "branch \"" + name + "\" already exists, skipping", null, null, 0));
        return;
      }
      throw new SqlException(SqlState.DUPLICATE_DATABASE, "branch \"" + name + "\" already exists").at(statement.name().position());
    }
    BranchEntry parent = existing(entries, statement.parent() == null ? session.branchState().name() : statement.parent().text(), statement.parent());
    requireOwner(session, parent);
    transaction.lockObject(BranchRows.CLASS_OID, parent.id(), TableLockMode.SHARE, false);
    BranchState parentState = state(parent);
    long forkScn = statement.asOf() == null ? engine.system().visibleScn() : TimeTravel.scn(session, statement.asOf(), parentState);
    if (statement.asOf() != null) {
      engine.historyKeeper().requireBranch(session, parentState, forkScn);
    }
    int id = (int) engine.system().store().allocate(CounterKey.BRANCH, 1);
    BranchEntry entry = new BranchEntry(
        id, name, parent.id(), forkScn, engine.clockMicros(), session.currentRole().oid(), BranchEntry.State.ACTIVE, options, Map.of());
    BranchRows.insert(access, entry);
    copySequences(session, parentState, id, transaction);
    transaction.onEnd(scn -> {
      if (scn >= 0) {
        engine.branchRegistry().publish(entry);
      }
    });
  }

  private static String checkedName(Name name) {
    String text = name.text();
    if (text.isEmpty() || text.indexOf('@') >= 0) {
      throw new SqlException(SqlState.INVALID_NAME, "invalid branch name \"" + text + "\"")
          .withDetail("A branch's name is not empty and has no \"@\".")
          .at(name.position());
    }
    return text;
  }

  private static Map<String, String> options(SessionCore session, List<Option> given) {
    Map<String, String> options = new TreeMap<>();
    for (Option option : given) {
      switch (option.name()) {
        case "replication_factor", "region" -> {
          String value = option.text();
          if (value == null || option.name().equals("replication_factor") && !value.matches("[1-9][0-9]{0,3}")) {
            throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "invalid value for branch option \"" + option.name() + "\"").at(option.position());
          }
          options.put(option.name(), value);
          session.notice(new Notice(
              "NOTICE", SqlState.SUCCESSFUL_COMPLETION, "branch option \"" + option.name() + "\" is kept but has no effect on one node", null, null, 0));
        }
        default -> throw new SqlException(SqlState.INVALID_PARAMETER_VALUE, "unrecognized branch option \"" + option.name() + "\"").at(option.position());
      }
    }
    return options;
  }

  /// The new branch's sequences go on from where the parent's stand now.
  private void copySequences(SessionCore session, BranchState parent, int id, Transaction transaction) {
    Sequences sequences = engine.system().sequences();
    for (Relation relation : parent.catalog().relations()) {
      if (relation instanceof Relation.Sequence sequence) {
        Sequences.State state = sequences.state(SessionSequences.definition(parent.id(), sequence));
        if (state.isCalled() || state.lastValue() != sequence.start()) {
          long stored = state.isCalled() ? state.lastValue() : state.lastValue() - sequence.increment();
          transaction.attach(CounterWrite.set(CounterKey.sequence(id, Integer.toUnsignedLong(sequence.oid())), stored));
        }
      }
    }
  }

  // ---- DROP ----

  private void drop(SessionCore session, VersionStatement.DropBranch statement, StatementAccess access) {
    Transaction transaction = session.transactions().current();
    String name = statement.name().text();
    lockName(transaction, name);
    List<BranchEntry> entries = BranchRows.load(access);
    BranchEntry entry = byName(entries, name);
    if (entry == null) {
      if (!statement.ifExists()) {
        throw BranchRegistry.unknown(name).at(statement.name().position());
      }
      session.notice(new Notice("NOTICE", SqlState.SUCCESSFUL_COMPLETION, "branch \"" + name + "\" does not exist, skipping", null, null, 0));
      return;
    }
    requireOwner(session, entry);
    requireUnused(session, entry, transaction);
    if (name.equals(BranchRegistry.MAIN)) {
      session.notice(new Notice(
          "NOTICE", SqlState.SUCCESSFUL_COMPLETION, "branch \"main\" is dropped as soon as another branch is renamed to \"main\"", null, null, 0));
      store(access, transaction, entry.withState(BranchEntry.State.REPLACEABLE));
      return;
    }
    remove(entries, entry, access, transaction);
  }

  private void requireUnused(SessionCore session, BranchEntry entry, Transaction transaction) {
    if (entry.id() == session.branchState().id()) {
      throw new SqlException(SqlState.OBJECT_IN_USE, "cannot drop the currently open branch").withHint("USE BRANCH switches to another one.");
    }
    transaction.lockObject(BranchRows.CLASS_OID, entry.id(), TableLockMode.EXCLUSIVE, false);
    engine.branchRegistry().beginDrop(state(entry), transaction);
  }

  /// Takes the name off a branch; its rows go too, unless children read them.
  void remove(List<BranchEntry> entries, BranchEntry entry, StatementAccess access, Transaction transaction) {
    boolean hasChildren = entries.stream().anyMatch(other -> other.parentId() == entry.id());
    BranchEntry.State next = hasChildren ? BranchEntry.State.ORPHANED : BranchEntry.State.FREEING;
    store(access, transaction, entry.withState(next));
    if (!hasChildren) {
      transaction.onEnd(scn -> {
        if (scn >= 0) {
          engine.freeBranch(entry.id());
        }
      });
    }
  }

  /// Writes a changed entry and makes it known when the transaction has committed.
  void store(StatementAccess access, Transaction transaction, BranchEntry entry) {
    BranchRows.update(access, entry);
    transaction.onEnd(scn -> {
      if (scn >= 0) {
        engine.branchRegistry().publish(entry);
      }
    });
  }

  // ---- RENAME ----

  private void rename(SessionCore session, VersionStatement.RenameBranch statement, StatementAccess access) {
    Transaction transaction = session.transactions().current();
    String newName = checkedName(statement.newName());
    lockName(transaction, statement.name().text());
    lockName(transaction, newName);
    List<BranchEntry> entries = BranchRows.load(access);
    BranchEntry entry = existing(entries, statement.name().text(), statement.name());
    requireOwner(session, entry);
    BranchEntry holder = byName(entries, newName);
    if (holder != null && holder.state() == BranchEntry.State.REPLACEABLE && holder.id() != entry.id()) {
      requireOwner(session, holder);
      requireUnused(session, holder, transaction);
      remove(entries, holder, access, transaction);
    } else if (holder != null) {
      throw new SqlException(SqlState.DUPLICATE_DATABASE, "branch \"" + newName + "\" already exists").at(statement.newName().position());
    }
    transaction.lockObject(BranchRows.CLASS_OID, entry.id(), TableLockMode.EXCLUSIVE, false);
    store(access, transaction, entry.withName(newName));
    if (entry.name().equals(BranchRegistry.MAIN)) {
      session.notice(new Notice(
          "NOTICE", SqlState.SUCCESSFUL_COMPLETION, "connections that name no branch fail until a branch is called \"main\"", null, null, 0));
    }
  }

  // ---- common ----

  private static void lockName(Transaction transaction, String name) {
    transaction.lockObject(BranchRows.CLASS_OID, 1L << 32 | Integer.toUnsignedLong(name.hashCode()), TableLockMode.EXCLUSIVE, false);
  }

  private static @Nullable BranchEntry byName(List<BranchEntry> entries, String name) {
    for (BranchEntry entry : entries) {
      if (entry.isNamed() && entry.name().equals(name)) {
        return entry;
      }
    }
    return null;
  }

  /// @throws SqlException 3D000
  static BranchEntry existing(List<BranchEntry> entries, String name, @Nullable Name where) {
    BranchEntry entry = byName(entries, name);
    if (entry == null) {
      SqlException unknown = BranchRegistry.unknown(name);
      throw where == null ? unknown : unknown.at(where.position());
    }
    return entry;
  }

  /// @throws SqlException 42501
  static void requireOwner(SessionCore session, BranchEntry entry) {
    int role = session.currentRole().oid();
    if (!session.currentRole().superuser() && !Privileges.isMemberOf(session.catalog(), role, entry.ownerOid())) {
      throw new SqlException(SqlState.INSUFFICIENT_PRIVILEGE, "must be owner of branch " + entry.name());
    }
  }

  private BranchState state(BranchEntry entry) {
    BranchState state = engine.branchRegistry().byId(entry.id());
    if (state == null) {
      throw new SqlException(SqlState.OBJECT_NOT_IN_PREREQUISITE_STATE, "branch \"" + entry.name() + "\" was created in this transaction")
          .withHint("Commit first.");
    }
    return state;
  }
}
