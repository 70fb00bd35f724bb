package io.heliosdb.nano.session;

import io.heliosdb.nano.catalog.BranchEntry;
import io.heliosdb.nano.catalog.store.SharedCatalog;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.Branches;
import io.heliosdb.nano.storage.Layer;
import io.heliosdb.nano.storage.ReadView;
import io.heliosdb.nano.txn.Transaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The committed branches of a database, by name and by id, and the sessions on them. Thread-safe; its lock is held for moments only.
///
/// Invariants: (1) an entry is here once its commit is visible; (2) a branch with a session on it, or with somebody about to enter, is
/// never dropped: [#enter] and [#beginDrop] exclude each other; (3) parents of an entry are here as long as the entry is.
final class BranchRegistry {
  static final String MAIN = "main";

  private final SharedCatalog catalogs;
  private final Map<Integer, BranchState> byId = new HashMap<>();
  private final Map<String, BranchState> byName = new HashMap<>();

  BranchRegistry(SharedCatalog catalogs) {
    this.catalogs = catalogs;
  }

  /// Takes over what is stored; an entry's parent has a smaller id than the entry.
  synchronized void load(List<BranchEntry> entries) {
    entries.forEach(this::publish);
  }

  /// Makes a committed entry known, new or changed.
  synchronized void publish(BranchEntry entry) {
    BranchState state = byId.get(entry.id());
    if (state == null) {
      state = new BranchState(entry, viewOf(entry), catalogs);
      byId.put(entry.id(), state);
    } else {
      byName.remove(state.name(), state);
      state.setEntry(entry);
    }
    if (entry.isNamed()) {
      byName.put(entry.name(), state);
    }
  }

  synchronized void remove(int id) {
    BranchState state = byId.remove(id);
    if (state != null) {
      byName.remove(state.name(), state);
    }
    catalogs.forget(id);
  }

  private ReadView viewOf(BranchEntry entry) {
    if (entry.id() == Branches.MAIN) {
      return ReadView.MAIN_NEWEST;
    }
    List<Layer> layers = new ArrayList<>();
    layers.add(new Layer(entry.id(), Layer.NEWEST));
    if (entry.parentId() != BranchEntry.NO_PARENT) {
      BranchState parent = byId.get(entry.parentId());
      if (parent == null) {
        throw new SqlException(SqlState.DATA_CORRUPTED, "branch " + entry.id() + " stands on branch " + entry.parentId() + ", which is missing");
      }
      ReadView below = parent.readView().asOf(entry.forkScn());
      for (int i = 0; i < below.layerCount(); i++) {
        layers.add(below.layer(i));
      }
    }
    return new ReadView(layers.toArray(Layer[]::new));
  }

  /// @throws SqlException 3D000
  synchronized BranchState find(String name) {
    BranchState state = byName.get(name);
    if (state == null) {
      throw unknown(name);
    }
    return state;
  }

  static SqlException unknown(String name) {
    return new SqlException(SqlState.INVALID_CATALOG_NAME, "branch \"" + name + "\" does not exist");
  }

  synchronized @Nullable BranchState byId(int id) {
    return byId.get(id);
  }

  synchronized Collection<BranchState> all() {
    return List.copyOf(byId.values());
  }

  /// Puts one more session on the branch of this name.
  ///
  /// @throws SqlException 3D000, 55006 while somebody drops it
  synchronized BranchState enter(String name) {
    BranchState state = find(name);
    enter(state);
    return state;
  }

  synchronized void enter(BranchState state) {
    if (state.isClosing()) {
      throw new SqlException(SqlState.OBJECT_IN_USE, "branch \"" + state.name() + "\" is being dropped");
    }
    state.addSessions(1);
  }

  synchronized void leave(BranchState state) {
    state.addSessions(-1);
  }

  /// Keeps sessions out of the branch until `transaction` has ended.
  ///
  /// @throws SqlException 55006 when there are sessions on it
  synchronized void beginDrop(BranchState state, Transaction transaction) {
    if (state.sessionCount() > 0) {
      int count = state.sessionCount();
      throw new SqlException(SqlState.OBJECT_IN_USE, "branch \"" + state.name() + "\" is being accessed by other users")
          .withDetail(count == 1 ? "There is 1 other session using the branch." : "There are " + count + " other sessions using the branch.");
    }
    state.closeFor(transaction);
  }

  /// A named branch that another was forked from, directly or not, and the SCN up to which the other sees it.
  record Ancestor(BranchState branch, long forkScn) {}

  List<Ancestor> ancestors(BranchState state) {
    ReadView view = state.readView();
    if (view.layerCount() == 1) {
      return List.of();
    }
    List<Ancestor> ancestors = new ArrayList<>(view.layerCount() - 1);
    synchronized (this) {
      for (int i = 1; i < view.layerCount(); i++) {
        BranchState ancestor = byId.get(view.layer(i).branch());
        if (ancestor != null && ancestor.entry().isNamed()) {
          ancestors.add(new Ancestor(ancestor, view.layer(i).scn()));
        }
      }
    }
    return ancestors;
  }

  /// Whether anything stands on the rows of this branch.
  synchronized boolean hasChildren(int id) {
    return byId.values().stream().anyMatch(state -> state.entry().parentId() == id);
  }

  /// The oldest fork from this branch, [Layer#NEWEST] when there is none: what the branch was then is still read.
  synchronized long oldestForkOf(int id) {
    long oldest = Layer.NEWEST;
    for (BranchState state : byId.values()) {
      for (int i = 1; i < state.readView().layerCount(); i++) {
        if (state.readView().layer(i).branch() == id) {
          oldest = Math.min(oldest, state.readView().layer(i).scn());
        }
      }
    }
    return oldest;
  }
}
