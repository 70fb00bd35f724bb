package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.BranchEntry;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.catalog.ObjectClass;
import io.heliosdb.nano.catalog.Privileges;
import io.heliosdb.nano.catalog.system.SystemContext.Branch;
import io.heliosdb.nano.catalog.system.SystemContext.Commit;
import io.heliosdb.nano.catalog.system.SystemContext.Conflict;
import io.heliosdb.nano.storage.BranchUsage;
import io.heliosdb.nano.storage.Branches;
import io.heliosdb.nano.storage.CommitInfo;
import io.heliosdb.nano.storage.StoreReader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// What system relations show of branches and commits.
final class SystemVersions {
  private SystemVersions() {}

  static List<Branch> branches(SessionCore session) {
    List<Branch> result = new ArrayList<>();
    BranchRegistry registry = session.engine().branchRegistry();
    List<BranchState> states = new ArrayList<>(registry.all());
    states.sort(Comparator.comparingInt(BranchState::id));
    try (StoreReader reader = session.engine().system().store().acquireReader()) {
      for (BranchState state : states) {
        BranchEntry entry = state.entry();
        if (!entry.isNamed()) {
          continue;
        }
        boolean isRoot = entry.parentId() == BranchEntry.NO_PARENT;
        BranchUsage usage = reader.branchUsage(entry.id(), ObjectClass.LAST_CATALOG_STORAGE_ID + 1);
        Catalog.Role owner = session.catalog().role(entry.ownerOid());
        List<String> options = entry.options().entrySet().stream().map(option -> option.getKey() + "=" + option.getValue()).sorted().toList();
        result.add(new Branch(
            entry.name(), entry.id(), isRoot ? null : parentName(registry, entry), isRoot ? null : entry.forkScn(), entry.createdMicros(),
            entry.state().name().toLowerCase(Locale.ROOT), usage.bytes(), usage.rowCount(), owner == null ? "" : owner.name(), options));
      }
    }
    return result;
  }

  /// Null for a parent that was dropped.
  private static @Nullable String parentName(BranchRegistry registry, BranchEntry entry) {
    BranchState parent = registry.byId(entry.parentId());
    return parent == null || !parent.entry().isNamed() ? null : parent.name();
  }

  /// For superusers and the owners of the target branch: the values are rows of tables.
  static List<Conflict> mergeConflicts(SessionCore session) {
    List<Conflict> result = new ArrayList<>();
    session.engine().mergeConflicts().all().forEach((pair, conflicts) -> {
      BranchState target = session.engine().branchRegistry().all().stream().filter(branch -> branch.name().equals(pair.target())).findFirst().orElse(null);
      boolean isOwner = target != null && Privileges.isMemberOf(session.catalog(), session.currentRole().oid(), target.entry().ownerOid());
      if (session.currentRole().superuser() || isOwner) {
        conflicts.forEach(c -> result.add(
            new Conflict(pair.source(), pair.target(), c.kind(), c.table(), c.key(), c.column(), c.base(), c.branch(), c.target())));
      }
    });
    return result;
  }

  static Iterator<Commit> commits(SessionCore session) {
    return new Commits(session);
  }

  /// Reads commits in pieces, so that no reader is held while the client is waited for.
  private static final class Commits implements Iterator<Commit> {
    private static final int PIECE = 1_000;

    private final SessionCore session;
    private final long last;
    private final List<Commit> piece = new ArrayList<>();
    private int at;
    private long nextScn = 1;

    Commits(SessionCore session) {
      this.session = session;
      this.last = session.engine().system().visibleScn();
    }

    @Override
    public boolean hasNext() {
      while (at == piece.size() && nextScn <= last) {
        read();
      }
      return at < piece.size();
    }

    private void read() {
      piece.clear();
      at = 0;
      try (StoreReader reader = session.engine().system().store().acquireReader()) {
        for (; nextScn <= last && piece.size() < PIECE; nextScn++) {
          CommitInfo commit = reader.commitInfo(nextScn);
          if (commit != null) {
            piece.add(commit(commit));
          }
        }
      }
    }

    private Commit commit(CommitInfo commit) {
      Catalog.Role user = session.catalog().role((int) commit.userOid());
      BranchState branch = commit.branch() == Branches.SHARED ? null : session.engine().branchRegistry().byId(commit.branch());
      return new Commit(
          commit.scn(), commit.timeMicros(), commit.xid(), user == null ? null : user.name(),
          branch == null || !branch.entry().isNamed() ? null : branch.name());
    }

    @Override
    public Commit next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return piece.get(at++);
    }
  }
}
