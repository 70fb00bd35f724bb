package io.heliosdb.nano.catalog;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One row of the relation of branches, which all branches share. Immutable.
///
/// @param name empty when the branch was dropped but children still stand on its rows
/// @param parentId the branch it was forked from; -1 for a root
/// @param forkScn the parent's commits up to here are seen through the branch
/// @param createdMicros microseconds since 2000-01-01 UTC
/// @param options what WITH (…) said
/// @param merged by target branch id: the SCN up to which this branch's changes have been merged into it
public record BranchEntry(
    int id, String name, int parentId, long forkScn, long createdMicros, int ownerOid, State state, Map<String, String> options,
    Map<Integer, Long> merged) {
  /// Numbers are stored.
  public enum State {
    ACTIVE,
    /// Dropped as soon as another branch takes its name (`main` only); in use until then.
    REPLACEABLE,
    /// Dropped, without a name, but children read its rows.
    ORPHANED,
    /// Dropped, its space is being freed.
    FREEING
  }

  public static final int NO_PARENT = -1;

  public BranchEntry {
    options = Map.copyOf(options);
    merged = Map.copyOf(merged);
  }

  public boolean isNamed() {
    return state == State.ACTIVE || state == State.REPLACEABLE;
  }

  public BranchEntry withName(String newName) {
    return new BranchEntry(id, newName, parentId, forkScn, createdMicros, ownerOid, State.ACTIVE, options, merged);
  }

  public BranchEntry withState(State newState) {
    String kept = newState == State.ACTIVE || newState == State.REPLACEABLE ? name : "";
    return new BranchEntry(id, kept, parentId, forkScn, createdMicros, ownerOid, newState, options, merged);
  }

  public BranchEntry withMerged(int target, long scn) {
    Map<Integer, Long> all = new TreeMap<>(merged);
    all.put(target, scn);
    return new BranchEntry(id, name, parentId, forkScn, createdMicros, ownerOid, state, options, all);
  }

  /// The SCN up to which `target` has this branch's changes, null when it never took any.
  public @Nullable Long mergedInto(int target) {
    return merged.get(target);
  }
}
