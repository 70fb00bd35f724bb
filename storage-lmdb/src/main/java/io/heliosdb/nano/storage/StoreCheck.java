package io.heliosdb.nano.storage;

import java.util.Map;

/// What a walk through the whole store has found ([Store#check]). Immutable.
///
/// @param rows entries of `current`, tombstones included, by relation
/// @param entries entries of `index` by index
/// @param versions superseded versions that were reached through the log
/// @param commits commits on record
/// @param unfinishedLoads bulk loads that no commit has named
/// @param problems how many problems were reported
public record StoreCheck(
    Map<RelationKey, Long> rows, Map<RelationKey, Long> entries, long versions, long commits, long unfinishedLoads, long problems) {
  public StoreCheck {
    rows = Map.copyOf(rows);
    entries = Map.copyOf(entries);
  }

  /// A storage or index id in a branch.
  public record RelationKey(int branch, long id) {}
}
