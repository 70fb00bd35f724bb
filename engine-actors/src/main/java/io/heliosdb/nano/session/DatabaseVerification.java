package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.Relation;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.execute.dml.StoredTableCheck;
import io.heliosdb.nano.execute.dml.WriteTarget;
import io.heliosdb.nano.storage.Branches;
import io.heliosdb.nano.storage.StoreCheck;
import io.heliosdb.nano.txn.IsolationLevel;
import io.heliosdb.nano.txn.StatementAccess;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Checks a whole database: the store's trees and version chains, then every table of every branch in a snapshot of its own.
///
/// Runs in a session; others may go on meanwhile. What a dropped or rewritten relation has left for reads of earlier times is counted, and
/// is a problem only when its number was never given out.
final class DatabaseVerification {
  /// Storage ids below are the catalog's.
  private static final long FIRST_USER_STORAGE_ID = 1000;

  private final SessionCore session;
  private final List<String> problems = new ArrayList<>();
  private final Set<StoreCheck.RelationKey> known = new HashSet<>();
  private long problemCount;
  private long tables;
  private long rows;
  private long entries;

  DatabaseVerification(SessionCore session) {
    this.session = session;
  }

  VerificationReport run() {
    StoreCheck store = session.engine().system().store().check(this::problem);
    String home = session.branchState().name();
    for (BranchState branch : List.copyOf(session.engine().branchRegistry().all())) {
      // What a dropped parent still has is read through its children.
      if (branch.entry().isNamed() && enter(branch)) {
        checkBranch(branch.name());
      }
    }
    session.engine().branches().use(session, home);
    long retained = countRetained(store);
    return new VerificationReport(problems, problemCount, tables, rows, entries, store.versions(), store.commits(), retained);
  }

  private void problem(String text) {
    problemCount++;
    if (problems.size() < VerificationReport.PROBLEMS_MAX) {
      problems.add(text);
    }
  }

  /// False when the branch has been dropped meanwhile.
  private boolean enter(BranchState branch) {
    try {
      session.engine().branches().use(session, branch.name());
      return true;
    } catch (SqlException e) {
      if (session.engine().branchRegistry().byId(branch.id()) == null) {
        return false;
      }
      throw e;
    }
  }

  private void checkBranch(String branch) {
    session.transactions().beginWork(IsolationLevel.REPEATABLE_READ);
    try (StatementAccess access = session.transactions().current().beginCommand()) {
      for (Relation relation : session.catalog().relations()) {
        if (relation instanceof Relation.Table table && table.storageId() != 0 && !table.isPartitioned()) {
          checkTable(branch, table, access);
        }
      }
    } finally {
      session.transactions().close();
    }
  }

  private void checkTable(String branch, Relation.Table table, StatementAccess access) {
    int id = session.branchState().id();
    known.add(new StoreCheck.RelationKey(id, table.storageId()));
    session.catalog().indexesOf(table.oid()).forEach(index -> known.add(new StoreCheck.RelationKey(id, index.indexStorageId())));
    tables++;
    try (StoredTableCheck check = new StoredTableCheck(table, session.engine().dmlPlans().targets(),
        session.queries().callContext().execution(access, new Object[0]), text -> problem("branch " + branch + ", " + text))) {
      check.check();
      rows += check.rows();
      entries += check.entries();
    } catch (SqlException e) {
      problem("branch " + branch + ", table \"" + table.name() + "\": " + e.getMessage());
    }
  }

  /// Relations that no catalog names now: history, unless their number is one that was never given out.
  private long countRetained(StoreCheck store) {
    long next = session.engine().system().counters().nextStorageId();
    Set<StoreCheck.RelationKey> found = new HashSet<>(store.rows().keySet());
    found.addAll(store.entries().keySet());
    found.removeAll(known);
    found.removeIf(key -> key.id() < FIRST_USER_STORAGE_ID || key.branch() == Branches.SHARED);
    for (StoreCheck.RelationKey key : found) {
      if (key.id() >= next) {
        problem("storage id " + key.id() + " of branch " + key.branch() + " was never given out");
      }
    }
    return found.size();
  }
}
